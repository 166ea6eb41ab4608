"""
Work on bytes from outside in a child process under limits, one at a time per core, over all processes of this machine.

Bytes go in and out through unnamed temporary files, so nothing stays behind however a process ends. What comes back is JSON and
plain bytes; the child never sends objects. The child inherits no environment, hence no secrets.
"""

import fcntl
import json
import os
import random
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Self

import structlog
from django.utils.translation import gettext_lazy as _

from anlan.kernel.refusals import Refused
from anlan.kernel.sandbox_child import FRAME

log = structlog.get_logger(__name__)

MESSAGES = {
    "sandbox.busy": _("Too many files are being read just now. Try again in a minute."),
    "sandbox.crashed": _(
        "The file could not be read: reading it failed. Save it anew with another program and try again."
    ),
    "sandbox.memory": _("Reading this file needs more memory than is allowed. Send a smaller one."),
    "sandbox.timeout": _("Reading this file takes longer than %(seconds)s seconds. Send a smaller or simpler one."),
}
START = "from anlan.kernel.sandbox_child import main; main()"
ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "PATH": os.defpath,
    # An address-space limit counts what threads merely reserve.
    "MALLOC_ARENA_MAX": "2",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "RAYON_NUM_THREADS": "1",
}
VALUE_BYTES = 1 << 20
SHORTEST, LONGEST = 0.002, 0.02
"""Seconds between two looks at what a child has written."""
Frame = tuple[bytes, int, int]
"""Its kind, and where its bytes begin and how many they are in the file the child writes to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    memory_bytes: int = 1 << 30
    cpu_seconds: int = 10
    wall_seconds: int = 10
    output_bytes: int = 64 << 20
    wait_seconds: int = 60
    """How long to wait for a free core before `sandbox.busy`."""
    behind: bool = False
    """Nobody waits for it: it yields to all that is asked for now, and leaves a core to them where there are several."""


@dataclass(slots=True)
class Answer:
    """What a job gave back: one JSON object, and blocks of bytes read from disk only as they are asked for."""

    value: dict[str, Any]
    _places: list[tuple[int, int]]
    _file: IO[bytes]

    def blocks(self) -> Iterator[bytes]:
        for start, length in self._places:
            self._file.seek(start)
            yield self._file.read(length)

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def run(
    target: str, source: bytes | Path, *, params: Mapping[str, Any] | None = None, limits: Limits | None = None
) -> Answer:
    """
    Run `package.module:function` of this project in a child.

    The function takes `(source: BinaryIO, params: dict)` and returns `(value: dict, blocks: Iterable[bytes])`; blocks may be a generator.
    It refuses by raising `sandbox_child.Refusal(code, **params)`. Raises `Refused` with that code and an empty message (the caller
    has the words), or with `sandbox.busy`, `.crashed`, `.memory`, `.timeout`.
    """
    limits = limits or Limits()
    answer = tempfile.TemporaryFile()  # noqa: SIM115 the answer owns and closes it
    try:
        with _working(target, source, params, limits, answer) as frames:
            found = list(frames)
    except BaseException:
        answer.close()
        raise
    value = next(_object(answer, start, length) for kind, start, length in found if kind == b"V")
    return Answer(value, [(start, length) for kind, start, length in found if kind == b"B"], answer)


@contextmanager
def _opened(source: bytes | Path) -> Iterator[IO[bytes]]:
    if isinstance(source, Path):
        with source.open("rb") as file:
            yield file
        return
    with tempfile.TemporaryFile() as file:
        file.write(source)
        file.flush()
        file.seek(0)
        yield file


@contextmanager
def stream(
    target: str, source: Path, *, params: Mapping[str, Any] | None = None, limits: Limits | None = None
) -> Iterator[Iterator[bytes]]:
    """
    Like `run`, but the blocks are handed on while the child still works; its value is only waited for.

    What was handed on counts for nothing when the iteration ends by `Refused`. Leaving early ends the child.
    """
    with (
        tempfile.TemporaryFile() as answer,
        _working(target, source, params, limits or Limits(), answer) as frames,
    ):
        file = answer.fileno()
        yield (os.pread(file, length, start) for kind, start, length in frames if kind == b"B")


@contextmanager
def _working(
    target: str, source: bytes | Path, params: Mapping[str, Any] | None, limits: Limits, answer: IO[bytes]
) -> Iterator[Iterator[Frame]]:
    """A child at work, and the frames it writes."""
    if not target.startswith("anlan."):
        raise ValueError(f"the sandbox runs this project's functions only, not {target}")
    request = json.dumps({"target": target, "params": dict(params or {}), "limits": asdict(limits)}).encode()
    with _opened(source) as data, _slot(limits), _started(request, data, answer) as child:
        yield _followed(child, answer, limits, target)


def _followed(child: "_Child", answer: IO[bytes], limits: Limits, target: str) -> Iterator[Frame]:
    """Values and blocks as they appear in the file the child writes to; Refused unless it ends as it should."""
    file, at, complete, valued = answer.fileno(), 0, False, False
    deadline = time.monotonic() + limits.wall_seconds
    pause = SHORTEST
    while True:
        over = child.over  # asked before the size, so that nothing written at the end is missed
        size, before = os.fstat(file).st_size, at
        while at + FRAME.size <= size:
            kind, length = FRAME.unpack(os.pread(file, FRAME.size, at))
            start = at + FRAME.size
            if length > size - start:
                break
            at = start + length
            if kind == b"M":
                raise refused("sandbox.memory")
            if kind == b"R":
                raise _told(_object(answer, start, length))
            if kind == b"V":
                _object(answer, start, length)
                valued = True
            complete = complete or kind == b"E"
            if kind in (b"V", b"B"):
                yield kind, start, length
        if over:
            break
        if time.monotonic() > deadline:
            raise refused("sandbox.timeout", seconds=limits.wall_seconds)
        pause = SHORTEST if at > before else min(pause * 1.5, LONGEST)
        time.sleep(pause)
    status, complaint = child.finish()
    if status in {-signal.SIGXCPU, -signal.SIGALRM}:
        raise refused("sandbox.timeout", seconds=limits.wall_seconds)
    if not (complete and valued and status == 0):
        raise _crash(target, status, complaint)


@dataclass(slots=True)
class _Child:
    process: subprocess.Popen[bytes]
    complaints: IO[bytes]

    @property
    def over(self) -> bool:
        return os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def finish(self) -> tuple[int, str]:
        """End it if it still runs; its exit status and the end of what it complained of."""
        if self.process.returncode is None:
            # The leader is not reaped yet, so the group's number cannot have passed to a stranger.
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        status = self.process.wait()
        self.complaints.seek(0)
        return status, self.complaints.read(4096).decode(errors="replace")


@contextmanager
def _started(request: bytes, data: IO[bytes], answer: IO[bytes]) -> Iterator[_Child]:
    with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as complaints:
        asked.write(request)
        asked.flush()
        asked.seek(0)
        process = subprocess.Popen(  # noqa: S603 our own interpreter, no shell, nothing from outside in the arguments
            [sys.executable, "-I", "-c", START, str(data.fileno()), str(answer.fileno())],
            stdin=asked,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
            pass_fds=(data.fileno(), answer.fileno()),
            env=ENVIRONMENT,
            cwd="/",
            start_new_session=True,
        )
        child = _Child(process, complaints)
        try:
            yield child
        finally:
            child.finish()


def refused(code: str, /, **params: str | float) -> Refused:
    return Refused(code, MESSAGES.get(code, ""), params)


def _crash(target: str, status: int, complaint: str) -> Refused:
    log.warning("sandbox.crashed", target=target, status=status, complaint=complaint[-1000:])
    out_of_memory = "bad_alloc" in complaint or "MemoryError" in complaint
    return refused("sandbox.memory" if out_of_memory else "sandbox.crashed")


def _told(refusal: dict[str, Any]) -> Refused:
    """A refusal as the child words it, which may be anything."""
    code, params = refusal.get("code"), refusal.get("params")
    if not isinstance(code, str) or not isinstance(params, dict):
        return refused("sandbox.crashed")
    shown = {name: value for name, value in params.items() if isinstance(value, str | int | float)}
    return Refused(code, MESSAGES.get(code, ""), shown)


def _object(answer: IO[bytes], start: int, length: int) -> dict[str, Any]:
    """A JSON object from the child, which is not trusted to have sent one. Read without moving the offset the child writes at."""
    try:
        value = json.loads(os.pread(answer.fileno(), length, start)) if length <= VALUE_BYTES else None
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise refused("sandbox.crashed")
    return value


def _slots_dir() -> Path:
    """A directory of ours alone: a stranger's lock in a shared one would stop us."""
    place = Path(os.environ.get("ANLAN_SANDBOX_DIR") or Path(tempfile.gettempdir(), f"anlan-sandbox-{os.getuid()}"))
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    about = place.lstat()
    if not stat.S_ISDIR(about.st_mode) or about.st_uid != os.getuid():
        raise PermissionError(f"{place} must be a directory of this user; set ANLAN_SANDBOX_DIR to one")
    return place


@contextmanager
def _slot(limits: Limits) -> Iterator[None]:
    """One lock file per core. The system frees a lock when its holder dies."""
    place = _slots_dir()
    names = [place / f"slot-{number}" for number in range(os.cpu_count() or 1)]
    if limits.behind:
        names = names[1:] or names
    deadline = time.monotonic() + limits.wait_seconds
    while True:
        for name in random.sample(names, len(names)):
            file = os.open(name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(file)
                continue
            try:
                yield
            finally:
                os.close(file)
            return
        if time.monotonic() > deadline:
            raise refused("sandbox.busy")
        time.sleep(0.02 + random.random() * 0.03)  # noqa: S311 only to fall out of step
