"""The pool: experts, one of them, groups."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anlan.experts import actions, needs, queries, rules
from anlan.experts.forms import SEARCHES, ExpertFilter, expert_initial, form, source_of
from anlan.experts.models import Expert
from anlan.experts.pages.common import reader_of
from anlan.experts.rules import bits_of
from anlan.identity.pages.common import asked, list_page
from anlan.identity.paging import Page
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Forbidden, NotFound
from anlan.kernel.pages import attempt, form_page, offered, picker_name
from anlan.kernel.phrases import listed
from anlan.registry.facilities import facilities
from anlan.registry.queries import region_names
from anlan.registry.queries.places import industry_bits


def tabs(request: HttpRequest) -> list[dict[str, Any]]:
    names = (
        ("experts", _("Experts")),
        ("groups", _("Expert groups")),
        ("certificates", _("Officers' certificates")),
        ("avoidances", _("Avoidances")),
    )
    urls = [(label, reverse(f"experts:{name}")) for name, label in names]
    return [{"label": label, "url": url, "active": request.path == url} for label, url in urls]


@require_GET
def experts(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    filters = ExpertFilter(actor, request.GET or None)
    return list_page(
        request,
        title=_("Experts"),
        form=filters,
        fetch=partial(queries.experts, actor, **asked(filters)),
        table=partial(_table, actor),
        tabs=tabs(request),
    )


def _table(actor: Actor, page: Page[Expert]) -> dict[str, Any]:
    places, levels, kinds = region_names(row.region for row in page.rows), dict(Expert.LEVELS), facilities()
    standing = queries.standings([row.person_id for row in page.rows])
    rows = []
    for row in page.rows:
        held = standing.get(row.person_id) if row.person_id else None
        cells = {
            "name": row.name,
            "level": levels[row.level],
            "region": places.get(row.region, ""),
            "fields": field_words(row.industries),
            "specialties": [kinds.get(code, code) for code in row.specialties],
            "employer": row.employer,
            "title": row.title,
            "groups": listed(one.name for one in row.groups.all()),
            "found": held.found if held else None,
            "held": f"{held.held_share}%" if held and held.held_share is not None else "",
            "state": state(row),
        }
        rows.append({"id": row.pk, "url": reverse("experts:expert", args=[row.pk]), "cells": cells})
    keeper = rules.keeps_experts(actor)
    return {
        "id": "experts",
        "label": _("Experts"),
        "columns": [
            {"key": "name", "label": _("Full name"), "kind": "link", "lead": True, "always": True},
            {"key": "level", "label": _("Level")},
            {"key": "state", "label": _("State"), "kind": "state"},
            {"key": "region", "label": _("Region")},
            {"key": "fields", "label": _("Supervision fields")},
            {"key": "specialties", "label": _("Specialties"), "kind": "tags"},
            {"key": "employer", "label": _("Employer")},
            {"key": "title", "label": _("Professional title"), "hidden": True},
            {"key": "groups", "label": _("Groups")},
            {"key": "found", "label": _("Found"), "kind": "number"},
            {"key": "held", "label": _("Recognised")},
        ],
        "rows": rows,
        "create_url": reverse("experts:add") if keeper else "",
        "create_label": _("Add an expert"),
        "empty": {"title": _("No expert fits."), "icon": "school"},
    }


def field_words(mask: int) -> str:
    if mask == -1:
        return _("all fields")
    names = dict(industry_bits())
    return listed(names[bit] for bit in bits_of(mask) if bit in names)


def state(row: Expert) -> dict[str, Any]:
    today = clock.today()
    if not queries.in_pool(row, today):
        return {"label": _("not in the pool"), "tone": "muted"}
    return {"label": _("in the pool"), "tone": "done"}


@require_GET
def expert(request: HttpRequest, expert_id: UUID) -> HttpResponse:
    actor = reader_of(request)
    row = queries.expert(expert_id)
    place = region_names([row.region])[row.region]
    held = queries.standings([row.person_id]).get(row.person_id) if row.person_id else None
    own = row.person_id is not None and row.person_id == actor.person
    keeper = rules.keeps_experts(actor) and actor.covers(row.region)
    kinds = facilities()
    context = {
        "title": row.name,
        "row": row,
        "state": state(row),
        "crumbs": [{"label": _("Experts"), "url": reverse("experts:experts")}, {"label": row.name}],
        "facts": [
            {"label": _("Level"), "value": dict(Expert.LEVELS)[row.level]},
            {"label": _("Kept by the office of"), "value": place},
            {"label": _("Supervision fields"), "value": field_words(row.industries)},
            {"label": _("Specialties"), "value": listed(kinds.get(code, code) for code in row.specialties)},
            {"label": _("Professional title"), "value": row.title},
            {"label": _("Employer"), "value": row.employer},
            {"label": _("Phone"), "value": row.phone if keeper or own else ""},
            {"label": _("In the pool since"), "value": row.since, "template": "components/cells/date.html"},
            {"label": _("In the pool until"), "value": row.until, "template": "components/cells/date.html"},
            {"label": _("Groups"), "value": listed(one.name for one in row.groups.all())},
            {"label": _("Remark"), "value": row.remark, "wide": True},
        ],
        "figures": _figures(held),
        "absences": sorted(row.absences.all(), key=lambda one: one.first, reverse=True)[:20],
        "may_edit": keeper,
        "may_note": keeper or own,
        "today": clock.today(),
    }
    return render(request, "experts/expert.html", context)


def _figures(held: queries.Standing | None) -> list[dict[str, Any]]:
    if held is None:
        return []
    return [
        {"label": _("Hazards found"), "value": held.found},
        {"label": _("of them major"), "value": held.major},
        {"label": _("not recognised"), "value": held.dismissed},
        {"label": _("closed off"), "value": held.closed},
        {"label": _("Recognised"), "value": held.held_share if held.held_share is not None else "—", "unit": "%"},
    ]


def add(request: HttpRequest) -> HttpResponse:
    actor = _keeper(request)
    shown = form(
        needs.ExpertFacts, actor, request.POST if request.method == "POST" else None,
        {"region": actor.region, "since": clock.today(), "level": "city"},
    )  # fmt: skip
    if request.method == "POST" and (made := attempt(shown, lambda typed: actions.add_expert(actor=actor, data=typed))):
        messages.success(request, _("“%(name)s” is in the pool.") % {"name": made.name})
        return redirect("experts:expert", made.pk)
    return form_page(request, shown, title=_("Add an expert"), back_url=reverse("experts:experts"), draft="expert-new")


def edit(request: HttpRequest, expert_id: UUID) -> HttpResponse:
    actor = _keeper(request)
    row = queries.expert(expert_id)
    if not actor.covers(row.region):
        raise NotFound
    shown = form(needs.ExpertFacts, actor, request.POST if request.method == "POST" else None, expert_initial(row))
    if (
        request.method == "POST"
        and attempt(shown, lambda typed: actions.edit_expert(actor=actor, expert=row.pk, data=typed)) is not None
    ):
        messages.success(request, _("The changes are saved."))
        return redirect("experts:expert", row.pk)
    back = reverse("experts:expert", args=[row.pk])
    return form_page(request, shown, title=_("Change %(name)s") % {"name": row.name}, back_url=back)


def absence(request: HttpRequest, expert_id: UUID) -> HttpResponse:
    actor = reader_of(request)
    row = queries.expert(expert_id)
    shown = form(needs.AbsenceFacts, actor, request.POST if request.method == "POST" else None)
    if (
        request.method == "POST"
        and attempt(shown, lambda typed: actions.note_absence(actor=actor, expert=row.pk, data=typed)) is not None
    ):
        messages.success(request, _("The absence is noted."))
        return redirect("experts:expert", row.pk)
    back = reverse("experts:expert", args=[row.pk])
    return form_page(request, shown, title=_("Absence of %(name)s") % {"name": row.name}, back_url=back)


@require_POST
def absence_over(request: HttpRequest, absence_id: UUID) -> HttpResponse:
    actor = reader_of(request)
    expert_id = queries.expert_of_absence(absence_id)
    actions.end_absence(actor=actor, absence=absence_id)
    messages.success(request, _("The absence is taken back."))
    return redirect("experts:expert", expert_id)


@require_GET
def groups(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    found = queries.groups(actor)
    places = region_names(row.region for row in found)
    keeper = rules.keeps_experts(actor)
    rows = [
        {
            "id": row.pk,
            "url": reverse("experts:group", args=[row.pk]) if keeper else "",
            "tone": "" if row.active else "muted",
            "cells": {
                "name": row.name,
                "region": places.get(row.region, ""),
                "leader": row.leader.name if row.leader else "",
                "members": listed(one.name for one in row.members.all()),
                "fields": field_words(row.industries),
                "state": {"label": _("in use"), "tone": "done"}
                if row.active
                else {"label": _("dissolved"), "tone": "muted"},
            },
        }
        for row in found
    ]
    table = {
        "id": "expert-groups",
        "label": _("Expert groups"),
        "columns": [
            {"key": "name", "label": _("Name of the group"), "kind": "link" if keeper else "text", "lead": True},
            {"key": "region", "label": _("Region")},
            {"key": "leader", "label": _("Leader")},
            {"key": "members", "label": _("Members")},
            {"key": "fields", "label": _("Supervision fields")},
            {"key": "state", "label": _("State"), "kind": "state"},
        ],
        "rows": rows,
        "create_url": reverse("experts:add-group") if keeper else "",
        "create_label": _("Form a group"),
        "empty": {"title": _("There is no group yet."), "icon": "users-group"},
    }
    context = {"title": _("Expert groups"), "table": table, "tabs": tabs(request)}
    return render(request, "list.html", context)


def group(request: HttpRequest, group_id: UUID | None = None) -> HttpResponse:
    actor = _keeper(request)
    row = queries.group(group_id) if group_id else None
    initial: dict[str, Any] = {"region": actor.region, "active": "true"}
    if row:
        initial = {"name": row.name, "region": row.region, "leader": row.leader_id, "active": str(row.active).lower()}
        initial["members"] = [str(one.pk) for one in row.members.all()]
    shown = form(needs.GroupFacts, actor, request.POST if request.method == "POST" else None, initial)
    if (
        request.method == "POST"
        and attempt(shown, lambda typed: actions.keep_group(actor=actor, group=group_id, data=typed)) is not None
    ):
        messages.success(request, _("The group is saved."))
        return redirect("experts:groups")
    title = _("Change %(name)s") % {"name": row.name} if row else _("Form a group")
    return form_page(request, shown, title=title, back_url=reverse("experts:groups"))


@require_GET
def pick(request: HttpRequest, kind: str) -> HttpResponse:
    """What a form's picker finds while one types."""
    actor = reader_of(request)
    name = picker_name(request, kind, SEARCHES)
    source = source_of(kind, actor, name, multiple=name == "members")
    return offered(request, source, name)


def _keeper(request: HttpRequest) -> Actor:
    actor = reader_of(request)
    if not rules.keeps_experts(actor):
        raise Forbidden
    return actor
