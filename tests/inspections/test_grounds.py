"""Why a visit is made is for officials: no door of the enterprise tells of a complaint, a count, another department's plan."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from anlan.identity import roles
from anlan.identity.acting import actor_for
from anlan.identity.models import Person, Post
from anlan.inspections import grounds
from anlan.inspections.models import Visit
from anlan.inspections.queries.field import visits_for
from anlan.inspections.queries.filters import VisitFilters
from anlan.inspections.queries.visits import visits
from anlan.inspections.schemas import facts_of
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import Invalid, NotNow
from anlan.kernel.ledger.read import acts
from anlan.kernel.models import Entry
from tests.factories import COUNTY, _post
from tests.inspections.conftest import Field

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
SAID = {
    "reason": "complaint",
    "reason_words": "员工张三来电举报",
    "apart": "消防大队次日突击检查须单独进行",
}


def told(city: Field, actor: Actor, visit: Visit) -> str:
    """All that programs, the phone and the ledger give this reader of a visit, as one text."""
    with scope.acting(actor):
        facts = facts_of(actor, Visit.objects.get(pk=visit.pk)).model_dump_json(exclude={"steps"})
        entries = [bytes(one.body).decode() for one in Entry.objects.filter(region=visit.region)]
        bundles = [one for one in visits_for(actor, clock.today()) if one["id"] == str(visit.pk)]
        return f"{facts} {entries} {[(one['reason'], one['reason_words']) for one in bundles]}"


def shown(city: Field) -> Visit:
    """A complaint's visit apart from another department's, beside a hidden one, known to the enterprise."""
    city.plan(style="unannounced", members=city.pair())
    return city.ready(**SAID)


def test_programs_the_phone_and_the_ledger(city: Field) -> None:
    visit = shown(city)
    heard = told(city, city.principal, visit)
    for word in ("complaint", "张三", "消防大队", '"cap"', '"used"'):
        assert word not in heard, word
    for name in ("regulator", "inspector"):
        heard = told(city, city.actors[name], visit)
        for word in ("complaint", "张三", "消防大队", '"cap"'):
            assert word in heard, (name, word)


def test_the_entry_of_the_grounds_is_not_the_enterprises(city: Field) -> None:
    visit = shown(city)
    with scope.acting(city.regulator):
        entry = acts(grounds.subject_of(visit.pk))[0]
    assert entry.data["reason_words"] == SAID["reason_words"]
    assert entry.data["cap"] == {"used": 1, "cap": 2}
    for name in ("principal", "safety_manager", "n_regulator"):
        with scope.acting(city.actors[name]):
            assert acts(grounds.subject_of(visit.pk)) == []


def test_pages_and_workbooks(city: Field, signed_in: Any) -> None:
    visit = shown(city)
    for name, knows in (("principal", False), ("regulator", True)):
        client: Client = signed_in(name)
        page = client.get(f"/visits/{visit.pk}/").content.decode()
        assert ("张三" in page, "消防大队" in page) == (knows, knows)
        book = load_workbook(BytesIO(b"".join(client.get("/visits/export/").streaming_content)))
        cells = [str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row]
        assert any("投诉" in cell or "complaint" in cell for cell in cells) is knows


def test_a_filter_by_occasion_finds_nothing_out(city: Field) -> None:
    visit = shown(city)
    for reason in ("complaint", "plan"):
        with scope.acting(city.principal):
            assert [one.pk for one in visits(city.principal, VisitFilters(reason=reason)).rows] == [visit.pk]
    with scope.acting(city.regulator):
        assert [one.pk for one in visits(city.regulator, VisitFilters(reason="complaint")).rows] == [visit.pk]


def employed(city: Field) -> Actor:
    """The second inspector, acting by a post that they hold in the visited enterprise."""
    with scope.acting(SYSTEM):
        _post(city, "moonlighter", roles.SAFETY_MANAGER, COUNTY, city.enterprise)
        person = Person.objects.get(pk=city.inspector2.person)
        Post.objects.filter(pk=city.posts["moonlighter"].pk).update(person=person)
        return actor_for(Post.objects.select_related("person", "organisation").get(pk=city.posts["moonlighter"].pk))


def test_whoever_holds_a_post_in_the_enterprise_keeps_away(city: Field) -> None:
    visit = city.plan(style="unannounced")
    employed(city)
    with pytest.raises(Invalid) as caught:
        city.do(city.regulator, visit, "assign", **city.pair())
    assert "post in it" in str(caught.value.fields["officers"][0])
    with scope.acting(SYSTEM):
        Post.objects.filter(pk=city.posts["moonlighter"].pk).update(valid_to=city.day(-1))
    assert city.do(city.regulator, visit, "assign", **city.pair()).state == "assigned"


def test_a_post_taken_up_since_neither_shows_the_visit_nor_lets_it_begin(city: Field) -> None:
    visit = city.plan(style="unannounced", members=city.pair())
    with scope.acting(city.inspector2):
        assert Visit.objects.filter(pk=visit.pk).exists()
    with scope.acting(employed(city)):
        assert not Visit.objects.exists()
        assert not Entry.objects.filter(subject_id=visit.pk).exists()
    with pytest.raises(NotNow, match="keep away"):
        city.do(city.inspector, visit, "arrive")
