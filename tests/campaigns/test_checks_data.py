"""The shipped checks do what their examples say, and every error that the city's bulletin named is caught with words that help."""

from typing import Any

import pytest
from django.utils.translation import override

from anlan.campaigns.returns.rulebook import Case, Check
from anlan.campaigns.returns.saying import FORMAL, say
from anlan.campaigns.returns.shipped import SHIPPED, shipped
from tests.campaigns.returns import broken, filled

CHECKER = shipped("2024-campaign")
WRITTEN = [check for check in CHECKER.checks if ":" not in check.id]


@pytest.mark.parametrize("check", WRITTEN, ids=lambda check: check.id)
def test_a_check_passes_and_fails_as_its_examples_say(check: Check) -> None:
    assert check.passes
    assert check.fails
    for case in check.passes:
        assert check.id not in broken(CHECKER, case), case
    for case in check.fails:
        assert check.id in broken(CHECKER, case), case


@pytest.mark.parametrize("check", CHECKER.checks, ids=lambda check: check.id)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_its_words_leave_no_name_unfilled(check: Check, language: str) -> None:
    for case in check.fails:
        for trouble in CHECKER.check(filled(case)).troubles:
            with override(language):
                said = say(CHECKER, trouble)
            assert said.message
            assert said.instead
            assert "{" not in said.message + said.instead


def test_every_shipped_template_loads_with_forty_checks_or_more() -> None:
    assert SHIPPED == ("2024-campaign",)
    assert len(WRITTEN) >= 40
    assert {check.level for check in CHECKER.checks} == {"field", "panel", "cross_panel", "cross_month", "cross_unit"}
    assert {check.severity for check in CHECKER.checks} == {"error", "reason", "warning"}
    assert {check.operator for check in WRITTEN} >= {"compulsory_pair", "exclusive_pair"}


NAMED_IN_THE_BULLETIN = {
    "a leader's visit that is known was not entered": (
        "leader_visit_not_entered",
        Case(known={"leader_visits": 2, "leader_visits_list": "4月9日副市长检查客运站；4月16日市长检查燃气站"}),
        ("补录", "4月9日副市长检查客运站"),
    ),
    "one of six kinds of engineering": (
        "engineering_partly_filled",
        Case(values={"engineering.lifts": 12}),
        ("不涉及", "填 0"),
    ),
    "mended without measure": ("fixed_without_measure", Case(rows={"major": ({"state": "fixed"},)}), ("具体做了什么",)),
    "mended without date": ("fixed_without_date", Case(rows={"major": ({"state": "fixed"},)}), ("验收合格的日期",)),
    "the meeting's name as its topic": (
        "topic_is_name",
        Case(rows={"studies": ({"topic": "市政府第三十二次常务会议"},)}),
        ("研究了什么事", "研究燃气安全专项整治推进情况"),
    ),
    "staff counted as principals": (
        "principals_in_roster",
        Case(values={"training.principals": 12877}, known={"principals": 3284}),
        ("受训安全管理人员", "受训从业人员"),
    ),
}


@pytest.mark.parametrize("error", NAMED_IN_THE_BULLETIN)
def test_what_the_bulletin_complained_of_is_caught_and_says_what_to_write(error: str) -> None:
    check, case, words = NAMED_IN_THE_BULLETIN[error]
    found = [one for one in CHECKER.check(filled(case)).stopping() if one.check == check]
    assert len(found) == 1
    with override("zh-hans"):
        instead = say(CHECKER, found[0]).instead
    assert all(word in instead for word in words)


@pytest.mark.parametrize("filler", ["district", "system", "unit"])
def test_a_wholly_empty_return_fails(filler: str) -> None:
    verdict = CHECKER.check(filled(Case.model_validate({"filler": filler})))
    assert "empty" in {one.check for one in verdict.stopping()}
    asked = {cell.name for panel in CHECKER.template.asked_of(filler) if not panel.repeats for cell in CHECKER.template.by_panel[panel.code] if cell.needed}  # fmt: skip
    assert asked <= {one.cells[0] for one in verdict.troubles if one.check == "blank"}


def test_none_everywhere_is_an_answer_but_not_for_who_filled_it_in() -> None:
    panels = tuple(panel.code for panel in CHECKER.template.panels)
    verdict = CHECKER.check(filled(Case(none=panels)))
    assert [(one.check, one.cells) for one in verdict.troubles] == [("not_none", ("contact",))]


@pytest.mark.parametrize(
    "written",
    [{"values": {"help.units": 3}}, {"values": {"help.units": 0}}, {"rows": {"visits": ({"place": "车站"},)}}],
)
def test_none_and_something_written_contradict_each_other(written: dict[str, Any]) -> None:
    panel = "visits" if "rows" in written else "help"
    found = CHECKER.check(filled(Case.model_validate({"none": (panel,), **written}))).troubles
    assert [one.cells for one in found if one.check == "none_and_written"] == [(panel,)]


def test_a_unit_is_not_asked_what_only_districts_know() -> None:
    case = {"values": {"engineering.lifts": 12}, "known": {"leader_visits": 3}}
    of_unit = broken(CHECKER, Case.model_validate({"filler": "unit", **case}))
    of_district = broken(CHECKER, Case.model_validate({"filler": "district", **case}))
    asked = {"engineering_partly_filled", "leader_visit_not_entered"}
    assert asked <= of_district
    assert not asked & of_unit


def test_a_figure_that_the_platform_counts_otherwise_needs_a_reason() -> None:
    case = Case(values={"checks.units": 10, "checks.visits": 12}, counted={"checks.units": 9, "checks.visits": 12})
    verdict = CHECKER.check(filled(case))
    trouble = next(one for one in verdict.troubles if one.check == "as_counted:checks.units")
    assert trouble.values == {"checks.units": 10, "counted.checks.units": 9}
    assert trouble in verdict.stopping()
    assert trouble not in verdict.stopping([trouble.key])
    assert "as_counted:checks.visits" not in {one.check for one in verdict.troubles}


def test_parts_add_up_to_their_total_once_one_of_them_is_written() -> None:
    parts = {"hazards.found.gas": 2, "hazards.found.fire": 1}
    assert "adds_up:hazards.found" not in broken(CHECKER, Case(values={"hazards.found": 3, **parts}))
    assert "adds_up:hazards.found" in broken(CHECKER, Case(values={"hazards.found": 4, **parts}))
    assert "adds_up:hazards.found" not in broken(CHECKER, Case(values={"hazards.found": 4}))


def test_a_sum_since_the_beginning_does_not_shrink() -> None:
    key = "does_not_shrink:hazards.found_total"
    assert key in broken(CHECKER, Case(values={"hazards.found_total": 39}, last={"hazards.found_total": 40}))
    assert key not in broken(CHECKER, Case(values={"hazards.found_total": 40}, last={"hazards.found_total": 40}))


def test_the_forms_own_words_name_the_box() -> None:
    trouble = next(one for one in CHECKER.check(filled(Case())).troubles if one.check == "blank")
    with override("en"):
        assert say(CHECKER, trouble).message == "“Enterprises inspected” is blank."
    assert set(FORMAL) == {"empty", "blank", "no_rows", "not_none", "none_and_written"}


def test_a_row_is_judged_by_itself_and_named_by_its_number() -> None:
    rows = ({"topic": "研究燃气管网改造资金安排"}, {"topic": "区长办公会"})
    found = [
        one for one in CHECKER.check(filled(Case(rows={"studies": rows}))).troubles if one.check == "topic_is_name"
    ]
    assert [(one.row, one.cells, one.key) for one in found] == [(2, ("studies.topic",), "topic_is_name#2")]
