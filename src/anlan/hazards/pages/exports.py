"""The list as a file: short ones at once, long ones by a job with its progress."""

from io import BytesIO
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anlan.files.actions import store
from anlan.hazards import exporting
from anlan.hazards.models import Export
from anlan.hazards.pages.common import actor_of
from anlan.hazards.queries import count_hazards, read_filters
from anlan.kernel import clock
from anlan.kernel.errors import NotFound


@require_GET
def export(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    filters, order = read_filters(request.GET), exporting.order_of(request.GET)
    if count_hazards(actor, filters, order=order, most=exporting.AT_ONCE) > exporting.AT_ONCE:
        asked = exporting.ask_for_export(actor=actor, query=request.GET.urlencode())
        return redirect("hazards:export-progress", asked.pk)
    stream = BytesIO()
    exporting.write_now(stream, actor, filters, order)
    stream.seek(0)
    return _download(stream, exporting.file_name(clock.now(), filters))


@require_GET
def progress(request: HttpRequest, export_id: UUID) -> HttpResponse:
    job = shown(exporting.export_of(actor_of(request), export_id))
    fragment = request.headers.get("HX-Request") == "true"
    template = "components/job.html" if fragment else "hazards/export.html"
    return render(request, template, {"title": _("Export"), "job": job})


def shown(export: Export) -> dict[str, Any]:
    words = {
        "waiting": _("The export waits for its turn."),
        "running": _("The export is being written."),
        "done": _("The export is ready."),
        "failed": _("The export failed. Ask for it again."),
    }
    ready = export.state == "done"
    return {
        "id": str(export.pk),
        "url": reverse("hazards:export-progress", args=[export.pk]),
        "state": export.state,
        "words": words[export.state],
        "done": export.done,
        "result_url": reverse("hazards:export-file", args=[export.pk]) if ready else "",
    }


@require_GET
def file(request: HttpRequest, export_id: UUID) -> HttpResponseBase:
    found = exporting.export_of(actor_of(request), export_id)
    if found.state != "done":
        raise NotFound
    name = exporting.file_name(found.created_at, read_filters(QueryDict(found.query)))
    return _download(store().open(found.sha256), name)


def _download(stream: Any, name: str) -> FileResponse:
    response = FileResponse(stream, as_attachment=True, filename=name, content_type=exporting.XLSX)
    response["Cache-Control"] = "private, no-store"
    return response
