"""Boards of the office: the month, typed against counted, quality by unit."""

from collections import Counter
from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anlan.campaigns.models import Campaign, Return
from anlan.campaigns.pages.common import asker, due_view, month_words, state_view, url_of, views, waits_for
from anlan.campaigns.pages.listing import marks
from anlan.campaigns.pages.shapes import filler_words
from anlan.campaigns.queries import board as boards
from anlan.campaigns.queries import listing, reconciling, setup
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.pages import download
from anlan.kernel.phrases import in_tongue

WORST = 15
YEAR = 12


def _asked(request: HttpRequest, actor: Actor) -> tuple[list[Campaign], Campaign | None, list[date], date | None]:
    """The campaign and month of the address; else the newest month that is over: nobody has written on the one that runs."""
    filters = listing.read_filters(request.GET)
    known = setup.campaigns(actor)
    chosen = next((one for one in known if one.pk == filters.campaign), None)
    chosen = chosen or next((one for one in known if listing.months(actor, one.pk, limit=1)), None)
    months = listing.months(actor, chosen.pk) if chosen else []
    over = [one for one in months if one < clock.today().replace(day=1)]
    month = filters.month if filters.month in months else next(iter([*over, *months]), None)
    return known, chosen, months, month


def _choosing(known: list[Campaign], chosen: Campaign | None, months: list[date], month: date | None) -> dict[str, Any]:
    return {
        "campaigns": [{"id": str(one.pk), "label": in_tongue(one), "here": one == chosen} for one in known],
        "months": [{"value": f"{one:%Y-%m}", "label": month_words(one), "here": one == month} for one in months],
        "month": month_words(month) if month else "",
    }


def _question(campaign: Campaign, month: date, **more: Any) -> str:
    extra = "".join(f"&{name}={value}" for name, value in more.items())
    return f"{reverse('campaigns:returns')}?campaign={campaign.pk}&month={month:%Y-%m}{extra}"


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Who is missing, who is late, and whom each return waits for."""
    actor = asker(request)
    known, campaign, months, month = _asked(request, actor)
    context: dict[str, Any] = {"title": _("Month board"), "views": views("board", actor)}
    context |= _choosing(known, campaign, months, month)
    if campaign and month:
        found = boards.board(actor, campaign.pk, month)
        context |= {
            "figures": _figures(found, campaign, month),
            "chart": _chart(found, campaign),
            "waits": Counter(waits_for(row) for row in found.rows if row.state != "locked").most_common(8),
            "rows": [_row(row) for row in found.rows],
        }
    return render(request, "campaigns/board.html", context)


def _figures(found: boards.Board, campaign: Campaign, month: date) -> list[dict[str, Any]]:
    rate, waiting = found.rate, found.waiting
    percent = "–" if rate.percent is None else f"{rate.percent}%"
    share = {"on_time": rate.on_time, "due": rate.due}
    return [
        {"label": _("Handed in on time"), "value": percent, "words": _("%(on_time)s of %(due)s that were due") % share, "url": ""},
        {"label": _("Missing returns"), "value": rate.missing, "words": _("%(n)s not due yet") % {"n": rate.ahead} if rate.ahead else "", "url": _question(campaign, month, missing=1), "tone": "late" if rate.missing else ""},
        {"label": _("Handed in late"), "value": rate.late, "url": _question(campaign, month, late=1), "tone": "late" if rate.late else ""},
        {"label": _("To review"), "value": waiting["review"], "url": _question(campaign, month, state="passed")},
        {"label": _("To lock"), "value": waiting["lock"], "url": _question(campaign, month, state="accepted")},
        {"label": _("Locked returns"), "value": waiting["done"], "url": _question(campaign, month, state="locked")},
    ]  # fmt: skip


def _chart(found: boards.Board, campaign: Campaign) -> dict[str, Any]:
    months = list(found.by_month)
    rates = list(found.by_month.values())
    return {
        "id": "returns-by-month",
        "title": _("Returns by month"),
        "kind": "stacked",
        "size": "sm",
        "label_title": _("Month"),
        "labels": [month_words(one) for one in months],
        "series": [
            {"name": _("On time"), "values": [one.on_time for one in rates]},
            {"name": _("Late"), "values": [one.late for one in rates]},
            {"name": _("Missing"), "values": [one.missing for one in rates], "tone": "late", "urls": [_question(campaign, one, missing=1) for one in months]},
        ],
    }  # fmt: skip


def _row(row: Return) -> dict[str, Any]:
    return {
        "unit": row.unit.name,
        "filler": filler_words(row.filler),
        "url": url_of(row),
        "state": state_view(row),
        "standing": boards.standing_of(row, clock.now()),
        "handed": row.handed_in_at,
        "marks": marks(row),
        "waits_for": waits_for(row),
        "due": due_view(row),
    }


@require_GET
def reconciliation(request: HttpRequest) -> HttpResponseBase:
    """Every figure that the platform counts too; only those that differ unless all are asked for. `export` answers a workbook."""
    actor = asker(request)
    known, campaign, months, month = _asked(request, actor)
    pairs = list(reconciling.pairs(actor, campaign.pk, month)) if campaign and month else []
    if request.GET.get("export") and month:
        return download(_workbook(pairs), f"{_('Typed against counted')}-{month:%Y-%m}.xlsx")
    everything = bool(request.GET.get("all"))
    context: dict[str, Any] = {
        "title": _("Typed against counted"),
        "views": views("reconciliation", actor),
        "all": everything,
        "totals": [_total(one) for one in reconciling.totals(pairs)],
        "rows": [_pair(one) for one in pairs if everything or one.difference or one.typed is None],
        "checked": len({one.record.pk for one in pairs}),
        "query": _query(campaign, month),
    }
    return render(request, "campaigns/reconciliation.html", context | _choosing(known, campaign, months, month))


def _query(campaign: Campaign | None, month: date | None) -> str:
    return f"campaign={campaign.pk}&month={month:%Y-%m}" if campaign and month else ""


def _total(one: reconciling.Total) -> dict[str, Any]:
    return {
        "label": f"{one.cell.panel.label} · {one.cell.label}",
        "unit": one.cell.element.unit,
        "typed": one.typed,
        "counted": one.counted,
        "difference": f"{one.difference:+,}" if one.difference else "",
        "units": one.units,
        "differing": one.differing,
        "unexplained": one.unexplained,
    }


def _pair(one: reconciling.Pair) -> dict[str, Any]:
    return {
        "unit": one.record.unit.name,
        "url": f"{url_of(one.record)}#p:{one.cell.panel.code}",
        "label": f"{one.cell.panel.label} · {one.cell.label}",
        "measure": one.cell.element.unit,
        "typed": one.typed_said,
        "counted": one.counted_said,
        "behind": reverse("campaigns:behind", args=[one.record.pk, one.cell.element.counted]),
        "difference": f"{one.difference:+,}" if one.difference else "",
        "reason": one.reason,
        "reason_by": one.reason_by,
    }


def _workbook(pairs: list[reconciling.Pair]) -> BytesIO:
    stream = BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    head, sheet = (
        book.add_format({"bold": True, "bottom": 1, "text_wrap": True}),
        book.add_worksheet(_("Typed against counted")[:31]),
    )
    heads = (_("Filling unit"), _("Month"), _("Panel"), _("Item of the return"), _("Counted in"), _("Written"), _("Counted by the platform"), _("Difference"), _("Reason"), _("Typed by"))  # fmt: skip
    sheet.set_column(0, 3, 22)
    sheet.set_column(8, 8, 48)
    sheet.freeze_panes(1, 1)
    sheet.write_row(0, 0, heads, head)
    for number, one in enumerate(pairs, 1):
        scale = 100 if one.cell.element.type == "money" else 1
        figures = [None if value is None else value / scale for value in (one.typed, one.counted, one.difference)]
        sheet.write_row(number, 0, [
            one.record.unit.name, f"{one.record.month:%Y-%m}", one.cell.panel.label, one.cell.label, one.cell.element.unit,
            *figures, one.reason, one.reason_by,
        ])  # fmt: skip
    sheet.autofilter(0, 0, max(1, len(pairs)), len(heads) - 1)
    book.close()
    stream.seek(0)
    return stream


@require_GET
def quality(request: HttpRequest) -> HttpResponse:
    """How often each unit's returns were bounced, sent back and amended, and how those who review look."""
    actor = asker(request)
    known, campaign, months, month = _asked(request, actor)
    context: dict[str, Any] = {"title": _("Quality by unit"), "views": views("quality", actor)}
    context |= _choosing(known, campaign, months, month)
    if campaign and month:
        first = _months_before(month, YEAR - 1)
        units = boards.quality(actor, campaign.pk, first, month)
        context |= {
            "span": f"{month_words(first)}–{month_words(month)}",
            "rows": [_unit(one, campaign) for one in units],
            "chart": _worst(units),
            "looking": boards.looking(actor, campaign.pk, first, month),
        }
    return render(request, "campaigns/quality.html", context)


def _months_before(month: date, count: int) -> date:
    number = month.year * 12 + month.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)


def _unit(one: boards.Quality, campaign: Campaign) -> dict[str, Any]:
    base = f"{reverse('campaigns:returns')}?campaign={campaign.pk}&unit={one.unit}"
    return {
        "name": one.name,
        "url": base,
        "due": one.rate.due,
        "on_time": "–" if one.rate.percent is None else f"{one.rate.percent}%",
        "late": one.rate.late,
        "missing": one.rate.missing,
        "handed": one.handed_in,
        "bounced": one.bounced,
        "sent_back": one.sent_back,
        "amended": one.amended,
        "error": "–" if one.error_percent is None else f"{one.error_percent}%",
        "links": {name: f"{base}&{name}=1" for name in ("late", "missing", "bounced", "sent_back", "amended")},
    }


def _worst(units: list[boards.Quality]) -> dict[str, Any] | None:
    shown = [one for one in units if one.error_percent][:WORST]
    if not shown:
        return None
    return {
        "id": "returns-errors",
        "title": _("Returns that were bounced or sent back, of those handed in"),
        "kind": "ranking",
        "unit": "%",
        "label_title": _("Filling unit"),
        "labels": [one.name for one in shown],
        "series": [{"name": _("Error rate"), "values": [one.error_percent for one in shown]}],
    }
