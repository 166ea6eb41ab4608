"""What a phone carries into the field: the day's work of one post, and the clauses to search without a network.

Each part of the day comes from the room that knows it; a room whose part is not built yet leaves it empty.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.utils.translation import get_language

from anlan.hazards.categories import categories, category_name
from anlan.kernel.actor import Actor
from anlan.site.rendering import plain
from anlan.standards.models import Clause
from anlan.standards.queries import clauses_in_force
from anlan.standards.rules import number

Part = Callable[[Actor, date], list[dict[str, Any]]]
ROOMS = {
    "visits": ("anlan.inspections.queries.field", "visits_for"),
    "self_checks": ("anlan.inspections.queries.self_check", "checks_for"),
    "hazards": ("anlan.hazards.field", "hazards_for"),
}


@lru_cache(maxsize=1)
def parts() -> dict[str, Part]:
    """Part of the day → the room's function that makes it."""
    found = {}
    for name, (module, function) in ROOMS.items():
        if find_spec(module):
            found[name] = getattr(import_module(module), function)
    return found


def day_of(actor: Actor, day: date) -> dict[str, Any]:
    """The whole bundle but the moment it was made."""
    made = parts()
    return {
        "actor": {
            "person": actor.person,
            "post": actor.post,
            "name": actor.name,
            "role": actor.role,
            "region": actor.region,
            "post_label": actor.post_label,
            "enterprises": list(actor.enterprises),
        },
        **{name: made[name](actor, day) if name in made else [] for name in ROOMS},
        "categories": [
            {"code": code, "name": category_name(code), "group": words.get("group", "")}
            for code, words in categories().items()  # a city's own file may group them
        ],
        "clauses_version": tag(clauses(day)),
    }


def clauses(day: date) -> list[dict[str, Any]]:
    """What may be cited on a day, in the reader's language."""
    english = (get_language() or "").startswith("en")
    return [_clause(one, english=english) for one in clauses_in_force(day)]


def _clause(clause: Clause, *, english: bool) -> dict[str, Any]:
    criteria = clause.criteria
    return {
        "id": clause.pk,
        "criteria": criteria.pk,
        "criteria_name": (english and criteria.en) or criteria.zh,
        "number": number(clause),
        "text": (english and clause.en) or clause.zh,
        "keywords": clause.keywords,
        "industries": clause.scope.get("industry", []) or criteria.industries,
        "evidence": clause.evidence,
    }


def tag(content: Any) -> str:
    """The same content has the same tag, in whichever process it was made."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=plain)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
