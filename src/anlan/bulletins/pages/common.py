"""Shared by the room's pages."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from anlan.bulletins import writing
from anlan.bulletins.flow import BULLETIN
from anlan.bulletins.models import Bulletin
from anlan.bulletins.queries import FigureView
from anlan.bulletins.rules import READERS
from anlan.identity.asking import reader_of
from anlan.kernel import timeline
from anlan.kernel.actor import Actor

LINKS = {
    "return": "campaigns:return",
    "hazard": "hazards:record",
    "task": "directives:task",
    "item": "plans:item",
    "instrument": "enforcement:record",
}
"""Where a row behind a figure leads."""


def asker(request: HttpRequest) -> Actor:
    return reader_of(request, READERS)


def url_of(bulletin: Bulletin | UUID) -> str:
    return reverse("bulletins:record", args=[getattr(bulletin, "pk", bulletin)])


def crumbs(*more: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"label": _("Bulletins"), "url": reverse("bulletins:list")}, *more]


def name_of(bulletin: Bulletin) -> str:
    return bulletin.number or _("Draft")


def state_view(bulletin: Bulletin) -> dict[str, Any]:
    return timeline.state_view(BULLETIN, bulletin)


def months_words(bulletin: Bulletin) -> str:
    first, last = f"{bulletin.first_month:%Y-%m}", f"{bulletin.last_month:%Y-%m}"
    return first if first == last else f"{first} – {last}"


def figure_url(bulletin: Bulletin, code: str) -> str:
    return reverse("bulletins:figure", args=[bulletin.pk, code])


def record_url(kind: str, key: UUID | None) -> str:
    """Empty where the record has no page."""
    if key is None or kind not in LINKS:
        return ""
    try:
        return reverse(LINKS[kind], args=[key])
    except NoReverseMatch:
        return ""


def pieces_of(bulletin: Bulletin, text: str, views: dict[str, FigureView]) -> list[dict[str, Any]]:
    """A text as its reader sees it: each figure leads to its rows."""
    words = {code: view.words for code, view in views.items()}
    return [
        {
            "text": part,
            "url": figure_url(bulletin, code) if code in views else "",
            "label": views[code].figure.label if code in views else "",
            "typed": code in views and views[code].typed is not None,
        }
        for part, code in writing.pieces(text, words)
    ]
