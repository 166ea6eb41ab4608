"""Any clause in two taps: the search box has the cursor, the reader's fields are chips."""

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.identity.asking import actor_of
from anlan.kernel.phrases import in_tongue
from anlan.registry.queries import industries
from anlan.standards import queries
from anlan.standards.models import Clause
from anlan.standards.queries.suggestions import Suggestion, parts, search_clauses


def chips(request: HttpRequest, chosen: str, day: date) -> list[dict[str, Any]]:
    """The fields of the reader's post; those whose clauses are here stand first and say how many."""
    actor = actor_of(request)
    rows = industries(actor) or industries()
    clauses = queries.clauses_in_force(day)
    counts = {row.code: sum(row.code in one.scope.get("industry", ()) for one in clauses) for row in rows}
    found = [
        {
            "label": in_tongue(row),
            "count": counts[row.code],
            "url": f"{reverse('standards:criteria')}?{urlencode({'industry': row.code})}",
            "active": row.code == chosen,
        }
        for row in sorted(rows, key=lambda row: (row.code != chosen, not counts[row.code]))
    ]
    everything = {
        "label": _("All fields"),
        "count": len(clauses),
        "url": reverse("standards:criteria"),
        "active": not chosen,
    }
    return [everything, *found]


def found(words: str, industry: str, day: date, view: Callable[[Clause], dict[str, Any]]) -> dict[str, Any]:
    """Cards for the words, or for a field without words all its clauses; nothing when neither was asked."""
    asked = words.strip()
    if asked:
        cards = [_card(one, view) for one in search_clauses(asked, day, industry=industry or None)]
    elif industry:
        cards = [view(one) | {"parts": [(view(one)["text"], False)]} for one in queries.clauses_in_force(day, industry)]
    else:
        cards = []
    return {"asked": bool(asked or industry), "cards": cards, "unloaded": bool(industry and not asked and not cards)}


def _card(one: Suggestion, view: Callable[[Clause], dict[str, Any]]) -> dict[str, Any]:
    shown = view(one.clause)
    return shown | {"parts": parts(shown["text"], one.why), "why": one.why}
