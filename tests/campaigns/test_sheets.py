"""The workbook of a return: out, filled in, compared, saved; and those that are refused."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from django.utils.translation import override

from anlan.campaigns import actions
from anlan.campaigns.models import Return
from anlan.campaigns.queries import sheets
from anlan.campaigns.workbooks import layout
from anlan.campaigns.workbooks.cells import Book, read_books, unpacked
from anlan.campaigns.workbooks.comparing import try_out
from anlan.campaigns.workbooks.reading import Sent, parse
from anlan.kernel import clock, scope
from anlan.kernel.errors import Conflict, Forbidden, NotFound, WrongState
from anlan.kernel.refusals import Refused
from tests.campaigns.conftest import IN_MAY, Month

pytestmark = [pytest.mark.django_db(databases=["default", "owner"]), pytest.mark.usefixtures("in_may")]

VISIT = {"date": "2026-04-08", "leader": "副县长王某", "place": "城东客运站", "problems": 2}


def downloaded(month: Month, who: str, record: Return) -> Book:
    with scope.acting(month.actors[who]):
        found = read_books([sheets.book(sheets.to_fill(record.pk)).getvalue()])[0]
    assert isinstance(found, Book)
    return found


def line_of(book: Book, key: str) -> int:
    return next(
        line for line, row in book.sheets[0].rows.items() if key in (row.get(layout.KEY), row.get(layout.REASON_KEY))
    )


def fill(book: Book, **typed: str) -> Book:
    """As somebody types into the boxes of the first sheet: places with `__` for the dot."""
    for name, text in typed.items():
        place = name.replace("__", ".")
        column = layout.REASON if place.startswith("reasons") else layout.VALUE
        book.sheets[0].rows[line_of(book, place)][column] = text
    return book


def save(month: Month, who: str, record: Return, sent: Sent, **given: Any) -> Return:
    with scope.acting(month.actors[who]):
        return actions.save_sheet(actor=month.actors[who], record=record.pk, sent=sent, **given)


def tried(month: Month, who: str, record: Return, sent: Sent, **given: Any) -> Any:
    with scope.acting(month.actors[who]):
        return try_out(sheets.to_fill(record.pk), "x", sent, **given)


def test_what_was_written_reads_back_unchanged(month: Month) -> None:
    record = month.saved(
        "county",
        cells={"training.workers": "012", "enterprise.invested": "12.50", "publicity.not_public": "=2+3\n第二行", "publicity.link": "http://x.cn/1"},
        rows={"visits": [VISIT, {"leader": "县长 李某", "date": "四月"}]},
        nothing={"visits": False},
        reasons={"as_counted:checks.units": "台账在县局"},
    )  # fmt: skip
    for language in ("zh-hans", "en"):
        with override(language):
            sent = parse(downloaded(month, "county", record))
            found = tried(month, "county", record, sent).comparison
            assert (found.changes, found.conflicts) == ([], [])
    assert found.same == len(sent.boxes) + len(sent.rows)


def test_a_workbook_filled_in_is_saved_by_the_same_verb(month: Month) -> None:
    record = month.saved("county")
    book = fill(
        downloaded(month, "county", record), cells__help__visits="5家次", cells__engineering__lifts="", cells__engineering__roads="无", nothing__visits=""
    )  # fmt: skip
    visits = next(one for one in book.sheets if one.at(0, 0) == "rows:visits")
    visits.rows[layout.ROWS_FIRST] = {1: "2026-04-08", 2: "副县长王某", 3: "城东客运站", 4: "2"}
    sent = parse(book)
    trial = tried(month, "county", record, sent)
    assert {one.place for one in trial.comparison.changes} == {
        "cells.help.visits", "cells.engineering.lifts", "cells.engineering.roads", "nothing.visits", "rows.visits",
    }  # fmt: skip
    assert ("blank", "engineering.lifts") in {(one.check, one.cells[0]) for one in trial.verdict.troubles if one.cells}
    assert month.fresh(record).values == record.values
    saved = save(month, "county2", record, sent)
    cells = saved.values["cells"]
    assert (cells["help.visits"]["typed"], cells["help.visits"]["way"], cells["help.visits"]["by"]) == (
        "5家次",
        "sheet",
        "county2某",
    )
    assert cells["engineering.roads"]["value"] is None
    assert "engineering.lifts" not in cells
    assert cells["help.units"]["by"] == "county某"
    assert saved.values["rows"]["visits"][0]["problems"]["value"] == 2
    assert "visits" not in saved.values["nothing"]
    assert {one["check"] for one in saved.troubles} == {one.check for one in trial.verdict.troubles}


def test_what_others_changed_meanwhile_is_shown_and_nothing_is_lost(month: Month) -> None:
    record = month.saved("county", rows={"visits": [VISIT]}, nothing={"visits": False})
    book = fill(downloaded(month, "county", record), cells__help__visits="8", cells__help__units="4")
    month.do(
        "county2",
        record,
        "save",
        cells={"help.visits": "9", "penalties.cases": 2},
        rows={"visits": [VISIT, {**VISIT, "place": "东关市场"}]},
    )
    visits = next(one for one in book.sheets if one.at(0, 0) == "rows:visits")
    visits.rows[layout.ROWS_FIRST][3] = "城西客运站"
    sent = parse(book)
    found = tried(month, "county", record, sent).comparison
    assert [one.place for one in found.changes] == ["cells.help.units"]
    assert next((one.place, one.before, one.now) for one in found.conflicts) == ("cells.help.visits", "9", "8")
    assert found.conflicts[1].place == "rows.visits"
    with pytest.raises(Conflict):
        save(month, "county", record, sent, seen=["cells.help.visits"])
    kept = save(month, "county", record, sent)
    assert [kept.values["cells"][name]["value"] for name in ("help.visits", "help.units", "penalties.cases")] == [
        9,
        4,
        2,
    ]
    assert len(kept.values["rows"]["visits"]) == 2
    taken = save(month, "county", record, sent, take=["cells.help.visits", "rows.visits"])
    assert taken.values["cells"]["help.visits"]["value"] == 8
    assert [row["place"]["typed"] for row in taken.values["rows"]["visits"]] == ["城西客运站"]


def test_what_both_wrote_alike_is_no_conflict(month: Month) -> None:
    record = month.saved("county")
    book = fill(downloaded(month, "county", record), cells__help__visits="8")
    month.do("county2", record, "save", cells={"help.visits": "8"})
    found = tried(month, "county", record, parse(book)).comparison
    assert (found.changes, found.conflicts) == ([], [])


def test_a_workbook_of_another_return_is_refused_with_the_reason(month: Month) -> None:
    record = month.saved("county")
    sent = parse(downloaded(month, "county", record))
    city = month.actors["city"]
    with clock.at(IN_MAY), scope.acting(city):
        actions.open_month(actor=city, campaign=month.campaign.pk, month=date(2026, 5, 1))
    with pytest.raises(Refused, match=r"2026-04.*2026-05"):
        save(month, "county", month.of("county", date(2026, 5, 1)), sent)
    with pytest.raises(Refused, match="county单位"):
        save(month, "neighbour", month.of("neighbour"), sent)
    from dataclasses import replace

    with pytest.raises(Refused) as refused:
        save(month, "county", record, replace(sent, template=record.pk))
    assert refused.value.code == "returns.other_template"


@pytest.mark.parametrize(
    "who", ["city", "town", "department", "office", "inspector", "auditor", "neighbour", "leader", "citizen"]
)
def test_only_the_unit_saves(month: Month, who: str) -> None:
    record = month.saved("county")
    sent = parse(fill(downloaded(month, "county", record), cells__help__visits="8"))
    with pytest.raises((Forbidden, NotFound)):
        save(month, who, record, sent)
    assert month.fresh(record).values == record.values


def test_what_is_handed_in_takes_no_workbook(month: Month) -> None:
    record = month.passed("county")
    sent = parse(fill(downloaded(month, "county", record), cells__help__visits="8"))
    with pytest.raises(WrongState):
        save(month, "county", record, sent)


def _strange(**options: Any) -> bytes:
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for (row, column), text in options.get("cells", {}).items():
            page.write(row, column, text)
    return stream.getvalue()


@pytest.mark.parametrize("cells", [{}, {(0, 0): "项目"}, {(0, 0): layout.MARK}, {(0, 0): layout.MARK, (1, 0): "x", (2, 0): "y", (3, 0): "z"}])  # fmt: skip
def test_a_strange_workbook_is_refused(cells: dict[tuple[int, int], str]) -> None:
    book = read_books([_strange(cells=cells)])[0]
    assert isinstance(book, Book)
    with pytest.raises(Refused) as refused:
        parse(book)
    assert refused.value.code == "returns.not_ours"


def test_one_broken_file_spoils_no_other(month: Month) -> None:
    record = month.saved("county")
    with scope.acting(month.actors["county"]):
        good = sheets.book(sheets.to_fill(record.pk)).getvalue()
    answers = read_books([b"no workbook", good, b"", good[: len(good) // 2]])
    assert [isinstance(one, Book) for one in answers] == [False, True, False, False]


def test_rows_that_were_moved_are_told(month: Month) -> None:
    record = month.saved("county")
    book = downloaded(month, "county", record)
    line = line_of(book, "cells.help.visits")
    book.sheets[0].rows[line].pop(layout.KEY)
    with pytest.raises(Refused) as refused:
        parse(book)
    assert refused.value.code == "returns.torn"
    book = downloaded(month, "county", record)
    next(one for one in book.sheets if one.at(0, 0) == "rows:visits").rows[layout.ROWS_FIRST] = {40: "x"}
    with pytest.raises(Refused):
        parse(book)


def test_a_district_takes_the_workbooks_of_its_units_away(month: Month) -> None:
    month.saved("county")
    county = month.actors["county"]
    stream = BytesIO()
    with scope.acting(county):
        rows = sheets.written_in(county, month.campaign.pk, date(2026, 4, 1))
        sheets.books(rows, stream)
    names = [name for name, _body in unpacked("x.zip", stream.getvalue())]
    assert sorted(names) == ["county单位-2026-04.xlsx", "town单位-2026-04.xlsx"]
    found = [
        parse(one)
        for one in read_books([body for _name, body in unpacked("x.zip", stream.getvalue())])
        if isinstance(one, Book)
    ]
    assert {one.record for one in found} == {month.of("county").pk, month.of("town").pk}


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04 nothing", b"x" * 100])
def test_what_is_no_archive_is_refused(body: bytes) -> None:
    with pytest.raises(Refused):
        list(unpacked("x.zip", body))
