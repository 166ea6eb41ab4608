"""One PostgreSQL cluster of ours: make it, start it whatever happened before, stop it."""

import ctypes
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from anlan.site.postgres.account import Account, give, spawn_options
from anlan.site.postgres.trouble import DatabaseTrouble

SUPERUSER = "postgres"
START_SECONDS = 60  # to get past the remains of a crash
RECOVERY_SECONDS = 900  # a server that is replaying its log is left to do so
STOP_SECONDS = 60
SOCKET_PATH_BYTES = 107 - len("/.s.PGSQL.65535")

COMMON = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "120",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "max_wal_size": "2GB",
    # Statements and their values hold names and telephone numbers: the log names the error, not the person.
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
}
THROWAWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "checkpoint_timeout": "1h",
    "autovacuum_naptime": "10s",
}

_children: dict[int, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True, kw_only=True)
class Cluster:
    home: Path  # holds data/, run/, log/, port
    programs: Path  # the `bin` directory
    account: Account
    durable: bool = True  # False: speed before safety, and the server dies with its maker

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def made(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    @property
    def port(self) -> int:
        return int((self.home / "port").read_text())

    def url(self, *, user: str, password: str, database: str) -> str:
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def make(self, *, password: str) -> None:
        """`initdb`, all or nothing: it works beside its final place and moves there when done."""
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        for folder in (self.home, self.home / "run", self.home / "log"):
            folder.mkdir(exist_ok=True, mode=0o700)
            give(self.account, folder)
        unfinished = self.home / "data.making"
        shutil.rmtree(unfinished, ignore_errors=True)
        secret = self.home / "password"
        try:
            descriptor = os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(password)
            give(self.account, secret)
            command = ["--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums", "--auth=scram-sha-256"]
            command += [f"--username={SUPERUSER}", f"--pwfile={secret}", f"--pgdata={unfinished}"]
            command += [] if self.durable else ["--no-sync"]
            self._run("initdb", *command)
        finally:
            secret.unlink(missing_ok=True)
        unfinished.rename(self.data)

    def set_superuser_password(self, password: str) -> None:
        """For a cluster whose password was lost: single-user mode asks for none. The server must be down."""
        statement = f"ALTER ROLE {SUPERUSER} PASSWORD '{password}'\n"
        self._clear_stale_pid()
        options = spawn_options(self.account)
        del options["stdin"]
        command = [str(self.programs / "postgres"), "--single", "-D", str(self.data), "postgres"]
        result = subprocess.run(command, check=False, capture_output=True, text=True, input=statement, **options)  # noqa: S603
        if result.returncode or "ERROR" in result.stderr:
            raise DatabaseTrouble(f"The superuser's password could not be set:\n{result.stderr}")

    def running(self) -> bool:
        """The postmaster lives and takes connections."""
        return self._status() == "ready"

    def alive(self) -> bool:
        """There is a postmaster, be it starting, ready or stopping."""
        return self._status() is not None

    def start(self) -> bool:
        """
        Have the server running. True when this call started it.

        After `kill -9` the pid file is stale, the dead postmaster may still be a zombie, and its children may hold the
        shared memory for a moment: all of that passes, so starting is tried again until it does.
        """
        deadline = time.monotonic() + START_SECONDS
        while True:
            if self._is_or_becomes_ready():
                return False
            self._settle_port()
            process = self._launch()
            if self._comes_up(process):
                return True
            if time.monotonic() > deadline:
                raise DatabaseTrouble(f"The embedded PostgreSQL does not start. Its log says:\n{self._last_words()}")
            if "could not bind" in self._last_words():
                (self.home / "port").unlink(missing_ok=True)
            self._clear_stale_pid()
            time.sleep(0.3)

    def stop(self, *, at_once: bool = False) -> None:
        """Fast shutdown: open transactions are rolled back, everything committed is on disk."""
        pid = self._postmaster()
        if pid is None:
            return
        signals = [signal.SIGQUIT] if at_once else [signal.SIGINT, signal.SIGQUIT, signal.SIGKILL]
        for number in signals:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                break
            if _gone(pid, within=STOP_SECONDS):
                return
        if not _gone(pid, within=STOP_SECONDS):
            raise DatabaseTrouble(f"PostgreSQL (process {pid}) does not stop.")

    def _launch(self) -> "subprocess.Popen[bytes]":
        settings = COMMON | {"port": str(self.port), "unix_socket_directories": str(self._socket_directory())}
        if self.durable:
            settings |= {
                "logging_collector": "on",
                "log_directory": str(self.home / "log"),
                "log_filename": "postgresql-%a.log",  # a week of them, then over again
                "log_truncate_on_rotation": "on",
            }
        else:
            settings |= THROWAWAY
        command = [str(self.programs / "postgres"), "-D", str(self.data)]
        command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        options = spawn_options(self.account)
        if not self.durable and sys.platform == "linux":
            options["preexec_fn"] = _die_with_parent
        with (self.home / "start.log").open("wb") as words:
            # Its own session: Ctrl-C in the terminal is for whoever supervises, who stops the server last.
            process = subprocess.Popen(command, stdout=words, stderr=words, start_new_session=True, **options)  # noqa: S603
        _children[process.pid] = process
        return process

    def _comes_up(self, process: "subprocess.Popen[bytes]") -> bool:
        deadline = time.monotonic() + RECOVERY_SECONDS
        while process.poll() is None:
            if self._status() == "ready" and self._postmaster() == process.pid:
                return True
            if time.monotonic() > deadline:
                process.send_signal(signal.SIGQUIT)
                raise DatabaseTrouble(f"PostgreSQL is still not ready. Its log says:\n{self._last_words()}")
            time.sleep(0.05)
        return False

    def _is_or_becomes_ready(self) -> bool:
        """Wait for a postmaster that another process started. False when none lives, or it died meanwhile."""
        deadline = time.monotonic() + RECOVERY_SECONDS
        while (status := self._status()) != "ready":
            if status is None:
                return False
            if time.monotonic() > deadline:
                raise DatabaseTrouble(f"PostgreSQL is still not ready. Its log says:\n{self._last_words()}")
            time.sleep(0.05)
        return True

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _postmaster(self) -> int | None:
        """The process named in the pid file, if it is a living postmaster of this very data directory."""
        lines = self._pid_file()
        if not lines or not lines[0].strip().isdigit():
            return None
        pid = int(lines[0])
        return pid if _works_in(pid, self.data) else None

    def _status(self) -> str | None:
        """`starting`, `ready`, `stopping` …; None when no postmaster lives."""
        if self._postmaster() is None:
            return None
        lines = self._pid_file()
        return lines[7].strip() if len(lines) > 7 else "starting"

    def _clear_stale_pid(self) -> None:
        """
        Take away a pid file that PostgreSQL itself would not dare to: the number now belongs to a stranger.

        That happens after every restart of a container, where numbers are small and come again. Only when no process
        at all works in the data directory; as long as one does, the file guards its shared memory.
        """
        if self._pid_file() and not any(_works_in(pid, self.data) for pid in psutil.pids()):
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _settle_port(self) -> None:
        """The same port as last time unless somebody took it. Below the range the kernel gives to outgoing calls."""
        file = self.home / "port"
        ports = [int(file.read_text())] if file.exists() else []
        ports += [20000 + secrets.randbelow(10000) for _ in range(200)]
        free = next((port for port in ports if _is_free(port)), None)
        if free is None:
            raise DatabaseTrouble("No free port was found for PostgreSQL between 20000 and 29999.")
        if not ports or free != ports[0] or not file.exists():
            file.write_text(f"{free}\n")

    def _socket_directory(self) -> Path:
        """Beside the data; a path too long for a socket gets a short one that only we can enter."""
        usual = self.home / "run"
        if len(os.fsencode(usual)) <= SOCKET_PATH_BYTES:
            return usual
        short = Path(f"/tmp/anlan-{self.home.stat().st_ino:x}-{self.account.uid}")  # noqa: S108
        short.mkdir(mode=0o700, exist_ok=True)
        give(self.account, short)
        seen = short.lstat()
        if short.is_symlink() or seen.st_uid != self.account.uid or seen.st_mode & 0o077:
            raise DatabaseTrouble(
                f"{short} belongs to somebody else. Remove it, or move the project to a shorter path."
            )
        return short

    def _last_words(self) -> str:
        files = [self.home / "start.log"]
        files += sorted((self.home / "log").glob("*.log"), key=lambda path: path.stat().st_mtime)[-1:]
        texts = [path.read_text(errors="replace") for path in files if path.exists()]
        return "\n".join("\n".join(text.splitlines()[-15:]) for text in texts)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), *arguments]
        result = subprocess.run(command, check=False, capture_output=True, text=True, **spawn_options(self.account))  # noqa: S603
        if result.returncode:
            raise DatabaseTrouble(f"{program} failed:\n{result.stdout}{result.stderr}")


def _works_in(pid: int, directory: Path) -> bool:
    """Every process of PostgreSQL has its data directory as working directory; a zombie has none."""
    _reap()
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        try:
            return Path(process.cwd()) == directory.resolve()
        except psutil.AccessDenied:
            # Root in a container may not look there (no CAP_SYS_PTRACE). The postmaster's command line is open to all;
            # its children's are not telling, so any of them counts.
            return process.name() == "postgres" and (
                str(directory) in process.cmdline() or any(part.startswith("postgres: ") for part in process.cmdline())
            )
    except (psutil.Error, OSError):
        return False


def _gone(pid: int, *, within: float) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        _reap()
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.05)
    return False


def _reap() -> None:
    for pid, process in list(_children.items()):
        if process.poll() is not None:
            _children.pop(pid, None)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _die_with_parent() -> None:
    """Linux: an immediate shutdown when the maker of a throw-away server is killed (PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGQUIT)
