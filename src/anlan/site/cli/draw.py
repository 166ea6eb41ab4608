import argparse
import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from anlan.site.cli.trouble import CommandTrouble

HELP = "Do a published random draw again from its record alone, or print a draw's record."
DATABASE = "none"
DJANGO = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    again = actions.add_parser("replay", help="compute the result again from a record; needs no database")
    again.add_argument("file", type=Path, help="the published record (JSON); - for standard input")
    again.add_argument(
        "--key", type=Path, action="append", default=[], metavar="PEM",
        help="the ledger's public key: checks who signed the head; may be repeated",
    )  # fmt: skip
    again.add_argument(
        "--witness", type=Path, action="append", default=[], metavar="FILE",
        help="heads kept elsewhere, one JSON line each: checks that the head was kept there; may be repeated",
    )  # fmt: skip
    again.add_argument("--json", action="store_true", help="print the computed result and what was checked")
    show = actions.add_parser("show", help="print the record of a draw of this city")
    show.add_argument("number", help="the draw's number, such as CQ-141000-2026-000001")


def run(args: argparse.Namespace) -> int:
    return _show(args.number) if args.action == "show" else _replay(args)


@dataclass
class Told:
    """What was found right, what wrong, and what nobody looked at."""

    checked: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)


def _replay(args: argparse.Namespace) -> int:
    from anlan.inspections.drawing import NotADrawError, replay
    from anlan_verify.heads import HeadError

    try:
        text = sys.stdin.read() if str(args.file) == "-" else args.file.read_text(encoding="utf-8")
        record = json.loads(text)
        found = replay(record)
    except OSError as error:
        raise CommandTrouble(f"{args.file} cannot be read: {error.strerror}.") from error
    except (NotADrawError, ValueError, RecursionError) as error:
        raise CommandTrouble(f"{args.file} is not the record of a draw: {error}") from error
    told = Told()
    if found.same:
        told.checked.append("the result, computed again from candidates and seed")
    else:
        told.wrong.append("NOT the published result. These differ: " + ", ".join(found.differences[:20]))
    try:
        if found.bound:
            _head(record["published"], args, told, same=found.same)
        elif args.key or args.witness:
            raise CommandTrouble(f"{args.file} was held by the first rule: it has no signed head to check.")
    except OSError as error:
        raise CommandTrouble(f"{error.filename} cannot be read: {error.strerror}.") from error
    except (HeadError, NotADrawError) as error:
        told.wrong.append(f"The head or the key is none: {error}")
    if args.json:
        facts = {"same": found.same, "bound": found.bound, "digest": found.digest, "result": found.result, **vars(told)}
        print(json.dumps(facts, ensure_ascii=False))
    else:
        _say(found, told)
    return 1 if told.wrong else 0


def _head(published: dict[str, Any], args: argparse.Namespace, told: Told, *, same: bool) -> None:
    """The seed is worth what the head is worth, and the head what its signature and its keepers are."""
    from anlan.inspections.drawing import kept, signer
    from anlan_verify.heads import load_public_keys, parse_lines

    if same:
        told.checked.append("the announcement's digest, and the seed made of it and of the head's root")
    if args.key:
        keys = {name: key for path in args.key for name, key in load_public_keys(path.read_bytes()).items()}
        if by := signer(published, keys):
            told.checked.append(f"the head's signature, by the key {by}")
        else:
            said = published["head"].get("key_id", "")
            told.wrong.append(f"The head is NOT signed by any key given ({', '.join(keys)}); it names the key {said}.")
    else:
        told.unchecked.append("the head's own signature, for want of the ledger's public key (--key)")
    if args.witness:
        lines = (head for path in args.witness for head in parse_lines(path.read_bytes().splitlines()))
        was_kept = kept(published, lines)
        size = published["head"]["size"]
        if was_kept:
            told.checked.append(f"that the head of size {size} is the one that was kept elsewhere")
        else:
            kind = "ANOTHER head" if was_kept is False else "NO head"
            told.wrong.append(f"Elsewhere {kind} of size {size} was kept.")
    else:
        told.unchecked.append("that others kept the same head at the time (--witness)")
    told.unchecked.append(
        "that the head holds the announcement: its place in the ledger is for the platform or its auditor to prove"
    )


def _say(found: Any, told: Told) -> None:
    if not told.wrong:
        print(f"The same result: {len(found.result)} enterprises. SHA-256 of the record: {found.digest}")
    for words in told.wrong:
        print(words)
    if not found.bound:
        print("It was held by the first rule: nothing was announced beforehand, and its seed binds nobody.")
    for label, rows in (("Checked", told.checked), ("Not checked", told.unchecked)):
        for words in rows:
            print(f"{label}: {words}.")


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
