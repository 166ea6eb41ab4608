"""
A hundred thousand enterprises (or, with `--kind risk_points`, rows of risk points with source, score and measures) from a workbook, against calamine and COPY alone in the same run on the same cluster.

Ours reads in the sandbox, judges every cell, converts points, checks codes, regions, scope and duplicates in the
database, inserts under row security with all indexes, and writes the ledger. The reference reads the same file with
calamine in this process and copies the raw cells into an unindexed table.
"""

import argparse
import csv
import json
import os
import random
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

ROWS = 100_000
ROUNDS = 3
PARTS = "临汾平阳尧都晋南汇源宏达金鼎远景长青祥瑞永固新世纪翠岭苍溪云峰锦程恒通德润嘉禾盛泰"
KINDS = (
    "铸造有限公司",
    "商贸有限公司",
    "建材厂",
    "食品加工厂",
    "机械制造有限公司",
    "物流有限公司",
    "化工有限公司",
    "加油站",
)
WIDTH = 40
"""Columns of the reference's table: as many as the widest workbook has."""
COUNTED = {"enterprises": "enterprises", "risk_points": "sources"}
TABLES = {
    "enterprises": ("registry_enterprise",),
    "risk_points": (
        "risks_control",
        "risks_assessment",
        "risks_hazardsource",
        "risks_riskpoint",
        "risks_riskunit",
    ),
}
ROADS = ("解放路", "鼓楼南街", "平阳北街", "府前街", "滨河西路", "工业园一路")


def main(
    json_only: bool = False, *, kind: str = "enterprises", rows: int = ROWS, rounds: int = ROUNDS
) -> dict[str, Any]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="anlan-bench-")))
        urls = _cluster(stack, folder)
        actor = _city()
        path = folder / f"{kind}.xlsx"
        if kind == "risk_points":
            from bench.points import ground, workbook

            ground()
            workbook(path, rows)
        else:
            _workbook(path, rows)
        ours, reference, dry = [], [], []
        for _round in range(rounds):
            reference.append(_reference(path, urls.app))
            dry.append(_ours(actor, kind, path, write=False, rows=rows))
            ours.append(_ours(actor, kind, path, write=True, rows=rows))
            _empty(urls.owner, kind)
        found = {
            "bench": "import",
            "kind": kind,
            "ratio": round(statistics.median(ours) / statistics.median(reference), 2),
            "rows": rows,
            "megabytes": round(path.stat().st_size / 1e6, 1),
            "seconds": round(statistics.median(ours), 2),
            "dry_run_seconds": round(statistics.median(dry), 2),
            "reference_seconds": round(statistics.median(reference), 2),
            "all_seconds": [round(one, 2) for one in ours],
            "all_reference_seconds": [round(one, 2) for one in reference],
        }
    if not json_only:
        print(
            f"{rows} {kind}: {found['seconds']} s, dry run {found['dry_run_seconds']} s,"
            f" calamine and COPY alone {found['reference_seconds']} s"
        )
    print(json.dumps(found))
    return found


def _cluster(stack: ExitStack, folder: Path) -> Any:
    """A throw-away PostgreSQL with the real roles; Django is set up on it."""
    from anlan.site.postgres import Passwords, provision, throwaway

    admin = stack.enter_context(throwaway())
    urls = provision(admin=admin, passwords=Passwords(owner="o", app="a", backup="b"), may_reset=True)
    os.environ |= {
        "ANLAN_MODE": "test",
        "ANLAN_VAR": str(folder),
        "DATABASE_URL": urls.app,
        "DATABASE_OWNER_URL": urls.owner or "",
        "DJANGO_SETTINGS_MODULE": "anlan.site.settings",
    }
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from anlan.kernel import guards

    stack.callback(connections.close_all)
    call_command("migrate", database="owner", verbosity=0)
    guards.install()
    return urls


def _city() -> Any:
    """The public regions of one prefecture, and its committee office."""
    from importlib.resources import files

    from anlan.identity import roles
    from anlan.identity.regions import load_regions
    from anlan.kernel import scope
    from anlan.kernel.actor import SYSTEM, Actor
    from anlan.kernel.codes import subtree
    from anlan.kernel.ids import new_id
    from anlan.registry.actions import load_industries

    table = (files("anlan.registry") / "data" / "regions_141000.csv").read_text(encoding="utf-8")
    with scope.acting(SYSTEM):
        load_industries()
        load_regions(csv.DictReader(table.splitlines()), actor=SYSTEM)
    city = 141000000000
    return Actor(
        person=new_id(),
        post=new_id(),
        name="bench",
        role=roles.OFFICE,
        region=city,
        regions=(subtree(city),),
        industries=-1,
    )


def _workbook(path: Path, rows: int) -> None:
    import xlsxwriter
    from django.utils.translation import override

    from anlan.identity.models import Region
    from anlan.kernel.codes import make_uscc
    from anlan.registry.models import Industry
    from anlan.registry.queries import region_names
    from anlan.registry.workbooks import spec

    rng = random.Random(7)
    places = list(region_names(Region.objects.filter(level="township").values_list("code", flat=True)).values())
    # Names that occur twice are told apart by their codes; leave them out here.
    places = [name for name in places if places.count(name) == 1]
    fields = list(Industry.objects.values_list("zh", flat=True))
    with override("zh-hans"), xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("enterprises")
        for index, column in enumerate(spec("enterprises").sheets[0].columns):
            sheet.write_string(0, index, str(column.title))
        for number in range(1, rows + 1):
            name = "".join(rng.choices(PARTS, k=4)) + rng.choice(KINDS)
            phone = f"13{rng.randrange(10**9):09d}"
            cells = [
                name,
                make_uscc(number, region=141002000000),
                rng.choice(places),
                rng.choice(fields),
                f"{rng.choice(ROADS)}{rng.randrange(1, 999)}号",
                "王建国",
                phone,
                "李爱华",
                phone,
            ]
            for index, text in enumerate(cells):
                sheet.write_string(number, index, text)
            sheet.write_number(number, 9, rng.randrange(1, 900))
            sheet.write_number(number, 12, round(111.5 + rng.gauss(0, 0.2), 6))
            sheet.write_number(number, 13, round(36.1 + rng.gauss(0, 0.2), 6))
            if number % 5 == 0:
                sheet.write_string(number, 14, "GCJ-02")


def _reference(path: Path, url: str) -> float:
    import psycopg
    from python_calamine import CalamineWorkbook

    with psycopg.connect(url, autocommit=True) as connection:
        columns = ", ".join(f"c{number} text" for number in range(WIDTH))
        connection.execute(f"CREATE TEMPORARY TABLE raw ({columns})")
        begun = time.perf_counter()
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
        with connection.cursor() as cursor, cursor.copy("COPY raw FROM STDIN") as pipe:
            for row in sheet.iter_rows():
                pipe.write_row([*row, *[None] * (WIDTH - len(row))])
        return time.perf_counter() - begun


def _ours(actor: Any, kind: str, path: Path, *, write: bool, rows: int) -> float:
    from anlan.registry.actions.imports import import_file

    begun = time.perf_counter()
    outcome = import_file(actor=actor, kind=kind, path=path, write=write)
    taken = time.perf_counter() - begun
    if not outcome.report.ok or (write and outcome.counts[COUNTED[kind]] != rows):
        raise SystemExit(f"the load failed: {outcome.report.faults[:3]} {outcome.counts}")
    return taken


def _empty(owner: str, kind: str) -> None:
    import psycopg

    with psycopg.connect(owner, autocommit=True) as connection:
        for table in TABLES[kind]:
            # Of a fixed list; some are append-only, which a bench that starts over is not.
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            connection.execute(f"DELETE FROM {table}")
            connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            connection.execute(f"VACUUM FULL ANALYZE {table}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the result alone")
    parser.add_argument("--kind", choices=sorted(COUNTED), default="enterprises")
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    return parser.parse_args()


if __name__ == "__main__":
    options = _arguments()
    main(options.json, kind=options.kind, rows=options.rows, rounds=options.rounds)
