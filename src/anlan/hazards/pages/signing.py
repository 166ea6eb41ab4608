"""The signing screen: the sheet exactly as it is bound, the pad, and on to the next."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anlan.hazards import actions
from anlan.hazards.flow import HAZARD
from anlan.hazards.forms import step_form
from anlan.hazards.models import Hazard
from anlan.hazards.pages import shapes
from anlan.hazards.pages.common import url_of
from anlan.hazards.queries import detail
from anlan.hazards.rules import signer_of
from anlan.hazards.sheet import Sheet, sheet
from anlan.hazards.wording import change_words, due_view, signer_words, state_view
from anlan.identity import roles
from anlan.identity.asking import reader_of
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Forbidden
from anlan.kernel.flow.pages import attempt_step, moved_on, moved_on_page
from anlan.kernel.pages import form_page, read_version


@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, hazard_id: UUID) -> HttpResponse:
    actor = reader_of(request)
    hazard = detail.hazard(hazard_id)
    as_whom = signer_of(actor, hazard) if hazard.state == "dispatched" else None
    if as_whom is None and request.method == "GET":
        raise Forbidden(_("This hazard does not wait for your signature."), code="flow.not_yours")
    declared = HAZARD.step("sign")
    form = step_form(declared, hazard, actor, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        version = read_version(request)
        problem = attempt_step(
            form,
            lambda sent: actions.take_step(actor=actor, hazard=hazard.pk, step="sign", data=sent, version=version),
        )
        if problem is None:
            return _onward(request, actor, hazard)
        if moved_on(problem):
            return moved_on_page(request, problem, HAZARD, hazard, url_of(hazard), version)
    present = sheet(hazard)
    context = {
        "title": _("Sign %(number)s") % {"number": hazard.number},
        "hazard": hazard,
        "record_url": url_of(hazard),
        "refuse_url": reverse("hazards:step", args=[hazard.pk, "refuse"]),
        "as_whom": signer_words(as_whom) if as_whom else "",
        "facts": facts(hazard, present),
        "photos": [shapes.photo(one.file, official=actor.role in roles.OFFICIALS) for one in detail.photos(hazard) if one.phase == "before"],
        "state": state_view(hazard),
        "due": due_view(hazard),
        "digest": present.digest,
        "digest_short": " ".join(present.digest[at : at + 4] for at in range(0, 16, 4)),
        "version": hazard.version,
        "waiting": detail.count_to_sign(actor),
        "consequence": str(declared.consequence),
    }  # fmt: skip
    return form_page(request, form, "hazards/sign.html", **context)


def facts(hazard: Hazard, present: Sheet) -> list[dict[str, Any]]:
    """The sheet's facts, all of them and nothing else, as people read them; photos are shown beside."""
    found = []
    for key, value in present.facts.items():
        if key == "photos":
            continue
        if key == "responsible":
            words = f"{value['name']} ({value['uscc']})" if value else "–"
        elif key == "round":
            words = str(value)
        else:
            words = change_words(key, value, {})
        found.append(
            {
                "label": _("Round") if key == "round" else shapes.fact_words(key),
                "value": words,
                "wide": key in ("description", "basis"),
            }
        )
    return found


def _onward(request: HttpRequest, actor: Actor, hazard: Hazard) -> HttpResponse:
    following = detail.next_to_sign(actor, after=hazard.pk)
    if following is None:
        messages.success(
            request, _("Signed: %(number)s. Nothing else waits for your signature.") % {"number": hazard.number}
        )
        return redirect(url_of(hazard))
    messages.success(request, _("Signed: %(number)s. This is the next one.") % {"number": hazard.number})
    return redirect("hazards:sign", following.pk)


@require_GET
def next_one(request: HttpRequest) -> HttpResponse:
    """The first hazard that waits for my signature."""
    actor = reader_of(request)
    found = detail.next_to_sign(actor)
    if found is None:
        messages.info(request, _("Nothing waits for your signature."))
        return redirect(f"{reverse('hazards:list')}?mine=1")
    return redirect("hazards:sign", found.pk)
