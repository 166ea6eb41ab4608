"""Duties: who may give them, what makes sense, and that history stays."""

from datetime import date, timedelta

import pytest

from anlan.chain import actions, queries
from anlan.chain.models import Duty
from anlan.chain.queries import DutyFilters
from anlan.identity.models import Organisation, Post
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound, WrongState
from anlan.kernel.ids import new_id
from anlan.kernel.models import Entry
from anlan.registry.models import Industry
from tests.chain.conftest import START, Chain
from tests.factories import CITY, COUNTY, NEIGHBOUR, TOWN

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
OTHERS = (
    "inspector", "regulator", "group_leader", "leader", "expert", "auditor", "citizen", "system_admin", "security_admin",
    "audit_admin", "principal", "safety_manager", "other_field", "city_regulator",
)  # fmt: skip


def give(chain: Chain, who="office", **over):
    actor = chain.city.actors[who]
    with scope.acting(actor):
        return actions.give_duty(actor=actor, data=chain.facts(**over))


@pytest.fixture
def bare(city) -> Chain:
    """The city before anybody gave a duty."""
    made = Chain(city)
    with scope.acting(SYSTEM):
        made.body(COUNTY, "应急管理局")
        made.body(CITY, "消防救援支队")
        made.body(NEIGHBOUR, "应急管理局")
    return made


def test_the_office_gives_a_duty_with_one_entry(bare):
    duty = give(bare, basis="尧政发〔2025〕3号")
    assert (duty.region, duty.industry_id, duty.industry_bit, duty.evidence) == (COUNTY, "gongmao", 0, "")
    with scope.acting(SYSTEM):
        entry = Entry.objects.get(subject_id=duty.pk)
    assert (entry.subject_type, entry.step, entry.region, entry.industry_bit) == ("duty", "give_duty", COUNTY, 0)


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_gives_changes_ends_or_hands_over(chain, who):
    actor = chain.city.actors[who]
    lead = chain.slots["sector", "lead", COUNTY, "gongmao"]
    with scope.acting(actor):
        with pytest.raises(Forbidden):
            actions.give_duty(
                actor=actor, data={"kind": "committee", "part": "officer", "region": COUNTY, "person_name": "某"}
            )
        with pytest.raises(Forbidden):
            actions.change_duty(actor=actor, duty=lead.pk, data={"phone": "0357-2222222"})
        with pytest.raises(Forbidden):
            actions.end_duty(actor=actor, duty=lead.pk, data={"reason": "撤销"})
        with pytest.raises(Forbidden):
            actions.hand_over(actor=actor, data={"from_name": "分管gongmao", "to_name": "某"})
        with pytest.raises(Forbidden):
            actions.seed_duties(actor=actor, region=COUNTY)


def test_a_neighbours_duty_is_as_if_it_were_not(chain):
    theirs = chain.slots["sector", "lead", NEIGHBOUR, "gongmao"]
    office = chain.city.office
    with scope.acting(office):
        for verb, data in ((actions.change_duty, {}), (actions.end_duty, {"reason": "撤销"})):
            for duty in (theirs.pk, new_id()):
                with pytest.raises(NotFound):
                    verb(actor=office, duty=duty, data=data)
        with pytest.raises(NotFound):
            queries.duty(theirs.pk)
        assert {one.region for one in queries.walk(office, DutyFilters())} == {COUNTY, TOWN}
        assert Duty.objects.filter(region__gte=NEIGHBOUR).count() == 0
        with pytest.raises(Invalid) as wrong:
            actions.give_duty(actor=office, data=chain.facts(region=NEIGHBOUR))
        assert set(wrong.value.fields) == {"region"}
        with pytest.raises(NotFound):
            actions.seed_duties(actor=office, region=NEIGHBOUR)


def test_who_reads_what(chain):
    def seen(who):
        with scope.acting(chain.city.actors[who]):
            return {(one.region, one.kind, one.industry_bit) for one in Duty.objects.all()}

    assert {bit for _region, kind, bit in seen("other_field") if kind == "sector"} == {1}
    assert (COUNTY, "committee", None) in seen("other_field"), "what concerns the whole territory is everybody's there"
    assert {region for region, _kind, _bit in seen("other_field")} == {COUNTY, TOWN}
    assert {region for region, _kind, _bit in seen("city_office")} >= {CITY, COUNTY, NEIGHBOUR}
    for who in ("principal", "safety_manager", "citizen"):
        assert seen(who) == set(), who


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"industry": ""}, "industry"),
        ({"industry": "法术"}, "industry"),
        ({"kind": "territorial"}, "industry"),
        ({"kind": "territorial", "industry": "", "matter": "一半"}, "matter"),
        ({"kind": "committee", "industry": ""}, "part"),
        ({"organisation": None}, "organisation"),
        ({"part": "leader", "organisation": None}, "post"),
        ({"region": 999999000000}, "region"),
        ({"region": CITY}, "region"),
        ({"region": NEIGHBOUR}, "region"),
        ({"organisation": str(new_id())}, "organisation"),
        ({"post": str(new_id())}, "post"),
        ({"phone": "123"}, "phone"),
        ({"valid_to": date(2020, 1, 1)}, ""),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_makes_no_sense_is_told_at_its_field(bare, over, field):
    with pytest.raises(Invalid) as wrong:
        give(bare, **over)
    assert field in wrong.value.fields
    with scope.acting(SYSTEM):
        assert not Duty.objects.exists()


def test_a_body_above_may_lead_below_but_a_neighbours_or_an_enterprise_may_not(bare):
    above = bare.bodies[CITY, "消防救援支队"]
    assert give(bare, organisation=above.pk).organisation_id == above.pk
    for other in (bare.bodies[NEIGHBOUR, "应急管理局"].pk, bare.city.enterprise.pk):
        with pytest.raises(Invalid) as wrong:
            give(bare, organisation=other)
        assert "organisation" in wrong.value.fields


def test_the_same_duty_of_the_same_holder_is_given_once_an_overlap_is_told_not_refused(bare):
    give(bare)
    with pytest.raises(Invalid, match="already"):
        give(bare)
    with scope.acting(SYSTEM):
        other = bare.body(COUNTY, "住建局").pk
    second = give(bare, organisation=other)
    assert second.pk
    give(bare, valid_from=date(2020, 1, 1), valid_to=START - timedelta(days=1))  # other days are another duty
    with pytest.raises(Conflict), scope.acting(bare.city.office):
        actions.give_duty(actor=bare.city.office, data=bare.facts(matter="另一段"), id=second.pk)


def test_a_change_from_a_day_keeps_what_was(chain):
    lead, office, today = chain.slots["sector", "lead", COUNTY, "gongmao"], chain.city.office, clock.today()
    with scope.acting(SYSTEM):
        other = chain.body(COUNTY, "新设局")
    with scope.acting(office):
        fresh = actions.change_duty(actor=office, duty=lead.pk, data={"organisation": other.pk, "since": today})
        lead.refresh_from_db()
        assert (lead.valid_to, lead.organisation_id) == (today - timedelta(days=1), chain.body(COUNTY, "gongmao").pk)
        assert (fresh.valid_from, fresh.valid_to, fresh.organisation_id) == (today, None, other.pk)
        assert (fresh.kind, fresh.part, fresh.region, fresh.industry_bit) == ("sector", "lead", COUNTY, 0)
        with pytest.raises(WrongState):
            actions.change_duty(actor=office, duty=lead.pk, data={"organisation": other.pk})
        with pytest.raises(Invalid):
            actions.change_duty(actor=office, duty=fresh.pk, data={"organisation": other.pk, "since": START})
    with scope.acting(SYSTEM):
        assert Entry.objects.filter(subject_id=lead.pk, step="change_duty").count() == 1
        assert Entry.objects.filter(subject_id=fresh.pk, step="give_duty").count() == 1


def test_a_correction_changes_the_row_itself(chain):
    lead, office = chain.slots["sector", "lead", COUNTY, "gongmao"], chain.city.office
    keep = {"organisation": lead.organisation_id, "basis": lead.basis}
    with scope.acting(office):
        before = Duty.objects.count()
        same = actions.change_duty(actor=office, duty=lead.pk, data=keep | {"phone": "0357-2222222"})
        assert (same.pk, same.phone, Duty.objects.count()) == (lead.pk, "0357-2222222", before)
        actions.change_duty(actor=office, duty=lead.pk, data=keep | {"phone": "0357-2222222"})
    with scope.acting(SYSTEM):
        assert Entry.objects.filter(subject_id=lead.pk, step="change_duty").count() == 1, (
            "nothing changed, nothing written"
        )


def test_ending(chain):
    lead, office, today = chain.slots["sector", "lead", COUNTY, "gongmao"], chain.city.office, clock.today()
    with scope.acting(office):
        with pytest.raises(Invalid):
            actions.end_duty(actor=office, duty=lead.pk, data={})
        with pytest.raises(Invalid):
            actions.end_duty(actor=office, duty=lead.pk, data={"reason": "撤销", "last_day": START - timedelta(days=1)})
        ended = actions.end_duty(actor=office, duty=lead.pk, data={"reason": "机构撤销"})
        assert ended.valid_to == today - timedelta(days=1)
        with pytest.raises(Conflict):
            actions.end_duty(actor=office, duty=lead.pk, data={"reason": "机构撤销"})
    fresh = give(chain, valid_from=None)
    with scope.acting(office):
        assert actions.end_duty(actor=office, duty=fresh.pk, data={"reason": "误录"}).valid_to == today - timedelta(
            days=1
        )


def test_handing_over_moves_everything_of_a_post_and_nothing_else(chain, leader_post):
    city, today = chain.city, clock.today()
    with scope.acting(SYSTEM):
        successor = city.posts["group_leader"]
        for industry in ("gongmao", "hazchem"):
            chain.give(kind="sector", part="leader", region=COUNTY, industry=industry, post=leader_post.pk)
        theirs = chain.give(
            kind="sector", part="leader", region=NEIGHBOUR, industry="gongmao", post=city.posts["n_leader"].pk
        )
        others = Duty.objects.exclude(post=leader_post).count()
    with scope.acting(city.office):
        moved = actions.hand_over(
            actor=city.office, data={"from_post": leader_post.pk, "to_post": successor.pk, "reason": "调任"}
        )
    assert {(one.industry_id, one.post_id, one.valid_from) for one in moved} == {
        (name, successor.pk, today) for name in ("gongmao", "hazchem")
    }
    with scope.acting(SYSTEM):
        assert set(Duty.objects.filter(post=leader_post).values_list("valid_to", flat=True)) == {
            today - timedelta(days=1)
        }
        assert Duty.objects.exclude(post=leader_post).count() == others + 2
        theirs.refresh_from_db()
        assert theirs.valid_to is None
    with scope.acting(city.office):
        with pytest.raises(Invalid):
            actions.hand_over(actor=city.office, data={"from_post": leader_post.pk, "to_post": successor.pk})
        named = actions.hand_over(
            actor=city.office, data={"from_name": "director_party", "to_name": "孙某", "title": "区委书记"}
        )
        assert [(one.person_name, one.title, one.region) for one in named] == [("孙某", "区委书记", COUNTY)]
        for data in (
            {"to_name": "某"},
            {"from_name": "director_party"},
            {"from_post": successor.pk, "to_post": successor.pk},
        ):
            with pytest.raises(Invalid):
                actions.hand_over(actor=city.office, data=data)


def test_a_successor_of_the_neighbour_cannot_be_named(chain):
    office = chain.city.office
    with scope.acting(office), pytest.raises(Invalid) as wrong:
        actions.hand_over(
            actor=office, data={"from_name": "director_party", "to_post": chain.city.posts["n_leader"].pk}
        )
    assert set(wrong.value.fields) == {"to_post"}


def test_the_list_goes_page_by_page_and_filters(chain):
    office = chain.city.city_office
    with scope.acting(office):
        everything = [one.pk for one in queries.walk(office, DutyFilters(when=""))]
        assert len(everything) == len(set(everything)) == Duty.objects.count()
        first = queries.duties(office, DutyFilters(), limit=4)
        second = queries.duties(office, DutyFilters(), limit=4, after=first.after)
        back = queries.duties(office, DutyFilters(), limit=4, before=second.before)
        assert [one.pk for one in back.rows] == [one.pk for one in first.rows]
        assert {one.kind for one in queries.walk(office, DutyFilters(kind="committee"))} == {"committee"}
        assert {one.region for one in queries.walk(office, DutyFilters(region=COUNTY, own=True))} == {COUNTY}
        assert queries.count_duties(office, DutyFilters(words="分管hazchem")) == 3
        assert queries.count_duties(office, DutyFilters(when="ended")) == 0


def test_seeding_fills_what_is_empty_and_touches_nothing(city):
    chain = Chain(city)
    with scope.acting(SYSTEM):
        Industry.objects.filter(pk="gongmao").update(department="应急管理局")
        bureau = chain.body(COUNTY, "应急管理局")
        brigade = Organisation.objects.create(
            id=new_id(), name="一百四十一万零二执法大队应急管理局", kind="department", region=COUNTY
        )
        government = chain.body(COUNTY, "政府", "government")
        Post.objects.filter(pk=city.posts["leader"].pk).update(title="区长")
        mine = chain.give(kind="committee", part="director_party", region=COUNTY, person_name="李某")
    with scope.acting(city.office):
        counts = actions.seed_duties(actor=city.office, region=COUNTY)
        rows = {(one.kind, one.part, one.industry_id): one for one in Duty.objects.all()}
        again = actions.seed_duties(actor=city.office, region=COUNTY)
    assert brigade.pk != bureau.pk
    assert rows["sector", "lead", "gongmao"].organisation_id == bureau.pk
    assert rows["sector", "lead", "gongmao"].evidence == "K"
    assert rows["territorial", "lead", None].organisation_id == government.pk
    assert rows["committee", "director_government", None].post_id == city.posts["leader"].pk
    assert rows["committee", "director_party", None].pk == mine.pk
    assert ("sector", "lead", "hazchem") not in rows
    assert counts == {"sector": 4, "territorial": 1, "committee": 1, "left": 3}
    assert again == {"left": 3}
