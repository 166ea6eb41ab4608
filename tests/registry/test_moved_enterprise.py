"""An enterprise that moves takes along what is owed from now on; what was done stays where it was done."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import models

from anlan.chain.actions import add_card, end_card
from anlan.chain.models import DutyCard
from anlan.hazards.models import Hazard
from anlan.identity import roles
from anlan.identity.actions.posts import end_post
from anlan.identity.models import Organisation, Person, Post
from anlan.inspections.actions.self_check import begin_plan, do_check
from anlan.inspections.models import SelfCheck, SelfCheckMonth, SelfCheckPlan, Visit
from anlan.inspections.self_check_months import drift
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import Invalid, NotFound
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.read import acts
from anlan.kernel.models import Entry
from anlan.notify.models import Message
from anlan.registry.actions import edit_enterprise, edit_site
from anlan.registry.models import Enterprise, Industry, Site
from anlan.risks.actions import register_point, retire_point
from anlan.risks.models import RiskPoint, RiskUnit
from tests.factories import COUNTY, NEIGHBOUR, NEIGHBOUR_TOWN, TOWN, _post
from tests.inspections.conftest import Field, make_field
from tests.inspections.self_checks import sheet

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.fixture
def field(db: None) -> Field:
    return make_field()


def move(field: Field, actor: Actor | None = None, enterprise: Enterprise | None = None, **to: Any) -> None:
    actor = actor or field.city_office
    with scope.acting(actor):
        facts = to or {"region": NEIGHBOUR_TOWN}
        edit_enterprise(actor=actor, enterprise=(enterprise or field.enterprise).pk, data=facts)


def seen(actor: Actor, model: type[models.Model], *ids: UUID) -> set[UUID]:
    """By row security alone."""
    with scope.acting(actor):
        return set(model._default_manager.filter(pk__in=ids).values_list("pk", flat=True))


def followed(record: models.Model) -> dict[str, Any] | None:
    """What the ledger's entry of the move says, if there is one."""
    with scope.acting(SYSTEM):
        found = [act for act in acts(record.pk) if act.step == "follow_enterprise"]
    assert len(found) <= 1
    return found[0].changes if found else None


def fresh(record: Any) -> Any:
    with scope.acting(SYSTEM):
        return type(record)._default_manager.get(pk=record.pk)


def card(field: Field, title: str = "主要负责人") -> DutyCard:
    facts = {"level": "principal", "title": title, "holder_name": "赵一", "duties": ["尽责"]}
    with scope.acting(field.principal):
        return add_card(actor=field.principal, enterprise=field.enterprise.pk, data=facts)


def point(field: Field, name: str = "1号熔炼炉", **over: Any) -> RiskPoint:
    who = field.safety_manager
    with scope.acting(who):
        return register_point(actor=who, data={"enterprise": field.enterprise.pk, "name": name, "unit": "熔炼"} | over)


def cycle(field: Field, name: str = "daily") -> SelfCheckPlan:
    facts = {"enterprise": field.enterprise.pk, "cycle": name, "begins_on": clock.today()}
    with scope.acting(field.principal):
        return begin_plan(actor=field.principal, data=facts)


def done(field: Field) -> SelfCheck:
    with scope.acting(field.principal):
        return do_check(actor=field.principal, id=new_id(), data=sheet(field, clock.today()))


MADE: list[tuple[str, Callable[[Field], Any]]] = [
    ("card", card),
    ("point", point),
    ("cycle", cycle),
    ("visit planned", lambda field: field.plan()),
    ("visit assigned", lambda field: field.assigned()),
    ("visit notified", lambda field: field.ready()),
    ("visit held back", lambda field: field.ready(style="unannounced")),
]


@pytest.mark.parametrize(("name", "make"), MADE, ids=[name for name, _make in MADE])
def test_what_is_owed_from_now_on_goes_along(field: Field, name: str, make: Callable[[Field], Any]) -> None:
    record = make(field)
    model = type(record)
    assert seen(field.regulator, model, record.pk)
    assert not seen(field.n_regulator, model, record.pk)
    move(field)
    assert not seen(field.regulator, model, record.pk)
    assert not seen(field.office, model, record.pk)
    assert seen(field.n_regulator, model, record.pk)
    assert seen(field.n_office, model, record.pk)
    after = fresh(record)
    assert after.region == NEIGHBOUR_TOWN
    assert getattr(after, "county", NEIGHBOUR) == NEIGHBOUR
    changes = followed(record)
    assert changes is not None
    assert changes["region"] == [TOWN, NEIGHBOUR_TOWN]


def test_its_own_people_see_all_of_it_after_the_move_too(field: Field) -> None:
    records = [card(field), point(field), cycle(field), field.ready()]
    move(field)
    for record in records:
        assert seen(field.principal, type(record), record.pk), record


def test_an_unannounced_visit_stays_unknown_to_the_enterprise(field: Field) -> None:
    visit = field.ready(style="unannounced")
    move(field)
    assert not seen(field.principal, Visit, visit.pk)
    with scope.acting(field.principal):
        assert not Message.objects.filter(subject_id=visit.pk).exists()
        assert not Entry.objects.filter(subject_id=visit.pk).exists()


def test_whoever_planned_or_goes_learns_that_the_visited_one_moved(field: Field) -> None:
    visit = field.ready()
    move(field)
    with scope.acting(SYSTEM):
        told = set(
            Message.objects.filter(subject_id=visit.pk, facts__step="follow_enterprise").values_list(
                "person_id", flat=True
            )
        )
    assert told == {field.posts[name].person_id for name in ("regulator", "inspector", "inspector2")}


def test_a_visit_goes_on_after_the_move(field: Field) -> None:
    """Its ledger has no gap: the step counts like every other. Its officers still see it; the new regulator may end it."""
    visit = field.ready()
    move(field)
    assert seen(field.inspector, Visit, visit.pk)
    with scope.acting(SYSTEM):
        assert [act.version for act in acts(visit.pk)] == [1, 2, 3, 4]
    ended = field.do(field.n_regulator, fresh(visit), "cancel", reason="企业已迁入，另行安排")
    assert ended.state == "cancelled"


def test_what_was_done_stays_where_it_was_done(field: Field) -> None:
    cycle(field)
    check = done(field)
    under_way = field.under_way()
    cancelled = field.do(
        field.regulator, field.plan(reason="complaint", reason_words="举报"), "cancel", reason="企业停产"
    )
    with scope.acting(SYSTEM):
        hazard = field.found(field.inspector)
    aside, retired = card(field, "原车间主任"), point(field, "旧炉")
    with scope.acting(field.principal):
        end_card(actor=field.principal, card=aside.pk)
        retire_point(actor=field.principal, point=retired.pk, data={"reason": "已拆除"})
    move(field)
    for record in (check, under_way, cancelled, hazard, aside, retired):
        model = type(record)
        assert seen(field.regulator, model, record.pk), record
        assert not seen(field.n_regulator, model, record.pk), record
        assert fresh(record).region == TOWN
        assert followed(record) is None


def test_an_ended_cycle_stays_and_one_that_still_runs_goes(field: Field) -> None:
    plan, ending = cycle(field, "weekly"), cycle(field, "monthly")
    with scope.acting(SYSTEM):
        SelfCheckPlan.objects.filter(pk=plan.pk).update(begins_on=date(2020, 1, 1), ends_on=date(2020, 2, 1))
        SelfCheckPlan.objects.filter(pk=ending.pk).update(ends_on=clock.today())
    move(field)
    assert (fresh(plan).region, fresh(ending).region) == (TOWN, NEIGHBOUR_TOWN)


def test_what_stands_on_the_ground_stays(field: Field) -> None:
    """A point at a site, and one in a place of its own, are where they were; so is a visit of the site."""
    at_site = point(field, "厂区储罐", site=str(field.site.pk))
    elsewhere = point(field, "县城门店", region=f"{COUNTY:012d}")
    visit = field.plan(site=field.site.pk)
    move(field)
    for record in (at_site, elsewhere, visit, field.site):
        assert followed(record) is None
    assert (fresh(at_site).region, fresh(elsewhere).region) == (TOWN, COUNTY)
    assert (fresh(visit).region, fresh(field.site).region) == (TOWN, TOWN)
    assert not seen(field.n_regulator, RiskPoint, at_site.pk, elsewhere.pk)


def test_what_lies_at_a_site_goes_along_when_the_site_moves(field: Field) -> None:
    at_site, other = point(field, "厂区储罐", site=str(field.site.pk)), point(field, "办公楼")
    visit, held_back = field.plan(site=field.site.pk), field.ready(site=field.site.pk, style="covert", reason="complaint",
                                                                    reason_words="举报")  # fmt: skip
    with scope.acting(field.city_office):
        edit_site(actor=field.city_office, site=field.site.pk, data={"region": NEIGHBOUR_TOWN})
    for record in (at_site, visit, held_back):
        assert fresh(record).region == NEIGHBOUR_TOWN
        assert followed(record) is not None
    assert fresh(other).region == TOWN
    assert seen(field.n_office, RiskPoint, at_site.pk)
    assert not seen(field.office, RiskPoint, at_site.pk)


def test_an_enterprise_that_moves_its_own_site_learns_nothing_of_a_visit_held_back(field: Field) -> None:
    """Its own post may bring a site back to where the enterprise is kept; the platform moves the visit then."""
    with scope.acting(SYSTEM):
        Site.objects.filter(pk=field.site.pk).update(region=COUNTY)
    visit = field.ready(site=field.site.pk, style="covert")
    with scope.acting(field.principal):
        edit_site(actor=field.principal, site=field.site.pk, data={"region": TOWN})
    assert fresh(visit).region == TOWN
    with scope.acting(field.principal):
        assert not Entry.objects.filter(subject_id=visit.pk).exists()


def test_another_industry_is_followed_where_it_was_the_enterprises_own(field: Field) -> None:
    """Its own regulators see what follows; the field's former ones no longer do."""
    mine, other = card(field), point(field, "熔炼炉")
    own_field = point(field, "化学品库", industry="construction")
    plan, visit = cycle(field), field.plan()
    with scope.acting(SYSTEM):
        _post(field, "foundries", roles.REGULATOR, COUNTY, None, industries=0b001)
    move(field, field.office, industry="hazchem")
    hazchem = Industry.objects.get(pk="hazchem")
    for record in (mine, other, plan, visit):
        after = fresh(record)
        assert (after.industry_bit, after.region) == (hazchem.bit, TOWN)
        assert seen(field.other_field, type(record), record.pk)
        assert not seen(field.foundries, type(record), record.pk)
    assert (fresh(other).industry_id, fresh(visit).industry_id) == ("hazchem", "hazchem")
    assert fresh(own_field).industry_id == "construction"
    assert followed(own_field) is None
    with scope.acting(SYSTEM):
        assert {one.industry_bit for one in RiskUnit.objects.filter(enterprise=field.enterprise)} == {hazchem.bit}


def test_a_regulator_of_one_field_moves_points_of_another_along(field: Field) -> None:
    """What the mover's own field does not reach goes along all the same."""
    own_field = point(field, "化学品库", industry="construction")
    with scope.acting(SYSTEM):
        _post(field, "city_foundries", roles.REGULATOR, 141000000000, None, industries=0b001)
    assert not seen(field.city_foundries, RiskPoint, own_field.pk)
    move(field, field.city_foundries)
    assert fresh(own_field).region == NEIGHBOUR_TOWN


def test_the_people_of_the_enterprise_go_along(field: Field) -> None:
    with scope.acting(SYSTEM):
        for name, home in (("principal", COUNTY), ("safety_manager", 141000000000)):
            Person.objects.filter(pk=field.posts[name].person_id).update(region=home)
        _post(field, "former", roles.SAFETY_MANAGER, COUNTY, field.enterprise)
        _post(field, "two_posts", roles.SAFETY_MANAGER, COUNTY, field.enterprise)
        Person.objects.filter(pk=field.posts["two_posts"].person_id).update(region=COUNTY)
        Post.objects.create(
            id=new_id(), person_id=field.posts["two_posts"].person_id, role=roles.CITIZEN, region=COUNTY,
            valid_from=date(2020, 1, 1), created_at=clock.now(),
        )  # fmt: skip
    with scope.acting(field.security_admin):
        end_post(actor=field.security_admin, post=field.posts["former"].pk, data={"reason": "离职"})
    move(field)
    with scope.acting(SYSTEM):
        regions = {name: Post.objects.get(pk=field.posts[name].pk).region for name in ("principal", "former")}
        homes = {
            name: Person.objects.get(pk=field.posts[name].person_id).region
            for name in ("principal", "safety_manager", "two_posts")
        }
        assert Organisation.objects.get(pk=field.enterprise.pk).region == NEIGHBOUR_TOWN
    assert regions == {"principal": NEIGHBOUR_TOWN, "former": COUNTY}
    assert homes == {"principal": NEIGHBOUR, "safety_manager": 141000000000, "two_posts": COUNTY}
    with scope.acting(field.security_admin), pytest.raises(NotFound):
        end_post(actor=field.security_admin, post=field.posts["principal"].pk, data={"reason": "离职"})
    with scope.acting(field.n_security_admin):
        end_post(actor=field.n_security_admin, post=field.posts["principal"].pk, data={"reason": "离职"})


def test_nobody_moves_a_visit_by_itself(field: Field) -> None:
    """The step belongs to the register's own act: no button, command or operation takes it."""
    visit = field.ready()
    for actor in (field.regulator, field.city_office, field.inspector):
        with pytest.raises(NotFound):
            field.do(actor, visit, "follow_enterprise", region=NEIGHBOUR_TOWN)
    assert fresh(visit).region == TOWN


def test_a_refused_move_leaves_everything_where_it_is(field: Field) -> None:
    mine = card(field)
    with pytest.raises(Invalid):
        move(field, field.office)
    assert fresh(mine).region == TOWN
    assert followed(mine) is None


def test_the_neighbours_own_records_are_not_touched(field: Field) -> None:
    with scope.acting(SYSTEM):
        theirs = DutyCard.objects.create(
            id=new_id(), enterprise=field.n_enterprise, region=NEIGHBOUR_TOWN, industry_bit=0, level="principal",
            title="主要负责人", holder_name="钱二", duties=["尽责"], changed_at=clock.now(),
        )  # fmt: skip
    card(field)
    move(field)
    assert followed(theirs) is None
    assert seen(field.n_principal, DutyCard, theirs.pk)
    assert not seen(field.principal, DutyCard, theirs.pk)


def test_a_change_that_moves_nothing_writes_nothing_downstream(field: Field) -> None:
    mine = card(field)
    move(field, address="府前街1号")
    assert followed(mine) is None


def test_hazards_found_after_the_move_are_the_new_places(field: Field) -> None:
    """A self-check done after the move registers its hazard where the enterprise is kept now."""
    cycle(field)
    move(field)
    with scope.acting(field.principal):
        finding = {"id": new_id(), "place": "一车间", "category": "equipment", "description": "缺少防护罩，可触及。",
                   "photos": [field.photo(field.principal)]}  # fmt: skip
        over = {"nothing_found": False, "answers": [], "findings": [finding]}
        do_check(actor=field.principal, id=new_id(), data=sheet(field, clock.today(), **over))
    with scope.acting(SYSTEM):
        assert Hazard.objects.get().region == NEIGHBOUR_TOWN


def test_self_checks_of_the_month_count_where_they_were_done(field: Field) -> None:
    first = datetime(2026, 11, 17, 9, tzinfo=clock.SHANGHAI)
    with clock.at(first):
        cycle(field)
        done(field)
        move(field)
    with clock.at(first + timedelta(days=1)):
        done(field)
    for official, place in ((field.regulator, TOWN), (field.n_regulator, NEIGHBOUR_TOWN)):
        with scope.acting(official):
            counted = SelfCheckMonth.objects.filter(enterprise=field.enterprise, cycle="daily")
            assert list(counted.values_list("region", "done")) == [(place, 1)]
    assert drift() == []
