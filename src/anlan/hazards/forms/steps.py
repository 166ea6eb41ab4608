"""The forms of the steps, with what is known already filled in."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from anlan.files.models import File
from anlan.hazards import needs
from anlan.hazards.forms.nouns import category_choices, industry_choices, makers, picker, places
from anlan.hazards.models import SOURCES, Hazard
from anlan.hazards.sheet import sheet
from anlan.hazards.wording import OPTIONS
from anlan.identity import roles
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.flow import Step
from anlan.kernel.forms import WIDGETS, InputForm, Maker, Question, asked, options_widget
from anlan.kernel.reading import read_id
from anlan.registry.models import Enterprise, Site
from anlan.risks.models import RiskPoint, WorkerReport

LISTED_FOR_MAJOR = (
    "duty",
    "funds_fen",
    "contingency",
    "goal",
    "method",
    "resources",
    "organisation",
    "schedule",
    "safety",
)
SOURCES_OF: dict[str, tuple[str, ...]] = {
    roles.INSPECTOR: ("county", "group", "citizen", "system", "document"),
    roles.GROUP_LEADER: ("group", "county", "citizen", "document"),
    roles.EXPERT: ("expert", "group"),
    roles.REGULATOR: ("county", "citizen", "system", "document", "group", "expert"),
    roles.OFFICE: ("group", "county", "citizen", "system", "document", "expert"),
    roles.PRINCIPAL: ("self",),
    roles.SAFETY_MANAGER: ("self",),
}
"""Which sources a post registers, the usual one first."""


def step_form(step: Step, hazard: Hazard, actor: Actor, data: Any = None) -> InputForm:
    return InputForm(
        step.needs,
        data,
        initial=known(step.name, hazard),
        makers=makers(actor, hazard),
        options=OPTIONS,
        leave_out=left_out(step, hazard),
    )


def left_out(step: Step, hazard: Hazard) -> tuple[str, ...]:
    """Of a general hazard's plan only the measure and the date are asked."""
    return LISTED_FOR_MAJOR if step.name == "plan" and not hazard.major else ()


def known(name: str, hazard: Hazard) -> dict[str, Any]:
    """What a step's form begins with."""
    match name:
        case "amend":
            return {"place": hazard.place, "category": hazard.category, "description": hazard.description}
        case "grade":
            return {"grade": hazard.grade, "clause": hazard.clause_id}
        case "dispatch":
            return {"responsible": hazard.responsible_id or hazard.enterprise_id}
        case "split":
            return {"place": hazard.place, "category": hazard.category}
        case "sign" | "refuse":
            return {"digest": sheet(hazard).digest}
        case "plan":
            return {"due": hazard.rectify_due}
        case "decide_extension":
            return {"until": hazard.asked_due}
        case "submit":
            return {"finished_on": clock.today()}
        case _:
            return {}


def sources(actor: Actor) -> list[tuple[str, Any]]:
    words = dict(SOURCES)
    return [(code, words[code]) for code in SOURCES_OF.get(actor.role, ())]


def register_form(actor: Actor, data: Any = None, *, known: Mapping[str, Any] | None = None) -> InputForm:
    """A finding, made for a phone: photos first, few words, most of it known already; `known` comes from where one was."""
    draw = makers(actor)
    own = Enterprise.objects.filter(pk__in=actor.enterprises).first() if actor.enterprises else None
    choices = sources(actor)
    initial: dict[str, Any] = {"source": choices[0][0] if choices else ""}
    if own is not None:
        initial |= {"enterprise": own.pk, "region": own.region, "industry": own.industry_id}
    initial |= known or {}
    enterprise = data.get("enterprise", "") if data is not None else str(initial.get("enterprise", ""))

    def site(question: Question) -> forms.Field:
        words = "" if enterprise else _("Choose the enterprise first.")
        return asked(question, picker("site", actor, question, words=words, first=True, enterprise=enterprise))

    def risk_point(question: Question) -> forms.Field:
        words = "" if enterprise else _("Choose the enterprise first.")
        return asked(question, picker("risk_point", actor, question, words=words, first=True, enterprise=enterprise))

    def found_at(question: Question) -> forms.Field:
        return asked(
            question,
            picker("enterprise", actor, question, words=_("Name or credit code"), first=own is not None, sites="1"),
        )

    def photos(question: Question) -> forms.Field:
        drawn = WIDGETS["photos"](question)
        drawn.attrs["data-capture"] = "environment"
        return asked(question, drawn)

    def follows(choices: list[tuple[Any, Any]]) -> Maker:
        """Left empty, it is the chosen enterprise's own."""

        def drawn(question: Question) -> forms.Field:
            found = asked(question, forms.Select(choices=[("", _("as the enterprise")), *choices]))
            found.required = False
            return found

        return drawn

    if own is None:
        draw |= {"industry": follows(industry_choices(actor)), "region": follows(places(actor))}
    draw |= {
        "site": site,
        "risk_point": risk_point,
        "enterprise": found_at,
        "photos": photos,
        "source": lambda question: asked(question, options_widget(choices, required=True, chips=7)),
        "category": lambda question: asked(
            question, forms.RadioSelect(choices=category_choices(), attrs={"class": "chip-radio"})
        ),
    }
    return InputForm(needs.Register, data, initial=initial, makers=draw, options=OPTIONS)


def complete(actor: Actor, data: dict[str, Any]) -> dict[str, Any]:
    """Region and supervision field follow from the chosen site or enterprise where they were left open."""
    found: dict[str, Any] = {}
    if enterprise := _one(Enterprise, data.get("enterprise")):
        found |= {"industry": enterprise.industry_id, "region": enterprise.region}
    if site := _one(Site, data.get("site")):
        found |= {"region": site.region}
    if point := _one(RiskPoint, data.get("risk_point")):
        found |= {"region": point.region, "industry": point.industry_id} | point_place(point)
    if actor.region and "region" not in found:
        found["region"] = actor.region
    return found | data


def point_place(point: RiskPoint) -> dict[str, Any]:
    """Where a finding at a risk point is, unless somebody says it better."""
    return {"place": " ".join(part for part in (point.place, point.name) if part)[:200]}


def known_at(actor: Actor, asked: Any) -> dict[str, Any]:
    """What the address of the page says of a finding: its risk point, and the report that led here."""
    point = _one(RiskPoint, asked.get("risk_point"))
    if point is None or not point.active:
        return {}
    found: dict[str, Any] = {"enterprise": point.enterprise_id, "risk_point": point.pk, "site": point.site_id}
    found |= {"region": point.region, "industry": point.industry_id} | point_place(point)
    report = _one(WorkerReport, asked.get("report"))
    if report is not None and report.point_id == point.pk and report.state == "waiting":
        found |= {"report": report.pk, "description": report.words}
        photo = _one(File, asked.get("photos"))
        if photo is not None and photo.uploader_id == actor.person:
            found["photos"] = [photo.pk]
    return found


def _one(model: Any, value: Any) -> Any:
    return model.objects.filter(pk=found).first() if (found := read_id(value)) else None
