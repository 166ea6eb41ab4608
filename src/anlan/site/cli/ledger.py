import argparse
import json
from itertools import islice
from pathlib import Path

from anlan.site.cli.trouble import CommandTrouble

HELP = "Verify the whole ledger, or show its signed heads."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    verify = actions.add_parser("verify", help="every entry, record and file against the tree and every kept head")
    verify.add_argument(
        "--witness",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="heads kept elsewhere (JSON lines); may be repeated",
    )
    verify.add_argument("--json", action="store_true", help="print one JSON object")
    heads = actions.add_parser("heads", help="the newest signed heads, newest first, one JSON object a line")
    heads.add_argument("-n", "--number", type=int, default=10, help="how many (default %(default)s)")


def run(args: argparse.Namespace) -> int:
    return _heads(args.number) if args.action == "heads" else _verify(args)


def _verify(args: argparse.Namespace) -> int:
    from anlan.kernel.ledger.verify import verify_ledger

    if missing := [path for path in args.witness if not path.is_file()]:
        raise CommandTrouble(f"There is no file {missing[0]}.")
    check = verify_ledger(witness=args.witness)
    if args.json:
        print(json.dumps({**vars(check), "whole": check.whole}, ensure_ascii=False))
        return 0 if check.whole else 1
    for problem in check.problems:
        print(f"wrong: {problem}")
    print(
        f"{check.size} sealed entries with root {check.root}, {check.waiting} waiting;"
        f" {check.heads} heads and {check.files} files compared."
    )
    print("Everything agrees." if check.whole else "The ledger does NOT agree with what vouches for it.")
    return 0 if check.whole else 1


def _heads(number: int) -> int:
    from anlan.kernel.models import Head
    from anlan_verify import canonical

    for document in islice(Head.objects.order_by("-size").values_list("document", flat=True), number):
        print(canonical.dumps(document).decode())
    return 0
