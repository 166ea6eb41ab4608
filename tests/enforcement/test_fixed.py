"""What is numbered is fixed: in the database itself, against whoever writes past the verbs."""

import pytest
from django.db import DatabaseError, connections, transaction

from anlan.enforcement.models import Instrument
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from tests.enforcement.conftest import Bench

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
WORDS = (
    "fields = '{}'",
    "addressee = 'x'",
    "number = 'x'",
    '"order" = 99',
    "pdf_digest = 'x'",
    "kind = 'exposure'",
    "approver_id = NULL",
)


def write(record: Instrument, change: str) -> None:
    with scope.acting(SYSTEM), transaction.atomic(), connections["default"].cursor() as cursor:
        # As a step would announce itself, so that only the words' own guard is in the way.
        cursor.execute("SELECT set_config('anlan.step', %s, true)", [f"{record.pk} {record.version + 1} remind"])
        cursor.execute(f"UPDATE enforcement_instrument SET {change}, version = version + 1 WHERE id = %s", [record.pk])


@pytest.mark.parametrize("change", WORDS)
def test_no_sql_changes_the_words_of_a_numbered_one(bench: Bench, change: str) -> None:
    record = bench.numbered()
    with pytest.raises(DatabaseError, match="its words are fixed"):
        write(record, change)


def test_a_served_ones_service_is_fixed_too(bench: Bench) -> None:
    record = bench.served()
    for change in ("served_on = '2020-01-01'", "way = 'post'", "known_to_id = NULL", "answer_due = NULL"):
        with pytest.raises(DatabaseError, match="its service is fixed"):
            write(record, change)


def test_versions_services_and_answers_are_only_ever_added(bench: Bench) -> None:
    bench.answered()
    for table in ("enforcement_text", "enforcement_service", "enforcement_answer"):
        for statement in (f"UPDATE {table} SET at = now()", f"DELETE FROM {table}"):
            with pytest.raises(DatabaseError), scope.acting(SYSTEM), connections["default"].cursor() as cursor:
                cursor.execute(statement)


def test_no_step_no_change(bench: Bench) -> None:
    record = bench.draft()
    with (
        pytest.raises(DatabaseError, match="no step announced"),
        scope.acting(SYSTEM),
        connections["default"].cursor() as cursor,
    ):
        cursor.execute("UPDATE enforcement_instrument SET state = 'approved' WHERE id = %s", [record.pk])
