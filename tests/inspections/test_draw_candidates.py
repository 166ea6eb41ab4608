"""Who may be drawn, who is left out and why, and who may hold a draw."""

from datetime import UTC, date, datetime, timedelta

import pytest

from anlan.experts.models import Avoidance
from anlan.identity import roles
from anlan.identity.models import Organisation, Post
from anlan.inspections.actions.draws import announce_draw, hold_draw, plan_drawn
from anlan.inspections.models import DrawNotice
from anlan.inspections.needs_draw import DrawFacts
from anlan.inspections.queries.candidates import enterprise_candidates
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import Forbidden, Invalid
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.evidence import seal_all
from anlan.registry.actions import edit_enterprise
from anlan.registry.models import Enterprise
from tests.factories import CITY, COUNTY, NEIGHBOUR, NEIGHBOUR_TOWN, TOWN
from tests.inspections.conftest import Field
from tests.inspections.lots import asked, database, employ, held
from tests.sessions import SignedIn


@database
def test_who_may_be_drawn_and_who_is_left_out_and_why(ready: Field) -> None:
    with clock.at(clock.now() - timedelta(days=10)):
        ready.filed()
    with scope.acting(SYSTEM):
        closed = Enterprise.objects.exclude(pk=ready.enterprise.pk).filter(region=TOWN).order_by("name")[0]
        Enterprise.objects.filter(pk=closed.pk).update(status="closed")
        kin = (
            Enterprise.objects.filter(region=TOWN, status="active").exclude(pk=ready.enterprise.pk).order_by("name")[0]
        )
        Avoidance.objects.create(
            id=new_id(), person_id=ready.inspector2.person, enterprise=kin, region=COUNTY, kind="kin",
            since=date(2026, 1, 1),
        )  # fmt: skip
    made, again = held(ready.regulator), held(ready.regulator, not_visited_days=0, enterprises=4)
    with scope.acting(ready.regulator):
        outside = {one["id"]: one["reason"] for one in made.published["left_out"]["enterprises"]}
        assert outside == {str(ready.enterprise.pk): "visited", str(closed.pk): "closed"}
        missing = next(one for one in made.result if one["enterprise"] == str(kin.pk))
        assert str(ready.inspector2.person) not in missing["officers"]
        assert {"officer": str(ready.inspector2.person), "reason": "kin"} in missing["passed_over"]
        own = next(one for one in again.result if one["enterprise"] == str(ready.enterprise.pk))
        assert own["officers"] == []
        assert {away["reason"] for away in own["passed_over"]} == {"last_visitor"}
        with pytest.raises(Invalid) as wrong:
            announce_draw(actor=ready.regulator, data=asked(enterprises=5))
        assert "enterprises" in wrong.value.fields
        with pytest.raises(Invalid) as wrong:
            announce_draw(actor=ready.regulator, data=asked(officers_each=3))
        assert "officers_each" in wrong.value.fields


@database
def test_abroad_nobody_checks_at_home(ready: Field) -> None:
    employ(ready, "city_regulator", "department", CITY)
    made = held(ready.city_regulator, other_region=True)
    with scope.acting(ready.city_regulator):
        home = {str(ready.posts[name].person_id) for name in ("inspector", "inspector2")}
        assert all(len(one["officers"]) == 2 and home.isdisjoint(one["officers"]) for one in made.result)


@database
def test_who_may_hold_a_draw(ready: Field) -> None:
    for post in (ready.inspector, ready.leader, ready.auditor, ready.principal):
        with scope.acting(post), pytest.raises(Forbidden):
            announce_draw(actor=post, data=asked())
    for post, field in (
        (ready.n_regulator, "region"),
        (ready.other_field, "industry"),
        (ready.regulator2, "organisation"),
    ):
        with scope.acting(post), pytest.raises(Invalid) as wrong:
            announce_draw(actor=post, data=asked())
        assert field in wrong.value.fields
    with scope.acting(ready.city_regulator), pytest.raises(Invalid) as wrong:
        announce_draw(actor=ready.city_regulator, data=asked(region=CITY, facility="nonsense"))
    assert "facility" in wrong.value.fields


@database
def test_a_body_that_may_not_inspect_is_told_before_the_draw(ready: Field, signed_in: SignedIn) -> None:
    """The committee office and another department learn it at the announcement, not when the visits are planned."""
    employ(ready, "office", "committee", COUNTY)
    for post in (ready.office, ready.fire_regulator):
        given = asked(organisation=ready.department.pk) if post is ready.fire_regulator else asked()
        with scope.acting(post), pytest.raises(Invalid) as wrong:
            announce_draw(actor=post, data=given)
        assert set(wrong.value.fields) == {"organisation"}
    office = signed_in("office")
    assert "/draws/new/" not in office.get("/draws/").content.decode()
    assert "the department that will visit announces it" in office.get("/draws/").content.decode()
    assert office.get("/draws/new/").status_code == office.post("/draws/new/", asked()).status_code == 403
    with scope.acting(SYSTEM):
        assert not DrawNotice.objects.exists()
    with scope.acting(ready.regulator):
        notice = announce_draw(actor=ready.regulator, data=asked())
    assert notice.published["asked"]["body"] == {"id": str(ready.department.pk), "name": ready.department.name}
    seal_all()
    with scope.acting(ready.office):
        made = hold_draw(actor=ready.office, notice=notice.pk)  # whoever holds it changes nothing
    facts = {"check": "county", "planned_on": clock.today() + timedelta(days=7)}
    for post in (ready.office, ready.fire_regulator):
        with scope.acting(post), pytest.raises(Forbidden):
            plan_drawn(actor=post, draw=made.pk, data=facts)
    page = office.get(f"/draws/{made.pk}/").content.decode()
    assert f"planned by “{ready.department.name}”" in page
    assert f"/draws/{made.pk}/visits/" not in page
    assert office.get(f"/draws/{made.pk}/visits/").status_code == 403
    with scope.acting(ready.regulator):
        with pytest.raises(Invalid) as wrong:
            plan_drawn(actor=ready.regulator, draw=made.pk, data=facts | {"organisation": ready.fire.pk})
        assert "organisation" in wrong.value.fields
        visits = plan_drawn(actor=ready.regulator, draw=made.pk, data=facts)
    assert {visit.organisation_id for visit in visits} == {ready.department.pk}


@database
def test_whoever_works_there_is_kept_away_from_the_announcement_on(ready: Field) -> None:
    """A post held in an enterprise needs no declaration; one that ended, or another's, keeps nobody away."""
    with scope.acting(SYSTEM):
        firms = list(Enterprise.objects.filter(region=TOWN).order_by("name")[:2])
        for firm in firms:
            Organisation.objects.get_or_create(
                id=firm.pk, defaults={"name": firm.name, "kind": "enterprise", "region": TOWN}
            )
        for name, firm, until in (("inspector2", firms[0], None), ("inspector", firms[1], clock.today())):
            Post.objects.create(
                id=new_id(), person_id=ready.posts[name].person_id, role=roles.SAFETY_MANAGER, region=TOWN, industries=-1,
                organisation_id=firm.pk, valid_from=date(2020, 1, 1), valid_to=until, created_at=datetime.now(UTC),
            )  # fmt: skip
    made = held(ready.regulator, enterprises=5)
    pair = {"officer": str(ready.inspector2.person), "enterprise": str(firms[0].pk), "reason": "own_post"}
    assert made.published["avoidances"] == [pair]
    with scope.acting(ready.regulator):
        assert DrawNotice.objects.get().published["avoidances"] == [pair], "fixed before the seed was known"
    there = next(one for one in made.result if one["enterprise"] == pair["enterprise"])
    assert str(ready.inspector2.person) not in there["officers"]
    assert {"officer": pair["officer"], "reason": "own_post"} in there["passed_over"]
    assert sum(len(one["officers"]) for one in made.result) == 9, "everywhere else both may go"


@database
def test_an_enterprise_whose_inspections_are_used_up_is_not_drawn(ready: Field) -> None:
    with scope.acting(SYSTEM):
        Enterprise.objects.filter(pk=ready.enterprise.pk).update(grade="A")
    ready.plan(planned_on=clock.today() + timedelta(days=1))
    with scope.acting(ready.regulator):
        notice = announce_draw(actor=ready.regulator, data=asked(not_visited_days=0))
        assert {one["id"]: one["reason"] for one in notice.published["left_out"]["enterprises"]} == {
            str(ready.enterprise.pk): "cap"
        }


@database
def test_inspections_count_where_the_enterprise_was_visited_too(ready: Field) -> None:
    """It has moved since: the cap is the enterprise's, not the place's."""
    with scope.acting(SYSTEM):
        Enterprise.objects.filter(pk=ready.enterprise.pk).update(grade="A")
    ready.under_way()
    with scope.acting(ready.city_office):
        edit_enterprise(actor=ready.city_office, enterprise=ready.enterprise.pk, data={"region": NEIGHBOUR_TOWN})
    facts = DrawFacts(**asked(region=NEIGHBOUR, not_visited_days=0))
    with scope.acting(ready.n_regulator):
        found = enterprise_candidates(ready.n_regulator, facts, ready.enterprise.industry, clock.today())
    assert {one["id"]: one["reason"] for one in found.outside} == {str(ready.enterprise.pk): "cap"}


@database
def test_a_visit_at_the_former_place_counts_as_a_visit(ready: Field) -> None:
    with clock.at(clock.now() - timedelta(days=10)):
        ready.filed()
    with scope.acting(ready.city_office):
        edit_enterprise(actor=ready.city_office, enterprise=ready.enterprise.pk, data={"region": NEIGHBOUR_TOWN})
    asked_for = asked(region=NEIGHBOUR, not_visited_days=30)
    with scope.acting(ready.n_regulator):
        found = enterprise_candidates(
            ready.n_regulator, DrawFacts(**asked_for), ready.enterprise.industry, clock.today()
        )
        later = DrawFacts(**asked_for | {"not_visited_days": 5})
        again = enterprise_candidates(ready.n_regulator, later, ready.enterprise.industry, clock.today())
    assert {one["id"]: one["reason"] for one in found.outside} == {str(ready.enterprise.pk): "visited"}
    assert str(ready.enterprise.pk) in {one["id"] for one in again.inside}
