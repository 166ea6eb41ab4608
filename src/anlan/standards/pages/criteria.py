"""Major-hazard criteria: what is in force, what each clause says, and how far it was verified."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from anlan.identity.asking import actor_of
from anlan.kernel import clock
from anlan.kernel.phrases import chinese, in_tongue
from anlan.registry.queries import industry_names
from anlan.standards import queries
from anlan.standards.models import Clause, CriteriaList
from anlan.standards.pages import finding
from anlan.standards.rules import citation, is_topic, number, standing

MARKS = {
    "V": gettext_lazy("verified at the source"),
    "B+": gettext_lazy("a third party's clause base, and an independent page agrees"),
    "B": gettext_lazy("a third party's clause base, not checked at the source"),
    "W": gettext_lazy("a secondary page"),
    "K": gettext_lazy("own knowledge, to be confirmed by an expert"),
}
STANDINGS = {
    "in_force": (gettext_lazy("in force"), "done"),
    "not_yet": (gettext_lazy("not yet in force"), "waiting"),
    "ended": (gettext_lazy("no longer in force"), "muted"),
    "undated": (gettext_lazy("first day unproven"), "disputed"),
}


class ClauseFilter(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("Words"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )
    industry = forms.ChoiceField(label=gettext_lazy("Industry"), required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["industry"].choices = [("", _("All")), *industry_names().items()]  # type: ignore[attr-defined]


def _asked(request: HttpRequest) -> tuple[ClauseFilter, str, str]:
    actor_of(request)
    form = ClauseFilter(request.GET or None)
    form.is_valid()
    clean = form.cleaned_data if form.is_bound else {}
    return form, clean.get("q") or "", clean.get("industry") or ""


@require_GET
def criteria(request: HttpRequest) -> HttpResponse:
    """Words or a field give clauses in force today; below them the lists."""
    _form, words, industry = _asked(request)
    today = clock.today()
    context = {
        "title": _("Major-hazard criteria"),
        "words": words,
        "industry": industry,
        "chips": finding.chips(request, industry, today),
        "table": _lists_table(queries.lists(today, industry=industry or None)),
        "marks": MARKS.items(),
    }
    return render(request, "standards/criteria.html", context | finding.found(words, industry, today, clause_view))


@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """What is found while one types; opened as a page of its own, it is the page around it."""
    if request.headers.get("HX-Request") != "true":
        return redirect(f"{reverse('standards:criteria')}?{request.GET.urlencode()}")
    _form, words, industry = _asked(request)
    return render(request, "standards/_found.html", finding.found(words, industry, clock.today(), clause_view))


@require_GET
def one(request: HttpRequest, code: str) -> HttpResponse:
    form, words, industry = _asked(request)
    row = queries.criteria_list(code)
    clauses = queries.clauses_of(code, industry=industry or None, words=words)
    groups: list[dict[str, Any]] = []
    for clause in clauses:
        if not groups or groups[-1]["article"] != clause.article:
            heading = clause.scope.get("article", {})
            label = _("Article %(number)s") % {"number": clause.article}
            groups.append({"article": clause.article, "label": f"{label} {_in_language(heading)}", "clauses": []})
        groups[-1]["clauses"].append(clause_view(clause))
    context = {
        "title": _name(row),
        "row": row,
        "topics": any(is_topic(clause) for clause in clauses),
        "state": _standing_view(standing(row, clock.today())),
        "facts": _facts(row),
        "filter_form": form,
        "groups": groups,
        "marks": MARKS.items(),
        "crumbs": [{"label": _("Major-hazard criteria"), "url": reverse("standards:criteria")}, {"label": _name(row)}],
    }
    return render(request, "standards/list.html", context)


def _lists_table(found: list[queries.Listed]) -> dict[str, Any]:
    fields = industry_names()
    rows = [
        {
            "id": one.criteria.code,
            "url": reverse("standards:list", args=[one.criteria.code]),
            "tone": "" if one.citable else "muted",
            "cells": {
                "name": _name(one.criteria),
                "number": one.criteria.number,
                "standing": _standing_view(one.standing),
                "loaded": {"loaded": one.criteria.clauses_loaded, "count": one.criteria.item_count},
                "from": one.criteria.in_force_from,
                "to": one.criteria.in_force_to,
                "industries": [fields.get(code, code) for code in one.criteria.industries],
                "evidence": {"mark": one.criteria.evidence, "words": MARKS[one.criteria.evidence]},
            },
        }
        for one in found
    ]
    return {
        "id": "criteria",
        "label": _("Lists of criteria"),
        "columns": [
            {"key": "name", "label": _("Criteria"), "kind": "link", "lead": True, "always": True},
            {"key": "number", "label": _("Document")},
            {"key": "standing", "label": _("Standing"), "kind": "state"},
            {"key": "loaded", "label": _("Clauses"), "template": "standards/_loaded.html"},
            {"key": "from", "label": _("In force from"), "kind": "date"},
            {"key": "to", "label": _("In force until"), "kind": "date"},
            {"key": "industries", "label": _("Industries"), "kind": "tags"},
            {"key": "evidence", "label": _("Evidence"), "template": "standards/_evidence.html"},
        ],
        "rows": rows,
    }


def _facts(row: CriteriaList) -> list[dict[str, Any]]:
    fields = industry_names()
    notes = [row.remarks[key] for key in ("date_note", "in_force_to_note", "items_note", "note") if key in row.remarks]
    return [
        {"label": _("Document"), "value": row.number},
        {"label": _("Issued by"), "value": row.issuer},
        {"label": _("In force from"), "value": row.in_force_from, "template": "components/cells/date.html"},
        {"label": _("In force until"), "value": row.in_force_to, "template": "components/cells/date.html"},
        {"label": _("Items"), "value": row.item_count},
        {"label": _("Industries"), "value": " · ".join(fields.get(code, code) for code in row.industries)},
        {"label": _("Evidence"), "value": f"{row.evidence} · {MARKS[row.evidence]}"},
        {"label": _("Source"), "value": row.source},
        *({"label": _("Remark"), "value": note, "wide": True} for note in notes),
    ]


def clause_view(clause: Clause) -> dict[str, Any]:
    return {
        "number": number(clause),
        "list": _name(clause.criteria),
        "url": reverse("standards:list", args=[clause.criteria_id]),
        "text": in_tongue(clause),
        "keywords": clause.keywords,
        "evidence": {"mark": clause.evidence, "words": MARKS[clause.evidence]},
        "topic": is_topic(clause),
        "citation": citation(clause),
    }


def _standing_view(code: str) -> dict[str, Any]:
    label, tone = STANDINGS[code]
    return {"code": code, "label": label, "tone": tone}


def _name(row: CriteriaList) -> str:
    return in_tongue(row)


def _in_language(heading: dict[str, str]) -> str:
    return heading.get("zh" if chinese() else "en", "")
