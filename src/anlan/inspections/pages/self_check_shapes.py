"""From self-checks to the shapes the page's components take."""

import calendar as months
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from anlan.files.models import File
from anlan.identity import roles
from anlan.inspections import beside
from anlan.inspections.models import Finding, SelfCheck, SelfCheckPlan
from anlan.inspections.models.self_check import CYCLES
from anlan.inspections.periods import DAILY, MONTHLY, end_of, following
from anlan.inspections.queries.self_check import Place, Slot, Summary, slots
from anlan.inspections.self_check_rulings import late_until
from anlan.inspections.wording_self_check import (
    cycle_words,
    period_words,
    state_view,
    state_words,
    step_words,
    value_words,
)
from anlan.kernel.actor import Actor
from anlan.kernel.clock import day_of
from anlan.kernel.ledger.read import Act
from anlan.kernel.pages import write_place
from anlan.kernel.phrases import NOTHING, moment_words
from anlan.kernel.timeline import clock_tone, entry
from anlan.registry.models import Enterprise
from anlan.registry.rules import answers_for, keeps

VALUE_SHAPES = {"yes": "check", "no": "cross", "na": "dash", "unseen": "ring"}


def do_url(one: Slot) -> str:
    return reverse("inspections:self-check-do", args=[one.plan.enterprise_id, one.cycle, one.period.isoformat()])


def begin_url(enterprise: Enterprise, cycle: str) -> str:
    return reverse("inspections:self-check-begin", args=[enterprise.pk, cycle])


def task(one: Slot) -> dict[str, Any]:
    """One period as a line of what is to be done."""
    return {
        "cycle": cycle_words(one.cycle),
        "period": period_words(one.cycle, one.period),
        "state": state_view(one.state),
        "to_do": one.to_do,
        "late": one.state == "open_late",
        "until": _until(one),
        "url": do_url(one) if one.to_do or one.check is not None or one.state == "free" else "",
        "record": reverse("inspections:self-check", args=[one.check.pk]) if one.check else "",
        "who": one.check.person_name if one.check and one.check.state != "missed" else "",
        "at": one.check.done_at if one.check else None,
    }


def _until(one: Slot) -> str:
    if one.state == "due":
        return _("until %(day)s") % {"day": date_format(end_of(one.cycle, one.period), "m-d")}
    if one.state == "open_late":
        last = day_of(late_until(one.plan, one.period))
        return _("until %(day)s") % {"day": date_format(last, "m-d")}
    return ""


def plan(one: SelfCheckPlan, actor: Actor, enterprise: Enterprise) -> dict[str, Any]:
    principal = actor.role == roles.PRINCIPAL and answers_for(actor, enterprise)
    ends = principal or keeps(actor, enterprise)
    return {
        "cycle": cycle_words(one.cycle),
        "begins": one.begins_on,
        "ends": one.ends_on,
        "holder": one.holder_name,
        "rest": one.on_rest_days,
        "end_url": reverse("inspections:self-check-end", args=[one.pk]) if ends and one.ends_on is None else "",
    }


# The month


def month_asked(text: str | None, day: date) -> date:
    """`2026-11` of the address; anything else is the present month."""
    try:
        found = date.fromisoformat(f"{text}-01") if text else day
    except ValueError:
        found = day
    if not 2000 <= found.year <= 2199:
        found = day
    return found.replace(day=1)


def month(plans: list[SelfCheckPlan], first: date, day: date) -> dict[str, Any]:
    """The days of a month by their daily check; weeks and the month beside them."""
    last = end_of(MONTHLY, first)
    found = slots(plans, first, last, day)
    daily = {one.period: one for one in found if one.cycle == DAILY}
    before = (first.replace(day=1).toordinal() - 1) if first.year > 2000 else first.toordinal()
    return {
        "label": date_format(first, "Y-m"),
        "previous": f"?month={date.fromordinal(before):%Y-%m}",
        "next": f"?month={following(MONTHLY, first):%Y-%m}" if following(MONTHLY, first) <= day else "",
        "weeks": [
            [_day(first.replace(day=number), daily, day) if number else None for number in week]
            for week in months.monthcalendar(first.year, first.month)
        ],
        "has_daily": bool(daily),
        "others": [_other(one) for one in found if one.cycle != DAILY and one.period <= last and one.period >= first],
    }


def _day(own: date, daily: dict[date, Slot], day: date) -> dict[str, Any]:
    one = daily.get(own)
    state = one.state if one else "free"
    return {
        "number": own.day,
        "today": own == day,
        "state": state,
        "shape": state_view(state)["shape"],
        "words": f"{own:%Y-%m-%d} {state_words(state)}",
        "url": _where(one) if one else "",
    }


def _other(one: Slot) -> dict[str, Any]:
    return {
        "label": f"{cycle_words(one.cycle)} {period_words(one.cycle, one.period)}",
        "state": state_view(one.state),
        "url": _where(one),
    }


def _where(one: Slot) -> str:
    return reverse("inspections:self-check", args=[one.check.pk]) if one.check else ""


def figures(summary: Summary) -> list[dict[str, Any]]:
    return [
        {"label": _("Done in time"), "value": summary.counts["done"], "tone": "accent"},
        {"label": _("Done late"), "value": summary.counts["late"]},
        {"label": _("Missed"), "value": summary.counts["missed"], "tone": "late" if summary.counts["missed"] else ""},
        {"label": _("Findings"), "value": summary.findings},
        {
            "label": _("In time"),
            "value": "–" if summary.rate is None else summary.rate,
            "unit": "" if summary.rate is None else "%",
        },
    ]


def by_cycle(summary: Summary) -> list[dict[str, Any]]:
    return [{"cycle": dict(CYCLES)[code], **counts} for code, counts in summary.by_cycle.items()]


# The history


def history_table(rows: Iterable[Any], following_place: Place | None, enterprise: Enterprise) -> dict[str, Any]:
    return {
        "id": "self-checks",
        "label": _("History"),
        "columns": [
            {"key": "period", "label": _("Period"), "kind": "link", "lead": True, "always": True},
            {"key": "cycle", "label": _("Cycle")},
            {"key": "state", "label": _("State"), "kind": "state"},
            {"key": "found", "label": _("Findings"), "kind": "number"},
            {"key": "who", "label": _("Done by")},
            {"key": "at", "label": _("Done at"), "kind": "datetime", "hidden": True},
            {"key": "excuse", "label": _("Reason")},
        ],
        "rows": [
            {
                "id": str(one.pk),
                "url": reverse("inspections:self-check", args=[one.pk]),
                "cells": {
                    "period": period_words(one.cycle, one.period),
                    "cycle": cycle_words(one.cycle),
                    "state": state_view(one.state),
                    "found": one.found,
                    "who": one.person_name,
                    "at": one.done_at,
                    "excuse": one.excuse,
                },
            }
            for one in rows
        ],
        "page": {
            "next": write_place(following_place),
            "previous": None,
        },
        "export_url": reverse("inspections:self-checks-export", args=[enterprise.pk]),
        "empty": {"title": _("No check yet."), "icon": "checklist"},
    }


# One check


def heading(check: SelfCheck) -> dict[str, Any]:
    return {
        "number": period_words(check.cycle, check.period),
        "title": f"{cycle_words(check.cycle)} · {check.enterprise.name}",
        "url": reverse("inspections:self-check", args=[check.pk]),
        "state": state_view(check.state),
    }


def facts(check: SelfCheck) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = [
        {"label": _("Enterprise"), "value": check.enterprise.name},
        {"label": _("Period"), "value": period_words(check.cycle, check.period)},
    ]
    if check.state != "missed":
        shown += [
            {"label": _("Done by"), "value": check.person_name},
            {"label": _("Done at"), "value": moment_words(check.done_at, NOTHING)},
            {"label": _("Result"), "value": _("nothing found") if check.nothing_found else _("something was found")},
        ]
    if check.words:
        shown.append({"label": _("Minutes"), "value": check.words, "wide": True})
    if check.excuse:
        shown.append({"label": _("Reason"), "value": check.excuse, "wide": True})
    return shown


def answers(check: SelfCheck) -> list[dict[str, Any]]:
    return [
        {
            "words": one["words"],
            "value": value_words(one["value"]),
            "shape": VALUE_SHAPES.get(one["value"], "ring"),
            "bad": one["value"] == "no",
            "remark": one.get("remark", ""),
            "by": one.get("by", ""),
        }
        for one in check.answers
    ]


def findings(found: list[Finding]) -> list[dict[str, Any]]:
    names = beside.categories()
    return [
        {
            "place": one.place,
            "category": names.get(one.category, one.category),
            "description": one.description,
            "number": one.hazard_number,
            "joined": one.joined,
            "url": _hazard(one.hazard_id),
            "photos": [_photo(photo) for photo in one.files],
        }
        for one in found
    ]


def _hazard(hazard: UUID | None) -> str:
    """The page of what became of a finding, if this release has one: by its name alone, nothing is imported back."""
    try:
        return reverse("hazards:record", args=[hazard]) if hazard else ""
    except NoReverseMatch:
        return ""


def _photo(file: Any) -> dict[str, Any]:
    return {"url": reverse("files:show", args=[file, "display"]), "thumb": reverse("files:show", args=[file, "thumb"])}


def gallery(files: list[File], *, official: bool) -> list[dict[str, Any]]:
    if not files:
        return []
    photos = [
        _photo(one.pk)
        | {
            "caption": "",
            "taken_at": one.taken_at,
            "place": f"{one.lat}, {one.lon}" if official and one.lat is not None else "",
        }
        for one in files
    ]
    return [{"label": _("Photos"), "photos": photos}]


def timeline(history: list[Act]) -> list[dict[str, Any]]:
    """Newest first."""
    return [
        entry(act, what=step_words(act.step), note=_note(act)) | {"tone": clock_tone(act)} for act in reversed(history)
    ]


def _note(act: Act) -> str:
    return str(act.data.get("excuse") or act.changes.get("excuse", ["", ""])[1] or "")


def thanks(check: SelfCheck) -> str:
    count = check.findings.count()
    if not count:
        return _("The check is entered: nothing found.")
    return ngettext(
        "The check is entered; %(n)s finding is registered.",
        "The check is entered; %(n)s findings are registered.",
        count,
    ) % {"n": count}
