"""A reading as plain data: what the command prints, an API gives and a page shows."""

from typing import Any

from anlan.directives.reading import Reading
from anlan.directives.reading.tasks import Proposal
from anlan.directives.reading.times import Rhythm, When


def shown(reading: Reading) -> dict[str, Any]:
    """JSON: offsets count characters, `original` in the text as it came, `span` in `text`, which is the normalised one."""
    layout = reading.layout
    return {
        "title": layout.title,
        "number": layout.number,
        "issuer": layout.issuer,
        "dated": layout.dated.isoformat() if layout.dated else None,
        "addressees": list(layout.addressees),
        "text": reading.normal.text,
        "changes": [
            {"kind": one.kind, "original": [one.start, one.end], "was": one.was[:80]} for one in reading.normal.changes
        ],
        "damaged": [list(one) for one in reading.normal.damaged],
        "tasks": [task(one) for one in reading.proposals],
    }


def task(one: Proposal) -> dict[str, Any]:
    return {
        "span": [one.start, one.end],
        "original": list(one.original),
        "text": one.text,
        "what": one.what,
        "who": one.who,
        "who_from": one.who_from,
        "with": one.partners,
        "when": limit(one.when),
        "when_from": one.when_from,
        "how_often": rhythm(one.rhythm),
        "urgent": one.urgent,
        "unsettled": one.unsettled,
        "evidence": list(one.evidence),
        "confidence": one.confidence,
        "why": list(one.why),
    }


def limit(when: When | None) -> dict[str, Any] | None:
    if when is None:
        return None
    return {"text": when.text, "due": when.due.isoformat() if when.due else None, "rule": when.rule}


def rhythm(often: Rhythm | None) -> dict[str, Any] | None:
    if often is None:
        return None
    return {
        "text": often.text,
        "every": often.every,
        "interval": often.interval,
        "times": often.times,
        "at_least": often.at_least,
        "day": often.day,
        "weekday": often.weekday,
    }
