"""The forms of the steps, with what is known already filled in."""

from typing import Any

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.flow import Step
from anlan.kernel.forms import InputForm
from anlan.registry.queries import region_names
from anlan.reports import redaction
from anlan.reports.forms.nouns import makers
from anlan.reports.models import Category, Report, ReportPhoto

FIRST = ("unit", "category", "industry", "region")


def step_form(step: Step, report: Report, actor: Actor, data: Any = None) -> InputForm:
    form = InputForm(step.needs, data, initial=known(step.name, report), makers=makers(actor, report))
    form.order_fields(FIRST)  # what it is comes before what the public reads of it
    return form


def known(name: str, report: Report) -> dict[str, Any]:
    """What a step's form begins with."""
    match name:
        case "screen":
            kept = report.held or (report.decided and not report.public)
            return _sorted(report) | _public(report) | {"public": "false" if kept else "true"}
        case "edit_public":
            return _public(report)
        case "dispatch":
            return _sorted(report) | {"unit": report.suggested.get("unit", "")}
        case "verify":
            category = _category(report)
            return {
                "on": clock.today(),
                "place": report.address or _place(report),
                "enterprise": report.enterprise_id,
                "industry": report.industry_id or (category.industry_id if category else ""),
                "hazard_category": category.hazard_category if category else "",
            }
        case "review":
            return {"answer": report.answer or report.reason}
        case _:
            return {}


def _sorted(report: Report) -> dict[str, Any]:
    """As it was sorted, else as it is proposed, and the field that goes with the kind."""
    category = _category(report)
    return {
        "category": category.pk if category else "",
        "industry": report.industry_id or (category.industry_id if category else "") or "",
        "region": str(report.region),
    }


def _category(report: Report) -> Category | None:
    code = report.category_id or report.suggested.get("category")
    return Category.objects.filter(pk=str(code)).first() if code else None


def _public(report: Report) -> dict[str, Any]:
    """What the public reads so far; before anybody looked, what was sent without its numbers, the place no closer than its region."""
    sent = [str(pk) for pk in ReportPhoto.objects.filter(report=report, shown=True).values_list("pk", flat=True)]
    return {
        "public_words": report.public_words or redaction.redacted(report.words),
        "public_place": report.public_place or _place(report),
        "public": "true" if report.public else "false",
        "shown": sent,
    }


def _place(report: Report) -> str:
    return region_names([report.region]).get(report.region, "")
