"""A bulletin's page: read by those concerned, written section by section while it is a draft."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anlan.bulletins import actions, queries, rules, writing
from anlan.bulletins.figures.declared import catalogue
from anlan.bulletins.flow import BULLETIN
from anlan.bulletins.models import Bulletin
from anlan.bulletins.pages.common import (
    asker,
    crumbs,
    figure_url,
    months_words,
    name_of,
    pieces_of,
    state_view,
    url_of,
)
from anlan.bulletins.queries import FigureView
from anlan.bulletins.states import OUT
from anlan.kernel.actor import Actor
from anlan.kernel.flow import Step
from anlan.kernel.flow.offers import offers
from anlan.kernel.flow.pages import attempt_step, buttons, check_offer, moved_on, moved_on_page, step_context, step_of
from anlan.kernel.forms import InputForm
from anlan.kernel.ledger.read import Act, acts
from anlan.kernel.pages import form_page, read_version
from anlan.kernel.phrases import in_tongue, moment_words
from anlan.kernel.timeline import arrivals, entry, headline, state_words, who

DANGER = frozenset({"discard", "send_back"})
OWN = frozenset({"write", "state_figure", "remark"})
"""Steps that are taken at their place in the page."""
ROAD = ("drafted", "reviewed", "approved", "issued")


@require_GET
def record(request: HttpRequest, bulletin_id: UUID) -> HttpResponse:
    actor = asker(request)
    bulletin = queries.bulletin(bulletin_id)
    history = acts(bulletin.pk)
    main, more = buttons(offers(BULLETIN, bulletin, actor), url_of(bulletin), danger=DANGER)
    inside = bool(rules.sends_back(actor, bulletin))
    views = queries.figure_views(bulletin)
    context = {
        "crumbs": crumbs({"label": name_of(bulletin)}),
        "record": {
            "number": name_of(bulletin),
            "title": bulletin.title,
            "url": url_of(bulletin),
            "state": state_view(bulletin),
        },
        "bulletin": bulletin,
        "stepper_steps": _stepper(bulletin, history),
        "steps": main if inside else [],
        "more_steps": [one for one in more if one["name"] not in OWN],
        "facts": _facts(bulletin),
        "writes": bulletin.state == "drafted" and bool(rules.is_office(actor, bulletin)),
        "remarks_open": bulletin.state in ("drafted", "reviewed") and inside,
        "sections": _sections(bulletin, views, inside=inside),
        "changed": _changed(bulletin),
        "figures": [_figure(bulletin, one) for one in views],
        "chips": {one.figure.code: _chip(bulletin, one) for one in views},
        "figure_list_url": reverse("bulletins:figures", args=[bulletin.pk]),
        "entries": [_entry(act) for act in reversed(history)] if inside else [],
        "pdf_url": reverse("bulletins:paper", args=[bulletin.pk, "pdf"]),
        "docx_url": reverse("bulletins:paper", args=[bulletin.pk, "docx"]),
        "write_url": f"{url_of(bulletin)}write/",
    }
    return render(request, "bulletins/record.html", context)


def _stepper(bulletin: Bulletin, history: list[Act]) -> list[dict[str, Any]]:
    arrived = arrivals(history)
    road = list(ROAD) if bulletin.state in ROAD else [*ROAD, "withdrawn"]
    if bulletin.state == "discarded":
        road = ["drafted", "discarded"]
    here = road.index(bulletin.state)
    found = []
    for place, code in enumerate(road):
        over = place == here and bulletin.state in (*OUT, "discarded")
        status = "done" if place < here or over else "current" if place == here else "waiting"
        one: dict[str, Any] = {"label": state_words(BULLETIN, code), "status": status}
        if status == "current":
            one["who"] = _("Waits for %(who)s") % {"who": BULLETIN.state(code).waits_for}
        elif act := arrived.get(code) if status == "done" else None:
            one |= {"who": who(act), "at": act.at}
        found.append(one)
    return found


def _facts(bulletin: Bulletin) -> list[dict[str, Any]]:
    shown: list[tuple[str, str, bool, str]] = [
        (_("Campaign"), in_tongue(bulletin.campaign), False, ""),
        (_("Months told of"), months_words(bulletin), False, ""),
        (_("Addressees"), bulletin.addressees, True, ""),
        (_("Organ that issues it"), bulletin.organ, False, ""),
        (_("Issued on"), bulletin.issued_on.isoformat() if bulletin.issued_on else "", False, ""),
        (_("Approved by"), bulletin.approver_name, False, ""),
        (_("Figures counted up to"), moment_words(bulletin.counted_at), False, ""),
        (
            _("Withdraws the bulletin"),
            bulletin.withdraws.number if bulletin.withdraws else "",
            False,
            url_of(bulletin.withdraws) if bulletin.withdraws else "",
        ),
        *((_("Withdrawn by"), one.number, False, url_of(one)) for one in bulletin.withdrawn_by.filter(state__in=OUT)),
        (_("Sent back because"), bulletin.reason if bulletin.state == "drafted" else "", True, ""),
    ]
    return [{"label": label, "value": value, "wide": wide, "url": url} for label, value, wide, url in shown if value]


def _sections(bulletin: Bulletin, views: list[FigureView], *, inside: bool) -> list[dict[str, Any]]:
    by_code = {one.figure.code: one for one in views}
    tables = queries.tables(bulletin)
    remarks = queries.remarks(bulletin) if inside else []
    return [
        {
            "code": section["code"],
            "title": section["title"],
            "attached": section["attached"],
            "version": section["version"],
            "lines": writing.lines_of(section),
            "editable": all(block["kind"] != "table" for block in section["blocks"]),
            "blocks": [_block(bulletin, block, by_code, tables) for block in section["blocks"]],
            "remarks": [_remark(one) for one in remarks if one.section == section["code"]],
            "versions_url": reverse("bulletins:section", args=[bulletin.pk, section["code"]]),
            "remark_url": f"{url_of(bulletin)}steps/remark/?section={section['code']}",
        }
        for section in bulletin.content
        if section["blocks"] or bulletin.state == "drafted"
    ]


def _block(
    bulletin: Bulletin, block: dict[str, str], views: dict[str, FigureView], tables: dict[str, Any]
) -> dict[str, Any]:
    if block["kind"] == "table":
        return {"kind": "table", "table": tables[block["table"]]}
    return {"kind": block["kind"], "pieces": pieces_of(bulletin, block["text"], views)}


def _remark(one: Any) -> dict[str, Any]:
    answer = getattr(one, "settled_by", None)
    return {
        "name": one.name,
        "at": one.at,
        "text": one.text,
        "answer": {"name": answer.name, "at": answer.at, "text": answer.text} if answer else None,
        "answer_url": f"{url_of(one.of_id)}steps/remark/?section={one.section}&settles={one.pk}",
    }


def _changed(bulletin: Bulletin) -> list[dict[str, str]]:
    known = catalogue().by_code
    return [
        one | {"label": known[one["figure"]].label, "url": figure_url(bulletin, one["figure"])}
        for one in bulletin.changed
        if one["figure"] in known
    ]


def _figure(bulletin: Bulletin, view: FigureView) -> dict[str, Any]:
    return {
        "code": view.figure.code,
        "label": view.figure.label,
        "words": view.words,
        "computed": view.computed,
        "before": view.before,
        "year_ago": view.year_ago,
        "named": view.named,
        "typed": view.typed,
        "url": figure_url(bulletin, view.figure.code),
    }


def _chip(bulletin: Bulletin, view: FigureView) -> dict[str, Any]:
    return {
        "words": view.words,
        "label": view.figure.label,
        "typed": view.typed is not None,
        "url": figure_url(bulletin, view.figure.code),
    }


def _entry(act: Act) -> dict[str, Any]:
    note = str(act.data.get("reason") or act.data.get("remark") or act.data.get("title") or "")
    return entry(act, what=headline(BULLETIN, act), note=note, changes=[])


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, bulletin_id: UUID, name: str) -> HttpResponse:
    actor = asker(request)
    bulletin = queries.bulletin(bulletin_id)
    declared = step_of(BULLETIN, name)
    if name == "write":  # its page is the section's
        return redirect(url_of(bulletin))
    if request.method == "POST":
        return _take(request, actor, bulletin, declared)
    check_offer(BULLETIN, declared, bulletin, actor)
    return _page(request, bulletin, declared, _form(actor, bulletin, declared, asked=request.GET))


def _form(actor: Actor, bulletin: Bulletin, declared: Step, data: Any = None, asked: Any = None) -> InputForm:
    initial: dict[str, Any] = {}
    if declared.name == "retitle":
        initial = {"title": bulletin.title, "addressees": bulletin.addressees}
    elif declared.name in ("state_figure", "remark") and asked is not None:
        initial = {name: asked[name] for name in ("figure", "section", "settles") if name in asked}
        if typed := bulletin.typed.get(initial.get("figure", "")):
            initial |= {"text": typed["text"], "reason": typed["reason"]}
    options: dict[str, list[tuple[Any, Any]]] = {
        "section": [(section["code"], section["title"]) for section in bulletin.content],
    }
    if declared.name == "review":
        options["signer"] = [("", _("anybody of the office")), *queries.signer_options(bulletin, actor)]
    return InputForm(declared.needs, data, initial=initial, options=options)


def _page(request: HttpRequest, bulletin: Bulletin, declared: Step, form: InputForm) -> HttpResponse:
    context = step_context(request, declared, Named(bulletin), danger=declared.name in DANGER) | {
        "back_url": url_of(bulletin)
    }
    if declared.name == "remark":  # many write remarks at the same time; none of them contradicts another
        context["version"] = ""
    return form_page(request, form, "step.html", **context)


class Named:
    """A record by the name people call it by; a draft has no number yet."""

    def __init__(self, bulletin: Bulletin) -> None:
        self.number, self.version = name_of(bulletin), bulletin.version


def _take(request: HttpRequest, actor: Actor, bulletin: Bulletin, declared: Step) -> HttpResponse:
    form = _form(actor, bulletin, declared, request.POST)
    version = read_version(request)
    problem = attempt_step(
        form,
        lambda sent: actions.take_step(
            actor=actor, bulletin=bulletin.pk, step=declared.name, data=sent, version=version
        ),
    )
    if problem is None:
        messages.success(request, _("Done: %(step)s.") % {"step": declared.label})
        return redirect(url_of(bulletin))
    if moved_on(problem):
        return moved_on_page(request, problem, BULLETIN, bulletin, url_of(bulletin), version)
    return _page(request, bulletin, declared, form)
