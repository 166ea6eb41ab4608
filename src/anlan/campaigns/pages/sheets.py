"""Returns in Excel: the workbook out, its trial run, saving what it changes; one by one or a whole archive."""

from dataclasses import dataclass
from datetime import date
from tempfile import SpooledTemporaryFile
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods
from pydantic import TypeAdapter

from anlan.campaigns import actions
from anlan.campaigns.actions.sheets import fills
from anlan.campaigns.models import Return
from anlan.campaigns.queries import sheets
from anlan.campaigns.returns import saying
from anlan.campaigns.rules import AT_WORK
from anlan.campaigns.workbooks.cells import Book, read_books, unpacked
from anlan.campaigns.workbooks.comparing import Trial, try_out
from anlan.campaigns.workbooks.reading import Sent, parse
from anlan.identity.asking import reader_of
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Conflict, NotFound, Problem
from anlan.kernel.forms import refuse
from anlan.kernel.pages import download
from anlan.kernel.reading import read_day
from anlan.kernel.refusals import Refused

SALT = "campaigns.sheet"
CARRIED = TypeAdapter(list[Sent])
LISTED = 200
"""Changes and troubles that are shown; all are counted."""


class SheetForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("Workbook"), widget=forms.FileInput({"accept": ".xlsx"}))


class ManyForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Archive or workbook"),
        help_text=gettext_lazy("A .zip with the workbooks in it, or a single .xlsx."),
        widget=forms.FileInput({"accept": ".zip,.xlsx"}),
    )


def asker(request: HttpRequest) -> Actor:
    return reader_of(request, AT_WORK)


def return_url(record: UUID) -> str:
    try:
        return reverse("campaigns:return", args=[record])
    except NoReverseMatch:
        return reverse("campaigns:sheet", args=[record])


@require_GET
def workbook(request: HttpRequest, return_id: UUID) -> HttpResponseBase:
    asker(request)
    record = sheets.to_fill(return_id)
    return download(sheets.book(record), sheets.book_name(record))


@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """Upload, see what it would change, save."""
    actor = asker(request)
    record = sheets.to_fill(return_id)
    fills(actor, record)
    if request.method == "POST" and "carried" in request.POST:
        return _saved(request, actor, record)
    form = SheetForm(request.POST, request.FILES) if request.method == "POST" else SheetForm()
    if request.method == "POST" and form.is_valid():
        try:
            sent = _sent(form.cleaned_data["file"].read())
            return _trial_page(request, record, sent, try_out(record, record.unit.name, sent))
        except Refused as problem:
            refuse(form, problem)
    context = _about(record) | {"form": form, "workbook_url": reverse("campaigns:workbook", args=[record.pk])}
    return render(request, "campaigns/sheet.html", context, status=422 if form.errors else 200)


def _sent(source: bytes) -> Sent:
    book = read_books([source])[0]
    if isinstance(book, Refused):
        raise book
    return parse(book)


def _about(record: Return) -> dict[str, Any]:
    return {
        "title": _("%(unit)s · %(year)s-%(month)s") % {"unit": record.unit.name, "year": record.month.year, "month": f"{record.month:%m}"},
        "record": record,
        "back_url": return_url(record.pk),
        "crumbs": [{"label": _("Fill in with Excel")}],
    }  # fmt: skip


def _trial_page(request: HttpRequest, record: Return, sent: Sent, trial: Trial, *, again: str = "") -> HttpResponse:
    found = trial.comparison
    context = _about(record) | {
        "figures": [
            {"label": _("Changed by the workbook"), "value": len(found.changes), "url": "#changes"},
            {"label": _("Changed by others meanwhile"), "value": len(found.conflicts), "url": "#conflicts", "tone": "late" if found.conflicts else ""},
            {"label": _("Left as it is"), "value": found.same, "url": "#changes"},
            {"label": _("Still wrong afterwards"), "value": len(trial.verdict.troubles), "url": "#troubles"},
        ],
        "changes": found.changes[:LISTED],
        "more": max(len(found.changes) - LISTED, 0),
        "conflicts": found.conflicts,
        "troubles": _troubles(trial)[:LISTED],
        "carried": _carry([sent]),
        "again": again,
        "anything": bool(found.changes or found.conflicts),
    }  # fmt: skip
    return render(request, "campaigns/sheet_trial.html", context, status=409 if again else 200)


def _troubles(trial: Trial) -> list[dict[str, str]]:
    """What would be wrong, worst first."""
    order = {"error": 0, "reason": 1, "warning": 2}
    found = []
    for one in sorted(trial.verdict.troubles, key=lambda one: order[one.severity]):
        said = saying.say(trial.checker, one)
        found.append({"kind": saying.severity_words(one.severity), "what": said.message, "instead": said.instead})
    return found


def _saved(request: HttpRequest, actor: Actor, record: Return) -> HttpResponse:
    sent = _carried(request.POST["carried"])[0]
    take, seen = request.POST.getlist("take"), request.POST.getlist("seen")
    try:
        saved = actions.save_sheet(actor=actor, record=record.pk, sent=sent, take=take, seen=seen)
    except Conflict as problem:
        record = sheets.to_fill(record.pk)
        return _trial_page(request, record, sent, try_out(record, record.unit.name, sent), again=problem.detail)
    left = len(saved.troubles)
    words = ngettext("Saved. %(n)s thing is still to be seen to.", "Saved. %(n)s things are still to be seen to.", left)
    messages.success(
        request, words % {"n": left} if left else _("Saved. Nothing is wrong with it; it may be handed in.")
    )
    return redirect(return_url(record.pk))


def _carry(sent: list[Sent]) -> str:
    return signing.dumps(CARRIED.dump_python(sent, mode="json"), salt=SALT, compress=True)


def _carried(text: str) -> list[Sent]:
    try:
        return CARRIED.validate_python(signing.loads(text, salt=SALT, max_age=86_400))
    except (signing.BadSignature, ValueError):
        raise NotFound(_("This trial run is over. Upload the workbook again.")) from None


@require_GET
def archive(request: HttpRequest, campaign_id: UUID, month: str) -> HttpResponseBase:
    """The workbooks of a month of one's own unit and those it looks at first, for those that still write."""
    actor = asker(request)
    first = read_day(f"{month}-01")
    rows = sheets.written_in(actor, campaign_id, first) if first else []
    if not rows:
        raise NotFound(_("No return of this month waits to be filled in by your unit or those it reviews."))
    stream = SpooledTemporaryFile(max_size=8 << 20)  # noqa: SIM115 -- the answer closes it
    sheets.books(rows, stream)
    stream.seek(0)
    return download(stream, f"{_('returns')}-{month}.zip", "application/zip")


@dataclass(kw_only=True)
class Line:
    """One workbook of an archive, and what became of it."""

    name: str
    unit: str = ""
    month: date | None = None
    changes: int = 0
    conflicts: int = 0
    troubles: int = 0
    refused: str = ""
    url: str = ""
    sent: Sent | None = None
    saved: bool = False


@require_http_methods(["GET", "POST"])
def many(request: HttpRequest) -> HttpResponse:
    """An archive of workbooks: each is tried; those without conflicts that one may save are saved together."""
    actor = asker(request)
    if request.method == "POST" and "carried" in request.POST:
        lines = [_save_line(actor, one) for one in _carried(request.POST["carried"])]
        done = sum(one.saved for one in lines)
        messages.success(request, ngettext("%(n)s return saved.", "%(n)s returns saved.", done) % {"n": done})
        return _lines_page(request, lines)
    form = ManyForm(request.POST, request.FILES) if request.method == "POST" else ManyForm()
    if request.method == "POST" and form.is_valid():
        try:
            file = form.cleaned_data["file"]
            return _lines_page(request, _lines(actor, file.name, file.read()))
        except Refused as problem:
            refuse(form, problem)
    context = {"title": _("Several workbooks at once"), "form": form, "crumbs": [{"label": _("Fill in with Excel")}]}
    return render(request, "campaigns/sheets.html", context, status=422 if form.errors else 200)


def _lines(actor: Actor, name: str, source: bytes) -> list[Line]:
    files = list(unpacked(name, source))
    books = read_books([body for _name, body in files])
    return [_line(actor, name, book) for (name, _body), book in zip(files, books, strict=True)]


def _line(actor: Actor, name: str, book: Book | Refused) -> Line:
    line = Line(name=name)
    try:
        if isinstance(book, Refused):
            raise book
        sent = parse(book)
        line.unit, line.month = sent.unit, sent.month
        record = sheets.to_fill(sent.record)
        line.unit, line.url = record.unit.name, reverse("campaigns:sheet", args=[record.pk])
        trial = try_out(record, record.unit.name, sent)
        line.changes, line.conflicts = len(trial.comparison.changes), len(trial.comparison.conflicts)
        line.troubles = len(trial.verdict.troubles)
        fills(actor, record)
        line.sent = sent if line.changes and not line.conflicts else None
    except Problem as problem:
        line.refused = problem.detail
    return line


def _save_line(actor: Actor, sent: Sent) -> Line:
    line = Line(name="", unit=sent.unit, month=sent.month, url=return_url(sent.record))
    try:
        saved = actions.save_sheet(actor=actor, record=sent.record, sent=sent, seen=())
        line.saved, line.troubles = True, len(saved.troubles)
    except Problem as problem:
        line.refused = problem.detail
    return line


def _lines_page(request: HttpRequest, lines: list[Line]) -> HttpResponse:
    ready = [one.sent for one in lines if one.sent]
    context = {
        "title": _("Several workbooks at once"),
        "lines": lines,
        "ready": len(ready),
        "carried": _carry(ready) if ready else "",
        "crumbs": [{"label": _("Several workbooks at once"), "url": reverse("campaigns:sheets")}],
    }
    return render(request, "campaigns/sheets_tried.html", context)
