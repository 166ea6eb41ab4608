"""What stands on the plaza, and that nothing else can be read there, not even by a page with a wrong query."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from anlan.files.models import File
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.flow.clockwork import tick
from anlan.kernel.scope import Scoped, scopes
from anlan.reports.models import PublicPhoto, PublicReport, Report, ReportPhoto, Seal
from anlan.reports.plaza.keeping import PLAZA, content_version, fold_changes
from tests.reports.conftest import NAME, PHONE
from tests.reports.plaza.conftest import PLACE, SECRET, WORDS, Plaza, on_the_plaza

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def only() -> PublicReport:
    with scope.acting(PLAZA):
        return PublicReport.objects.get()


def test_a_report_stands_there_once_a_person_has_looked_at_it(plaza: Plaza) -> None:
    sent = plaza.send(words=SECRET)
    assert on_the_plaza() == set()
    shown = plaza.shown()
    assert on_the_plaza() == {shown.number}
    assert sent.number != shown.number


def test_what_is_withdrawn_held_or_a_duplicate_leaves_it_at_once(plaza: Plaza) -> None:
    report, other = plaza.shown(photos=1), plaza.shown()
    with scope.acting(PLAZA):
        assert PublicPhoto.objects.count() == 1
    plaza.edit(report, public=False)
    assert on_the_plaza() == {other.number}
    with scope.acting(PLAZA):
        assert PublicPhoto.objects.count() == 0
    plaza.edit(report)
    assert on_the_plaza() == {report.number, other.number}
    plaza.do(plaza.city.dispatcher, other, "duplicate", of=report.pk)
    assert on_the_plaza() == {report.number}


class UndoneError(Exception):
    """Takes back what a test wrote past the verbs."""


def test_a_held_report_is_not_there_whatever_else_it_says(plaza: Plaza) -> None:
    report = plaza.shown()
    assert on_the_plaza() == {report.number}
    with pytest.raises(UndoneError), scope.acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('anlan.step', id || ' ' || version + 1 || ' edit_public', true) FROM reports_report WHERE id = %s",
            [report.pk],
        )
        cursor.execute("UPDATE reports_report SET held = true, version = version + 1 WHERE id = %s", [report.pk])
        assert on_the_plaza() == set()
        raise UndoneError


def test_whoever_reads_the_plaza_sees_no_row_of_any_scoped_table(plaza: Plaza) -> None:
    plaza.shown(photos=1)
    filled: set[str] = set()
    seen: set[str] = set()
    for table in sorted(table for table, rule in scopes.items() if isinstance(rule, Scoped)):
        for actor, found in ((SYSTEM, filled), (PLAZA, seen)):
            with scope.acting(actor), connection.cursor() as cursor:
                cursor.execute(f"SELECT count(*) FROM {table}")
                if cursor.fetchone()[0]:
                    found.add(table)
    assert {
        "reports_report",
        "reports_seal",
        "reports_reportphoto",
        "files_file",
        "identity_person",
        "kernel_entry",
    } <= filled
    assert seen == set()


def test_no_query_of_the_plaza_can_find_what_was_sent(plaza: Plaza) -> None:
    """Every column of every row, as a page with a wrong filter would read them."""
    report = plaza.shown(photos=1)
    with scope.acting(SYSTEM):
        seal, photo = Seal.objects.get(), ReportPhoto.objects.get()
        file = File.objects.get(pk=photo.file_id)
    with scope.acting(PLAZA), connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_jsonb(r)::text FROM reports_publicreport r UNION ALL SELECT to_jsonb(p)::text FROM reports_publicphoto p"
        )
        text = " ".join(row for (row,) in cursor.fetchall())
        assert Report.objects.filter(pk=report.pk).count() == 0
        assert Seal.objects.count() == File.objects.count() == 0
    assert WORDS in text
    assert PLACE in text
    for secret in (
        SECRET,
        NAME,
        PHONE,
        "三号楼",
        "111.518912",
        "36.088437",
        str(seal.person_id),
        seal.digest,
        file.sha256,
        str(file.pk),
    ):
        assert secret not in text


def test_the_application_cannot_write_on_the_plaza(plaza: Plaza) -> None:
    report = plaza.shown(photos=1)
    for statement in (
        "UPDATE reports_publicreport SET words = 'x'", "DELETE FROM reports_publicphoto", "DELETE FROM reports_publicreport",
        "INSERT INTO reports_publicreport (id, number) VALUES (gen_random_uuid(), 'x')",
        f"SELECT anlan_plaza_show('{report.pk}')",
    ):  # fmt: skip
        for actor in (PLAZA, SYSTEM):
            with scope.acting(actor), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)


def test_a_place_is_rounded_and_figures_of_a_person_are_blanked(plaza: Plaza) -> None:
    plaza.shown(
        "联系人13800138000，或0357-2021234，身份证14260119900101123X，2026-11-22三楼", place="座机 03572021234 旁"
    )
    row = only()
    assert (row.lon, row.lat) == (Decimal("111.519"), Decimal("36.088"))
    assert row.words == "联系人***，或***，身份证***，2026-11-22三楼"
    assert row.place == "座机 *** 旁"
    assert "138001" not in row.search


@pytest.mark.parametrize(
    "number",
    ["+8613800138000", "86 138 0013 8000", "138.0013.8000", "１３８　００１３　８０００", "一三八零零一三八零零零", "(0357)2021234",
     "6222021234567890123", "110101 19900307 4514"],
)  # fmt: skip
def test_a_number_is_blanked_however_it_is_written(plaza: Plaza, number: str) -> None:
    plaza.shown(f"出口上锁，找我{number}，谢谢", place=f"门口{number}")
    assert (only().words, only().place) == ("出口上锁，找我***，谢谢", "门口***")


def test_dates_and_numbers_of_things_stay(plaza: Plaza) -> None:
    words = "2026-11-22 10:30，3号楼2单元501室，限重1380公斤，电梯编号301101050"
    plaza.shown(words)
    assert only().words == words


def test_the_answer_is_there_when_it_was_given(plaza: Plaza) -> None:
    report = plaza.shown()
    report = plaza.do(plaza.city.dispatcher, report, "dispatch", unit=plaza.unit.pk)
    assert (only().state, only().unit) == ("dispatched", plaza.unit.name)
    report = plaza.do(
        plaza.inspector, report, "unfounded", reason="现场查看，通道畅通。", words="门锁已开，无堆物。",
        photos=[plaza.photo(plaza.inspector)],
    )  # fmt: skip
    plaza.do(plaza.city.office, report, "review", answer="经核查通道畅通，感谢。")
    assert only().answer == ""
    tick()
    assert (only().state, only().answer, only().outcome) == ("answered", "经核查通道畅通，感谢。", "unfounded")
    plaza.do(plaza.reporter, report, "contest", words="现在还是锁着的，请再看看。")
    assert (only().state, only().answer) == ("screened", "")


def test_a_picture_is_there_only_while_it_is_shown(plaza: Plaza) -> None:
    report = plaza.shown(photos=2)
    with scope.acting(SYSTEM):
        first, second = ReportPhoto.objects.filter(report=report).order_by("at", "id").values_list("pk", flat=True)
    assert only().cover in (first, second)
    plaza.edit(report, shown=[second])
    with scope.acting(PLAZA):
        assert list(PublicPhoto.objects.values_list("pk", flat=True)) == [second]
    assert only().cover == second
    plaza.edit(report, shown=[])
    assert only().cover is None


def test_the_version_grows_with_every_change_and_outlives_folding(plaza: Plaza) -> None:
    with scope.acting(PLAZA):
        before = content_version()
    report = plaza.shown()
    with scope.acting(PLAZA):
        after = content_version()
    assert after > before
    assert fold_changes() == after - before
    with scope.acting(PLAZA):
        assert content_version() == after
    plaza.edit(report, public=False)
    with scope.acting(PLAZA):
        assert content_version() > after


def test_a_report_that_was_never_public_changes_nothing(plaza: Plaza) -> None:
    with scope.acting(PLAZA):
        before = content_version()
    plaza.do(plaza.city.dispatcher, plaza.send(), "decline", reason="不属于安全生产事项。")
    with scope.acting(PLAZA):
        assert content_version() == before
