"""Over a real granian server and real sockets: what the test client cannot show."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings

from tests.api.conftest import Speaking
from tests.api.test_loop import finding
from tests.factories import DRAWING, City, picture

pytestmark = [pytest.mark.django_db(databases=["default", "owner"], transaction=True), pytest.mark.slow]
PATIENCE = 60


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def server(city: City, tmp_path: Path) -> Iterator[str]:
    """Granian with one worker, on the test's own database and files."""
    port = free_port()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "anlan.site.settings",
        "ANLAN_FILES": str(settings.ANLAN_FILES),
    }
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--blocking-threads", "2", "anlan.site.wsgi:application",
    ]  # fmt: skip
    with (tmp_path / "granian.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            _await(f"http://127.0.0.1:{port}/healthz", process)
            yield f"http://127.0.0.1:{port}/api/v1"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)


def _await(address: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(address).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    pytest.fail("the server did not come up")


def test_a_loop_over_sockets(server: str, city: City, speak: Speaking) -> None:
    def call(name: str, method: str, path: str, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {speak(name).token}", "Accept-Language": "en"} | more.pop("headers", {})
        answer = httpx.request(method, server + path, headers=headers, timeout=PATIENCE, **more)
        assert answer.status_code in (200, 201), answer.text
        return answer

    def photo(name: str, seed: int) -> str:
        return str(call(name, "POST", "/files", files={"file": ("p.jpg", picture(seed), "image/jpeg")}).json()["id"])

    body = finding(city, photo("inspector", 1), source="county")
    made = call("inspector", "POST", "/hazards", json=body, headers={"Idempotency-Key": "k"})
    again = call("inspector", "POST", "/hazards", json=body, headers={"Idempotency-Key": "k"})
    assert (made.json(), again.headers["Idempotency-Replayed"]) == (again.json(), "true")
    at = f"/hazards/{made.json()['id']}"
    call("regulator", "POST", f"{at}/steps/grade", json={"grade": "general"})
    due = {"responsible": str(city.enterprise.pk), "due": str(city.day(30))}
    call("regulator", "POST", f"{at}/steps/dispatch", json=due)
    for name in ("principal", "inspector"):
        digest = call(name, "GET", at).json()["sheet"]["digest"]
        signed = call(name, "POST", f"{at}/steps/sign", json={"digest": digest, "drawing": DRAWING})
    assert signed.json()["state"]["code"] == "claimed"
    shown = signed.json()["photos"][0]["display"].removeprefix("/api/v1")
    assert call("principal", "GET", shown).content.startswith(b"\xff\xd8\xff")
    assert call("auditor", "GET", f"{at}/evidence").content.startswith(b"PK")
    assert call("office", "GET", "/hazards", params={"q": "传动部位"}).json()["count"] == 1


def test_bodies_that_lie_about_their_length(server: str, speak: Speaking) -> None:
    headers = {"Authorization": f"Bearer {speak('inspector').token}", "Content-Type": "application/json"}
    streamed = httpx.post(f"{server}/messages/read", content=(part for part in (b"{", b"}")), headers=headers)
    assert (streamed.status_code, streamed.json()["code"]) == (411, "request.length_needed")
    host, port = server.removeprefix("http://").partition("/")[0].split(":")
    head = f"POST /api/v1/files HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {headers['Authorization']}\r\n"
    with socket.create_connection((host, int(port)), PATIENCE) as raw:
        raw.sendall(f"{head}Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 99000000\r\n\r\n".encode())
        assert b" 413 " in raw.recv(65536).partition(b"\r\n")[0], "refused before the body is sent"
    with socket.create_connection((host, int(port)), PATIENCE) as raw:
        raw.sendall(
            f"{head}Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 500\r\n\r\n--x\r\n".encode()
        )
        raw.shutdown(socket.SHUT_WR)
        assert raw.recv(65536).partition(b"\r\n")[0].split(b" ")[1:2] in ([], [b"400"], [b"422"]), (
            "cut off: no failure of ours"
        )
    assert httpx.get(f"{server}/workbench", headers=headers).status_code == 200
