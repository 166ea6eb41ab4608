"""Laws and their clauses: the list, a search over all of them, and one law."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anlan.identity.asking import reader_of
from anlan.kernel import clock
from anlan.kernel.phrases import in_tongue
from anlan.standards.forms import WordFilter
from anlan.standards.models import Law, LawClause
from anlan.standards.pages.criteria import MARKS, STANDINGS
from anlan.standards.queries import laws as queries
from anlan.standards.wording import LAW_KINDS, named


def _asked(request: HttpRequest) -> tuple[WordFilter, str]:
    reader_of(request)
    form = WordFilter(request.GET or None)
    form.is_valid()
    return form, (form.cleaned_data.get("q") or "") if form.is_bound else ""


@require_GET
def laws(request: HttpRequest) -> HttpResponse:
    """Without words the laws; with words the clauses that hold them."""
    form, words = _asked(request)
    context = {
        "title": _("Laws and clauses"),
        "filter_form": form,
        "table": None if words else _table(queries.laws()),
        "found": [_clause_view(one) for one in queries.law_clauses(words=words)] if words else None,
        "marks": MARKS.items(),
    }
    return render(request, "standards/laws.html", context)


@require_GET
def law(request: HttpRequest, code: str) -> HttpResponse:
    form, words = _asked(request)
    row = queries.law(code)
    context = {
        "title": named(row),
        "row": row,
        "state": _standing(row),
        "facts": _facts(row),
        "filter_form": form,
        "found": [_clause_view(one) for one in queries.law_clauses(words=words, code=code)],
        "marks": MARKS.items(),
        "crumbs": [{"label": _("Laws and clauses"), "url": reverse("standards:laws")}, {"label": named(row)}],
    }
    return render(request, "standards/law.html", context)


def _standing(row: Law) -> dict[str, Any]:
    code = queries.law_standing(row, clock.today())
    label, tone = STANDINGS[code]
    return {"code": code, "label": label, "tone": tone}


def _table(found: list[Law]) -> dict[str, Any]:
    rows = [
        {
            "id": row.code,
            "url": reverse("standards:law", args=[row.code]),
            "cells": {
                "name": named(row),
                "kind": LAW_KINDS[row.kind],
                "number": row.number,
                "standing": _standing(row),
                "from": row.in_force_from,
                "evidence": {"mark": row.evidence, "words": MARKS[row.evidence]},
            },
        }
        for row in found
    ]
    return {
        "id": "laws",
        "label": _("Laws"),
        "columns": [
            {"key": "name", "label": _("Law"), "kind": "link", "lead": True, "always": True},
            {"key": "kind", "label": _("Kind")},
            {"key": "number", "label": _("Document")},
            {"key": "standing", "label": _("Standing"), "kind": "state"},
            {"key": "from", "label": _("In force from"), "kind": "date"},
            {"key": "evidence", "label": _("Evidence"), "template": "standards/_evidence.html"},
        ],
        "rows": rows,
    }


def _facts(row: Law) -> list[dict[str, Any]]:
    day = "components/cells/date.html"
    return [
        {"label": _("Kind"), "value": LAW_KINDS[row.kind]},
        {"label": _("Document"), "value": row.number},
        {"label": _("Issued by"), "value": row.issuer},
        {"label": _("In force from"), "value": row.in_force_from, "template": day},
        {"label": _("Evidence"), "value": f"{row.evidence} · {MARKS[row.evidence]}"},
        {"label": _("Source"), "value": row.source, "wide": True},
    ]


def _clause_view(clause: LawClause) -> dict[str, Any]:
    numbered = clause.article.isdigit()
    label = _("Chapter %(number)s") if clause.law.kind == "standard" else _("Article %(number)s")
    return {
        "number": label % {"number": clause.article} if numbered else clause.article,
        "list": named(clause.law),
        "url": reverse("standards:law", args=[clause.law_id]),
        "text": in_tongue(clause),
        "evidence": {"mark": clause.evidence, "words": MARKS[clause.evidence]},
    }
