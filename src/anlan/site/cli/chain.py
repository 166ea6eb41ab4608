import argparse
from collections.abc import Iterable
from datetime import date
from typing import Any

from anlan.site.cli.trouble import CommandTrouble

HELP = "The responsibility chain: give the usual duties where nobody has them yet, or show what would be given."
LISTED = 200


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    seed = actions.add_parser("seed", help="departments, governments and leaders as they are registered; marked K")
    seed.add_argument("--region", type=int, help="code of 12 digits; default everywhere")
    seed.add_argument("--from", dest="since", type=_day, metavar="DAY", help="first day of the duties; default today")
    seed.add_argument("--dry-run", action="store_true", help="only say what would be given; writes nothing")


def run(args: argparse.Namespace) -> int:
    from anlan.kernel.errors import Problem

    try:
        return _seed(args)
    except Problem as problem:
        reasons = [f"  {field}: {reason}" for field, found in problem.fields.items() for reason in found]
        raise CommandTrouble("\n".join([str(problem.detail), *reasons])) from problem


def _seed(args: argparse.Namespace) -> int:
    from anlan.chain.actions import seed_duties
    from anlan.chain.queries import propose
    from anlan.kernel import scope
    from anlan.site.cli.import_ import command_line

    actor = command_line()
    counts: dict[str, int] = {}
    with scope.acting(actor):
        for region in _places(args.region):
            if args.dry_run:
                found = propose(actor, region)
                _tell(found.usual)
                counts["duties"] = counts.get("duties", 0) + len(found.usual)
                counts["left"] = counts.get("left", 0) + len(found.left)
                continue
            for name, count in seed_duties(actor=actor, region=region, valid_from=args.since).items():
                place = "left" if name == "left" else "duties"
                counts[place] = counts.get(place, 0) + count
    done = "would be given; nothing was written" if args.dry_run else "given"
    print(f"{counts.get('duties', 0)} duties {done}. {counts.get('left', 0)} stay empty: nobody registered fits.")
    return 0


def _places(region: int | None) -> list[int]:
    """The place asked for, or the highest places there are."""
    from anlan.identity.models import Region

    if region is None:
        return list(Region.objects.filter(parent=None, valid_to=None).order_by("code").values_list("code", flat=True))
    if not Region.objects.filter(code=region, valid_to=None).exists():
        raise CommandTrouble(f"There is no region {region}.")
    return [region]


def _tell(usual: Iterable[Any]) -> None:
    rows = list(usual)
    for one in rows[:LISTED]:
        duty = " ".join(filter(None, (one.kind, one.part, one.industry)))
        print(f"{one.region:012d}  {duty}: {' '.join(filter(None, (one.title, one.holder)))}")
    if len(rows) > LISTED:
        print(f"… and {len(rows) - LISTED} more.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("a day is written like 2026-11-21") from None
