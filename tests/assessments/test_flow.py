"""An assessment from the opened year to the published result: who may do what, in which state, and what is forbidden."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import Error, connection, transaction

from anlan.assessments import actions
from anlan.assessments.flow import ASSESSMENT
from anlan.assessments.models import Assessment, Standing
from anlan.assessments.queries import proof
from anlan.kernel import clock, scope
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound, NotNow, WrongState
from anlan.kernel.flow.clockwork import tick
from anlan.kernel.models import Entry
from tests.assessments.conftest import IN_DECEMBER, IN_JANUARY, Yearly, short_card

pytestmark = [pytest.mark.django_db(databases=["default", "owner"]), pytest.mark.usefixtures("in_january")]


def test_the_whole_road(yearly: Yearly) -> None:
    record = yearly.appealed("county")
    assert (record.check_total, record.self_total) == (Decimal("93.5"), Decimal("95.5"))
    change = {"item": "visits", "points": 17, "reason": "补交的一次记录属实。"}
    record = yearly.do("city2", record, "decide", changes=[change], reason="部分采纳。")
    assert (record.total, record.grade, record.check_total) == (Decimal("94.5"), "excellent", Decimal("93.5"))
    line = next(one for one in record.lines if one["code"] == "visits")
    assert (line["points"], line["facts"]["before"], line["facts"]["decided"]) == (
        "17",
        "16.00",
        "补交的一次记录属实。",
    )
    for name in ("neighbour", "department"):
        yearly.do("city", yearly.of(name), "leave_out", reason="机构改革撤销。")
    row = yearly.publish()
    assert row.published_at == IN_JANUARY
    record = yearly.fresh(record)
    assert (record.state, record.rank) == ("published", 1)
    with scope.acting(yearly.actors["city"]):
        rows = Entry.objects.filter(subject_id=record.pk).order_by("version")
        steps = list(rows.values_list("step", flat=True))
        check, notice = (json.loads(bytes(rows.get(step=step).body)) for step in ("check", "notify"))
    assert steps == ["open", "score", "score", "hand_in", "examine", "examine", "check", "notify", "appeal", "decide", "release"]  # fmt: skip
    assert not {"inputs", "total", "check_total", "grade"} & check["changes"].keys()
    assert len(check["digest"]) == 64
    assert (notice["digest"], notice["data"]["check_total"]) == (check["digest"], "93.50")


def test_every_step_is_refused_to_those_whose_it_is_not(yearly: Yearly) -> None:
    """The unit's steps are the unit's, the office's the office's; the neighbour sees nothing at all."""
    theirs = {"score": {"item": "visits", "points": 1}, "hand_in": {}, "agree": {}, "appeal": {"words": "我们不同意。"}}
    ours = {
        "go_on": {"reason": "逾期未报。"}, "examine": {"item": "visits", "points": 1}, "mark": {"code": "criticised", "words": "被通报。", "document": "1号"},
        "check": {}, "notify": {}, "decide": {"reason": "维持结果。"}, "leave_out": {"reason": "机构撤销。"}, "reopen": {"reason": "重新核查。"},
    }  # fmt: skip
    for state in ("opened", "self_scored", "checked", "notified"):
        record = yearly.in_state(state, {"opened": "county", "self_scored": "neighbour"}.get(state, "department")) if state != "notified" else yearly.do("city", yearly.of("department"), "notify")  # fmt: skip
        unit = next(name for name, one in yearly.units.items() if one.pk == record.unit_id)
        steps = {step.name for step in ASSESSMENT.steps if record.state in step.source}
        for step in steps & theirs.keys():
            with pytest.raises(Forbidden):
                yearly.do("city", record, step, **theirs[step])
        for step in steps & ours.keys():
            with pytest.raises((Forbidden, NotFound)):
                yearly.do(unit, record, step, **ours[step])
            with pytest.raises(NotFound):
                yearly.do("n_inspector", record, step, **ours[step])
        assert yearly.fresh(record).version == record.version
    with pytest.raises(NotFound):
        yearly.do("neighbour", yearly.of("county"), "score", item="visits", points=1)
    with pytest.raises(NotFound):
        yearly.do("city", yearly.of("county"), "release", rank=1)


def test_an_office_does_not_check_its_own_unit(yearly: Yearly) -> None:
    """A city's office that were assessed itself would not be its own judge."""
    with clock.at(IN_DECEMBER), scope.acting(yearly.actors["city"]):
        office = yearly.actors["city"]
        actions.open_round(
            actor=office,
            data={"card": yearly.card.pk, "units": [yearly.units["city"].pk], "self_by": clock.today()},
        )
    record = yearly.scored("city")
    with pytest.raises(Forbidden):
        yearly.do("city", record, "examine", item="visits", points=20)


def test_a_self_score_is_whole_and_bounded(yearly: Yearly) -> None:
    record = yearly.of("county")
    with clock.at(IN_DECEMBER):
        for wrong in ({"points": 21}, {"points": -1}, {"points": "1.234"}):
            with pytest.raises(Invalid) as refused:
                yearly.do("county", record, "score", item="visits", **wrong)
            assert "points" in refused.value.fields
        with pytest.raises(Invalid) as refused:
            yearly.do("county", record, "score", item="tasks", points=30)
        assert "points" in refused.value.fields
        with pytest.raises(Invalid):
            yearly.do("county", record, "score", item="unheard_of", points=1)
        yearly.do("county", record, "score", item="tasks", words="全部按期完成。")  # words and evidence alone
        yearly.do("county", record, "score", item="visits", points="17.25")
        with pytest.raises(NotNow) as missing:
            yearly.do("county", record, "hand_in")
        assert "Training" in missing.value.detail or "培训" in missing.value.detail
        yearly.do("county", record, "score", item="visits", points=18)  # said again, it is changed
    assert yearly.scores(record)["visits"].self_points == Decimal(18)
    assert len(yearly.scores(record)) == 2


def test_a_check_that_differs_says_why(yearly: Yearly) -> None:
    record = yearly.scored("county")
    with pytest.raises(Invalid) as refused:
        yearly.do("city", record, "examine", item="visits", points=16)
    assert "words" in refused.value.fields
    yearly.do("city", record, "examine", item="visits", points=18)
    with pytest.raises(NotNow):
        yearly.do("city", record, "check")
    yearly.do("city", record, "examine", item="training", points=9, words="一期无签到。")
    assert yearly.do("city", record, "check").state == "checked"


def test_a_case_needs_evidence_and_may_be_struck_out(yearly: Yearly) -> None:
    record = yearly.examined("county")
    with pytest.raises(Invalid) as refused:
        yearly.do("city", record, "mark", code="criticised", words="被市安委会通报。")
    assert "document" in refused.value.fields
    with pytest.raises(Invalid):
        yearly.do("city", record, "mark", code="visits", words="不是这样扣的。", document="1号")
    for number in range(1, 8):
        yearly.do("city", record, "mark", code="criticised", words="被市安委会通报。", document=f"通报{number}号")
    case = yearly.cases(record)[0]
    yearly.do("city3", record, "strike", case=case.pk, reason="该通报对象是另一单位。")
    with pytest.raises(Invalid):
        yearly.do("city3", record, "strike", case=case.pk, reason="再撤一次试试。")
    checked = yearly.do("city", record, "check")
    line = next(one for one in checked.lines if one["code"] == "criticised")
    assert (line["facts"]["cases"], line["points"]) == (6, "0.0")  # six times three is more than the item weighs
    assert {str(yearly.actors[name].person) for name in ("city", "city3")} == set(checked.checker_ids)


def test_caps_bonuses_and_vetoes(yearly: Yearly) -> None:
    record = yearly.examined("county")
    for code in ("commended", "commended", "commended", "rescued"):
        yearly.do("city", record, "mark", code=code, words="经核实属实。", document="文件1号")
    yearly.do("city", record, "mark", code="accident", words="发生较大事故。", document="调查报告1号")
    yearly.do("city", record, "mark", code="falsified", words="虚报培训人数。", document="核查记录2号")
    checked = yearly.do("city", record, "check")
    made = {line["code"]: Decimal(line["points"]) for line in checked.lines}
    assert (made["commended"], made["rescued"], made["bonus_most"]) == (4, 3, -2)
    assert made["accident"] == Decimal("59.99") - Decimal("98.5")
    assert (checked.total, checked.grade) == (Decimal("59.99"), "failed")
    assert sum(made.values()) == checked.total


def test_the_time_that_counts_must_be_over(yearly: Yearly) -> None:
    with clock.at(IN_DECEMBER):
        record = yearly.examined("county")
        with pytest.raises(NotNow):
            yearly.do("city", record, "check")
    assert yearly.do("city", record, "check").state == "checked"


def test_without_a_self_score_the_office_goes_on_only_afterwards(yearly: Yearly) -> None:
    record = yearly.of("county")
    with clock.at(IN_DECEMBER), pytest.raises(NotNow):
        yearly.do("city", record, "go_on", reason="等不及了，先核查。")
    record = yearly.do("city", record, "go_on", reason="逾期未报自评。")
    for item in ("visits", "training"):
        yearly.do("city", record, "examine", item=item, points=5)
    record = yearly.do("city", record, "check")
    assert (record.unscored, record.self_total) == (True, None)


def test_the_decision_is_anothers_and_after_the_unit_was_heard(yearly: Yearly) -> None:
    record = yearly.notified("county")
    with pytest.raises(NotNow):
        yearly.do("city", record, "decide", reason="维持核查结果。")  # who checked
    with pytest.raises(NotNow):
        yearly.do("city2", record, "decide", reason="维持核查结果。")  # the unit may still appeal
    change = {"item": "visits", "points": 20, "reason": "看着不错。"}
    with clock.at(IN_JANUARY + timedelta(days=9)):
        with pytest.raises(NotNow):
            yearly.do("county", record, "appeal", words="逾期才申诉。")
        with pytest.raises(Invalid):
            yearly.do("city2", record, "decide", changes=[change], reason="没有申诉，不得改分。")
        assert yearly.do("city2", record, "decide", reason="逾期未申诉，维持核查结果。").state == "decided"


def test_an_appeal_is_made_once_and_decided_line_by_line(yearly: Yearly) -> None:
    record = yearly.appealed("county")
    with pytest.raises(WrongState):
        yearly.do("county", record, "appeal", words="再申诉一次。")
    with pytest.raises(NotNow):
        yearly.do("city", record, "decide", reason="维持核查结果。")
    for wrong in (
        {"item": "visits", "points": 21},
        {"item": "commended", "points": 2},
        {"item": "nothing", "points": 2},
    ):
        with pytest.raises(Invalid) as refused:
            yearly.do("city2", record, "decide", changes=[wrong | {"reason": "复核属实。"}], reason="部分采纳。")
        assert "changes" in refused.value.fields
    assert yearly.fresh(record).total == Decimal("93.5")


def test_whoever_agreed_appeals_no_more(yearly: Yearly) -> None:
    record = yearly.do("county", yearly.notified("county"), "agree")
    with pytest.raises(NotNow):
        yearly.do("county2", record, "appeal", words="我们反悔了。")


def test_checked_again_it_is_counted_anew(yearly: Yearly) -> None:
    record = yearly.do("city2", yearly.checked("county"), "reopen", reason="漏核一项材料。")
    assert (record.state, record.inputs, record.total, record.digest) == ("self_scored", {}, None, "")
    yearly.do("city3", record, "examine", item="visits", points=12, words="材料不实。")
    assert yearly.do("city3", record, "check").total == Decimal("89.5")


def test_all_are_published_at_once_with_their_places(yearly: Yearly) -> None:
    best = yearly.decided("county", visits=18)
    with pytest.raises(NotNow) as refused:
        yearly.publish()
    assert refused.value.code == "assessment.undecided"
    yearly.decided("neighbour", visits=10)
    yearly.decided("department", visits=10)
    assert yearly.fresh(best).state == "decided"
    with pytest.raises(Forbidden), scope.acting(yearly.actors["county"]):
        actions.publish_round(
            actor=yearly.actors["county"], round=yearly.round.pk, data={"document": "安委〔2026〕3号"}
        )
    yearly.publish()
    with scope.acting(yearly.actors["neighbour"]):
        rows = list(Standing.objects.order_by("rank", "unit_name").values_list("unit_name", "rank", "total"))
        seen = list(Assessment.objects.values_list("unit_name", flat=True))
    assert rows == [("county单位", 1, Decimal("95.5")), ("department单位", 2, Decimal("87.5")), ("neighbour单位", 2, Decimal("87.5"))]  # fmt: skip
    assert seen == ["neighbour单位"]  # how the others' came about is not its business
    with pytest.raises(Conflict):
        yearly.publish()
    with pytest.raises(Conflict), scope.acting(yearly.actors["city"]):
        actions.open_round(
            actor=yearly.actors["city"],
            data={"card": yearly.card.pk, "units": [yearly.units["city"].pk], "self_by": clock.today()},
        )


def test_a_published_result_never_changes(yearly: Yearly) -> None:
    record = yearly.in_state("published", "county")
    for step in ("examine", "mark", "decide", "reopen", "leave_out", "appeal"):
        with pytest.raises((WrongState, Invalid, Forbidden)):
            yearly.do(
                "city2", record, step, item="visits", points=1, code="accident", words="改一改。", reason="改一改。"
            )
    for change in ("total = 100", "lines = '[]'", "inputs = '{}'", "state = 'decided'", "rank = 2"):
        with (
            pytest.raises(Error),
            transaction.atomic(),
            scope.acting(yearly.actors["city"]),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE assessments_assessment SET {change} WHERE id = %s", [record.pk])
    with pytest.raises(Error), transaction.atomic(), scope.acting(yearly.actors["city"]), connection.cursor() as cursor:
        cursor.execute("UPDATE assessments_standing SET total = 100")
    with scope.acting(yearly.actors["city"]):
        assert proof(yearly.fresh(record)).holds


def test_what_the_clock_does(yearly: Yearly) -> None:
    record = yearly.of("county")
    with clock.at(IN_JANUARY):
        tick()
        record = yearly.fresh(record)
        assert record.late
    record = yearly.do("city", record, "go_on", reason="逾期未报自评。")
    assert (record.late, record.due_at is not None) == (False, True)


def test_rows_are_seen_by_those_they_concern(yearly: Yearly) -> None:
    record = yearly.examined("county")
    yearly.do("city", record, "mark", code="criticised", words="被市安委会通报。", document="通报1号")
    seen: dict[str, Any] = {}
    for name in ("city", "county", "neighbour", "department", "inspector", "regulator", "principal", "auditor"):
        if name not in yearly.actors:
            continue
        with scope.acting(yearly.actors[name]):
            seen[name] = Assessment.objects.filter(pk=record.pk).exists()
    assert {name for name, found in seen.items() if found} <= {"city", "county", "auditor"}
    assert seen["city"]
    assert seen["county"]


def test_cards_are_versions(yearly: Yearly) -> None:
    office = yearly.actors["city"]
    with scope.acting(office), pytest.raises(Invalid) as refused:
        actions.publish_card(actor=office, data={"card": short_card()})
    assert "card" in refused.value.fields
    with scope.acting(office):
        newer = actions.publish_card(actor=office, data={"card": short_card(version=2)})
    assert newer.version == 2
    assert yearly.of("county").round_id == yearly.round.pk
    assert yearly.round.card_id == yearly.card.pk
    inspector = yearly.actors["inspector"]
    with scope.acting(inspector), pytest.raises(Forbidden):
        actions.publish_card(actor=inspector, data={"card": short_card(version=3)})
