"""What the checker found, and the enterprises behind a number."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from anlan.chain import queries
from anlan.chain.forms import MatrixFilter
from anlan.chain.models import Duty
from anlan.chain.pages.common import crumbs, reader_of, region_in
from anlan.chain.queries import ENTERPRISE_KINDS, Fault, holder_words
from anlan.chain.queries.matrix import column_of
from anlan.chain.wording import GROUPS, MEND, SEVERITIES, checks
from anlan.kernel.actor import Actor
from anlan.kernel.api import cursor, read_cursor
from anlan.kernel.errors import Invalid, NotFound
from anlan.registry.queries import industries, industry_names, region_names

PARTS_TOLD = frozenset({"ended_without_successor", "two_holders", "one_director_missing", "holder_left", "body_gone"})
"""Kinds whose words do not say of which part they speak."""
SHOWN = 30
"""Faults a page; the numbers above are of all."""


@require_GET
def checker(request: HttpRequest) -> HttpResponse:
    return render(request, "chain/checker.html", checker_context(reader_of(request), request.GET))


def checker_context(actor: Actor, asked: QueryDict) -> dict[str, Any]:
    form = MatrixFilter(actor, asked or None)
    form.is_valid()
    found = queries.check(actor, region=region_in(asked, actor))
    wanted = (form.cleaned_data.get("industry") or "") if form.is_bound else ""
    names = industry_names()
    fields = {one.bit: one.pk for one in industries(actor)}
    if wanted:
        found = [one for one in found if one.industry_bit is not None and fields.get(one.industry_bit) == wanted]
    tallies = queries.tallied(found)
    name = asked.get("name", "")
    listed = [one for one in found if one.name == name] if name in checks() else found
    page = _page(asked, len(listed))
    shown = listed[page * SHOWN : (page + 1) * SHOWN]
    query = asked.copy()
    query.pop("page", None)
    return {
        "title": _("Check of the chain"),
        "crumbs": crumbs(_("Check of the chain")),
        "filter_form": form,
        "groups": _groups(tallies, query, name),
        "clear_url": _without(query),
        "chosen": checks()[name].words if name in checks() else "",
        "rows": _rows(shown, fields, names),
        "count": len(listed),
        "next_url": _with(query, page=str(page + 1)) if (page + 1) * SHOWN < len(listed) else "",
        "previous_url": _with(query, page=str(page - 1)) if page else "",
    }


def _page(asked: QueryDict, count: int) -> int:
    text = asked.get("page", "")
    page = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    return min(page, max(count - 1, 0) // SHOWN)


def _with(query: Any, **more: str) -> str:
    changed = query.copy()
    for key, value in more.items():
        changed[key] = value
    return f"?{changed.urlencode()}"


def _without(query: Any) -> str:
    changed = query.copy()
    changed.pop("name", None)
    return f"{reverse('chain:checker')}?{changed.urlencode()}"


def _groups(tallies: dict[str, int], query: Any, chosen: str) -> list[dict[str, Any]]:
    """Every kind that was looked for, those that were not found too: nothing found is an answer."""
    return [
        {
            "label": label,
            "count": sum(tallies.get(one.name, 0) for one in checks().values() if one.group == group),
            "kinds": [
                {
                    "words": one.words,
                    "count": tallies.get(one.name, 0),
                    "url": _with(query, name=one.name),
                    "basis": one.basis,
                    "evidence": one.evidence,
                    "chosen": one.name == chosen,
                }
                for one in checks().values()
                if one.group == group
            ],
        }
        for group, label in GROUPS.items()
    ]


def _rows(shown: list[Fault], fields: dict[int, str], names: dict[str, str]) -> list[dict[str, Any]]:
    places = region_names(one.region for one in shown)
    causes = queries.by_id([duty for one in shown for duty in one.duties])
    parts = dict(Duty.PARTS)
    rows = []
    for one in shown:
        column = fields.get(one.industry_bit, "") if one.industry_bit is not None else ""
        severity, tone = SEVERITIES[one.check.severity]
        rows.append(
            {
                "words": one.check.words,
                "severity": {"label": severity, "tone": tone},
                "place": places.get(one.region, str(one.region)),
                "field": names.get(column, ""),
                "part": parts.get(one.part, "") if one.name in PARTS_TOLD else "",
                "causes": [_cause(causes[duty]) for duty in one.duties if duty in causes],
                "enterprises": one.enterprises,
                "mend": MEND[one.check.group] if one.name != "uncovered" else MEND["omission"],
                "url": _mend_url(one, column),
                "panel": one.name not in ENTERPRISE_KINDS,
                "firms_url": _firms_url(one) if one.enterprises else "",
            }
        )
    return rows


def _cause(one: Duty) -> str:
    who = (one.organisation.name if one.organisation else "") or holder_words(one)
    words = " · ".join(filter(None, (str(dict(Duty.PARTS)[one.part]), who, one.matter)))
    if one.valid_to is not None:
        return _("%(duty)s (until %(day)s)") % {"duty": words, "day": one.valid_to.isoformat()}
    return words


def _mend_url(one: Fault, column: str) -> str:
    if one.name in ENTERPRISE_KINDS:
        return _firms_url(one)
    return reverse("chain:cell", args=[one.region, column_of(one.slot, column)])


def _firms_url(one: Fault) -> str:
    bit = f"&bit={one.industry_bit}" if one.industry_bit is not None else ""
    return f"{reverse('chain:firms', args=[one.name])}?region={one.region}{bit}"


@require_GET
def firms(request: HttpRequest, name: str) -> HttpResponse:
    """The enterprises behind one fault."""
    actor = reader_of(request)
    region = region_in(request.GET, actor)
    text = request.GET.get("bit", "")
    bit = int(text) if text.isascii() and text.isdigit() and int(text[:3]) < 63 else None
    if name not in checks() or region is None:
        raise NotFound
    try:
        after = read_cursor(request.GET["after"], str, UUID) if request.GET.get("after") else None
    except Invalid:
        after = None
    at = (str(after[0]), UUID(str(after[1]))) if after else ("", UUID(int=0))
    rows, onward = queries.firms(actor, name, region=region, bit=bit, after=at)
    places = region_names(one.region for one in rows)
    table = {
        "id": "firms",
        "label": checks()[name].words,
        "columns": [
            {"key": "name", "label": _("Enterprise name"), "kind": "link", "lead": True, "always": True},
            {"key": "place", "label": _("Region")},
        ],
        "rows": [
            {
                "id": str(one.id),
                "url": reverse("registry:enterprise", args=[one.id]),
                "cells": {"name": one.name, "place": places.get(one.region, "")},
            }
            for one in rows
        ],
        "page": {"next": cursor(*onward) if onward else None},
    }
    place = region_names([region])[region]
    context = {
        "title": _("%(words)s: %(place)s") % {"words": checks()[name].words, "place": place},
        "table": table,
        "crumbs": [
            *crumbs(_("Check of the chain"))[:1],
            {"label": _("Check of the chain"), "url": reverse("chain:checker")},
            {"label": place},
        ],
    }
    return render(request, "list.html", context)


@require_GET
def coverage(request: HttpRequest) -> HttpResponse:
    """How far the enterprises of each county have come with their duty lists."""
    actor = reader_of(request)
    found = queries.coverage(actor)
    places = region_names(one.region for one in found)
    total, complete = sum(one.enterprises for one in found), sum(one.complete for one in found)
    begun = sum(one.begun for one in found)
    table = {
        "id": "coverage",
        "label": _("Duty lists of enterprises"),
        "columns": [
            {"key": "place", "label": _("Region"), "lead": True, "always": True},
            {"key": "enterprises", "label": _("Enterprises"), "kind": "number"},
            {"key": "begun", "label": _("Principal has a card"), "kind": "number"},
            {"key": "complete", "label": _("All cards acknowledged"), "kind": "number"},
            {"key": "rate", "label": _("Share"), "kind": "number"},
        ],
        "rows": [
            {
                "id": str(one.region),
                "cells": {
                    "place": places.get(one.region, str(one.region)),
                    "enterprises": {
                        "value": one.enterprises,
                        "url": f"{reverse('registry:enterprises')}?region={one.region}",
                    },
                    "begun": one.begun,
                    "complete": one.complete,
                    "rate": f"{one.rate:.0%}",
                },
            }
            for one in found
        ],
        "page": {"words": ngettext("%(n)s county", "%(n)s counties", len(found)) % {"n": len(found)}},
    }
    figures = [
        {"label": _("Enterprises"), "value": f"{total:,}", "url": reverse("registry:enterprises")},
        {
            "label": _("Principal has a card"),
            "value": f"{begun:,}",
            "url": reverse("chain:checker") + "?name=no_principal_card",
        },
        {
            "label": _("All cards acknowledged"),
            "value": f"{complete / total:.0%}" if total else "–",
            "url": reverse("chain:checker") + "?name=card_unsigned",
        },
    ]
    context = {
        "title": _("Duty lists of enterprises"),
        "table": table,
        "figures": figures,
        "crumbs": crumbs(_("Duty lists of enterprises")),
    }
    return render(request, "list.html", context)
