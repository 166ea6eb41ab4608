"""Clauses that may apply, shown while a finding is written and when it is graded. They are a hint: a person decides."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET

from anlan.hazards.forms.nouns import clause_option
from anlan.hazards.models import Hazard
from anlan.hazards.queries import detail
from anlan.identity.asking import reader_of
from anlan.kernel import clock
from anlan.kernel.reading import read_id
from anlan.registry.models import Enterprise
from anlan.standards.queries.suggestions import Suggestion, parts, suggestions
from anlan.standards.rules import is_topic

LONGEST = 400


@require_GET
def suggest(request: HttpRequest) -> HttpResponse:
    """For the finding that is being typed, or for a hazard and what is typed beside it."""
    reader_of(request)
    typed = request.GET
    hazard = _hazard(typed.get("hazard", ""))
    if hazard is not None:
        said = " ".join(filter(None, [typed.get("clause_words", ""), typed.get("remark", "")]))[:LONGEST]
        return render(request, "hazards/_suggest.html", for_grading(hazard, said))
    return render(request, "hazards/_suggest.html", for_finding(typed))


def for_grading(hazard: Hazard, said: str = "") -> dict[str, Any]:
    """Its own words, and what the grader adds; a click on one of them picks it in the clause field."""
    words = said.strip() or f"{hazard.description} {hazard.place}"
    day = clock.day_of(hazard.found_at)
    found = suggestions(words, day, industry=hazard.industry_id, facilities=_facilities(hazard.enterprise_id))
    pick = f"{reverse('hazards:pick', args=['clause'])}?name=clause&hazard={hazard.pk}&chosen="
    return {"suggestions": [_view(one, pick) for one in found], "hazard": hazard, "picks": True}


def for_finding(typed: Any) -> dict[str, Any]:
    """Only what is sure enough to be worth a look while one writes; the clause is cited later, by the one who grades."""
    enterprise = _enterprise(typed.get("enterprise", ""))
    found = suggestions(
        typed.get("description", "")[:LONGEST],
        _day(typed.get("found_at", "")),
        industry=typed.get("industry", "") or (enterprise.industry_id if enterprise else None),
        facilities=enterprise.facilities if enterprise else (),
    )
    return {"suggestions": [_view(one, "") for one in found if one.confident], "picks": False}


def _view(one: Suggestion, pick: str) -> dict[str, Any]:
    option = clause_option(one.clause)
    cut = parts(option.note, one.why)
    return {
        "citation": option.label,
        "parts": cut,
        "words": "" if any(hit for _piece, hit in cut) else " · ".join(one.why),
        "mark": one.clause.evidence,
        "topic": is_topic(one.clause),
        "confident": one.confident,
        "pick": f"{pick}{one.clause.pk}" if pick else "",
        "url": reverse("standards:list", args=[one.clause.criteria_id]),
    }


def _hazard(text: str) -> Hazard | None:
    return detail.hazard(found) if (found := read_id(text)) else None


def _enterprise(text: str) -> Enterprise | None:
    return Enterprise.objects.filter(pk=found).first() if (found := read_id(text)) else None


def _facilities(enterprise: UUID | None) -> tuple[str, ...]:
    found = Enterprise.objects.filter(pk=enterprise).first() if enterprise else None
    return tuple(found.facilities) if found else ()


def _day(text: str) -> date:
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    return found.date() if found else clock.today()
