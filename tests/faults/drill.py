"""
The restore drill: the data directory is destroyed under load, and comes back from a base backup and received WAL.

`pg_receivewal --synchronous` is named in `synchronous_standby_names`, so that no commit is answered before its WAL lies in
another directory (in life: on another machine).
"""

import argparse
import contextlib
import signal
import subprocess
import time
from pathlib import Path
from random import Random
from typing import Any

import psycopg

from anlan.site.postgres.account import give, spawn_options
from tests.faults.clients import Ack
from tests.faults.house import House, built, rows
from tests.faults.reconcile import reconcile
from tests.faults.run import ACK_SECONDS, FIRST_SECONDS, Load, come_to_rest

SLOT = "anlan"
LOAD_SECONDS = 12.0


class Archive:
    """A base backup and the WAL received since, both outside the data directory."""

    def __init__(self, house: House) -> None:
        self.house, self.account = house, house.cluster.account
        self.place = house.home / "archive"
        self.base, self.wal = self.place / "base", self.place / "wal"
        for folder in (self.place, self.wal):
            folder.mkdir(mode=0o700)
            give(self.account, folder)
        self.receiver: subprocess.Popen[bytes] | None = None

    def _options(self) -> dict[str, Any]:
        options = spawn_options(self.account)
        options["env"] |= {"PGPASSWORD": self.house.password}
        return options

    def _command(self, program: str, *arguments: str) -> list[str]:
        server = ["--host=127.0.0.1", f"--port={self.house.cluster.port}", "--username=postgres", "--no-password"]
        return [str(self.house.cluster.programs / program), *server, *arguments]

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            self._command(program, *arguments), check=False, capture_output=True, text=True, **self._options()
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr}")

    def begin(self) -> None:
        """First the WAL is received and waited for, then the base is taken: nothing can lie between them."""
        self._run("pg_receivewal", f"--slot={SLOT}", "--create-slot", "--if-not-exists", f"--directory={self.wal}")
        words = (self.place / "receiver.log").open("wb")
        with words:
            self.receiver = subprocess.Popen(
                self._command(
                    "pg_receivewal", f"--slot={SLOT}", "--synchronous", "--no-loop", f"--directory={self.wal}"
                ),
                stdout=words,
                stderr=words,
                start_new_session=True,
                **self._options(),
            )
        with psycopg.connect(self.house.admin(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET synchronous_standby_names = 'pg_receivewal'")
            connection.execute("SELECT pg_reload_conf()")
        self.house.wait_until("the WAL is received synchronously", self.synchronous)
        self._run("pg_basebackup", f"--pgdata={self.base}", "--wal-method=none", "--checkpoint=fast", "--no-sync")

    def synchronous(self) -> bool:
        with psycopg.connect(self.house.admin(), autocommit=True) as connection:
            found = connection.execute("SELECT sync_state FROM pg_stat_replication").fetchall()
        return found == [("sync",)]

    def restore(self) -> None:
        """Into the empty place of the data directory; the server comes up when all received WAL is replayed."""
        self.end()
        for left in self.wal.glob("*.partial"):
            left.rename(left.with_suffix(""))
        data = self.house.cluster.data
        subprocess.run(["cp", "-a", str(self.base), str(data)], check=True, **spawn_options(self.account))
        with (data / "postgresql.auto.conf").open("a") as conf:
            conf.write(f"restore_command = 'cp {self.wal}/%f %p'\nsynchronous_standby_names = ''\n")
        (data / "recovery.signal").touch()
        give(self.account, data / "recovery.signal")
        self.house.cluster.start()

    def end(self) -> None:
        if self.receiver is not None:
            with contextlib.suppress(ProcessLookupError):
                self.receiver.send_signal(signal.SIGTERM)
            self.receiver.wait(30)


def destroy(house: House) -> int:
    """`kill -9` of the whole server, and nothing of its data directory stays; returns how many files that were."""
    house.kill("whole server", Random(0))
    deadline = time.monotonic() + 10
    while house.cluster.alive() and time.monotonic() < deadline:
        time.sleep(0.02)
    files = sum(1 for one in house.cluster.data.rglob("*") if one.is_file())
    subprocess.run(["rm", "-rf", str(house.cluster.data)], check=True)
    return files


def damaged_indexes(house: House) -> list[str]:
    """Amcheck over every index and its table, where the server carries it."""
    wrong = []
    with psycopg.connect(house.admin("anlan"), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'amcheck'").fetchone():
            return ["amcheck is not available"]
        connection.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
        indexes = connection.execute(
            "SELECT c.oid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " JOIN pg_am a ON a.oid = c.relam WHERE a.amname = 'btree' AND i.indisvalid AND c.relpersistence = 'p'"
        ).fetchall()
        for (index,) in indexes:
            try:
                connection.execute("SELECT bt_index_parent_check(%s::regclass, true)", [index])
            except psycopg.Error as error:
                wrong.append(f"{index}: {error}")
    return wrong


def run_drill(args: argparse.Namespace, say: Any) -> dict[str, Any]:
    trouble: list[str] = []
    with built() as house:
        archive = Archive(house)
        archive.begin()
        house.serve()
        load = Load(house, args.clients)
        try:
            house.wait_until("the first loop is done", lambda: any(one.loops for one in load.clients), FIRST_SECONDS)
            until = time.monotonic() + LOAD_SECONDS
            while time.monotonic() < until:
                house.keep()
                time.sleep(0.05)
            moment = time.monotonic()
            files = destroy(house)
            before: list[Ack] = [ack for ack in load.acks() if ack.answered <= moment]
            say(f"Destroyed {files} files under load, {len(before)} writes were answered until then.")
            began = time.monotonic()
            archive.restore()
            restored = time.monotonic() - began
            say(f"Restored in {restored:.1f} s.")
            house.wait_until("a write is answered again", lambda: load.answered_since(moment), ACK_SECONDS)
            recovery = (load.answered_since(moment) or moment) - moment
            until = time.monotonic() + LOAD_SECONDS / 2
            while time.monotonic() < until:
                house.keep()
                time.sleep(0.05)
        finally:
            trouble += load.end() + load.failures()
            archive.end()
        acks = load.acks()
        come_to_rest(house)
        trouble += house.stop_serving()
        verdict = reconcile(acks, load.exporter.asked)
        verdict.note("amcheck", damaged_indexes(house))
        kept = Path(house.home / "var" / "heads" / "heads.jsonl").read_bytes().count(b"\n")
        [(timeline,)] = rows("SELECT timeline_id FROM pg_control_checkpoint()")
        if timeline < 2:
            trouble.append("the server never came back from the archive")
    return {
        "run": "drill",
        "clients": args.clients,
        "acked_before": len(before),
        **verdict.counts,
        "rpo_writes": verdict.counts["lost"],
        "restore_seconds": round(restored, 2),
        "rto_seconds": round(recovery, 2),
        "heads_kept_outside": kept,
        "violations": trouble + verdict.violations,
    }
