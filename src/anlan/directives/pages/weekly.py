"""The units' board, and the comb: once a week the office goes through every open task."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from anlan.directives import actions, needs, queries
from anlan.directives.models import DirectiveTask
from anlan.directives.pages.common import document_url, officer, task_url, views
from anlan.directives.wording import due_view, is_late, silent_words, state_view
from anlan.kernel import clock
from anlan.kernel.errors import NotFound
from anlan.kernel.flow.pages import attempt_step
from anlan.kernel.forms import InputForm
from anlan.kernel.pages import read_version
from anlan.kernel.reading import read_id
from anlan.registry.queries import region_names


@require_GET
def units(request: HttpRequest) -> HttpResponse:
    actor = officer(request)
    found = queries.units_board(actor)
    places = region_names(one.region for one in found)
    base = reverse("directives:tasks")
    context = {
        "title": _("Units"),
        "views": views(actor, "units"),
        "silent_days": queries.SILENT_DAYS,
        "rows": [
            {
                "name": one.name,
                "region": places.get(one.region, ""),
                "open": one.open,
                "late": one.late,
                "unsigned": one.unsigned,
                "silent": one.silent,
                "done": one.done,
                "on_time": round(100 * one.on_time / one.done) if one.done else None,
                "urls": {
                    "open": f"{base}?state=open&unit={one.unit}",
                    "late": f"{base}?late=1&unit={one.unit}",
                    "unsigned": f"{base}?state=assigned&unit={one.unit}",
                    "done": f"{base}?state=done&unit={one.unit}",
                },
            }
            for one in found
        ],
    }
    return render(request, "directives/units.html", context)


@require_http_methods(["GET", "POST"])
def comb(request: HttpRequest) -> HttpResponse:
    """One task at a time; `at` says which. A note is the step `comb`, so it stands in the task's timeline."""
    actor = officer(request)
    rows = queries.comb(actor)
    wanted = read_id(request.GET.get("at"))
    here = next((one for one in rows if one.pk == wanted), rows[0] if rows else None)
    form = InputForm(needs.Comb, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if here is None or here.pk != wanted:
            raise NotFound
        following = _after(rows, here)
        version = read_version(request)
        problem = attempt_step(
            form,
            lambda sent: actions.take_step(actor=actor, task=here.pk, step="comb", data=sent, version=version),
        )
        if problem is None:
            messages.success(request, _("Noted: %(number)s.") % {"number": here.number})
            return redirect(_address(following.pk) if following else reverse("directives:comb"))
    first = queries.monday(clock.today())
    done = sum(1 for one in rows if _combed(one))
    words = ngettext("%(done)s of %(n)s open task looked at", "%(done)s of %(n)s open tasks looked at", len(rows))
    context = {
        "title": _("Weekly comb"),
        "views": views(actor, "comb"),
        "first": first,
        "progress": words % {"done": done, "n": len(rows)},
        "all": len(rows),
        "done": done,
        "rows": [_row(one, here) for one in rows],
        "here": _here(here, rows) if here else None,
        "form": form,
    }
    return render(request, "directives/comb.html", context, status=422 if form.is_bound and form.errors else 200)


def _combed(task: DirectiveTask) -> bool:
    return task.combed_on is not None and task.combed_on >= queries.monday(clock.today())


def _address(task: UUID) -> str:
    return f"{reverse('directives:comb')}?at={task}"


def _after(rows: list[DirectiveTask], here: DirectiveTask) -> DirectiveTask | None:
    """The next that nobody looked at this week, from here on and then from the top."""
    place = rows.index(here)
    order = [*rows[place + 1 :], *rows[:place]]
    return next((one for one in order if not _combed(one)), None)


def _row(one: DirectiveTask, here: DirectiveTask | None) -> dict[str, Any]:
    return {
        "url": _address(one.pk),
        "here": here is not None and one.pk == here.pk,
        "number": one.number,
        "unit": one.unit.name,
        "what": one.what,
        "combed": _combed(one),
        "late": is_late(one),
    }


def _here(one: DirectiveTask, rows: list[DirectiveTask]) -> dict[str, Any]:
    place = rows.index(one)
    following = rows[place + 1] if place + 1 < len(rows) else None
    return {
        "number": one.number,
        "what": one.what,
        "url": task_url(one),
        "version": one.version,
        "action": _address(one.pk),
        "state": state_view(one),
        "due": due_view(one),
        "note": one.comb_note,
        "noted_on": one.combed_on,
        "next": _address(following.pk) if following else "",
        "before": _address(rows[place - 1].pk) if place else "",
        "facts": [
            {"label": _("Responsible unit"), "value": one.unit.name, "url": "", "wide": False},
            {"label": _("Last heard of"), "value": silent_words(one), "url": "", "wide": False},
            {"label": _("Due by"), "value": one.due or "–", "url": "", "wide": False},
            {"label": _("Document"), "value": one.directive.title, "url": document_url(one.directive), "wide": True},
        ],
    }
