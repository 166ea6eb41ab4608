"""`loop`: a hazard from registration to closing off by the verbs, against the same rows written by bare psycopg.

What the verbs write is recorded once: after each transaction, every row it added or changed, in whatever table, by itself or
by a trigger. The reference then writes such rows into the same tables with their indexes, in as many transactions, one
statement a row, setting only the columns that changed, with foreign keys checked, but without triggers and policies (as
superuser), and without reading or deciding anything. Photos are uploaded beforehand on both sides, and the signature's drawing is decoded once and
remembered, for pictures are another matter. The sheet to be signed is read outside the clock, as a page does before.
The server is the throw-away one (no fsync), which leaves out what both sides would wait for alike. Loops alternate; medians.
"""

import contextlib
import gc
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from anlan.kernel.ids import new_id
from bench.common import arguments, cluster, finish, say

Row = dict[str, Any]
ORDER = {"kernel_sequence": 0, "hazards_hazard": 1, "files_file": 2}
"""Rows that others point to are written first."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """One row that a transaction left: `before` is None when it was added."""

    table: str
    key: str
    before: Row | None
    after: Row


class Loop:
    """One hazard through the loop; yields a callable for each step, to be run inside the clock."""

    def __init__(self, city: Any) -> None:
        self.city = city

    def steps(self) -> Iterator[tuple[str, Callable[[], Any]]]:
        from tests.factories import DRAWING, TOWN

        from anlan.hazards.actions import register_hazard, take_step
        from anlan.hazards.models import Hazard
        from anlan.hazards.sheet import sheet
        from anlan.kernel import clock, scope

        city = self.city
        with scope.acting(city.inspector):
            before = city.photo(city.inspector)
        with scope.acting(city.safety_manager):
            after = city.photo(city.safety_manager)
        made: list[UUID] = []

        def register() -> None:
            with scope.acting(city.inspector):
                hazard = register_hazard(
                    actor=city.inspector,
                    data={
                        "source": "county",
                        "industry": "gongmao",
                        "region": TOWN,
                        "enterprise": city.enterprise.pk,
                        "place": f"{city.seed}号车间东侧",
                        "category": "equipment",
                        "description": "传动部位缺少防护罩，人员可触及。",
                        "photos": [before],
                    },
                )
            made.append(hazard.pk)

        def step(actor: Any, name: str, **data: Any) -> Callable[[], None]:
            def run() -> None:
                with scope.acting(actor):
                    take_step(actor=actor, hazard=made[0], step=name, data=data)

            return run

        yield "register", register
        yield "grade", step(city.regulator, "grade", grade="general")
        yield "dispatch", step(city.regulator, "dispatch", responsible=city.enterprise.pk, due=city.day(30))
        for signer in (city.principal, city.inspector):
            with scope.acting(signer):
                digest = sheet(Hazard.objects.get(pk=made[0])).digest
            yield "sign", step(signer, "sign", digest=digest, drawing=DRAWING)
        yield "plan", step(city.safety_manager, "plan", measure="加装固定式防护罩并联锁停机。", due=city.day(20))
        done: Row = {"measure_done": "护罩已装好并试机。", "finished_on": clock.today(), "cost": "1200.50"}
        yield "submit", step(city.safety_manager, "submit", **done, photos=[after])
        yield "recheck", step(city.inspector2, "recheck", passed=True, remark="现场查看，护罩牢固有效。")
        yield "close", step(city.regulator, "close")


class Recorder:
    """Reads, as superuser, what each transaction left behind."""

    def __init__(self, admin: psycopg.Connection[Any]) -> None:
        self.admin = admin
        found = admin.execute(
            "SELECT c.relname, a.attname FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid"
            " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]"
            " WHERE i.indisprimary AND c.relnamespace = 'public'::regnamespace"
        ).fetchall()
        self.keys: dict[str, str] = dict(found)
        self.known: dict[tuple[str, Any], Row] = {}

    def look(self) -> dict[tuple[str, Any], tuple[str, Row]]:
        """Every row there is, with the number of the transaction that wrote it; the database is small."""
        rows = {}
        for table, key in self.keys.items():
            query = sql.SQL("SELECT *, xmin::text AS _written FROM {}").format(sql.Identifier(table))
            cursor = self.admin.execute(query)
            names = [column.name for column in cursor.description or ()]
            for values in cursor.fetchall():
                row = dict(zip(names, values, strict=True))
                rows[table, row[key]] = (row.pop("_written"), row)
        return rows

    def record(self, run: Callable[[], Any]) -> list[Written]:
        before = self.look()
        run()
        after = self.look()
        changed = [place for place, (number, _row) in after.items() if before.get(place, ("",))[0] != number]
        changed.sort(key=lambda place: ORDER.get(place[0], len(ORDER)))
        return [
            Written(
                table=place[0],
                key=self.keys[place[0]],
                before=before[place][1] if place in before else None,
                after=after[place][1],
            )
            for place in changed
        ]


class Reference:
    """Writes the recorded rows again, as rows of another hazard."""

    def __init__(self, admin: psycopg.Connection[Any], recorded: list[list[Written]]) -> None:
        self.admin, self.recorded = admin, recorded
        self.serial = {
            (table, column)
            for table, column in admin.execute(
                "SELECT table_name, column_name FROM information_schema.columns"
                " WHERE table_schema = 'public' AND (is_identity = 'YES' OR column_default LIKE 'nextval%')"
            ).fetchall()
        }
        self.json = {
            (table, column)
            for table, column in admin.execute(
                "SELECT table_name, column_name FROM information_schema.columns"
                " WHERE table_schema = 'public' AND data_type = 'jsonb'"
            ).fetchall()
        }
        born = [one for written in recorded for one in written if one.before is None]
        self.fresh = {one.after[one.key] for one in born} | {
            one.after["clock"] for written in recorded for one in written if "clock" in one.after
        }
        self.old_files = [
            one.before
            for written in recorded
            for one in written
            if one.table == "files_file" and one.before is not None
        ]
        self.fresh |= {row["id"] for row in self.old_files}
        self.number = 0

    def prepare(self) -> list[list[tuple[Any, list[Any]]]]:
        """The statements of one loop, made outside the clock, and the photos uploaded beforehand."""
        self.number += 1
        new = {one: new_id() for one in self.fresh if isinstance(one, UUID)}

        def value(table: str, column: str, found: Any) -> Any:
            if (table, column) in self.json:
                return None if found is None else Jsonb(found)
            if column == "number" and table == "hazards_hazard":
                return f"B{self.number:010d}"
            return new.get(found, found) if isinstance(found, UUID) else found

        with self.admin.transaction():
            for row in self.old_files:
                self.admin.execute(
                    *_insert("files_file", {name: value("files_file", name, one) for name, one in row.items()})
                )
        return [[self._statement(one, value) for one in written] for written in self.recorded]

    def _statement(self, one: Written, value: Callable[[str, str, Any], Any]) -> tuple[Any, list[Any]]:
        if one.before is None:
            row = {
                name: value(one.table, name, found)
                for name, found in one.after.items()
                if (one.table, name) not in self.serial
            }
            return _insert(one.table, row)
        changed = {
            name: value(one.table, name, found) for name, found in one.after.items() if one.before[name] != found
        } or {one.key: value(one.table, one.key, one.after[one.key])}
        if one.table == "kernel_sequence":  # the one row both sides count on
            return "UPDATE kernel_sequence SET last = last + 1 WHERE key = %s", [one.after["key"]]
        statement = sql.SQL("UPDATE {} SET {} WHERE {} = %s").format(
            sql.Identifier(one.table),
            sql.SQL(", ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in changed),
            sql.Identifier(one.key),
        )
        return statement.as_string(), [*changed.values(), value(one.table, one.key, one.after[one.key])]

    def run(self, loop: list[list[tuple[Any, list[Any]]]]) -> None:
        for statements in loop:
            with self.admin.transaction():
                for statement, values in statements:
                    self.admin.execute(statement, values)


def _insert(table: str, row: Row) -> tuple[Any, list[Any]]:
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, row)),
        sql.SQL(", ").join([sql.Placeholder()] * len(row)),
    )
    return statement.as_string(), list(row.values())


def without_triggers(admin: psycopg.Connection[Any]) -> None:
    """No trigger of ours fires in this session; foreign keys are still checked."""
    keys = admin.execute(
        "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgisinternal AND tgconstraint <> 0"
    ).fetchall()
    for table, trigger in keys:
        admin.execute(
            sql.SQL("ALTER TABLE {} ENABLE ALWAYS TRIGGER {}").format(sql.Identifier(table), sql.Identifier(trigger))
        )
    admin.execute("SET session_replication_role = replica")


@contextlib.contextmanager
def pictures_remembered() -> Iterator[None]:
    from anlan.files import actions

    decode = actions.inspect_and_derive
    actions.inspect_and_derive = lru_cache(maxsize=1000)(decode)
    try:
        yield
    finally:
        actions.inspect_and_derive = decode


def timed(run: Callable[[], Any]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    run()
    return (time.perf_counter() - began) * 1000


def one_loop(loop: Loop, spent: dict[str, list[float]] | None = None) -> float:
    total = 0.0
    for number, (name, run) in enumerate(loop.steps()):
        took = timed(run)
        total += took
        if spent is not None:
            spent.setdefault(f"{number + 1} {name}", []).append(took)
    return total


def measure(rounds: int, admin: psycopg.Connection[Any]) -> dict[str, Any]:
    from tests.factories import make_city

    loop = Loop(make_city())
    for _ in range(3):
        one_loop(loop)
    recorder = Recorder(admin)
    recorded = [recorder.record(run) for _name, run in loop.steps()]
    without_triggers(admin)
    reference = Reference(admin, recorded)
    ours: list[float] = []
    theirs: list[float] = []
    spent: dict[str, list[float]] = {}
    for number in range(rounds + 2):
        gc.collect()
        gc.disable()
        mine = one_loop(loop, spent if number >= 2 else None)
        prepared = reference.prepare()
        bare = timed(lambda: reference.run(prepared))  # noqa: B023 -- called at once
        gc.enable()
        if number >= 2:
            ours.append(mine)
            theirs.append(bare)
    written = [one for rows in recorded for one in rows]
    return {
        "bench": "loop",
        "ratio": round(statistics.median(ours) / statistics.median(theirs), 2),
        "ours_ms": round(statistics.median(ours), 2),
        "bare_ms": round(statistics.median(theirs), 2),
        "transactions": len(recorded),
        "rows": len(written),
        "tables": dict(Counter(one.table for one in written).most_common()),
        "steps_ms": {name: round(statistics.median(took), 2) for name, took in spent.items()},
        "rounds": rounds,
    }


def main(*, json: bool, rounds: int = 40) -> dict[str, Any]:
    with (
        cluster("bench") as urls,
        psycopg.connect(_database(urls["bench"].admin), autocommit=True) as admin,
        pictures_remembered(),
    ):
        found = measure(rounds, admin)
    finish(found, as_json=json)
    return found


def _database(admin: str) -> str:
    from anlan.site.postgres.urls import with_parts

    return with_parts(admin, dbname="bench")


if __name__ == "__main__":
    options = arguments(__doc__ or "")
    say("Building a small city …")
    main(json=options.json, rounds=max(options.rounds, 30))
