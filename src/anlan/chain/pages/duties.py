"""Duties: the list, and the forms of the verbs. In the panel a verb answers with the cell as it is now."""

from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from anlan.chain import actions, queries, rules
from anlan.chain.exporting import duties_file
from anlan.chain.forms import ChainForm, DutyFilter, initial_of, options
from anlan.chain.models import Duty
from anlan.chain.needs import DutyChange, DutyEnd, DutyInput, HandOver
from anlan.chain.pages.checker import checker_context
from anlan.chain.pages.common import crumbs, keeper_of, reader_of
from anlan.chain.pages.matrix import cell_context, matrix_context
from anlan.chain.queries import DutyFilters, holder_words, title_words
from anlan.chain.queries.matrix import column_of
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.api import cursor, read_cursor
from anlan.kernel.errors import Invalid
from anlan.kernel.pages import attempt, download, form_page, picked, picker_name
from anlan.registry.queries import industry_names, region_names


def filters_of(form: DutyFilter) -> DutyFilters:
    """What of the address can be used; a filter nobody offered counts as absent."""
    form.is_valid()
    clean = form.cleaned_data if form.is_bound else {}
    when = clean.get("when") or "now"
    return DutyFilters(
        words=(clean.get("q") or "").strip(),
        region=clean.get("region"),
        kind=clean.get("kind") or "",
        part=clean.get("part") or "",
        industry=clean.get("industry") or "",
        when="" if when == "all" else when,
    )


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    form = DutyFilter(actor, request.GET or None)
    filters = filters_of(form)
    page = queries.duties(actor, filters, after=_place(request, "after"), before=_place(request, "before"))
    keeps = rules.keeps_chain(actor)
    table = {
        "id": "duties",
        "label": _("List of duties"),
        "columns": [
            {"key": "place", "label": _("Region"), "lead": True, "always": True},
            {"key": "duty", "label": _("Duty")},
            {"key": "industry", "label": _("Industry")},
            {"key": "matter", "label": _("Part of the sector")},
            {"key": "organisation", "label": _("Organisation")},
            {"key": "person", "label": _("Person")},
            {"key": "phone", "label": _("Phone"), "hidden": True},
            {"key": "basis", "label": _("Basis"), "hidden": True},
            {"key": "from", "label": _("From"), "kind": "date"},
            {"key": "to", "label": _("Until"), "kind": "date"},
        ],
        "rows": _rows(page.rows, keeps=keeps),
        "page": {
            "next": cursor(*page.after) if page.after else None,
            "previous": cursor(*page.before) if page.before else None,
            "words": _counted(queries.count_duties(actor, filters)),
        },
        "export_url": reverse("chain:export"),
        "create_url": reverse("chain:give") if keeps else "",
        "create_label": _("Give a duty"),
    }
    context = {
        "title": _("List of duties"),
        "filter_form": form,
        "table": table,
        "keeps": keeps,
        "crumbs": crumbs(_("List of duties")),
    }
    return render(request, "chain/duties.html", context)


def _rows(found: list[Duty], *, keeps: bool) -> list[dict[str, Any]]:
    places, fields = region_names(one.region for one in found), industry_names()
    kinds, parts, today = dict(Duty.KINDS), dict(Duty.PARTS), clock.today()
    rows = []
    for one in found:
        ended = one.valid_to is not None and one.valid_to < today
        acts = [
            {"label": _("Change"), "url": reverse("chain:change", args=[one.pk]), "panel": True},
            {"label": _("End"), "url": reverse("chain:end", args=[one.pk]), "panel": True},
        ]
        rows.append(
            {
                "id": str(one.pk),
                "tone": "muted" if ended else "",
                "cells": {
                    "place": places.get(one.region, str(one.region)),
                    "duty": f"{kinds[one.kind]} · {parts[one.part]}",
                    "industry": fields.get(one.industry_id or "", ""),
                    "matter": one.matter,
                    "organisation": one.organisation.name if one.organisation else "",
                    "person": " ".join(filter(None, (title_words(one), holder_words(one)))),
                    "phone": one.phone,
                    "basis": one.basis,
                    "from": one.valid_from,
                    "to": one.valid_to,
                },
                **({"actions": acts} if keeps and not ended else {}),
            }
        )
    return rows


def _counted(count: int) -> str:
    if count > queries.COUNTED:
        return _("more than %(n)s duties") % {"n": f"{queries.COUNTED:,}"}
    return ngettext("%(n)s duty", "%(n)s duties", count) % {"n": f"{count:,}"}


def _place(request: HttpRequest, name: str) -> tuple[int, UUID] | None:
    """A cursor that was not made here begins at the top."""
    try:
        text = request.GET.get(name, "")
        region, record = read_cursor(text, int, UUID) if text else (0, None)
    except Invalid:
        return None
    return (region, record) if record is not None and 0 <= region < 10**12 else None


@require_GET
def export(request: HttpRequest) -> FileResponse:
    actor = reader_of(request)
    filters = filters_of(DutyFilter(actor, request.GET or None))
    return download(duties_file(actor, filters), f"{_('List of duties')}-{clock.today()}.xlsx")


@require_GET
def pick(request: HttpRequest, kind: str) -> HttpResponse:
    """What the pickers find while one types."""
    actor = keeper_of(request)
    name = picker_name(request, kind, ("organisation", "post"))
    words = request.GET.get(f"{name}_words", "").strip()
    return picked(request, name, options(actor, kind, words) if words else [])


def give(request: HttpRequest) -> HttpResponse:
    actor = keeper_of(request)
    known = {name: request.GET[name] for name in ("kind", "part", "region", "industry") if request.GET.get(name)}
    form = ChainForm(actor, DutyInput, request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST":
        made = attempt(form, lambda typed: actions.give_duty(actor=actor, data=typed))
        if made is not None:
            return _done(request, actor, made, _("The duty is given."))
    return form_page(
        request,
        form,
        title=_("Give a duty"),
        submit_label=_("Give"),
        columns=2,
        action=f"{reverse('chain:give')}?{urlencode(known)}",
        back_url=reverse("chain:duties"),
    )


def change(request: HttpRequest, duty_id: UUID) -> HttpResponse:
    actor = keeper_of(request)
    found = queries.duty(duty_id)
    form = ChainForm(
        actor, DutyChange, request.POST if request.method == "POST" else None, initial=initial_of(found),
        leave_out=() if found.kind == "sector" else ("matter",),
    )  # fmt: skip
    if request.method == "POST":
        made = attempt(form, lambda typed: actions.change_duty(actor=actor, duty=duty_id, data=typed))
        if made is not None:
            return _done(request, actor, made, _("The changes are saved."))
    return form_page(
        request,
        form,
        title=_("Change: %(duty)s") % {"duty": duty_words(found)},
        columns=2,
        back_url=reverse("chain:duties"),
    )


def end(request: HttpRequest, duty_id: UUID) -> HttpResponse:
    actor = keeper_of(request)
    found = queries.duty(duty_id)
    form = ChainForm(actor, DutyEnd, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        ended = attempt(form, lambda typed: actions.end_duty(actor=actor, duty=duty_id, data=typed))
        if ended is not None:
            return _done(request, actor, ended, _("The duty is ended; its record stays."))
    return form_page(
        request,
        form,
        title=_("End: %(duty)s") % {"duty": duty_words(found)},
        submit_label=_("End the duty"),
        submit_tone="danger",
        consequences=[
            _("The record stays with its days and can be found under “ended”."),
            _("Until somebody else is given it, the checker tells that nobody answers."),
        ],
        back_url=reverse("chain:duties"),
    )


def hand_over(request: HttpRequest) -> HttpResponse:
    actor = keeper_of(request)
    form = ChainForm(actor, HandOver, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        moved = attempt(form, lambda typed: actions.hand_over(actor=actor, data=typed))
        if moved is not None:
            words = ngettext("%(n)s duty is handed over.", "%(n)s duties are handed over.", len(moved))
            messages.success(request, words % {"n": len(moved)})
            return redirect("chain:duties")
    return form_page(
        request,
        form,
        title=_("Hand over"),
        submit_label=_("Hand over all duties"),
        columns=2,
        intro=_(
            "Everything one person has in your territory goes to another from a day. What was stays with its days."
        ),
        consequences=[
            _("Every duty of who leaves ends the day before; the successor has the same duties from that day.")
        ],
        back_url=reverse("chain:duties"),
    )


def duty_words(one: Duty) -> str:
    who = (one.organisation.name if one.organisation else "") or holder_words(one)
    return " · ".join(
        filter(None, (str(dict(Duty.PARTS)[one.part]), industry_names().get(one.industry_id or "", ""), who))
    )


def _done(request: HttpRequest, actor: Actor, duty: Duty, words: str) -> HttpResponse:
    """In the panel of the matrix or the checker: the cell as it is now, and what of the page behind is no longer true."""
    column = column_of(duty.kind, duty.industry_id or "")
    if request.headers.get("HX-Request") == "true" and (behind := _behind(request, actor)):
        context = cell_context(actor, duty.region, column) | {"words": words} | behind
        return render(request, "chain/_mended.html", context)
    messages.success(request, words)
    if request.headers.get("HX-Request") == "true":
        return redirect("chain:duties")
    return redirect("chain:cell", duty.region, column)


def _behind(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """The page that the panel lies over, counted anew with the filters of its address."""
    address = urlsplit(request.headers.get("HX-Current-URL", ""))
    if address.path == reverse("chain:matrix"):
        return {"matrix": matrix_context(actor, QueryDict(address.query))}
    if address.path == reverse("chain:checker"):
        return {"checker": checker_context(actor, QueryDict(address.query))}
    return {}
