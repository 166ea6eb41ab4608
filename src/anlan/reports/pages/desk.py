"""The dispatcher's desk: what waits, the report that is looked at, what is proposed for it, and where it lies, on one screen."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from anlan.identity.asking import reader_of
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Invalid, NotFound, Problem
from anlan.kernel.pages import read_version
from anlan.kernel.reading import read_id, read_ids
from anlan.reports.actions import take_step
from anlan.reports.models import Report
from anlan.reports.pages import desk_shapes as shapes
from anlan.reports.rules import DESK
from anlan.reports.sorting import queue
from anlan.reports.sorting.sending import MOST as MOST_SENT
from anlan.reports.sorting.sending import reasons, send_many

STEPS = ("dispatch", "duplicate", "decline", "screen", "edit_public")
AT_FIRST, MORE = 100, 100
STATE = "X-Desk-State"


def desk_actor(request: HttpRequest) -> Actor:
    return reader_of(request, DESK)


def by_script(request: HttpRequest) -> bool:
    """Asked by the desk's own script, which takes a part of the page or a short answer."""
    return request.headers.get("X-Desk") == "1"


def asked_of(request: HttpRequest) -> queue.Asked:
    only = request.GET.get("only", "")
    return queue.Asked(
        only=only if only in queue.ONLY else "",
        category=request.GET.get("category", "")[:30],
        words=request.GET.get("q", "").strip()[:100],
    )


def shown_of(request: HttpRequest) -> int:
    text = request.GET.get("shown", "")
    return (
        min(queue.MOST, max(AT_FIRST, int(text))) if text.isascii() and text.isdigit() and len(text) < 5 else AT_FIRST
    )


@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """The whole screen; with `report` in the address that one is open, which is also how it works without scripts."""
    actor = desk_actor(request)
    chosen = _waiting(actor, read_id(request.GET.get("report", "")))
    context = _drawn(request, *_asked(request, actor)) | {
        "title": _("Dispatch desk"),
        "words": asked_of(request).words,
        "map": shapes.map_facts(actor),
        "keys": shapes.KEYS,
        "say": shapes.script_words(),
        "units": shapes.unit_choices(actor),
    }
    if chosen is not None:
        context |= shapes.report(actor, chosen) | {"opened": True}
    return render(request, "reports/desk/desk.html", context)


@require_GET
def queue_part(request: HttpRequest) -> HttpResponse:
    """What waits now: the script asks every few seconds and keeps what was chosen."""
    actor = desk_actor(request)
    found, counted = _asked(request, actor)
    mark = shapes.mark(found.rows, counted)
    if request.headers.get(STATE) == mark:  # nothing moved: neither drawn nor sent again
        response = HttpResponse(status=204)
    else:
        response = render(request, "reports/desk/_queue.html", _drawn(request, found, counted))
    response[STATE], response["Cache-Control"] = mark, "no-store"
    return response


def _asked(request: HttpRequest, actor: Actor) -> tuple[queue.Queue, queue.Counts]:
    return queue.waiting(actor, asked_of(request), limit=shown_of(request)), queue.counts(actor)


def _drawn(request: HttpRequest, found: queue.Queue, counted: queue.Counts) -> dict[str, Any]:
    asked, shown = asked_of(request), shown_of(request)
    return {
        "rows": shapes.rows(found.rows, request),
        "more_url": shapes.query(request, shown=shown + MORE) if found.more and shown < queue.MOST else "",
        "cut": found.more and shown >= queue.MOST,
        "counts": shapes.counts(counted, asked.only, request),
        "points": shapes.points(found.rows),
        "asked": asked,
    }


@require_GET
def report_part(request: HttpRequest, report_id: UUID) -> HttpResponse:
    actor = desk_actor(request)
    if not by_script(request):
        return redirect(f"{reverse('reports:desk')}?report={report_id}")
    found = _waiting(actor, report_id)
    if found is None:
        raise NotFound
    return render(request, "reports/desk/_report.html", shapes.report(actor, found))


def _waiting(actor: Actor, report: UUID | None) -> Report | None:
    """One of the territory, whether it still waits or was just sent on by somebody else."""
    if report is None:
        return None
    rows = Report.objects.select_related("category", "industry", "wished_unit").filter(pk=report)
    found = rows.first()
    return found if found is not None and actor.covers(found.region) else None


@require_POST
def take(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """One step on the report that is looked at. To the script the answer is short: done, or why not."""
    actor = desk_actor(request)
    name = request.POST.get("step", "")
    if name not in STEPS:
        raise NotFound
    try:
        with transaction.atomic():
            data = _sent(request, name)
            taken = take_step(actor=actor, report=report_id, step=name, data=data, version=read_version(request))
    except Problem as problem:
        return _refused(request, report_id, problem)
    words = shapes.done_words(name, taken)
    if by_script(request):
        return JsonResponse({"words": words, "left": taken.state not in shapes.UNSENT})
    messages.success(request, words)
    return redirect("reports:desk")


def _refused(request: HttpRequest, report_id: UUID, problem: Problem) -> HttpResponse:
    words = reasons(problem)
    if by_script(request):
        return JsonResponse({"words": words, "code": problem.code}, status=problem.status)
    messages.error(request, words)
    return redirect(f"{reverse('reports:desk')}?report={report_id}")


def _sent(request: HttpRequest, name: str) -> dict[str, Any]:
    """What the forms of the desk send, as the step takes it; a unit is chosen with the way it was offered."""
    sent = request.POST
    if name == "dispatch":
        chosen = sent.get("candidate", "")
        unit, way, rule, confidence = [*chosen.split("|"), "", "", ""][:4] if chosen else ("", "", "", "")
        other = sent.get("unit", "")
        if other or not unit:
            unit, way, rule, confidence = other, "hand", "", ""
        if not read_id(unit):
            raise Invalid(fields={"unit": [_("Choose a unit.")]})
        found = {"unit": unit, "way": way or "hand", "rule": rule, "confidence": confidence}
        found |= {"category": sent.get("category", ""), "remark": sent.get("remark", "").strip()}
    elif name in ("screen", "edit_public"):
        found = {key: sent.get(key, "").strip() for key in ("public_words", "public_place")}
        found |= {"public": "on" if sent.get("public") else "off", "shown": sent.getlist("shown")}  # type: ignore[dict-item]
        if name == "screen":
            found["category"] = sent.get("category", "")
    else:
        found = {key: sent.get(key, "").strip() for key in ("of", "reason")}
    return {key: value for key, value in found.items() if value not in ("", [])}


def _too_many(request: HttpRequest) -> HttpResponse:
    words = _("At most %(n)s reports at once; nothing was sent.") % {"n": MOST_SENT}
    if by_script(request):
        return JsonResponse({"words": words, "code": "report.too_many"}, status=422)
    messages.error(request, words)
    return redirect("reports:desk")


@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Many at once: to one unit, or each to the one a rule or a sure suggestion names."""
    actor = desk_actor(request)
    ids = read_ids(request.POST.getlist("ids"))
    unit = request.POST.get("unit", "")
    if not ids:
        raise Invalid(_("Choose at least one report of the list."))
    if len(ids) > MOST_SENT:
        return _too_many(request)
    if unit != "proposed" and read_id(unit) is None:
        raise Invalid(fields={"unit": [_("Choose a unit.")]})
    found = send_many(actor=actor, reports=ids, unit=None if unit == "proposed" else read_id(unit))
    done = [one for one in found if not one.trouble]
    words = ngettext("%(n)s report sent.", "%(n)s reports sent.", len(done)) % {"n": len(done)}
    troubles = [{"id": str(one.id), "number": one.number, "words": one.trouble} for one in found if one.trouble]
    if by_script(request):
        return JsonResponse({"words": words, "done": len(done), "troubles": troubles})
    messages.success(request, words)
    for one in troubles[:10]:
        messages.error(request, f"{one['number']}: {one['words']}")
    return redirect("reports:desk")
