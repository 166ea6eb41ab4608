"""Shared by the room's pages."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.directives.models import Directive, DirectiveTask
from anlan.directives.rules import READERS, registers
from anlan.identity import roles
from anlan.identity.asking import reader_of
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Forbidden


def asker(request: HttpRequest) -> Actor:
    """Whoever has business with documents from above."""
    return reader_of(request, READERS)


def officer(request: HttpRequest) -> Actor:
    """A post of the committee office, of any territory."""
    actor = asker(request)
    if not is_officer(actor):
        raise Forbidden(_("Only %(who)s may do this.") % {"who": _("the committee office")})
    return actor


def is_officer(actor: Actor) -> bool:
    return actor.role == roles.OFFICE and registers(actor, actor.region or 0)


def task_url(task: DirectiveTask | UUID) -> str:
    return reverse("directives:task", args=[getattr(task, "pk", task)])


def document_url(directive: Directive | UUID) -> str:
    return reverse("directives:document", args=[getattr(directive, "pk", directive)])


def views(actor: Actor, here: str) -> list[dict[str, Any]]:
    """The room's pages, one press apart; those that only the office works on for the office alone."""
    pages = (
        ("documents", _("Documents from above"), False),
        ("tasks", _("Tasks"), False),
        ("units", _("Units"), True),
        ("comb", _("Weekly comb"), True),
        ("digests", _("Weekly digest"), False),
        ("recurring", _("Recurring duties"), False),
    )
    return [
        {"label": str(label), "url": reverse(f"directives:{name}"), "active": name == here}
        for name, label, office in pages
        if is_officer(actor) or not office
    ]
