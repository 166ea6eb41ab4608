"""Words of the room: how a line's points came about, what codes and fields are called where people read them."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from anlan.assessments.flow import ASSESSMENT
from anlan.assessments.measures import measures
from anlan.assessments.models import Assessment
from anlan.assessments.scoring.card import Bonus, Card, Item, Named, Veto, plain
from anlan.kernel import clock, timeline
from anlan.kernel.phrases import NOTHING, left_words, listed, plain_words

MARKS: dict[str, Any] = {
    "V": gettext_lazy("verified"),
    "B": gettext_lazy("clause base of a third party"),
    "B+": gettext_lazy("clause base and an independent page agree"),
    "W": gettext_lazy("secondary page"),
    "K": gettext_lazy("own knowledge, to be confirmed"),
}
WAYS: dict[str, Any] = {
    "computed": gettext_lazy("counted by the platform"),
    "hand": gettext_lazy("scored by hand, with evidence"),
    "deduct": gettext_lazy("points off for each case"),
}
KINDS: dict[str, Any] = {
    "deduct": gettext_lazy("deduction"),
    "bonus": gettext_lazy("bonus"),
    "veto": gettext_lazy("veto"),
}
FIELDS: dict[str, Any] = {
    "self_total": gettext_lazy("Self-score"),
    "check_total": gettext_lazy("Check-score"),
    "total": gettext_lazy("Result"),
    "appeal_by": gettext_lazy("Appeal until"),
    "rank": gettext_lazy("Rank"),
}
"""What the timeline shows of a change; other fields are the platform's own."""
LIMITS: dict[str, Any] = {
    "opened": gettext_lazy("Time to score oneself"),
    "self_scored": gettext_lazy("Time to check"),
    "notified": pgettext_lazy("assessment", "Time to appeal"),
    "appealed": pgettext_lazy("assessment", "Time to decide"),
}


def mark_words(mark: str) -> str:
    return str(MARKS.get(mark, ""))


def measure_words(name: str) -> str:
    return str(measures[name].label) if name in measures else name


def rate_words(permille: int) -> str:
    return f"{permille / 10:g} %"


def counted_words(facts: Mapping[str, Any]) -> str:
    """“23 of 25: handed in in time (returns due), 92 %”."""
    name = facts["measure"]
    if name not in measures:
        return f"{facts['part']} / {facts['whole']}"
    return _("%(whole_words)s: %(whole)s; %(part_words)s: %(part)s (%(rate)s)") % {
        "whole_words": measures[name].whole,
        "part_words": measures[name].part,
        "whole": facts["whole"],
        "part": facts["part"],
        "rate": rate_words(facts["permille"]),
    }


def inputs_words(card: Card, line: Mapping[str, Any]) -> str:
    """What went in."""
    facts = line["facts"]
    if line["kind"] == "bonus_cut":
        return _("All bonuses together: %(sum)s") % {"sum": facts["sum"]}
    if line["kind"] in ("bonus", "veto"):
        return cases_words(facts["cases"])
    match facts["by"]:
        case "nothing":
            return _("Nothing was given yet.")
        case "none":
            return _("%(what)s: none") % {
                "what": measures[facts["measure"]].whole if facts["measure"] in measures else ""
            }
        case "rate" | "bands" | "formula":
            return counted_words(facts)
        case "deduct":
            return cases_words(facts["cases"])
    return ""


def cases_words(count: int) -> str:
    return ngettext("%(n)s case", "%(n)s cases", count) % {"n": count}


def formula_words(card: Card, line: Mapping[str, Any]) -> str:
    """How the points came of it, with the figures in their places, as a sum that anybody can do again."""
    facts, points = line["facts"], number(line["points"])
    if "before" in facts:
        return _("Changed on appeal from %(before)s to %(points)s: %(reason)s") % {
            "before": number(facts["before"]), "points": points, "reason": facts["decided"],
        }  # fmt: skip
    if line["kind"] == "bonus_cut":
        return _("at most %(cap)s in all") % {"cap": number(facts["cap"])}
    if line["kind"] == "veto":
        return _veto_words(card, facts)
    if line["kind"] == "bonus":
        return _capped(f"{facts['cases']} × {number(facts['per_case'])}", facts["cap"], points)
    return _item_words(card, line, facts, points)


def _capped(product: str, cap: Any, points: str) -> str:
    return _("%(product)s, at most %(cap)s = %(points)s") % {"product": product, "cap": number(cap), "points": points}


def _veto_words(card: Card, facts: Mapping[str, Any]) -> str:
    parts = []
    if facts["at_most"] is not None:
        parts.append(_("at most %(cap)s in all") % {"cap": number(facts["at_most"])})
    if grade := card.grade_named(facts["grade"]):
        parts.append(_("at best “%(grade)s”") % {"grade": grade.label})
    return listed(parts)


def _item_words(card: Card, line: Mapping[str, Any], facts: Mapping[str, Any], points: str) -> str:
    most = number(line["most"])
    match facts["by"]:
        case "none":
            return _("full points where there is nothing to do") if facts["none"] == "full" else _("no points then")
        case "rate":
            return f"{most} × {facts['part']} ÷ {facts['whole']} = {points}"
        case "bands":
            if not facts["from"]:
                return _("below the lowest band: no points")
            return _("from %(rate)s %% on: %(points)s points") % {"rate": number(facts["from"]), "points": points}
        case "formula":
            return f"({formula_in_points(facts, most)}) ÷ 100 = {points}"
        case "deduct":
            return f"{most} − {facts['cases']} × {number(facts['per_case'])} = {points}" if facts["cases"] else ""
    return str(facts.get("words", ""))


def formula_in_points(facts: Mapping[str, Any], most: str) -> str:
    """The card's formula with the figures in the places of its names: hundredths of a point, as the card says them."""
    values = {name: str(facts[name]) for name in ("part", "whole", "permille")} | {
        "most": str(int(Decimal(most) * 100))
    }
    filled = re.sub(r"\b(part|whole|permille|most)\b", lambda found: values[found[0]], facts["formula"])
    return filled.replace("*", "×").replace("-", "−").replace("/", "÷")


def number(points: Any) -> str:
    """Points as they are kept or said, without noughts behind."""
    return plain(Decimal(str(points)))


def rule_words(one: Named, card: Card) -> str:
    """What the card says of an item, a bonus or a veto."""
    if isinstance(one, Item):
        return _item_rule(one)
    if isinstance(one, Bonus):
        return _("%(points)s points for each case, at most %(cap)s") % {
            "points": plain(one.per_case),
            "cap": plain(one.cap),
        }
    if isinstance(one, Veto):
        return _veto_words(card, {"at_most": one.at_most, "grade": one.grade})
    return ""


def _item_rule(item: Item) -> str:
    if item.way == "deduct":
        return _("%(points)s points off for each case") % {"points": plain(item.per_case)}
    if item.way == "hand":
        return item.asks
    if item.formula:
        return item.basis or item.formula
    if item.bands:
        return listed(
            _("from %(rate)s %% on: %(points)s points") % {"rate": number(one.rate), "points": plain(one.points)}
            for one in item.bands
        )
    return _("by the rate: weight × part ÷ whole")


def line_label(card: Card, line: Mapping[str, Any]) -> str:
    if line["kind"] == "bonus_cut":
        return _("Bound of all bonuses")
    return card.named[line["code"]].label


def grade_view(card: Card, code: str) -> str:
    found = card.grade_named(code)
    return found.label if found else ""


def state_view(record: Assessment) -> dict[str, Any]:
    return timeline.state_view(ASSESSMENT, record, "late" if record.late else "")


def due_view(record: Assessment) -> dict[str, Any] | None:
    if record.due_at is None:
        return None
    return {
        "label": str(LIMITS.get(record.state, "")),
        "due_at": record.due_at,
        "started_at": record.state_since,
        "words": left_words(record.due_at),
        "overdue": clock.now() > record.due_at,
    }


def change_words(field: str, value: Any) -> str:
    if value in (None, "", []):
        return NOTHING
    return number(value) if field in ("self_total", "check_total", "total") else plain_words(value)
