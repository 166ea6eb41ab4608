"""What a check put aside: the original beside what the public would read, for a person to decide. Nothing is deleted."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anlan.files.models import File
from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound, Problem
from anlan.kernel.pages import read_version
from anlan.kernel.phrases import choice_words
from anlan.kernel.text import whole_address
from anlan.kernel.timeline import state_view
from anlan.registry.queries import region_names
from anlan.reports import redaction
from anlan.reports.actions import take_step
from anlan.reports.flow import REPORT
from anlan.reports.models import Hold, Report, ReportPhoto
from anlan.reports.pages.common import url_of
from anlan.reports.pages.desk import desk_actor
from anlan.reports.pages.desk_shapes import ago
from anlan.reports.pages.desk_shapes import photos as shapes_of
from anlan.reports.queries import files_of
from anlan.reports.sorting.sending import reasons
from anlan.standards.queries.suggestions import parts
from anlan.standards.suggest.terms import plain

AT_ONCE = 30


@require_GET
def holds(request: HttpRequest) -> HttpResponse:
    actor = desk_actor(request)
    rows, more = waiting(actor)
    photos = _photos(rows)
    files = files_of(one for found in photos.values() for one in found)
    places = region_names({row.region for row in rows})
    put_aside = _holds(rows)
    context = {
        "title": _("Put aside by a check"),
        "rows": [_row(row, put_aside.get(row.pk, []), photos.get(row.pk, []), files, places) for row in rows],
        "more": more,
    }
    return render(request, "reports/sorting/holds.html", context)


def waiting(actor: Actor) -> tuple[list[Report], bool]:
    """Oldest first; whether there are more than one looks at in a row."""
    rows = Report.objects.filter(scope.within(actor, industry=None), held=True).select_related("category")
    found = list(rows.order_by("reported_at", "id")[: AT_ONCE + 1])
    return found[:AT_ONCE], len(found) > AT_ONCE


def _holds(rows: list[Report]) -> dict[UUID, list[Hold]]:
    found: dict[UUID, list[Hold]] = {}
    for one in Hold.objects.filter(report__in=[row.pk for row in rows], state="waiting").order_by("at", "id"):
        found.setdefault(one.report_id, []).append(one)
    return found


def _photos(rows: list[Report]) -> dict[UUID, list[ReportPhoto]]:
    found: dict[UUID, list[ReportPhoto]] = {}
    for one in ReportPhoto.objects.filter(report__in=[row.pk for row in rows], phase="report").order_by("at", "id"):
        found.setdefault(one.report_id, []).append(one)
    return found


def _row(
    row: Report, put_aside: list[Hold], photos: list[ReportPhoto], files: dict[UUID, File], places: dict[int, str]
) -> dict[str, Any]:
    held = {str(one.photo_id) for one in put_aside if one.photo_id}
    return {
        "row": row,
        "url": url_of(row),
        "state": state_view(REPORT, row),
        "ago": ago(row.reported_at),
        "words": parts(row.words, [plain(one.label) for one in put_aside if one.what == "words" and one.label]),
        "place": whole_address(places.get(row.region, ""), row.address),
        "why": [
            {
                "engine": choice_words(Hold.ENGINES, one.engine),
                "what": _("a photo") if one.what == "photo" else _("the words"),
                "label": one.label,
            }
            for one in put_aside
        ],
        "public_words": row.public_words or redaction.redacted(row.words),
        "public_place": row.public_place or places.get(row.region, ""),
        "photos": [
            one | {"held": one["id"] in held, "shown": one["shown"] and one["id"] not in held}
            for one in shapes_of(photos, files, group=f"hold-{row.pk}", caption=row.number)
        ],
    }


@require_POST
def settle(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Release with the words as they now stand, or keep it from the public; either is the public version's own step."""
    actor = desk_actor(request)
    name = request.POST.get("act", "")
    if name not in ("release", "keep"):
        raise NotFound
    data = {
        "public_words": request.POST.get("public_words", "").strip(),
        "public_place": request.POST.get("public_place", "").strip(),
        "public": name == "release",
        "shown": request.POST.getlist("shown") if name == "release" else [],
    }
    try:
        take_step(actor=actor, report=report_id, step="edit_public", data=data, version=read_version(request))
    except Problem as problem:
        messages.error(request, reasons(problem))
    else:
        messages.success(request, _("It may be read by the public.") if name == "release" else _("It is kept from the public, and handled all the same."))  # fmt: skip
    return redirect("reports:holds")
