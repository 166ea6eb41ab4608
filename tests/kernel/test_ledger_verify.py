"""The check of the whole log: a true one passes, and each thing a superuser could do to it is named."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections, transaction

from anlan.files.actions import store
from anlan.hazards.models import Hazard
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.ledger import after_restore, sequencer, verify_ledger
from anlan.kernel.ledger.evidence import seal_all
from anlan.kernel.ledger.restore import LedgerBroken
from anlan.kernel.models import Leaf, Pending
from tests.factories import City, make_city

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


@pytest.fixture
def city(transactional_db: None, settings: Any, tmp_path: Path) -> Iterator[City]:
    settings.ANLAN_HEADS, settings.ANLAN_KEYS = tmp_path / "heads", tmp_path / "keys"
    settings.ANLAN_FILES = tmp_path / "files"
    sequencer.signing_key.cache_clear()
    yield make_city()
    sequencer.signing_key.cache_clear()


@pytest.fixture
def hazard(city: City) -> Hazard:
    seal_all()
    hazard = city.dispatched()
    seal_all()
    return hazard


TABLES = (
    "kernel_entry",
    "kernel_leaf",
    "kernel_node",
    "kernel_head",
    "hazards_hazard",
    "hazards_photo",
    "hazards_duedate",
)


def as_superuser(statement: str) -> None:
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_a_true_log_passes_with_entries_still_waiting(city: City, hazard: Hazard) -> None:
    city.do(city.principal, hazard, "refuse", digest=digest_of(city, hazard), reason="设备已停用，不属隐患。")
    check = verify_ledger()
    assert check.problems == ()
    with scope.acting(SYSTEM):
        assert (check.size, check.waiting) == (Leaf.objects.count(), 1)
    assert check.files == 1
    assert check.heads >= 1


def digest_of(city: City, hazard: Hazard) -> str:
    from anlan.hazards.sheet import sheet

    with scope.acting(city.principal):
        return sheet(Hazard.objects.get(pk=hazard.pk)).digest


TAMPERINGS = {
    "an entry's words": ("UPDATE kernel_entry SET body = body || ' ' WHERE version = 2", "not the one that was sealed"),
    "an entry gone": ("DELETE FROM kernel_entry WHERE version = 2", "missing from the ledger"),
    "a leaf gone": ("DELETE FROM kernel_leaf WHERE index = 1", "no entry at index 1:"),
    "a node": ("UPDATE kernel_node SET hash = sha256('x') WHERE id = 2::bigint ^ 56", "Node 1/0 of the stored tree"),
    "a head": (
        "UPDATE kernel_head SET document = jsonb_set(document, '{root}', to_jsonb(repeat('00', 32)))",
        "history was rewritten",
    ),
    "heads gone": ("DELETE FROM kernel_head", "newest head stands for 0"),
    "a record": ("UPDATE hazards_hazard SET version = 9", "is at version 9"),
    "a record gone": (
        "DELETE FROM hazards_photo; DELETE FROM hazards_duedate; DELETE FROM hazards_hazard",
        "at version None",
    ),
    "a forgotten entry": ("DELETE FROM kernel_leaf; DELETE FROM kernel_node; DELETE FROM kernel_head", "never sealed"),
}


@pytest.mark.parametrize("kind", TAMPERINGS)
def test_what_a_superuser_did_is_named(hazard: Hazard, kind: str) -> None:
    statement, words = TAMPERINGS[kind]
    as_superuser(statement)
    problems = verify_ledger().problems
    assert any(words in problem for problem in problems), problems


def test_files_that_changed_or_went_are_named(city: City, hazard: Hazard) -> None:
    with scope.acting(SYSTEM):
        file = hazard.photos.get().file
    original = store().path(file.sha256)
    original.chmod(0o600)
    original.write_bytes(b"another picture")
    store().path(file.thumb_sha256).unlink()
    problems = verify_ledger().problems
    assert f"The file {file.sha256} is not what it was: its bytes were changed." in problems
    assert f"The file {file.thumb_sha256} is missing." in problems


def test_a_head_kept_elsewhere_tells_of_a_cut(city: City, hazard: Hazard, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.jsonl"
    elsewhere.write_bytes(sequencer.witness_file().path.read_bytes())
    sequencer.witness_file().path.unlink()
    size = verify_ledger().size
    as_superuser(
        f"DELETE FROM kernel_entry WHERE id = (SELECT entry_id FROM kernel_leaf WHERE index = {size - 1});"
        f" DELETE FROM kernel_leaf WHERE index = {size - 1}; DELETE FROM kernel_head WHERE size = {size};"
        f" DELETE FROM kernel_node WHERE (id % (2::bigint ^ 56)::bigint + 1) << (id / (2::bigint ^ 56)::bigint)::int = {size};"
        " UPDATE hazards_hazard SET version = version - 1"
    )
    more = set(verify_ledger(witness=[elsewhere]).problems) - set(verify_ledger().problems)
    assert any(str(size) in problem for problem in more)


def test_after_a_restore_what_waited_is_sealed_first_and_in_order(city: City, hazard: Hazard) -> None:
    city.do(city.principal, hazard, "refuse", digest=digest_of(city, hazard), reason="设备已停用，不属隐患。")
    city.found()
    with scope.acting(SYSTEM):
        before = list(Pending.objects.order_by("txid", "entry_id").values_list("entry_id", flat=True))
        assert len(before) == 2
        Pending.objects.update(txid=2**40)  # a cluster that had counted much further
        Pending.objects.filter(entry_id=before[1]).update(txid=2**40 + 1)
    assert sequencer.seal() == 0
    sealed = verify_ledger().size
    assert after_restore().waiting == 2
    seal_all()
    with scope.acting(SYSTEM):
        assert list(Leaf.objects.order_by("index").values_list("entry_id", flat=True)[sealed:]) == before
    assert verify_ledger().whole


def test_a_restore_of_something_changed_is_refused_in_words(hazard: Hazard) -> None:
    as_superuser("UPDATE kernel_entry SET body = body || ' ' WHERE version = 1")
    with pytest.raises(LedgerBroken, match="Do not serve from it"):
        after_restore()
