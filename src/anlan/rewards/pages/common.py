"""Shared by the room's pages."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.identity.asking import reader_of
from anlan.kernel.actor import Actor
from anlan.rewards.models import Reward
from anlan.rewards.rules import READERS


def asker(request: HttpRequest) -> Actor:
    """Whoever has business with the ledger of money; everybody else is refused, even where rows lie in their territory."""
    return reader_of(request, READERS)


def url_of(reward: Reward | UUID) -> str:
    return reverse("rewards:record", args=[getattr(reward, "pk", reward)])


def views(here: str) -> list[dict[str, Any]]:
    """The room's four pages, one press apart."""
    pages = (
        ("list", _("Rewards")),
        ("budget", _("Budget")),
        ("rules", _("Rules of rewards")),
        ("reconciliation", _("Reconciliation")),
    )
    return [{"label": label, "url": reverse(f"rewards:{name}"), "active": name == here} for name, label in pages]
