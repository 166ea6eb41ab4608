"""Shared by the room's pages."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.assessments.models import Assessment
from anlan.assessments.rules import READERS
from anlan.identity.asking import reader_of
from anlan.kernel.actor import Actor

RECORDS = {
    "hazard": "hazards:record",
    "report": "reports:record",
    "monthly_return": "campaigns:return",
    "directive_task": "directives:task",
    "plan_item": "plans:item",
    "instrument": "enforcement:record",
}
"""The pages of what is counted, by the kind of the record."""


def asker(request: HttpRequest) -> Actor:
    """The offices, the units that are assessed, their leaders and the auditor; nobody else has business here."""
    return reader_of(request, READERS)


def url_of(record: Assessment | UUID) -> str:
    return reverse("assessments:record", args=[getattr(record, "pk", record)])


def record_url(kind: str, key: str) -> str:
    return reverse(RECORDS[kind], args=[key]) if kind in RECORDS else ""


def views(here: str) -> list[dict[str, Any]]:
    pages = (("list", _("Yearly assessments")), ("cards", _("Score cards")))
    return [{"label": label, "url": reverse(f"assessments:{name}"), "active": name == here} for name, label in pages]


def crumbs(*more: tuple[str, str]) -> list[dict[str, str]]:
    first = [{"label": _("Yearly assessments"), "url": reverse("assessments:list")}]
    return first + [{"label": label, "url": url} if url else {"label": label} for label, url in more]
