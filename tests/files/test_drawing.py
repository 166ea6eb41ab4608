"""A photo is kept at once and drawn afterwards: nothing is lost in between, and nothing that is not drawn is shown."""

import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from anlan.files import drawing
from anlan.files.actions import store, take_photo
from anlan.files.drawing import ask_for_overdue, draw, drawn, receive_photo
from anlan.files.models import File
from anlan.files.refusals import RefusedFile
from anlan.identity.models import Post
from anlan.identity.tokens import issue_token
from anlan.kernel import clock, sandbox, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.sandbox import Limits
from anlan.site.stalled import retry_stalled
from tests.factories import City, make_city, picture
from tests.files import hostile, photos
from tests.reports.conftest import make_citizen

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
PHONE_PHOTO = photos.encoded(photos.picture(2400, 1200), exif=photos.exif(orientation=6))
COLUMNS = [
    "display_sha256", "thumb_sha256", "width", "height", "taken_at", "lon", "lat", "device", "likeness", "name", "media_type",
    "size", "sha256", "kind", "undrawn", "flaw",
]  # fmt: skip


@pytest.fixture
def citizen(city: City) -> Actor:
    return make_citizen(phone="13935710009")


def kept(citizen: Actor, source: bytes = PHONE_PHOTO, **names: str) -> File:
    with scope.acting(citizen):
        return receive_photo(actor=citizen, source=source, **names)


def fresh(file: File) -> File:
    with scope.acting(SYSTEM):
        return File.objects.get(pk=file.pk)


def jobs(status: str = "todo") -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->>'file' FROM procrastinate_jobs WHERE task_name = 'files.draw' AND status = %s::procrastinate_job_status ORDER BY id",
            [status],
        )
        return [row[0] for row in cursor.fetchall()]


def facts(file: File) -> dict[str, Any]:
    return {name: getattr(file, name) for name in COLUMNS}


def test_it_is_kept_untouched_with_a_job_and_without_a_picture(citizen: Actor) -> None:
    file = fresh(kept(citizen, name="a.jpg", media_type="image/jpeg"))
    with store().open(file.sha256) as original:
        assert original.read() == PHONE_PHOTO
    assert (file.undrawn, file.display_sha256, file.thumb_sha256, file.likeness) == (True, "", "", None)
    assert (file.taken_at, file.lon, file.lat, file.device) == (None, None, None, "")
    assert jobs() == [str(file.pk)]


def test_drawn_it_is_what_it_would_have_been_at_once(citizen: Actor) -> None:
    file = kept(citizen, name="a.jpg", media_type="image/jpeg")
    draw(file.pk)
    with scope.acting(citizen):
        at_once = take_photo(actor=citizen, source=PHONE_PHOTO, name="a.jpg", media_type="image/jpeg")
    assert facts(fresh(file)) == facts(at_once)
    assert at_once.device == "HUAWEI ALN-AL00"
    assert fresh(file).width < fresh(file).height  # upright


def test_what_is_refused_at_once_leaves_neither_row_nor_job(citizen: Actor) -> None:
    with pytest.raises(RefusedFile), scope.acting(citizen):
        receive_photo(actor=citizen, source=photos.jpeg() + hostile.zipped())
    assert jobs() == []
    with scope.acting(SYSTEM):
        assert not File.objects.exists()


def test_what_only_a_decoder_finds_is_marked_and_never_shown(citizen: Actor) -> None:
    """Every hostile photo that passes the first look: its original stays, nothing is derived of it."""
    files = []
    for case in hostile.PHOTOS:
        if not case.code:
            continue
        data = case.make()
        with suppress(RefusedFile):  # test_looked_over says which
            files.append((case, data, kept(citizen, data, name=case.name, media_type=case.type)))
    for case, data, file in files:
        draw(file.pk, last=True)
        found = fresh(file)
        assert (found.flaw, found.undrawn) == (case.code, False), case.title
        assert (found.display_sha256, found.thumb_sha256, found.likeness) == ("", "", None), case.title
        with store().open(found.sha256) as original:
            assert original.read() == data
    assert len(files) > 5


def test_a_transaction_that_breaks_off_leaves_neither_row_nor_job(citizen: Actor) -> None:
    def broken() -> None:
        with scope.acting(citizen):
            receive_photo(actor=citizen, source=PHONE_PHOTO)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    assert jobs() == []
    with scope.acting(SYSTEM):
        assert not File.objects.exists()


def test_what_may_pass_is_tried_again_and_at_last_marked(citizen: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "AFTERWARDS", Limits(memory_bytes=200 << 20))
    file = kept(citizen, photos.encoded(photos.picture(8000, 8000), "PNG"))
    with pytest.raises(RefusedFile):
        draw(file.pk)
    assert fresh(file).undrawn
    draw(file.pk, last=True)
    assert (fresh(file).undrawn, fresh(file).flaw) == (False, "file.memory")


def test_a_busy_machine_is_never_the_photos_fault(
    citizen: Actor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ANLAN_SANDBOX_DIR", str(tmp_path))
    monkeypatch.setattr(drawing, "AFTERWARDS", Limits(wait_seconds=-1))
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    file = kept(citizen)
    with sandbox._slot(Limits()), pytest.raises(RefusedFile) as refused:  # the only core is taken
        draw(file.pk, last=True)
    assert refused.value.code == "file.busy"
    assert fresh(file).undrawn


def test_whoever_needs_a_picture_now_has_it_drawn(citizen: Actor) -> None:
    one, broken = kept(citizen), kept(citizen, hostile.jpeg_sized(60_000, 60_000))
    with scope.acting(citizen):
        done = take_photo(actor=citizen, source=picture(3)).pk
        assert drawn([done, broken.pk, one.pk]) == [done, one.pk]
    assert not fresh(one).undrawn
    assert fresh(broken).flaw == "file.too_many_pixels"
    draw(one.pk)  # the job finds nothing to do


def test_nobody_has_a_photo_drawn_that_they_do_not_see(citizen: Actor, city: City) -> None:
    file = kept(citizen)
    with scope.acting(city.inspector):
        assert drawn([file.pk]) == []
    assert fresh(file).undrawn


def test_what_was_given_up_is_asked_for_anew_once(citizen: Actor) -> None:
    file = kept(citizen)
    assert ask_for_overdue() == 0
    with clock.at(clock.now() + timedelta(hours=1)):
        assert ask_for_overdue() == 0  # it waits in the queue
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = 'failed'")
        assert [ask_for_overdue(), ask_for_overdue()] == [1, 0]
        assert jobs() == [str(file.pk)]
        draw(file.pk)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = 'failed'")
        assert ask_for_overdue() == 0


@pytest.fixture
def asking(citizen: Actor, client: Client) -> Callable[..., Any]:
    with scope.acting(SYSTEM):
        token = issue_token(post=Post.objects.select_related("person").get(pk=citizen.post), name="test")

    def ask(path: str, method: str = "get", **given: Any) -> Any:
        return getattr(client, method)(f"/api/v1/{path}", headers={"Authorization": f"Bearer {token}"}, **given)

    return ask


def test_over_http_a_citizens_photo_waits_and_says_so(asking: Callable[..., Any]) -> None:
    sent = asking("files", "post", data={"file": SimpleUploadedFile("a.jpg", PHONE_PHOTO, "image/jpeg")})
    assert sent.status_code == 201
    told = sent.json()
    assert (told["waiting"], told["display"], told["thumb"], told["flaw"]) == (True, None, None, "")
    at = f"files/{told['id']}"
    for which in ("display", "thumb"):
        answer = asking(f"{at}/{which}")
        assert (answer.status_code, answer.json()["code"]) == (404, "file.waiting")
    draw(UUID(told["id"]))
    told = asking(at).json()
    assert (told["waiting"], told["display"]) == (False, f"/api/v1/{at}/display")
    assert b"".join(asking(f"{at}/display").streaming_content).startswith(b"\xff\xd8")


def test_over_http_a_flawed_photo_says_so(asking: Callable[..., Any], citizen: Actor) -> None:
    file = kept(citizen, hostile.jpeg_sized(60_000, 60_000))
    draw(file.pk)
    assert asking(f"files/{file.pk}").json()["flaw"] == "file.too_many_pixels"
    for which in ("display", "thumb"):
        answer = asking(f"files/{file.pk}/{which}")
        assert (answer.status_code, answer.json()["code"]) == (404, "file.flawed")


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_a_photo_survives_whatever_dies_between_its_row_and_its_picture(transactional_db: None) -> None:
    """The server that took it in is gone, then the worker that began to draw it; the next one draws it."""
    make_city()
    file = kept(make_citizen(phone="13935710009"))
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE task_name = 'files.draw'")
    assert jobs() == []
    retry_stalled()
    assert jobs() == [str(file.pk)]
    command = [sys.executable, "-W", "ignore", "-m", "anlan.site.cli", "worker"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as worker:
        try:
            until = time.monotonic() + 60
            while not jobs("succeeded") and time.monotonic() < until:
                time.sleep(0.2)
        finally:
            worker.terminate()
            worker.wait(40)
    assert jobs("succeeded") == [str(file.pk)]
    assert not fresh(file).undrawn
    assert fresh(file).likeness is not None
