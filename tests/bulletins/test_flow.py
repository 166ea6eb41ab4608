"""A bulletin from its draft to its issue: who may do what, what adds up, and what nobody changes any more."""

import json
from datetime import UTC, date, datetime

import pytest
from django.db import Error, connection, transaction
from django.db.models import Sum

from anlan.bulletins import actions, sealing, writing
from anlan.bulletins.figures import showing
from anlan.bulletins.figures.declared import catalogue
from anlan.bulletins.models import Bulletin, FigureRow, Remark, Writing
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound, NotNow, WrongState
from anlan.kernel.models import Entry
from anlan.notify.models import Message
from tests.bulletins.conftest import Desk


def digest_of(bulletin: Bulletin) -> str:
    with scope.acting(SYSTEM):
        return sealing.digest_of(bulletin)


def test_every_number_of_the_draft_has_rows_that_add_up_to_it(desk: Desk) -> None:
    bulletin = desk.draft()
    known = catalogue().by_code
    named = writing.named(bulletin.content)
    assert len(named) > 20, named
    with scope.acting(desk.actors["writer"]):
        rows = FigureRow.objects.filter(of=bulletin, edition=1).values_list("figure")
        sums = dict(rows.annotate(sum=Sum("value")).order_by())
        names = {code: list(FigureRow.objects.filter(of=bulletin, figure=code)) for code in named}
    for code in named:
        figure, value = known[code], bulletin.figures[code]["value"]
        if figure.shape == "share":
            of, among = sums.get(figure.of, 0), sums[figure.among]
            assert abs(value * among - 1000 * of) * 2 <= among, code
        elif figure.shape == "names":
            assert len(names[code]) == value, code
        else:
            assert sums.get(code, 0) == value, code


def test_rows_name_the_returns_they_come_from(desk: Desk) -> None:
    bulletin = desk.draft()
    with scope.acting(desk.actors["writer"]):
        rows = list(FigureRow.objects.filter(of=bulletin, figure="inspected").order_by("place"))
    assert [(row.label, row.value) for row in rows] == [
        ("county单位", 1643),
        ("neighbour单位", 985),
        ("department单位", 656),
    ]
    assert {row.key for row in rows} == {desk.month.of(unit).pk for unit in ("county", "neighbour", "department")}


def test_the_draft_names_who_fell_short(desk: Desk) -> None:
    """The town's return counts in its county's; the county, neighbour and department are all on time and studied nothing."""
    bulletin = desk.draft()
    assert bulletin.figures["who_no_study"]["names"] == ["department单位", "county单位", "neighbour单位"]
    assert "returns_missing" in bulletin.figures
    assert bulletin.figures["on_time_rate"]["value"] == 1000
    text = json.dumps(bulletin.content, ensure_ascii=False)
    assert "{who_no_study}" in text
    assert "{who_missing}" not in text  # nobody is missing: not a word of it
    assert "plan_items" not in text  # no plan is known
    assert "!}" not in text
    assert "每季度至少研究一次" not in text  # one month misses nothing that is asked of a quarter
    quarter = desk.draft(first_month=date(2026, 2, 1), last_month=date(2026, 4, 1))
    assert "{who_no_study}本期未填报专题研究情况，达不到每季度至少研究一次的要求。" in json.dumps(
        quarter.content, ensure_ascii=False
    )


def test_units_are_ranked_by_what_is_shown_of_them(desk: Desk) -> None:
    table = desk.draft().tables["districts"]
    assert {one["figure"]: one["weight"] for one in table["criteria"]} == {
        "on_time_rate": 25,
        "error_rate": 15,
        "major_fixed_rate": 20,
        "major_found": 15,
    }  # without a plan 75 points stand for the hundred
    by_name = {row["name"]: row for row in table["rows"]}
    assert by_name["county单位"]["values"] == [1000, 0, 750, 20]
    # (25 × 1 + 15 × 1 + 20 × 0.75 + 15 × 20/20) / 75
    assert by_name["county单位"]["tenths"] == 933
    # (25 × 1 + 15 × 1 + 20 × 9/12 + 15 × 12/20) / 75
    assert by_name["neighbour单位"]["tenths"] == 853
    assert [row["place"] for row in table["rows"]] == [1, 2]


def test_the_whole_road(desk: Desk) -> None:
    bulletin = desk.issued()
    bulletin = desk.fresh(bulletin)
    assert (bulletin.state, bulletin.number, bulletin.order) == ("issued", "安委办通〔2026〕1号", 1)
    assert bulletin.digest == digest_of(bulletin)
    with scope.acting(desk.actors["writer"]):
        entry = Entry.objects.filter(subject_id=bulletin.pk).order_by("-version")[0]
        told = set(
            Message.objects.filter(subject_id=bulletin.pk, kind="bulletin.issued").values_list("person_id", flat=True)
        )
    assert json.loads(bytes(entry.body))["digest"] == bulletin.digest
    with scope.elevated("the test counts everybody's messages"):
        told = set(
            Message.objects.filter(subject_id=bulletin.pk, kind="bulletin.issued").values_list("person_id", flat=True)
        )
    assert {desk.actors[name].person for name in ("county", "neighbour", "department", "checker", "leader")} <= told
    assert desk.actors["writer"].person not in told  # who issued it knows
    assert desk.actors["town"].person not in told


def test_numbers_have_no_gaps_even_when_an_issue_fails(desk: Desk) -> None:
    one = desk.draft()
    desk.do("checker", one, "review")
    desk.do("chief", one, "approve")
    with pytest.raises(Invalid):
        desk.do("writer", one, "issue", day=date(2030, 1, 1))
    with pytest.raises(RuntimeError), scope.acting(desk.actors["writer"]):
        actions.take_step(actor=desk.actors["writer"], bulletin=one.pk, step="issue")
        raise RuntimeError
    assert desk.do("writer", one, "issue").order == 1
    assert desk.issued().order == 2


def test_four_eyes(desk: Desk) -> None:
    bulletin = desk.draft()
    with pytest.raises(NotNow):
        desk.do("writer", bulletin, "review")
    desk.do("checker", bulletin, "write", section="next", title="下步工作", text="各单位抓好落实。")
    with pytest.raises(NotNow):
        desk.do("checker", bulletin, "review")
    desk.do("chief", bulletin, "review", signer=desk.actors["leader"].person)
    for who in ("writer", "checker", "chief"):
        with pytest.raises((NotNow, Forbidden)):
            desk.do(who, bulletin, "approve")
    assert desk.do("leader", bulletin, "approve").approver_name == "city_leader某"
    with pytest.raises(Forbidden):
        desk.do("leader", bulletin, "issue")
    assert desk.do("checker", bulletin, "issue").state == "issued"


def test_who_wrote_it_is_not_asked_to_approve_it(desk: Desk) -> None:
    bulletin = desk.draft()
    for who in ("writer", "checker", "county"):
        with pytest.raises(Invalid):
            desk.do("checker", bulletin, "review", signer=desk.actors[who].person)


def test_only_the_office_of_the_territory_drafts(desk: Desk) -> None:
    for who in ("county", "department", "leader", "town"):
        with pytest.raises(Forbidden):
            desk.draft(who)
    for months in (
        {"first_month": date(2026, 5, 1), "last_month": date(2026, 4, 1)},
        {"first_month": date(2026, 6, 1), "last_month": date(2026, 6, 1)},
        {"first_month": date(2023, 11, 1), "last_month": date(2023, 12, 1)},
        {"first_month": date(2025, 1, 1), "last_month": date(2026, 1, 1)},
    ):
        with pytest.raises(Invalid):
            desk.draft(**months)


def test_an_issued_one_never_changes(desk: Desk) -> None:
    bulletin = desk.issued()
    for step, data in (
        ("write", {"section": "overview", "title": "甲", "text": "乙"}),
        ("refresh", {}),
        ("retitle", {"title": "另一个题目", "addressees": "各单位"}),
        ("state_figure", {"figure": "inspected", "text": "9999家", "reason": "手误"}),
        ("remark", {"section": "overview", "text": "不妥"}),
        ("send_back", {"reason": "重写"}),
        ("discard", {"reason": "不要了"}),
        ("issue", {}),
    ):
        with pytest.raises((WrongState, NotFound)):
            desk.do("writer", bulletin, step, **data)
    for statement in (
        "UPDATE bulletins_bulletin SET title = '另一个' WHERE id = %s",
        "UPDATE bulletins_bulletin SET content = '[]', version = version + 1 WHERE id = %s",
        "DELETE FROM bulletins_bulletin WHERE id = %s",
        "UPDATE bulletins_figurerow SET value = value + 1 WHERE of_id = %s",
        "DELETE FROM bulletins_figurerow WHERE of_id = %s",
        "DELETE FROM bulletins_writing WHERE of_id = %s",
    ):
        with (
            pytest.raises(Error),
            scope.acting(desk.actors["writer"]),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [bulletin.pk])
            assert cursor.rowcount, statement
    after = desk.fresh(bulletin)
    assert (after.title, after.digest) == (bulletin.title, digest_of(after))


def test_rows_of_an_issued_one_stay_when_a_return_is_amended(desk: Desk) -> None:
    bulletin = desk.issued()
    record = desk.month.of("department")
    desk.month.do("city", record, "amend", cell="help.units", typed="1", reason="重复计算")
    assert desk.draft().figures["helped"]["value"] != 255
    fresh = desk.fresh(bulletin)
    assert (fresh.figures["helped"]["value"], digest_of(fresh)) == (255, fresh.digest)


def test_a_bulletin_is_withdrawn_by_another_alone(desk: Desk) -> None:
    first = desk.issued()
    with pytest.raises(NotFound):
        desk.do("writer", first, "withdraw")
    second = desk.draft(withdraws=first.pk)
    said = [block.get("text", "") for section in second.content for block in section["blocks"]]
    assert f"《{first.title}》（安委办通〔2026〕1号）自本通报印发之日起撤销，有关情况以本通报为准。" in said
    assert desk.fresh(first).state == "issued"
    desk.issued(second)
    assert desk.fresh(first).state == "withdrawn"
    with pytest.raises(Invalid):
        desk.draft(withdraws=first.pk)


def test_a_figure_typed_by_hand_is_marked_with_its_reason(desk: Desk) -> None:
    bulletin = desk.draft()
    with pytest.raises(Invalid):
        desk.do("writer", bulletin, "state_figure", figure="inspected", text="3300家")
    bulletin = desk.do(
        "writer", bulletin, "state_figure", figure="inspected", text="3300家", reason="含市级部门补报16家"
    )
    assert showing.texts(bulletin.figures, bulletin.typed)["inspected"] == "3300家"
    assert bulletin.typed["inspected"]["by"] == "city某"
    assert bulletin.figures["inspected"]["value"] == 3284
    bulletin = desk.do("writer", bulletin, "refresh")
    assert "inspected" in bulletin.typed
    bulletin = desk.do("writer", bulletin, "state_figure", figure="inspected")
    assert bulletin.typed == {}


def test_refreshing_says_what_changed(desk: Desk) -> None:
    bulletin = desk.draft()
    desk.month.do("city", desk.month.of("county"), "amend", cell="pressure.letters", typed="7", reason="漏报一份")
    bulletin = desk.do("writer", bulletin, "refresh")
    assert {"figure": "letters", "before": "11份", "after": "12份"} in bulletin.changed
    assert [one["figure"] for one in bulletin.changed] == ["letters"]
    with scope.acting(desk.actors["writer"]):
        sums = FigureRow.objects.filter(of=bulletin, figure="letters").values_list("edition")
        assert dict(sums.annotate(sum=Sum("value")).order_by()) == {1: 11, 2: 12}


def test_sections_are_written_one_by_one_and_every_version_is_kept(desk: Desk) -> None:
    bulletin = desk.draft()
    seen = bulletin.content[0]["version"]
    text = "## 总的情况\n共检查{inspected}。\n\n帮扶{helped}。"
    bulletin = desk.do("writer", bulletin, "write", section="overview", title="总体进展", text=text, seen=seen)
    assert [block["kind"] for block in bulletin.content[0]["blocks"]] == ["heading", "paragraph", "paragraph"]
    with pytest.raises(Conflict):
        desk.do("checker", bulletin, "write", section="overview", title="总体进展", text="我来写。", seen=seen)
    desk.do("checker", bulletin, "write", section="next", title="下步工作", text="抓好落实。", seen=seen)
    for wrong in ("共检查{nothing}。", "共检查{inspected。", "## " + "长" * 61, "[[nothing]]"):
        with pytest.raises(Invalid):
            desk.do("writer", bulletin, "write", section="overview", title="总体进展", text=wrong)
    with scope.acting(desk.actors["writer"]):
        kept = list(
            Writing.objects.filter(of=bulletin, section="overview").order_by("version").values_list("text", flat=True)
        )
    assert len(kept) == 2
    assert kept[1] == "## 总的情况\n共检查{inspected}。\n帮扶{helped}。"
    same = desk.do("writer", bulletin, "write", section="overview", title="总体进展", text=kept[1])
    with scope.acting(desk.actors["writer"]):
        assert Writing.objects.filter(of=same, section="overview").count() == 2


def test_remarks_are_answered_before_it_goes_on(desk: Desk) -> None:
    bulletin = desk.draft()
    desk.do("checker", bulletin, "remark", section="problems", text="点名的单位请再核实。")
    with pytest.raises(NotNow):
        desk.do("checker", bulletin, "review")
    with scope.acting(desk.actors["writer"]):
        remark = Remark.objects.get(of=bulletin)
    desk.do("writer", bulletin, "remark", section="problems", text="已核实。", settles=remark.pk)
    with pytest.raises(Invalid):
        desk.do("writer", bulletin, "remark", section="problems", text="再答。", settles=remark.pk)
    assert desk.do("checker", bulletin, "review").state == "reviewed"


def test_a_draft_is_the_offices_alone_and_an_issued_one_everybodys_below(desk: Desk) -> None:
    bulletin = desk.draft()

    def sees(who: str) -> tuple[bool, bool, bool]:
        with scope.acting(desk.actors[who]):
            return (
                Bulletin.objects.filter(pk=bulletin.pk).exists(),
                FigureRow.objects.filter(of_id=bulletin.pk).exists(),
                Writing.objects.filter(of_id=bulletin.pk).exists(),
            )

    below = ("county", "neighbour", "department", "town", "leader", "inspector")
    for who in below:
        assert sees(who) == (False, False, False), who
    desk.do("checker", bulletin, "review", signer=desk.actors["leader"].person)
    assert sees("leader")[0]  # who is asked to approve it reads it
    assert not sees("county")[0]
    desk.do("leader", bulletin, "approve")
    desk.do("writer", bulletin, "issue")
    for who in below:
        assert sees(who) == (True, True, True), who
    for who in ("principal", "citizen", "dispatcher", "system_admin"):
        assert sees(who) == (False, False, False), who


def test_the_same_moment_gives_the_same_draft_at_any_hour(desk: Desk) -> None:
    """Midnight in Shanghai is still the day before in UTC."""
    with clock.at(datetime(2026, 5, 31, 16, 0, tzinfo=UTC)):
        bulletin = desk.draft(first_month=date(2026, 4, 30), last_month=date(2026, 6, 1))
    assert (bulletin.first_month, bulletin.last_month) == (date(2026, 4, 1), date(2026, 6, 1))
    assert bulletin.title.endswith("2026年第二季度工作进展情况的通报")
    assert bulletin.figures["inspected"]["value"] == 3284
