"""Shared by the officials' pages of reports."""

from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from anlan.identity.asking import reader_of
from anlan.kernel.actor import Actor
from anlan.reports.models import Report
from anlan.reports.rules import READERS


def official_of(request: HttpRequest) -> Actor:
    return reader_of(request, READERS)


def url_of(report: Report | UUID) -> str:
    return reverse("reports:record", args=[getattr(report, "pk", report)])
