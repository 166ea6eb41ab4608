"""Clients that drive whole loops over the API, each write with its key, repeated until it is answered."""

import threading
import time
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import httpx
from PIL import Image

ANSWER_SECONDS = 120
AGAIN = {"idempotency.under_way", "busy"}
STEPS = ("register", "grade", "dispatch", "sign", "sign", "plan", "submit", "recheck", "close")


@dataclass(frozen=True, kw_only=True)
class Ack:
    """One write that was answered: what the client now believes to be for ever."""

    step: str
    record: str
    version: int
    person: str
    key: str
    tries: int
    ambiguous: bool
    """At least one try ended without an answer after it may have reached the server."""
    replayed: bool
    """The answer is that of an earlier try, which had been done."""
    sent: float
    answered: float
    sha256: str = ""


class Refused(Exception):
    """An answer that must not come: what was asked was right, and asked once."""


@dataclass
class Client:
    number: int
    url: str
    tokens: dict[str, str]
    facts: dict[str, str]
    stop: threading.Event
    acks: list[Ack] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    loops: int = 0

    def __post_init__(self) -> None:
        self._drawing = "data:image/png;base64," + b64encode(_picture("PNG", (0, 0, self.number))).decode()
        self._doors = {
            name: httpx.Client(
                base_url=f"{self.url}/api/v1", headers={"Authorization": f"Bearer {token}"}, timeout=30, trust_env=False
            )
            for name, token in self.tokens.items()
        }

    def run(self) -> None:
        try:
            while not self.stop.is_set():
                self.loop()
                self.loops += 1
        except Stopped:
            pass
        except Exception as error:  # reported by whoever reconciles
            self.failures.append(f"client {self.number}: {type(error).__name__}: {error}")
        finally:
            for door in self._doors.values():
                door.close()

    def loop(self) -> None:
        photo = self._photo("inspector")
        found = self._write(
            "inspector",
            "register",
            "/hazards",
            {
                "source": "county",
                "industry": "gongmao",
                "region": int(self.facts["region"]),
                "enterprise": self.facts["enterprise"],
                "place": f"{self.number}车间{self.loops}号位{uuid4().hex[:6]}",
                "category": "equipment",
                "description": "传动部位缺少防护罩，人员可触及。",
                "photos": [photo],
            },
        )
        hazard = found["id"]
        self._step("regulator", hazard, "grade", grade="general")
        self._step("regulator", hazard, "dispatch", responsible=self.facts["enterprise"], due=_day(30))
        for signer in ("principal", "inspector"):
            digest = self._read(signer, f"/hazards/{hazard}")["sheet"]["digest"]
            self._step(signer, hazard, "sign", digest=digest, drawing=self._drawing)
        self._step("safety_manager", hazard, "plan", measure="加装固定式防护罩并联锁停机。", due=_day(20))
        after = self._photo("safety_manager")
        self._step(
            "safety_manager",
            hazard,
            "submit",
            measure_done="护罩已装好并试机。",
            finished_on=_day(0),
            cost="1200.50",
            photos=[after],
        )
        self._step("inspector2", hazard, "recheck", passed=True, remark="现场查看，护罩牢固有效。")
        closed = self._step("regulator", hazard, "close")
        if closed["state"]["code"] != "closed":
            raise Refused(f"the loop ended in {closed['state']['code']}")

    def _photo(self, post: str) -> str:
        colour: Colour = tuple(uuid4().bytes[:3])  # type: ignore[assignment]
        files = {"file": ("photo.jpg", _picture("JPEG", colour), "image/jpeg")}
        return str(self._write(post, "upload", "/files", None, files=files)["id"])

    def _step(self, post: str, hazard: str, step: str, **data: Any) -> dict[str, Any]:
        return self._write(post, step, f"/hazards/{hazard}/steps/{step}", data)

    def _write(self, post: str, step: str, path: str, data: Any, files: Any = None) -> dict[str, Any]:
        if self.stop.is_set():
            raise Stopped
        key, began = uuid4().hex, time.monotonic()
        ambiguous, tries = False, 0
        while True:
            tries += 1
            sent = time.monotonic()
            try:
                answer = self._doors[post].post(path, json=data, files=files, headers={"Idempotency-Key": key})
            except httpx.ConnectError:
                pass  # never reached anybody
            except httpx.TransportError:
                ambiguous = True
            else:
                if answer.status_code < 300:
                    break
                if answer.status_code >= 500:
                    ambiguous = True
                elif _code(answer) not in AGAIN:
                    raise Refused(f"{step} by {post}, try {tries}: {answer.status_code} {answer.text[:400]}")
            if time.monotonic() - began > ANSWER_SECONDS:
                raise Refused(f"{step} by {post} was not answered within {ANSWER_SECONDS} s")
            time.sleep(0.1)
        said = answer.json()
        self.acks.append(
            Ack(
                step=step,
                record=said["id"],
                version=said.get("version", 0),
                person=self.facts[f"person:{post}"],
                key=key,
                tries=tries,
                ambiguous=ambiguous,
                replayed=answer.headers.get("Idempotency-Replayed") == "true",
                sent=sent,
                answered=time.monotonic(),
                sha256=said.get("sha256", ""),
            )
        )
        return dict(said)

    def _read(self, post: str, path: str) -> dict[str, Any]:
        began = time.monotonic()
        while True:
            try:
                answer = self._doors[post].get(path)
            except httpx.TransportError:
                pass
            else:
                if answer.status_code == 200:
                    return dict(answer.json())
                if answer.status_code < 500:
                    raise Refused(f"reading {path}: {answer.status_code} {answer.text[:400]}")
            if self.stop.is_set():
                raise Stopped
            if time.monotonic() - began > ANSWER_SECONDS:
                raise Refused(f"reading {path} was not answered within {ANSWER_SECONDS} s")
            time.sleep(0.1)


class Stopped(Exception):
    """The run is over; nothing is left unanswered."""


Colour = tuple[int, int, int]


def _picture(kind: str, colour: Colour) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (64, 48), colour).save(buffer, kind)
    return buffer.getvalue()


def _code(answer: httpx.Response) -> str:
    try:
        return str(answer.json().get("code", ""))
    except ValueError:
        return ""


def _day(days: int) -> str:
    shanghai = datetime.now(UTC) + timedelta(hours=8)
    return (shanghai.date() + timedelta(days=days)).isoformat()
