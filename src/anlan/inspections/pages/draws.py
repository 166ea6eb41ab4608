"""Random draws: announced, held, shown with everything they follow from, and done again."""

import json
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from anlan.identity import roles
from anlan.identity.asking import reader_of
from anlan.identity.models import Organisation
from anlan.identity.pages.common import list_page
from anlan.identity.paging import Page
from anlan.inspections import drawing
from anlan.inspections.actions.draws import DRAWERS, NoHeadYet, announce_draw, hold_draw, plan_drawn
from anlan.inspections.bodies import able_bodies, own
from anlan.inspections.models import Draw, DrawNotice, Visit
from anlan.inspections.models.visit import CHECKS, STYLES
from anlan.inspections.needs_draw import DrawFacts, DrawnFacts
from anlan.inspections.pages.draw_shapes import (
    REASONS,
    asked_facts,
    body_maker,
    counts,
    draw_facts,
    left_out,
    makers_for,
    pairs,
)
from anlan.inspections.queries import draws as queries
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Conflict, Forbidden, Invalid
from anlan.kernel.forms import InputForm
from anlan.kernel.phrases import listed
from anlan.registry.queries import industries, industry_names, region_names

READERS = DRAWERS | {roles.AUDITOR}

ANNOUNCED_BY = gettext_lazy(
    "A draw leads to administrative inspections, and your body may not make them: the department that will visit announces it. You may hold and read what it announced."
)


def _drawer(request: HttpRequest) -> Actor:
    return reader_of(request, among=DRAWERS)


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request, among=READERS)
    return list_page(
        request,
        title=_("Draws"),
        fetch=partial(queries.draws, actor),
        table=partial(_table, actor),
        template="inspections/draws.html",
        context={
            "announced": queries.announced(actor),
            "cannot": ANNOUNCED_BY if actor.role in DRAWERS and not able_bodies(actor) else "",
        },
    )


def _table(actor: Actor, page: Page[Draw]) -> dict[str, Any]:
    places = region_names(row.region for row in page.rows)
    bits = {row.bit: industry_names().get(row.code, row.code) for row in industries()} if page.rows else {}
    rows = [
        {
            "id": row.pk,
            "url": reverse("inspections:draw", args=[row.pk]),
            "cells": {
                "number": row.number,
                "title": row.title,
                "region": places.get(row.region, ""),
                "industry": bits.get(row.industry_bit or 0, ""),
                "count": len(row.result),
                "drawer": row.drawer_name,
                "at": row.drawn_at,
            },
        }
        for row in page.rows
    ]
    return {
        "id": "draws",
        "label": _("Draws"),
        "columns": [
            {"key": "number", "label": _("Number"), "kind": "link", "lead": True, "always": True},
            {"key": "title", "label": _("Title of the draw")},
            {"key": "region", "label": _("Region")},
            {"key": "industry", "label": _("Industry")},
            {"key": "count", "label": _("Enterprises drawn"), "kind": "number"},
            {"key": "drawer", "label": _("Held by")},
            {"key": "at", "label": _("Held at"), "kind": "datetime"},
        ],
        "rows": rows,
        "create_url": reverse("inspections:announce-draw") if actor.role in DRAWERS and able_bodies(actor) else "",
        "create_label": _("Announce a draw"),
        "empty": {"title": _("No draw was held yet."), "icon": "arrows-shuffle"},
    }


def announce(request: HttpRequest) -> HttpResponse:
    """The first act: who may be drawn is fixed."""
    actor = _drawer(request)
    bodies = able_bodies(actor)
    if not bodies:
        raise Forbidden(ANNOUNCED_BY)
    data = request.POST if request.method == "POST" else None
    initial = {"region": actor.region, "planned_on": clock.today() + timedelta(days=7)}
    form = InputForm(DrawFacts, data, initial=initial, makers=makers_for(actor) | {"organisation": body_maker(bodies)})
    if request.method == "POST":
        try:
            made = announce_draw(actor=actor, data=form.payload())
        except (Invalid, Conflict) as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("The draw %(number)s is announced.") % {"number": made.number})
            return redirect("inspections:draw", made.pk)
    context = {
        "form": form,
        "title": _("Announce a draw"),
        "submit_label": _("Announce"),
        "columns": 2,
        "back_url": reverse("inspections:draws"),
        "consequences": [
            _(
                "Candidates, exclusions and pairs kept apart are fixed and published; nobody can change them afterwards."
            ),
            _("The seed comes from the ledger's next signed head, which nobody knows yet."),
            _("An announced draw that is not held stays in the list."),
        ],
    }
    return render(request, "form.html", context, status=422 if form.is_bound and form.errors else 200)


@require_POST
def hold(request: HttpRequest, draw_id: UUID) -> HttpResponse:
    """The second act: the result follows."""
    actor = _drawer(request)
    try:
        made = hold_draw(actor=actor, notice=draw_id)
    except NoHeadYet as wait:
        return _announced(request, actor, draw_id, wait=wait)
    messages.success(request, _("The draw %(number)s is held and recorded.") % {"number": made.number})
    return redirect("inspections:draw", made.pk)


def _announced(request: HttpRequest, actor: Actor, notice_id: UUID, *, wait: NoHeadYet | None = None) -> HttpResponse:
    row = queries.notice(notice_id)
    published = row.published
    context = {
        "title": row.title,
        "row": row,
        "crumbs": [{"label": _("Draws"), "url": reverse("inspections:draws")}, {"label": row.number}],
        "facts": [
            *asked_facts(row, published),
            {"label": _("Announced by"), "value": row.announcer_name},
            {"label": _("Announced at"), "value": row.announced_at, "template": "components/cells/datetime.html"},
            {"label": _("Size of the ledger's signed head then"), "value": published["head_size"]},
            {"label": _("SHA-256 of the announcement"), "value": row.digest, "wide": True},
        ],
        "counts": counts(published),
        "groups": [
            {"label": label, "rows": published[key]}
            for label, key in (
                (_("Enterprises that could be drawn"), "enterprises"),
                (_("Officers that could be drawn"), "officers"),
            )
        ],
        "left_out": [*left_out(published), *pairs(published)],
        "wait": wait.detail if wait else "",
        "may_hold": actor.role in DRAWERS,
    }
    response = render(request, "inspections/draw_notice.html", context, status=wait.status if wait else 200)
    if wait:
        response["Retry-After"] = str(wait.retry_after)
    return response


def _replacements(visits: Iterable[Visit]) -> dict[UUID, list[dict[str, Any]]]:
    """For each visit: who goes instead of whom was drawn, on whose word and why."""
    return {
        visit: [
            {
                "names": listed(str(one["name"]) for one in act.data.get("members", [])),
                "reason": act.data.get("reason", ""),
                "by": act.actor_name,
                "at": act.at,
            }
            for act in acts
        ]
        for visit, acts in queries.replaced(visits).items()
    }


@require_GET
def draw(request: HttpRequest, draw_id: UUID) -> HttpResponse:
    actor = reader_of(request, among=READERS)
    if not queries.held(draw_id):
        return _announced(request, actor, draw_id)
    row = queries.draw(draw_id)
    published = row.published
    firms = {one["id"]: one for one in published["enterprises"]}
    people = {one["id"]: one for one in published["officers"]}
    counties = region_names({int(one["county"]) for one in [*firms.values(), *people.values()]})
    again = drawing.replay(queries.record_of(row))
    visits = {visit.enterprise_id: visit for visit in Visit.objects.filter(draw=row)}
    replaced = _replacements(visits.values())
    body = queries.body_of(row)
    may_plan = actor.role in DRAWERS and not visits and (body is None or own(body, actor))
    context = {
        "title": row.title,
        "row": row,
        "crumbs": [{"label": _("Draws"), "url": reverse("inspections:draws")}, {"label": row.number}],
        "facts": draw_facts(row),
        "drawn": [
            {
                "place": place,
                "firm": firms[one["enterprise"]],
                "county": counties.get(int(firms[one["enterprise"]]["county"]), ""),
                "officers": [people[officer] for officer in one["officers"]],
                "visit": (visit := visits.get(UUID(one["enterprise"]))),
                "replaced": replaced.get(visit.pk, []) if visit else [],
                "missing": published["asked"]["officers_each"] - len(one["officers"]),
                "passed": [
                    {"name": people[away["officer"]]["name"], "reason": REASONS.get(away["reason"], away["reason"])}
                    for away in one["passed_over"]
                ],
            }
            for place, one in enumerate(row.result, start=1)
        ],
        "left_out": [*left_out(published), *pairs(published)],
        "counts": [{"label": _("Enterprises drawn"), "value": len(row.result)}, *counts(published)],
        "same": again.same,
        "may_plan": may_plan,
        "planned_by": _planned_by(body) if body is not None and not may_plan and not visits else "",
    }
    return render(request, "inspections/draw.html", context)


def plan(request: HttpRequest, draw_id: UUID) -> HttpResponse:
    """From the drawn enterprises to visits, each with its officers."""
    actor = _drawer(request)
    row = queries.draw(draw_id)
    data = request.POST if request.method == "POST" else None
    asked_for = row.published["asked"]
    initial = {
        "planned_on": asked_for["planned_on"],
        "check": "county",
        "style": "cross_region" if asked_for["other_region"] else "unannounced",
    }
    body = queries.body_of(row)
    if body is not None and not own(body, actor):
        raise Forbidden(_planned_by(body))
    form = InputForm(
        DrawnFacts,
        data,
        initial=initial,
        makers={"organisation": body_maker(able_bodies(actor))},
        options={"check": CHECKS[:2], "style": STYLES},
        leave_out=("organisation",) if body is not None else (),
    )
    if request.method == "POST":
        try:
            made = plan_drawn(actor=actor, draw=draw_id, data=form.payload())
        except (Invalid, Conflict) as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("%(count)s visits are planned.") % {"count": len(made)})
            return redirect("inspections:draw", draw_id)
    context = {
        "form": form,
        "title": _("Plan the visits of %(number)s") % {"number": row.number},
        "submit_label": _("Plan"),
        "columns": 2,
        "back_url": reverse("inspections:draw", args=[draw_id]),
    }
    return render(request, "form.html", context, status=422 if form.is_bound and form.errors else 200)


def _planned_by(body: Organisation) -> str:
    return _("The visits of this draw are planned by “%(name)s”, for which it was held.") % {"name": body.name}


@require_GET
def record(request: HttpRequest, draw_id: UUID) -> HttpResponse:
    """The published record as a file, for `anlan draw replay` or any program; before the draw what was announced."""
    reader_of(request, among=READERS)
    row: Draw | DrawNotice
    if queries.held(draw_id):
        row = queries.draw(draw_id)
        published = queries.record_of(row)
    else:
        row = queries.notice(draw_id)
        published = queries.announcement_of(row)
    answer = HttpResponse(
        json.dumps(published, ensure_ascii=False, indent=1), content_type="application/json; charset=utf-8"
    )
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{row.number}.json") or ""
    return answer
