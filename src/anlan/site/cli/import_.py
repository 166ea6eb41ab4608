import argparse
import csv
from pathlib import Path
from typing import Any

from anlan.site.cli.trouble import CommandTrouble

HELP = "Load regions (CSV), organisations, people or enterprises (xlsx from the template): all or nothing."
LISTED = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", help="what the file holds: organisations, people, enterprises, regions, risk_points, …")
    parser.add_argument("file", type=Path, help="the workbook; for regions a CSV with the columns code and name")
    parser.add_argument("--dry-run", action="store_true", help="only say what is wrong with it")


def run(args: argparse.Namespace) -> int:
    if not args.file.is_file():
        raise CommandTrouble(f"There is no file {args.file}.")
    from anlan.kernel.errors import Problem

    try:
        return _regions(args) if args.kind == "regions" else _workbook(args)
    except Problem as problem:
        reasons = [f"  {field}: {reason}" for field, found in problem.fields.items() for reason in found]
        raise CommandTrouble("\n".join([problem.detail, *reasons[:LISTED]])) from problem


def command_line() -> Any:
    """Whoever may open this command line; the ledger says that it was done here."""
    from dataclasses import replace

    from anlan.kernel.actor import SYSTEM

    return replace(SYSTEM, name="command line", post_label="command line")


def _regions(args: argparse.Namespace) -> int:
    from django.db import transaction

    from anlan.identity.regions import load_regions
    from anlan.kernel import scope

    try:
        rows = list(csv.DictReader(args.file.read_text(encoding="utf-8-sig").splitlines()))
    except UnicodeDecodeError as error:
        raise CommandTrouble("The file is not UTF-8. Save it as “CSV UTF-8”.") from error
    actor = command_line()
    with scope.acting(actor):
        count = load_regions(rows, actor=actor)
        if args.dry_run:
            transaction.set_rollback(True)
    print(f"{count} regions are in order; nothing was loaded." if args.dry_run else f"Loaded {count} regions.")
    return 0


def _workbook(args: argparse.Namespace) -> int:
    from anlan.registry.actions.imports import import_file

    outcome = import_file(actor=command_line(), kind=args.kind, path=args.file, write=not args.dry_run)
    report = outcome.report
    for fault in report.faults[:LISTED]:
        print(f"{fault.sheet} {fault.cell or '-'} {fault.column}: {fault.reason} {fault.value!r}")
    if report.total > LISTED:
        print(f"… and {report.total - LISTED} more.")
    rows = sum(report.rows.values())
    if not report.ok:
        print(f"{report.total} faults in {rows} rows. Nothing was loaded.")
        return 1
    done = ", ".join(f"{count} {name}" for name, count in outcome.counts.items())
    print(f"{rows} rows are in order; nothing was loaded." if args.dry_run else f"Loaded {done}.")
    return 0
