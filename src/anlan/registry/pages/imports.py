"""Workbooks in: template, upload, report, load, result."""

import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anlan.identity.asking import actor_of
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Forbidden, NotFound
from anlan.kernel.exchange.annotate import annotated
from anlan.kernel.exchange.report import Report
from anlan.kernel.exchange.template import template
from anlan.kernel.pages import download
from anlan.registry import rules, shelf
from anlan.registry.actions import imports
from anlan.registry.forms import UploadForm
from anlan.registry.kinds import kinds as known
from anlan.registry.models import Import
from anlan.registry.workbooks import spec, template_choices

LISTED = 200
NOBODY = UUID(int=0)
TONES = {
    "checking": "waiting", "refused": "disputed", "faulty": "disputed", "ready": "ready", "loading": "active",
    "loaded": "done", "failed": "late",
}  # fmt: skip
STEPS = ("template", "upload", "report", "load", "result")


def kinds_of(actor: Actor) -> list[tuple[str, Any]]:
    return [(kind.name, kind.label) for kind in known.values() if rules.imports(actor, kind.name)]


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """What this post may import, and what this person has sent before."""
    actor = actor_of(request)
    kinds = kinds_of(actor)
    if not kinds:
        raise Forbidden
    sent = Import.objects.filter(person_id=actor.person or NOBODY, kind__in=[kind for kind, _label in kinds])
    rows = [
        {
            "id": str(one.pk),
            "url": reverse("registry:import", args=[one.pk]),
            "cells": {
                "file": one.file_name,
                "kind": known[one.kind].label,
                "state": state_view(one),
                "rows": one.total or None,
                "at": one.created_at,
            },
        }
        for one in sent.order_by("-created_at", "-id")[:100]
    ]
    table = {
        "id": "imports",
        "label": _("Imports so far"),
        "columns": [
            {"key": "file", "label": _("File"), "kind": "link", "lead": True, "always": True},
            {"key": "kind", "label": _("Kind")},
            {"key": "state", "label": _("State"), "kind": "state"},
            {"key": "rows", "label": _("Rows"), "kind": "number"},
            {"key": "at", "label": _("Sent at"), "kind": "datetime"},
        ],
        "rows": rows,
        "empty": {"title": _("Nothing was imported yet."), "icon": "file-upload"},
    }
    cards = [
        {
            "label": label,
            "template_url": reverse("registry:template", args=[kind]),
            "upload_url": reverse("registry:upload", args=[kind]),
        }
        for kind, label in kinds
    ]
    return render(request, "registry/imports.html", {"title": _("Imports"), "cards": cards, "table": table})


@require_GET
def blank(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The empty workbook with drop-downs of the own territory."""
    actor = _importer(request, kind)
    stream = BytesIO()
    template(spec(kind), stream, choices=template_choices(kind, actor))
    stream.seek(0)
    return download(stream, f"{spec(kind).title}.xlsx")


def upload(request: HttpRequest, kind: str) -> HttpResponse:
    actor = _importer(request, kind)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        sent = _send(actor, kind, form.cleaned_data["file"])
        return redirect("registry:import", sent.pk)
    context = {
        "title": known[kind].label,
        "form": form,
        "steps": stepper("upload"),
        "template_url": reverse("registry:template", args=[kind]),
        "notes": spec(kind).notes,
        "crumbs": [{"label": _("Imports"), "url": reverse("registry:imports")}, {"label": known[kind].label}],
    }
    return render(request, "registry/upload.html", context, status=422 if form.errors else 200)


def _send(actor: Actor, kind: str, file: UploadedFile) -> Import:
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
        kept.flush()
        return imports.send_import(actor=actor, kind=kind, source=Path(kept.name), name=file.name or "")


@require_GET
def one(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Where the file stands; polled while a job works on it."""
    actor = actor_of(request)
    sent = _found(actor, import_id)
    job = job_view(sent)
    if request.headers.get("HX-Request") == "true" and job["state"] in ("waiting", "running"):
        return render(request, "components/job.html", {"job": job})
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse()
        response["HX-Redirect"] = reverse("registry:import", args=[sent.pk])
        return response
    report = Report.from_dict(sent.report) if sent.report else None
    context = {
        "title": sent.file_name,
        "sent": sent,
        "state": state_view(sent),
        "job": job,
        "steps": stepper(_step(sent), failed=sent.state in ("refused", "faulty", "failed")),
        "report": report,
        "faults": report.faults[:LISTED] if report else [],
        "more": max(report.total - LISTED, 0) if report else 0,
        "counts": _counts(sent),
        "may_load": sent.state in ("ready", "failed"),
        "upload_url": reverse("registry:upload", args=[sent.kind]),
        "crumbs": [{"label": _("Imports"), "url": reverse("registry:imports")}, {"label": sent.file_name}],
    }
    return render(request, "registry/import.html", context)


def _counts(sent: Import) -> list[dict[str, Any]]:
    words = known[sent.kind].counted or {}
    return [{"label": words.get(name, name), "value": count} for name, count in sent.counts.items()]


@require_POST
def load(request: HttpRequest, import_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    sent = imports.start_import(actor=actor, sent=_found(actor, import_id).pk)
    return redirect("registry:import", sent.pk)


@require_POST
def discard(request: HttpRequest, import_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    imports.discard_import(actor=actor, sent=_found(actor, import_id).pk)
    messages.success(request, _("The file is removed."))
    return redirect("registry:imports")


@require_GET
def marked(request: HttpRequest, import_id: UUID) -> HttpResponseBase:
    """The same workbook with every wrong cell marked."""
    sent = _found(actor_of(request), import_id)
    if sent.state != "faulty" or not sent.report:
        raise NotFound
    stream = BytesIO()
    try:
        annotated(shelf.path(sent.sha256), Report.from_dict(sent.report), stream)
    except FileNotFoundError:
        raise NotFound(_("The file was cleared away in the meantime. Send it again.")) from None
    stream.seek(0)
    return download(stream, f"{Path(sent.file_name).stem}-{_('faults')}.xlsx")


def _importer(request: HttpRequest, kind: str) -> Actor:
    actor = actor_of(request)
    if kind not in known:
        raise NotFound
    if not rules.imports(actor, kind):
        raise Forbidden
    return actor


def _found(actor: Actor, import_id: UUID) -> Import:
    found = Import.objects.filter(pk=import_id, person_id=actor.person or NOBODY).first()
    if found is None or not rules.imports(actor, found.kind):
        raise NotFound
    return found


def state_view(sent: Import) -> dict[str, Any]:
    return {"code": sent.state, "label": dict(Import.STATES)[sent.state], "tone": TONES[sent.state]}


def job_view(sent: Import) -> dict[str, Any]:
    words = {
        "checking": _("The file is being read and every cell checked."),
        "loading": _("Everything is being loaded in one go."),
        "refused": sent.trouble,
        "failed": sent.trouble,
        "faulty": _("The file has faults. Nothing was loaded."),
        "ready": _("Every cell is in order. Nothing is loaded yet."),
        "loaded": _("Everything is loaded."),
    }
    working = sent.state in ("checking", "loading")
    state = "waiting" if working and not sent.done else "running" if working else "done"
    return {
        "id": str(sent.pk),
        "url": reverse("registry:import", args=[sent.pk]),
        "state": "failed" if sent.state in ("refused", "faulty", "failed") else state,
        "words": words[sent.state],
        "done": sent.done,
        "total": sent.total,
    }


def _step(sent: Import) -> str:
    if sent.state in ("checking", "refused", "faulty"):
        return "report"
    return {"ready": "load", "failed": "load"}.get(sent.state, "result")


def stepper(now: str, *, failed: bool = False) -> list[dict[str, Any]]:
    labels = {
        "template": _("Fetch the template"),
        "upload": _("Send the file"),
        "report": _("Check"),
        "load": _("Load"),
        "result": _("Result"),
    }
    at = STEPS.index(now)
    status = [
        "done" if place < at else "waiting" if place > at else "late" if failed else "current" for place in range(5)
    ]
    return [{"label": labels[name], "status": state} for name, state in zip(STEPS, status, strict=True)]
