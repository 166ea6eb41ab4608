"""What was learnt from the territory's own reports: how often it is right, from which confidence on it is heard, where it errs."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anlan.identity import roles
from anlan.identity.asking import reader_of
from anlan.kernel import citysettings, scope
from anlan.kernel.actor import Actor
from anlan.kernel.codes import ancestors, is_region
from anlan.kernel.errors import Forbidden, Invalid
from anlan.kernel.phrases import in_tongue
from anlan.kernel.reading import read_id
from anlan.registry.queries import region_names
from anlan.reports.models import Category, Learnt
from anlan.reports.pages.desk_shapes import unit_names
from anlan.reports.rules import DESK
from anlan.reports.sorting import rulings
from anlan.reports.sorting.jobs import ask_to_learn
from anlan.reports.sorting.learning.lessons import examples, may_learn
from anlan.reports.sorting.learning.measuring import trusted, worth

READERS = DESK | {roles.SYSTEM_ADMIN}
STEPS = (50, 60, 70, 80, 90, 95)


def _actor(request: HttpRequest) -> tuple[Actor, int]:
    actor = reader_of(request, READERS)
    if actor.region is None:
        raise Forbidden
    return actor, actor.region


@require_GET
def learnt(request: HttpRequest) -> HttpResponse:
    actor, region = _actor(request)
    bar = rulings.threshold(region)
    lessons = {target: _history(target, region) for target, _label in Learnt.TARGETS}
    places = region_names({one.region for rows in lessons.values() for one in rows} | {region})
    least = rulings.least(region)
    context = {
        "title": _("What was learnt"),
        "place": places[region],
        "lessons": [_lesson(target, label, lessons[target], bar, places, region) for target, label in Learnt.TARGETS],
        "settled": _settled(region),
        "least": least,
        "threshold": round(bar * 100),
        "lowest": rulings.LOWEST,
        "highest": rulings.HIGHEST,
        "may_learn": may_learn(actor, region),
        "may_set": citysettings.may_change(actor, region),
        "days": rulings.days(region),
    }
    return render(request, "reports/sorting/learnt.html", context)


def _history(target: str, region: int) -> list[Learnt]:
    """Of the territory itself, else of the nearest above; the newest first."""
    with scope.elevated("what the city learnt holds in its counties"):
        for place in [region, *(ancestors(region) if is_region(region) else [])]:
            rows = list(Learnt.objects.filter(target=target, region=place).defer("weights").order_by("-at"))
            if rows:
                return rows
    return []


def _settled(region: int) -> int:
    with scope.elevated("counting what was settled shows none of it"):
        return len(examples(region, "category"))


def _lesson(
    target: str, label: Any, rows: list[Learnt], bar: float, places: dict[int, str], region: int
) -> dict[str, Any]:
    found: dict[str, Any] = {"target": target, "label": label, "row": rows[0] if rows else None}
    if not rows:
        return found
    row = rows[0]
    figures = row.figures
    names = _names(target, figures)
    answered, right = worth(figures, bar)
    return found | {
        "heard": trusted(figures, bar),
        "of": places[row.region] if row.region != region else "",
        "stats": [
            {"label": _("Right on later reports"), "value": _percent(figures["right"]), "tone": "accent",
             "words": _("always the commonest: %(share)s") % {"share": _percent(figures["commonest"])}},
            {"label": _("Offered at the threshold"), "value": _share(answered, row.held_out),
             "words": _("%(n)s of %(all)s later reports") % {"n": answered, "all": row.held_out}},
            {"label": _("Right of those"), "value": _share(right, answered), "words": _("asked for: %(share)s") % {"share": _percent(bar)},
             "tone": "" if trusted(figures, bar) else "late"},
            {"label": _("Learnt from"), "value": f"{row.trained_on:,}"},
        ],
        "steps": [
            {"at": one["at"], "answered": one["answered"], "share": _share(one["answered"], row.held_out),
             "right": _share(one["right"], one["answered"]), "here": one["at"] == round(bar * 100)}
            for one in figures["by_threshold"] if one["at"] in STEPS or one["at"] == round(bar * 100)
        ],
        "chart": _chart(target, figures, row.held_out),
        "confused": [
            {"was": names.get(one["was"], one["was"]), "guessed": names.get(one["guessed"], one["guessed"]), "n": one["n"]}
            for one in figures["confused"]
        ],
        "labels": [
            {"name": names.get(one["label"], one["label"]), "n": one["n"], "right": _share(one["right"], one["n"]),
             "precise": _share(one["right"], one["said"])}
            for one in figures["labels"]
        ],
        "history": [
            {"at": one.at, "n": one.trained_on, "right": _percent(one.figures["right"])} for one in rows[1:]
        ],
    }  # fmt: skip


def _chart(target: str, figures: dict[str, Any], held: int) -> dict[str, Any]:
    steps = [one for one in figures["by_threshold"] if one["at"] % 5 == 0 or one["at"] == rulings.HIGHEST]
    return {
        "id": f"learnt-{target}",
        "title": _("By threshold"),
        "kind": "line",
        "labels": [f"{one['at']} %" for one in steps],
        "label_title": _("Threshold"),
        "unit": "%",
        "size": "sm",
        "series": [
            {"name": _("Offered"), "values": [round(100 * one["answered"] / held) if held else 0 for one in steps]},
            {
                "name": _("Right of those"),
                "values": [round(100 * one["right"] / one["answered"]) if one["answered"] else None for one in steps],
            },
        ],
    }


def _names(target: str, figures: dict[str, Any]) -> dict[str, str]:
    if target == "category":
        return {row.code: in_tongue(row) for row in Category.objects.all()}
    labels = {one["label"] for one in figures["labels"]}
    labels |= {one[key] for one in figures["confused"] for key in ("was", "guessed")}
    units: set[UUID] = {found for one in labels if (found := read_id(one))}
    return {str(pk): name for pk, name in unit_names(units).items()}


def _percent(share: float) -> str:
    return f"{round(100 * share)} %"


def _share(part: int, whole: int) -> str:
    return _percent(part / whole) if whole else "–"


@require_POST
def now(request: HttpRequest) -> HttpResponse:
    actor, region = _actor(request)
    if not may_learn(actor, region):
        raise Forbidden
    if ask_to_learn(region):
        messages.success(request, _("It is learning. Look again in a minute."))
    else:
        messages.info(request, _("It is learning already. Look again in a minute."))
    return redirect("reports:learnt")


@require_POST
def threshold(request: HttpRequest) -> HttpResponse:
    actor, region = _actor(request)
    text = request.POST.get("threshold", "")
    new = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None
    try:
        citysettings.change(actor=actor, key=rulings.THRESHOLD.key, region=region, new=new)
    except Invalid as wrong:
        messages.error(request, " ".join(str(one) for fields in wrong.fields.values() for one in fields))
    else:
        messages.success(request, _("The threshold is %(percent)s %% now.") % {"percent": new})
    return redirect("reports:learnt")
