"""A whole Anlan of its own: durable PostgreSQL, web and worker as child processes, a small city, and ways to kill them."""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import httpx
import psutil

from anlan.site.postgres import Passwords, provision
from anlan.site.postgres.account import give, reaches, server_account
from anlan.site.postgres.binaries import embedded
from anlan.site.postgres.cluster import SUPERUSER, Cluster

READY_SECONDS = 90
POSTS = ("inspector", "inspector2", "regulator", "principal", "safety_manager")


@dataclass
class House:
    """Everything lives under `home`; nothing outside is touched, only own children are ever killed."""

    home: Path
    cluster: Cluster
    port: int
    environment: dict[str, str]
    password: str
    tokens: dict[str, str] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    children: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    unasked: list[str] = field(default_factory=list)
    """Children that ended without being killed by us."""
    serving: bool = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def admin(self, database: str = "postgres") -> str:
        return self.cluster.url(user=SUPERUSER, password=self.password, database=database)

    # --- starting, keeping, stopping

    def serve(self) -> None:
        self.serving = True
        self.keep()
        self.wait_until("web answers /readyz", self.answers)

    def keep(self) -> None:
        """What a supervisor does: start again what is gone."""
        if not self.cluster.alive():
            self.cluster.start()
        if not self.serving:
            return
        for name, command in {
            "web": ("serve", "--port", str(self.port), "--workers", "2"),
            "worker": ("worker",),
        }.items():
            child = self.children.get(name)
            if child is not None and child.poll() is None:
                continue
            if child is not None:
                self.unasked.append(f"{name} ended with {child.returncode}")
                _clear_group(child)
            self._start(name, *command)

    def _start(self, name: str, *command: str) -> None:
        log = self.home / "log" / f"{name}.log"
        log.parent.mkdir(exist_ok=True)
        with log.open("ab") as words:
            self.children[name] = subprocess.Popen(
                [sys.executable, "-m", "anlan.site.cli", *command],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def wait_until(self, what: str, holds: Callable[[], object], seconds: float = READY_SECONDS) -> None:
        deadline = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > deadline:
                raise TimeoutError(f"not within {seconds:.0f} s: {what}\n{self.last_words()}")
            self.keep()
            time.sleep(0.05)

    def last_words(self, lines: int = 15) -> str:
        logs = [self.home / "log" / f"{name}.log" for name in ("web", "worker")]
        return "\n".join(f"--- {log.name}\n" + "\n".join(_tail(log, lines)) for log in logs if log.exists())

    def stop_serving(self, seconds: float = 40) -> list[str]:
        """Ask web and worker to end; returns what is wrong with how they did."""
        self.serving = False
        wrong = []
        for child in self.children.values():
            child.terminate()
        for name, child in self.children.items():
            try:
                status = child.wait(seconds)
                if status not in (0, -signal.SIGTERM, 143):
                    wrong.append(f"{name}, asked to end, ended with {status}")
            except subprocess.TimeoutExpired:
                wrong.append(f"{name}, asked to end, did not within {seconds:.0f} s")
            _clear_group(child)
        self.children.clear()
        return wrong

    def destroy(self) -> None:
        self.serving = False
        for child in self.children.values():
            _clear_group(child)
        self.children.clear()
        with contextlib.suppress(Exception):
            self.cluster.stop(at_once=True)
        shutil.rmtree(self.home, ignore_errors=True)

    # --- killing

    def kill(self, kind: str, dice: Random) -> str:
        """`kill -9` of one kind of process; returns what exactly died. Afterwards call `mend`."""
        victims = [one for one in KILLS[kind](self, dice) if one.is_running()]
        for one in victims:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.send_signal(signal.SIGKILL)
        return f"{kind}: {len(victims)}"

    def mend(self, kind: str) -> None:
        """Start again what we killed, without counting it as a death of its own."""
        if kind in ("web", "worker"):
            child = self.children.pop(kind)
            child.wait()
            _clear_group(child)
        self.keep()

    def postmaster(self) -> psutil.Process | None:
        try:
            return psutil.Process(int((self.cluster.data / "postmaster.pid").read_text().split()[0]))
        except (OSError, IndexError, ValueError, psutil.NoSuchProcess):
            return None

    def server_children(self) -> list[psutil.Process]:
        leader = self.postmaster()
        with contextlib.suppress(psutil.NoSuchProcess):
            return leader.children(recursive=True) if leader else []
        return []

    def web_workers(self) -> list[psutil.Process]:
        """Not their own children, which decode pictures: killed, they make a picture unreadable, and that is told."""
        with contextlib.suppress(psutil.NoSuchProcess):
            found = psutil.Process(self.children["web"].pid).children()
            return [one for one in found if "resource_tracker" not in " ".join(one.cmdline())]
        return []


def _child(name: str) -> Callable[[House, Random], list[psutil.Process]]:
    def found(house: House, _dice: Random) -> list[psutil.Process]:
        with contextlib.suppress(psutil.NoSuchProcess):
            return [psutil.Process(house.children[name].pid)]
        return []

    return found


def _one(of: Callable[[House], list[psutil.Process]]) -> Callable[[House, Random], list[psutil.Process]]:
    def found(house: House, dice: Random) -> list[psutil.Process]:
        there = of(house)
        return [dice.choice(there)] if there else []

    return found


def _backends(house: House) -> list[psutil.Process]:
    return [one for one in house.server_children() if "anlan_app" in " ".join(one.cmdline())]


def _whole_server(house: House, _dice: Random) -> list[psutil.Process]:
    leader = house.postmaster()
    return [*([leader] if leader else []), *house.server_children()]


def _leader(house: House, _dice: Random) -> list[psutil.Process]:
    leader = house.postmaster()
    return [leader] if leader else []


KILLS: dict[str, Callable[[House, Random], list[psutil.Process]]] = {
    "web": _child("web"),
    "web process": _one(House.web_workers),
    "worker": _child("worker"),
    "postmaster": _leader,
    "backend": _one(_backends),
    "server child": _one(House.server_children),
    "whole server": _whole_server,
}


@contextlib.contextmanager
def built(settings: dict[str, str] | None = None) -> Iterator[House]:
    """A migrated, guarded house with its city; Django is set up in this process as the plain role, with the owner beside it."""
    account = server_account()
    home = Path(tempfile.mkdtemp(prefix=f"anlan-faults-{os.getpid()}-"))
    home.chmod(0o711)
    server = home / "pg"
    server.mkdir(mode=0o700)
    give(account, server)
    if not reaches(account, server, test="w"):
        raise RuntimeError(f"PostgreSQL's account cannot write below {home}; set TMPDIR to another place")
    cluster = Cluster(home=server, programs=embedded(), account=account)
    password = secrets.token_urlsafe(18)
    house = House(home=home, cluster=cluster, port=free_port(), environment={}, password=password)
    previous = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        cluster.make(password=password)
        for name, value in (settings or {}).items():
            with (cluster.data / "postgresql.auto.conf").open("a") as conf:
                conf.write(f"{name} = {value}\n")
        cluster.start()
        urls = provision(admin=house.admin(), passwords=Passwords(owner="owner", app="app", backup="backup"))
        here = {"ANLAN_MODE": "test", "ANLAN_VAR": str(home / "var"), "DATABASE_URL": urls.app}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("ANLAN_", "DATABASE_"))}
        house.environment = kept | here | {"ANLAN_MODE": "demo", "PYTHONUNBUFFERED": "1"}  # logs as where it is served
        (home / "var" / "static").mkdir(parents=True)
        os.environ.update(here | {"DATABASE_OWNER_URL": str(urls.owner)})
        _settle(house)
        yield house
    finally:
        house.destroy()
        signal.signal(signal.SIGTERM, previous)


def _settle(house: House) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "anlan.site.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from anlan.identity.tokens import issue_token
    from anlan.kernel import guards, scope
    from anlan.kernel.actor import SYSTEM
    from tests.factories import TOWN, make_city

    call_command("migrate", database="owner", verbosity=0)
    guards.install()
    city = make_city()
    with scope.acting(SYSTEM):
        house.tokens = {name: issue_token(post=city.posts[name], name="faults") for name in POSTS}
    house.facts = {"enterprise": str(city.enterprise.pk), "region": str(TOWN)} | {
        f"person:{name}": str(city.actors[name].person) for name in POSTS
    }
    connections.close_all()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _clear_group(child: "subprocess.Popen[bytes]") -> None:
    """The processes a killed one leaves behind would keep its port."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _tail(path: Path, lines: int) -> list[str]:
    return path.read_text(errors="replace").splitlines()[-lines:]


def rows(statement: str, parameters: Any = None) -> list[tuple[Any, ...]]:
    """Read as the system sees it."""
    from django.db import connection

    from anlan.kernel import scope
    from anlan.kernel.actor import SYSTEM

    with scope.acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
