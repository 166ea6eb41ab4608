import argparse
import json
import os

from anlan.site.doctor import STATUS, Finding, examine, worst
from anlan.site.postgres import DatabaseTrouble

HELP = "Check this deployment and say what to do. Exit status: 0 all well, 1 warnings, 2 something is wrong."
DATABASE = "none"  # that it cannot be reached is a finding, not the end
DJANGO = False

MARKS = {"ok": "ok  ", "warn": "WARN", "fail": "FAIL"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--only", default="", metavar="PART", help="only checks that begin so, such as ledger.")


def run(args: argparse.Namespace) -> int:
    findings = list(_findings(args.only))
    level = worst(findings)
    if args.json:
        print(json.dumps({"level": level, "findings": [vars(one) for one in findings]}, ensure_ascii=False))
        return STATUS[level]
    for one in findings:
        print(f"{MARKS[one.level]} {one.id:<28} {one.words}")
        if one.remedy:
            print(f"     → {one.remedy}")
    count = {name: sum(one.level == name for one in findings) for name in ("fail", "warn")}
    print("All well." if level == "ok" else f"\n{count['fail']} wrong, {count['warn']} to look at.")
    return STATUS[level]


def _findings(only: str) -> list[Finding]:
    trouble = _reach()
    found = []
    if trouble:
        found.append(trouble)
    from anlan.site.cli.main import setup_django

    try:
        setup_django()
    except Exception as error:  # noqa: BLE001 -- settings refuse to load for many reasons, each of which names itself
        words = f"The settings cannot be used: {error}"
        return [*found, Finding(id="configuration", level="fail", words=words, remedy="See deploy/anlan.env.example.")]
    return [*found, *examine(database=trouble is None, only=only)]


def _reach() -> Finding | None:
    """Look for the database without starting or making one."""
    from anlan.site.cli.main import prepare_database
    from anlan.site.postgres import standing
    from anlan.site.var import var_directory

    try:
        if not os.environ.get("DATABASE_URL") and not ((var_directory() / "pg").exists() and standing.alive()):
            words = "No database is named (DATABASE_URL), and no embedded one is running here."
        else:
            prepare_database("app")
            return None
    except DatabaseTrouble as trouble:
        words = str(trouble)
    remedy = "Set DATABASE_URL (deploy/README.md), or start everything with anlan up."
    return Finding(id="database.reachable", level="fail", words=words, remedy=remedy)
