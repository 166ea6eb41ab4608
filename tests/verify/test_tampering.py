"""
What a superuser of the database can do before the export, and that the verifier names it.

Each tampering is made in twelve variations: another story, another place, another value.
"""

import zipfile
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from anlan_verify import heads, merkle
from tests.verify.ledger_model import LedgerModel
from tests.verify.tampering import TAMPERINGS, back_dated, delete_with_key, edit_with_key, payload, tail_cut

SEEDS = range(12)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_true_bundle_is_accepted(seed, tmp_path):
    model = LedgerModel(seed)
    report = model.judge(model.export(tmp_path / "true.zip"))
    assert report.findings == ()
    assert report.facts["entries"] == 8
    assert report.facts["files"] == 8
    assert report.facts["witness_given"]["compared"] > 0


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda tamper: tamper.__name__)
def test_tampering_is_refused_and_named(tamper, seed, tmp_path):
    model = LedgerModel(seed)
    tamper(model)
    report = model.judge(model.export(tmp_path / "tampered.zip"))
    assert not report.accepted
    assert report.codes() >= TAMPERINGS[tamper], [finding.message("en") for finding in report.findings]


WITHOUT_OUTSIDE = [
    tamper
    for tamper, codes in TAMPERINGS.items()
    if not codes & {"witness.size_behind", "witness.root_differs", "head.key_unknown"}
]


@pytest.mark.parametrize("tamper", WITHOUT_OUTSIDE, ids=lambda tamper: tamper.__name__)
def test_most_tampering_shows_in_the_bundle_alone(tamper, tmp_path):
    model = LedgerModel(3)
    tamper(model)
    report = model.judge(model.export(tmp_path / "tampered.zip", witness=[]), keys=None, witness=None)
    assert not report.accepted


@pytest.mark.parametrize("tamper", [edit_with_key, tail_cut, delete_with_key], ids=lambda tamper: tamper.__name__)
def test_a_rewrite_by_a_holder_of_the_key_shows_only_against_outside_heads(tamper, tmp_path):
    model = LedgerModel(3)
    tamper(model)
    path = model.export(tmp_path / "tampered.zip", witness=[])
    alone = model.judge(path, keys=None, witness=None)
    assert alone.accepted, "this is the limit the documentation states"
    assert alone.codes() == {"head.unpinned", "witness.none"}
    outside = model.judge(path)
    assert not outside.accepted
    assert outside.codes() & {"witness.root_differs", "witness.size_behind", "witness.unproved"}


@pytest.mark.parametrize("seed", SEEDS)
def test_back_dating_by_the_sequencer_itself_is_remarked(seed, tmp_path):
    model = LedgerModel(seed)
    back_dated(model)
    assert "entry.sealed_late" in model.judge(model.export(tmp_path / "late.zip")).codes()


def test_everything_made_anew_with_another_key(tmp_path):
    model = LedgerModel(5)
    key = Ed25519PrivateKey.generate()
    payload(model)
    model.relink()
    model.rebuild(key)
    pem = heads.public_pem(key.public_key())
    path = model.export(tmp_path / "b.zip", witness=model.tables.heads, key=pem)
    assert model.judge(path, keys=None, witness=None).accepted
    assert "head.key_unknown" in model.judge(path, witness=None).codes()
    codes = model.judge(path, keys=None).codes()
    assert codes >= {"witness.key_unknown"}


def test_an_old_head_does_not_hide_what_was_witnessed_later(tmp_path):
    """Exporting against a stale head, though a later one was kept before the export."""
    model = LedgerModel(6)
    model.ids.append("another")
    model.step("another")
    stale = model.tables.heads[-1]
    model.seal()
    model.tables.heads.append(stale)
    report = model.judge(model.export(tmp_path / "stale.zip", witness=model.witness[:-1]))
    assert report.codes() == {"witness.size_behind"}


def test_heads_kept_after_the_export_do_not_disturb(tmp_path):
    model = LedgerModel(7)
    path = model.export(tmp_path / "early.zip")
    model.clock += timedelta(hours=1)
    model.ids.append("another")
    model.step("another")
    model.seal()
    report = model.judge(path)
    assert report.findings == ()
    assert report.facts["witness_given"]["later"] == 1


def test_an_outside_head_without_proof_is_asked_for(tmp_path):
    model = LedgerModel(8)
    path = model.export(tmp_path / "b.zip", witness=[])
    report = model.judge(path)
    assert report.codes() == {"witness.unproved"}


def test_outside_heads_of_another_log_prove_nothing(tmp_path):
    model = LedgerModel(8)
    path = model.export(tmp_path / "b.zip")
    other = heads.sign_head(Ed25519PrivateKey.generate(), log="county", size=1, root=bytes(32), at=model.clock)
    assert model.judge(path, witness=[[other]]).codes() == {"witness.absent"}
    assert model.judge(path, witness=[[]]).codes() == {"witness.absent"}
    assert model.judge(path, witness=[[*model.witness, None]]).codes() == {"witness.unreadable"}


def test_outside_heads_that_contradict_each_other(tmp_path):
    model = LedgerModel(9)
    path = model.export(tmp_path / "b.zip")
    first = model.witness[0]
    report = model.judge(path, witness=[[*model.witness, first]])
    assert report.codes() == {"witness.inconsistent"} | (
        {"witness.unproved"} if first.size not in _proved(path) else set()
    )


def _proved(path):
    with zipfile.ZipFile(path) as archive:
        return {int(name[12:-5]) for name in archive.namelist() if name.startswith("consistency/")}


def test_a_digest_printed_on_a_document(tmp_path):
    model = LedgerModel(10)
    leaves = [merkle.leaf_hash(row.raw).hex() for row in model.rows()]
    assert model.judge(model.export(tmp_path / "b.zip"), leaves=leaves).findings == ()
    delete_with_key(model)
    path = model.export(tmp_path / "cut.zip", witness=[])
    assert model.judge(path, keys=None, witness=None, leaves=leaves).codes() >= {"leaf.absent"}


def test_one_person_in_two_parts_is_remarked(tmp_path):
    model = LedgerModel(11)
    rows = model.rows()
    rows[7].rewrite(actor=rows[5].body["actor"])
    model.relink()
    model.rebuild()
    model.witness = model.tables.heads
    report = model.judge(model.export(tmp_path / "b.zip"))
    assert report.accepted
    assert report.codes() == {"separation"}
