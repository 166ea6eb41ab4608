"""The working-day calendar: what is known, how far it reaches, a calculator, and its keeper's changes."""

import calendar as months
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anlan.identity import roles
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.calendar import working_days
from anlan.kernel.calendar_actions import Day, may_keep, put_back_day, set_day, set_year, switch_provisional
from anlan.kernel.calendar_notice import read_days, read_workbook
from anlan.kernel.errors import CalendarEnds, Forbidden, Invalid, NotFound
from anlan.kernel.holidays import FESTIVALS
from anlan.kernel.models import CalendarDay, CalendarYear
from anlan.kernel.pages import form_page
from anlan.kernel.reading import read_day
from anlan.kernel.workdays import MORNING
from anlan.site.menu import EVERYBODY
from anlan.site.pages.access import open_to
from anlan.site.pages.calendar_reach import reach
from anlan.site.pages.forms import attempt, day_field

READERS = EVERYBODY - {roles.CITIZEN}


class Calculator(forms.Form):
    start = day_field(label=gettext_lazy("From"))
    n = forms.IntegerField(label=gettext_lazy("How many working days"), min_value=-250, max_value=250)


class YearForm(forms.Form):
    year = forms.IntegerField(label=gettext_lazy("Year"))
    source = forms.CharField(
        label=gettext_lazy("Notice"), help_text=gettext_lazy("Its title and number, such as 国办发明电〔2026〕7号.")
    )
    days = forms.CharField(
        label=gettext_lazy("Days off and make-up days"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=gettext_lazy(
            "One line a day or span, pasted from the notice or from a spreadsheet: “2027-02-05~2027-02-11 off 春节”, "
            "“2027-02-20 work 春节调休”."
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a workbook (.xlsx)"),
        required=False,
        help_text=gettext_lazy("One sheet with the columns day, off or work, name."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )


class DayForm(forms.Form):
    day = day_field(label=gettext_lazy("Day"))
    works = forms.ChoiceField(
        label=gettext_lazy("It is"),
        choices=[("yes", gettext_lazy("a working day")), ("no", gettext_lazy("a day off"))],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label=gettext_lazy("Why"), max_length=60)


@require_GET
@open_to(*READERS)
def calendar(request: HttpRequest, actor: Actor) -> HttpResponse:
    years = list(CalendarYear.objects.order_by("year"))
    known = {row.year: row for row in years}
    year = _wanted(request.GET.get("year"), known)
    days = {row.day: row for row in CalendarDay.objects.filter(day__year=year).order_by("day")} if year else {}
    keeper = may_keep(actor)
    calculator = Calculator(request.GET if "n" in request.GET else None, initial={"start": clock.today(), "n": 10})
    following = max(known, default=clock.today().year - 1) + 1
    context: dict[str, Any] = {
        "title": _("Working days"),
        "crumbs": [{"label": _("Workbench"), "url": "/"}, {"label": _("Working days")}],
        "reach": reach(),
        "years": [
            {
                "label": row.year,
                "url": f"?year={row.year}",
                "active": row.year == year,
                "provisional": row.status != "official",
            }
            for row in years[-6:]
        ],
        "year": known.get(year),
        "months": [_month(year, month, days) for month in range(1, 13)] if year else [],
        "named": list(days.values()),
        "calculator": calculator,
        "answer": _answer(calculator),
        "keeper": keeper,
        "next_year": following,
        "can_provision": keeper and following in FESTIVALS,
    }
    return render(request, "site/calendar.html", context)


def _wanted(asked: str | None, known: dict[int, Any]) -> int:
    if asked and asked.isascii() and asked.isdigit() and int(asked) in known:
        return int(asked)
    present = clock.today().year
    return present if present in known else max(known, default=0)


def _month(year: int, month: int, named: dict[date, CalendarDay]) -> dict[str, Any]:
    weeks = [
        [_day(date(year, month, number), named) if number else None for number in week]
        for week in months.monthcalendar(year, month)
    ]
    worked = sum(1 for week in weeks for one in week if one and one["works"])
    return {"label": date_format(date(year, month, 1), "F"), "weeks": weeks, "worked": worked}


def _day(day: date, named: dict[date, CalendarDay]) -> dict[str, Any]:
    row = named.get(day)
    works = row.works if row else day.weekday() < 5
    kind = "makeup" if works and day.weekday() >= 5 else "holiday" if not works and row else "" if works else "weekend"
    return {
        "number": day.day,
        "iso": day.isoformat(),
        "works": works,
        "kind": kind,
        "name": row.name if row else "",
        "today": day == clock.today(),
    }


def _answer(form: Calculator) -> dict[str, Any] | None:
    """The last day of the limit, or why it cannot be counted."""
    if not form.is_bound or not form.is_valid():
        return None
    start, count = form.cleaned_data["start"], form.cleaned_data["n"]
    try:
        due = working_days().add(datetime.combine(start, MORNING, clock.SHANGHAI), count)
    except CalendarEnds as ends:
        return {"problem": ends.detail}
    day = clock.day_of(due)
    return {"day": day, "start": start, "n": count, "weekday": date_format(day, "l")}


@require_http_methods(["GET", "POST"])
@open_to(roles.SYSTEM_ADMIN)
def new_year(request: HttpRequest, actor: Actor) -> HttpResponse:
    _only_keeper(actor)
    last = CalendarYear.objects.filter(status="official").order_by("-year").values_list("year", flat=True).first()
    form = YearForm(request.POST or None, request.FILES or None, initial={"year": (last or clock.today().year) + 1})
    if form.is_bound and attempt(
        form,
        lambda typed: set_year(actor=actor, year=typed["year"], source=typed["source"], days=_days_of(typed)),
    ):
        messages.success(request, _("The calendar of %(year)s is loaded.") % {"year": form.cleaned_data["year"]})
        return redirect(f"{reverse('calendar')}?year={form.cleaned_data['year']}")
    return form_page(
        request,
        form,
        template="site/calendar_year.html",
        title=_("Load an official year"),
        crumbs=_crumbs(_("Load an official year")),
        back_url=reverse("calendar"),
        consequences=[
            _("Whatever the calendar said of this year is replaced."),
            _("Time limits that begin from now on count by it; due dates already given do not move."),
        ],
        submit_label=_("Load the year"),
    )


def _days_of(typed: dict[str, Any]) -> list[Day]:
    """From the workbook if one was sent, else from the lines."""
    if not typed["file"]:
        return read_days(typed["days"])
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as kept:
        for part in typed["file"].chunks():
            kept.write(part)
        kept.flush()
        return read_workbook(Path(kept.name))


@require_http_methods(["GET", "POST"])
@open_to(roles.SYSTEM_ADMIN)
def edit_day(request: HttpRequest, actor: Actor) -> HttpResponse:
    _only_keeper(actor)
    day = read_day(request.GET.get("day"))
    stored = CalendarDay.objects.filter(pk=day).first() if day else None
    initial = {"day": day, "works": "yes" if stored and stored.works else "no", "name": stored.name if stored else ""}
    form = DayForm(request.POST or None, initial=initial)
    if form.is_bound and attempt(
        form,
        lambda typed: set_day(actor=actor, day=typed["day"], works=typed["works"] == "yes", name=typed["name"]),
    ):
        messages.success(request, _("The day is changed."))
        return redirect(f"{reverse('calendar')}?year={form.cleaned_data['day'].year}")
    return form_page(
        request,
        form,
        template="site/calendar_day.html",
        title=_("Change a day"),
        crumbs=_crumbs(_("Change a day")),
        back_url=reverse("calendar"),
        consequences=[_("Due dates already given do not move.")],
        stored=stored,
    )


@require_POST
@open_to(roles.SYSTEM_ADMIN)
def forget_day(request: HttpRequest, actor: Actor) -> HttpResponse:
    day = read_day(request.POST.get("day"))
    if day is None:
        raise NotFound
    put_back_day(actor=actor, day=day)
    messages.success(request, _("The day is as its weekday again."))
    return redirect(f"{reverse('calendar')}?year={day.year}")


@require_POST
@open_to(roles.SYSTEM_ADMIN)
def provisional(request: HttpRequest, actor: Actor) -> HttpResponse:
    asked = request.POST.get("year", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) == 4):
        raise Invalid(_("A year has four digits."))
    on = request.POST.get("on") == "1"
    switch_provisional(actor=actor, year=int(asked), on=on)
    messages.success(
        request, _("The provisional year is switched on.") if on else _("The provisional year is switched off.")
    )
    return redirect("calendar")


def _only_keeper(actor: Actor) -> None:
    if not may_keep(actor):
        raise Forbidden(
            _("Only the system administrator of the whole city may change the calendar."), code="calendar.keeper"
        )


def _crumbs(here: str) -> list[dict[str, str]]:
    return [
        {"label": _("Workbench"), "url": "/"},
        {"label": _("Working days"), "url": reverse("calendar")},
        {"label": here},
    ]
