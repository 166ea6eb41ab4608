"""The tree against the reference vectors of Certificate Transparency, and against its own definition."""

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan_verify import merkle
from anlan_verify.merkle import Frontier

REFERENCE_ENTRIES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
REFERENCE_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): INCLUSION[0, 8],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


def leaves_of(count):
    return [merkle.leaf_hash(b"entry %d" % number) for number in range(count)]


def node_getter(stored):
    return lambda level, index: stored[level, index]


def by_definition(leaves):
    """RFC 6962 §2.1, written as it stands there."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    middle = 1
    while middle * 2 < len(leaves):
        middle *= 2
    return hashlib.sha256(b"\x01" + by_definition(leaves[:middle]) + by_definition(leaves[middle:])).digest()


REFERENCE_LEAVES = [merkle.leaf_hash(entry) for entry in REFERENCE_ENTRIES]


@pytest.mark.parametrize("size", range(9))
def test_reference_roots(size):
    assert merkle.root(REFERENCE_LEAVES[:size]).hex() == REFERENCE_ROOTS[size]
    assert merkle.root_at(merkle.nodes_of(REFERENCE_LEAVES), size).hex() == REFERENCE_ROOTS[size]


@pytest.mark.parametrize(("place", "expected"), INCLUSION.items())
def test_reference_inclusion_proofs(place, expected):
    proof = merkle.inclusion_proof(merkle.nodes_of(REFERENCE_LEAVES), *place)
    assert [step.hex() for step in proof] == expected


@pytest.mark.parametrize(("sizes", "expected"), CONSISTENCY.items())
def test_reference_consistency_proofs(sizes, expected):
    proof = merkle.consistency_proof(merkle.nodes_of(REFERENCE_LEAVES), *sizes)
    assert [step.hex() for step in proof] == expected


def test_every_proof_of_small_trees_holds_and_fails_elsewhere():
    leaves = leaves_of(33)
    get = merkle.nodes_of(leaves)
    roots = [by_definition(leaves[:size]) for size in range(34)]
    for size in range(1, 34):
        assert merkle.root_at(get, size) == roots[size]
        for index in range(size):
            fact = {"leaf": leaves[index], "index": index, "size": size, "root": roots[size]}
            path = merkle.inclusion_proof(get, index, size)
            assert merkle.verify_inclusion(**fact, path=path)
            assert not merkle.verify_inclusion(**fact | {"root": roots[size - 1]}, path=path)
            assert not merkle.verify_inclusion(**fact | {"leaf": leaves[(index + 1) % 33]}, path=path)
            assert not merkle.verify_inclusion(**fact, path=[*path, roots[0]])
            assert all(
                not merkle.verify_inclusion(**fact | {"index": other}, path=path)
                for other in range(-1, size + 1)
                if other != index
            )
        for old in range(size + 1):
            fact = {"old": old, "new": size, "old_root": roots[old], "new_root": roots[size]}
            path = merkle.consistency_proof(get, old, size)
            assert merkle.verify_consistency(**fact, path=path)
            assert not merkle.verify_consistency(**fact, path=[*path, roots[0]])
            assert not merkle.verify_consistency(**fact | {"old_root": roots[33 - old]}, path=path) or old == 33 - old
            if path:
                assert not merkle.verify_consistency(**fact, path=path[:-1])
                assert not merkle.verify_consistency(**fact | {"new_root": roots[size - 1]}, path=path)


@given(batches=st.lists(st.integers(0, 70), max_size=6))
def test_appending_in_any_batches_gives_the_same_tree(batches):
    leaves = leaves_of(sum(batches))
    frontier, stored, done = Frontier(), {}, 0
    for batch in batches:
        nodes, frontier = merkle.nodes_after_append(frontier, leaves[done : done + batch])
        assert not stored.keys() & {(level, index) for level, index, _ in nodes}
        stored |= {(level, index): value for level, index, value in nodes}
        done += batch
        assert frontier.size == done
        assert frontier.root() == by_definition(leaves[:done])
        assert Frontier.from_json(frontier.to_json()) == frontier
        assert Frontier.from_nodes(node_getter(stored), done) == frontier
    complete = {(level, index) for level in range(10) for index in range(len(leaves) >> level)}
    assert stored.keys() == complete


@given(size=st.integers(1, 300), data=st.data())
def test_a_changed_leaf_or_proof_is_never_accepted(size, data):
    leaves = leaves_of(size)
    get, root = merkle.nodes_of(leaves), merkle.root(leaves)
    index = data.draw(st.integers(0, size - 1))
    path = merkle.inclusion_proof(get, index, size)
    parts = [leaves[index], *path]
    which, bit = data.draw(st.integers(0, len(parts) - 1)), data.draw(st.integers(0, 255))
    parts[which] = (int.from_bytes(parts[which]) ^ (1 << bit)).to_bytes(32)
    assert merkle.verify_inclusion(leaf=leaves[index], index=index, size=size, path=path, root=root)
    assert not merkle.verify_inclusion(leaf=parts[0], index=index, size=size, path=parts[1:], root=root)


@given(old=st.integers(1, 200), more=st.integers(1, 200), data=st.data())
def test_a_rewritten_past_is_never_consistent(old, more, data):
    leaves = leaves_of(old + more)
    rewritten = data.draw(st.integers(0, old - 1))
    other = [*leaves]
    other[rewritten] = merkle.leaf_hash(b"rewritten")
    path = merkle.consistency_proof(merkle.nodes_of(other), old, old + more)
    assert not merkle.verify_consistency(
        old=old, new=old + more, old_root=merkle.root(leaves[:old]), new_root=merkle.root(other), path=path
    )


def test_one_by_one_is_the_same_as_at_once():
    leaves, frontier = leaves_of(100), Frontier()
    for size, leaf in enumerate(leaves, start=1):
        frontier = frontier.append(leaf)
        assert frontier.root() == by_definition(leaves[:size])


def test_sm3_tree():
    tree = merkle.tree_hash("sm3")
    assert tree.digest(b"abc").hexdigest() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    leaves = [tree.leaf(entry) for entry in REFERENCE_ENTRIES]
    path = merkle.inclusion_proof(merkle.nodes_of(leaves, tree), 5, 8, tree)
    fact = {"leaf": leaves[5], "index": 5, "size": 8, "root": merkle.root(leaves, tree), "path": path}
    assert merkle.verify_inclusion(**fact, tree=tree)
    assert not merkle.verify_inclusion(**fact)


def test_what_cannot_be_is_refused():
    get = merkle.nodes_of(leaves_of(8))
    for index, size in ((8, 8), (-1, 8), (0, 0)):
        with pytest.raises(IndexError):
            merkle.inclusion_proof(get, index, size)
    for old, new in pairwise((9, 8, -1)):
        with pytest.raises(IndexError):
            merkle.consistency_proof(get, old, new)
    with pytest.raises(LookupError):
        merkle.inclusion_proof(get, 0, 9)
    with pytest.raises(merkle.UnknownAlgorithmError):
        merkle.tree_hash("md5")
    with pytest.raises(ValueError, match="one peak"):
        Frontier(size=3, peaks=(b"",))
