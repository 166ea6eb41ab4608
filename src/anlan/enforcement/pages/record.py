"""An instrument's page: where it stands, what it says as a sheet, its service and answers, its versions, its timeline."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext
from django.views.decorators.http import require_GET, require_http_methods

from anlan.enforcement import actions, queries
from anlan.enforcement.filling import grounds_of, known_sources
from anlan.enforcement.flow import INSTRUMENT
from anlan.enforcement.forms import KindForm, step_form
from anlan.enforcement.models import Instrument
from anlan.enforcement.owned import template_for
from anlan.enforcement.pages.common import asker, case_url, crumb, url_of
from anlan.enforcement.publishing import proposed
from anlan.enforcement.queries.detail import later_of
from anlan.enforcement.rendering import paper
from anlan.enforcement.rules import covers, is_addressee, known_source
from anlan.enforcement.rulings import kind_of
from anlan.enforcement.sheets import sheet_of
from anlan.enforcement.states import NUMBERED
from anlan.enforcement.wording import FIELDS, due_view, name_of, outcome_words, state_view, title_of, way_words
from anlan.files.models import File
from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan.kernel.flow import Step
from anlan.kernel.flow.offers import offers
from anlan.kernel.flow.pages import attempt_step, buttons, check_offer, moved_on, moved_on_page, step_context, step_of
from anlan.kernel.ledger.read import Act, acts
from anlan.kernel.pages import form_page, read_version
from anlan.kernel.phrases import moment_words, plain_words
from anlan.kernel.timeline import arrivals, clock_tone, entry, headline, state_words, who
from anlan.registry.queries import region_names

DANGER = frozenset({"discard", "send_back", "retract"})
ROAD = ("drafted", "reviewed", "approved", "numbered", "served", "answered", "filed")
FOR_PENALTIES = frozenset({"waives", "hearing"})


@require_GET
def record(request: HttpRequest, instrument_id: UUID) -> HttpResponse:
    actor = asker(request)
    found = queries.instrument(instrument_id)
    inside = covers(actor, found)
    kind = kind_of(found)
    history = acts(found.pk)  # without the internal steps for whoever is not inside
    offered = [one for one in offers(INSTRUMENT, found, actor) if inside or one.allowed]
    main, more = buttons(offered, url_of(found), danger=DANGER)
    if not is_addressee(actor, found):  # a greyed button that only the other side may press says nothing
        more = [*(one for one in main if one["name"] == "answer" and one["allowed"]), *more]
        main = [one for one in main if one["name"] not in ("confirm", "answer")]
    context = {
        "crumbs": crumb({"label": name_of(found, kind)}),
        "record": {
            "number": name_of(found, kind),
            "title": title_of(found, kind),
            "url": url_of(found),
            "state": state_view(found),
        },
        "instrument": found,
        "kind": kind,
        "inside": inside,
        "stepper_steps": _stepper(found, history, inside=inside),
        "due": due_view(found),
        "steps": main,
        "more_steps": more,
        "facts": _facts(found, actor, inside=inside),
        "sheet": sheet(found),
        "downloads": _downloads(found),
        "services": [_service(one) for one in queries.services_of(found)],
        "answers": [_answer(one) for one in queries.answers_of(found)],
        "texts": queries.texts_of(found) if inside else [],
        "own_template": bool(found.template_digest) or (not found.number and inside and writes_by_own(found)),
        "public_url": reverse("notices:one", args=[found.publication.code]) if found.publication else "",
        "later": [
            {"label": name_of(one, kind_of(one)), "url": url_of(one), "state": state_view(one)}
            for one in later_of(found)
        ],
        "entries": [_entry(act, linked=inside) for act in reversed(history)],
    }
    return render(request, "enforcement/record.html", context)


def writes_by_own(found: Instrument) -> bool:
    """Whether its Word document will be written by an operator's own template."""
    return template_for(found.kind, found.issuer) is not None


def sheet(found: Instrument) -> dict[str, Any]:
    """The page as it was issued, or as the draft would be: Chinese, whatever the reader's language."""
    if found.issued:
        return dict(found.issued)
    with override("zh-hans"):
        return sheet_of(paper(found, found.organ), sealed=found.sealed, draft=not found.number)


def _stepper(found: Instrument, history: list[Act], *, inside: bool) -> list[dict[str, Any]]:
    arrived = arrivals(history)
    road = list(ROAD if inside else ROAD[ROAD.index("served") :])
    if found.answer_due is None and found.state != "answered" and "answered" not in arrived:
        road.remove("answered")
    if found.state not in road:  # it ended beside the road, or went back
        road = [code for code in road if code in arrived] + [found.state]
    here = road.index(found.state)
    over = found.state in ("filed", "withdrawn", "discarded")
    steps = []
    for place, code in enumerate(road):
        status = "done" if place < here or (place == here and over) else "waiting"
        if place == here and not over:
            status = "late" if found.late else "current"
        one: dict[str, Any] = {"label": state_words(INSTRUMENT, code), "status": status}
        if status in ("current", "late"):
            one["who"] = _("Waits for %(who)s") % {"who": INSTRUMENT.state(code).waits_for}
        elif act := arrived.get(code) if status == "done" else None:
            one |= {"who": who(act), "at": act.at}
        steps.append(one)
    return steps


def _facts(found: Instrument, actor: Actor, *, inside: bool) -> list[dict[str, Any]]:
    kind = kind_of(found)
    shown: list[tuple[str, Any, bool, str]] = [
        (_("Kind of instrument"), kind.label, False, ""),
        (_("Addressee"), found.addressee, False, ""),
        (_("Region"), region_names([found.place]).get(found.place, ""), False, ""),
        (
            _("Issuing organ"),
            found.issued.get("organ") or (found.organ.name if found.organ else _("not entered yet") if inside else ""),
            False,
            "",
        ),
        (
            _("Rests on"),
            found.source_number if inside else known_source(found),
            False,
            _source_url(found) if inside else "",
        ),
        (
            pgettext("instrument", "After"),
            found.after.number if found.after else "",
            False,
            url_of(found.after) if found.after else "",
        ),
        (
            _("Withdraws"),
            found.withdraws.number if found.withdraws else "",
            False,
            url_of(found.withdraws) if found.withdraws else "",
        ),
        (_("Case"), found.case.number if found.case else "", False, case_url(found.case) if found.case else ""),
        (_("Returned because"), found.reason if inside and found.state in ("returned", "discarded") else "", True, ""),
        (_("Drafted by"), (found.drafter_name or _("the platform")) if inside else "", False, ""),
        (_("Reviewed by"), found.reviewer_name if inside else "", False, ""),
        (_("Approved by"), found.approver_name if inside else "", False, ""),
        (_("Issued on"), found.issued_on.isoformat() if found.issued_on else "", False, ""),
        (_("Served on"), found.served_on.isoformat() if found.served_on else "", False, ""),
        (_("Way of service"), way_words(found.way), False, ""),
        (pgettext("instrument", "Received by"), _received(found), False, ""),
        (_("Receipt confirmed"), moment_words(found.confirmed_at), False, ""),
        (_("Answer due"), found.answer_due.isoformat() if found.answer_due else "", False, ""),
        (_("Basis"), f"{kind.basis} [{kind.mark}]" if inside and kind.basis else "", True, ""),
    ]
    return [{"label": label, "value": value, "wide": wide, "url": url} for label, value, wide, url in shown if value]


def _received(found: Instrument) -> str:
    if found.refused:
        return _("%(who)s, refused") % {"who": found.received_by}
    return found.received_by


def _source_url(found: Instrument) -> str:
    if found.source_id is None or found.source_type not in known_sources():
        return ""
    try:
        return grounds_of(found.source_type, found.source_id).url
    except NotFound:
        return ""


def _downloads(found: Instrument) -> list[dict[str, Any]]:
    if found.state not in NUMBERED and not found.number:
        return []
    forms = (("docx", _("Word"), found.docx_digest), ("pdf", "PDF", found.pdf_digest))
    return [
        {"label": label, "url": f"{url_of(found)}document.{form}", "digest": digest}
        for form, label, digest in forms
        if digest
    ]


def _files(ids: list[str]) -> list[dict[str, Any]]:
    found = File.objects.filter(pk__in=ids)
    return [
        {
            "name": one.name,
            "url": f"/files/{one.pk}/original/",
            "thumb": f"/files/{one.pk}/thumb/" if one.thumb_sha256 else "",
        }
        for one in found
    ]


def _service(one: Any) -> dict[str, Any]:
    return {
        "row": one,
        "way": way_words(one.way),
        "outcome": outcome_words(one.outcome),
        "files": _files(one.files),
        "drawing": f"/files/{one.drawing_id}/display/" if one.drawing_id else "",
    }


def _answer(one: Any) -> dict[str, Any]:
    return {"row": one, "files": _files(one.files)}


def _entry(act: Act, *, linked: bool) -> dict[str, Any]:
    changes = [
        {"label": str(FIELDS[name]), "before": _change(name, before), "after": _change(name, after)}
        for name, (before, after) in act.changes.items()
        if name in FIELDS and (before not in (None, "", 0) or (after and name in ("number", "served_on")))
    ]
    note = str(act.data.get("reason") or act.data.get("remark") or act.data.get("words") or "")
    made = entry(act, what=headline(INSTRUMENT, act), note=note, changes=changes, linked=linked)
    return made | {"tone": clock_tone(act)}


def _change(name: str, value: Any) -> str:
    if name == "way":
        return way_words(value or "") or plain_words(value)
    return f"{value[:12]}…" if name == "text_digest" and value else plain_words(value)


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, instrument_id: UUID, name: str) -> HttpResponse:
    actor = asker(request)
    found = queries.instrument(instrument_id)
    declared = step_of(INSTRUMENT, name)
    if request.method == "POST":
        return _take(request, actor, found, declared)
    check_offer(INSTRUMENT, declared, found, actor)
    return _page(request, found, declared, _form(found, declared))


def _form(found: Instrument, declared: Step, data: Any = None) -> Any:
    kind = kind_of(found)
    if declared.name == "amend":
        return KindForm(kind, data, fields=found.fields, remark=True)
    from anlan.kernel import clock

    initial: dict[str, Any] = {}
    if declared.name == "serve":
        initial = {"on": clock.today(), "way": "direct", "outcome": "received"}
    elif declared.name == "publish":
        initial = {"words": proposed(found)}
    hidden = tuple(FOR_PENALTIES) if declared.name == "answer" and not kind.needs_hearing else ()
    return step_form(declared, data, initial=initial, leave_out=hidden)


def _page(request: HttpRequest, found: Instrument, declared: Step, form: Any) -> HttpResponse:
    kind = kind_of(found)
    context = step_context(request, declared, found, danger=declared.name in DANGER) | {
        "title": f"{declared.label} · {name_of(found, kind)}",
        "back_url": url_of(found),
        "brief": [
            {"label": _("Kind of instrument"), "value": kind.label},
            {"label": _("Addressee"), "value": found.addressee},
            {"label": pgettext("instrument", "Number"), "value": found.number or _("not numbered")},
        ],
        "sheet": sheet(found) if declared.name in ("review", "approve", "number") else None,
        "columns": 1 if declared.name == "amend" else None,
    }
    return form_page(request, form, "enforcement/step.html", **context)


def _take(request: HttpRequest, actor: Actor, found: Instrument, declared: Step) -> HttpResponse:
    form = _form(found, declared, request.POST)
    version = read_version(request)
    problem = attempt_step(
        form,
        lambda sent: actions.take_step(
            actor=actor, instrument=found.pk, step=declared.name, data=sent, version=version
        ),
        day="on",
    )
    if problem is None:
        messages.success(request, _("Done: %(step)s.") % {"step": declared.label})
        return redirect(url_of(found))
    if moved_on(problem):
        return moved_on_page(request, problem, INSTRUMENT, found, url_of(found), version)
    return _page(request, found, declared, form)
