"""A bulletin's figures as its readers see them, and the rows behind one of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from anlan.bulletins import rules, writing
from anlan.bulletins.figures import showing
from anlan.bulletins.figures.declared import Figure, catalogue
from anlan.bulletins.models import Bulletin, FigureRow
from anlan.identity import roles
from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan_verify import canonical

PAGE = 100


@dataclass(frozen=True, kw_only=True)
class FigureView:
    """`before` and `year_ago` are differences in the figure's own unit; `typed` is what a person wrote in its place."""

    figure: Figure
    value: int
    words: str
    computed: str
    before: str
    year_ago: str
    named: bool
    typed: dict[str, Any] | None
    stale: bool
    stood: datetime | None
    """The moment of which it tells, where it tells of a state."""


def figure_views(bulletin: Bulletin) -> list[FigureView]:
    """In the catalogue's order."""
    words = showing.texts(bulletin.figures, bulletin.typed)
    named = set(writing.named(bulletin.content))
    return [
        FigureView(
            figure=figure,
            value=kept["value"],
            words=words[figure.code],
            computed=showing.words_of(figure, kept),
            before=showing.change(figure, kept["value"], kept.get("before")),
            year_ago=showing.change(figure, kept["value"], kept.get("year_ago")),
            named=figure.code in named,
            typed=bulletin.typed.get(figure.code),
            stale=bool(kept.get("stale")),
            stood=canonical.parse_timestamp(kept["stood"]) if "stood" in kept else None,
        )
        for figure in showing.known(bulletin.figures)
        for kept in [bulletin.figures[figure.code]]
    ]


def figure_view(bulletin: Bulletin, code: str) -> FigureView:
    """Raises NotFound for a figure that the bulletin does not have."""
    for one in figure_views(bulletin):
        if one.figure.code == code:
            return one
    raise NotFound


OVERSEERS = (roles.OFFICE, roles.LEADER, roles.AUDITOR)
VEILED = ("hazard", "task", "instrument")
"""Records that have readers of their own: what they say is not told to everybody who reads the bulletin."""


def _veiled(actor: Actor, bulletin: Bulletin, row: FigureRow) -> FigureRow:
    """A record of another place by its number alone; who drafts the bulletin, or oversees the place, reads what it says."""
    own = row.region is not None and actor.covers(row.region) and actor.role in OVERSEERS
    if row.kind in VEILED and not own and not rules.sends_back(actor, bulletin):
        row.label, row.note = (row.note if row.kind == "task" else row.label), ""
    return row


def behind(
    actor: Actor, bulletin: Bulletin, code: str, *, after: int = -1, limit: int = PAGE
) -> tuple[list[FigureRow], int | None]:
    """The rows of a figure as it stands now, the greatest first, and the place to go on from; as far as the reader may know."""
    rows = FigureRow.objects.filter(of=bulletin, edition=bulletin.edition, figure=code, place__gt=after)
    found = list(rows.order_by("place")[: limit + 1])
    shown = [_veiled(actor, bulletin, row) for row in found[:limit]]
    return shown, found[limit - 1].place if len(found) > limit else None


def tables(bulletin: Bulletin) -> dict[str, dict[str, Any]]:
    """The rankings with their heads, cells as words, the points of a hundred."""
    known = catalogue()
    rankings = {one.code: one for one in known.ranking}
    found = {}
    for code, table in bulletin.tables.items():
        if code not in rankings:
            continue
        figures = [known.by_code[one["figure"]] for one in table["criteria"] if one["figure"] in known.by_code]
        found[code] = {
            "title": rankings[code].label,
            "heads": [
                {"label": figure.zh, "unit": figure.unit, "weight": one["weight"], "code": figure.code, "better": one["better"]}
                for figure, one in zip(figures, table["criteria"], strict=True)
            ],
            "rows": [
                row
                | {
                    "cells": [
                        "–" if value is None else showing.number(figure, value)
                        for figure, value in zip(figures, row["values"], strict=True)
                    ],
                    "points": f"{row['tenths'] / 10:.1f}",
                }
                for row in table["rows"]
            ],
        }  # fmt: skip
    return found
