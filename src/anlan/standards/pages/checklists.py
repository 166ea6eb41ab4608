"""Checklists: the list of them, one with its editions, and its form."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anlan.identity import roles
from anlan.identity.asking import reader_of
from anlan.kernel.errors import Conflict, Forbidden, Invalid
from anlan.kernel.forms import InputForm
from anlan.kernel.pages import form_page
from anlan.kernel.phrases import listed
from anlan.kernel.timeline import whose
from anlan.registry.queries import industry_names, region_names
from anlan.standards import actions, needs, rules
from anlan.standards.forms import ListFilter, list_form
from anlan.standards.models import Checklist, Edition
from anlan.standards.queries import editions as queries
from anlan.standards.states import AT_WORK
from anlan.standards.wording import KIND_WORDS, edition_words, named, state_view


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    form = ListFilter(request.GET or None)
    form.is_valid()
    clean = form.cleaned_data if form.is_bound else {}
    filters = queries.ListFilters(
        words=clean.get("q") or "", industry=clean.get("industry") or "", campaign=clean.get("campaign") or ""
    )
    page = queries.kept_lists(actor, filters, after=request.GET.get("after", "")[:60])
    writer = rules.writes_checklists(actor)
    table = {
        "id": "checklists",
        "label": _("Checklists"),
        "columns": [
            {"key": "name", "label": _("Checklist"), "kind": "link", "lead": True, "always": True},
            {"key": "industry", "label": _("Industry")},
            {"key": "campaign", "label": _("Special campaign")},
            {"key": "region", "label": _("Territory")},
            {"key": "keeper", "label": _("Kept by"), "hidden": True},
            {"key": "state", "label": _("State"), "kind": "state"},
            {"key": "edition", "label": _("Edition")},
            {"key": "from", "label": _("In force from"), "kind": "date"},
            {"key": "items", "label": _("Items"), "kind": "number"},
            {"key": "work", "label": _("At work"), "kind": "state"},
            {"key": "code", "label": _("Checklist code"), "hidden": True},
        ],
        "rows": _rows(page.rows, official=actor.role in roles.OFFICIALS),
        "page": {"next": page.next, "previous": None},
        "create_url": reverse("standards:new-checklist") if writer else "",
        "create_label": _("New checklist"),
        "empty": {"title": _("No checklist fits."), "icon": "list-check"},
    }
    context = {"title": _("Checklists"), "filter_form": form, "table": table, "writer": writer,
               "official": actor.role in roles.OFFICIALS}  # fmt: skip
    return render(request, "standards/checklists.html", context)


def _rows(found: list[queries.Kept], *, official: bool) -> list[dict[str, Any]]:
    fields = industry_names()
    places = region_names(one.checklist.region for one in found)
    rows = []
    for one in found:
        row, shown = one.checklist, one.current or one.coming
        rows.append(
            {
                "id": str(row.pk),
                "url": reverse("standards:checklist", args=[row.pk]),
                "tone": "" if row.active and shown else "muted",
                "cells": {
                    "name": named(row),
                    "industry": fields.get(row.industry_id or "", _("Common to all")),
                    "campaign": row.campaign,
                    "region": places.get(row.region, ""),
                    "keeper": row.organisation_name,
                    "state": state_view(shown) if shown and row.active else None,
                    "edition": edition_words(shown) if shown else "",
                    "from": shown.in_force_from if shown else None,
                    "items": one.items,
                    "work": state_view(one.at_work) if one.at_work and official else None,
                    "code": row.code,
                },
            }
        )
    return rows


@require_GET
def checklist(request: HttpRequest, checklist_id: UUID) -> HttpResponse:
    actor = reader_of(request)
    record = queries.checklist(checklist_id)
    official = actor.role in roles.OFFICIALS
    editions = [one for one in queries.editions_of(record) if official or one.in_force_from is not None]
    keeper = rules.keeps(actor, record)
    at_work = next((one for one in editions if one.state in AT_WORK), None)
    context = {
        "title": named(record),
        "record": record,
        "facts": facts(record),
        "crumbs": [{"label": _("Checklists"), "url": reverse("standards:checklists")}, {"label": named(record)}],
        "table": _editions_table(editions),
        "keeper": keeper,
        "at_work_url": reverse("standards:edition", args=[at_work.pk]) if at_work else "",
    }
    return render(request, "standards/checklist.html", context)


def facts(record: Checklist) -> list[dict[str, Any]]:
    kinds = listed(str(KIND_WORDS[kind]) for kind in record.kinds if kind in KIND_WORDS)
    rows = [
        {"label": _("Checklist code"), "value": record.code},
        {"label": _("Territory"), "value": region_names([record.region])[record.region]},
        {"label": _("Industry"), "value": industry_names().get(record.industry_id or "", _("Common to all"))},
        {"label": _("Special campaign"), "value": record.campaign},
        {"label": _("Kinds of visit"), "value": kinds or _("All, self-checks too")},
        {"label": _("Kept by"), "value": record.organisation_name},
    ]
    return [row for row in rows if row["value"]]


def _editions_table(editions: list[Edition]) -> dict[str, Any]:
    rows = [
        {
            "id": str(one.pk),
            "url": reverse("standards:edition", args=[one.pk]),
            "tone": "muted" if one.state in ("replaced", "withdrawn") else "",
            "cells": {
                "number": edition_words(one),
                "state": state_view(one),
                "items": getattr(one, "item_count", 0),
                "from": one.in_force_from,
                "to": one.in_force_to,
                "author": whose(one.author_name, one.author_id),
                "reviewer": whose(one.reviewer_name, one.reviewer_id),
                "note": one.note,
            },
        }
        for one in editions
    ]
    return {
        "id": "editions",
        "label": _("Editions"),
        "columns": [
            {"key": "number", "label": _("Edition"), "kind": "link", "lead": True, "always": True},
            {"key": "state", "label": _("State"), "kind": "state"},
            {"key": "items", "label": _("Items"), "kind": "number"},
            {"key": "from", "label": _("In force from"), "kind": "date"},
            {"key": "to", "label": _("In force until"), "kind": "date"},
            {"key": "author", "label": _("Written by")},
            {"key": "reviewer", "label": _("Reviewed by")},
            {"key": "note", "label": _("What changed and why")},
        ],
        "rows": rows,
        "empty": {"title": _("No edition yet."), "icon": "list-check"},
    }


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    if not rules.writes_checklists(actor):
        raise Forbidden
    form = list_form(needs.ChecklistInput, actor, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            made = actions.create_checklist(actor=actor, data=form.payload())
            edition = actions.draft_edition(actor=actor, checklist=made.pk)
        except Invalid as wrong:
            form.refuse(wrong)
        else:
            messages.success(request, _("The checklist is made. Write its items now."))
            return redirect("standards:edition", edition.pk)
    return form_page(
        request, form, title=_("New checklist"), submit_label=_("Begin"), draft="checklist-new",
        back_url=reverse("standards:checklists"), columns=2,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, checklist_id: UUID) -> HttpResponse:
    actor = reader_of(request)
    record = queries.checklist(checklist_id)
    if not rules.keeps(actor, record):
        raise Forbidden
    form = list_form(needs.ChecklistChange, actor, request.POST if request.method == "POST" else None, record=record)
    if request.method == "POST":
        try:
            actions.edit_checklist(actor=actor, checklist=checklist_id, data=form.payload())
        except Invalid as wrong:
            form.refuse(wrong)
        else:
            messages.success(request, _("The changes are saved."))
            return redirect("standards:checklist", checklist_id)
    return form_page(
        request, form, title=_("Change %(name)s") % {"name": named(record)}, columns=2,
        back_url=reverse("standards:checklist", args=[checklist_id]),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, checklist_id: UUID) -> HttpResponse:
    """A new edition with the items of the last one in force."""
    actor = reader_of(request)
    record = queries.checklist(checklist_id)
    if not rules.keeps(actor, record):
        raise Forbidden
    form = InputForm(needs.Draft, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            edition = actions.draft_edition(actor=actor, checklist=checklist_id, data=form.payload())
        except (Invalid, Conflict) as wrong:
            form.refuse(wrong)
        else:
            return redirect("standards:edition", edition.pk)
    return form_page(
        request, form, title=_("New edition"), submit_label=_("Begin"),
        consequences=[_("It begins with the items of the last edition. What is in force stays so until the new one is published.")],
        back_url=reverse("standards:checklist", args=[checklist_id]),
    )  # fmt: skip


def listed_url(**query: str) -> str:
    return f"{reverse('standards:checklists')}?{urlencode(query)}"
