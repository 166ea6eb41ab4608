"""Duty lists and cards of an enterprise."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from anlan.chain import actions, queries, rules
from anlan.chain.forms import ChainForm, point_source
from anlan.chain.models import DutyCard
from anlan.chain.needs import Acknowledgement, CardInput
from anlan.chain.wording import card_default
from anlan.identity import roles
from anlan.identity.asking import actor_of
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Forbidden, NotFound
from anlan.kernel.pages import attempt, form_page, offered
from anlan.registry.models import Enterprise
from anlan.registry.points import Point, points_named
from anlan.registry.queries import enterprise as enterprise_of

READERS = frozenset({*roles.OFFICIALS, *roles.ENTERPRISE_POSTS})


def _reader(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if actor.role not in READERS:
        raise Forbidden
    return actor


def _own(request: HttpRequest, enterprise_id: UUID) -> tuple[Actor, Enterprise]:
    actor = _reader(request)
    firm = enterprise_of(enterprise_id)
    if not rules.keeps_cards(actor, firm):
        raise Forbidden
    return actor, firm


@require_GET
def own(request: HttpRequest) -> HttpResponse:
    """The menu's entry: the enterprise of the post; officials are shown the whole territory's state."""
    actor = _reader(request)
    if actor.role in roles.OFFICIALS:
        return redirect("chain:coverage")
    if not actor.enterprises:
        raise NotFound
    return redirect("chain:enterprise-cards", actor.enterprises[0])


@require_GET
def listing(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    actor = _reader(request)
    firm = enterprise_of(enterprise_id)
    found = queries.cards(firm.pk)
    keeps = rules.keeps_cards(actor, firm)
    levels = dict(DutyCard.LEVELS)
    table = {
        "id": "cards",
        "label": _("Duty lists"),
        "columns": [
            {"key": "title", "label": _("Post"), "kind": "link", "lead": True, "always": True},
            {"key": "level", "label": _("Level")},
            {"key": "holder", "label": _("Who holds it")},
            {"key": "duties", "label": _("Duties"), "kind": "number"},
            {"key": "state", "label": _("State"), "kind": "state"},
            {"key": "signed", "label": _("Acknowledged on"), "kind": "date"},
        ],
        "rows": [
            {
                "id": str(one.pk),
                "url": reverse("chain:card", args=[one.pk]),
                "cells": {
                    "title": one.title,
                    "level": levels[one.level],
                    "holder": one.holder_name,
                    "duties": len(one.duties),
                    "state": state_view(one),
                    "signed": one.signed_on,
                },
            }
            for one in found
        ],
        "page": {"words": ngettext("%(n)s card", "%(n)s cards", len(found)) % {"n": len(found)}},
        "create_url": reverse("chain:add-card", args=[firm.pk]) if keeps else "",
        "create_label": _("Add a post"),
        "empty": {
            "title": _("No duty lists yet."),
            "text": _("Every post of an enterprise has its duties, from the principal to the worker."),
            "icon": "id",
        },
    }
    started = {one.level for one in found}
    context = {
        "title": _("Duty lists of %(name)s") % {"name": firm.name}
        if actor.role in roles.OFFICIALS
        else _("Duty lists"),
        "table": table,
        "firm": firm,
        "keeps": keeps,
        "may_draw_up": keeps and not {"principal", "safety_officer"} <= started,
        "cards": found,
        "crumbs": [
            {"label": firm.name, "url": reverse("registry:enterprise", args=[firm.pk])},
            {"label": _("Duty lists")},
        ],
    }
    return render(request, "chain/cards.html", context)


def state_view(one: DutyCard) -> dict[str, Any]:
    if not one.active:
        return {"label": _("set aside"), "tone": "muted"}
    if not one.holder_name:
        return {"label": _("nobody holds it"), "tone": "late"}
    if one.signed_on is None:
        return {"label": _("not acknowledged"), "tone": "waiting"}
    return {"label": _("acknowledged"), "tone": "done"}


def card_views(request: HttpRequest, found: Sequence[DutyCard], firm: Enterprise) -> list[dict[str, Any]]:
    """The points of all of them are named by one question."""
    points = {str(one.id): one for one in points_named(firm.pk, {UUID(point) for one in found for point in one.risks})}
    return [card_view(request, one, firm, [points[point] for point in one.risks if point in points]) for one in found]


def card_view(request: HttpRequest, one: DutyCard, firm: Enterprise, points: Sequence[Point]) -> dict[str, Any]:
    address = request.build_absolute_uri(reverse("chain:card", args=[one.pk]))
    return {
        "card": one,
        "points": points,
        "firm": firm,
        "level": dict(DutyCard.LEVELS)[one.level],
        "basis": card_default(one.level).basis,
        "code": segno.make(address, error="m").svg_data_uri(scale=3, border=2),
    }


@require_GET
def card(request: HttpRequest, card_id: UUID) -> HttpResponse:
    actor = _reader(request)
    one = queries.card(card_id)
    keeps = rules.keeps_cards(actor, one.enterprise)
    personal = one.holder_id is not None
    context = {
        "title": one.title,
        "state": state_view(one),
        "view": card_views(request, [one], one.enterprise)[0],
        "keeps": keeps and one.active,
        "may_acknowledge": one.active
        and one.holder_name
        and one.signed_on is None
        and (one.holder_id == actor.person if personal else keeps and actor.role == roles.SAFETY_MANAGER),
        "personal": personal,
        "crumbs": [
            {"label": one.enterprise.name, "url": reverse("registry:enterprise", args=[one.enterprise_id])},
            {"label": _("Duty lists"), "url": reverse("chain:enterprise-cards", args=[one.enterprise_id])},
            {"label": one.title},
        ],
    }
    return render(request, "chain/card.html", context)


@require_GET
def printing(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    """All cards of an enterprise, one a sheet of A5."""
    _reader(request)
    firm = enterprise_of(enterprise_id)
    views = card_views(request, queries.cards(firm.pk), firm)
    context = {
        "title": _("Cards to print"),
        "views": views,
        "crumbs": [
            {"label": firm.name, "url": reverse("registry:enterprise", args=[firm.pk])},
            {"label": _("Duty lists"), "url": reverse("chain:enterprise-cards", args=[firm.pk])},
            {"label": _("Cards to print")},
        ],
    }
    return render(request, "chain/print.html", context)


@require_GET
def pick_points(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    """What the picker of a card's risk points finds while one types."""
    actor, firm = _own(request, enterprise_id)
    source = point_source(actor, firm.pk, "risks")
    return offered(request, source, "risks")


def add(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    actor, firm = _own(request, enterprise_id)
    level = request.GET.get("level", "team_leader")
    usual = card_default(level if level in queries.LEVELS else "team_leader")
    known = {
        "level": usual.level,
        "title": usual.title,
        "duties": "\n".join(usual.duties),
        "emergency": usual.emergency,
    }
    form = ChainForm(
        actor,
        CardInput,
        request.POST if request.method == "POST" else None,
        enterprise=firm.pk,
        initial=known,
        leave_out=("holder",),
    )
    if request.method == "POST":
        made = attempt(form, lambda typed: actions.add_card(actor=actor, enterprise=firm.pk, data=typed))
        if made is not None:
            messages.success(request, _("The card is written. It waits for its holder to acknowledge it."))
            return redirect("chain:enterprise-cards", firm.pk)
    return form_page(
        request,
        form,
        title=_("Add a post"),
        intro=_("The usual duties of the level are filled in; say them as your enterprise does."),
        back_url=reverse("chain:enterprise-cards", args=[firm.pk]),
    )


def change(request: HttpRequest, card_id: UUID) -> HttpResponse:
    one = queries.card(card_id)
    actor, firm = _own(request, one.enterprise_id)
    known = {name: getattr(one, name) for name in ("level", "title", "holder_name", "risks", "emergency")} | {
        "duties": "\n".join(one.duties)
    }
    form = ChainForm(
        actor,
        CardInput,
        request.POST if request.method == "POST" else None,
        enterprise=firm.pk,
        initial=known,
        leave_out=("holder",),
    )
    if request.method == "POST":

        def take(typed: dict[str, Any]) -> DutyCard:
            same = typed.get("holder_name") == one.holder_name
            return actions.change_card(
                actor=actor, card=card_id, data=typed | ({"holder": one.holder_id} if same else {})
            )

        if attempt(form, take) is not None:
            messages.success(request, _("The changes are saved."))
            return redirect("chain:card", card_id)
    return form_page(
        request,
        form,
        title=_("Change: %(duty)s") % {"duty": one.title},
        consequences=[_("The holder must acknowledge the changed card again.")] if one.signed_on else [],
        back_url=reverse("chain:card", args=[card_id]),
    )


def acknowledge(request: HttpRequest, card_id: UUID) -> HttpResponse:
    actor = _reader(request)
    one = queries.card(card_id)
    form = ChainForm(actor, Acknowledgement, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        signed = attempt(form, lambda typed: actions.acknowledge(actor=actor, card=card_id, data=typed))
        if signed is not None:
            messages.success(request, _("The card is acknowledged."))
            return redirect("chain:card", card_id)
    personal = one.holder_id is not None
    return form_page(
        request,
        form,
        title=_("Acknowledge: %(title)s") % {"title": one.title},
        intro=_("I have read the duties on this card and will keep them.")
        if personal
        else _("%(name)s has signed the card on paper; the enterprise keeps the paper.") % {"name": one.holder_name},
        submit_label=_("Acknowledge") if personal else _("Note the signature"),
        back_url=reverse("chain:card", args=[card_id]),
    )


@require_POST
def draw_up(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    actor, firm = _own(request, enterprise_id)
    made = actions.draw_up(actor=actor, enterprise=firm.pk)
    words = ngettext("%(n)s card is drawn up.", "%(n)s cards are drawn up.", len(made)) % {"n": len(made)}
    if made:
        messages.success(request, words)
    else:
        messages.info(
            request, _("Nobody is known to draw a card for. Fill in the principal and the safety manager first.")
        )
    return redirect("chain:enterprise-cards", firm.pk)


@require_POST
def end(request: HttpRequest, card_id: UUID) -> HttpResponse:
    actor = _reader(request)
    ended = actions.end_card(actor=actor, card=card_id)
    messages.success(request, _("The card is set aside."))
    return redirect("chain:enterprise-cards", ended.enterprise_id)
