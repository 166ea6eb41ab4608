"""The list as a workbook: short ones at once, long ones by a job with its progress."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anlan.identity.asking import reader_of
from anlan.kernel import clock
from anlan.registry import shelf
from anlan.registry.exporting import export_of
from anlan.registry.pages.exports import kept_file, progress_page, written
from anlan.risks import queries
from anlan.risks.actions import exports


@require_GET
def export(request: HttpRequest) -> HttpResponseBase:
    actor = reader_of(request)
    filters = queries.read_filters(request.GET)
    if queries.count_points(actor, filters) > queries.COUNTED:
        asked = exports.ask_export(actor=actor, filters=filters, language=get_language() or "zh-hans")
        return redirect("risks:export-progress", asked.pk)
    return written(lambda stream: exports.write_rows(stream, actor, filters), _file_name())


@require_GET
def progress(request: HttpRequest, export_id: UUID) -> HttpResponse:
    return progress_page(request, export_of(reader_of(request), export_id, exports.KIND), "risks")


@require_GET
def file(request: HttpRequest, export_id: UUID) -> HttpResponseBase:
    return kept_file(export_of(reader_of(request), export_id, exports.KIND), shelf.shelf(), _file_name())


def _file_name() -> str:
    return f"{_('Risk points')}-{clock.today():%Y%m%d}.xlsx"
