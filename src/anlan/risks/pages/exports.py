"""The list as a workbook: short ones at once, long ones by a job with its progress."""

from io import BytesIO
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan.registry import shelf
from anlan.registry.models import Export
from anlan.registry.pages.exports import download
from anlan.risks import queries
from anlan.risks.actions import exports
from anlan.risks.pages.common import reader_of


@require_GET
def export(request: HttpRequest) -> HttpResponseBase:
    actor = reader_of(request)
    filters = queries.read_filters(request.GET)
    if queries.count_points(actor, filters) > queries.COUNTED:
        asked = exports.ask_export(actor=actor, query=filters.query(), language=get_language() or "zh-hans")
        return redirect("risks:export-progress", asked.pk)
    stream = BytesIO()
    exports.write_rows(stream, actor, filters)
    stream.seek(0)
    return download(stream, _file_name())


@require_GET
def progress(request: HttpRequest, export_id: UUID) -> HttpResponse:
    context = {"title": _("Export"), "job": _job(_found(reader_of(request), export_id))}
    fragment = request.headers.get("HX-Request") == "true"
    return render(request, "components/job.html" if fragment else "risks/export.html", context)


@require_GET
def file(request: HttpRequest, export_id: UUID) -> HttpResponseBase:
    found = _found(reader_of(request), export_id)
    if found.state != "done":
        raise NotFound
    try:
        return download(shelf.shelf().open(found.sha256), _file_name())
    except FileNotFoundError:
        raise NotFound(_("The file was cleared away. Ask for the export again.")) from None


def _found(actor: Actor, export_id: UUID) -> Export:
    """Only for the post it was made as: what a post showed is out of sight when the post ends."""
    found = Export.objects.filter(pk=export_id, filters__kind=exports.KIND).first()
    if found is None or found.post_id != actor.post:
        raise NotFound
    return found


def _job(found: Export) -> dict[str, Any]:
    words = {
        "waiting": _("The export waits for its turn."),
        "running": _("The export is being written."),
        "done": _("The export is ready: %(n)s rows.") % {"n": f"{found.done:,}"},
        "failed": _("The export failed. Ask for it again."),
    }
    return {
        "id": str(found.pk),
        "url": reverse("risks:export-progress", args=[found.pk]),
        "state": found.state,
        "words": words[found.state],
        "result_url": reverse("risks:export-file", args=[found.pk]) if found.state == "done" else "",
    }


def _file_name() -> str:
    return f"{_('Risk points')}-{clock.today():%Y%m%d}.xlsx"
