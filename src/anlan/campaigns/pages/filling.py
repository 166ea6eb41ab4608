"""Filling a return in: saved as one types, with what is wrong at the field; and handing it in."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from pydantic import ValidationError

from anlan.campaigns import actions, rules
from anlan.campaigns.models import Return
from anlan.campaigns.pages import filling_shapes as shapes
from anlan.campaigns.pages.common import asker, due_view, state_view, title_of, url_of
from anlan.campaigns.pages.typed import Typing, payload_of, sort_out
from anlan.campaigns.queries import filling
from anlan.campaigns.queries.standing import marked_panels
from anlan.campaigns.states import WRITING
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Conflict, Forbidden, Invalid, Problem

TURNS = 3
"""How often a save that somebody else overtook is sorted out anew."""


def _mine(request: HttpRequest, return_id: UUID) -> tuple[Actor, Return]:
    actor = asker(request)
    record = filling.one(return_id)
    if not rules.is_filler(actor, record):
        raise Forbidden(_("Only the unit itself writes its return."), code="flow.not_yours")
    return actor, record


@require_http_methods(["GET", "POST"])
def fill(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """The page, and what it sends where no script saves: every box at once."""
    actor, record = _mine(request, return_id)
    if record.state not in WRITING:
        return redirect(url_of(record))
    if request.method == "POST":
        typed = {name: str(words) for name, words in request.POST.items()}
        typed |= {f"n:{one}": "" for one in record.values["nothing"] if f"n:{one}" not in typed}
        actions.save(actor=actor, record=record.pk, data=payload_of(typed) | {"way": "page"})
        messages.success(request, _("Saved."))
        return redirect("campaigns:fill", return_id)
    sheet = filling.sheet(record)
    context = {
        "title": title_of(record),
        "crumbs": [
            {"label": _("My returns"), "url": reverse("campaigns:mine")},
            {"label": record.number, "url": url_of(record)},
            {"label": _("Fill in")},
        ],
        "record": record,
        "url": url_of(record),
        "state": state_view(record),
        "due": due_view(record),
        "sections": [shapes.section(sheet, one) for one in sheet.sections],
        "stopping": shapes.summary(sheet),
        "answer": shapes.answer(sheet, values=True),
        "say": shapes.script_words(),
        "counted": shapes.counted_blank(sheet),
        "returned": record.reason if record.sent_back and record.state in ("returned", "draft") else "",
        "marked": shapes.labels(sheet, marked_panels(record)),
    }
    return render(request, "campaigns/fill.html", context)


@require_POST
def save(request: HttpRequest, return_id: UUID) -> JsonResponse:
    """Some boxes, as the script sends them; the answer is what is wrong now, and what others wrote meanwhile."""
    try:
        actor, record = _mine(request, return_id)
        try:
            typing = Typing.model_validate_json(request.body)
        except ValidationError:
            raise Invalid(_("This page is out of date. Open it anew.")) from None
        record, clashes, moved = _kept(actor, record, typing)
    except Problem as problem:
        return _refused(problem)
    return _answered(record, values=moved or bool(clashes), clashes=clashes)


def _kept(actor: Actor, record: Return, typing: Typing) -> tuple[Return, list[str], bool]:
    """Whoever is overtaken between reading and writing looks again."""
    for turn in range(TURNS):
        found = sort_out(record, typing.changes)
        moved = record.version != typing.seen
        if found.empty:
            return record, found.clashes, moved
        try:
            data = found.payload | {"way": "page"}
            saved = actions.save(actor=actor, record=record.pk, data=data, version=record.version)
        except Conflict as conflict:
            record = filling.one(record.pk)
            if turn == TURNS - 1 or record.state not in WRITING:
                raise conflict from None
        else:
            saved.unit, saved.reviewer, saved.campaign = record.unit, record.reviewer, record.campaign
            return saved, found.clashes, moved
    raise Conflict


@require_GET
def standing(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """What stands there now, for a page that was open a while; 204 when nobody wrote since."""
    try:
        _actor, record = _mine(request, return_id)
    except Problem as problem:
        return _refused(problem)
    if request.GET.get("seen") == str(record.version):
        return HttpResponse(status=204)
    return _answered(record, values=True)


def _answered(record: Return, *, values: bool, clashes: list[str] | None = None) -> JsonResponse:
    answer = shapes.answer(filling.sheet(record), values=values, clashes=clashes or [])
    return JsonResponse(answer, headers={"Cache-Control": "no-store"})


def _refused(problem: Problem) -> JsonResponse:
    reasons = [str(one) for some in problem.fields.values() for one in some]
    words = " ".join(reasons) or str(problem.detail)
    return JsonResponse({"words": words, "code": problem.code}, status=problem.status)


@require_POST
def hand_in(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """What a check stops comes back to the filling page with its reasons; it is a fact then that it bounced."""
    actor, record = _mine(request, return_id)
    judged = actions.hand_in(actor=actor, record=record.pk)
    if judged.state == "bounced":
        messages.error(request, _("The checks bounced it. What must be mended stands at the fields."))
        return redirect("campaigns:fill", return_id)
    messages.success(request, _("Handed in. All checks passed; it waits for the review now."))
    return redirect(url_of(record))
