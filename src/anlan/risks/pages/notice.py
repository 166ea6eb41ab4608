"""The risk notice: a sheet to hang up, and what one sees and can say after scanning it."""

from importlib.resources import files
from typing import Any
from uuid import UUID

import segno
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from anlan.files.kinds import LARGEST
from anlan.identity import roles
from anlan.identity.addresses import client_ip
from anlan.identity.asking import reader_of
from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Conflict, Invalid, NotNow
from anlan.kernel.forms import InputForm
from anlan.kernel.ids import new_id
from anlan.kernel.papers.printing import NoPdf, printed
from anlan.kernel.refusals import Refused
from anlan.risks import actions, needs, queries
from anlan.risks.models import CONTROL_KINDS, RiskPoint, WorkerReport
from anlan.risks.pages.common import url_of
from anlan.risks.queries import Notice
from anlan.risks.wording import SHAPES, accident_list, risk_words, tier_words

FINDERS = frozenset(
    {*roles.ENTERPRISE_POSTS, roles.INSPECTOR, roles.GROUP_LEADER, roles.EXPERT, roles.REGULATOR, roles.OFFICE}
)


def _view(notice: Notice) -> dict[str, Any]:
    kinds = dict(CONTROL_KINDS)
    return {
        "notice": notice,
        "risk": risk_words(notice.colour),
        "shape": SHAPES.get(notice.colour, "○"),
        "tier": tier_words(notice.tier),
        "accidents": accident_list(notice.accidents),
        "controls": [{"kind": kinds[kind], "words": words} for kind, words in notice.controls],
    }


@require_GET
def sheet(request: HttpRequest, point_id: UUID) -> HttpResponse:
    """The notice as a page to print."""
    reader_of(request)
    record = queries.point(point_id)
    return render(
        request, "risks/notice.html", _sheet(request, point_id) | {"point": record, "back_url": url_of(record)}
    )


@require_GET
def pdf(request: HttpRequest, point_id: UUID) -> HttpResponse:
    """The notice as a PDF, A4 landscape, with its fonts inside."""
    reader_of(request)
    record = queries.point(point_id)
    style = (files("anlan.risks") / "static" / "risks" / "notice.css").read_text(encoding="utf-8")
    html = render_to_string("risks/notice_sheet.html", _sheet(request, point_id), request=request)
    response = HttpResponse(_printed(html, style), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{record.number}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def _printed(html: str, style: str) -> bytes:
    try:
        return printed(html, style)
    except NoPdf:
        raise NotNow(_("This server cannot write PDF. Print the page instead.")) from None


def _sheet(request: HttpRequest, point_id: UUID) -> dict[str, Any]:
    notice = queries.notice_of(point_id)
    address = request.build_absolute_uri(reverse("risks:scan", args=[point_id]))
    code = segno.make(address, error="m").svg_data_uri(scale=4, border=1)
    return _view(notice) | {"code": code, "address": address}


@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def scan(request: HttpRequest, point_id: UUID) -> HttpResponse:
    """What everybody reads who scans the notice, and the way to report something here."""
    notice = queries.notice_of(point_id)
    form = InputForm(needs.Report, request.POST if request.method == "POST" else None)
    report = _report_id(request)
    if request.method == "POST":
        try:
            return redirect("risks:scan-sent", point_id, _file(request, point_id, report, form).pk)
        except (Invalid, Refused) as wrong:
            form.refuse(wrong)
        except Conflict as before:
            form.refuse(before)
            report = new_id()  # sent once more it is a second report
    actor: Actor | None = getattr(request, "actor", None)
    # Whether somebody who signed in sees the point is decided by their own scope.
    own = actor is not None and _sees(actor, point_id)
    context = _view(notice) | {
        "form": form,
        "report": report,
        "point_url": url_of(point_id) if own else "",
        "finding_url": f"/hazards/new/?risk_point={point_id}" if own and actor and actor.role in FINDERS else "",
        "opened": form.is_bound,
    }
    return render(request, "risks/scan.html", context, status=422 if form.is_bound and form.errors else 200)


def _sees(actor: Actor, point_id: UUID) -> bool:
    if actor.role == roles.CITIZEN:
        return False
    with scope.acting(
        actor
    ):  # the page itself runs in nobody's: a refused try must count (`identity.middleware.APART`)
        return RiskPoint.objects.filter(pk=point_id).exists()


def _report_id(request: HttpRequest) -> UUID:
    """Made with the form, so that the same form sent twice is one report."""
    try:
        return UUID(request.POST.get("report", ""))
    except ValueError:
        return new_id()


def _file(request: HttpRequest, point_id: UUID, report: UUID, form: InputForm) -> WorkerReport:
    sent: Any = request.FILES.get("photo")
    if sent is not None and sent.size > LARGEST:
        raise Invalid(fields={"photo": [_("The photo is too large.")]})
    return actions.file_report(
        point=point_id,
        report=report,
        data=form.payload(),
        address=client_ip(request) or "",
        photo=(sent.read(), sent.name) if sent is not None else None,
    )


@never_cache
@login_not_required
@require_GET
def sent(request: HttpRequest, point_id: UUID, report_id: UUID) -> HttpResponse:
    """What became of one's report; its address is known to who wrote it."""
    state, answer = queries.report_state(point_id, report_id)
    words = dict(WorkerReport.STATES)
    context = {"notice": queries.notice_of(point_id), "state": words[state], "code": state, "answer": answer}
    return render(request, "risks/sent.html", context)
