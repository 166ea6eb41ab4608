"""`sync`: phones in a bad network against the real server: every command exactly once, no photo without its record.

A city of inspectors, each a device of its own with 50 commands (`hazard.step` with evidence on hazards of its own, every tenth with a
photo sent by tus in pieces). A share of the requests never arrives, as large a share of the answers is lost on the way back, and apps
are killed between any two requests: what was not written down by the phone is forgotten, and it begins again from its outbox. Afterwards
the database is compared with what the phones meant: that is the check, and the figure is commands a second over HTTP with one
process of the server a core. The loss is made in the client, before and after a real request, so that the server really does the work twice.
"""

import contextlib
import os
import secrets
import subprocess
import sys
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from random import Random
from typing import Any
from uuid import UUID

import httpx

from anlan.kernel.ids import new_id
from bench.common import arguments, cluster, finish, say

DEVICES, COMMANDS, LOST = 200, 50, 0.3
BATCH = 20
A_PHOTO_IN = 10
PIECE = 700
AT_ONCE = 16
"""Phones in the network at the same moment."""
TUS = {"Tus-Resumable": "1.0.0"}


class Lost(Exception):
    """The network, or the battery."""


@dataclass
class Phone:
    """One device: what it keeps over being killed, and what it knows for sure."""

    token: str
    hazard: UUID
    dice: Random
    url: str
    device: UUID = field(default_factory=new_id)
    outbox: list[dict[str, Any]] = field(default_factory=list)
    photos: dict[str, bytes] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    there: set[str] = field(default_factory=set)
    told: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    killed: int = 0

    def ask(self, client: httpx.Client, method: str, path: str, **what: Any) -> httpx.Response:
        """A real request whose question or answer may be lost; the app may be killed after it."""
        fate = self.dice.random()
        if fate < LOST / 2:
            raise Lost
        self.requests += 1
        headers = {"Authorization": f"Bearer {self.token}"} | what.pop("headers", {})
        answer = client.request(method, self.url + path, headers=headers, **what)
        if fate < LOST:
            raise Lost
        if self.dice.random() < 0.02:
            self.places.clear()  # killed: where uploads lie was not written down
            self.killed += 1
            raise Lost
        return answer

    def sync_until_done(self, deadline: float) -> None:
        with httpx.Client(timeout=60) as client:
            while self.outbox and time.monotonic() < deadline:
                with contextlib.suppress(Lost):
                    self.sync(client)

    def sync(self, client: httpx.Client) -> None:
        """Photos first, then the commands that name them; what the server still misses, it says."""
        batch = self.outbox[:BATCH]
        for digest in [digest for one in batch for digest in one["photos"] if digest not in self.there]:
            self.upload(client, digest)
        body = {"device": str(self.device), "sent_at": datetime.now(UTC).isoformat(), "commands": batch}
        answer = self.ask(client, "POST", "/api/v1/sync", json=body)
        if answer.status_code != 200:
            self.told[f"http {answer.status_code}"] += 1
            raise Lost
        results = answer.json()["results"]
        done = {one["id"] for one in results if one["status"] in ("applied", "already")}
        self.told.update(one["status"] for one in results)
        self.told.update(f"{one['code']}" for one in results if one["status"] in ("rejected", "conflict", "reused"))
        self.outbox = [one for one in self.outbox if one["id"] not in done]
        for digest in {digest for one in results for digest in one["missing"]}:
            self.there.discard(digest)

    def upload(self, client: httpx.Client, digest: str) -> None:
        content = self.photos[digest]
        if digest not in self.places:
            names = {"sha256": digest, "filename": "p.jpg", "filetype": "image/jpeg"}
            metadata = ",".join(f"{name} {b64encode(value.encode()).decode()}" for name, value in names.items())
            headers = TUS | {"Upload-Length": str(len(content)), "Upload-Metadata": metadata}
            self.places[digest] = self.ask(client, "POST", "/api/v1/uploads", headers=headers).headers["Location"]
        at = self.places[digest]
        found = self.ask(client, "HEAD", at, headers=TUS)
        offset = int(found.headers["Upload-Offset"])
        while offset < len(content):
            piece = content[offset : offset + PIECE]
            headers = TUS | {
                "Upload-Offset": str(offset),
                "Upload-Checksum": "sha256 " + b64encode(sha256(piece).digest()).decode(),
                "Content-Type": "application/offset+octet-stream",
            }
            sent = self.ask(client, "PATCH", at, content=piece, headers=headers)
            if sent.status_code != 204:
                raise Lost
            offset += len(piece)
        self.there.add(digest)


@contextlib.contextmanager
def served(processes: int) -> Iterator[str]:
    """The web server as it is run, on a free port."""
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "anlan.site.cli", "serve", "--port", str(port), "--workers", str(processes)]
    with subprocess.Popen(command, env=os.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        url = f"http://127.0.0.1:{port}"
        try:
            for _attempt in range(300):
                with contextlib.suppress(httpx.HTTPError):
                    if httpx.get(f"{url}/healthz", timeout=2).status_code == 200:
                        break
                time.sleep(0.1)
            else:
                raise RuntimeError("the server did not come up")
            yield url
        finally:
            server.terminate()
            server.wait(40)


def phones(url: str, devices: int, commands: int, seed: int) -> list[Phone]:
    """Each an inspector of its own with a hazard of its own."""
    from tests.factories import COUNTY, _post, make_city, picture

    from anlan.identity.tokens import issue_token
    from anlan.kernel import scope
    from anlan.kernel.actor import SYSTEM

    city = make_city()
    made = []
    for number in range(devices):
        name = f"phone{number}"
        with scope.acting(SYSTEM):
            _post(city, name, "inspector", COUNTY, None)
            token = issue_token(post=city.posts[name], name="bench")
        hazard = city.found(city.actors[name], place=f"{number}号车间", photos=[], source="document")
        made.append(Phone(token=token, hazard=hazard.pk, dice=Random(seed + number), url=url))
    for number, phone in enumerate(made):
        for seq in range(commands):
            content = picture(1_000_000 + number * commands + seq) if seq % A_PHOTO_IN == 0 else None
            photos = []
            if content is not None:
                photos = [sha256(content).hexdigest()]
                phone.photos[photos[0]] = content
            phone.outbox.append(
                {
                    "id": str(new_id()), "seq": seq, "kind": "hazard.step", "subject": str(phone.hazard), "base_version": None,
                    "at": datetime.now(UTC).isoformat(), "photos": photos,
                    "payload": {"step": "add_evidence", "data": {"remark": f"note {number} {seq}"}},
                }
            )  # fmt: skip
    return made


def compare(meant: dict[UUID, list[dict[str, Any]]]) -> dict[str, int]:
    """The database against what the phones meant."""
    from anlan.files.actions import store
    from anlan.files.models import File
    from anlan.kernel import scope
    from anlan.kernel.actor import SYSTEM
    from anlan.kernel.models import DoneCommand, Entry
    from anlan_verify import canonical

    wrong: Counter[str] = Counter()
    shelf = store()
    with scope.acting(SYSTEM):
        for hazard, commands in meant.items():
            rows = Entry.objects.filter(subject_id=hazard, step="add_evidence").order_by("version")
            written = [canonical.loads(bytes(row.body))["data"]["remark"] for row in rows]
            asked = [one["payload"]["data"]["remark"] for one in commands]
            wrong["not in the phone's order or not once"] += written != asked
            tied = Counter(File.objects.filter(subject_id=hazard).values_list("sha256", flat=True))
            wrong["photos not tied once"] += tied != Counter(digest for one in commands for digest in one["photos"])
        ids = {UUID(one["id"]) for commands in meant.values() for one in commands}
        wrong["commands without their answer"] += len(ids - set(DoneCommand.objects.values_list("id", flat=True)))
        wrong["answers without a command"] += DoneCommand.objects.count() - len(ids)
        wrong["orphan photos"] += File.objects.filter(subject_id=None).count()
        digests = set(File.objects.values_list("sha256", flat=True))
        wrong["photos without bytes"] += sum(digest not in shelf or not shelf.verify(digest) for digest in digests)
    return dict(wrong)


def measure(devices: int, commands: int, *, seed: int, deadline: float) -> dict[str, Any]:
    with served(min(2, os.cpu_count() or 1)) as url:
        made = phones(url, devices, commands, seed)
        meant = {one.hazard: list(one.outbox) for one in made}
        began = time.monotonic()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda one: one.sync_until_done(began + deadline), made))
        took = time.monotonic() - began
    wrong = compare(meant)
    told: Counter[str] = sum((one.told for one in made), Counter())
    unsent = sum(len(one.outbox) for one in made)
    total = devices * commands
    return {
        "bench": "sync",
        "devices": devices,
        "commands": total,
        "photos": sum(len(one.photos) for one in made),
        "requests": sum(one.requests for one in made),
        "killed": sum(one.killed for one in made),
        "told": dict(told.most_common()),
        "wrong": wrong,
        "unsent": unsent,
        "exactly_once": not unsent and not any(wrong.values()),
        "seconds": round(took, 1),
        "commands_per_second": round((total - unsent) / took, 1),
    }


def main(*, json: bool, scale: float = 1.0, seed: int | None = None, deadline: float = 900) -> dict[str, Any]:
    seed = secrets.randbelow(10**6) if seed is None else seed
    say(f"Seed {seed}; {max(2, round(DEVICES * scale))} phones …")
    with cluster("bench"):
        found = measure(max(2, round(DEVICES * scale)), COMMANDS, seed=seed, deadline=deadline) | {"seed": seed}
    finish(found, as_json=json)
    if not found["exactly_once"]:
        raise SystemExit(1)
    return found


if __name__ == "__main__":
    options = arguments(__doc__ or "")
    main(json=options.json, scale=options.scale, seed=options.seed)
