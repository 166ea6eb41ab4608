"""The register of documents and the list of tasks."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from anlan.directives import queries
from anlan.directives.forms import DirectiveFilterForm, TaskFilterForm
from anlan.directives.models import Directive, DirectiveTask
from anlan.directives.pages.common import asker, document_url, is_officer, task_url, views
from anlan.directives.wording import due_view, silent_words, state_view, trouble_words
from anlan.kernel.actor import Actor
from anlan.kernel.api import as_moment
from anlan.kernel.pages import read_place, write_place
from anlan.registry.queries import region_names


@require_GET
def documents(request: HttpRequest) -> HttpResponse:
    actor = asker(request)
    words = request.GET.get("q", "").strip()[:60]
    page = queries.directives(actor, words=words, **_places(request))
    office = is_officer(actor)
    context = {
        "title": _("Documents from above"),
        "views": views(actor, "documents"),
        "waiting": [_waiting(one) for one in queries.intakes(actor)] if office else [],
        "filter_form": DirectiveFilterForm(request.GET or None),
        "table": _documents(page, queries.count_directives(actor, words), office=office),
    }
    return render(request, "directives/documents.html", context)


def _places(request: HttpRequest) -> dict[str, Any]:
    return {
        "after": read_place(request.GET.get("after", ""), as_moment, UUID),
        "before": read_place(request.GET.get("before", ""), as_moment, UUID),
    }


def _waiting(one: Any) -> dict[str, Any]:
    return {
        "url": reverse("directives:intake", args=[one.pk]),
        "name": one.facts.get("title") or one.file_name or _("Pasted text"),
        "state": str(one.get_state_display()),
        "trouble": trouble_words(one.trouble, one.trouble_facts) if one.trouble else "",
        "at": one.created_at,
    }


def _documents(page: Any, counted: int, *, office: bool) -> dict[str, Any]:
    columns = [
        {
            "key": "title",
            "label": _("Title of the document"),
            "kind": "link",
            "lead": True,
            "always": True,
            "width": "wide",
        },
        {"key": "reference", "label": _("Number of the document")},
        {"key": "issuer", "label": _("Issuing body")},
        {"key": "received", "label": _("Received on"), "kind": "date"},
        {"key": "limit", "label": _("Due by"), "kind": "date"},
        {"key": "tasks", "label": _("Open tasks"), "template": "directives/_tasks_cell.html"},
        {"key": "number", "label": _("Our number"), "hidden": True},
        {"key": "dated", "label": _("Dated"), "kind": "date", "hidden": True},
    ]
    if office:
        columns.insert(5, {"key": "open", "label": _("To be decided on"), "kind": "number"})
    return {
        "id": "directives",
        "label": _("Documents from above"),
        "columns": columns,
        "rows": [_document(row) for row in page.rows],
        "page": {
            "next": write_place(page.after),
            "previous": write_place(page.before),
            "words": _counted(counted, lambda n: ngettext("%(n)s document", "%(n)s documents", n)),
        },
        "empty": {
            "title": _("No document here"),
            "text": _("A document that is registered is read, and its tasks are proposed beside the text.")
            if office
            else _("You see the documents that give your unit a task."),
            "icon": "inbox",
        },
    }


def _counted(counted: int, words: Any) -> str:
    if counted > queries.COUNTED:
        return _("more than %(n)s") % {"n": f"{queries.COUNTED:,}"}
    return str(words(counted) % {"n": f"{counted:,}"})


def _document(row: Any) -> dict[str, Any]:
    document: Directive = row
    return {
        "id": str(document.pk),
        "url": document_url(document),
        "cells": {
            "title": document.title,
            "reference": document.reference,
            "issuer": document.issuer,
            "received": document.received_on,
            "limit": document.limit,
            "open": row.open_proposals or "",
            "tasks": {
                "open": row.open_tasks,
                "all": row.all_tasks,
                "url": f"{reverse('directives:tasks')}?directive={document.pk}",
            },
            "number": document.number,
            "dated": document.dated,
        },
    }


@require_GET
def tasks(request: HttpRequest) -> HttpResponse:
    actor = asker(request)
    filters = queries.read_task_filters(request.GET)
    page = queries.tasks(actor, filters, **_places(request))
    context = {
        "title": _("Tasks"),
        "views": views(actor, "tasks"),
        "tabs_quick": _tabs(request, actor),
        "filter_form": TaskFilterForm(actor, request.GET or None),
        "narrowed": _narrowed(filters),
        "table": _tasks(page, queries.count_tasks(actor, filters)),
    }
    return render(request, "directives/tasks.html", context)


def _narrowed(filters: queries.TaskFilters) -> str:
    """Words for what an address narrows to and the bar does not show."""
    if filters.directive:
        return _("Tasks of “%(title)s”") % {"title": queries.directive(filters.directive).title}
    return ""


def _tabs(request: HttpRequest, actor: Actor) -> list[dict[str, Any]]:
    base = reverse("directives:tasks")
    here = request.GET.urlencode()
    asked = [(_("All open"), "state=open")]
    if actor.organisation and not is_officer(actor):
        asked.append((_("Of my unit"), "state=open&mine=1"))
    asked += [
        (_("Overdue"), "late=1"),
        (_("To be signed for"), "state=assigned"),
        (_("To be verified"), "state=reported"),
        (_("All"), ""),
    ]
    return [
        {"label": label, "url": f"{base}?{query}" if query else base, "active": query == here} for label, query in asked
    ]


def _tasks(page: Any, counted: int) -> dict[str, Any]:
    places = region_names(row.region for row in page.rows)
    return {
        "id": "directive-tasks",
        "label": _("Tasks"),
        "columns": [
            {"key": "number", "label": _("Number"), "kind": "link", "lead": True, "always": True, "width": "narrow"},
            {"key": "state", "label": _("State"), "kind": "state"},
            {"key": "what", "label": _("What is to be done"), "width": "wide"},
            {"key": "unit", "label": _("Responsible unit")},
            {"key": "due", "label": _("Time left"), "kind": "time_left"},
            {"key": "day", "label": _("Due by"), "kind": "date"},
            {"key": "silent", "label": _("Last heard of"), "hidden": True},
            {"key": "region", "label": _("Region"), "hidden": True},
            {"key": "document", "label": _("Document"), "hidden": True},
        ],
        "rows": [_task(row, places) for row in page.rows],
        "page": {
            "next": write_place(page.after),
            "previous": write_place(page.before),
            "words": _counted(counted, lambda n: ngettext("%(n)s task", "%(n)s tasks", n)),
        },
        "empty": {
            "title": _("No task here"),
            "text": _("A task is given when the office accepts what a document asks for."),
            "icon": "circle-check",
        },
    }


def _task(row: DirectiveTask, places: dict[int, str]) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "url": task_url(row),
        "tone": "muted" if row.state in ("done", "withdrawn") else "",
        "cells": {
            "number": row.number,
            "state": state_view(row),
            "what": row.what,
            "unit": row.unit.name,
            "due": due_view(row),
            "day": row.due,
            "silent": silent_words(row),
            "region": places.get(row.region, ""),
            "document": row.directive.title,
        },
    }
