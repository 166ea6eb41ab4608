"""A return from the opened month to the amendment: who may do what, in which state, and what is forbidden."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import Error, connection, transaction
from django.utils.translation import override

from anlan.campaigns.flow import RETURN
from anlan.campaigns.models import Amendment, Confirmation, Return
from anlan.campaigns.returns.kept import trouble_of
from anlan.campaigns.returns.saying import say
from anlan.campaigns.versions import checker_for
from anlan.kernel import clock, scope
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound, NotNow, WrongState
from anlan.kernel.models import Entry
from tests.campaigns.conftest import IN_MAY, Month, asked

pytestmark = [pytest.mark.django_db(databases=["default", "owner"]), pytest.mark.usefixtures("in_may")]


def test_the_whole_road(month: Month) -> None:
    record = month.locked("county")
    assert (record.state, record.round, record.bounced, record.sent_back) == ("locked", 1, 0, 0)
    assert record.values["cells"]["penalties.fine"]["value"] == 1_000_000
    assert record.values["cells"]["engineering.reservoirs"]["value"] is None
    kept = record.values["cells"]["drills.drills"]
    assert (kept["typed"], kept["value"], kept["by"], kept["way"]) == ("3场", 3, "county某", "api")
    with scope.acting(month.actors["city"]):
        steps = list(Entry.objects.filter(subject_id=record.pk).order_by("version").values_list("step", flat=True))
    assert steps == ["expect", "save", "hand_in", "judge", *["confirm"] * len(asked("county")), "accept", "lock"]


def test_a_draft_is_never_refused_and_says_what_is_wrong(month: Month) -> None:
    typed = {"checks.units": "大约十来家", "checks.visits": "12家", "contact.phone": "问张科长"}
    record = month.do("county", month.of("county"), "save", cells=typed)
    assert record.state == "draft"
    assert {name: entry["typed"] for name, entry in record.values["cells"].items()} == typed
    told = {(one["check"], one["cells"][0]) for one in record.troubles}
    assert {
        ("unread:unread", "checks.units"),
        ("unread:unit", "checks.visits"),
        ("phone_is_a_number", "contact.phone"),
        ("blank", "contact.name"),
    } <= told
    assert ("blank", "checks.units") not in told
    checker = checker_for(record.template_id)
    with override("zh-hans"):
        assert all(say(checker, trouble_of(one)).message for one in record.troubles)


def test_saving_keeps_the_other_boxes_and_who_wrote_them(month: Month) -> None:
    record = month.do("county", month.of("county"), "save", cells={"checks.units": "1", "checks.visits": "2"})
    record = month.do("county2", record, "save", cells={"checks.visits": "3"}, way="page")
    cells = record.values["cells"]
    assert (cells["checks.units"]["by"], cells["checks.visits"]["by"]) == ("county某", "county2某")
    record = month.do("county2", record, "save", cells={"checks.units": "1", "checks.visits": ""})
    assert record.values["cells"]["checks.units"]["by"] == "county某"  # typed the same again: still the first's
    assert "checks.visits" not in record.values["cells"]
    with scope.acting(month.actors["county"]):
        last = Entry.objects.filter(subject_id=record.pk).order_by("-version")[0]
    told = json.loads(bytes(last.body))
    assert told["data"]["typed"] == {"checks.visits": ["3", ""]}
    assert not {"values", "troubles"} & told["changes"].keys()


def test_rows_keep_who_wrote_them(month: Month) -> None:
    rows = [{"date": "2026-04-08", "topic": "市政府常务会议"}, {"topic": "研究燃气安全专项整治资金"}]
    record = month.do("county", month.of("county"), "save", rows={"studies": rows})
    assert ("topic_is_name", 1) in {(one["check"], one["row"]) for one in record.troubles}
    rows[0]["topic"] = "研究重大事故隐患动态清零"
    record = month.do("county2", record, "save", rows={"studies": rows})
    kept = record.values["rows"]["studies"]
    assert (kept[0]["date"]["by"], kept[0]["topic"]["by"], kept[1]["topic"]["by"]) == (
        "county某",
        "county2某",
        "county某",
    )
    assert "topic_is_name" not in {one["check"] for one in record.troubles}
    record = month.do("county", record, "save", rows={"studies": []})
    assert record.values["rows"]["studies"] == []


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ({"cells": {"checks.nothing": 1}}, "cells.checks.nothing"),
        ({"cells": {"studies.topic": "x"}}, "cells.studies.topic"),
        ({"rows": {"checks": [{}]}}, "rows.checks"),
        ({"rows": {"studies": [{"colour": "x"}]}}, "rows.studies.colour"),
        ({"rows": {"studies": [{}] * 61}}, "rows.studies"),
        ({"nothing": {"nowhere": True}}, "nothing.nowhere"),
    ],
)
def test_a_box_that_is_not_there_is_a_mistake_of_the_program(month: Month, data: dict[str, Any], place: str) -> None:
    with pytest.raises(Invalid) as refused:
        month.do("county", month.of("county"), "save", **data)
    assert place in refused.value.fields
    assert month.of("county").state == "open"


@pytest.mark.parametrize(
    "data", [{"cells": {"engineering.lifts": 1}}, {"rows": {"visits": []}}, {"nothing": {"studies": True}}]
)
def test_what_a_unit_is_not_asked_is_not_dropped_in_silence(month: Month, data: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        month.do("town", month.of("town"), "save", **data)


def test_an_empty_return_bounces(month: Month) -> None:
    record = month.do("county", month.of("county"), "hand_in")
    assert (record.state, record.bounced, record.round) == ("bounced", 1, 1)
    assert record.troubles[0]["check"] == "empty"


def test_a_bounced_return_is_mended_and_passes(month: Month) -> None:
    record = month.do("county", month.saved("county", cells={"engineering.fire": ""}), "hand_in")
    assert record.state == "bounced"
    assert {one["check"] for one in record.troubles} == {"blank", "engineering_partly_filled"}
    record = month.do("county", record, "save", cells={"engineering.fire": "无"})
    assert record.state == "draft"
    assert month.do("county", record, "hand_in").state == "passed"


def test_what_differs_from_the_count_passes_with_a_reason(month: Month) -> None:
    record = month.saved("county", cells={"checks.units": 3, "checks.visits": 4})
    asked_why = {one["check"] for one in record.troubles if one["severity"] == "reason"}
    assert asked_why == {"as_counted:checks.units", "as_counted:checks.visits", "units_in_register"}
    assert month.do("county", record, "hand_in").state == "bounced"
    record = month.do("county", record, "save", reasons=dict.fromkeys(asked_why, "五一前联合检查，记录尚未录入平台"))
    assert month.do("county", record, "hand_in").state == "passed"


def test_figures_below_count_into_those_above(month: Month) -> None:
    why = dict.fromkeys(
        ("as_counted:checks.units", "as_counted:checks.visits", "units_in_register"), "记录在纸上，下月补录"
    )
    month.passed("town", cells={"checks.units": 2, "checks.visits": 2}, reasons=why)
    record = month.saved("county")
    below = next(one for one in record.troubles if one["check"] == "visits_of_units_below")
    assert below["values"] == {"below.checks.visits": 2, "checks.visits": 0}
    assert "visits_of_units_below" not in {one["check"] for one in month.saved("neighbour").troubles}


def test_last_month_is_looked_at(month: Month) -> None:
    month.locked("county", cells={"hazards.found_total": 7})
    from anlan.campaigns import actions

    with scope.acting(month.actors["city"]):
        assert actions.open_month(actor=month.actors["city"], campaign=month.campaign.pk, month=date(2026, 5, 1)) == 5
    may = month.do("county", month.of("county", date(2026, 5, 1)), "save", cells={"hazards.found_total": 6})
    told = next(one for one in may.troubles if one["check"] == "does_not_shrink:hazards.found_total")
    assert told["values"] == {"hazards.found_total": 6, "last.hazards.found_total": 7}


def test_nobody_accepts_without_having_looked(month: Month) -> None:
    record = month.passed("county")
    for panel in asked("county")[:-1]:
        month.do("city", record, "confirm", panel=panel)
    with pytest.raises(NotNow) as refused, override("zh-hans"):
        month.do("city", record, "accept")
    assert "安全工程治理" in str(refused.value)
    with pytest.raises(NotNow):
        month.do("city", record, "confirm", panel="checks")
    month.do("city2", record, "confirm", panel="engineering")
    assert month.do("city", record, "accept").state == "accepted"


def test_what_was_sent_back_is_looked_at_anew(month: Month) -> None:
    record = month.do("city", month.confirmed("county"), "send_back", reason="帮扶家次与台账不符。", panels=["help"])
    assert (record.state, record.sent_back, record.reason) == ("returned", 1, "帮扶家次与台账不符。")
    month.do("county", record, "save", cells={"help.visits": 4})
    record = month.do("county", record, "hand_in")
    assert record.round == 2
    with pytest.raises(NotNow):
        month.do("city", record, "accept")
    with scope.acting(month.actors["city"]):
        assert Confirmation.objects.filter(of=record, round=1).count() == len(asked("county"))
        assert not Confirmation.objects.filter(of=record, round=2).exists()


def test_a_panel_that_is_not_asked_cannot_be_confirmed_or_complained_of(month: Month) -> None:
    record = month.passed("town")
    with pytest.raises(NotNow):
        month.do("county", record, "confirm", panel="engineering")
    with pytest.raises(NotNow):
        month.do("county", record, "send_back", reason="请核对。", panels=["engineering"])


def test_a_return_waits_for_those_below_it(month: Month) -> None:
    town, county = month.passed("town"), month.confirmed("county")
    with pytest.raises(NotNow, match="below"), override("en"):
        month.do("city", county, "accept")
    month.do("county", town, "send_back", reason="请核对后再报。")
    assert month.do("city", county, "accept").state == "accepted"


def test_an_amendment_keeps_the_old_figure(month: Month) -> None:
    record = month.locked("county")
    record = month.do("city", record, "amend", cell="help.visits", typed="5家次", reason="县里来函更正，漏了两次。")
    assert (record.state, record.amended) == ("locked", 1)
    assert record.values["cells"]["help.visits"] | {"at": ""} == {
        "typed": "5家次", "value": 5, "way": "amended", "by": "city某", "at": "",
    }  # fmt: skip
    with scope.acting(month.actors["county"]):
        kept = Amendment.objects.get(of=record)
    assert (kept.old["value"], kept.new["value"], kept.name) == (3, 5, "city某")


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ({"cell": "help.visits", "typed": 2}, "typed"),  # three enterprises in two visits
        ({"cell": "help.visits", "typed": 3}, "typed"),  # what stands there
        ({"cell": "help.visits", "typed": "三"}, "typed"),
        ({"cell": "help.visits", "typed": ""}, "typed"),
        ({"cell": "help.nothing", "typed": 3}, "cell"),
        ({"cell": "studies.topic", "typed": "研究"}, "cell"),
        ({"cell": "studies.topic", "row": 1, "typed": "研究燃气管网改造"}, "row"),
        ({"cell": "help.visits", "row": 1, "typed": 5}, "cell"),
    ],
)
def test_an_amendment_that_is_wrong_is_refused(month: Month, data: dict[str, Any], place: str) -> None:
    record = month.locked("county")
    with pytest.raises(Invalid) as refused:
        month.do("city", record, "amend", reason="县里来函更正。", **data)
    assert place in refused.value.fields
    fresh = month.fresh(record)
    assert (fresh.values, fresh.amended) == (record.values, 0)


def test_a_box_in_a_row_is_amended(month: Month) -> None:
    row = {"date": "2026-04-08", "leader": "副县长王某", "place": "城东客运站", "problems": 2}
    record = month.locked("county", rows={"visits": [row]}, nothing={"visits": False})
    record = month.do("city", record, "amend", cell="visits.problems", row=1, typed=3, reason="漏计一项，县里来函。")
    kept = record.values["rows"]["visits"][0]
    assert (kept["problems"]["value"], kept["place"]["by"]) == (3, "county某")


ALLOWED = {
    # state: step → who may, of those asked
    "open": {"save": {"county", "county2"}, "hand_in": {"county", "county2"}},
    "draft": {"save": {"county", "county2"}, "hand_in": {"county", "county2"}},
    "bounced": {"save": {"county", "county2"}, "hand_in": {"county", "county2"}},
    "returned": {"save": {"county", "county2"}, "hand_in": {"county", "county2"}},
    "passed": {"confirm": {"city", "city2"}, "send_back": {"city", "city2"}},
    "confirmed": {"accept": {"city", "city2"}, "send_back": {"city", "city2"}},
    "accepted": {"lock": {"city", "city2"}, "send_back": {"city", "city2"}},
    "locked": {"amend": {"city", "city2"}},
}
DATA: dict[str, dict[str, Any]] = {
    "save": {"cells": {"help.visits": 9}},
    "hand_in": {},
    "confirm": {"panel": "checks"},
    "accept": {},
    "send_back": {"reason": "请核对后再报。"},
    "lock": {},
    "amend": {"cell": "help.visits", "typed": 9, "reason": "县里来函更正。"},
}
PEOPLE = ("county", "county2", "city", "city2", "neighbour", "department", "town", "inspector", "auditor", "leader",
          "principal", "citizen", "dispatcher", "finance", "system_admin", "n_office", "office")  # fmt: skip
"""`office` and `n_office` are offices without a unit: they oversee a territory and hand nothing in."""


@pytest.mark.parametrize("state", ALLOWED)
def test_who_may_do_what_in_each_state(month: Month, state: str) -> None:
    record = month.in_state(state)
    for who in PEOPLE:
        for step, given in DATA.items():
            data = given | ({"seen": month.digest(record, "checks")} if step == "confirm" else {})
            may = who in ALLOWED[state].get(step, set())
            with scope.acting(month.actors[who]):
                sid = transaction.savepoint()
                try:
                    month.do(who, record, step, **data)
                    done = True
                except (Forbidden, NotFound, NotNow, WrongState):
                    done = False
                finally:
                    transaction.savepoint_rollback(sid)
            assert done is may, (state, who, step)


@pytest.mark.parametrize("step", ["judge", "expect", "remind", "fall_due", "nonsense"])
@pytest.mark.parametrize("who", ["county", "city"])
def test_the_platforms_own_steps_are_nobodys(month: Month, who: str, step: str) -> None:
    with pytest.raises((Forbidden, NotFound, WrongState)):
        month.do(who, month.in_state("draft"), step)


SEE = {"county", "county2", "city", "city2", "office", "auditor"}


@pytest.mark.parametrize("who", PEOPLE)
def test_who_sees_the_countys_return(month: Month, who: str) -> None:
    record = month.accepted("county")
    with scope.acting(month.actors[who]):
        seen = Return.objects.filter(pk=record.pk).exists()
        assert seen is (who in SEE), who
        assert Confirmation.objects.filter(of_id=record.pk).exists() is seen
    if not seen:
        with pytest.raises(NotFound):
            month.do(who, record, "save", cells={})


def test_a_reviewer_in_the_county_reviews_its_town_and_not_the_neighbours(month: Month) -> None:
    town, far = month.passed("town"), month.passed("far_town")
    assert month.do("county", town, "confirm", panel="checks").state == "passed"
    with pytest.raises(Forbidden):
        month.do("city", town, "confirm", panel="hazards")  # sees it, but the county looks first
    with pytest.raises(NotFound):
        month.do("county", far, "confirm", panel="checks")


def test_whoever_handed_it_in_does_not_review_it(month: Month) -> None:
    """A person with two posts: filler in the town, reviewer in the county."""
    _reviewed_by_nobody_of_the_unit(month, month.passed("town"))


def test_whoever_wrote_in_it_does_not_review_it(month: Month) -> None:
    """The same, when a colleague presses the button."""
    _reviewed_by_nobody_of_the_unit(month, month.do("town2", month.saved("town"), "hand_in"))


def _reviewed_by_nobody_of_the_unit(month: Month, town: Return) -> None:
    both = replace(month.actors["county"], person=month.actors["town"].person)
    for step, data in (("confirm", {"panel": "checks"}), ("send_back", {"reason": "请核对后再报。"}), ("accept", {})):
        with pytest.raises(NotNow, match="handed"), override("en"):
            month.do(both, town, step, **data)


def test_the_database_refuses_what_no_step_announced(month: Month) -> None:
    record = month.passed("county")
    with pytest.raises(Error), scope.acting(month.actors["city"]):
        Return.objects.filter(pk=record.pk).update(state="locked")
    with pytest.raises(Error), scope.acting(month.actors["city"]):
        Confirmation.objects.create(of=record, panel="x", round=1, name="x", at=clock.now()).delete()
    assert connection.connection is not None


@pytest.mark.parametrize("seen", ["", "0" * 64])
def test_nobody_vouches_for_a_panel_that_was_not_fetched(month: Month, seen: str) -> None:
    record = month.passed("county")
    with pytest.raises((Invalid, NotNow)):
        month.do("city", record, "confirm", panel="checks", seen=seen)
    other = month.digest(month.passed("neighbour"), "publicity")
    with pytest.raises(NotNow):
        month.do("city", record, "confirm", panel="checks", seen=other)


def test_it_is_due_on_the_fifth_working_day_of_the_next_month(month: Month) -> None:
    assert clock.day_of(month.of("county").hand_in_by) == date(
        2026, 5, 7
    )  # Friday 1 May is a plain day of the test calendar
    record = month.in_state("returned")
    assert record.due_at == max(record.hand_in_by, record.due_at)


def test_two_who_write_different_boxes_do_not_undo_each_other(month: Month) -> None:
    record = month.do("county", month.of("county"), "save", cells={"help.units": 1})
    month.do("county2", record, "save", cells={"help.visits": 1})
    assert set(month.fresh(record).values["cells"]) == {"help.units", "help.visits"}
    from anlan.campaigns import actions

    with pytest.raises(Conflict), scope.acting(month.actors["county"]):
        actions.save(actor=month.actors["county"], record=record.pk, data={"cells": {}}, version=record.version)


def test_the_table_is_whole() -> None:
    assert [state.code for state in RETURN.states] == [
        "open", "draft", "submitted", "bounced", "passed", "returned", "accepted", "locked",
    ]  # fmt: skip
    edges = {(source, target) for _step, source, target in RETURN.edges() if source != target}
    assert edges == {
        ("", "open"), ("open", "draft"), ("bounced", "draft"), ("returned", "draft"),
        *((state, "submitted") for state in ("open", "draft", "bounced", "returned")),
        ("submitted", "passed"), ("submitted", "bounced"), ("passed", "accepted"), ("passed", "returned"),
        ("accepted", "returned"), ("accepted", "locked"),
    }  # fmt: skip
    assert IN_MAY.month == 5
