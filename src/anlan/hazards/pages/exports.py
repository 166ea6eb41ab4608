"""The list as a file: short ones at once, long ones by a job with its progress."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from anlan.files.actions import store
from anlan.hazards import exporting
from anlan.hazards.queries import count_hazards, read_filters
from anlan.identity.asking import reader_of
from anlan.kernel import clock
from anlan.registry.pages.exports import kept_file, progress_page, written


@require_GET
def export(request: HttpRequest) -> HttpResponseBase:
    actor = reader_of(request)
    filters, order = read_filters(request.GET), exporting.order_of(request.GET)
    if count_hazards(actor, filters, order=order, most=exporting.AT_ONCE) > exporting.AT_ONCE:
        asked = exporting.ask_for_export(actor=actor, query=request.GET.urlencode())
        return redirect("hazards:export-progress", asked.pk)
    name = exporting.file_name(clock.now(), filters)
    return written(lambda stream: exporting.write_now(stream, actor, filters, order), name)


@require_GET
def progress(request: HttpRequest, export_id: UUID) -> HttpResponse:
    return progress_page(request, exporting.export_of(reader_of(request), export_id), "hazards")


@require_GET
def file(request: HttpRequest, export_id: UUID) -> HttpResponseBase:
    found = exporting.export_of(reader_of(request), export_id)
    return kept_file(found, store(), exporting.file_name(found.created_at, read_filters(QueryDict(found.query))))
