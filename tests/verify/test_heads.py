import multiprocessing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from anlan_verify import heads
from anlan_verify.heads import HeadError, WitnessFile

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEYS = heads.load_public_keys(heads.public_pem(KEY.public_key()))
START = datetime(2025, 6, 1, tzinfo=UTC)


def head_of(size):
    return heads.sign_head(KEY, log="test", size=size, root=bytes([size]) * 32, at=START + timedelta(seconds=size))


def test_a_head_is_signed_over_every_field():
    head = head_of(5)
    assert heads.verify_head(head, KEYS)
    assert heads.parse_head(head.dumps()) == head
    changes = {
        "log": "other",
        "size": 6,
        "root": "00" * 32,
        "at": head_of(6).at,
        "algorithm": "sm3",
        "signature": "00" * 64,
    }
    assert changes.keys() | {"key_id"} == vars(head).keys()
    for field, value in changes.items():
        assert not heads.verify_head(replace(head, **{field: value}), KEYS)
    other = Ed25519PrivateKey.generate().public_key()
    assert not heads.verify_head(head, {heads.key_id(other): other})
    assert not heads.verify_head(head, {head.key_id: other})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"size":5', b'"size":-5'),
        (b'"size":5', b'"size":"5"'),
        (b'"size":5', b'"size":true'),
        (b'"size":5', b'"Size":5'),
        (b'"size":5', b'"size":5,"tall":1'),
        (b'"root":"0505', b'"root":"zz05'),
        (b'"root":"0505', b'"root":"05 05'),
        (b'"log":"test"', b'"log":null'),
        (b"+00:00", b"Z"),
        (b"{", b"["),
    ],
)
def test_what_is_no_head_is_refused(old, new):
    data = head_of(5).dumps()
    assert old in data
    with pytest.raises(HeadError):
        heads.parse_head(data.replace(old, new, 1))


def test_key_files(tmp_path):
    path = tmp_path / "seal" / "key.pem"
    key = heads.load_or_create_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert heads.key_id(heads.load_or_create_key(path).public_key()) == heads.key_id(key.public_key())
    assert [entry.name for entry in path.parent.iterdir()] == ["key.pem"]
    path.chmod(0o640)
    with pytest.raises(PermissionError, match="chmod 600"):
        heads.load_or_create_key(path)


def _id_of_key_at(path):
    return heads.key_id(heads.load_or_create_key(path).public_key())


def test_processes_that_start_together_share_one_key(tmp_path):
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        assert len(set(pool.map(_id_of_key_at, [tmp_path / "key.pem"] * 8, chunksize=1))) == 1


def test_public_keys_of_an_old_and_a_new_key():
    new = Ed25519PrivateKey.generate().public_key()
    both = heads.load_public_keys(heads.public_pem(KEY.public_key()) + heads.public_pem(new))
    assert both.keys() == {*KEYS, heads.key_id(new)}
    elliptic = generate_private_key(SECP256R1()).public_key()
    for pem in (
        b"",
        b"hello",
        b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
        heads.public_pem(elliptic),
    ):
        with pytest.raises(HeadError):
            heads.load_public_keys(pem)


def test_the_witness_file_keeps_heads_in_order(tmp_path):
    witness = WitnessFile(tmp_path / "out" / "heads.jsonl")
    assert witness.last() is None
    assert list(witness.heads()) == []
    kept = [head_of(size) for size in range(60)]
    for head in kept:
        witness.append(head)
        assert witness.last() == head
    assert list(witness.heads()) == kept


def test_a_torn_last_line_hides_nothing_and_swallows_nothing(tmp_path):
    witness = WitnessFile(tmp_path / "heads.jsonl")
    for size in range(3):
        witness.append(head_of(size))
    whole = witness.path.read_bytes()
    for cut in range(1, len(head_of(2).dumps()) + 1):
        witness.path.write_bytes(whole[:-cut])
        expected = [head_of(0), head_of(1)] + ([head_of(2)] if cut == 1 else [])
        assert list(witness.heads()) == expected
        assert witness.last() == expected[-1]
        witness.append(head_of(3))
        assert witness.last() == head_of(3)
        assert list(witness.heads()) == [*expected, head_of(3)]
