import os
from hashlib import sha256

import pytest

from anlan.files.store import Shelf, Store

BODY = "现场照片".encode()
NAME = sha256(BODY).hexdigest()


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


def files(store):
    return sorted(path for path in store.root.rglob("*") if path.is_file())


def test_bytes_and_files_come_back_under_their_digest(store, tmp_path):
    shelf: Shelf = store
    source = tmp_path / "source"
    source.write_bytes(BODY)
    assert shelf.put(BODY) == shelf.put(source) == NAME
    assert files(store) == [store.root / NAME[:2] / NAME[2:4] / NAME]
    with shelf.open(NAME) as file:
        assert file.read() == BODY
    assert (shelf.size(NAME), NAME in shelf, shelf.verify(NAME), list(shelf)) == (len(BODY), True, True, [NAME])


def test_only_this_user_may_read_and_nobody_writes(store):
    store.put(BODY)
    assert store.path(NAME).stat().st_mode & 0o777 == 0o400
    assert store.root.stat().st_mode & 0o777 == 0o700


def test_a_file_cut_short_is_written_anew(store):
    store.put(BODY)
    store.path(NAME).chmod(0o600)
    os.truncate(store.path(NAME), 3)
    assert not store.verify(NAME)
    store.put(BODY)
    assert store.verify(NAME)


def test_a_changed_byte_is_noticed(store):
    store.put(BODY)
    store.path(NAME).chmod(0o600)
    store.path(NAME).write_bytes(BODY[:-1] + b"!")
    assert not store.verify(NAME)


def test_the_absent_is_absent(store):
    assert not store.verify(NAME)
    assert NAME not in store
    assert list(store) == []
    with pytest.raises(FileNotFoundError):
        store.open(NAME)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", NAME.upper(), NAME + "\n", NAME[:-1], "/" + NAME[1:]])
def test_only_a_digest_becomes_a_path(store, name):
    with pytest.raises(ValueError):
        store.path(name)


def test_a_failed_write_leaves_nothing(store, monkeypatch):
    def full_disk(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="space"):
        store.put(BODY)
    assert files(store) == []
