"""Read from the file alone: it answers where no database runs, and keeps nothing."""

import argparse
import json
from datetime import date
from pathlib import Path
from typing import Any

from anlan.site.cli.trouble import CommandTrouble

HELP = "Which tasks a document from above gives: what, who, by when, how often. Proposes, never decides."
DATABASE = "none"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    read = actions.add_parser("read", help="propose the tasks of a text, docx, PDF or picture")
    read.add_argument("file", type=Path, help="the document")
    read.add_argument(
        "--received",
        type=_day,
        metavar="DAY",
        help="when it came in, 2026-11-21: tells the year where the document carries no day",
    )
    read.add_argument("--json", action="store_true", help="print one JSON object, with places in the text")


def run(args: argparse.Namespace) -> int:
    from anlan.directives.reading import read
    from anlan.directives.reading.shown import shown
    from anlan.directives.reading.sources import open_document
    from anlan.kernel.refusals import Refused

    if not args.file.is_file():
        raise CommandTrouble(f"{args.file} is no file.")
    try:
        source = open_document(args.file, name=args.file.name)
    except Refused as refused:
        raise CommandTrouble(refused.detail) from refused
    found = {"kind": source.kind, **shown(read(source.text, received=args.received))}
    if args.json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return 0
    _print(found)
    return 0


def _print(found: dict[str, Any]) -> None:
    for name in ("title", "number", "issuer", "dated"):
        if found[name]:
            print(f"{name}: {found[name]}")
    if found["addressees"]:
        print(f"to: {'、'.join(found['addressees'])}")
    changed = sorted({one["kind"] for one in found["changes"]})
    if changed:
        print(f"put right: {', '.join(changed)}")
    if found["damaged"]:
        print(f"lost for good: {len(found['damaged'])} places, shown as □")
    for number, task in enumerate(found["tasks"], start=1):
        print(f"\n{number:>3}. {task['what']}  ({task['confidence']:.2f})")
        for name, words in (
            ("who", _who(task)),
            ("by", _when(task)),
            ("how often", task["how_often"]["text"] if task["how_often"] else ""),
            ("to show", "、".join(task["evidence"])),
        ):
            if words:
                print(f"     {name}: {words}")
    print(f"\n{len(found['tasks'])} tasks proposed." if found["tasks"] else "\nNo task was found.")


def _who(task: dict[str, Any]) -> str:
    origin = {"inherited": " (said before)", "addressees": " (the addressees)"}.get(task["who_from"], "")
    helping = f", with {task['with']}" if task["with"] else ""
    return f"{task['who']}{origin}{helping}" if task["who"] else ""


def _when(task: dict[str, Any]) -> str:
    if task["when"] is None:
        return ""
    return f"{task['when']['due']} ({task['when']['text']})" if task["when"]["due"] else str(task["when"]["text"])


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("a day is written like 2026-11-21") from None
