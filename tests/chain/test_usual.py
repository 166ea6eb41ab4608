"""The usual duties: looked at before anything is written, given only as looked at, and by the office alone."""

import argparse

import pytest

from anlan.chain import actions, queries
from anlan.chain.models import Duty
from anlan.identity.models import Post
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import NotFound
from anlan.kernel.models import Entry
from anlan.registry.models import Industry
from anlan.site.cli import chain as command
from tests.chain.conftest import Chain
from tests.chain.test_answering import client_for
from tests.factories import COUNTY, NEIGHBOUR, City

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
PAGE = "/chain/duties/usual/"
USUAL = 6
"""What fits in the county: government, bureau, the leader as head of government and for each of three fields."""


@pytest.fixture
def bodies(city: City) -> Chain:
    """A county and its neighbour with a bureau and a government each, and nothing given."""
    made = Chain(city)
    with scope.acting(SYSTEM):
        Industry.objects.filter(pk="gongmao").update(department="应急管理局")
        Post.objects.filter(pk=city.posts["leader"].pk).update(title="区长")
        for place in (COUNTY, NEIGHBOUR):
            made.body(place, "应急管理局")
            made.body(place, "政府", "government")
    return made


def written() -> tuple[int, int]:
    with scope.acting(SYSTEM):
        return Duty.objects.count(), Entry.objects.filter(subject_type="duty").count()


def proposed(city: City) -> list[str]:
    with scope.acting(city.office):
        return [one.key for one in queries.propose(city.office, COUNTY).usual]


def test_the_page_shows_who_would_have_what_and_writes_nothing(bodies: Chain) -> None:
    client = client_for(bodies.city, "office")
    text = client.get(PAGE).content.decode()
    assert bodies.body(COUNTY, "应急管理局").name in text
    assert bodies.body(NEIGHBOUR, "应急管理局").name not in text
    assert text.count('name="slots"') == USUAL
    assert bodies.body(NEIGHBOUR, "政府").name not in client.get(f"{PAGE}?region={NEIGHBOUR}").content.decode()
    assert written() == (0, 0)
    for who in ("regulator", "leader", "auditor", "principal", "system_admin"):
        assert client_for(bodies.city, who).get(PAGE).status_code == 403, who
        assert client_for(bodies.city, who).post(PAGE, {"slots": proposed(bodies.city)}).status_code == 403, who
    assert written() == (0, 0)


def test_only_what_was_ticked_is_given(bodies: Chain) -> None:
    client, keys = client_for(bodies.city, "office"), proposed(bodies.city)
    nothing = client.post(PAGE, {"region": COUNTY})
    assert nothing.status_code == 422
    assert "Tick at least one." in nothing.content.decode()
    lead = [key for key in keys if key.startswith("sector.lead.")]
    theirs = lead[0].replace(str(COUNTY), str(NEIGHBOUR))
    assert client.post(PAGE, {"region": COUNTY, "slots": [*lead, theirs]}).status_code == 302
    assert written() == (1, 1)
    with scope.acting(SYSTEM):
        duty = Duty.objects.get()
    assert (duty.region, duty.organisation_id, duty.evidence) == (COUNTY, bodies.body(COUNTY, "应急管理局").pk, "K")


def test_a_proposal_that_no_longer_stands_is_told_and_not_given(bodies: Chain) -> None:
    client, keys = client_for(bodies.city, "office"), proposed(bodies.city)
    with scope.acting(SYSTEM):
        bodies.give(
            kind="sector", part="lead", region=COUNTY, industry="gongmao", organisation=bodies.body(COUNTY, "某局").pk
        )
        Post.objects.filter(pk=bodies.city.posts["leader"].pk).update(title="副区长")
    answer = client.post(PAGE, {"region": COUNTY, "slots": keys}, follow=True).content.decode()
    assert "2 proposals no longer stand" in answer, "the slot was filled, and the head of government is none any more"
    with scope.acting(SYSTEM):
        assert Duty.objects.filter(kind="sector", part="lead", region=COUNTY).count() == 1
        assert not Duty.objects.filter(kind="committee").exists()
        assert Duty.objects.count() == 1 + USUAL - 2


def test_nothing_is_proposed_for_a_neighbour(bodies: Chain) -> None:
    with scope.acting(bodies.city.office):
        for verb in (
            lambda: queries.propose(bodies.city.office, NEIGHBOUR),
            lambda: actions.seed_duties(actor=bodies.city.office, region=NEIGHBOUR, only={"any"}),
        ):
            with pytest.raises(NotFound):
                verb()


def test_the_command_line_tells_before_it_gives(bodies: Chain, capsys: pytest.CaptureFixture[str]) -> None:
    asked = {"action": "seed", "region": COUNTY, "since": None}
    assert command.run(argparse.Namespace(**asked, dry_run=True)) == 0
    told = capsys.readouterr().out
    assert bodies.body(COUNTY, "应急管理局").name in told
    assert f"{USUAL} duties would be given; nothing was written." in told
    assert written() == (0, 0)
    assert command.run(argparse.Namespace(**asked, dry_run=False)) == 0
    assert f"{USUAL} duties given." in capsys.readouterr().out
    assert written()[0] == USUAL
    everywhere = argparse.Namespace(**asked | {"region": None}, dry_run=True)
    assert command.run(everywhere) == 0
    assert bodies.body(NEIGHBOUR, "政府").name in capsys.readouterr().out, "without a region the whole country"
