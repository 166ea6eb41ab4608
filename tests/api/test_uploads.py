"""Uploads in pieces: what is counted is there, what was damaged or cut is not counted, a file comes in once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256
from itertools import pairwise
from random import Random
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from anlan.files import tus
from anlan.files.actions import store
from anlan.files.kinds import LARGEST
from anlan.files.models import File, Upload
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.ids import new_id
from tests.api.conftest import Speaker, Speaking
from tests.api.test_problems import problem
from tests.api.tus_client import begin, metadata, offset, place, send, upload
from tests.factories import DRAWING, City, picture

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
committing = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def files() -> list[File]:
    with scope.acting(SYSTEM):
        return list(File.objects.order_by("id"))


def uploads() -> list[Upload]:
    with scope.acting(SYSTEM):
        return list(Upload.objects.order_by("id"))


def lying() -> set[str]:
    folder = tus.partial(new_id()).parent
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Any) -> None:
    settings.ANLAN_FILES = tmp_path / "files"


def test_in_three_pieces(city: City, speak: Speaking) -> None:
    inspector, content = speak("inspector"), picture(1)
    begun = begin(inspector, content, name="现场.jpg")
    at = place(begun)
    assert (begun["Tus-Resumable"], begun["Upload-Offset"]) == ("1.0.0", "0")
    assert begun["Upload-Expires"].endswith("GMT")
    cuts = [0, 100, 300, len(content)]
    for low, high in pairwise(cuts):
        assert offset(inspector, at) == low
        answer = send(inspector, at, low, content[low:high])
        assert (answer.status_code, answer["Upload-Offset"]) == (204, str(high))
    (file,) = files()
    assert (file.name, file.uploader_id, file.kind) == ("现场.jpg", city.inspector.person, "photo")
    with store().open(file.sha256) as kept:
        assert kept.read() == content
    assert offset(inspector, at) == len(content), "whoever lost the last answer learns that it is done"
    assert lying() == set()


def test_a_piece_by_post_for_those_who_cannot_say_patch(speak: Speaking) -> None:
    inspector, content = speak("inspector"), picture(1)
    at = place(begin(inspector, content))
    given = {"Tus_Resumable": "1.0.0", "Upload_Offset": "0", "Content_Type": "application/offset+octet-stream"}
    assert inspector("POST", at, raw=content, **given).status_code == 405
    assert inspector("POST", at, raw=content, X_HTTP_Method_Override="DELETE", **given).status_code == 405
    assert inspector("POST", at, raw=content, X_HTTP_Method_Override="PATCH", **given).status_code == 204
    assert len(files()) == 1


def test_a_signature_is_a_drawing(speak: Speaking) -> None:
    import base64

    content = base64.b64decode(DRAWING.partition(",")[2])
    upload(speak("inspector"), content, name="s.png", media_type="image/png", kind="signature")
    (file,) = files()
    assert (file.kind, file.purpose) == ("signature", "signature")


def test_a_piece_elsewhere_damaged_or_too_long_counts_for_nothing(speak: Speaking) -> None:
    inspector, content = speak("inspector"), picture(1)
    at = place(begin(inspector, content))
    assert send(inspector, at, 0, content[:200]).status_code == 204
    problem(send(inspector, at, 0, content[:200]), 409, "upload.offset")
    problem(send(inspector, at, 300, content[300:]), 409, "upload.offset")
    problem(send(inspector, at, 200, content[200:300], Upload_Checksum="sha256 AAAA"), 460, "upload.checksum")
    problem(send(inspector, at, 200, content[200:300], Upload_Checksum="md5 AAAA"), 422, "invalid")
    problem(send(inspector, at, 200, content[200:] + b"more"), 422, "invalid")
    assert offset(inspector, at) == 200
    assert send(inspector, at, 200, content[200:]).status_code == 204
    assert len(files()) == 1


def test_what_is_not_the_announced_file_or_no_picture_is_refused_and_removed(speak: Speaking) -> None:
    inspector, content = speak("inspector"), picture(1)
    other = content[:-1] + bytes([content[-1] ^ 1])
    at = place(begin(inspector, content))
    problem(send(inspector, at, 0, other), 422, "file.sha256")
    at2 = place(begin(inspector, b"no picture at all"))
    problem(send(inspector, at2, 0, b"no picture at all"), 422, "file.type_unknown")
    for gone in (at, at2):
        assert inspector("HEAD", gone, Tus_Resumable="1.0.0").status_code == 404
    assert (files(), uploads(), lying()) == ([], [], set())


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Tus_Resumable": "0.2.2"}, 412, "upload.version"),
        ({"Upload_Length": "0"}, 422, "file.empty"),
        ({"Upload_Length": str(LARGEST + 1)}, 413, "file.too_large"),
        ({"Upload_Length": "-5"}, 422, "invalid"),
        ({"Upload_Length": "٣"}, 422, "invalid"),
        ({"Upload_Metadata": ""}, 422, "invalid"),
        ({"Upload_Metadata": "sha256 ???"}, 422, "invalid"),
        ({"Upload_Metadata": "sha256 eA=="}, 422, "invalid"),
        ({"Upload_Metadata": metadata(b"x", kind="film")}, 422, "invalid"),
        ({"Upload_Metadata": metadata(b"x", name="a\x00b")}, 422, "file.name_invalid"),
    ],
)
def test_what_cannot_be_begun(speak: Speaking, headers: dict[str, str], status: int, code: str) -> None:
    given = {"Tus_Resumable": "1.0.0", "Upload_Length": "1", "Upload_Metadata": metadata(b"x")} | headers
    answer = speak("inspector")("POST", "/uploads", **given)
    problem(answer, status, code)
    assert answer["Tus-Resumable"] == "1.0.0"
    assert ("Tus-Version" in answer) == (status == 412)
    assert uploads() == []


def test_options_say_what_is_spoken_to_anybody() -> None:
    answer = Client().options("/api/v1/uploads")
    assert answer.status_code == 204
    assert (answer["Tus-Version"], answer["Tus-Max-Size"]) == ("1.0.0", str(LARGEST))
    assert answer["Tus-Extension"] == "creation,checksum,expiration"
    assert "sha256" in answer["Tus-Checksum-Algorithm"]


def test_another_kind_of_content_is_refused(speak: Speaking) -> None:
    inspector, content = speak("inspector"), picture(1)
    at = place(begin(inspector, content))
    problem(send(inspector, at, 0, content, Content_Type="image/jpeg"), 415, "upload.type")


def test_somebody_elses_upload_is_not_there(speak: Speaking) -> None:
    content = picture(1)
    at = place(begin(speak("inspector"), content))
    for name in ("inspector2", "n_inspector", "office", "system_admin"):
        assert speak(name)("HEAD", at, Tus_Resumable="1.0.0").status_code == 404
        problem(send(speak(name), at, 0, content), 404, "not_found")
    problem(send(Speaker("anl_wrong"), at, 0, content), 401, "sign_in_needed")


def test_a_browser_proves_that_it_is_our_page(city: City) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(city.posts["inspector"].person)
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "1", "Upload-Metadata": metadata(b"x")}
    assert client.post("/api/v1/uploads", headers=headers).status_code == 403
    client.get("/")
    headers["X-CSRFToken"] = client.cookies["anlan_csrf"].value
    assert client.post("/api/v1/uploads", headers=headers).status_code == 201


def test_the_same_photo_again_is_the_same_file_and_is_known(speak: Speaking) -> None:
    inspector = speak("inspector")
    digest = upload(inspector, picture(1))
    assert upload(inspector, picture(1)) == digest
    assert len(files()) == 1
    never = sha256(b"never").hexdigest()
    assert inspector.post("/uploads/known", {"sha256": [never, digest, digest]}).json() == {"known": [digest]}
    assert speak("inspector2").post("/uploads/known", {"sha256": [digest]}).json() == {"known": []}
    problem(inspector.post("/uploads/known", {"sha256": [never] * 101}), 422, "invalid")


def test_one_photo_for_two_records_is_two_rows_over_the_same_bytes(city: City, speak: Speaking) -> None:
    digest = upload(speak("inspector"), picture(1))
    with scope.acting(city.inspector):
        hazard = city.found(photos=[files()[0].pk])
        again = tus.files_by_hash(actor=city.inspector, hashes=[digest], subject=hazard.pk)
        assert again == {digest: files()[0].pk}, "tied to this very record already"
        for_another = tus.files_by_hash(actor=city.inspector, hashes=[digest], subject=city.site.pk)[digest]
        assert for_another != files()[0].pk
        free = File.objects.get(pk=for_another)
    assert (free.subject_id, free.sha256, free.uploader_id) == (None, digest, city.inspector.person)
    with scope.acting(city.inspector2):
        assert tus.files_by_hash(actor=city.inspector2, hashes=[digest], subject=city.site.pk) == {}


def test_after_seven_days_a_piece_is_forgotten_and_a_finished_file_stays(speak: Speaking) -> None:
    inspector, content = speak("inspector"), picture(2)
    upload(inspector, picture(1))
    at = place(begin(inspector, content))
    send(inspector, at, 0, content[:50])
    assert tus.forget_old_uploads() == 0
    with clock.at(clock.now() + timedelta(days=7, seconds=1)):
        assert inspector("HEAD", at, Tus_Resumable="1.0.0").status_code == 404
        assert tus.forget_old_uploads() == 2
    assert (uploads(), lying(), len(files())) == ([], set(), 1)


def test_unfinished_uploads_have_an_end(speak: Speaking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tus, "MOST_OPEN", 2)
    inspector = speak("inspector")
    for seed in (1, 2):
        place(begin(inspector, picture(seed)))
    problem(begin(inspector, picture(3)), 429, "upload.too_many")
    place(begin(speak("inspector2"), picture(3)))


def test_open_uploads_have_a_sum_for_each_person(speak: Speaking, monkeypatch: pytest.MonkeyPatch) -> None:
    inspector = speak("inspector")
    first, second = picture(1), picture(2)
    monkeypatch.setattr(tus, "MOST_BYTES", len(first) + len(second))
    at = place(begin(inspector, first))
    place(begin(inspector, second))
    problem(begin(inspector, picture(3)), 429, "upload.too_many")
    place(begin(speak("inspector2"), picture(3)))
    send(inspector, at, 0, first)
    place(begin(inspector, first))  # what is finished counts no more


def test_nothing_is_promised_that_the_disk_has_not(speak: Speaking, monkeypatch: pytest.MonkeyPatch) -> None:
    """Others' open uploads count: what they were promised is no longer free."""
    first, second = picture(1), picture(2)
    monkeypatch.setattr(tus.shutil, "disk_usage", lambda _path: SimpleNamespace(free=tus.KEPT_FREE + len(first) + 9))
    place(begin(speak("inspector"), first))
    problem(begin(speak("inspector2"), second), 507, "upload.no_room")
    assert begin(speak("inspector2"), second)["Retry-After"] == "3600"
    monkeypatch.undo()
    monkeypatch.setattr(tus, "KEPT_FREE", 1 << 60)
    problem(begin(speak("inspector2"), second), 507, "upload.no_room")  # by the disk itself
    assert len(uploads()) == 1


def test_a_citizen_sends_photos_of_what_they_report(speak: Speaking) -> None:
    assert begin(speak("citizen"), picture(1)).status_code == 201


@pytest.mark.parametrize("name", ["auditor", "system_admin"])
def test_who_has_no_record_to_attach_a_photo_to_sends_none(speak: Speaking, name: str) -> None:
    problem(begin(speak(name), picture(1)), 403, "forbidden")
    assert uploads() == []


class Killed(BaseException):
    """The process is gone: nothing after this line runs."""


@committing
@pytest.mark.parametrize("seed", range(12))
def test_a_server_killed_anywhere_loses_nothing(
    city: City, speak: Speaking, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The phone goes on where the server says; killed before, while and after bytes reach the disk."""
    dice = Random(seed)
    inspector, content = Speaker(speak("inspector").token, Client(raise_request_exception=True)), picture(seed)
    at = place(begin(inspector, content))
    write, take, sync = tus._write, tus._take, tus.os.fsync

    def killed(act: Any) -> Any:
        def maybe(*given: Any, **named: Any) -> Any:
            fate = dice.random()
            if fate < 0.2:
                raise Killed
            done = act(*given, **named)
            if fate > 0.8:
                raise Killed
            return done

        return maybe

    monkeypatch.setattr(tus, "_write", killed(write))
    monkeypatch.setattr(tus, "_take", killed(take))
    monkeypatch.setattr(tus.os, "fsync", killed(sync))
    kills = 0
    for _attempt in range(400):
        reached = offset(inspector, at)
        if reached == len(content):
            break
        piece = content[reached : reached + dice.randint(1, 250)]
        try:
            assert send(inspector, at, reached, piece).status_code == 204
        except Killed:
            kills += 1
            connection.close()
    assert kills
    assert offset(inspector, at) == len(content)
    (file,) = files()
    monkeypatch.undo()
    with store().open(file.sha256) as kept:
        assert kept.read() == content


@committing
def test_two_pieces_at_once_are_one(city: City, speak: Speaking, monkeypatch: pytest.MonkeyPatch) -> None:
    token, content = speak("inspector").token, picture(1)
    at = place(begin(Speaker(token), content))
    writing, over = Event(), Event()
    write = tus._write

    def slow(*given: Any) -> None:
        writing.set()
        assert over.wait(60)
        write(*given)

    monkeypatch.setattr(tus, "_write", slow)

    def first() -> Any:
        try:
            return send(Speaker(token), at, 0, content[:100])
        finally:
            connection.close()

    def second() -> Any:
        try:
            assert writing.wait(60)
            return send(Speaker(token), at, 0, content[:100])
        finally:
            over.set()
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        one, two = pool.submit(first), pool.submit(second)
        assert one.result().status_code == 204
        problem(two.result(), 423, "upload.locked")
    assert offset(Speaker(token), at) == 100


@committing
def test_the_same_file_by_two_uploads_at_once_is_one_file(city: City, speak: Speaking) -> None:
    token, content = speak("inspector").token, picture(1)
    places = [place(begin(Speaker(token), content)) for _ in range(4)]

    def finish(at: str) -> Any:
        try:
            return send(Speaker(token), at, 0, content)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert {one.status_code for one in pool.map(finish, places)} == {204}
    assert len(files()) == 1


def test_what_was_lost_from_the_disk_is_told(speak: Speaking) -> None:
    inspector, content = speak("inspector"), picture(1)
    at = place(begin(inspector, content))
    send(inspector, at, 0, content[:100])
    tus.partial(uploads()[0].pk).unlink()
    problem(send(inspector, at, 100, content[100:]), 410, "upload.gone")


def test_refusals_that_pass_by_keep_the_upload(speak: Speaking, monkeypatch: pytest.MonkeyPatch) -> None:
    from anlan.files.refusals import refuse

    inspector, content = speak("inspector"), picture(1)
    at = place(begin(inspector, content))
    take = tus.take_photo

    def busy(**given: Any) -> Any:
        raise refuse("file.busy")

    monkeypatch.setattr(tus, "take_photo", busy)
    assert send(inspector, at, 0, content).status_code == 422
    assert offset(inspector, at) == 0
    monkeypatch.setattr(tus, "take_photo", take)
    assert send(inspector, at, 0, content).status_code == 204


def test_what_row_security_says(city: City, speak: Speaking) -> None:
    place(begin(speak("inspector"), picture(1)))
    with scope.acting(city.inspector2), transaction.atomic():
        assert Upload.objects.count() == 0
    with scope.acting(city.inspector):
        assert Upload.objects.count() == 1
