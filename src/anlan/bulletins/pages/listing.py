"""The list of bulletins, and the form that begins one."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from anlan.bulletins import actions, needs, queries
from anlan.bulletins.figures.rows import month_after
from anlan.bulletins.forms import FilterForm
from anlan.bulletins.models import Bulletin
from anlan.bulletins.pages.common import asker, crumbs, months_words, name_of, state_view, url_of
from anlan.bulletins.queries.list import COUNTED
from anlan.identity import roles
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.api import as_moment
from anlan.kernel.errors import Forbidden
from anlan.kernel.forms import InputForm
from anlan.kernel.pages import attempt, form_page, read_place, write_place
from anlan.kernel.phrases import in_tongue

EARLIER = 24
"""Months that the form offers."""


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    actor = asker(request)
    filters = queries.read_filters(request.GET)
    page = queries.bulletins(
        actor,
        filters,
        after=read_place(request.GET.get("after", ""), as_moment, UUID),
        before=read_place(request.GET.get("before", ""), as_moment, UUID),
    )
    context = {
        "title": _("Bulletins"),
        "filter_form": FilterForm(actor, request.GET or None),
        "table": _table(actor, page, queries.count_bulletins(filters)),
    }
    return render(request, "list.html", context)


def _table(actor: Actor, page: queries.Page, counted: int) -> dict[str, Any]:
    if counted > COUNTED:
        words = _("more than %(n)s bulletins") % {"n": f"{COUNTED:,}"}
    else:
        words = ngettext("%(n)s bulletin", "%(n)s bulletins", counted) % {"n": f"{counted:,}"}
    found = {
        "id": "bulletins",
        "label": _("Bulletins"),
        "columns": [
            {"key": "number", "label": _("Number"), "kind": "link", "lead": True, "always": True, "width": "narrow"},
            {"key": "title", "label": _("Title of the bulletin"), "width": "wide"},
            {"key": "state", "label": _("State"), "kind": "state"},
            {"key": "months", "label": _("Months told of")},
            {"key": "campaign", "label": _("Campaign"), "hidden": True},
            {"key": "issued", "label": _("Issued on"), "kind": "date"},
            {"key": "created", "label": _("Drafted on"), "kind": "date", "hidden": True},
        ],
        "rows": [_row(row) for row in page.rows],
        "page": {"next": write_place(page.after), "previous": write_place(page.before), "words": words},
        "empty": {
            "title": _("No bulletin here"),
            "text": _("The committee office drafts one from the returns of a quarter; once issued, everybody concerned reads it here."),
            "icon": "file-text",
        },
    }  # fmt: skip
    if actor.role == roles.OFFICE:
        found |= {"create_url": reverse("bulletins:new"), "create_label": _("Draft a bulletin")}
    return found


def _row(row: Bulletin) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "url": url_of(row),
        "tone": "muted" if row.state in ("withdrawn", "discarded") else "",
        "cells": {
            "number": name_of(row),
            "title": row.title,
            "state": state_view(row),
            "months": months_words(row),
            "campaign": in_tongue(row.campaign),
            "issued": row.issued_on,
            "created": row.created_at,
        },
    }


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    actor = asker(request)
    if actor.role != roles.OFFICE:
        raise Forbidden(_("Only the committee office of a campaign's territory drafts bulletins."))
    form = _form(actor, request.POST if request.method == "POST" else None)
    if request.method == "POST" and (made := attempt(form, lambda sent: actions.draft(actor=actor, data=sent))):
        messages.success(request, _("Drafted: look at each section."))
        return redirect(url_of(made))
    return form_page(
        request,
        form,
        title=_("Draft a bulletin"),
        crumbs=crumbs({"label": _("Draft a bulletin")}),
        submit_label=_("Draft it"),
        back_url=reverse("bulletins:list"),
        intro=_("All figures are computed from accepted returns and the platform's records; each leads to its rows."),
    )


def _form(actor: Actor, data: Any) -> InputForm:
    campaigns = [one for one in queries.campaigns(actor) if actor.covers(one.region)]
    now = clock.today().replace(day=1)
    months = [month_after(now, -back) for back in range(EARLIER)]
    choices = [(month.isoformat(), f"{month:%Y-%m}") for month in months]
    first = quarter_before(now)
    initial = {
        "first_month": first.isoformat(),
        "last_month": month_after(first, 2).isoformat(),
        "campaign": str(campaigns[0].pk) if campaigns else "",
    }
    options: dict[str, list[tuple[Any, Any]]] = {
        "campaign": [(str(one.pk), in_tongue(one)) for one in campaigns],
        "first_month": choices,
        "last_month": choices,
        "withdraws": [("", _("none")), *((str(key), number) for key, number in queries.withdrawable(actor))],
    }
    return InputForm(needs.Draft, data, initial=initial, options=options)


def quarter_before(month: date) -> date:
    """The first month of the last quarter that is over."""
    return month_after(date(month.year, (month.month - 1) // 3 * 3 + 1, 1), -3)
