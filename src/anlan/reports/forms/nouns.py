"""How the room's nouns are picked: unit, report, enterprise, kind of report, field, photos for the public."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.files.models import File
from anlan.files.pictures import picture
from anlan.identity.models import Organisation
from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.forms import Maker, Option, Pick, Question, Source, asked, options_widget
from anlan.kernel.phrases import in_tongue
from anlan.kernel.reading import read_id, read_ids
from anlan.registry.models import Enterprise
from anlan.registry.queries import Filters, enterprises, industries, region_choices, region_names
from anlan.reports import redaction
from anlan.reports.models import Category, Report, ReportPhoto
from anlan.reports.queries import files_of, near
from anlan.reports.states import OPEN
from anlan.reports.wording import state_words
from anlan.standards.categories import category_names

FOUND = 12
Search = Callable[[Actor, str, dict[str, str]], list[Option]]
Choices = list[tuple[str, Any]]
YES_NO = [("true", gettext_lazy("Yes")), ("false", gettext_lazy("No"))]


def unit_option(row: Organisation, *, why: str = "") -> Option:
    return Option(value=str(row.pk), label=row.name, note=why or region_names([row.region]).get(row.region, ""))


def units(actor: Actor) -> Any:
    """Bodies that may be sent a report: of the actor's territory, no enterprise among them."""
    return Organisation.objects.filter(scope.within(actor, industry=None), active=True).exclude(kind="enterprise")


def find_units(actor: Actor, words: str, more: dict[str, str]) -> list[Option]:
    """By name; before anything is typed, those that speak for themselves: wished, proposed, of the field."""
    if words:
        return [unit_option(row) for row in units(actor).filter(name__icontains=words).order_by("name")[:FOUND]]
    report = Report.objects.select_related("industry").filter(pk__in=read_ids([more.get("report")])).first()
    return fitting_units(actor, report) if report else []


def fitting_units(actor: Actor, report: Report) -> list[Option]:
    """The unit the reporter wished for and the one proposed first, then the bodies of the place that supervise the field."""
    reasons: dict[UUID, str] = {}
    if proposed := read_id(_proposed(report).get("unit")):
        reasons[proposed] = _("proposed from past reports")
    if report.wished_unit_id:
        reasons[report.wished_unit_id] = _("wished for by the reporter")
    named = {row.pk: row for row in units(actor).filter(pk__in=reasons)}
    found = [unit_option(named[pk], why=why) for pk, why in reasons.items() if pk in named]
    bodies = units(actor).filter(region__gte=report.county, region__lt=report.county + 1_000_000).exclude(pk__in=named)
    if report.industry_bit is not None:
        mask = 1 << report.industry_bit
        fits = [row for row in bodies.order_by("name")[:200] if row.industries & mask]
        return [*found, *(unit_option(row, why=_("supervises this field")) for row in fits)][:FOUND]
    return [*found, *(unit_option(row) for row in bodies.order_by("name")[:FOUND])][:FOUND]


def _proposed(report: Report) -> dict[str, Any]:
    kept = report.suggested
    return kept if isinstance(kept, dict) else {}


def find_reports(actor: Actor, words: str, more: dict[str, str]) -> list[Option]:
    """By number or words; before anything is typed, those that are near it in place, words and picture, then the latest there."""
    this = Report.objects.filter(pk__in=read_ids([more.get("besides")])).first()
    rows = Report.objects.filter(scope.within(actor, county="county", industry=None)).exclude(outcome="duplicate")
    if this is not None:
        rows = rows.filter(county=this.county).exclude(pk=this.pk)
    if words:
        number = words.strip().upper()
        found = rows.filter(Q(number=number) | Q(words__icontains=words) | Q(address__icontains=words))
        return [report_option(row) for row in found.order_by("-reported_at", "-id")[:FOUND]]
    if this is None:
        return []
    alike = _alike(actor, this)
    close = {row.pk: row for row in rows.filter(pk__in=alike)}
    named = [report_option(close[pk], why=why) for pk, why in alike.items() if pk in close]
    rest = rows.filter(region=this.region, state__in=OPEN).exclude(pk__in=close)
    return [*named, *(report_option(row) for row in rest.order_by("-reported_at", "-id")[:FOUND])][:FOUND]


def _alike(actor: Actor, this: Report) -> dict[UUID, str]:
    """As citizens are asked whether theirs may be one of them: the likest first, with its distance."""
    files = list(ReportPhoto.objects.filter(report=this).values_list("file_id", flat=True))
    found = near(
        actor,
        lon=this.lon,
        lat=this.lat,
        words=this.words,
        category=this.category_id or "",
        photos=files,
        region=this.region,
    )
    return {
        one.report.pk: _("%(n)s m away") % {"n": f"{one.distance_m:,}"} if one.distance_m is not None else _("alike")
        for one in found
        if one.report.pk != this.pk
    }


def report_option(row: Report, *, why: str = "") -> Option:
    return Option(
        value=str(row.pk),
        label=" · ".join(filter(None, [row.number, row.address or row.public_place, why])),
        note=redaction.without_contacts(row.words)[:120],
        mark=state_words(row.state),
    )


def find_enterprises(actor: Actor, words: str, more: dict[str, str]) -> list[Option]:
    if not words:
        return []
    rows = enterprises(actor, Filters(words=words, status="active"), limit=FOUND).rows
    places = region_names(row.region for row in rows)
    return [
        Option(value=str(row.pk), label=row.name, note=f"{row.uscc} · {places.get(row.region, '')}") for row in rows
    ]


SEARCHES: dict[str, Search] = {"unit": find_units, "report": find_reports, "enterprise": find_enterprises}


def search(kind: str, actor: Actor, words: str, more: dict[str, str]) -> list[Option]:
    return SEARCHES[kind](actor, words.strip()[:100], more)


def chosen_options(kind: str, actor: Actor, values: Sequence[str]) -> list[Option]:
    """What was picked before, by id, as far as this actor sees it."""
    wanted = read_ids(values)
    if kind == "unit":
        return [unit_option(row) for row in units(actor).filter(pk__in=wanted)]
    if kind == "report":
        return [report_option(row) for row in Report.objects.filter(pk__in=wanted)]
    return [Option(value=str(row.pk), label=row.name) for row in Enterprise.objects.filter(pk__in=wanted)]


def picker(kind: str, actor: Actor, question: Question, *, words: str = "", first: bool = False, **more: str) -> Pick:
    kept = {key: one for key, one in more.items() if one}
    return Pick(
        Source(
            url=f"{reverse('reports:pick', args=[kind])}?{urlencode({'name': question.name, **kept})}",
            search=lambda typed: search(kind, actor, typed, kept),
            chosen=lambda values: chosen_options(kind, actor, values),
            words=words,
            first=first,
        )
    )


def category_choices() -> Choices:
    return [(row.code, in_tongue(row)) for row in Category.objects.filter(active=True)]


def field_choices() -> Choices:
    """Every field: the desk sorts for all of them, and what a unit finds may lie in another's."""
    return [(row.code, in_tongue(row)) for row in industries()]


def photo_choices(report: Report) -> Choices:
    """Each photo as its own label: one chooses by looking."""
    found = list(ReportPhoto.objects.filter(report=report).order_by("at", "id"))
    files = files_of(found)
    return [
        (str(one.pk), _photo(one, files.get(one.file_id), _("photo %(n)s") % {"n": number}))
        for number, one in enumerate(found, start=1)
    ]


def _photo(one: ReportPhoto, file: File | None, words: str) -> str:
    shape = picture(one.file_id, file, alt=words)
    if shape["state"] != "drawn":
        return render_to_string("files/_picture.html", {"picture": shape, "plain": True})
    form = '<img class="photo-choice" src="{}" alt="{}" width="96" height="72" loading="lazy">'
    return format_html(form, shape["thumb"], words)


def makers(actor: Actor, report: Report) -> dict[str, Maker]:
    """How each noun is drawn for this actor and report; by the widget's name, or the field's."""
    this = str(report.pk)

    def choice(choices: Callable[[], Choices]) -> Maker:
        return lambda question: asked(
            question, options_widget([("", _("Choose…")), *choices()], required=question.required, chips=1)
        )

    def photos(question: Question) -> forms.Field:
        choices = photo_choices(report)
        words = question.help if choices else _("No photo came with it.")
        return asked(question, forms.CheckboxSelectMultiple(choices=choices), help_text=words)

    def day(question: Question) -> forms.Field:
        return asked(question, forms.DateInput({"type": "date"}, format="%Y-%m-%d"))

    return {
        "report_category": choice(category_choices),
        "industry": choice(field_choices),
        "region": choice(lambda: [(str(code), name) for code, name in region_choices(actor)]),
        "hazard_category": choice(lambda: [(code, names[0]) for code, names in category_names().items()]),
        "unit": lambda question: asked(
            question, picker("unit", actor, question, words=_("Name of the unit"), first=True, report=this)
        ),
        "report": lambda question: asked(
            question, picker("report", actor, question, words=_("Number, place or words"), first=True, besides=this)
        ),
        "enterprise": lambda question: asked(
            question, picker("enterprise", actor, question, words=_("Name or credit code"))
        ),
        "report_photos": photos,
        "switch": lambda question: asked(question, forms.RadioSelect(choices=YES_NO)),
        "on": day,
    }
