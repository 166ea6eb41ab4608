"""Changing the calendar: by its keeper alone, checked, in the ledger, and in force at once."""

import re
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from anlan.identity import roles
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.calendar import working_days
from anlan.kernel.calendar_actions import Day, may_keep, put_back_day, set_day, set_year, switch_provisional, year_id
from anlan.kernel.calendar_notice import read_days, read_workbook
from anlan.kernel.clock import SHANGHAI
from anlan.kernel.codes import subtree
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from anlan.kernel.ledger.read import acts
from anlan.kernel.models import CalendarYear
from tests.factories import CITY, City
from tests.site.pages import client_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
NOTICE = """2028-01-25~2028-01-31 off 春节
2028年1月22日 上班 春节调休

2028/10/1 至 2028/10/3\t休\t国庆节
"""


@pytest.fixture
def keeper(city: City) -> Actor:
    return replace(city.system_admin, region=CITY, regions=(subtree(CITY),))


def test_only_the_whole_citys_administrator_keeps_it(city: City, keeper: Actor) -> None:
    assert may_keep(keeper)
    for actor in city.actors.values():
        assert not may_keep(actor)
        with scope.acting(actor), pytest.raises(Forbidden):
            set_day(actor=actor, day=date(2026, 11, 23), works=False, name="x")


def test_a_notice_is_read_as_it_is_pasted() -> None:
    days = read_days(NOTICE)
    assert len(days) == 11
    assert Day(day=date(2028, 1, 22), works=True, name="春节调休") in days
    assert Day(day=date(2028, 10, 3), works=False, name="国庆节") in days


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2028-13-01 off x", 1),
        ("2028-01-01 off 元旦\n2028-01-02 maybe x", 2),
        ("2028-01-05~2028-01-01 off x", 1),
        ("x", 1),
    ],
)
def test_a_line_that_cannot_be_read_is_named(text: str, number: int) -> None:
    with pytest.raises(Invalid) as refused:
        read_days(text)
    assert str(number) in str(refused.value.fields["days"][0])


def test_a_year_is_loaded_counts_at_once_and_is_in_the_ledger(city: City, keeper: Actor) -> None:
    assert working_days().through == date(2027, 12, 31)
    with scope.acting(keeper):
        assert set_year(actor=keeper, year=2028, source="国办发明电〔2027〕9号", days=read_days(NOTICE)) == 11
        days = working_days()
        assert days.through == date(2028, 12, 31)
        assert not days.is_workday(date(2028, 1, 25))
        assert days.is_workday(date(2028, 1, 22))
        assert CalendarYear.objects.get(pk=2028).status == "official"
        [act] = acts(year_id(2028))
    assert act.step == "set_year"
    assert len(act.changes["days"][1]) == 11


@pytest.mark.parametrize(
    ("year", "days", "field"),
    [
        (2030, NOTICE, "year"),
        (1990, NOTICE, "year"),
        (2028, "2027-01-01 off x", "days"),
        (2028, "2028-01-01 off x\n2028-01-01 work y", "days"),
        (2028, "", "days"),
    ],
)
def test_a_wrong_year_is_refused_with_its_reason(city: City, keeper: Actor, year: int, days: str, field: str) -> None:
    with scope.acting(keeper), pytest.raises(Invalid) as refused:
        set_year(actor=keeper, year=year, source="x", days=read_days(days))
    assert field in refused.value.fields
    assert not CalendarYear.objects.filter(pk=year).exists()


def test_a_provisional_year_goes_on_and_off(city: City, keeper: Actor) -> None:
    with scope.acting(keeper):
        switch_provisional(actor=keeper, year=2028, on=True)
        assert working_days().through.year == 2028
        with pytest.raises(Conflict):
            switch_provisional(actor=keeper, year=2028, on=True)
        switch_provisional(actor=keeper, year=2028, on=False)
        assert working_days().through.year == 2027
        with pytest.raises(Conflict):
            switch_provisional(actor=keeper, year=2027, on=False)
        with pytest.raises(NotFound):
            switch_provisional(actor=keeper, year=2028, on=False)


def test_a_day_is_changed_and_put_back(city: City, keeper: Actor) -> None:
    monday = date(2026, 11, 30)
    before = working_days().add(datetime(2026, 11, 27, 9, tzinfo=SHANGHAI), 1)
    with scope.acting(keeper):
        set_day(actor=keeper, day=monday, works=False, name="停电检修")
        assert working_days().add(datetime(2026, 11, 27, 9, tzinfo=SHANGHAI), 1) > before
        put_back_day(actor=keeper, day=monday)
        assert working_days().add(datetime(2026, 11, 27, 9, tzinfo=SHANGHAI), 1) == before
        with pytest.raises(NotFound):
            put_back_day(actor=keeper, day=monday)
        with pytest.raises(Invalid):
            set_day(actor=keeper, day=date(2031, 1, 1), works=False, name="x")


def test_the_pages_take_what_is_typed_and_say_what_is_wrong(city: City) -> None:
    with scope.acting(SYSTEM):
        post = city.posts["system_admin"]
        assert post.role == roles.SYSTEM_ADMIN
        post.region = CITY
        post.save()
    client = client_of(city, "system_admin")
    typed = {"year": "2028", "source": "国办发明电〔2027〕9号", "days": "2028-01-25 perhaps 春节"}
    refused = client.post("/calendar/year/", typed)
    assert refused.status_code == 422
    assert "perhaps" in refused.content.decode()
    assert "Line 1" in refused.content.decode()
    assert client.post("/calendar/year/", typed | {"days": NOTICE}).headers["Location"] == "/calendar/?year=2028"
    client.post("/calendar/day/", {"day": "2028-02-01", "works": "no", "name": "停工"})
    assert "停工" in client.get("/calendar/?year=2028").content.decode()
    client.post("/calendar/day/forget/", {"day": "2028-02-01"})
    assert "停工" not in client.get("/calendar/?year=2028").content.decode()
    page = client.get("/calendar/?start=2026-09-30&n=1").content.decode()
    assert "2026-10-02" in page  # the small city knows only 1 October as a holiday
    assert client_of(city, "n_system_admin").get("/calendar/year/").status_code == 403
    assert client_of(city, "office").get("/calendar/day/").status_code == 403


def workbook(path: Path, rows: list[tuple[object, ...]]) -> Path:
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("Sheet1")
        for number, row in enumerate([("日期", "类型", "名称"), *rows]):
            sheet.write_row(number, 0, row)
    return path


def test_a_workbook_is_read_like_the_lines(tmp_path: Path) -> None:
    good = workbook(tmp_path / "good.xlsx", [(date(2028, 1, 25), "休", "春节"), ("2028-01-22", "班", "春节调休")])
    assert read_workbook(good) == [
        Day(day=date(2028, 1, 25), works=False, name="春节"),
        Day(day=date(2028, 1, 22), works=True, name="春节调休"),
    ]
    bad = workbook(tmp_path / "bad.xlsx", [("soon", "休", "春节"), (date(2028, 1, 26), "perhaps", "春节")])
    with pytest.raises(Invalid) as refused:
        read_workbook(bad)
    assert [str(one).split(":")[0] for one in refused.value.fields["file"]] == ["A2", "B3"]


def test_a_workbook_is_taken_on_the_page_and_a_false_one_refused(city: City, tmp_path: Path) -> None:
    with scope.acting(SYSTEM):
        post = city.posts["system_admin"]
        post.region = CITY
        post.save()
    client = client_of(city, "system_admin")
    path = workbook(tmp_path / "days.xlsx", [(date(2028, 1, 25), "休", "春节")])
    typed = {"year": "2028", "source": "国办发明电〔2027〕9号"}
    with path.open("rb") as file:
        taken = client.post("/calendar/year/", typed | {"file": file})
    assert taken.status_code == 302, re.findall(r"form-error.*", taken.content.decode())
    path.write_bytes(b"no workbook")
    with path.open("rb") as file:
        assert client.post("/calendar/year/", typed | {"file": file}).status_code == 422
