"""Opening a reporter's seal: the reason first, then what was sealed, shown once and kept nowhere on the way."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anlan.kernel.errors import Forbidden
from anlan.kernel.forms import InputForm
from anlan.kernel.pages import attempt, form_page
from anlan.reports import actions, needs, queries
from anlan.reports.pages.common import official_of, url_of
from anlan.reports.rules import may_open_seal


@require_http_methods(["GET", "POST"])
def seal(request: HttpRequest, report_id: UUID) -> HttpResponse:
    actor = official_of(request)
    report = queries.report(actor, report_id)
    if not may_open_seal(actor, report):
        raise Forbidden(_("Your post may not open the seal of a reporter."), code="report.seal_closed")
    form = InputForm(needs.OpenSeal, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        opened = attempt(
            form, lambda sent: actions.open_seal(actor=actor, report=report.pk, reason=sent.get("reason", ""))
        )
        if opened is not None:
            for one in opened:
                one.spaced = " ".join(one.digest[at : at + 8] for at in range(0, len(one.digest), 8))  # type: ignore[attr-defined]
            context = {
                "title": _("The sealed reporter of %(number)s") % {"number": report.number},
                "report": report,
                "record_url": url_of(report),
                "seals": opened,
                "reason": form["reason"].data,
            }
            response = render(request, "reports/opened.html", context)
            response["Cache-Control"] = "no-store"
            return response
    context = {
        "title": _("Open the seal of %(number)s") % {"number": report.number},
        "submit_label": _("Open the seal"),
        "submit_tone": "danger",
        "back_url": url_of(report),
        "consequences": [
            _("Your name, post and reason are written into the ledger and stand on the report for good."),
            _("The name is shown once. Do not pass it to the unit or to anybody reported."),
        ],
    }
    return form_page(request, form, "form.html", **context)
