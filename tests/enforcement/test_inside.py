"""How an instrument came about is the issuing side's own: remarks, reasons, drafters, and who reported it."""

import pytest

from anlan.enforcement.models import Instrument
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.flow.clockwork import tick
from anlan.kernel.ledger.read import acts
from anlan.kernel.models import Entry
from anlan_verify import canonical
from tests.enforcement.conftest import Bench
from tests.enforcement.test_hostile import criticism, member
from tests.factories import City

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.fixture
def city(bench: Bench) -> City:
    return bench.city


SECRET = "别让对方知道"
OPEN_STEPS = {"serve", "confirm", "answer"}


def whole_way(bench: Bench, record: Instrument, answerer: Actor) -> Instrument:
    record = bench.do(bench.regulator, record, "review", remark=f"{SECRET}一")
    record = bench.do(bench.leader, record, "send_back", reason=f"{SECRET}二")
    fields = record.fields
    record = bench.do(bench.inspector, record, "amend", fields=fields, remark=f"{SECRET}三")
    record = bench.do(bench.regulator, record, "review")
    record = bench.do(bench.office, bench.do(bench.leader, record, "approve", remark=f"{SECRET}四"), "number")
    record = bench.do(bench.inspector, record, "serve", **bench.handing())
    assert record.due_at is not None
    tick(record.due_at)
    record = bench.do(answerer, record, "answer", words="已整改。")
    return bench.do(bench.inspector, record, "put_to_file", remark=f"{SECRET}五")


def read_by(actor: Actor, record: Instrument) -> tuple[set[str], bytes]:
    """Steps whose entries the reader gets past every page, and all their bytes."""
    with scope.acting(actor):
        rows = list(Entry.objects.filter(subject_id=record.pk))
        assert {one.step for one in rows} == {one.step for one in acts(record.pk)}
    return {one.step for one in rows}, b"".join(bytes(one.body) for one in rows)


def test_the_enterprise_reads_no_entry_of_how_it_came_about(bench: Bench) -> None:
    record = whole_way(bench, bench.draft(), bench.principal)
    steps, words = read_by(bench.principal, record)
    assert steps == OPEN_STEPS - {"confirm"}
    assert SECRET.encode() not in words
    steps, words = read_by(bench.inspector, record)
    assert {"draft", "review", "send_back", "amend", "approve", "number", "put_to_file"} <= steps
    assert words.count(SECRET.encode()) >= 5


def test_nor_does_the_unit_it_was_written_to(bench: Bench) -> None:
    record = whole_way(bench, criticism(bench), member(bench))
    steps, words = read_by(member(bench), record)
    assert steps <= OPEN_STEPS
    assert SECRET.encode() not in words
    assert "send_back" in read_by(bench.regulator, record)[0]
    assert read_by(bench.city.actors["n_regulator"], record)[0] == set()


def test_what_is_hidden_stays_in_the_chain(bench: Bench) -> None:
    record = whole_way(bench, bench.draft(), bench.principal)
    with scope.acting(SYSTEM):
        rows = list(Entry.objects.filter(subject_id=record.pk).order_by("version"))
    before = None
    for row in rows:
        assert canonical.loads(bytes(row.body))["prev"] == before
        before = bytes(row.leaf).hex()
