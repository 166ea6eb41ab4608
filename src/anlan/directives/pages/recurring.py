"""The schedule of duties that come again: when the next task is opened, what stands in the present period."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anlan.directives import actions, queries
from anlan.directives.models import DirectiveTask, Recurrence
from anlan.directives.pages.common import asker, document_url, officer, task_url, views
from anlan.directives.recurring import period
from anlan.directives.rules import registers
from anlan.directives.wording import due_view, rhythm_words, state_view
from anlan.kernel.actor import Actor
from anlan.kernel.flow.given import Withdraw
from anlan.kernel.forms import InputForm
from anlan.kernel.pages import attempt, form_page


@require_GET
def schedule(request: HttpRequest) -> HttpResponse:
    actor = asker(request)
    rows = queries.recurrences(actor)
    latest = queries.latest_of(rows)
    context = {
        "title": _("Recurring duties"),
        "views": views(actor, "recurring"),
        "rows": [_row(actor, one, latest.get(one.pk)) for one in rows],
    }
    return render(request, "directives/recurring.html", context)


def _row(actor: Actor, one: Recurrence, task: DirectiveTask | None) -> dict[str, Any]:
    running = one.ended_at is None and not (one.ends_on and one.opens_on > one.ends_on)
    return {
        "what": one.what,
        "unit": one.unit.name,
        "rhythm": rhythm_words(one.rhythm),
        "document": one.directive.title,
        "document_url": document_url(one.directive),
        "running": running,
        "opens": one.opens_on if running else None,
        "ends": one.ends_on,
        "ended": one.ended_at,
        "skipped": one.skipped,
        "task": {
            "number": task.number,
            "url": task_url(task),
            "state": state_view(task),
            "due": due_view(task),
            "wanted": task.wanted,
            "counted": task.counted,
        }
        if task
        else None,
        "skip_url": reverse("directives:skip", args=[one.pk]),
        "end_url": reverse("directives:end", args=[one.pk]),
        "may": running and registers(actor, one.issued_region),
    }


@require_http_methods(["GET", "POST"])
def skip(request: HttpRequest, recurrence_id: UUID) -> HttpResponse:
    actor = officer(request)
    row = queries.recurrence(recurrence_id)
    span = period(row.rhythm, row.opens_on)
    return _reasoned(
        request,
        row,
        title=_("Leave the period from %(day)s out") % {"day": span.first.isoformat()},
        label=_("Leave it out"),
        consequence=_("No task is opened from %(first)s to %(last)s; the next comes after.")
        % {"first": span.first.isoformat(), "last": span.last.isoformat()},
        take=lambda sent: actions.skip_period(actor=actor, recurrence=row.pk, data=sent),
    )


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, recurrence_id: UUID) -> HttpResponse:
    actor = officer(request)
    row = queries.recurrence(recurrence_id)
    return _reasoned(
        request,
        row,
        title=_("End the recurring duty"),
        label=_("End it"),
        consequence=_("No further task is opened; those that are open stay."),
        take=lambda sent: actions.end_recurrence(actor=actor, recurrence=row.pk, data=sent),
    )


def _reasoned(
    request: HttpRequest, row: Recurrence, *, title: str, label: str, consequence: str, take: Any
) -> HttpResponse:
    form = InputForm(Withdraw, request.POST if request.method == "POST" else None)
    if request.method == "POST" and attempt(form, take) is not None:
        messages.success(request, _("Done: %(step)s.") % {"step": label})
        return redirect("directives:recurring")
    return form_page(
        request,
        form,
        "directives/mend.html",
        title=title,
        submit_label=label,
        consequences=[consequence],
        back_url=reverse("directives:recurring"),
        quote=f"{row.unit.name}：{row.what}",
    )
