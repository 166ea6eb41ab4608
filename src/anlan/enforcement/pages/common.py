"""Shared by the room's pages."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.enforcement.models import Case, Instrument
from anlan.enforcement.rules import ISSUERS, READERS
from anlan.identity.asking import reader_of
from anlan.kernel.actor import Actor


def asker(request: HttpRequest) -> Actor:
    """Whoever has business with instruments: the issuing side, and those they are addressed to."""
    return reader_of(request, READERS)


def issuing(request: HttpRequest) -> Actor:
    """The issuing side alone."""
    return reader_of(request, ISSUERS)


def url_of(record: Instrument | UUID) -> str:
    return reverse("enforcement:record", args=[getattr(record, "pk", record)])


def case_url(record: Case | UUID) -> str:
    return reverse("enforcement:case", args=[getattr(record, "pk", record)])


def crumb(*more: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"label": _("Instruments"), "url": reverse("enforcement:list")}, *more]
