"""The ledger on the real database: sealing, proofs, evidence bundles, and what a superuser's tampering looks like."""

import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections, transaction

from anlan.files.actions import store
from anlan.hazards.models import Hazard
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.ledger.evidence import export_evidence, seal_all
from anlan.kernel.ledger.sequencer import seal, witness_file
from anlan.kernel.models import Entry, Head, Leaf, Pending
from anlan_verify.verify import verify_bundle
from tests.factories import City, make_city

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


@pytest.fixture
def city(transactional_db: None, settings: Any, tmp_path: Path) -> Iterator[City]:
    """A committed city with its own keys, heads and files; emptied afterwards by the owner."""
    from anlan.kernel.ledger import sequencer

    settings.ANLAN_HEADS, settings.ANLAN_KEYS = tmp_path / "heads", tmp_path / "keys"
    sequencer.signing_key.cache_clear()
    yield make_city()
    sequencer.signing_key.cache_clear()


@pytest.fixture
def case(city: City) -> Hazard:
    """A hazard through the loop among other entries, sealed in several batches."""
    city.found()
    seal_all()
    hazard = city.rectified()
    seal_all()
    city.found()
    seal_all()
    return hazard


def judged(city: City, hazard: Hazard, path: Path) -> set[str]:
    """Export as an auditor does and let the stand-alone verifier judge; returns the codes of what is wrong."""
    with scope.acting(city.auditor):
        export_evidence(actor=city.auditor, flow_name="hazard", record_id=hazard.pk, path=path, files=store())
    report = verify_bundle(path, keys=None, witness=[list(witness_file().heads())])
    return {finding.code for finding in report.findings if finding.severity == "error"}


def as_superuser(*statements: str) -> None:
    """What nobody but the database's own superuser could do: triggers off, then any statement."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        tables = ("kernel_entry", "kernel_leaf", "kernel_node", "kernel_head", "hazards_hazard")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_sealing_takes_only_what_no_transaction_in_flight_can_precede(city: City) -> None:
    city.found()
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT pg_current_xact_id()")
            city.found()
            with scope.acting(SYSTEM):
                before = Pending.objects.count()
            seal()
            with scope.acting(SYSTEM):
                assert 0 < Pending.objects.count() < before
            cursor.execute("ROLLBACK")
    finally:
        other.close()
    seal_all()
    with scope.acting(SYSTEM):
        assert Pending.objects.count() == 0
        assert Entry.objects.count() == Leaf.objects.count() == Head.objects.order_by("-size")[0].size


def test_two_sequencers_at_once_do_no_harm(city: City) -> None:
    city.found()
    with scope.acting(SYSTEM), connection.cursor() as cursor:
        from anlan.kernel.ledger.sequencer import LOCK

        other = connections.create_connection("default")
        try:
            with other.cursor() as foreign:
                foreign.execute("BEGIN")
                foreign.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
                cursor.execute("SELECT 1")
                assert seal() == 0
        finally:
            other.close()


def test_a_long_backlog_is_sealed_in_one_go(city: City) -> None:
    """More leaves and nodes than one statement can carry, as after an import or an outage."""
    seal_all()
    before = Head.objects.order_by("-size").first()
    with scope.acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_entry (id, at, subject_type, subject_id, version, step, actor_name, body, leaf)"
            " SELECT gen_random_uuid(), now(), 'test', gen_random_uuid(), 1, 'noted', 'test', n::text::bytea, ''"
            " FROM generate_series(1, 19000) n"
        )
    assert seal() == 19_000
    assert Head.objects.order_by("-size")[0].size == (before.size if before else 0) + 19_000


def test_the_true_bundle_is_accepted(city: City, case: Hazard, tmp_path: Path) -> None:
    assert judged(city, case, tmp_path / "b.zip") == set()
    with zipfile.ZipFile(tmp_path / "b.zip") as bundle:
        assert json.loads(bundle.read("record.json"))["number"] == case.number


ENTRY = "(SELECT id FROM kernel_entry WHERE subject_id = '{id}' AND version = 4)"
REWRITE = (
    "UPDATE kernel_entry SET body = convert_to(replace(convert_from(body, 'UTF8'), '{old}', '{new}'), 'UTF8')"
    " WHERE subject_id = '{id}' AND version = 4"
)


def rewrite(old: str, new: str) -> Callable[[Hazard], list[str]]:
    return lambda hazard: [REWRITE.format(old=old, new=new, id=hazard.pk)]


TAMPERINGS: dict[str, tuple[Callable[[Hazard], list[str]], str]] = {
    "payload": (rewrite("principal", "principle"), "entry.not_in_tree"),
    "actor": (rewrite("principal 某", "somebody 某"), "entry.not_in_tree"),
    "delete": (lambda h: [f"DELETE FROM kernel_entry WHERE subject_id = '{h.pk}' AND version = 4"], "entry.gap"),
    "insert back": (
        lambda h: [
            REWRITE.format(old='"basis":""', new='"basis":"x"', id=h.pk),
            f"UPDATE kernel_entry SET leaf = sha256('\\x00'::bytea || body) WHERE subject_id = '{h.pk}' AND version = 4",
        ],
        "entry.not_in_tree",
    ),
    "edit with the log": (
        lambda h: [
            REWRITE.format(old='"basis":""', new='"basis":"x"', id=h.pk),
            f"UPDATE kernel_entry SET leaf = sha256('\\x00'::bytea || body) WHERE subject_id = '{h.pk}' AND version = 4",
            f"UPDATE kernel_leaf l SET leaf = e.leaf FROM kernel_entry e WHERE e.id = l.entry_id AND e.subject_id = '{h.pk}'",
            f"UPDATE kernel_node n SET hash = l.leaf FROM kernel_leaf l WHERE n.id = l.index AND l.entry_id = {ENTRY.format(id=h.pk)}",
        ],
        "entry.not_in_tree",
    ),
    "tail cut": (
        lambda h: [
            f"DELETE FROM kernel_entry WHERE id IN (SELECT entry_id FROM kernel_leaf WHERE index >= (SELECT min(index) + 3 FROM kernel_leaf l JOIN kernel_entry e ON e.id = l.entry_id WHERE e.subject_id = '{h.pk}'))",
            "DELETE FROM kernel_leaf WHERE entry_id NOT IN (SELECT id FROM kernel_entry)",
            "DELETE FROM kernel_head WHERE size > (SELECT max(index) + 1 FROM kernel_leaf)",
        ],
        "witness.size_behind",
    ),
    "reorder": (
        lambda h: [
            "ALTER TABLE kernel_leaf DROP CONSTRAINT kernel_leaf_entry_id_key",
            (
                f"UPDATE kernel_leaf a SET entry_id = b.entry_id, leaf = b.leaf FROM kernel_leaf b JOIN kernel_entry e ON e.id = b.entry_id"
                f" WHERE e.subject_id = '{h.pk}' AND e.version IN (4, 5) AND a.index <> b.index AND a.index IN (SELECT index FROM kernel_leaf"
                f" JOIN kernel_entry ON id = entry_id WHERE subject_id = '{h.pk}' AND version IN (4, 5))"
            ),
            "ALTER TABLE kernel_leaf ADD CONSTRAINT kernel_leaf_entry_id_key UNIQUE (entry_id)",
        ],
        "entry.not_in_tree",
    ),
    "record edited without a step": (
        lambda h: [f"UPDATE hazards_hazard SET description = 'nothing to see' WHERE id = '{h.pk}'"],
        "record.differs",
    ),
    "state edited": (lambda h: [f"UPDATE hazards_hazard SET state = 'closed' WHERE id = '{h.pk}'"], "record.differs"),
    "due date moved": (
        lambda h: [f"UPDATE hazards_hazard SET rectify_due = '2030-01-01' WHERE id = '{h.pk}'"],
        "record.differs",
    ),
}


@pytest.mark.parametrize("kind", TAMPERINGS)
def test_a_superusers_tampering_is_named(city: City, case: Hazard, tmp_path: Path, kind: str) -> None:
    tamper, code = TAMPERINGS[kind]
    as_superuser(*tamper(case))
    assert code in judged(city, case, tmp_path / "b.zip")


def test_a_microsecond_of_time_is_named(city: City, case: Hazard, tmp_path: Path) -> None:
    with scope.acting(SYSTEM):
        at = Entry.objects.get(subject_id=case.pk, version=4).at.isoformat(timespec="microseconds")
    moved = at[:-7] + ("1" if at[-7] != "1" else "2") + at[-6:]
    as_superuser(REWRITE.format(old=f'"at":"{at}"', new=f'"at":"{moved}"', id=case.pk))
    assert "entry.not_in_tree" in judged(city, case, tmp_path / "b.zip")


def test_a_swapped_photo_is_named(city: City, case: Hazard, tmp_path: Path) -> None:
    with scope.acting(city.auditor):
        digest = case.photos.first().file.sha256
    path = store().path(digest)
    path.chmod(0o600)
    path.write_bytes(b"another picture")
    assert "file.changed" in judged(city, case, tmp_path / "b.zip")


def test_a_bare_state_change_is_refused_by_the_database(city: City) -> None:
    from django.db import DatabaseError

    hazard = city.found()
    with pytest.raises(DatabaseError, match="no step announced"), scope.acting(city.regulator):
        Hazard.objects.filter(pk=hazard.pk).update(state="closed")
    with pytest.raises(DatabaseError, match="no step announced"), scope.acting(city.regulator):
        Hazard.objects.filter(pk=hazard.pk).update(description="another")
    with pytest.raises(DatabaseError, match="never deleted"), scope.acting(city.regulator):
        Hazard.objects.filter(pk=hazard.pk)._raw_delete("default")


def test_an_announced_change_without_entry_does_not_commit(city: City) -> None:
    from django.db import DatabaseError

    hazard = city.found()
    with (
        pytest.raises(DatabaseError, match="left no ledger entry"),
        scope.acting(city.regulator),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT set_config('anlan.step', %s, true)", [f"{hazard.pk} 2 amend"])
        cursor.execute("UPDATE hazards_hazard SET version = 2, description = 'silently' WHERE id = %s", [hazard.pk])
