"""The database refuses by itself: scope, append-only tables, unannounced changes."""

import pytest
from django.db import connection

from anlan.kernel import guards, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import write_note
from anlan.kernel.models import Entry

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_all_guards_stand() -> None:
    assert guards.problems() == []


def test_every_table_declares_its_scope() -> None:
    assert guards.undeclared() == []


def test_no_scope_means_no_rows() -> None:
    with scope.acting(SYSTEM):
        write_note(
            actor=SYSTEM, subject_type="test", subject_id=new_id(), step="noted", region=141002000000, industry_bit=1
        )
        assert Entry.objects.count() == 1
    assert Entry.objects.count() == 0


@pytest.mark.parametrize(
    ("regions", "mask", "seen"),
    [
        (((141002000000, 141003000000),), -1, 1),
        (((141002000000, 141003000000),), 0b01, 0),
        (((141021000000, 141022000000),), -1, 0),
        ((), -1, 0),
    ],
)
def test_scope_is_region_and_industry(regions: tuple[tuple[int, int], ...], mask: int, seen: int) -> None:
    with scope.acting(SYSTEM):
        write_note(
            actor=SYSTEM, subject_type="test", subject_id=new_id(), step="noted", region=141002001000, industry_bit=1
        )
    with scope.acting(Actor(regions=regions, industries=mask, role="regulator")):
        assert Entry.objects.count() == seen


def test_entries_are_never_changed_or_deleted() -> None:
    from django.db import ProgrammingError, transaction

    with scope.acting(SYSTEM):
        write_note(actor=SYSTEM, subject_type="test", subject_id=new_id(), step="noted")
        for verb in ("UPDATE kernel_entry SET step = 'x'", "DELETE FROM kernel_entry", "TRUNCATE kernel_entry"):
            with (
                pytest.raises(ProgrammingError, match="permission denied"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(verb)
