"""Setting a campaign up: the list, opening one, its page, who takes part, the months."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from anlan.campaigns import actions, needs
from anlan.campaigns.models import Campaign, Participant
from anlan.campaigns.queries import setup
from anlan.campaigns.rules import AT_WORK
from anlan.identity import roles
from anlan.identity.asking import reader_of
from anlan.identity.models import Organisation
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Forbidden
from anlan.kernel.forms import InputForm
from anlan.kernel.pages import attempt, form_page
from anlan.kernel.phrases import in_tongue
from anlan.kernel.reading import read_day
from anlan.kernel.timeline import state_words
from anlan.registry.queries import region_names

READERS = AT_WORK | {roles.LEADER, roles.AUDITOR}
FILLERS = dict(Participant.FILLERS)


def asker(request: HttpRequest) -> Actor:
    return reader_of(request, READERS)


def page_of(row: Campaign) -> str:
    return reverse("campaigns:campaign", args=[row.pk])


def crumbs(row: Campaign, label: str) -> list[dict[str, str]]:
    return [
        {"label": _("Campaigns"), "url": reverse("campaigns:list")},
        {"label": in_tongue(row), "url": page_of(row)},
        {"label": label},
    ]


def office_of(request: HttpRequest, campaign_id: UUID) -> tuple[Actor, Campaign]:
    """The office that runs it; everybody else is refused, even who may read it."""
    actor = asker(request)
    row = setup.campaign(actor, campaign_id)
    if not setup.runs(actor, row):
        raise Forbidden(actions.ONLY_OFFICE)
    return actor, row


def if_there(name: str, *args: Any) -> str:
    """The address of a page that stands in another part of the room."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    actor = asker(request)
    rows = setup.campaigns(actor)
    places = region_names(row.region for row in rows)
    may_open = actor.role == roles.OFFICE and actor.region is not None
    table = {
        "id": "campaigns",
        "label": _("Campaigns"),
        "columns": [
            {"key": "name", "label": _("Campaign"), "kind": "link", "lead": True, "always": True},
            {"key": "place", "label": _("Territory")},
            {"key": "from", "label": _("From"), "kind": "date"},
            {"key": "to", "label": _("To"), "kind": "date"},
            {"key": "basis", "label": _("Document"), "width": "wide"},
            {"key": "state", "label": _("State"), "kind": "state"},
        ],
        "rows": [
            {
                "id": str(row.pk),
                "url": page_of(row),
                "tone": "muted" if setup.over(row) else "",
                "cells": {
                    "name": in_tongue(row),
                    "place": places.get(row.region, ""),
                    "from": row.from_day,
                    "to": row.to_day,
                    "basis": row.basis,
                    "state": _standing(row),
                },
            }
            for row in rows
        ],
        "page": {"words": ngettext("%(n)s campaign", "%(n)s campaigns", len(rows)) % {"n": len(rows)}},
        "create_url": reverse("campaigns:new") if may_open else "",
        "create_label": _("Open a campaign"),
        "empty": {
            "title": _("No campaign yet"),
            "text": _("The committee office opens one for its territory: what is asked each month, and of whom."),
            "icon": "flag",
        },
    }
    return render(request, "list.html", {"title": _("Campaigns"), "table": table})


def _standing(row: Campaign) -> dict[str, str]:
    if setup.over(row):
        return {"code": "over", "label": _("campaign over"), "tone": "muted"}
    if row.from_day > clock.today():
        return {"code": "ahead", "label": _("not begun"), "tone": "waiting"}
    return {"code": "runs", "label": _("campaign under way"), "tone": "active"}


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    actor = asker(request)
    if actor.role != roles.OFFICE or actor.region is None:
        raise Forbidden(actions.ONLY_OFFICE)
    first = clock.today().replace(month=1, day=1)
    form = InputForm(
        needs.OpenCampaign, request.POST if request.method == "POST" else None, initial={"from_day": first}
    )
    if request.method == "POST":
        made = attempt(form, lambda sent: actions.open_campaign(actor=actor, data=sent))
        if made is not None:
            messages.success(request, _("The campaign is open. Next: say what is asked, then who takes part."))
            return redirect(page_of(made))
    return form_page(
        request,
        form,
        title=_("Open a campaign in %(place)s") % {"place": region_names([actor.region]).get(actor.region, "")},
        submit_label=_("Open"),
        back_url=reverse("campaigns:list"),
        crumbs=[{"label": _("Campaigns"), "url": reverse("campaigns:list")}, {"label": _("Open a campaign")}],
    )


@require_GET
def campaign(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    actor = asker(request)
    row = setup.campaign(actor, campaign_id)
    runs = setup.runs(actor, row)
    members, versions, months = setup.participants(row), setup.versions(row), setup.months(row)
    context = {
        "title": in_tongue(row),
        "crumbs": [{"label": _("Campaigns"), "url": reverse("campaigns:list")}, {"label": in_tongue(row)}],
        "row": row,
        "runs": runs,
        "state": _standing(row),
        "facts": _facts(row),
        "steps": _steps(versions, members, months) if runs else [],
        "figures": _figures(members, months[0] if months else None, row),
        "members": _members(row, members, runs=runs),
        "versions": [_version(row, one, newest=number == 0) for number, one in enumerate(versions)],
        "months": [_month(row, one) for one in months],
        "board_url": if_there("campaigns:board"),
    }
    return render(request, "campaigns/campaign.html", context)


def _facts(row: Campaign) -> list[dict[str, Any]]:
    ends = f"{row.to_day:%Y-%m-%d}" if row.to_day else _("open end")
    shown = [
        (_("Code of the campaign"), row.code),
        (_("Territory"), region_names([row.region]).get(row.region, "")),
        (_("Runs from–to"), f"{row.from_day:%Y-%m-%d} – {ends}"),
        (_("Document"), row.basis),
    ]
    return [{"label": label, "value": value, "wide": False} for label, value in shown if value]


def _steps(versions: list[Any], members: list[Participant], months: list[Any]) -> list[dict[str, Any]]:
    """What is done and what comes next while it is set up."""
    done = (True, bool(versions), bool(members), bool(months))
    labels = (_("Campaign open"), _("Said what is asked"), _("Said who takes part"), _("First month open"))
    here = done.index(False) if False in done else len(done)
    return [
        {"label": label, "status": "done" if ready else "current" if number == here else "waiting"}
        for number, (label, ready) in enumerate(zip(labels, done, strict=True))
    ]


def _figures(members: list[Participant], month: Any, row: Campaign) -> list[dict[str, Any]]:
    now = clock.today()
    taking = [one for one in members if one.to_month is None or one.to_month >= now.replace(day=1)]
    found: list[dict[str, Any]] = [{"label": _("Units that take part"), "value": len(taking), "url": "#members"}]
    if month:
        handed = month.of("passed", "accepted", "locked")
        words = f"{month.month:%Y-%m}"
        found += [
            {"label": _("Handed in"), "value": handed, "unit": f"/ {month.expected}", "words": words, "url": "#months"},
            {"label": _("Missing"), "value": month.missing, "words": words, "tone": "late" if month.missing else "", "url": "#months"},
        ]  # fmt: skip
    return found


def _members(row: Campaign, members: list[Participant], *, runs: bool) -> list[dict[str, Any]]:
    places = region_names(one.region for one in members)
    return [
        {
            "unit": one.unit.name,
            "url": f"{reverse('campaigns:enrol', args=[row.pk])}?unit={one.unit_id}" if runs else "",
            "filler": str(FILLERS[one.filler]),
            "place": places.get(one.region, ""),
            "reviewer": one.reviewer.name if one.reviewer else "",
            "from": f"{one.from_month:%Y-%m}",
            "to": f"{one.to_month:%Y-%m}" if one.to_month else "",
        }
        for one in members
    ]


def _version(row: Campaign, one: setup.Version, *, newest: bool) -> dict[str, Any]:
    return {
        "label": one.checker.template.label,
        "code": one.row.code,
        "number": one.row.version,
        "from": f"{one.row.from_month:%Y-%m}",
        "published": one.row.published_at,
        "newest": newest,
        "url": reverse("campaigns:template", args=[row.pk, one.row.pk]),
        "book_url": reverse("campaigns:template-book", args=[row.pk, one.row.pk]),
        **setup.counts(one.checker),
    }


def _month(row: Campaign, one: setup.MonthRow) -> dict[str, Any]:
    text = f"{one.month:%Y-%m}"
    from anlan.campaigns.flow import RETURN

    board = if_there("campaigns:board")
    return {
        "label": text,
        "expected": one.expected,
        "handed": one.of("passed", "accepted", "locked"),
        "locked": one.of("locked"),
        "late": one.late,
        "missing": one.missing,
        "states": [{"label": state_words(RETURN, code), "n": n} for code, n in sorted(one.states.items())],
        "board_url": f"{board}?campaign={row.pk}&month={text}" if board else "",
        "books_url": reverse("campaigns:workbooks", args=[row.pk, text]),
    }


def _months_ahead(row: Campaign) -> list[tuple[str, str]]:
    """From which month somebody may take part: those that may be opened, and the next."""
    months = setup.openable(row)
    following = (clock.today().replace(day=1) + timedelta(days=31)).replace(day=1)
    return [
        (f"{one:%Y-%m-%d}", f"{one:%Y-%m}") for one in dict.fromkeys([following, *months, row.from_day.replace(day=1)])
    ]


def _offered(bodies: Iterable[Organisation]) -> list[tuple[str, str]]:
    bodies = list(bodies)
    places = region_names(one.region for one in bodies)
    return [(str(one.pk), f"{one.name}（{places.get(one.region, '')}）") for one in bodies]


@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """One unit; said again, it is changed."""
    actor, row = office_of(request, campaign_id)
    bodies = _offered(setup.units(row))
    options: dict[str, list[tuple[Any, Any]]] = {
        "unit": [*bodies],
        "reviewer": [*bodies],
        "filler": list(FILLERS.items()),
        "from_month": [*_months_ahead(row)],
        "to_month": [*_months_ahead(row)],
    }
    known = next((one for one in setup.participants(row) if str(one.unit_id) == request.GET.get("unit")), None)
    initial: dict[str, Any] = {"from_month": f"{clock.today().replace(day=1):%Y-%m-%d}", "filler": "unit"}
    if known:
        initial = {
            "unit": str(known.unit_id),
            "filler": known.filler,
            "reviewer": str(known.reviewer_id or ""),
            "from_month": f"{known.from_month:%Y-%m-%d}",
            "to_month": f"{known.to_month:%Y-%m-%d}" if known.to_month else "",
        }
        for name in ("from_month", "to_month"):
            if initial[name] and initial[name] not in dict(options[name]):
                options[name] = [*options[name], (initial[name], initial[name][:7])]
    form = InputForm(needs.Enrol, request.POST if request.method == "POST" else None, initial=initial, options=options)
    if request.method == "POST":
        made = attempt(form, lambda sent: actions.enrol(actor=actor, campaign=row.pk, data=sent))
        if made is not None:
            messages.success(request, _("%(unit)s takes part.") % {"unit": made.unit.name})
            return redirect(f"{page_of(row)}#members")
    return form_page(
        request,
        form,
        title=_("Change how a unit takes part") if known else _("Enrol a unit"),
        submit_label=_("Save"),
        back_url=page_of(row),
        crumbs=crumbs(row, _("Enrol a unit")),
    )


@require_http_methods(["GET", "POST"])
def enrol_many(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    """Those that usually take part, ticked; what takes part already is shown and left alone."""
    actor, row = office_of(request, campaign_id)
    error = ""
    if request.method == "POST":
        form = InputForm(needs.EnrolMany, request.POST)
        data = {"units": request.POST.getlist("units"), "from_month": request.POST.get("from_month", "")}
        done = attempt(form, lambda _sent: actions.enrol_many(actor=actor, campaign=row.pk, data=data))
        if done is not None:
            words = ngettext("%(n)s unit takes part from now on.", "%(n)s units take part from now on.", done)
            messages.success(request, words % {"n": done})
            return redirect(f"{page_of(row)}#members")
        error = " ".join(str(one) for reasons in form.errors.values() for one in reasons)
    found = setup.proposals(row)
    places = region_names(one.unit.region for several in found.values() for one in several)
    context = {
        "title": _("Enrol many units"),
        "crumbs": crumbs(row, _("Enrol many units")),
        "back_url": page_of(row),
        "error": error,
        "months": _months_ahead(row),
        "month": request.POST.get("from_month") or f"{clock.today().replace(day=1):%Y-%m-%d}",
        "groups": [
            {
                "code": filler,
                "label": str(FILLERS[filler]),
                "rows": [{"one": one, "place": places.get(one.unit.region, "")} for one in several],
                "left": sum(not one.enrolled for one in several),
            }
            for filler, several in found.items()
        ],
    }
    return render(request, "campaigns/enrol_many.html", context, status=422 if error else 200)


@require_http_methods(["GET", "POST"])
def open_month(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    actor, row = office_of(request, campaign_id)
    options = {"month": [(f"{one:%Y-%m-%d}", f"{one:%Y-%m}") for one in setup.openable(row)]}
    form = InputForm(needs.OpenMonth, request.POST if request.method == "POST" else None, options=options)
    if request.method == "POST":
        opened = attempt(
            form,
            lambda sent: actions.open_month(
                actor=actor, campaign=row.pk, month=read_day(sent.get("month")) or date.max
            ),
        )
        if opened is not None:
            words = ngettext("%(n)s return is expected.", "%(n)s returns are expected.", opened)
            messages.success(
                request, words % {"n": opened} if opened else _("All of this month were expected already.")
            )
            return redirect(f"{page_of(row)}#months")
    return form_page(
        request,
        form,
        title=_("Open a month"),
        submit_label=_("Open"),
        back_url=page_of(row),
        crumbs=crumbs(row, _("Open a month")),
        consequences=[
            _("A return is expected from every unit that takes part; each is told in its inbox."),
            _("The platform opens the present month by itself; here you do it at once, or make up for an earlier one."),
        ],
    )
