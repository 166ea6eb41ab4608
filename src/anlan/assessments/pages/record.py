"""An assessment's page: where it stands, every line with its inputs, formula and points, what was said, its timeline."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anlan.assessments import actions, queries
from anlan.assessments.flow import ASSESSMENT
from anlan.assessments.forms import step_form, take_evidence
from anlan.assessments.models import Assessment
from anlan.assessments.pages.common import asker, crumbs, record_url, url_of
from anlan.assessments.pages.shapes import case_view, extra_view, files_view, groups_view
from anlan.assessments.queries import Detail
from anlan.assessments.scoring.card import Card, plain
from anlan.assessments.wording import FIELDS, change_words, due_view, grade_view, measure_words, rule_words, state_view
from anlan.files.models import File
from anlan.identity.models import Organisation
from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound, Problem
from anlan.kernel.flow import Step
from anlan.kernel.flow.offers import offers
from anlan.kernel.flow.pages import attempt_step, buttons, check_offer, moved_on, moved_on_page, step_context, step_of
from anlan.kernel.forms import InputForm
from anlan.kernel.ledger.read import Act
from anlan.kernel.pages import form_page, read_version
from anlan.kernel.timeline import arrivals, clock_tone, entry, headline, state_words, who
from anlan.registry.queries import region_names

DANGER = frozenset({"leave_out", "reopen", "strike"})
ITEM_STEPS = ("score", "examine")
ROAD = ("opened", "self_scored", "checked", "notified", "decided", "published")


@require_GET
def record(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    actor = asker(request)
    row = queries.assessment(assessment_id)
    found = queries.detail(actor, row)
    history = queries.history(actor, row)
    offered = offers(ASSESSMENT, row, actor)
    main, more = buttons(offered, url_of(row), danger=DANGER)
    allowed = {one.name for one in offered if one.allowed}
    edits = next((name for name in ITEM_STEPS if name in allowed), "")
    context = {
        "crumbs": crumbs((_("%(year)s") % {"year": row.year}, reverse("assessments:round", args=[row.round_id])), (row.unit_name, "")),
        "record": {
            "number": row.number,
            "title": _("%(unit)s: assessment of %(year)s") % {"unit": row.unit_name, "year": row.year},
            "url": url_of(row),
            "state": state_view(row),
        },
        "row": row,
        "found": found,
        "stepper_steps": _stepper(row, history),
        "due": due_view(row),
        "steps": main,
        "more_steps": [one for one in more if one["name"] not in (*ITEM_STEPS, "mark", "strike")],
        "figures": _figures(found),
        "edits": edits,
        "score_groups": groups_view(found, edits=edits),
        "extras": extra_view(found),
        "cases": [case_view(found, one) for one in found.cases],
        "may_mark": "mark" in allowed,
        "mark_url": reverse("assessments:step", args=[row.pk, "mark"]),
        "facts": _facts(found),
        "proof": queries.proof(row) if found.told else None,
        "appeal_files": _appeal_files(row, history),
        "entries": [_entry(found.card, act) for act in reversed(history)],
    }  # fmt: skip
    return render(request, "assessments/record.html", context)


def _figures(found: Detail) -> list[dict[str, Any]]:
    row = found.record
    settled = row.total is not None and found.told
    shown: list[tuple[str, Any, str]] = [
        (_("Self-score"), found.self_total, _("did not score itself") if row.unscored else ""),
        (_("Check-score"), row.check_total if found.told else None, ""),
        (_("Result"), found.total if settled else None, grade_view(found.card, row.grade) if settled else ""),
    ]  # fmt: skip
    figures = [{"label": label, "value": plain(value) or "–", "words": words} for label, value, words in shown]
    if found.live:
        words = _("as everything stands now; it counts when the check is finished")
        figures.append({"label": _("So far"), "value": plain(found.total), "words": words})
    if row.rank:
        figures.append({"label": _("Rank"), "value": str(row.rank), "words": ""})
    return figures


def _stepper(row: Assessment, history: list[Act]) -> list[dict[str, Any]]:
    arrived = arrivals(history)
    road = [code for code in ROAD if code != "decided" or row.state != "appealed"]
    if "appealed" in arrived:
        road = ["opened", "self_scored", "checked", "notified", "appealed", "decided", "published"]
    if row.state not in road:
        road = [code for code in road if code in arrived] + [row.state]
    here, over = road.index(row.state), ASSESSMENT.state(row.state).final
    found = []
    for place, code in enumerate(road):
        status = "done" if place < here or over else "waiting"
        if place == here and not over:
            status = "late" if row.late else "current"
        one: dict[str, Any] = {"label": state_words(ASSESSMENT, code), "status": status}
        if status in ("current", "late"):
            one["who"] = _("Waits for %(who)s") % {"who": ASSESSMENT.state(code).waits_for}
        elif act := arrived.get(code) if status == "done" else None:
            one |= {"who": who(act), "at": act.at}
        found.append(one)
    return found


def _facts(found: Detail) -> list[dict[str, Any]]:
    row = found.record
    with scope.elevated("the name of the unit that assesses"):
        office = Organisation.objects.filter(region=row.territory, kind="committee").order_by("name").first()
    told = found.told
    shown: list[tuple[str, Any, bool, str]] = [
        (_("Assessed unit"), row.unit_name, False, ""),
        (_("Region"), region_names([row.region]).get(row.region, ""), False, ""),
        (_("Assessed by"), office.name if office else "", False, ""),
        (_("Score card"), f"{found.card.label} · v{found.card.version}", False, reverse("assessments:card", args=[row.round.card_id])),
        (_("Counts until"), row.counts_until.isoformat(), False, ""),
        (_("Document"), row.round.basis, True, ""),
        (_("Announced by"), row.round.document, False, ""),
        (_("Summary of the year"), row.self_words, True, ""),
        (_("Appeal until"), row.appeal_by.isoformat() if row.appeal_by else "", False, ""),
        (_("Why it is wrong"), row.appeal, True, ""),
        (_("Decision and its reason"), row.decision, True, ""),
        (_("Reason"), row.reason if told else "", True, ""),
    ]  # fmt: skip
    return [{"label": label, "value": value, "wide": wide, "url": url} for label, value, wide, url in shown if value]


def _appeal_files(row: Assessment, history: list[Act]) -> list[dict[str, str]]:
    ids = [str(one) for act in history if act.step == "appeal" for one in act.data.get("files", [])]
    files = {str(one.pk): one for one in File.objects.filter(pk__in=ids)} if ids else {}
    return files_view(files, ids)


def _entry(card: Card, act: Act) -> dict[str, Any]:
    changes = [
        {"label": str(FIELDS[field]), "before": change_words(field, before), "after": change_words(field, after)}
        for field, (before, after) in act.changes.items()
        if field in FIELDS
    ]
    if act.step == "notify" and "check_total" in act.data:
        after = change_words("check_total", act.data["check_total"])
        changes.append({"label": str(FIELDS["check_total"]), "before": "", "after": after})
    code = str(act.data.get("item") or act.data.get("code") or "")
    what = headline(ASSESSMENT, act)
    if code in card.named:
        what = f"{what} · {card.named[code].label}"
    note = str(act.data.get("reason") or act.data.get("remark") or act.data.get("words") or "")
    return entry(act, what=what, note=note, changes=changes) | {"tone": clock_tone(act)}


@require_http_methods(["GET", "POST"])
def item(request: HttpRequest, assessment_id: UUID, name: str, code: str) -> HttpResponse:
    """One item: by the unit with its evidence, or by the office, which says why it differs."""
    actor = asker(request)
    row = queries.assessment(assessment_id)
    if name not in ITEM_STEPS:
        raise NotFound
    declared = ASSESSMENT.step(name)
    found = queries.detail(actor, row)
    if code not in found.card.items:
        raise NotFound
    if request.method == "POST":
        return _take(request, actor, found, declared, code=code)
    check_offer(ASSESSMENT, declared, row, actor)
    return _item_page(request, found, declared, code, _item_form(found, declared, code))


def _item_form(found: Detail, declared: Step, code: str, data: Any = None) -> InputForm:
    score = found.scores.get(code)
    own = declared.name == "score"
    ids = (score.self_files if own else score.check_files) if score else []
    kept = {key: found.files[key] for key in ids if key in found.files}
    points = (score.self_points if own else score.check_points) if score else None
    if points is None and not own and score is not None:
        points = score.self_points
    words = (score.self_words if own else score.check_words) if score else ""
    form = step_form(declared, found.card, data, kept=kept, item=code, points=plain(points), words=words)
    item = found.card.items[code]
    if item.way != "hand":
        form.fields.pop("points")
        form.questions = [one for one in form.questions if one.name != "points"]
    else:
        form.fields["points"].help_text = _("At most %(most)s points.") % {"most": plain(item.weight)}
    return form


def _item_page(request: HttpRequest, found: Detail, declared: Step, code: str, form: InputForm) -> HttpResponse:
    line = next(one for group in groups_view(found) for one in group["lines"] if one["code"] == code)
    context = step_context(request, declared, found.record, danger=False) | {
        "title": f"{found.card.items[code].label} · {found.record.unit_name}",
        "submit_label": _("Save"),
        "back_url": url_of(found.record),
        "line": line,
        "own": declared.name == "score",
    }
    return form_page(request, form, "assessments/item.html", **context)


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, assessment_id: UUID, name: str) -> HttpResponse:
    actor = asker(request)
    row = queries.assessment(assessment_id)
    declared = step_of(ASSESSMENT, name)
    if name in ITEM_STEPS:
        raise NotFound
    found = queries.detail(actor, row)
    if request.method == "POST":
        return _take(request, actor, found, declared)
    check_offer(ASSESSMENT, declared, row, actor)
    asked: dict[str, Any] = {"case": request.GET.get("case", "")} if name == "strike" else {}
    return _step_page(request, found, declared, step_form(declared, found.card, **asked))


def _step_page(request: HttpRequest, found: Detail, declared: Step, form: InputForm) -> HttpResponse:
    decides = declared.name == "decide" and found.record.state == "appealed"
    context = step_context(request, declared, found.record, danger=declared.name in DANGER) | {
        "back_url": url_of(found.record),
        "row": found.record,
        "figures": _figures(found) if declared.name in ("check", "notify", "decide", "agree", "appeal") else [],
        "changeable": _changeable(found, request.POST) if decides else [],
        "rules": _rules(found) if declared.name == "mark" else [],
        "brief": [one for one in map(_brief, found.cases) if one["id"] == str(form["case"].value())] if declared.name == "strike" else [],
    }  # fmt: skip
    return form_page(request, form, "assessments/step.html", **context)


def _brief(case: Any) -> dict[str, Any]:
    return {"id": str(case.pk), "words": case.words, "document": case.document}


def _rules(found: Detail) -> list[dict[str, str]]:
    named = [one for one in found.card.named.values() if found.card.kind(one.code)]
    return [{"label": one.label, "rule": rule_words(one, found.card)} for one in named]


def _changeable(found: Detail, sent: Any) -> list[dict[str, Any]]:
    """The card's items, those that the unit appealed against first, with what was typed for each."""
    against = set(found.record.appeal_items)
    rows = [
        {
            "code": line["code"],
            "label": line["label"],
            "points": line["points"],
            "most": line["most"],
            "self_points": line["self_points"],
            "why": line["check_words"],
            "against": line["code"] in against,
            "typed": sent.get(f"points_{line['code']}", ""),
            "reason": sent.get(f"reason_{line['code']}", ""),
        }
        for group in groups_view(found)
        for line in group["lines"]
    ]
    return sorted(rows, key=lambda one: not one["against"])


def _changes(found: Detail, sent: Any) -> list[dict[str, str]]:
    return [
        {"item": code, "points": points, "reason": sent.get(f"reason_{code}", "").strip()}
        for code in found.card.items
        if (points := sent.get(f"points_{code}", "").strip())
    ]


def _take(request: HttpRequest, actor: Actor, found: Detail, declared: Step, *, code: str = "") -> HttpResponse:
    row, version = found.record, read_version(request)
    if code:
        form, version = _item_form(found, declared, code, request.POST), None  # two clerks may write different items
    else:
        form = step_form(declared, found.card, request.POST)
    uploads = request.FILES.getlist("files_new")

    def take(sent: dict[str, Any]) -> object:
        if uploads:
            sent["files"] = [*sent.get("files", []), *take_evidence(actor, uploads)]
        if declared.name == "decide" and (changes := _changes(found, request.POST)):
            sent["changes"] = changes
        return actions.take_step(actor=actor, record=row.pk, step=declared.name, data=sent, version=version)

    problem: Problem | None = attempt_step(form, take)
    if problem is None:
        messages.success(request, _("Done: %(step)s.") % {"step": declared.label})
        return redirect(url_of(row))
    if moved_on(problem):
        return moved_on_page(request, problem, ASSESSMENT, row, url_of(row), version)
    return _item_page(request, found, declared, code, form) if code else _step_page(request, found, declared, form)


@require_GET
def rows(request: HttpRequest, assessment_id: UUID, measure: str) -> HttpResponseBase:
    """The records behind a figure: those that were not as they should be first."""
    asker(request)
    row = queries.assessment(assessment_id)
    found, left = queries.rows_behind(row, measure)
    context = {
        "title": measure_words(measure),
        "crumbs": crumbs((row.unit_name, url_of(row)), (measure_words(measure), "")),
        "row": row,
        "good": [{"label": label, "url": record_url(kind, key)} for kind, key, label, good in found if good],
        "wanting": [{"label": label, "url": record_url(kind, key)} for kind, key, label, good in found if not good],
        "left": left,
        "frozen": bool(row.inputs),
    }
    return render(request, "assessments/rows.html", context)
