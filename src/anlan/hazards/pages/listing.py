"""The list of hazards: filters in the address, saved views, bulk dispatch."""

from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from anlan.hazards import needs
from anlan.hazards.bulk import dispatch_many
from anlan.hazards.categories import category_name
from anlan.hazards.forms import FilterForm
from anlan.hazards.models import Hazard, SavedView
from anlan.hazards.pages.common import person_of, url_of
from anlan.hazards.queries import count_hazards, enterprise_names, hazards, read_filters
from anlan.hazards.queries.list import COUNTED, Order, Page
from anlan.hazards.wording import due_view, grade_view, source_words, state_view
from anlan.identity import roles
from anlan.identity.asking import reader_of
from anlan.kernel.actor import Actor
from anlan.kernel.api import as_moment
from anlan.kernel.errors import CalendarEnds, Invalid
from anlan.kernel.forms import InputForm
from anlan.kernel.pages import read_place, write_place
from anlan.kernel.reading import read_ids
from anlan.registry.queries import industry_names, region_names

PAGE = "hazards"
LARGEST_BULK = 200
NOT_KEPT = ("after", "before", "csrfmiddlewaretoken")


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    filters = read_filters(request.GET)
    order: Order = "due" if request.GET.get("sort") == "due_at" else "newest"
    page = hazards(
        actor,
        filters,
        order=order,
        after=read_place(request.GET.get("after", ""), as_moment, UUID),
        before=read_place(request.GET.get("before", ""), as_moment, UUID),
    )
    counted = count_hazards(actor, filters, order=order)
    return render(
        request,
        "hazards/list.html",
        {
            "title": _("Hazards"),
            "tabs": tabs(request.GET.urlencode()),
            "filter_form": FilterForm(actor, request.GET or None),
            "saved_views": saved_views(actor, request.GET.urlencode()),
            "save_view_url": reverse("hazards:save-view"),
            "table": table(actor, page, order, counted),
        },
    )


def tabs(present: str) -> list[dict[str, Any]]:
    """The questions asked most, one press away."""
    asked = ((_("All"), ""), (_("Open"), "state=open"), (_("Waits for me"), "mine=1"), (_("Overdue"), "late=1"), (_("Major and open"), "grade=major&state=open"), (_("Closed off"), "state=closed"))  # fmt: skip
    here = tidy(present)
    return [
        {"label": label, "url": f"{reverse('hazards:list')}?{query}" if query else reverse("hazards:list"), "active": tidy(query) == here}
        for label, query in asked
    ]  # fmt: skip


def table(actor: Actor, page: Page, order: Order, counted: int) -> dict[str, Any]:
    dispatches = actor.role in (roles.REGULATOR, roles.OFFICE)
    may_find = actor.role in roles.ENTERPRISE_POSTS or actor.role in (
        roles.INSPECTOR, roles.GROUP_LEADER, roles.EXPERT, roles.REGULATOR, roles.OFFICE,
    )  # fmt: skip
    bulk = {
        "name": "dispatch",
        "label": _("Dispatch"),
        "url": reverse("hazards:bulk-dispatch"),
        "panel": True,
        "tone": "primary",
    }
    return {
        "id": "hazards",
        "label": _("Hazards"),
        "columns": columns(),
        "rows": rows(page.rows),
        "sort": "due_at" if order == "due" else "",
        "page": {
            "next": write_place(page.after),
            "previous": write_place(page.before),
            "words": counted_words(counted),
        },
        "bulk": [bulk] if dispatches else [],
        "export_url": reverse("hazards:export"),
        "create_url": reverse("hazards:new") if may_find else "",
        "create_label": _("New finding"),
    }


def counted_words(counted: int) -> str:
    if counted > COUNTED:
        return _("more than %(n)s hazards") % {"n": f"{COUNTED:,}"}
    return ngettext("%(n)s hazard", "%(n)s hazards", counted) % {"n": f"{counted:,}"}


def columns() -> list[dict[str, Any]]:
    return [
        {"key": "number", "label": _("Number"), "kind": "link", "lead": True, "always": True, "width": "narrow"},
        {"key": "state", "label": _("State"), "kind": "state"},
        {"key": "grade", "label": _("Grade"), "kind": "grade"},
        {"key": "what", "label": _("What is wrong"), "template": "hazards/_what.html", "width": "wide"},
        {"key": "enterprise", "label": _("Enterprise")},
        {"key": "region", "label": _("Region")},
        {"key": "due", "label": _("Time left"), "kind": "time_left", "sort": "due_at"},
        {"key": "found", "label": _("Found at"), "kind": "date"},
        {"key": "industry", "label": _("Supervision field"), "hidden": True},
        {"key": "source", "label": _("Source"), "hidden": True},
        {"key": "category", "label": _("Category"), "hidden": True},
        {"key": "finder", "label": _("Finder"), "hidden": True},
        {"key": "rectify_due", "label": _("Rectify by"), "kind": "date", "hidden": True},
        {"key": "cost", "label": _("Cost (yuan)"), "kind": "money", "hidden": True},
    ]


def rows(found: list[Hazard]) -> list[dict[str, Any]]:
    names = enterprise_names(row.responsible_id or row.enterprise_id for row in found)
    places = region_names(row.region for row in found)
    fields = industry_names() if found else {}
    return [
        {
            "id": str(row.pk),
            "url": url_of(row),
            "tone": "" if row.open else "muted",
            "cells": {
                "number": row.number,
                "state": state_view(row),
                "grade": grade_view(row) if row.grade else None,
                "what": {"place": row.place, "words": row.description, "listed": row.listed},
                "enterprise": names.get(row.responsible_id or row.enterprise_id) or "",  # type: ignore[arg-type]
                "region": places.get(row.region, ""),
                "due": due_view(row),
                "found": row.found_at,
                "industry": fields.get(row.industry_id, row.industry_id),
                "source": source_words(row.source),
                "category": category_name(row.category),
                "finder": row.finder_name,
                "rectify_due": row.rectify_due,
                "cost": row.cost_fen,
            },
        }
        for row in found
    ]


def saved_views(actor: Actor, present: str) -> list[dict[str, Any]]:
    kept = _own_views(actor).order_by("name")
    return [
        {
            "label": view.name,
            "url": f"{reverse('hazards:list')}?{view.query}",
            "active": view.query == tidy(present),
            "id": view.pk,
        }
        for view in kept[:50]
    ]


def _own_views(actor: Actor) -> QuerySet[SavedView]:
    return SavedView.objects.filter(person_id=person_of(actor), page=PAGE)


def tidy(query: str) -> str:
    """A query string without cursors and empty parts, in one order, so that equal filters are equal strings."""
    pairs = [(key, value) for key, value in parse_qsl(query.lstrip("?")) if key not in NOT_KEPT and value]
    return urlencode(sorted(pairs))


@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    name, query = request.POST.get("name", "").strip()[:60], tidy(request.POST.get("query", ""))[:500]
    if not name:
        raise Invalid(fields={"name": [_("Give the view a name.")]})
    if not _own_views(actor).filter(name=name).update(query=query):
        SavedView.objects.create(person_id=person_of(actor), page=PAGE, name=name, query=query)
    messages.success(request, _("The view “%(name)s” is saved.") % {"name": name})
    return redirect(f"{reverse('hazards:list')}?{query}")


@require_POST
def delete_view(request: HttpRequest, view_id: UUID) -> HttpResponse:
    actor = reader_of(request)
    _own_views(actor).filter(pk=view_id).delete()
    messages.success(request, _("The view is removed."))
    return redirect("hazards:list")


def bulk_dispatch(request: HttpRequest) -> HttpResponse:
    """One due date for many: each through its own verb and savepoint; the page says row by row what became of it."""
    actor = reader_of(request)
    chosen = _chosen(request.GET.getlist("ids") or request.POST.getlist("ids"))
    form = InputForm(needs.Dispatch, request.POST if request.method == "POST" else None, leave_out=["responsible"])
    if request.method == "POST":
        try:
            done = dispatch_many(actor=actor, hazards=[row.pk for row in chosen], data=form.payload())
        except Invalid as wrong:
            form.refuse(wrong)
        except CalendarEnds as ends:
            form.refuse(Invalid(fields={"due": [ends.detail]}))
        else:
            return render(
                request,
                "hazards/bulk_done.html",
                {"title": _("Dispatch"), "outcomes": done, "list_url": reverse("hazards:list")},
            )
    ready = [row for row in chosen if row.state == "found" and row.grade and (row.responsible_id or row.enterprise_id)]
    context = {
        "title": _("Dispatch %(n)s hazards") % {"n": len(chosen)},
        "form": form,
        "action": reverse("hazards:bulk-dispatch"),
        "chosen": chosen,
        "left_out": len(chosen) - len(ready),
        "submit_label": _("Dispatch"),
        "back_url": reverse("hazards:list"),
        "consequences": [_("Each enterprise sees its hazard and must sign; the clock starts.")],
    }
    return render(request, "hazards/bulk.html", context, status=422 if form.errors else 200)


def _chosen(values: list[str]) -> list[Hazard]:
    ids = read_ids(values[:LARGEST_BULK])
    if not ids:
        raise Invalid(_("Choose at least one hazard of the list."))
    return list(Hazard.objects.filter(pk__in=ids).order_by("-found_at", "-id"))
