"""Pages of the knowledge: the shelf, a search over all of it, one emergency, one list of criteria, one law."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from anlan.kernel import clock
from anlan.kernel.errors import NotFound
from anlan.kernel.phrases import chinese, in_tongue
from anlan.registry.queries import industry_names
from anlan.reports.knowledge import queries
from anlan.reports.models import Category
from anlan.reports.plaza.pages import LONGEST
from anlan.reports.plaza.serving import frame, open_page
from anlan.reports.plaza.wording import cards
from anlan.standards.models import Clause, LawClause
from anlan.standards.queries import criteria as criteria_queries
from anlan.standards.queries import laws as law_queries
from anlan.standards.wording import LAW_KINDS, named


@open_page("q", "industry", "category")
def home(request: HttpRequest) -> HttpResponse:
    """Without a question the shelf; with one what holds the words."""
    words = request.GET.get("q", "").strip()[:LONGEST]
    industry, category = request.GET.get("industry", "")[:30], request.GET.get("category", "")[:30]
    industries = industry_names()
    asked = bool(words or industry in industries or category)
    found = queries.search(words, industry=industry if industry in industries else "", category=category)
    context = frame(request, "knowledge") | {
        "title": _("Safety knowledge"),
        "words": words,
        "asked": asked,
        "industries": [(code, name, code == industry) for code, name in industries.items()],
        "categories": [(row.code, in_tongue(row), row.code == category) for row in Category.objects.filter(active=True)],
        "topics": found.topics,
        "clauses": [clause_view(one) for one in found.clauses],
        "articles": [article_view(one) for one in found.laws],
        "cases": cards(found.cases[: queries.EACH if asked else 4]),
        "nothing": asked and not found,
    }  # fmt: skip
    if not asked:
        context |= {
            "lists": [one.criteria for one in criteria_queries.lists(clock.today()) if one.citable],
            "laws": [one for one in law_queries.laws() if law_queries.law_standing(one, clock.today()) == "in_force"],
        }
        context["lists"] = [
            {"code": one.code, "name": in_tongue(one), "count": one.item_count} for one in context["lists"]
        ]
        context["laws"] = [
            {"code": one.code, "name": named(one), "kind": LAW_KINDS[one.kind]} for one in context["laws"]
        ]
    return render(request, "plaza/knowledge.html", context)


@open_page()
def topic(request: HttpRequest, code: str) -> HttpResponse:
    one = queries.topic(code)
    cases = [case for category in one.categories for case in queries.plaza.cases("", category, 3)]
    context = frame(request, "knowledge") | {"title": one.name, "topic": one, "cases": cards(cases)}
    return render(request, "plaza/topic.html", context)


@open_page()
def criteria(request: HttpRequest, code: str) -> HttpResponse:
    row, clauses = queries.criteria_of(code)
    context = frame(request, "knowledge") | {
        "title": in_tongue(row),
        "lead": _("What this list names is a major hazard. Report it when you see it."),
        "row": row,
        "items": [clause_view(one) for one in clauses],
    }
    return render(request, "plaza/rules.html", context)


@open_page()
def law(request: HttpRequest, code: str) -> HttpResponse:
    row = law_queries.law(code)
    items = [article_view(one) for one in law_queries.law_clauses(code=code)]
    if not items and law_queries.law_standing(row, clock.today()) != "in_force":
        raise NotFound
    context = frame(request, "knowledge") | {
        "title": named(row),
        "lead": _("In our own short words; the document itself counts."),
        "row": row,
        "items": items,
    }
    return render(request, "plaza/rules.html", context)


def clause_view(clause: Clause) -> dict[str, Any]:
    article = clause.scope.get("article", {})
    return {
        "text": in_tongue(clause),
        "where": " · ".join(
            part for part in (in_tongue(clause.criteria), article.get("zh" if chinese() else "en", "")) if part
        ),
        "code": clause.criteria_id,
        "evidence": clause.evidence,
    }


def article_view(article: LawClause) -> dict[str, Any]:
    number = _("Article %(number)s") % {"number": article.article} if article.article.isdigit() else article.article
    return {
        "text": in_tongue(article),
        "where": f"{named(article.law)} · {number}",
        "code": article.law_id,
        "evidence": article.evidence,
    }
