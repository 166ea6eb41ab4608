"""Shared by the room's pages."""

from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from anlan.identity.asking import reader_of
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Forbidden
from anlan.risks import rules
from anlan.risks.models import RiskPoint


def keeper_of(request: HttpRequest, point: RiskPoint) -> Actor:
    """The reader, when their post keeps this point."""
    actor = reader_of(request)
    if not rules.keeps(actor, point):
        raise Forbidden
    return actor


def url_of(point: RiskPoint | UUID) -> str:
    return reverse("risks:point", args=[getattr(point, "pk", point)])
