"""Closing the record and signing it: both show exactly what they are bound to."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anlan.identity.asking import reader_of
from anlan.inspections import needs
from anlan.inspections.actions.visit import take_step
from anlan.inspections.flow import VISIT
from anlan.inspections.forms import step_form
from anlan.inspections.items import items_of_visit
from anlan.inspections.models import Visit
from anlan.inspections.pages import shapes
from anlan.inspections.pages.common import url_of
from anlan.inspections.paper import Answered, Found, paper, photo_words
from anlan.inspections.queries import visits as queries
from anlan.inspections.rules import is_visited, is_visitor
from anlan.inspections.sheet import sheet
from anlan.inspections.steps.recording import given, missing, parties
from anlan.inspections.wording import PARTIES, party_words
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Conflict, Forbidden, Invalid
from anlan.kernel.flow.pages import attempt_step, check_offer, moved_on, moved_on_page, step_context
from anlan.kernel.forms import InputForm, Question, asked
from anlan.kernel.pages import form_page, read_version
from anlan.kernel.phrases import listed

NOBODY = ("", "", "")


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """The words are typed here, so the digest of the whole is made when they are sent; `shown` binds the rest."""
    actor = reader_of(request)
    visit = queries.visit(visit_id)
    declared = VISIT.step("record")
    check_offer(VISIT, declared, visit, actor)
    if request.method == "GET":
        return _closing(request, visit, step_form(declared, visit, actor))
    form = step_form(declared, visit, actor, request.POST)
    problem = attempt_step(form, lambda sent: _close(request, actor, visit, sent))
    if problem is None:
        messages.success(request, _("The record is closed. Both sides sign it now."))
        return redirect(url_of(visit))
    if moved_on(problem):
        return moved_on_page(request, problem, VISIT, visit, url_of(visit), read_version(request))
    return _closing(request, visit, form)


def _close(request: HttpRequest, actor: Actor, visit: Visit, sent: dict[str, Any]) -> None:
    sent.pop("digest", None)
    _unchanged(request, visit)
    _whole_or_meant(request, visit)
    try:
        take_step(actor=actor, visit=visit.pk, step="record", data=sent | {"digest": _digest(visit, sent)})
    except Invalid as wrong:
        raise _at_form(wrong, visit) from None


def _unchanged(request: HttpRequest, visit: Visit) -> None:
    if request.POST.get("shown", "") != _shown(visit):
        raise Conflict(
            _("The record changed since you saw it. Read it again before it is closed."), code="visit.sheet_changed"
        )


def _whole_or_meant(request: HttpRequest, visit: Visit) -> None:
    """A record may leave items out, for not all can be seen on every visit; but not by oversight."""
    answered = queries.answers_of(visit)
    left = sum(1 for item in items_of_visit(visit) if item.pk not in answered)
    if left and request.POST.get("partial") != "yes":
        reason = _("%(left)d items are not answered. Answer them, or tick that they were not looked at.") % {
            "left": left
        }
        raise Invalid(fields={"": [reason]})


def _shown(visit: Visit) -> str:
    """The digest of everything but the words that are typed on this page."""
    return sheet(visit, summary="", met=NOBODY).digest


def _digest(visit: Visit, data: dict[str, Any]) -> str:
    try:
        checked = needs.Record.model_validate(data | {"digest": "0" * 64})
    except ValueError:
        return "0" * 64  # the step says what is wrong
    met = (checked.met_name, checked.met_title, checked.met_phone)
    return sheet(visit, summary=checked.summary, met=met, left=checked.left_at).digest


def _at_form(wrong: Invalid, visit: Visit) -> Invalid:
    """What a hazard's registration refused is said with the finding's place, above the form."""
    places = {str(one.pk): one.place for one in queries.findings_of(visit)}
    fields: dict[str, list[Any]] = {}
    for path, reasons in wrong.fields.items():
        head, _dot, rest = path.partition(".")
        if head == "findings" and rest:
            place = places.get(rest.split(".")[0], "")
            fields.setdefault("", []).extend(f"{place}：{reason}" for reason in reasons)
        else:
            fields[path] = reasons
    return Invalid(wrong.message, fields=fields, **wrong.params)


def _closing(request: HttpRequest, visit: Visit, form: InputForm) -> HttpResponse:
    form.fields.pop("digest", None)
    found = queries.findings_of(visit)
    pictures = shapes.photos_of(visit)
    context = step_context(request, VISIT.step("record"), visit, danger=False) | {
        "version": visit.version,
        "shown": _shown(visit),
        "back_url": url_of(visit),
        "draft": f"visit-{visit.pk}-record",
        "checklist": shapes.checklist(visit, queries.answers_of(visit), found, pictures),
        "findings": [one for one in shapes.findings(found, pictures) if not one["withdrawn"]],
        "measures": shapes.measures(queries.on_site_of(visit)),
    }
    return form_page(request, form, "inspections/close.html", **context)


@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """One signature at a time, under the record as it stands; the device may go round."""
    actor = reader_of(request)
    visit = queries.visit(visit_id)
    declared = VISIT.step("sign")
    check_offer(VISIT, declared, visit, actor)
    form = _sign_form(actor, visit, request.POST if request.method == "POST" else None, request.GET)
    if request.method == "POST":
        problem = attempt_step(
            form,
            lambda sent: take_step(actor=actor, visit=visit.pk, step="sign", data=sent),
            also=(Forbidden,),
        )
        if problem is None:
            messages.success(request, _("Signed."))
            return redirect(url_of(visit))
        if moved_on(problem):
            return moved_on_page(request, problem, VISIT, visit, url_of(visit), read_version(request))
    return _signing(request, visit, form)


def _sign_form(actor: Actor, visit: Visit, data: Any, asked_for: Any) -> InputForm:
    visitor = bool(is_visitor(actor, visit))
    left = missing(visit)
    choices = (
        [one for one in PARTIES if one[0] == "witness" or left.get(one[0])]
        if visitor
        else [("enterprise", party_words("enterprise"))]
    )
    party = str(asked_for.get("party") or next(iter(left), ""))
    name, member = str(asked_for.get("name", ""))[:60], str(asked_for.get("member", ""))
    if not visitor and is_visited(actor, visit):
        party, name, member = "enterprise", actor.name, ""
    if party == "officer" and not name and actor.person not in {one.person_id for one in given(visit)}:
        name = next((one.name for one in parties(visit).get(party, []) if one.person == actor.person), "")
    names = [one.name for people in parties(visit).values() for one in people]

    def signer(question: Question) -> forms.Field:
        return asked(question, forms.TextInput({"maxlength": "60", "list": "signers", "autocomplete": "off"}))

    form = InputForm(
        needs.Sign,
        data,
        initial={
            "party": party,
            "name": name,
            "member": member,
            "digest": visit.record_digest,
            "title": visit.met_title if party == "enterprise" and visitor else "",
        },
        makers={"name": signer},
        options={"party": choices},
        leave_out=("photos",),
    )
    form.names = names  # type: ignore[attr-defined]
    return form


def _signing(request: HttpRequest, visit: Visit, form: InputForm) -> HttpResponse:
    signed = paper(visit)
    context = step_context(request, VISIT.step("sign"), visit, danger=False) | {
        "visit": visit,
        "version": visit.version,
        "back_url": url_of(visit),
        "paper": signed,
        "officers": listed(signed.officers),
        "answered": sum(1 for one in signed.answers if one.value),
        "answers": _pictured(visit, signed.answers),
        "findings": _pictured(visit, signed.findings),
    }
    return form_page(request, form, "inspections/sign.html", **context)


def _pictured(visit: Visit, rows: Sequence[Answered | Found]) -> list[dict[str, Any]]:
    """Each with the pictures its digests name and the digests themselves, in words."""
    pictures = shapes.pictures_of(visit)
    return [
        {
            "said": one,
            "pictures": [pictures[digest] for digest in one.photos if digest in pictures],
            "digests": photo_words(one.photos),
        }
        for one in rows
    ]
