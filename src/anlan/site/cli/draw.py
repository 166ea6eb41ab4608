import argparse
import json
import sys
from pathlib import Path

from anlan.site.cli.trouble import CommandTrouble

HELP = "Do a published random draw again from its record alone, or print a draw's record."
DATABASE = "none"
DJANGO = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    again = actions.add_parser("replay", help="compute the result again from a record; needs no database")
    again.add_argument("file", type=Path, help="the published record (JSON); - for standard input")
    again.add_argument("--json", action="store_true", help="print the computed result")
    show = actions.add_parser("show", help="print the record of a draw of this city")
    show.add_argument("number", help="the draw's number, such as CQ-141000-2026-000001")


def run(args: argparse.Namespace) -> int:
    return _show(args.number) if args.action == "show" else _replay(args)


def _replay(args: argparse.Namespace) -> int:
    from anlan.inspections.drawing import NotADrawError, replay

    try:
        text = sys.stdin.read() if str(args.file) == "-" else args.file.read_text(encoding="utf-8")
        found = replay(json.loads(text))
    except OSError as error:
        raise CommandTrouble(f"{args.file} cannot be read: {error.strerror}.") from error
    except (NotADrawError, ValueError, RecursionError) as error:
        raise CommandTrouble(f"{args.file} is not the record of a draw: {error}") from error
    if args.json:
        print(
            json.dumps(
                {"same": found.same, "bound": found.bound, "digest": found.digest, "result": found.result},
                ensure_ascii=False,
            )
        )
    elif found.same:
        print(f"The same result: {len(found.result)} enterprises. SHA-256 of the record: {found.digest}")
        if not found.bound:
            print("It was held by the first rule: nothing was announced beforehand, and its seed binds nobody.")
    else:
        print("NOT the published result. These differ: " + ", ".join(found.differences[:20]))
    return 0 if found.same else 1


def _show(number: str) -> int:
    from anlan.site.cli.main import prepare_database, setup_django

    prepare_database("app")
    setup_django()
    from anlan.inspections.queries.draws import by_number, record_of
    from anlan.kernel import scope
    from anlan.kernel.actor import SYSTEM
    from anlan.kernel.errors import NotFound

    with scope.acting(SYSTEM):
        try:
            found = by_number(number)
        except NotFound:
            raise CommandTrouble(f"There is no draw {number}.") from None
    print(json.dumps(record_of(found), ensure_ascii=False, indent=1))
    return 0
