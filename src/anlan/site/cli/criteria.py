"""Read from what is shipped: it answers where no database runs, and knows nothing of the lists a city loaded beside them."""

import argparse
import json
from datetime import date
from typing import Any

from anlan.site.cli.trouble import CommandTrouble

HELP = "Which clauses of the major-hazard criteria may apply to what was seen. Suggests, never decides."
DATABASE = "none"
DJANGO = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    suggest = actions.add_parser("suggest", help="clauses in force on a day, the likeliest first")
    suggest.add_argument("words", help="what was seen, as one would write it down")
    suggest.add_argument(
        "--on", type=_day, default=None, metavar="DAY", help="day of finding, 2026-11-21; default today"
    )
    suggest.add_argument("-n", "--number", type=_number, default=3, help="how many at most (default %(default)s)")
    suggest.add_argument("--industry", help="the supervision field, such as gongmao, construction or hazchem")
    suggest.add_argument("--facility", action="append", default=[], help="what the enterprise has; may be repeated")
    suggest.add_argument("--json", action="store_true", help="print one JSON array")


def run(args: argparse.Namespace) -> int:
    from anlan.standards.suggest import ranker

    words = args.words.strip()
    if not words:
        raise CommandTrouble("Say what was seen.")
    day = args.on or _today()
    found = ranker().suggest(
        words,
        allowed=lambda entry: entry.in_force(day),
        limit=args.number,
        industry=args.industry,
        facilities=args.facility,
    )
    rows = [_row(one) for one in found]
    if args.json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return 0
    for row in rows:
        sure = "" if row["confident"] else "  (not confident)"
        print(f"{row['score']:.2f}  {row['list']} {row['article']}.{row['item']}  {row['text']}{sure}")
        print(f"      {row['document']} · {', '.join(row['why'])} · evidence {row['evidence']}")
    if not any(row["confident"] for row in rows):
        print(f"No confident suggestion among the clauses in force on {day}.")
    return 0


def _row(one: Any) -> dict[str, Any]:
    code, article, item = one.entry.key
    return {
        "list": code,
        "document": f"{one.entry.document}（{one.entry.number}）",
        "article": article,
        "item": item,
        "score": round(one.score, 3),
        "confident": one.confident,
        "why": list(one.why),
        "text": one.entry.zh,
        "evidence": one.entry.evidence,
    }


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("a day is written like 2026-11-21") from None


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 20:
        raise argparse.ArgumentTypeError("a number from 1 to 20")
    return int(text)


def _today() -> date:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    return datetime.now(ZoneInfo("Asia/Shanghai")).date()
