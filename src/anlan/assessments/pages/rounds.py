"""One year of all units: compared line by line, published at once, taken home as a workbook or an official document."""

from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from anlan.assessments import actions, needs, queries
from anlan.assessments.cards import card
from anlan.assessments.forms import round_form
from anlan.assessments.models import Assessment, Round
from anlan.assessments.pages.common import asker, crumbs, url_of
from anlan.assessments.pages.listing import states_words
from anlan.assessments.papers import announcement
from anlan.assessments.rules import runs, sees_check
from anlan.assessments.scoring.card import Card, plain
from anlan.assessments.scoring.computing import by_group
from anlan.assessments.sheets import comparison
from anlan.assessments.wording import grade_view, state_view
from anlan.identity.models import Organisation
from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Forbidden, NotFound
from anlan.kernel.forms import InputForm
from anlan.kernel.pages import attempt, download, form_page
from anlan.kernel.papers import pdf, word
from anlan.kernel.phrases import in_tongue

PAPERS = {
    "docx": (word.write, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (pdf.write, "application/pdf"),
}


@require_GET
def one(request: HttpRequest, assessment_round_id: UUID) -> HttpResponse:
    actor = asker(request)
    row = queries.one_round(actor, assessment_round_id)
    definition = card(row.card_id)
    units = queries.units_of(actor, row)
    announced = queries.standings(row)
    own = {one.pk for one in units}
    office = runs(actor, row.region)
    context = {
        "title": _("%(card)s · %(year)s") % {"card": in_tongue(row.card), "year": row.year},
        "crumbs": crumbs((str(row.year), "")),
        "row": row,
        "card_url": reverse("assessments:card", args=[row.card_id]),
        "groups": [{"label": group.label, "most": plain(group.weight)} for group in definition.group],
        "units": [_unit(actor, definition, one) for one in units],
        "others": [_announced(definition, one) for one in announced if one.assessment_id not in own],
        "states": states_words(queries.states_of([row])[row.pk]),
        "office": office,
        "may_publish": office and row.published_at is None and bool(units),
        "publish_url": reverse("assessments:publish", args=[row.pk]),
        "export_url": reverse("assessments:export", args=[row.pk]) if units else "",
        "papers": [{"label": kind.upper(), "url": reverse("assessments:paper", args=[row.pk, kind])} for kind in PAPERS]
        if row.published_at
        else [],
        "chart": _chart(definition, units) if row.published_at and len(units) > 2 else None,
    }
    return render(request, "assessments/round.html", context)


def _unit(actor: Actor, definition: Card, one: Assessment) -> dict[str, Any]:
    told = sees_check(actor, one)
    groups = by_group(definition, one.lines) if one.lines and told else {}
    return {
        "rank": one.rank or "",
        "name": one.unit_name,
        "url": url_of(one),
        "state": state_view(one),
        "self_total": plain(one.self_total),
        "check_total": plain(one.check_total) if told else "",
        "total": plain(one.total) if told else "",
        "grade": grade_view(definition, one.grade) if told else "",
        "groups": [
            {"label": group.label, "points": plain(groups[group.code]) if groups else ""} for group in definition.group
        ],
        "differs": told and one.self_total is not None and one.check_total is not None and one.self_total - one.check_total > 5,
    }  # fmt: skip


def _announced(definition: Card, one: Any) -> dict[str, Any]:
    return {
        "rank": one.rank,
        "name": one.unit_name,
        "total": plain(one.total),
        "grade": grade_view(definition, one.grade),
        "groups": [{"label": group.label, "points": one.groups.get(group.code, "")} for group in definition.group],
    }


def _chart(definition: Card, units: list[Assessment]) -> dict[str, Any]:
    ranked = [one for one in units if one.total is not None]
    return {
        "id": "assessment-ranking",
        "title": _("Result by unit"),
        "kind": "ranking",
        "labels": [one.unit_name for one in ranked],
        "series": [
            {
                "name": _("Result"),
                "values": [float(one.total or 0) for one in ranked],
                "urls": [url_of(one) for one in ranked],
            }
        ],
        "unit": _("points"),
        "label_title": _("Assessed unit"),
    }


@require_http_methods(["GET", "POST"])
def open_year(request: HttpRequest) -> HttpResponse:
    actor = asker(request)
    if actor.region is None or not runs(actor, actor.region):
        raise Forbidden
    published = [one for one in queries.cards(actor) if runs(actor, one.region)]
    form = round_form(published, queries.unit_choices(actor), request.POST if request.method == "POST" else None)
    if request.method == "POST":
        made = attempt(form, lambda sent: actions.open_round(actor=actor, data=sent))
        if made is not None:
            messages.success(request, _("The year is open. Every unit was told."))
            return redirect("assessments:round", made.pk)
    return form_page(
        request,
        form,
        title=_("Open a year"),
        submit_label=pgettext("assessment", "Open"),
        back_url=reverse("assessments:list"),
        consequences=[_("Every unit is told and scores itself; the card cannot be changed for this year any more.")],
        intro="" if published else _("Publish a score card first."),
        crumbs=crumbs((_("Open a year"), "")),
    )


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, assessment_round_id: UUID) -> HttpResponse:
    actor = asker(request)
    row = queries.one_round(actor, assessment_round_id)
    if not runs(actor, row.region):
        raise Forbidden
    form = InputForm(needs.Announce, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        made = attempt(form, lambda sent: actions.publish_round(actor=actor, round=row.pk, data=sent))
        if made is not None:
            messages.success(request, _("The results are published."))
            return redirect("assessments:round", row.pk)
    return form_page(
        request,
        form,
        title=_("Publish the results of %(year)s") % {"year": row.year},
        submit_label=_("Publish"),
        back_url=reverse("assessments:round", args=[row.pk]),
        consequences=[
            _("The results of all units are published together with their places. Nothing of them changes afterwards.")
        ],
    )


@require_GET
def export(request: HttpRequest, assessment_round_id: UUID) -> HttpResponseBase:
    """Every line of every unit that the reader sees."""
    actor = asker(request)
    row = queries.one_round(actor, assessment_round_id)
    units = queries.units_of(actor, row)
    if not units:
        raise NotFound
    stream = BytesIO()
    comparison(stream, card(row.card_id), [(one, sees_check(actor, one)) for one in units])
    stream.seek(0)
    return download(stream, f"{in_tongue(row.card)}-{row.year}.xlsx")


@require_GET
def paper(request: HttpRequest, assessment_round_id: UUID, kind: str) -> HttpResponseBase:
    """The announcement of the results as an official document; there is none before they are published."""
    actor = asker(request)
    row: Round = queries.one_round(actor, assessment_round_id)
    if kind not in PAPERS or row.published_at is None:
        raise NotFound
    write, media = PAPERS[kind]
    with scope.elevated("the name of the organ that announces"):
        office = Organisation.objects.filter(region=row.region, kind="committee", active=True).order_by("name").first()
    made = announcement(row, card(row.card_id), queries.standings(row), organ=office.name if office else "")
    return download(BytesIO(write(made)), f"{made.number}.{kind}", media)
