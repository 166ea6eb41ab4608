"""Workbooks into the registry: every bad cell told, all or nothing, once, and by those who may."""

import json
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from anlan.identity import roles
from anlan.identity.models import Organisation, Person, Post
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.codes import make_uscc
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from anlan.kernel.exchange.report import Report
from anlan.kernel.exchange.template import template
from anlan.kernel.models import Entry
from anlan.kernel.refusals import Refused
from anlan.registry import shelf, tidying
from anlan.registry.actions import imports
from anlan.registry.models import Enterprise, Import
from anlan.registry.workbooks import spec, template_choices
from tests.registry.books import book
from tests.registry.conftest import CITY, COUNTY, NEIGHBOUR, NEIGHBOUR_TOWN, TOWN

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
KEEPERS = {"enterprises": "office", "organisations": "system_admin", "people": "security_admin"}


def code(number):
    return make_uscc(number, region=COUNTY)


def loaded(town, kind, path, *, who=None, write=True):
    actor = town[who or KEEPERS[kind]]
    return imports.import_file(actor=actor, kind=kind, path=path, write=write)


def faults(outcome):
    return {fault.cell: fault.reason for fault in outcome.report.faults}


def everything():
    with scope.acting(SYSTEM):
        return [Enterprise.objects.count(), Organisation.objects.count(), Person.objects.count(), Post.objects.count()]


def test_enterprises_are_loaded_with_one_note(town, tmp_path):
    rows = [
        ["甲铸造有限公司", code(1), "尧都区解放路街道", "Industry and trade", 12, None, None, None],
        ["乙\\燃气\t有限公司", code(2), str(TOWN), "城镇燃气", None, 111.523, 36.084, "GCJ-02"],
        ["丙有限公司", code(3), "141002", "gongmao", None, 111.5, 36.1, None],
    ]
    path = book(tmp_path / "a.xlsx", "enterprises", rows)
    before = list(shelf.shelf())
    outcome = loaded(town, "enterprises", path)
    assert outcome.counts == {"enterprises": 3}, faults(outcome)
    with scope.acting(town["office"]):
        first, second, third = Enterprise.objects.order_by("uscc")
        assert (first.region, first.industry_id, first.employees, first.status) == (TOWN, "gongmao", 12, "active")
        assert (second.name, second.industry_id, second.original_system) == ("乙\\燃气 有限公司", "gas", "gcj02")
        assert second.original_lon == Decimal("111.523000") != second.lon
        assert (third.region, third.lon, third.original_lon) == (COUNTY, Decimal("111.500000"), Decimal("111.500000"))
        assert third.created_at == first.created_at
    with scope.acting(SYSTEM):
        note = Entry.objects.get(step="load_import")
    body = json.loads(bytes(note.body))
    assert body["data"]["counts"] == {"enterprises": 3}
    assert len(body["data"]["sha256"]) == 64
    assert list(shelf.shelf()) == before


def test_every_bad_cell_is_told_and_nothing_is_loaded(town, tmp_path):
    taken = town.enterprise(town["n_office"], uscc=code(9), region=NEIGHBOUR_TOWN)
    rows = [
        ["好的有限公司", code(1), "尧都区", "gongmao"],
        ["", code(2), "尧都区", "gongmao"],
        ["校验错", code(3)[:-1] + ("1" if code(3)[-1] != "1" else "2"), "尧都区", "gongmao"],
        ["已登记", taken.uscc, "尧都区", "gongmao"],
        ["重复", code(1), "尧都区", "gongmao"],
        ["邻县", code(5), "曲沃县", "gongmao"],
        ["无此地", code(6), "尧都", "gongmao"],
        ["无此行业", code(7), "尧都区", "法术"],
        ["半个点", code(8), "尧都区", "gongmao", -1, 111.5, None],
        ["数字代码", 91141002, "尧都区", "gongmao", "多"],
    ]
    path = book(tmp_path / "a.xlsx", "enterprises", rows)
    before = everything()
    outcome = loaded(town, "enterprises", path)
    found = faults(outcome)
    assert set(found) == {"A3", "B4", "B5", "B6", "C7", "C8", "D9", "E10", "G10", "B11", "E11"}
    assert "check character" in found["B4"]
    assert found["B5"] == "An enterprise with this credit code is registered already."
    assert found["B6"] == "The same value stands in row 2 already."
    assert found["C7"] == "This region lies outside your territory."
    assert "Did you mean" in found["C8"]
    assert found["G10"] == "A point needs both longitude and latitude."
    assert "leading zeros" in found["B11"]
    assert outcome.counts == {}
    assert everything() == before
    with scope.acting(SYSTEM):
        assert not Entry.objects.filter(step="load_import").exists()


def test_a_regulator_loads_its_own_industries(town, tmp_path):
    path = book(
        tmp_path / "a.xlsx", "enterprises", [["甲站", code(1), "尧都区", "gas"], ["乙站", code(2), "尧都区", "gongmao"]]
    )
    assert faults(loaded(town, "enterprises", path, who="gas")) == {"D3": "Your post does not supervise this industry."}


@pytest.mark.parametrize("kind", list(KEEPERS))
def test_only_its_keepers_import_a_kind(town, tmp_path, kind):
    path = book(tmp_path / "a.xlsx", kind, [["x"]])
    allowed = {"enterprises": {"office", "regulator", "n_office", "n_regulator", "gas", "city"}}.get(
        kind, {KEEPERS[kind], "n_" + KEEPERS[kind]}
    )
    for name, actor in town.people.items():
        if name in allowed:
            assert not loaded(town, kind, path, who=name, write=False).report.ok
            continue
        with pytest.raises(Forbidden):
            imports.import_file(actor=actor, kind=kind, path=path, write=False)
        with scope.acting(actor), pytest.raises(Forbidden):
            imports.send_import(actor=actor, kind=kind, source=path, name="a.xlsx")
    with pytest.raises(Invalid):
        imports.import_file(actor=town["office"], kind="secrets", path=path, write=False)


def test_organisations_with_their_superiors_in_any_order(town, tmp_path):
    rows = [
        ["尧都区燃气股", "department", "尧都区", "尧都区城管局", "城镇燃气、gongmao"],
        ["尧都区城管局", "department", "尧都区", None, None],
    ]
    path = book(tmp_path / "a.xlsx", "organisations", rows)
    outcome = loaded(town, "organisations", path)
    assert outcome.counts == {"organisations": 2, "unchanged": 0}, faults(outcome)
    again = loaded(town, "organisations", path)
    assert again.counts == {"organisations": 0, "unchanged": 2}
    with scope.acting(SYSTEM):
        made = Organisation.objects.get(name="尧都区燃气股")
        assert (made.parent.name, made.industries) == ("尧都区城管局", 1 << 6 | 1 << 4)
        assert Entry.objects.filter(step="create_organisation").count() == 2


def test_wrong_organisations_say_why(town, tmp_path):
    rows = [
        ["甲局", "department", "曲沃县", None, None],
        ["乙局", "department", "尧都区", "没有的局", "法术"],
        ["丙局", "department", "尧都区", "丁局", None],
        ["丁局", "department", "尧都区", "丙局", None],
        ["戊企业", "enterprise", "尧都区", None, None],
    ]
    outcome = loaded(town, "organisations", book(tmp_path / "a.xlsx", "organisations", rows))
    assert set(faults(outcome)) == {"C2", "D3", "E3", "D4", "D5", "B6"}
    assert outcome.counts == {}


def test_people_with_their_posts(town, tmp_path):
    made = town.enterprise()
    loaded(town, "organisations", book(tmp_path / "o.xlsx", "organisations", [["应急局", "department", "尧都区"]]))
    rows = [
        ["wang", "王五", "13800138000", "inspector", "尧都区", "城镇燃气", "应急局"],
        ["Wang", "王五", None, "regulator", "尧都区解放路街道", None, "应急局"],
        ["zhao", "赵六", None, "safety_manager", "尧都区", None, made.uscc],
    ]
    path = book(tmp_path / "a.xlsx", "people", rows)
    outcome = loaded(town, "people", path)
    assert outcome.counts == {"people": 2, "posts": 3, "unchanged": 0}, faults(outcome)
    assert loaded(town, "people", path).counts == {"people": 0, "posts": 0, "unchanged": 3}
    with scope.acting(SYSTEM):
        person = Person.objects.get(username="wang")
        assert not person.has_usable_password()
        assert person.must_change_password
        assert {(post.role, post.industries, post.organisation.name) for post in person.posts.all()} == {
            ("inspector", 1 << 6, "应急局"),
            ("regulator", -1, "应急局"),
        }
        assert Post.objects.get(person__username="zhao").organisation_id == made.pk
        assert Entry.objects.filter(step="give_post").count() == 3


def test_wrong_people_say_why(town, tmp_path):
    town.enterprise()
    theirs = town.enterprise(town["n_office"], region=NEIGHBOUR_TOWN)
    rows = [
        ["a1", "甲", None, "system_admin", "尧都区"],
        ["a2", "乙", None, "inspector", "曲沃县"],
        ["a3", "丙", None, "inspector", "尧都区", None, "没有的局"],
        ["a4", "丁", None, "principal", "尧都区", None, None],
        ["a5", "戊", None, "principal", "尧都区", None, theirs.uscc],
        ["office", "冒名", None, "inspector", "尧都区"],
        ["n_office", "n_office 某", None, "inspector", "尧都区"],
        ["a6", "己", "123", "inspector", "尧都区", None, None, "2026-05-01", "2026-04-01"],
        ["a7", "庚", None, "inspector", "尧都区"],
        ["a7", "辛", None, "leader", "尧都区"],
        ["security_admin", "security_admin 某", None, "leader", "尧都区"],
        ["audit_admin", "audit_admin 某", None, "leader", "尧都区"],
        ["b 1", "壬某", None, "leader", "尧都区"],
        ["b2", "癸某", "0357-2222222", "leader", "尧都区"],
    ]
    before = everything()
    outcome = loaded(town, "people", book(tmp_path / "a.xlsx", "people", rows))
    found = faults(outcome)
    assert set(found) == {"D2", "E3", "G4", "G5", "G6", "A7", "A8", "C9", "I9", "B11", "A12", "A13", "A14", "C15"}
    assert "belongs to office 某" in found["A7"]
    assert "another territory" in found["A8"]
    assert found["B11"] == "In row 10 this account has another name."
    assert everything() == before


@pytest.fixture
def sent(town, tmp_path):
    """`sent(rows)`: a workbook of enterprises the office sent in; the jobs are run by hand."""

    def send(rows, who="office"):
        path = book(tmp_path / "a.xlsx", "enterprises", rows)
        with scope.acting(town[who]):
            return imports.send_import(actor=town[who], kind="enterprises", source=path, name="名单.xlsx")

    return send


def state(record):
    with scope.acting(SYSTEM):
        return Import.objects.get(pk=record.pk)


GOOD = [["甲铸造", code(1), "尧都区", "gongmao"], ["乙铸造", code(2), "尧都区", "gongmao"]]


def test_a_file_is_checked_then_loaded_by_jobs(town, sent):
    office = town["office"]
    record = sent(GOOD)
    with scope.acting(office), pytest.raises(Conflict):
        imports.start_import(actor=office, sent=record.pk)
    imports.check_sent(record.pk)
    assert (state(record).state, state(record).total) == ("ready", 2)
    assert everything()[0] == 0
    with scope.acting(office):
        imports.start_import(actor=office, sent=record.pk)
        assert imports.start_import(actor=office, sent=record.pk).state == "loading"
    imports.load_sent(record.pk)
    done = state(record)
    assert (done.state, done.counts, done.done) == ("loaded", {"enterprises": 2}, 2)
    imports.load_sent(record.pk)
    imports.check_sent(record.pk)
    assert everything()[0] == 2
    assert record.sha256 not in shelf.shelf()
    with scope.acting(SYSTEM):
        assert Entry.objects.filter(step="load_import", subject_id=record.pk).count() == 1


def test_a_faulty_file_keeps_its_report_and_cannot_be_loaded(town, sent):
    record = sent([["甲", "1", "尧都区", "gongmao"]])
    imports.check_sent(record.pk)
    kept = state(record)
    assert kept.state == "faulty"
    assert [fault.cell for fault in Report.from_dict(kept.report).faults] == ["A2", "B2"]
    with scope.acting(town["office"]), pytest.raises(Conflict):
        imports.start_import(actor=town["office"], sent=record.pk)


def test_what_was_registered_meanwhile_is_found_at_the_load(town, sent):
    office = town["office"]
    record = sent(GOOD)
    imports.check_sent(record.pk)
    with scope.acting(office):
        imports.start_import(actor=office, sent=record.pk)
    town.enterprise(uscc=code(2))
    imports.load_sent(record.pk)
    assert state(record).state == "faulty"
    assert everything()[0] == 1


def test_a_load_that_breaks_leaves_nothing_and_can_be_done_again(town, sent, monkeypatch):
    office = town["office"]
    record = sent(GOOD)
    imports.check_sent(record.pk)
    with scope.acting(office):
        imports.start_import(actor=office, sent=record.pk)

    def broken(**_arguments):
        raise RuntimeError("pulled the plug")

    with monkeypatch.context() as patch:
        patch.setattr(imports, "note_import", broken)
        with pytest.raises(RuntimeError):
            imports.load_sent(record.pk)
    assert (everything()[0], state(record).state) == (0, "failed")
    with scope.acting(office):
        imports.start_import(actor=office, sent=record.pk)
    imports.load_sent(record.pk)
    assert (everything()[0], state(record).state) == (2, "loaded")


def test_who_lost_the_post_loads_nothing(town, sent):
    office = town["office"]
    record = sent(GOOD)
    imports.check_sent(record.pk)
    with scope.acting(office):
        imports.start_import(actor=office, sent=record.pk)
    with scope.acting(SYSTEM):
        Post.objects.filter(pk=office.post).update(valid_to="2020-02-01")
    imports.load_sent(record.pk)
    assert (everything()[0], state(record).state) == (0, "failed")
    assert "no longer held" in state(record).trouble


def test_files_nobody_needs_any_more_go(town, sent):
    import os

    record = sent(GOOD)
    path = shelf.path(record.sha256)
    long_ago = clock.now() - timedelta(days=40)
    os.utime(path, (long_ago.timestamp(), long_ago.timestamp()))
    tidying.tidy()
    assert record.sha256 in shelf.shelf()
    with scope.acting(SYSTEM):
        Import.objects.filter(pk=record.pk).update(changed_at=long_ago)
    tidying.tidy()
    assert record.sha256 not in shelf.shelf()
    with scope.acting(SYSTEM):
        assert not Import.objects.exists()


def test_what_is_no_workbook_is_refused_with_words(town, tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_text("no workbook at all")
    with pytest.raises(Refused):
        loaded(town, "enterprises", path)
    with scope.acting(town["office"]):
        record = imports.send_import(actor=town["office"], kind="enterprises", source=path, name="a.xlsx")
    imports.check_sent(record.pk)
    assert state(record).state == "refused"
    assert "Excel" in state(record).trouble


def test_nobody_else_sees_or_starts_an_import(town, sent, django_capture_on_commit_callbacks):
    record = sent(GOOD)
    imports.check_sent(record.pk)
    for name in ("regulator", "n_office", "city", "system_admin", "auditor"):
        with scope.acting(town[name]):
            assert not Import.objects.exists(), name
            with pytest.raises(NotFound):
                imports.start_import(actor=town[name], sent=record.pk)
            with pytest.raises(NotFound):
                imports.discard_import(actor=town[name], sent=record.pk)
    with scope.acting(town["office"]), django_capture_on_commit_callbacks(execute=True):
        imports.discard_import(actor=town["office"], sent=record.pk)
    assert record.sha256 not in shelf.shelf()


@pytest.mark.parametrize("kind", list(KEEPERS))
def test_a_template_offers_the_own_territory_and_says_nothing_when_left_empty(town, tmp_path, kind):
    actor = town[KEEPERS[kind]]
    stream = BytesIO()
    with scope.acting(actor):
        choices = template_choices(kind, actor)
        template(spec(kind), stream, choices=choices)
    assert list(choices["regions"]) == ["尧都区", "尧都区解放路街道"]
    path = tmp_path / "t.xlsx"
    path.write_bytes(stream.getvalue())
    sheets = CalamineWorkbook.from_path(path).sheet_names
    assert str(spec(kind).sheets[0].title) in sheets
    outcome = loaded(town, kind, path)
    assert [fault.code for fault in outcome.report.faults] == ["no_rows"]


def test_two_regions_of_one_name_are_told_apart(town):
    from anlan.identity.models import Region
    from anlan.registry.workbooks import reading_choices

    with scope.acting(SYSTEM):
        Region.objects.create(code=141002002000, name="解放路街道", level="township", parent_id=COUNTY)
        regions = reading_choices("enterprises")["regions"]
    assert regions["尧都区解放路街道 141002001"] == TOWN
    assert "尧都区解放路街道" not in regions
    assert (regions["141000"], regions["曲沃县"]) == (CITY, NEIGHBOUR)


def test_roles_of_administrators_are_not_imported():
    from anlan.registry.workbooks import IMPORTED_ROLES

    assert not set(IMPORTED_ROLES) & (roles.ADMINISTRATORS | {roles.CITIZEN})
