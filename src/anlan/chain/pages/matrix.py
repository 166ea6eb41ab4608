"""The matrix of places and fields, and one cell of it mended in the side panel."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from anlan.chain import queries, rules
from anlan.chain.forms import MatrixFilter
from anlan.chain.models import Duty
from anlan.chain.pages.common import reader_of, region_in
from anlan.chain.queries import COMMITTEE, TERRITORY, Cell, holder_words, title_words
from anlan.chain.wording import MEND, SEVERITIES
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan.registry.queries import industry_names, region_names

STATES: dict[str, tuple[Any, str]] = {
    "omission": (pgettext_lazy("cell of the matrix", "nobody"), "late"),
    "cooperating": (pgettext_lazy("cell of the matrix", "helpers only"), "active"),
    "overlap": (pgettext_lazy("cell of the matrix", "overlap"), "disputed"),
    "vacant": (pgettext_lazy("cell of the matrix", "vacant"), "stopped"),
    "gap": (pgettext_lazy("cell of the matrix", "incomplete"), "waiting"),
    "ok": (pgettext_lazy("cell of the matrix", "in order"), "done"),
    "above": (pgettext_lazy("cell of the matrix", "led from above"), "muted"),
}
SPECIAL = {TERRITORY: gettext_lazy("Territory"), COMMITTEE: gettext_lazy("Two directors")}
PARTS = {
    TERRITORY: ("lead", "leader", "officer", "cooperate"),
    COMMITTEE: ("director_party", "director_government", "leader", "officer"),
}
SECTOR_PARTS = ("lead", "leader", "cooperate", "officer")
KIND = {TERRITORY: "territorial", COMMITTEE: "committee"}


def state_view(state: str) -> dict[str, Any]:
    label, tone = STATES[state]
    return {"code": state, "label": label, "tone": tone}


def column_words(column: str) -> str:
    return str(SPECIAL.get(column) or industry_names().get(column, column))


def cell_view(cell: Cell, place: str = "") -> dict[str, Any]:
    """What a cell shows: who leads, which leader, and its state in shape and words."""
    if cell.column == COMMITTEE:
        lines = [holder_words(one) for one in cell.parts("director_party", "director_government")]
    else:
        lines = [_body(one, place) for one in cell.parts("lead")]
        lines += [holder_words(one) for one in cell.parts("leader")]
    return {
        "id": f"cell-{cell.region}-{cell.column}",
        "region": cell.region,
        "url": reverse("chain:cell", args=[cell.region, cell.column]),
        "state": state_view(cell.state),
        "column": column_words(cell.column),
        "lines": [line for line in lines if line][:3],
        "more": max(len(lines) - 3, 0),
    }


def _body(one: Duty, place: str) -> str:
    """Without the place's own name in front: the row says it already."""
    name = one.organisation.name if one.organisation else ""
    short = name.removeprefix(place)
    return short if len(short) > 1 else name


@require_GET
def matrix(request: HttpRequest) -> HttpResponse:
    return render(request, "chain/matrix.html", matrix_context(reader_of(request), request.GET))


def matrix_context(actor: Actor, query: QueryDict) -> dict[str, Any]:
    form = MatrixFilter(actor, query or None)
    form.is_valid()
    industry = (form.cleaned_data.get("industry") or "") if form.is_bound else ""
    grid = queries.matrix(actor, region=region_in(query, actor), industry=industry)
    names = industry_names()
    return {
        "title": _("Responsibility chain"),
        "filter_form": form,
        "root": grid.root,
        "columns": [*(str(words) for words in SPECIAL.values()), *(names[one.pk] for one in grid.fields)],
        "rows": [
            {
                "place": row.place,
                "url": _below(row.place.code, grid.root.code, row.place.level),
                "in_order": row.in_order,
                "count": len(row.cells),
                "cells": [cell_view(cell, row.place.name) for cell in row.cells],
            }
            for row in grid.rows
        ],
        "totals": totals_view(grid.totals),
        "keeps": rules.keeps_chain(actor),
    }


def totals_view(totals: dict[str, int]) -> list[dict[str, Any]]:
    return [{"state": state_view(state), "count": totals[state]} for state in STATES]


def _below(code: int, root: int, level: str) -> str:
    return f"{reverse('chain:matrix')}?region={code}" if code != root and level in ("city", "county") else ""


@require_GET
def cell(request: HttpRequest, region: int, column: str) -> HttpResponse:
    """A cell's panel: who has what, what is wrong, and the verbs that mend it."""
    actor = reader_of(request)
    return render(request, "chain/cell.html", cell_context(actor, region, column))


def cell_context(actor: Actor, region: int, column: str) -> dict[str, Any]:
    names = industry_names()
    if column not in KIND and column not in names:
        raise NotFound
    found = queries.one_cell(actor, region=region, column=column)
    place = region_names([region])[region]
    keeps = rules.keeps_chain(actor)
    kind = KIND.get(column, "sector")
    bit = next((one.industry_bit for one in found.duties), None) if kind == "sector" else None
    if kind == "sector" and bit is None:
        from anlan.registry.queries import industries

        bit = next((one.bit for one in industries(actor) if one.pk == column), None)
    everything = queries.slot(actor, region=region, kinds=(kind,), bit=bit)
    today = clock.today()
    query = f"kind={kind}&region={region}" + ("" if kind != "sector" else f"&industry={column}")
    parts = dict(Duty.PARTS)
    return {
        "title": _("%(place)s · %(column)s") % {"place": place, "column": column_words(column)},
        "cell": cell_view(found, place),
        "faults": [
            {
                "words": one.check.words,
                "severity": {"label": SEVERITIES[one.check.severity][0], "tone": SEVERITIES[one.check.severity][1]},
                "part": parts.get(one.part, ""),
                "mend": MEND[one.check.group],
                "basis": one.check.basis,
                "evidence": one.check.evidence,
            }
            for one in found.faults
        ],
        "duties": [duty_view(one, keeps=keeps) for one in found.duties],
        "coming": [duty_view(one, keeps=keeps) for one in everything if one.valid_from > today],
        "past": [duty_view(one) for one in everything if one.valid_to is not None and one.valid_to < today][:20],
        "gives": [
            {"label": parts[part], "url": f"{reverse('chain:give')}?{query}&part={part}"}
            for part in PARTS.get(column, SECTOR_PARTS)
        ]
        if keeps
        else [],
        "crumbs": [{"label": _("Responsibility chain"), "url": reverse("chain:matrix")}, {"label": place}],
    }


def duty_view(one: Duty, *, keeps: bool = False) -> dict[str, Any]:
    closed = one.organisation is not None and not one.organisation.active
    post = one.post
    left = post is not None and (
        (post.valid_to is not None and post.valid_to < clock.today()) or not post.person.is_active
    )
    return {
        "part": dict(Duty.PARTS)[one.part],
        "matter": one.matter,
        "organisation": one.organisation.name if one.organisation else "",
        "person": holder_words(one),
        "title": title_words(one),
        "phone": one.phone,
        "basis": one.basis,
        "evidence": one.evidence,
        "from": one.valid_from,
        "to": one.valid_to,
        "marks": [
            words for words, shown in ((_("organisation closed"), closed), (_("has left office"), left)) if shown
        ],
        "change_url": reverse("chain:change", args=[one.pk]) if keeps else "",
        "end_url": reverse("chain:end", args=[one.pk]) if keeps else "",
    }
