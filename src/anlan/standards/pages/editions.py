"""One edition: where it stands, its items in groups, its steps, its files."""

from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anlan.identity import roles
from anlan.identity.asking import reader_of
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Conflict, Forbidden, Invalid
from anlan.kernel.flow.offers import offers
from anlan.kernel.flow.pages import attempt_step, buttons, check_offer, step_context, step_of
from anlan.kernel.forms import InputForm
from anlan.kernel.ledger.read import Act, acts
from anlan.kernel.pages import download, form_page, read_version
from anlan.kernel.timeline import arrivals, entry, step_words, who, whose
from anlan.registry.queries import industry_names
from anlan.standards import actions, rules, workbook
from anlan.standards.categories import category_name
from anlan.standards.flow import EDITION
from anlan.standards.forms import item_form, step_form
from anlan.standards.models import Edition, Item
from anlan.standards.pages.checklists import facts as list_facts
from anlan.standards.pages.common import official_of, seen
from anlan.standards.queries import editions as queries
from anlan.standards.queries import items_of
from anlan.standards.rules import citation, law_citation
from anlan.standards.wording import EVIDENCE, applies_words, edition_words, named, state_view
from anlan.standards.xlsform import xlsform

ROAD = ("draft", "reviewed", "published")
DANGER = frozenset({"withdraw"})


@require_GET
def edition(request: HttpRequest, edition_id: UUID) -> HttpResponse:
    actor = reader_of(request)
    record = seen(actor, queries.edition(edition_id))
    history = acts(record.pk) if actor.role in roles.OFFICIALS else []
    base = reverse("standards:edition", args=[record.pk])
    found = offers(EDITION, record, actor) if actor.role in roles.OFFICIALS else []
    main, more = buttons(found, base, danger=DANGER)
    context = {
        "crumbs": [
            {"label": _("Checklists"), "url": reverse("standards:checklists")},
            {"label": named(record.checklist), "url": reverse("standards:checklist", args=[record.checklist_id])},
            {"label": edition_words(record)},
        ],
        "record": {
            "number": f"{record.checklist.code}-{record.number}",
            "title": f"{named(record.checklist)} · {edition_words(record)}",
            "url": base,
            "state": state_view(record),
        },
        "edition": record,
        "stepper_steps": _stepper(record, history),
        "steps": main,
        "more_steps": more,
        "facts": _facts(record),
        "entries": _timeline(history),
        **items_context(record, actor),
    }
    return render(request, "standards/edition.html", context)


def items_context(record: Edition, actor: Actor) -> dict[str, Any]:
    items = list(items_of([record]))
    fields = industry_names()
    views = [_item_view(item, fields, first=n == 0, last=n == len(items) - 1) for n, item in enumerate(items)]
    return {
        "edition": record,
        "groups_of_items": [
            {"label": group, "items": list(members)} for group, members in groupby(views, key=lambda one: one["group"])
        ],
        "count": len(items),
        "may_write": record.state == "draft" and rules.keeps(actor, record.checklist),
    }


def _item_view(item: Item, fields: dict[str, str], *, first: bool, last: bool) -> dict[str, Any]:
    return {
        "id": item.pk,
        "code": item.code,
        "group": item.group,
        "text": named(item),
        "method": item.method,
        "evidence": EVIDENCE[item.evidence_asked] if item.evidence_asked != "none" else "",
        "weight": item.weight,
        "basis": law_citation(item.law_clause) if item.law_clause else item.basis,
        "major": citation(item.major_clause) if item.major_clause else "",
        "category": category_name(item.category) if item.category else "",
        "applies": applies_words(item.applies, fields),
        "first": first,
        "last": last,
    }


def _stepper(record: Edition, history: list[Act]) -> list[dict[str, Any]]:
    arrived = arrivals(history)
    road = [*ROAD, record.state] if record.state not in ROAD else list(ROAD)
    here = road.index(record.state)
    final = record.state in ("published", "replaced", "withdrawn")
    steps = []
    for number, code in enumerate(road):
        status = "done" if number < here or (number == here and final) else "current" if number == here else "waiting"
        one: dict[str, Any] = {"label": EDITION.state(code).label, "status": status}
        if status == "current":
            one["who"] = _("Waits for %(who)s") % {"who": EDITION.state(code).waits_for}
        elif act := arrived.get(code):
            one |= {"who": who(act), "at": act.at}
        steps.append(one if code in arrived or number >= here else one | {"status": "skipped"})
    return steps


def _facts(record: Edition) -> list[dict[str, Any]]:
    day = "components/cells/date.html"
    return [
        *list_facts(record.checklist),
        {"label": _("In force from"), "value": record.in_force_from, "template": day},
        {"label": _("In force until"), "value": record.in_force_to, "template": day},
        {"label": _("Written by"), "value": whose(record.author_name, record.author_id)},
        {"label": _("Reviewed by"), "value": whose(record.reviewer_name, record.reviewer_id)},
        {"label": _("What changed and why"), "value": record.note, "wide": True},
        {"label": _("Digest of the items"), "value": record.digest, "wide": True},
    ]


def _timeline(history: list[Act]) -> list[dict[str, Any]]:
    return [entry(act, what=step_words(EDITION, act.step), note=_note(act)) for act in reversed(history)]


def _note(act: Act) -> str:
    return " ".join(str(act.data[name]) for name in ("item_code", "reason", "note") if act.data.get(name))


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, edition_id: UUID, name: str) -> HttpResponse:
    actor = official_of(request)
    record = queries.edition(edition_id)
    declared = step_of(EDITION, name)
    form = step_form(declared, request.POST if request.method == "POST" else None)
    if request.method == "GET":
        check_offer(EDITION, declared, record, actor)
    else:
        version = read_version(request)
        taken = attempt_step(
            form,
            lambda sent: actions.take_step(actor=actor, edition=record.pk, step=name, data=sent, version=version),
        )
        if taken is None:
            messages.success(request, _("Done: %(step)s.") % {"step": declared.label})
            return redirect("standards:edition", edition_id)
    context = step_context(request, declared, record, danger=name in DANGER) | {
        "title": f"{declared.label} · {named(record.checklist)}",
        "back_url": reverse("standards:edition", args=[record.pk]),
    }
    return form_page(request, form, "step.html", **context)


def _writable(actor: Actor, edition_id: UUID) -> Edition:
    record = queries.edition(edition_id)
    if not rules.keeps(actor, record.checklist):
        raise Forbidden
    return record


@require_http_methods(["GET", "POST"])
def add_item(request: HttpRequest, edition_id: UUID) -> HttpResponse:
    actor = official_of(request)
    record = _writable(actor, edition_id)
    form = item_form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        return _written(request, form, record, lambda data: actions.add_item(actor=actor, edition=record.pk, data=data))
    return _item_page(request, form, record, _("Add an item"))


@require_http_methods(["GET", "POST"])
def edit_item(request: HttpRequest, item_id: UUID) -> HttpResponse:
    actor = official_of(request)
    item = queries.item(item_id)
    record = _writable(actor, item.edition_id)
    form = item_form(request.POST if request.method == "POST" else None, item=item)
    if request.method == "POST":
        return _written(
            request, form, record,
            lambda data: actions.edit_item(actor=actor, edition=record.pk, item=item_id, data=data),
        )  # fmt: skip
    return _item_page(request, form, record, _("Change item %(code)s") % {"code": item.code})


def _written(request: HttpRequest, form: InputForm, record: Edition, verb: Any) -> HttpResponse:
    try:
        verb(form.payload())
    except (Invalid, Conflict) as wrong:
        form.refuse(wrong)
        return _item_page(request, form, record, _("Item"))
    messages.success(request, _("The item is saved."))
    return redirect("standards:edition", record.pk)


def _item_page(request: HttpRequest, form: InputForm, record: Edition, title: str) -> HttpResponse:
    return form_page(request, form, title=title, columns=2, back_url=reverse("standards:edition", args=[record.pk]))


@require_POST
def move_item(request: HttpRequest, item_id: UUID, way: str) -> HttpResponse:
    """One place up or down; the table alone comes back to a page that asked for it."""
    actor = official_of(request)
    item = queries.item(item_id)
    if way == "remove":
        actions.remove_item(actor=actor, edition=item.edition_id, item=item_id)
    else:
        actions.move_item(actor=actor, edition=item.edition_id, item=item_id, up=way == "up")
    if request.headers.get("HX-Request") == "true":
        return render(request, "standards/_items.html", items_context(queries.edition(item.edition_id), actor))
    return redirect("standards:edition", item.edition_id)


@require_GET
def export(request: HttpRequest, edition_id: UUID) -> HttpResponseBase:
    """The edition in the columns of the import, so that it reads back."""
    record = seen(reader_of(request), queries.edition(edition_id))
    return download(workbook.export(record), f"{record.checklist.code}-{record.number}.xlsx")


@require_GET
def odk(request: HttpRequest, edition_id: UUID) -> HttpResponseBase:
    record = seen(reader_of(request), queries.edition(edition_id))
    return download(xlsform(record), f"{record.checklist.code}-{record.number}-xlsform.xlsx")
