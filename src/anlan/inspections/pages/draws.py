"""Random draws: announced, held, shown with everything they follow from, and done again."""

import json
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from anlan.experts.models import Avoidance
from anlan.identity import roles
from anlan.identity.models import Organisation
from anlan.identity.pages.common import list_page
from anlan.identity.paging import Page
from anlan.inspections import drawing
from anlan.inspections.actions.draws import DRAWERS, NoHeadYet, announce_draw, hold_draw, plan_drawn
from anlan.inspections.models import Draw, DrawNotice, Visit
from anlan.inspections.models.visit import CHECKS, STYLES
from anlan.inspections.needs_draw import DrawFacts, DrawnFacts
from anlan.inspections.queries import draws as queries
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Conflict, Forbidden, Invalid, SignInNeeded
from anlan.kernel.forms import InputForm, Maker, asked
from anlan.kernel.scope import within
from anlan.registry.facilities import facilities
from anlan.registry.models import Enterprise
from anlan.registry.queries import industries, industry_names, region_choices, region_names

READERS = DRAWERS | {roles.AUDITOR}
REASONS = {
    "suspended": gettext_lazy("suspended"),
    "closed": gettext_lazy("closed"),
    "visited": gettext_lazy("visited a short time ago"),
    "planned": gettext_lazy("a visit is planned already"),
    "no_certificate": gettext_lazy("no valid certificate for this field"),
    "other_field": gettext_lazy("the post does not inspect this field"),
    "own_region": gettext_lazy("own county"),
    "enough_visits": gettext_lazy("enough visits already"),
    "last_visitor": gettext_lazy("came the last time"),
    **dict(Avoidance.KINDS),
}


def _reader(request: HttpRequest) -> Actor:
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise SignInNeeded
    if actor.role not in READERS:
        raise Forbidden
    return actor


def _drawer(request: HttpRequest) -> Actor:
    actor = _reader(request)
    if actor.role not in DRAWERS:
        raise Forbidden
    return actor


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    actor = _reader(request)
    return list_page(
        request,
        title=_("Draws"),
        fetch=partial(queries.draws, actor),
        table=partial(_table, actor),
        template="inspections/draws.html",
        context={"announced": queries.announced(actor)},
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
        "create_url": reverse("inspections:announce-draw") if actor.role in DRAWERS else "",
        "create_label": _("Announce a draw"),
        "empty": {"title": _("No draw was held yet."), "icon": "arrows-shuffle"},
    }


def announce(request: HttpRequest) -> HttpResponse:
    """The first act: who may be drawn is fixed."""
    actor = _drawer(request)
    data = request.POST if request.method == "POST" else None
    initial = {"region": actor.region, "planned_on": clock.today() + timedelta(days=7)}
    form = InputForm(DrawFacts, data, initial=initial, makers=_makers(actor))
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
            *_asked(row, published),
            {"label": _("Announced by"), "value": row.announcer_name},
            {"label": _("Announced at"), "value": row.announced_at, "template": "components/cells/datetime.html"},
            {"label": _("Size of the ledger's signed head then"), "value": published["head_size"]},
            {"label": _("SHA-256 of the announcement"), "value": row.digest, "wide": True},
        ],
        "counts": _counts(published),
        "groups": [
            {"label": label, "rows": published[key]}
            for label, key in (
                (_("Enterprises that could be drawn"), "enterprises"),
                (_("Officers that could be drawn"), "officers"),
            )
        ],
        "left_out": _left_out(published),
        "wait": wait.detail if wait else "",
        "may_hold": actor.role in DRAWERS,
    }
    response = render(request, "inspections/draw_notice.html", context, status=wait.status if wait else 200)
    if wait:
        response["Retry-After"] = str(wait.retry_after)
    return response


def _counts(published: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"label": _("Enterprises that could be drawn"), "value": len(published["enterprises"])},
        {"label": _("Officers that could be drawn"), "value": len(published["officers"])},
        {"label": _("Pairs kept apart"), "value": len(published["avoidances"])},
    ]


def _left_out(published: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"label": label, "rows": [one | {"why": REASONS.get(one["reason"], one["reason"])} for one in found]}
        for label, found in (
            (_("Enterprises left out"), published["left_out"]["enterprises"]),
            (_("Officers left out"), published["left_out"]["officers"]),
        )
        if found
    ]


def _replacements(visits: Iterable[Visit]) -> dict[UUID, list[dict[str, Any]]]:
    """For each visit: who goes instead of whom was drawn, on whose word and why."""
    return {
        visit: [
            {
                "names": "、".join(str(one["name"]) for one in act.data.get("members", [])),
                "reason": act.data.get("reason", ""),
                "by": act.actor_name,
                "at": act.at,
            }
            for act in acts
        ]
        for visit, acts in queries.replaced(visits).items()
    }


def _makers(actor: Actor) -> dict[str, Maker]:
    names = industry_names()
    fields = [(row.code, names[row.code]) for row in industries(actor)]
    grades = [(code, label) for code, label in Enterprise.GRADES if code]
    kinds = [("", _("any")), *facilities().items()]
    return {
        "region": lambda one: asked(one, forms.Select(choices=region_choices(actor))),
        "industry": lambda one: asked(one, forms.Select(choices=fields)),
        "grades": lambda one: asked(one, forms.CheckboxSelectMultiple(choices=grades)),
        "facility": lambda one: asked(one, forms.Select(choices=kinds)),
    }


@require_GET
def draw(request: HttpRequest, draw_id: UUID) -> HttpResponse:
    actor = _reader(request)
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
    context = {
        "title": row.title,
        "row": row,
        "crumbs": [{"label": _("Draws"), "url": reverse("inspections:draws")}, {"label": row.number}],
        "facts": _facts(row),
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
        "left_out": _left_out(published),
        "counts": [{"label": _("Enterprises drawn"), "value": len(row.result)}, *_counts(published)],
        "same": again.same,
        "may_plan": actor.role in DRAWERS and not visits,
    }
    return render(request, "inspections/draw.html", context)


def _facts(row: Draw) -> list[dict[str, Any]]:
    published = row.published
    found = [
        *_asked(row, published),
        {"label": _("Held by"), "value": row.drawer_name},
        {"label": _("Held at"), "value": row.drawn_at, "template": "components/cells/datetime.html"},
    ]
    if row.notice is None:
        found.append({"label": _("Where the seed comes from"), "value": published["seed_origin"], "wide": True})
    else:
        head = published["head"]
        found += [
            {"label": _("Announced by"), "value": row.notice.announcer_name},
            {
                "label": _("Announced at"),
                "value": row.notice.announced_at,
                "template": "components/cells/datetime.html",
            },
            {"label": _("SHA-256 of the announcement"), "value": published["announcement"], "wide": True},
            {
                "label": _("The ledger's signed head"),
                "value": _("size %(size)s (announced at %(before)s), root %(root)s")
                % {"size": head["size"], "before": published["head_size"], "root": head["root"]},
                "wide": True,
            },
        ]
    return [
        *found,
        {
            "label": _("Seed: SHA-256 of root and announcement") if row.notice else _("Seed"),
            "value": row.seed,
            "wide": True,
        },
        {"label": _("SHA-256 of the record"), "value": row.digest, "wide": True},
    ]


def _asked(row: Draw | DrawNotice, published: dict[str, Any]) -> list[dict[str, Any]]:
    asked_for = published["asked"]
    region = int(asked_for["region"])
    return [
        {"label": _("Number"), "value": row.number},
        {"label": _("What it is for"), "value": row.remark},
        {"label": _("Enterprises of"), "value": region_names([region])[region]},
        {"label": _("Supervision field"), "value": industry_names().get(asked_for["industry"], asked_for["industry"])},
        {"label": _("Grades"), "value": "、".join(asked_for["grades"]) or _("all")},
        {"label": _("Kind of facility"), "value": facilities().get(asked_for["facility"], "") or _("any")},
        {"label": _("Not visited for (days)"), "value": asked_for["not_visited_days"]},
        {"label": _("Not the last visitors for (days)"), "value": asked_for["last_visitor_days"]},
        {"label": _("Officers to each"), "value": asked_for["officers_each"]},
        {"label": _("Officers from other counties only"), "value": _("Yes") if asked_for["other_region"] else _("No")},
        {"label": _("Visits planned for"), "value": asked_for["planned_on"]},
    ]


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
    makers: dict[str, Maker] = {
        "organisation": lambda one: asked(one, forms.Select(choices=[("", "—"), *_bodies(actor)])),
    }
    form = InputForm(DrawnFacts, data, initial=initial, makers=makers, options={"check": CHECKS[:2], "style": STYLES})
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


def _bodies(actor: Actor) -> list[tuple[str, str]]:
    rows = Organisation.objects.filter(within(actor, industry=None), kind="department", active=True)
    return [(str(pk), name) for pk, name in rows.order_by("region", "name").values_list("pk", "name")[:300]]


@require_GET
def record(request: HttpRequest, draw_id: UUID) -> HttpResponse:
    """The published record as a file, for `anlan draw replay` or any program; before the draw what was announced."""
    _reader(request)
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
