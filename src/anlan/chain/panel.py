"""The duty cards of an enterprise on its page."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from anlan.chain import rules
from anlan.chain.queries import cards
from anlan.registry.models import Enterprise


def render(request: HttpRequest, enterprise: Enterprise) -> SafeString | None:
    actor = getattr(request, "actor", None)
    if actor is None:
        return None
    found = cards(enterprise.pk)
    levels = dict(type(found[0]).LEVELS) if found else {}
    context: dict[str, Any] = {
        "enterprise": enterprise,
        "rows": [{"card": one, "level": levels[one.level]} for one in found[:12]],
        "more": max(len(found) - 12, 0),
        "signed": sum(one.signed_on is not None for one in found),
        "total": len(found),
        "keeps": rules.keeps_cards(actor, enterprise),
    }
    return SafeString(render_to_string("chain/_panel.html", context, request=request))
