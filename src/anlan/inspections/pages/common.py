"""Shared by the room's pages of visits."""

from uuid import UUID

from django.urls import reverse

from anlan.inspections.models import Visit


def url_of(visit: Visit | UUID) -> str:
    return reverse("inspections:visit", args=[getattr(visit, "pk", visit)])
