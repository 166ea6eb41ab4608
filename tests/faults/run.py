"""`script/faults`: kill web, worker and PostgreSQL at random points while clients drive loops, then reconcile.

Exit status 0 when nothing acknowledged was lost, nothing was half done or done twice, and the ledger is whole; else 1.
"""

import argparse
import contextlib
import http.client
import json
import shutil
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from random import Random, SystemRandom
from statistics import median
from typing import Any

from tests.faults.clients import Ack, Client
from tests.faults.house import KILLS, House, built, rows
from tests.faults.reconcile import Verdict, reconcile

ACK_SECONDS = 90
FIRST_SECONDS = 180  # everything is cold
QUIET_SECONDS = 150  # for jobs of killed workers to be taken up again, and everything to be sealed


@dataclass
class Exporter:
    """Asks for workbooks: the jobs that must neither be lost nor done twice. Its own connection, as the plain role."""

    stop: threading.Event
    asked: list[str] = field(default_factory=list)
    unanswered: int = 0
    failures: list[str] = field(default_factory=list)

    def run(self) -> None:
        from django.db import DatabaseError, connection

        from anlan.identity.acting import actor_for
        from anlan.identity.models import Post
        from anlan.kernel import scope
        from anlan.kernel.actor import SYSTEM
        from anlan.registry.actions.exports import ask_export
        from anlan.registry.queries import Filters

        actor = None
        while not self.stop.wait(1.5):
            try:
                if actor is None:
                    with scope.acting(SYSTEM):
                        actor = actor_for(
                            Post.objects.select_related("person", "organisation").get(person__username="regulator")
                        )
                with scope.acting(actor):
                    asked = ask_export(actor=actor, filters=Filters(), language="zh-hans")
                self.asked.append(str(asked.pk))
            except DatabaseError:
                self.unanswered += 1
                connection.close()
            except Exception as error:  # reported with the rest
                self.failures.append(f"exporter: {type(error).__name__}: {error}")
                return
        connection.close()


@dataclass
class Load:
    """Six clients and one who asks for workbooks, until told to stop."""

    house: House
    number: int

    def __post_init__(self) -> None:
        self.stop = threading.Event()
        facts: dict[str, Any] = {"tokens": self.house.tokens, "facts": self.house.facts, "stop": self.stop}
        self.clients = [Client(number=one + 1, url=self.house.url, **facts) for one in range(self.number)]
        self.exporter = Exporter(self.stop)
        parts = [*self.clients, self.exporter]
        self.threads = [threading.Thread(target=part.run, daemon=True) for part in parts]  # type: ignore[attr-defined]
        for thread in self.threads:
            thread.start()

    def acks(self) -> list[Ack]:
        return [ack for client in self.clients for ack in list(client.acks)]

    def answered_since(self, moment: float) -> float | None:
        """When the first write was answered that was sent after `moment`."""
        return min((ack.answered for ack in self.acks() if ack.sent > moment), default=None)

    def failures(self) -> list[str]:
        return [failure for part in (*self.clients, self.exporter) for failure in part.failures]  # type: ignore[attr-defined]

    def end(self) -> list[str]:
        """Let every write be answered; returns who did not come to an end."""
        self.stop.set()
        for thread in self.threads:
            thread.join(timeout=180)
        return [f"{thread.name} hangs" for thread in self.threads if thread.is_alive()]


@dataclass
class Storm:
    """Kills at random moments under load; what is known when it breaks off is kept."""

    house: House
    load: Load
    say: Any
    gaps: list[float] = field(default_factory=list)
    """Seconds from each kill until the first write was answered that was sent after it."""
    killed: Counter[str] = field(default_factory=Counter)

    def rage(self, *, points: int, kinds: list[str], dice: Random) -> None:
        for number in range(points):
            kind = kinds[number] if number < len(kinds) else dice.choice(kinds)
            pause = time.monotonic() + dice.uniform(0.02, 1.2)
            while time.monotonic() < pause:
                self.house.keep()
                time.sleep(0.02)
            self.strike(kind, dice, f"{number + 1:>4}/{points}")
            if failures := self.load.failures():
                raise RuntimeError("; ".join(failures))

    def strike(self, kind: str, dice: Random, where: str) -> None:
        moment = time.monotonic()
        what = self.house.kill(kind, dice)
        self.house.mend(kind)
        since = partial(self.load.answered_since, moment)
        self.house.wait_until(f"a write is answered after killing {kind}", since, ACK_SECONDS)
        self.gaps.append((since() or moment) - moment)
        self.killed[kind] += 1
        answered = len(self.load.acks())
        self.say(f"{where}  {what:<16} next answer after {self.gaps[-1]:.2f} s, {answered} answered")


def crowd(house: House, number: int = 60) -> list[http.client.HTTPConnection]:
    """Connections that stay open and say nothing, as browsers' do: they must keep nobody out. Raises TimeoutError."""
    idle = []
    for _ in range(number):
        connection = http.client.HTTPConnection("127.0.0.1", house.port, timeout=30)
        connection.request("GET", "/healthz")
        connection.getresponse().read()
        idle.append(connection)
    return idle


def come_to_rest(house: House) -> None:
    """Nothing is killed any more: all that was begun must be finished by what runs."""

    def sealed() -> bool:
        return rows("SELECT count(*) FROM kernel_pending") == [(0,)]

    def worked_off() -> bool:
        return rows("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')") == [(0,)]

    house.wait_until("every entry is sealed", sealed, QUIET_SECONDS)
    house.wait_until("every job is done", worked_off, QUIET_SECONDS)


def run_storm(args: argparse.Namespace, say: Any) -> dict[str, Any]:
    dice = Random(args.seed)
    began = time.monotonic()
    with built() as house:
        house.serve()
        say(f"Built and serving after {time.monotonic() - began:.0f} s; seed {args.seed}.")
        idle = crowd(house)
        load = Load(house, args.clients)
        started = time.monotonic()
        storm = Storm(house, load, say)
        trouble = []
        try:
            house.wait_until(
                "the first loop is done", lambda: any(client.loops for client in load.clients), ACK_SECONDS
            )
            storm.rage(points=args.points, kinds=args.kinds.split(","), dice=dice)
        except (RuntimeError, TimeoutError) as error:
            trouble.append(str(error))
        seconds = time.monotonic() - started
        with contextlib.suppress(TimeoutError):
            house.wait_until("web answers", house.answers)
        trouble += load.end() + load.failures()
        for connection in idle:
            connection.close()
        acks = load.acks()
        try:
            come_to_rest(house)
        except TimeoutError as error:
            trouble.append(str(error))
        trouble += house.stop_serving()
        verdict = reconcile(acks, load.exporter.asked)
        if args.keep:
            shutil.copytree(house.home / "log", args.keep, dirs_exist_ok=True)
        left = sum(1 for _one in (house.home / "var" / "files" / "incoming").glob("*"))
    return report(args, verdict, acks, storm, trouble) | {
        "seconds": round(seconds, 1),
        "loops": sum(client.loops for client in load.clients),
        "jobs_asked": len(load.exporter.asked),
        "jobs_unanswered": load.exporter.unanswered,
        "unasked_deaths": dict(Counter(house.unasked)),
        "upload_leftovers": left,
    }


def report(
    args: argparse.Namespace,
    verdict: Verdict,
    acks: list[Ack],
    storm: Storm,
    trouble: list[str],
) -> dict[str, Any]:
    ambiguous = [ack for ack in acks if ack.ambiguous]
    gaps = storm.gaps
    return {
        "run": "faults",
        "seed": args.seed,
        "points": sum(storm.killed.values()),
        "killed": dict(storm.killed),
        "clients": args.clients,
        **verdict.counts,
        "ambiguous": len(ambiguous),
        "settled_as_done": sum(ack.replayed for ack in ambiguous),
        "settled_as_new": sum(not ack.replayed for ack in ambiguous),
        "downtime_p50": round(median(gaps), 2) if gaps else None,
        "downtime_max": round(max(gaps), 2) if gaps else None,
        "violations": trouble + verdict.violations,
    }


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="script/faults", description=__doc__)
    parser.add_argument("--points", type=int, default=200, help="how often something is killed (default %(default)s)")
    parser.add_argument("--clients", type=int, default=6, help="clients driving loops (default %(default)s)")
    parser.add_argument("--seed", type=int, default=None, help="for the same choice of what is killed and when")
    parser.add_argument("--kinds", default=",".join(KILLS), help="what may be killed (default: %(default)s)")
    parser.add_argument("--drill", action="store_true", help="destroy the data directory instead, and restore it")
    parser.add_argument("--json", action="store_true", help="the last line printed is one JSON object")
    parser.add_argument("--keep", help="a directory to copy the logs of web and worker to")
    args = parser.parse_args(argv)
    if args.seed is None:
        args.seed = SystemRandom().randrange(2**31)

    def say(words: str) -> None:
        sys.stderr.write(f"{words}\n")

    if args.drill:
        from tests.faults.drill import run_drill

        found = run_drill(args, say)
    else:
        found = run_storm(args, say)
    if args.json:
        words = json.dumps(found, ensure_ascii=False)
    else:
        words = "\n".join(f"{name:<18} {value}" for name, value in found.items() if name != "violations") + "\n"
        words += "\n".join(f"VIOLATION {one}" for one in found["violations"]) or "Nothing lost, nothing half done."
    sys.stdout.write(words + "\n")
    return 1 if found["violations"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
