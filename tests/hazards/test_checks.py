"""The loop's numbered rules, each where it stops somebody and where it does not, and the faults they were written after."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from anlan.hazards.actions import take_step
from anlan.hazards.bulk import dispatch_many
from anlan.hazards.flow import HAZARD
from anlan.hazards.models import Hazard
from anlan.hazards.queries import HazardFilters, hazards
from anlan.hazards.sheet import sheet
from anlan.identity import roles
from anlan.identity.models import Post
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound, WrongState
from anlan.kernel.flow.take import snapshot
from anlan.kernel.ledger.read import acts
from anlan.notify.models import Message
from tests.factories import NEIGHBOUR_TOWN, City

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def wears(city: City, person: str, post: str) -> Actor:
    """One person acting as another's kind of post."""
    return replace(city.actors[post], person=city.actors[person].person, name=city.actors[person].name)


def refused(city: City, actor: Actor, hazard: Hazard, step: str, **data: Any) -> str:
    with pytest.raises(Conflict) as trouble:
        city.do(actor, hazard, step, **data)
    return trouble.value.code


def photo(city: City, actor: Actor) -> Any:
    with scope.acting(actor):
        return city.photo(actor)


def submitted(city: City, actor: Actor, hazard: Hazard) -> Hazard:
    return city.do(
        actor, hazard, "submit", measure_done="护罩已装好。", finished_on=clock.today(), photos=[photo(city, actor)]
    )


def test_every_rule_says_something_and_has_its_own_code() -> None:
    rules = {type(guard): guard for step in HAZARD.steps for guard in step.guards}
    assert len({guard.code for guard in rules.values()}) == len(rules)
    assert all(str(guard.message) for guard in rules.values())


def test_whoever_rectified_does_not_recheck_in_another_post(city: City) -> None:
    hazard = city.rectified()
    two_hats = wears(city, "safety_manager", "inspector2")
    assert refused(city, two_hats, hazard, "recheck", passed=True, remark="现场合格。") == "check.NotSubmitter"


def test_whoever_rechecked_does_not_rectify_in_a_later_round(city: City) -> None:
    hazard = city.do(
        city.inspector2, city.rectified(), "recheck", passed=False, remark="护罩松动。", new_due=city.day(9)
    )
    two_hats = wears(city, "inspector2", "principal")
    pictures = [photo(city, two_hats)]
    data: dict[str, Any] = {"measure_done": "护罩已装好。", "finished_on": clock.today(), "photos": pictures}
    assert refused(city, two_hats, hazard, "submit", **data) == "check.NotRechecker"
    assert refused(city, two_hats, hazard, "ask_extension", due=city.day(15), reason="备件未到") == "check.NotRechecker"
    assert submitted(city, city.principal, hazard).state == "rectified"


def test_the_second_officer_is_bound_like_the_first(city: City) -> None:
    hazard = city.rectified(grade="major")
    with scope.acting(SYSTEM):
        other_post = Post.objects.get(pk=city.posts["inspector"].pk)
        Post.objects.filter(pk=other_post.pk).update(person_id=city.safety_manager.person)
    data = {"passed": True, "remark": "现场合格。", "photos": [photo(city, city.inspector2)]}
    for officer in ("inspector", "inspector2", "n_inspector", "principal"):
        with pytest.raises(Invalid) as trouble:
            city.do(city.inspector2, hazard, "recheck", **data, officers=[city.posts[officer].pk])
        assert "officers" in trouble.value.fields


def test_a_second_officer_does_not_close_either(city: City) -> None:
    hazard = city.rectified(grade="major")
    data = {"passed": True, "remark": "现场合格。", "photos": [photo(city, city.inspector2)]}
    accepted = city.do(city.inspector2, hazard, "recheck", **data, officers=[city.posts["regulator"].pk])
    assert refused(city, city.regulator, accepted, "close") == "check.NotRectifierNorRechecker"
    assert city.do(city.regulator2, accepted, "close").state == "closed"


def test_a_major_hazard_is_not_closed_by_its_finder(city: City) -> None:
    accepted = city.accepted(actor=city.regulator, grade="major")
    assert refused(city, city.regulator, accepted, "close") == "check.MajorNotFinder"
    general = city.accepted(actor=city.regulator, grade="general")
    assert city.do(city.regulator, general, "close").state == "closed"


def test_whoever_closed_does_not_look_back(city: City) -> None:
    hazard = city.closed()
    two_hats = wears(city, "regulator", "office")
    data = {"holds": True, "remark": "护罩仍在原位"}
    assert refused(city, two_hats, hazard, "look_back", **data) == "check.NotCloser"
    assert city.do(city.office, hazard, "look_back", **data).state == "closed"


def test_the_finder_acting_as_auditor_or_leader_changes_nothing(city: City) -> None:
    hazard = city.found()
    for post in ("auditor", "leader"):
        with pytest.raises(Forbidden):
            city.do(wears(city, "inspector", post), hazard, "grade", grade="general")


def test_what_the_city_listed_the_county_does_not_delist(city: City) -> None:
    hazard = city.do(city.city_office, city.accepted(grade="major"), "list", level="city")
    assert refused(city, city.office, hazard, "delist", remark="整改到位") == "check.ListingOffice"
    assert not city.do(city.city_office, hazard, "delist", remark="整改到位").listed


def test_an_arbiter_stands_no_lower_than_the_finder(city: City) -> None:
    hazard = city.disputed(actor=city.city_regulator)
    with pytest.raises(Forbidden):
        city.do(city.regulator, hazard, "arbitrate", decision="uphold", reason="现场核实属实。")
    with pytest.raises(Forbidden):
        city.do(city.city_regulator, hazard, "arbitrate", decision="uphold", reason="现场核实属实。")
    assert city.do(city.city_office, hazard, "arbitrate", decision="uphold", reason="现场核实属实。").state == "claimed"


def test_whoever_dispatched_does_not_arbitrate(city: City) -> None:
    hazard = city.disputed()
    data = {"decision": "uphold", "reason": "现场核实属实。"}
    assert refused(city, city.regulator, hazard, "arbitrate", **data) == "check.NotPartyToDispute"
    assert city.do(city.office, hazard, "arbitrate", **data).state == "claimed"


def test_a_county_office_lists_for_its_county_only(city: City) -> None:
    hazard = city.claimed(grade="major")
    for level in ("city", "province"):
        with pytest.raises(Invalid) as trouble:
            city.do(city.office, hazard, "list", level=level)
        assert set(trouble.value.fields) == {"level"}
    assert city.do(city.office, hazard, "list", level="county").listed


def test_a_stop_of_use_ends_with_what_is_no_hazard_and_is_not_lost_in_a_merge(city: City) -> None:
    stop = {"measure": "停止使用该设备", "officers": [city.posts["inspector2"].pk]}
    stopped = city.do(city.inspector, city.found(grade="general"), "stop_use", **stop)
    other = city.found(grade="general")
    with pytest.raises(Invalid) as trouble:
        city.do(city.regulator, stopped, "merge", survivor=other.pk, reason="同一处隐患")
    assert set(trouble.value.fields) == {"survivor"}
    assert not city.do(city.regulator, stopped, "dismiss", reason="现场核实不构成隐患。").use_stopped
    with pytest.raises(WrongState):
        city.do(city.inspector, city.accepted(), "stop_use", **stop)


def test_sent_again_all_signatures_are_asked_anew(city: City) -> None:
    hazard = city.dispatched()
    hazard = city.sign(city.inspector, hazard)
    with scope.acting(city.principal):
        from anlan.hazards.sheet import sheet

        digest = sheet(Hazard.objects.get(pk=hazard.pk)).digest
    hazard = city.do(city.principal, hazard, "refuse", digest=digest, reason="设备已停用。")
    hazard = city.do(city.office, hazard, "arbitrate", decision="resend", reason="补充说明后再签", due=city.day(20))
    assert (hazard.state, hazard.round) == ("dispatched", 2)
    for actor in (city.principal, city.inspector):
        hazard = city.sign(actor, hazard)
    assert hazard.state == "claimed"


def test_a_photo_counts_once(city: City) -> None:
    hazard = city.rectifying()
    picture = photo(city, city.principal)
    data: dict[str, Any] = {"measure_done": "护罩已装好。", "finished_on": clock.today(), "photos": [picture]}
    hazard = city.do(city.principal, hazard, "submit", **data)
    hazard = city.do(city.inspector2, hazard, "recheck", passed=False, remark="护罩松动。", new_due=city.day(9))
    with pytest.raises(Invalid) as trouble:
        city.do(city.principal, hazard, "submit", **data)
    assert "photos" in trouble.value.fields
    with scope.acting(SYSTEM):
        assert Hazard.objects.get(pk=hazard.pk).version == hazard.version


def test_a_place_needs_a_name_that_can_be_told_apart(city: City) -> None:
    for place in ("——", "（）", "。。。"):
        with pytest.raises(Invalid) as trouble:
            city.found(place=place)
        assert "place" in trouble.value.fields


def test_an_enterprise_registers_on_its_own_ground(city: City) -> None:
    own = city.found(city.principal, source="self", place="自查一号点")
    assert own.responsible_id == city.enterprise.pk
    with pytest.raises(Invalid) as trouble:
        city.found(city.principal, source="self", place="自查二号点", region=NEIGHBOUR_TOWN)
    assert "region" in trouble.value.fields


def test_given_coordinates_read_the_same_in_the_ledger_and_the_row(city: City) -> None:
    hazard = city.found(lon="113.1", lat="36.12345678", system="gcj02")
    with scope.acting(city.regulator):
        stored = Hazard.objects.get(pk=hazard.pk)
        first = acts(hazard.pk)[0]
        assert {name: new for name, (_old, new) in first.changes.items()} == {
            name: value for name, value in snapshot(HAZARD, stored).items() if value is not None
        }


def test_a_refusal_leaves_nothing_though_its_caller_goes_on(city: City) -> None:
    """The photo belongs to somebody else, which shows only after the row was written."""
    hazard = city.rectifying()
    foreign = photo(city, city.inspector)
    with scope.acting(city.principal):
        before = snapshot(HAZARD, Hazard.objects.get(pk=hazard.pk))
        with pytest.raises(Invalid):
            take_step(
                actor=city.principal, hazard=hazard.pk, step="submit",
                data={"measure_done": "护罩已装好。", "finished_on": clock.today(), "photos": [foreign]},
            )  # fmt: skip
        after = Hazard.objects.get(pk=hazard.pk)
        assert (snapshot(HAZARD, after), after.state, after.version) == (before, "rectifying", hazard.version)
        assert acts(hazard.pk)[-1].step == "plan"


def test_parts_of_other_acts_are_not_taken_by_themselves(city: City) -> None:
    hazard = city.found()
    for step, data in (
        ("absorb", {"merged": hazard.pk, "number": "x"}),
        ("join", {"source": "county", "description": "又见"}),
    ):
        with pytest.raises(NotFound) as trouble:
            city.do(city.regulator, hazard, step, **data)
        assert trouble.value.code == "flow.unknown_step"


def test_an_extension_is_asked_for_in_time(city: City) -> None:
    with clock.at(datetime(2026, 9, 14, 2, tzinfo=UTC)):
        hazard = city.rectifying()
    with clock.at(datetime(2026, 9, 14, 2, tzinfo=UTC) + timedelta(days=21)):
        assert (
            refused(city, city.principal, hazard, "ask_extension", due=city.day(9), reason="备件未到")
            == "check.StillTimeToAsk"
        )


def test_a_wrong_state_says_who_brought_it_there(city: City) -> None:
    hazard = city.dispatched()
    with pytest.raises(WrongState) as trouble:
        city.do(city.office, hazard, "dispatch", responsible=city.enterprise.pk, due=city.day(3))
    assert city.regulator.name in trouble.value.detail
    assert str(HAZARD.state("dispatched").label) in trouble.value.detail


def test_an_administrator_never_finds(city: City) -> None:
    for role in roles.ADMINISTRATORS:
        with pytest.raises((Forbidden, Invalid)):
            city.found(city.actors[role], source="document", photos=[])


def test_a_dispute_over_what_an_office_dispatched_comes_up_to_the_city(city: City) -> None:
    hazard = city.do(
        city.office, city.found(grade="general"), "dispatch", responsible=city.enterprise.pk, due=city.day(30)
    )
    with scope.acting(city.principal):
        digest = sheet(hazard).digest
    city.do(city.principal, hazard, "refuse", digest=digest, reason="设备已停用。")
    waiting = {}
    for name in ("office", "regulator", "regulator2", "city_office", "city_regulator"):
        with scope.acting(city.actors[name]):
            waiting[name] = hazards(city.actors[name], HazardFilters(mine=True)).rows
    assert {name for name, rows in waiting.items() if rows} == {"regulator2", "city_office"}, (
        "not who graded or dispatched"
    )


def test_an_extension_may_be_granted_until_another_date(city: City) -> None:
    hazard = city.do(city.principal, city.rectifying(), "ask_extension", due=city.day(60), reason="备件未到货")
    before = hazard.rectify_due
    for until in (before, city.day(-1)):
        with pytest.raises(Invalid) as trouble:
            city.do(city.regulator, hazard, "decide_extension", granted=True, until=until, reason="情况属实")
        assert set(trouble.value.fields) == {"until"}
    decided = city.do(city.regulator, hazard, "decide_extension", granted=True, until=city.day(45), reason="情况属实")
    assert decided.rectify_due == city.day(45)
    assert decided.asked_due is None


def test_many_are_dispatched_at_once_and_pressing_twice_changes_nothing(city: City) -> None:
    found = [city.found(grade="general", place=f"{number}号车间").pk for number in range(3)]
    with scope.acting(city.regulator):
        with pytest.raises(Invalid) as trouble:
            dispatch_many(actor=city.regulator, hazards=found, data={"due": city.day(-1)})
        assert set(trouble.value.fields) == {"due"}
        for _press in range(2):
            outcomes = dispatch_many(actor=city.regulator, hazards=found, data={"due": city.day(20)})
            assert [one.trouble for one in outcomes] == ["", "", ""]
        assert [len([act for act in acts(one) if act.step == "dispatch"]) for one in found] == [1, 1, 1]
        other_day = dispatch_many(actor=city.regulator, hazards=found, data={"due": city.day(25)})
    assert all(one.trouble for one in other_day)


def test_what_one_has_done_oneself_waits_unread_no_longer(city: City) -> None:
    hazard = city.found(grade="general")

    def unread(name: str) -> int:
        with scope.acting(city.actors[name]):
            return Message.objects.filter(subject_id=hazard.pk, read_at=None).count()

    assert unread("regulator") == unread("regulator2") == 1
    city.do(city.regulator, hazard, "dispatch", responsible=city.enterprise.pk, due=city.day(30))
    assert (unread("regulator"), unread("regulator2")) == (0, 1)
    assert unread("principal") == 1
