"""`intake`: citizens' reports with a photo of 2 MB over HTTP, against an endpoint that only stores the file and one row.

Each report is what the citizens' app sends: the photo, then the report that names it, by an account and an address of its
own. Both servers run as they are run, one process a core, on the same database server; readings at increasing load. Ours has
the worker beside it, which draws what came in; the bare endpoint's turn comes when all is drawn.
`ratio` is theirs divided by ours at the load where each does its best: below 2 is at least half of the bare endpoint.
`drawn_a_second` is what the worker draws of what is left when a reading is over: a flood that lasts grows by the difference.
"""

import contextlib
import itertools
import os
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import httpx

from anlan.kernel.ids import new_id
from bench.common import arguments, cluster, finish, say
from bench.sync import served

LOADS = (1, 4, 16)
SECONDS = 12
MOST = 4000
BYTES = 2_000_000
PATIENCE = 600
Send = Callable[[int], None]


def photo() -> bytes:
    """A phone's picture, 4,000 by 3,000 pixels, of about 2 MB."""
    import numpy as np
    from PIL import Image

    coarse = np.random.default_rng(1).integers(0, 255, (375, 500, 3), dtype=np.uint8)
    picture = Image.fromarray(coarse).resize((4000, 3000), Image.Resampling.BICUBIC)
    out = BytesIO()
    picture.save(out, "JPEG", quality=70)
    return out.getvalue()


def own_copy(content: bytes) -> bytes:
    """The same picture with other bytes: a comment after the start of the image."""
    return content[:2] + b"\xff\xfe\x00\x12" + secrets.token_bytes(16) + content[2:]


def citizens(count: int) -> list[str]:
    """Accounts with a token each."""
    from anlan.identity.citizens.accounts import make
    from anlan.identity.tokens import issue_token
    from anlan.kernel import scope
    from anlan.kernel.actor import SYSTEM

    with scope.acting(SYSTEM):
        return [issue_token(post=make(phone=f"1390000{number:04d}"), name="bench") for number in range(count)]


def reporting(url: str, tokens: list[str], content: bytes) -> Send:
    """One report by the citizen of that number, from an address of their own."""

    def send(number: int) -> None:
        source = f"127.{1 + number // 60_000}.{number // 250 % 250}.{1 + number % 250}"
        headers = {"Authorization": f"Bearer {tokens[number]}", "X-Device": str(new_id())}
        transport = httpx.HTTPTransport(local_address=source)
        with httpx.Client(transport=transport, timeout=120, headers=headers) as client:
            files = {"file": ("p.jpg", own_copy(content), "image/jpeg")}
            taken = client.post(f"{url}/api/v1/files", files=files)
            taken.raise_for_status()
            body = {
                "id": str(new_id()), "words": f"楼道里堆满杂物 {number}", "photos": [taken.json()["id"]],
                "lon": 111.52 + number % 97 / 1000, "lat": 36.08 + number % 89 / 1000,
            }  # fmt: skip
            client.post(f"{url}/api/v1/citizen/reports", json=body).raise_for_status()

    return send


def bare(url: str, content: bytes) -> Send:
    def send(number: int) -> None:
        with httpx.Client(timeout=120) as client:
            client.post(f"{url}/{number}", content=own_copy(content)).raise_for_status()

    return send


def pressed(send: Send, load: int, numbers: Iterator[int], seconds: float) -> dict[str, float]:
    """So many senders at once, each beginning anew when it is done."""
    taken: list[float] = []
    ends = time.monotonic() + seconds
    lock = threading.Lock()

    def work() -> None:
        while time.monotonic() < ends:
            with lock:
                number = next(numbers)
            began = time.perf_counter()
            send(number)
            taken.append(time.perf_counter() - began)

    began = time.monotonic()
    threads = [threading.Thread(target=work) for _ in range(load)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    took = time.monotonic() - began
    ordered = sorted(taken)
    return {
        "a_second": round(len(taken) / took, 1),
        "p50_ms": round(statistics.median(ordered) * 1000, 1),
        "p95_ms": round(ordered[int(len(ordered) * 0.95)] * 1000, 1),
    }


@contextlib.contextmanager
def worker() -> Iterator[None]:
    """As it is run, beside the web server."""
    command = [sys.executable, "-m", "anlan.site.cli", "worker"]
    with subprocess.Popen(command, env=os.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            yield
        finally:
            running.terminate()
            running.wait(60)


def undrawn() -> int:
    from anlan.files.models import File
    from anlan.kernel import scope
    from anlan.kernel.actor import SYSTEM

    with scope.acting(SYSTEM):
        return File.objects.filter(undrawn=True).count()


def drained() -> dict[str, float]:
    """Wait until everything is drawn; how much that was, and how fast it went."""
    left = undrawn()
    began = time.monotonic()
    while undrawn():
        if time.monotonic() - began > PATIENCE:
            raise RuntimeError("the worker draws nothing")
        time.sleep(0.2)
    took = time.monotonic() - began
    return {"left": left, "drawn_a_second": round(left / took, 1)}


@contextlib.contextmanager
def bare_server(database: str, processes: int) -> Iterator[str]:
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tempfile.mkdtemp(prefix="anlan-bare-")
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--workers", str(processes),
               "--no-access-log", "--log-level", "error", "bench.bare:application"]  # fmt: skip
    environment = os.environ | {"BARE_FOLDER": folder, "BARE_DATABASE": database}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as server:
        url = f"http://127.0.0.1:{port}"
        try:
            for _attempt in range(200):
                with contextlib.suppress(httpx.HTTPError):
                    if httpx.get(url, timeout=2).status_code == 200:
                        break
                time.sleep(0.1)
            else:
                raise RuntimeError("the bare server did not come up")
            yield url
        finally:
            server.terminate()
            server.wait(40)
            shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    options = arguments(__doc__ or "")
    seconds = SECONDS * options.scale
    content = photo()
    processes = min(2, os.cpu_count() or 1)
    with cluster("bench") as urls:
        import psycopg
        from tests.factories import make_city

        from anlan.registry.actions import load_industries
        from anlan.reports.loading import load_categories

        load_industries()
        make_city()
        load_categories()
        tokens = citizens(min(MOST, int(2000 * max(options.scale, 0.1))))
        with psycopg.connect(str(urls["bench"].admin), autocommit=True) as admin:
            admin.execute("CREATE TABLE bare (digest text, size int, at timestamptz DEFAULT now())")
        ours: dict[str, Any] = {}
        theirs: dict[str, Any] = {}
        with served(processes) as url, worker(), bare_server(str(urls["bench"].admin), processes) as other:
            numbers = itertools.count()
            sides = ((ours, reporting(url, tokens, content)), (theirs, bare(other, content)))
            for load in LOADS:
                for kept, send in sides:  # in turn, so that both meet the same moods of the machine
                    kept[str(load)] = pressed(send, load, numbers, seconds) | (drained() if kept is ours else {})
                say(f"{load:3d} at once: ours {ours[str(load)]}, bare {theirs[str(load)]}")
    best, bar = (max(one["a_second"] for one in side.values()) for side in (ours, theirs))
    finish(
        {"bench": "intake", "ratio": round(bar / best, 2), "share_of_bare": round(best / bar, 3), "bytes": len(content),
         "ours": ours, "bare": theirs},
        as_json=options.json,
    )  # fmt: skip


if __name__ == "__main__":
    main()
