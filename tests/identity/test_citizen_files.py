"""What citizens' accounts take along and leave behind among files."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from anlan.files.models import File
from anlan.identity.floods import LIMITS, Limits
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.ids import new_id
from tests.channels.twin import Twin
from tests.drawing import draw_waiting
from tests.factories import picture
from tests.identity.citizens import API, guest, me, send, sign_in

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def upload(client: Client, seed: int = 1) -> Any:
    photo = SimpleUploadedFile("p.jpg", picture(seed), content_type="image/jpeg")
    token = client.cookies["anlan_csrf"].value
    return client.post("/api/v1/files", {"file": photo}, headers={"X-CSRFToken": token})


def test_a_photo_sent_before_signing_in_goes_along(twin: Twin) -> None:
    client = guest()
    file = upload(client).json()["id"]
    draw_waiting()
    sign_in(twin, client=client)
    with scope.acting(SYSTEM):
        assert str(File.objects.get(pk=file).uploader_id) == me(client)["id"]
    assert seen(client, file) == 200
    assert seen(sign_in(twin, "13800005678"), file) == 404


def seen(client: Client, file: str) -> int:
    answer = client.get(f"/api/v1/files/{file}/display")
    b"".join(answer.streaming_content if answer.streaming else [answer.content])  # read to its end it closes itself
    return int(answer.status_code)


def test_closing_the_account_leaves_no_unsent_photo_and_no_sender(twin: Twin) -> None:
    client = sign_in(twin)
    loose, tied = upload(client, 1).json()["id"], upload(client, 2).json()["id"]
    with scope.acting(SYSTEM):
        File.objects.filter(pk=tied).update(subject_type="x", subject_id=new_id())
    assert send(client, "me", method="delete").status_code == 204
    with scope.acting(SYSTEM):
        assert not File.objects.filter(pk=loose).exists()
        assert File.objects.get(pk=tied).uploader_id is None


def test_photos_have_a_limit_for_citizens(twin: Twin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, "upload", Limits(person=(2, timedelta(hours=1))))
    client = sign_in(twin)
    assert [upload(client, seed).status_code for seed in range(3)] == [201, 201, 429]
    assert client.get(f"{API}/me").status_code == 200
