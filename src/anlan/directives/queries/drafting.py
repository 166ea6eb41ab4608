"""The weekly digest as it is drafted from the records: who did not move is named. In Chinese, as it is issued."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from anlan.directives.models import DirectiveTask
from anlan.directives.queries.board import given, week_begin
from anlan.directives.queries.digest import draft_words
from anlan.directives.queries.lists import overdue
from anlan.directives.states import OPEN, WORKING
from anlan.kernel import clock
from anlan.kernel.actor import Actor

MOST = 60
"""Tasks a section names; the count is of all."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """`sections` as a draft keeps them; `facts`: of each section its count and the tasks (id, number) that are counted."""

    title: str
    sections: list[dict[str, str]]
    facts: dict[str, Any]


def draft(actor: Actor, first: date) -> Drafted:
    """Of the week that begins on the Monday `first`, of what the territory's office gave, as things stand now."""
    words = draft_words()
    rows = _rows(actor, first)
    found = {code: list(some.select_related("unit")[: MOST + 1]) for code, some in rows.items()}
    counts = {code: some.count() for code, some in rows.items()}
    last = first + timedelta(days=6)
    plain: dict[str, Any] = {
        "first": _day(first),
        "last": _day(min(last, clock.today())),
        "open": counts["open"],
        "given": counts["given"],
        "done": counts["finished"],
        "late": counts["overdue"],
        "units": len({one.unit_id for one in found["overdue"]}),
    }
    sections = []
    for one in words["section"]:
        code = one["code"]
        text = one["line"].format(**plain) if "line" in one else _listed(one, found[code], counts[code], words["none"])
        sections.append({"heading": one["heading"], "text": text})
    facts = {
        code: {"count": counts[code], "tasks": [[str(one.pk), one.number] for one in found[code][:MOST]]}
        for code in counts
    }
    title = words["title"].format(first=_day(first), last=_day(last))
    return Drafted(title=title, sections=sections, facts=facts)


def _rows(actor: Actor, first: date) -> dict[str, QuerySet[DirectiveTask]]:
    begin, today = week_begin(first), clock.today()
    end = begin + timedelta(days=7)
    mine = given(actor).annotate(heard=Coalesce("heard_at", "created_at")).order_by("heard", "id")
    open_now = mine.filter(state__in=OPEN)
    after = first + timedelta(days=7)
    return {
        "open": open_now,
        "given": mine.filter(created_at__gte=begin, created_at__lt=end),
        "overdue": open_now.filter(overdue(), state__in=["assigned", "handed_back", *WORKING]).order_by("due", "id"),
        "unsigned": open_now.filter(state="assigned", created_at__lt=begin),
        "still": open_now.filter(state__in=WORKING, heard__lt=begin),
        "finished": mine.filter(state="done", state_since__gte=begin, state_since__lt=end).order_by(
            "state_since", "id"
        ),
        "due_soon": open_now.filter(
            Q(due__gte=max(after, today)) & Q(due__lt=after + timedelta(days=7)), state__in=["assigned", *WORKING]
        ).order_by("due", "id"),
    }


def _listed(section: Mapping[str, str], rows: list[DirectiveTask], count: int, none: str) -> str:
    if not rows:
        return none
    lines = []
    if lead := section.get("lead"):
        names = list(dict.fromkeys(one.unit.name for one in rows))
        lines.append(lead.format(n=count, units=len(names), names="、".join(names)))
    lines += [
        section["row"].format(**_facts(one, late=section["code"] == "overdue" and one.due is not None))
        for one in rows[:MOST]
    ]
    if count > MOST:
        lines.append(f"……共{count}项。")
    return "\n".join(lines)


def _facts(one: Any, *, late: bool) -> dict[str, Any]:
    return {
        "unit": one.unit.name,
        "what": one.what.rstrip("。；"),
        "number": one.number,
        "due": _day(one.due) if one.due else "限期",
        "days": (clock.today() - (one.due if late else clock.day_of(one.heard))).days,
    }


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"
