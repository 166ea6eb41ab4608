"""What the city's own reports taught: learn it anew, or ask it of words."""

import argparse
import json
from typing import Any

from anlan.site.cli.trouble import CommandTrouble

HELP = "Learn from settled citizens' reports, or ask what is suggested for words. Suggests, never decides."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    learn = actions.add_parser("learn", help="learn anew and print what it reached on reports it had not seen")
    learn.add_argument("--region", help="a city's or county's code; default the whole city")
    suggest = actions.add_parser(
        "suggest", help="category and unit suggested for words, and the words that are urgent or doubtful"
    )
    suggest.add_argument("words", help="what was seen, as a citizen would write it down")
    suggest.add_argument("--region", help="where; default the whole city")
    suggest.add_argument("--address", default="", help="the address in words")
    suggest.add_argument("--category", default="", help="the category, when it is known")
    suggest.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    region = _region(args.region)
    return _learn(region) if args.action == "learn" else _suggest(args, region)


def _region(text: str | None) -> int:
    from django.conf import settings

    from anlan.kernel.reading import read_region

    found = read_region(text) if text else int(settings.ANLAN_CITY)
    if found is None:
        raise CommandTrouble(f"{text} is no region code.")
    return found


def _learn(region: int) -> int:
    from anlan.kernel import scope
    from anlan.kernel.actor import SYSTEM
    from anlan.kernel.errors import NotNow
    from anlan.reports.sorting import rulings
    from anlan.reports.sorting.learning.lessons import learn_all
    from anlan.reports.sorting.learning.measuring import trusted, worth

    with scope.acting(SYSTEM):
        found = learn_all(actor=SYSTEM, region=region)
        bar = rulings.threshold(region)
    for target, row in found.items():
        if isinstance(row, NotNow):
            print(f"{target}: not learnt. {row.detail}")
            continue
        answered, right = worth(row.figures, bar)
        print(
            f"{target}: learnt from {row.trained_on} reports, measured on {row.held_out} later ones: {row.figures['right']:.0%} right"
            f" (always the commonest: {row.figures['commonest']:.0%})."
        )
        share = f"{right / answered:.0%}" if answered else "–"
        print(f"  From {bar:.0%} confidence on it answers {answered} of {row.held_out}, {share} of them rightly.")
        if not trusted(row.figures, bar):
            print("  That is less than the city asks for: it is offered to nobody.")
    return 0 if any(not isinstance(row, NotNow) for row in found.values()) else 1


def _suggest(args: argparse.Namespace, region: int) -> int:
    from anlan.kernel import scope
    from anlan.kernel.actor import SYSTEM
    from anlan.reports.sorting import doubtful_word, urgent_word
    from anlan.reports.sorting.learning.suggesting import advise_words

    words = args.words.strip()
    if not words:
        raise CommandTrouble("Say what was seen.")
    with scope.acting(SYSTEM):
        found = advise_words(words, region, address=args.address, category=args.category)
        names = _names([one.label for one in found.units])
    shown: dict[str, Any] = {
        "urgent": urgent_word(words),
        "doubtful": doubtful_word(words),
        "category": [_one(one) for one in found.kinds],
        "unit": [_one(one) | {"name": names.get(one.label, "")} for one in found.units],
        "why": found.why,
    }
    if args.json:
        print(json.dumps(shown, ensure_ascii=False, indent=2))
        return 0
    for name in ("urgent", "doubtful"):
        if shown[name]:
            print(f"{name}: {shown[name]}")
    for target in ("category", "unit"):
        for one in shown[target]:
            sure = "" if one["sure"] else "  (not sure enough)"
            print(f"{target}: {one['confidence']:.2f}  {one.get('name') or one['label']}{sure}")
        if not shown[target]:
            print(f"{target}: nothing learnt yet")
    if found.why:
        print(f"because of: {', '.join(found.why)}")
    return 0


def _one(advice: Any) -> dict[str, Any]:
    return {"label": advice.label, "confidence": advice.confidence, "sure": advice.sure}


def _names(ids: list[str]) -> dict[str, str]:
    from anlan.identity.models import Organisation

    return {str(pk): name for pk, name in Organisation.objects.filter(pk__in=ids).values_list("pk", "name")}
