"""Closing the record and signing it: both show exactly what they are bound to."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anlan.inspections import needs
from anlan.inspections.actions.visit import take_step
from anlan.inspections.flow import VISIT
from anlan.inspections.forms import step_form
from anlan.inspections.models import Visit
from anlan.inspections.pages import shapes
from anlan.inspections.pages.common import actor_of, form_page, url_of
from anlan.inspections.pages.steps import MOVED_ON, check_offer, moved_on, read_version
from anlan.inspections.queries import visits as queries
from anlan.inspections.rules import is_visited, is_visitor
from anlan.inspections.sheet import sheet
from anlan.inspections.steps.recording import missing, parties
from anlan.inspections.wording import PARTIES, party_words
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Conflict, Forbidden, Invalid
from anlan.kernel.forms import InputForm, Question, asked
from anlan.kernel.refusals import Refused

NOBODY = ("", "", "")


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """The words are typed here, so the digest of the whole is made when they are sent; `shown` binds the rest."""
    actor = actor_of(request)
    visit = queries.visit(visit_id)
    declared = VISIT.step("record")
    check_offer(declared, visit, actor)
    if request.method == "GET":
        return _closing(request, visit, step_form(declared, visit, actor))
    form = step_form(declared, visit, actor, request.POST)
    try:
        data = form.payload()
        data.pop("digest", None)
        _unchanged(request, visit)
        digest = _digest(visit, data)
        take_step(actor=actor, visit=visit.pk, step="record", data=data | {"digest": digest})
    except (Invalid, Refused) as wrong:
        form.refuse(_at_form(wrong, visit) if isinstance(wrong, Invalid) else wrong)
        return _closing(request, visit, form)
    except Conflict as conflict:
        if conflict.code in MOVED_ON:
            return moved_on(request, conflict, visit, read_version(request))
        form.refuse(conflict)
        return _closing(request, visit, form)
    messages.success(request, _("The record is closed. Both sides sign it now."))
    return redirect(url_of(visit))


def _unchanged(request: HttpRequest, visit: Visit) -> None:
    if request.POST.get("shown", "") != _shown(visit):
        raise Conflict(
            _("The record changed since you saw it. Read it again before it is closed."), code="visit.sheet_changed"
        )


def _shown(visit: Visit) -> str:
    """The digest of everything but the words that are typed on this page."""
    return sheet(visit, summary="", met=NOBODY).digest


def _digest(visit: Visit, data: dict[str, Any]) -> str:
    try:
        checked = needs.Record.model_validate(data | {"digest": "0" * 64})
    except ValueError:
        return "0" * 64  # the step says what is wrong
    return sheet(visit, summary=checked.summary, met=(checked.met_name, checked.met_title, checked.met_phone)).digest


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
    context = {
        "title": f"{VISIT.step('record').label} · {visit.number}",
        "form": form,
        "shown": _shown(visit),
        "version": visit.version,
        "submit_label": VISIT.step("record").label,
        "back_url": url_of(visit),
        "consequences": [str(VISIT.step("record").consequence)],
        "basis": VISIT.step("record").basis,
        "draft": f"visit-{visit.pk}-record",
        "checklist": shapes.checklist(visit, queries.answers_of(visit), found, pictures),
        "findings": [one for one in shapes.findings(found, pictures) if not one["withdrawn"]],
        "measures": shapes.measures(queries.on_site_of(visit)),
    }
    return form_page(request, "inspections/close.html", context)


@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """One signature at a time, under the record as it stands; the device may go round."""
    actor = actor_of(request)
    visit = queries.visit(visit_id)
    declared = VISIT.step("sign")
    check_offer(declared, visit, actor)
    form = _sign_form(actor, visit, request.POST if request.method == "POST" else None, request.GET)
    if request.method == "POST":
        try:
            take_step(actor=actor, visit=visit.pk, step="sign", data=form.payload())
        except (Invalid, Refused, Forbidden) as wrong:
            form.refuse(wrong)
        except Conflict as conflict:
            if conflict.code in MOVED_ON:
                return moved_on(request, conflict, visit, read_version(request))
            form.refuse(conflict)
        else:
            messages.success(request, _("Signed."))
            return redirect(url_of(visit))
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
    found = queries.findings_of(visit)
    pictures = shapes.photos_of(visit)
    enterprise = queries.enterprises_of([visit])[visit.enterprise_id]
    context = {
        "title": f"{VISIT.step('sign').label} · {visit.number}",
        "form": form,
        "visit": visit,
        "version": visit.version,
        "submit_label": VISIT.step("sign").label,
        "back_url": url_of(visit),
        "basis": VISIT.step("sign").basis,
        "consequence": str(VISIT.step("sign").consequence),
        "enterprise": enterprise,
        "checklist": shapes.checklist(visit, queries.answers_of(visit), found, pictures),
        "findings": [one for one in shapes.findings(found, pictures) if not one["withdrawn"]],
        "measures": shapes.measures(queries.on_site_of(visit)),
        "members": shapes.members(visit),
    }
    return form_page(request, "inspections/sign.html", context)
