"""A few processes kept alive together, and stopped together."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

from anlan.site.postgres import standing
from anlan.site.var import var_directory

TICK_SECONDS = 0.2
STOP_SECONDS = 30  # longer than the web server takes to finish its requests
RESTARTS = 5  # within WINDOW_SECONDS; then something is wrong that a restart does not mend
WINDOW_SECONDS = 60
LOG_BYTES = 10_000_000


def anlan_child(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "anlan.site.cli", *arguments]


@dataclass
class Child:
    name: str
    command: list[str]
    process: "subprocess.Popen[bytes] | None" = None
    deaths: deque[float] = field(default_factory=lambda: deque(maxlen=RESTARTS))


@dataclass
class Supervisor:
    environment: dict[str, str]
    logs: bool = False  # True: the children write to var/log, not to the terminal
    say: Callable[[str], None] = print
    children: list[Child] = field(default_factory=list)
    stopping: bool = False

    def add(self, name: str, command: list[str]) -> None:
        self.children.append(Child(name=name, command=command))

    def once(self, command: list[str]) -> None:
        """Run a command to its end; its failure is ours."""
        result = subprocess.run(command, check=False, env=self.environment)  # noqa: S603
        if result.returncode:
            raise SystemExit(result.returncode)

    def run(self, *, started: Callable[[], bool] | None = None) -> int:
        """Until a signal comes, a child cannot be kept alive, or `started` (asked each tick until it says True) raises Done."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        waiting = started
        try:
            for child in self.children:
                self._start(child)
            while not self.stopping:
                self._keep_database()
                if not all(self._keep(child) for child in self.children):
                    return 1
                if waiting and waiting():
                    waiting = None
                time.sleep(TICK_SECONDS)
        except Done as done:
            return done.status
        finally:
            self.stop()
        return 0

    def stop(self) -> None:
        """Ask all to finish, wait, then insist. The database, which they need to finish, is stopped after them."""
        alive = [child.process for child in self.children if child.process and child.process.poll() is None]
        for process in alive:
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in alive:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.say(f"Process {process.pid} does not stop and is killed.")
            _clear_group(process)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _start(self, child: Child) -> None:
        with _output(child.name, to_file=self.logs) as words:
            child.process = subprocess.Popen(  # noqa: S603
                child.command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=subprocess.STDOUT if self.logs else None,
                # Ctrl-C reaches the supervisor alone, which then stops all in order.
                start_new_session=True,
                preexec_fn=_stop_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509  no threads here
            )

    def _keep(self, child: Child) -> bool:
        if child.process is None or child.process.poll() is None:
            return True
        _clear_group(child.process)
        now = time.monotonic()
        child.deaths.append(now)
        if len(child.deaths) == RESTARTS and now - child.deaths[0] < WINDOW_SECONDS:
            self.say(f"The {child.name} process ended {RESTARTS} times within a minute; giving up.")
            self.say(last_words(child.name) if self.logs else "Its messages are above.")
            return False
        self.say(f"The {child.name} process ended ({child.process.returncode}) and is started again.")
        self._start(child)
        return True

    def _keep_database(self) -> None:
        if standing.in_use() and not standing.alive() and not self.stopping:
            standing.revive()
            self.say("The embedded database had stopped and was started again.")


class Done(Exception):
    """Raised by a supervisor's `started` to stop everything with this exit status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def log_file(name: str) -> Path:
    folder = var_directory() / "log"
    folder.mkdir(exist_ok=True)
    return folder / f"{name}.log"


def last_words(name: str, lines: int = 20) -> str:
    path = log_file(name)
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:]) if path.exists() else ""


def _output(name: str, *, to_file: bool) -> IO[bytes]:
    if not to_file:
        return os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    path = log_file(name)
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab")


def _clear_group(process: "subprocess.Popen[bytes]") -> None:
    """What a process leaves behind goes with it: the workers of a killed web server would keep its port."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _stop_with_parent() -> None:
    """Linux: children are asked to stop when the supervisor is killed (PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)
