"""Enterprises by their names, as everybody may know them: for people who hold no post and see nothing else of the registry."""

from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.registry import search
from anlan.registry.models import Enterprise

SHORTEST, MOST = 2, 8
"""Characters typed before anything is looked for, and how many are shown."""
_NOBODY = Actor(role="citizen", name="citizen")


def enterprises_named(words: str) -> list[Enterprise]:
    """At most eight whose names hold the words, by name; not those that closed down."""
    asked = words.strip()
    if len(asked) < SHORTEST:
        return []
    with scope.acting(_NOBODY), scope.elevated("names of enterprises are public; nothing else of them is told"):
        ids = search.find(asked, cap=MOST * 2)
        rows = Enterprise.objects.filter(pk__in=ids).exclude(status="closed").only("id", "name", "region")
        return list(rows.order_by("name", "id")[:MOST])
