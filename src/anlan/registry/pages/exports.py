"""A list as a workbook: short ones at once, long ones by a job with its progress."""

from collections.abc import Callable
from io import BytesIO
from typing import IO, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anlan.files.store import Store
from anlan.identity.asking import reader_of
from anlan.kernel import clock
from anlan.kernel.errors import NotFound
from anlan.kernel.pages import download
from anlan.registry import queries, shelf
from anlan.registry.actions import exports
from anlan.registry.exporting import export_of
from anlan.registry.forms import EnterpriseFilter
from anlan.registry.pages.enterprises import filters_of


@require_GET
def export(request: HttpRequest) -> HttpResponseBase:
    actor = reader_of(request)
    filters = filters_of(EnterpriseFilter(actor, request.GET or None))
    if queries.count_enterprises(actor, filters) > queries.COUNTED:
        asked = exports.ask_export(actor=actor, filters=filters, language=get_language() or "zh-hans")
        return redirect("registry:export-progress", asked.pk)
    return written(lambda stream: exports.write_rows(stream, actor, filters), _file_name())


@require_GET
def progress(request: HttpRequest, export_id: UUID) -> HttpResponse:
    return progress_page(request, export_of(reader_of(request), export_id, exports.KIND), "registry")


@require_GET
def file(request: HttpRequest, export_id: UUID) -> HttpResponseBase:
    return kept_file(export_of(reader_of(request), export_id, exports.KIND), shelf.shelf(), _file_name())


def _file_name() -> str:
    return f"{_('Enterprises')}-{clock.today():%Y%m%d}.xlsx"


def written(write: Callable[[IO[bytes]], object], name: str) -> HttpResponseBase:
    """A short list, at once."""
    stream = BytesIO()
    write(stream)
    stream.seek(0)
    return download(stream, name)


def progress_page(request: HttpRequest, found: Any, room: str) -> HttpResponse:
    """How far the job is; it asks for itself until the file is there. `room` names the addresses."""
    words = {
        "waiting": _("The export waits for its turn."),
        "running": _("The export is being written."),
        "done": _("The export is ready: %(n)s rows.") % {"n": f"{found.done:,}"},
        "failed": _("The export failed. Ask for it again."),
    }
    job = {
        "id": str(found.pk),
        "url": reverse(f"{room}:export-progress", args=[found.pk]),
        "state": found.state,
        "words": words[found.state],
        "result_url": reverse(f"{room}:export-file", args=[found.pk]) if found.state == "done" else "",
    }
    fragment = request.headers.get("HX-Request") == "true"
    template = "components/job.html" if fragment else "export.html"
    return render(request, template, {"title": _("Export"), "job": job})


def kept_file(found: Any, store: Store, name: str) -> HttpResponseBase:
    if found.state != "done":
        raise NotFound
    try:
        return download(store.open(found.sha256), name)
    except FileNotFoundError:
        raise NotFound(_("The file was cleared away. Ask for the export again.")) from None
