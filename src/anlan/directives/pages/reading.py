"""A document beside its proposals: each accepted, mended or refused by a person, and tasks added by marking words."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anlan.directives import actions, needs, queries
from anlan.directives.actions.ruling import no_such_day, proposed, unsettled
from anlan.directives.forms import add_form, mend_form, units_source
from anlan.directives.models import Directive, DirectiveTask, Proposal
from anlan.directives.pages.common import asker, document_url, is_officer, officer, task_url
from anlan.directives.pages.spans import Mark, lines
from anlan.directives.rules import registers
from anlan.directives.wording import WHO_FROM, WHY, changes_words, due_view, note_words, rhythm_words, state_view
from anlan.identity.models import Organisation
from anlan.kernel.actor import Actor
from anlan.kernel.errors import CalendarEnds, Forbidden, NotFound
from anlan.kernel.forms import InputForm
from anlan.kernel.ledger.read import acts
from anlan.kernel.pages import attempt, form_page, offered
from anlan.kernel.phrases import listed
from anlan.kernel.reading import read_ids
from anlan.kernel.timeline import entry

TONES = {"": "open", "accepted": "taken", "mended": "taken", "added": "taken", "refused": "refused"}
LOW = 600
"""Below this confidence (permille) the card says that the reader is not sure."""


@require_GET
def document(request: HttpRequest, directive_id: UUID) -> HttpResponse:
    actor = asker(request)
    found = queries.directive(directive_id)
    rows = queries.proposals(actor, found)
    original = request.GET.get("text") == "original"
    here = document_url(found)
    office = registers(actor, found.region)
    context = {
        "title": found.title,
        "crumbs": [
            {"label": _("Documents from above"), "url": reverse("directives:documents")},
            {"label": found.number},
        ],
        "document": found,
        "facts": _facts(found),
        "original": original,
        "switch": {"normal": here, "original": f"{here}?text=original"},
        "changes": changes_words(found.changes),
        "lines": lines(found.text if original else found.normalised, _marks(rows, original=original)),
        "office": office,
        "cards": _cards(actor, rows) if office else [],
        "left": sum(1 for row in rows if not row.ruling),
        "progress": _progress(rows),
        "tasks": [_task(one) for one in queries.tasks_of(found)],
        "entries": [_entry(act) for act in reversed(acts(found.pk))],
        "words": {"add": _("Make a task of these words")},
    }
    return render(request, "directives/document.html", context)


def _facts(found: Directive) -> list[dict[str, Any]]:
    shown: list[tuple[str, Any, bool, str]] = [
        (_("Number of the document"), found.reference, False, ""),
        (_("Issuing body"), found.issuer, False, ""),
        (_("Dated"), found.dated, False, ""),
        (_("Received on"), found.received_on, False, ""),
        (_("Due by"), found.limit, False, ""),
        (_("Addressed to"), listed(found.addressees), True, ""),
    ]
    if found.file:
        url = reverse("files:show", args=[found.file.pk, "original"])
        shown.append((_("File"), found.file.name, False, url))
    return [{"label": label, "value": value, "wide": wide, "url": url} for label, value, wide, url in shown if value]


def _marks(rows: list[Proposal], *, original: bool) -> list[Mark]:
    found = []
    for row in rows:
        span = row.fields.get("original") if original else (row.start, row.end)
        if span:
            found.append(Mark(span[0], span[1], str(row.pk), TONES[row.ruling]))
    return found


def _progress(rows: list[Proposal]) -> str:
    if not rows:
        return ""
    done = sum(1 for row in rows if row.ruling)
    words = ngettext("%(done)s of %(n)s proposal decided on", "%(done)s of %(n)s proposals decided on", len(rows))
    return words % {"done": done, "n": len(rows)}


def _cards(actor: Actor, rows: list[Proposal]) -> list[dict[str, Any]]:
    likely = queries.likely_units_of(actor, [row for row in rows if not row.ruling])
    return [_card(row, place, likely.get(row.pk, [])) for place, row in enumerate(rows, start=1)]


def _card(row: Proposal, place: int, units: list[Organisation]) -> dict[str, Any]:
    fields = row.fields
    card: dict[str, Any] = {
        "id": row.pk,
        "place": place,
        "tone": TONES[row.ruling],
        "ruling": str(row.get_ruling_display()) if row.ruling else "",
        "reason": row.reason,
        "what": fields["what"] or fields["text"],
        "who": fields["who"],
        "who_from": str(WHO_FROM.get(fields["who_from"], "")) if fields["who"] else "",
        "with": fields["with"],
        "evidence": listed(fields["evidence"]),
        "confidence": round(row.confidence_permille / 10),
        "urgent": fields.get("urgent", ""),
        "unsure": row.confidence_permille < LOW,
        "why": [{"words": WHY[one][0], "speaks_for": WHY[one][1]} for one in fields["why"] if one in WHY],
        "urls": {name: reverse(f"directives:{name}", args=[row.pk]) for name in ("accept", "mend", "refuse")},
    }
    if row.ruling:
        card["tasks"] = [{"number": one.number, "unit": one.unit.name, "url": task_url(one)} for one in row.tasks.all()]
        card["rhythm"] = rhythm_words(fields["how_often"])
        return card
    return card | _when(row) | {"units": [{"id": one.pk, "name": one.name} for one in units]}


def _when(row: Proposal) -> dict[str, Any]:
    """By when and how often, as it would become a task today; the document's own words beside it."""
    fields = row.fields
    said = (fields["when"] or {}).get("text", "")
    try:
        facts = proposed(row)
    except CalendarEnds as ends:
        return {"due": None, "said": said, "rhythm": "", "trouble": ends.detail}
    rhythm = rhythm_words(facts.rhythm)
    often = (fields["how_often"] or {}).get("text", "")
    shown = {"due": facts.due, "until": facts.until, "said": said, "rhythm": rhythm, "often_said": often}
    return shown | ({"unsettled": no_such_day(words)} if (words := unsettled(row)) else {})


def _task(one: DirectiveTask) -> dict[str, Any]:
    return {
        "url": task_url(one),
        "number": one.number,
        "what": one.what,
        "unit": one.unit.name,
        "state": state_view(one),
        "due": due_view(one),
    }


def _entry(act: Any) -> dict[str, Any]:
    return entry(act, what=note_words(act.step), note=str(act.data.get("reason") or act.data.get("text") or ""))


@require_POST
def accept(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """From the card: the units that are ticked. Without any, the form for mending asks for them."""
    actor = officer(request)
    row = queries.proposal(actor, proposal_id)
    units = read_ids(request.POST.getlist("units"))
    if words := unsettled(row):
        messages.warning(request, no_such_day(words))
        return redirect("directives:mend", row.pk)
    if not units:
        messages.warning(request, _("Choose who is to do it."))
        return redirect("directives:mend", row.pk)
    tasks = actions.accept(actor=actor, proposal=row.pk, data={"units": units})
    return _next(request, row, tasks)


@require_http_methods(["GET", "POST"])
def mend(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    actor = officer(request)
    row = queries.proposal(actor, proposal_id)
    if request.method == "POST":
        form = mend_form(actor, row, request.POST)
        tasks = _attempt(form, lambda sent: actions.mend(actor=actor, proposal=row.pk, data=sent))
        if tasks is not None:
            return _next(request, row, tasks)
    else:
        form = mend_form(actor, row, **_initial(actor, row))
    return form_page(
        request,
        form,
        "directives/mend.html",
        title=_("Mend the proposal"),
        submit_label=_("Make it a task"),
        back_url=f"{document_url(row.directive)}#p-{row.pk}",
        quote=row.fields["text"],
        who=row.fields["who"],
        unsettled=no_such_day(words) if (words := unsettled(row)) else "",
    )


def _initial(actor: Actor, row: Proposal) -> dict[str, Any]:
    try:
        facts = proposed(row)
    except CalendarEnds:
        facts = None
    return {
        "units": [str(one.pk) for one in queries.likely_units(actor, row)],
        "what": row.fields["what"] or row.fields["text"],
        "due": facts.due.isoformat() if facts and facts.due else "",
        "until": facts.until.isoformat() if facts and facts.until else "",
        "rhythm": row.fields["how_often"],
        "partners": row.fields["with"],
        "evidence": row.fields["evidence"],
    }


@require_http_methods(["GET", "POST"])
def refuse(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    actor = officer(request)
    row = queries.proposal(actor, proposal_id)
    form = InputForm(needs.Refuse, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        done = attempt(form, lambda sent: actions.refuse(actor=actor, proposal=row.pk, data=sent))
        if done is not None:
            return _next(request, row, [])
    return form_page(
        request,
        form,
        "directives/mend.html",
        title=_("It is no task"),
        submit_label=pgettext("proposal", "Refuse"),
        back_url=f"{document_url(row.directive)}#p-{row.pk}",
        quote=row.fields["text"],
    )


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, directive_id: UUID) -> HttpResponse:
    """`start` and `end` in the address are where the marked words stand; without a script they are typed as a quotation."""
    actor = officer(request)
    found = queries.directive(directive_id)
    if not registers(actor, found.region):
        raise Forbidden
    if request.method == "POST":
        form = add_form(actor, _placed(request.POST, found))
        tasks = _attempt(form, lambda sent: actions.add(actor=actor, directive=found.pk, data=sent))
        if tasks is not None:
            messages.success(request, _given(tasks))
            return redirect(document_url(found))
    else:
        form = add_form(actor, **_marked(request.GET, found))
    return form_page(
        request,
        form,
        "directives/add.html",
        title=_("Add a task"),
        submit_label=_("Make it a task"),
        back_url=document_url(found),
        quote=_quoted(found, request.POST if request.method == "POST" else request.GET),
    )


def _span(asked: Any, found: Directive) -> tuple[int, int] | None:
    low, high = (str(asked.get(name, "")) for name in ("start", "end"))
    if not (low.isdigit() and high.isdigit() and low.isascii() and high.isascii()):
        return None
    start, end = int(low[:7]), min(int(high[:7]), len(found.normalised))
    return (start, end) if start < end else None


def _quoted(found: Directive, asked: Any) -> str:
    span = _span(asked, found)
    return found.normalised[span[0] : span[1]].strip() if span else ""


def _marked(asked: Any, found: Directive) -> dict[str, Any]:
    quote = _quoted(found, asked)
    span = _span(asked, found)
    limit = found.limit.isoformat() if found.limit else ""
    return {"what": quote[:500], "due": limit} | ({"start": span[0], "end": span[1]} if span else {})


def _placed(posted: Any, found: Directive) -> Any:
    """The quotation somebody pasted, found in the text; marked words say their place themselves."""
    if _span(posted, found) or not (quote := posted.get("quote", "").strip()):
        return posted
    at = found.normalised.find(quote)
    if at < 0:
        return posted
    sent = posted.copy()
    sent["start"], sent["end"] = str(at), str(at + len(quote))
    return sent


def _attempt(form: InputForm, take: Any) -> list[DirectiveTask] | None:
    try:
        return attempt(form, take)
    except CalendarEnds as ends:
        form.refuse(ends)
        return None


def _given(tasks: list[DirectiveTask]) -> str:
    words = ngettext("Given as task %(numbers)s.", "Given as tasks %(numbers)s.", len(tasks))
    return words % {"numbers": listed(one.number for one in tasks)}


def _next(request: HttpRequest, row: Proposal, tasks: list[DirectiveTask]) -> HttpResponse:
    """On to the next proposal nobody has decided on."""
    messages.success(request, _given(tasks) if tasks else pgettext("proposal", "Refused."))
    rows = Proposal.objects.filter(directive=row.directive_id, ruling="").order_by("start", "position")
    after = [one for one in rows if one.start >= row.start] or list(rows)
    place = f"#p-{after[0].pk}" if after else ""
    return redirect(f"{document_url(row.directive_id)}{place}")


@require_GET
def pick(request: HttpRequest) -> HttpResponse:
    """Units, while one types their name."""
    actor = asker(request)
    name = request.GET.get("name", "")
    if name not in ("unit", "units") or not is_officer(actor):
        raise NotFound
    return offered(request, units_source(actor, name, multiple=name == "units"), name)
