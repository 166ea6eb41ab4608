"""Shared by the room's pages."""

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.chain import rules
from anlan.identity.asking import actor_of
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Forbidden


def reader_of(request: HttpRequest) -> Actor:
    """The chain is for officials; enterprises see who answers for their hazards."""
    actor = actor_of(request)
    if not rules.reads_chain(actor):
        raise Forbidden
    return actor


def keeper_of(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if not rules.keeps_chain(actor):
        raise Forbidden
    return actor


def crumbs(label: str) -> list[dict[str, str]]:
    return [{"label": _("Responsibility chain"), "url": reverse("chain:matrix")}, {"label": label}]


def region_in(query: QueryDict, actor: Actor) -> int | None:
    """The place of the address, when the post covers it; otherwise its own."""
    text = query.get("region", "")
    code = int(text) if text.isascii() and text.isdigit() and len(text) == 12 else None
    return code if code is not None and actor.covers(code) else None
