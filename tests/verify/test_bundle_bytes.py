"""A bundle changed after its export, in any byte."""

import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anlan_verify import canonical, heads
from anlan_verify.verify import verify_bundle
from tests.verify.bundles import members_of, outcome, with_new_manifest, zip_of
from tests.verify.ledger_model import PUBLIC


def test_equal_evidence_gives_equal_bytes(model, true_path, tmp_path):
    assert model.export(tmp_path / "again.zip").read_bytes() == true_path.read_bytes()
    assert [entry.name for entry in tmp_path.iterdir()] == ["again.zip"]


def test_one_bit_of_every_member_at_every_few_bytes(true_members, tmp_path):
    """Not a sample of members: each of them, first and last byte included."""
    dice = random.Random(1)
    for name, data in true_members.items():
        places = {0, len(data) - 1, *(dice.randrange(len(data)) for _ in range(6))}
        for place in places:
            changed = bytearray(data)
            changed[place] ^= 1 << dice.randrange(8)
            path = zip_of(tmp_path / "flipped.zip", {**true_members, name: bytes(changed)})
            assert outcome(path) in (1, 2), (name, place)


FLIPPING = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FLIPPING
@given(data=st.data())
def test_a_flipped_member_byte_is_refused(true_members, tmp_path, data):
    name = data.draw(st.sampled_from(sorted(true_members)))
    content = bytearray(true_members[name])
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    assert outcome(zip_of(tmp_path / "flipped.zip", {**true_members, name: bytes(content)})) in (1, 2)


UNPROVED = {"README.txt", "manifest.json"}  # words for people; who exported it when


@FLIPPING
@given(data=st.data())
def test_a_flipped_byte_is_refused_even_when_the_manifest_is_made_to_fit(true_members, tmp_path, data):
    name = data.draw(st.sampled_from(sorted(true_members.keys() - UNPROVED)))
    content = bytearray(true_members[name])
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    if name == "key.pem" and _same_keys(bytes(content)):
        return  # white space of the PEM text
    path = zip_of(tmp_path / "flipped.zip", with_new_manifest({**true_members, name: bytes(content)}))
    if true_members[name][place : place + 1] == b"\n" and content[place] == 13:
        return  # another way to end a line
    assert outcome(path) in (1, 2), (name, place)


def _same_keys(pem):
    try:
        return heads.load_public_keys(pem).keys() == heads.load_public_keys(PUBLIC).keys()
    except heads.HeadError:
        return False


@FLIPPING
@given(data=st.data())
def test_a_flipped_byte_of_the_file_itself_changes_no_member_unseen(true_path, true_members, tmp_path, data):
    content = bytearray(true_path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    path = tmp_path / "flipped.zip"
    path.write_bytes(content)
    if outcome(path) == 0:
        assert members_of(path) == true_members


@FLIPPING
@given(data=st.data())
def test_any_json_in_any_place_is_judged_not_crashed_on(true_members, tmp_path, data):
    """Well-formed, with a fitting manifest, and wrong."""
    simple = (
        st.none()
        | st.booleans()
        | st.integers(-3, 10**10)
        | st.sampled_from(["", "x", "0" * 64])
        | st.just([])
        | st.just({})
    )
    odd = st.recursive(
        simple, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner), max_leaves=5
    )
    name = data.draw(st.sampled_from(sorted(name for name in true_members if name.endswith(".json"))))
    value = canonical.loads(true_members[name])
    place, key = value, data.draw(st.sampled_from(sorted(value)))
    while isinstance(place[key], dict) and place[key] and data.draw(st.booleans()):
        place = place[key]
        key = data.draw(st.sampled_from(sorted(place)))
    before = place[key]
    place[key] = data.draw(odd)
    changed = {**true_members, name: canonical.dumps(value)}
    path = zip_of(tmp_path / "odd.zip", changed if name == "manifest.json" else with_new_manifest(changed))
    assert outcome(path) in (1, 2) or before == place[key]


def test_members_taken_away_added_or_exchanged(true_members, tmp_path):
    path = tmp_path / "changed.zip"
    for name in true_members:
        rest = {other: data for other, data in true_members.items() if other != name}
        assert outcome(zip_of(path, rest)) == (2 if name == "manifest.json" else 1)
    zip_of(path, {**true_members, "notes.txt": b"hello"})
    assert verify_bundle(path).codes() >= {"member.unexpected"}
    for name in ("notes.txt", "entries/0001.txt", "entries/0099.proof.json", "consistency/x.json"):
        zip_of(path, with_new_manifest({**true_members, name: b"{}"}))
        assert verify_bundle(path).codes() >= {"member.unexpected"}, name
    zip_of(path, with_new_manifest({**true_members, f"files/{'0' * 64}": b"hello"}))
    assert verify_bundle(path).codes() >= {"file.unmentioned", "file.changed"}
    proof = true_members["entries/0001.proof.json"]
    zip_of(path, with_new_manifest({**true_members, "entries/0002.proof.json": proof}))
    assert verify_bundle(path).codes() >= {"entry.not_in_tree", "index.duplicate"}
