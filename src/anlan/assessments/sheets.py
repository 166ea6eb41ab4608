"""The comparison of a year's units as a workbook: one row a unit, one column a line of the card."""

from collections.abc import Sequence
from decimal import Decimal
from typing import IO, Any

from django.utils.translation import gettext as _

from anlan.assessments.flow import ASSESSMENT
from anlan.assessments.models import Assessment
from anlan.assessments.scoring.card import Card, plain
from anlan.assessments.wording import grade_view
from anlan.kernel.exchange.export import export_rows
from anlan.kernel.exchange.spec import Column
from anlan.kernel.timeline import state_words


def comparison(stream: IO[bytes], card: Card, units: Sequence[tuple[Assessment, bool]]) -> int:
    """Each unit with whether the reader may know of its check. Returns how many rows."""
    named = [*card.named.values()]
    columns = [
        Column(key="rank", title=_("Rank"), kind="int", width=8),
        Column(key="unit", title=_("Assessed unit"), width=30),
        Column(key="state", title=_("State"), width=14),
        Column(key="self", title=_("Self-score"), kind="decimal", width=10),
        Column(key="check", title=_("Check-score"), kind="decimal", width=10),
        Column(key="total", title=_("Result"), kind="decimal", width=10),
        Column(key="grade", title=_("Grade reached"), width=12),
        *(Column(key=one.code, title=_head(card, one), kind="decimal", width=14) for one in named),
        Column(key="bonus_most", title=_("Bound of all bonuses"), kind="decimal", width=12),
        Column(key="digest", title=_("Digest of the frozen figures"), width=66),
    ]
    rows = (_row(card, one, [item.code for item in named], told=told) for one, told in units)
    return export_rows(stream, columns, rows, title=_("Yearly assessment"))


def _head(card: Card, one: Any) -> str:
    item = card.items.get(one.code)
    return f"{one.label} ({plain(item.weight)})" if item else one.label


def _row(card: Card, one: Assessment, codes: list[str], *, told: bool) -> list[Any]:
    points = {line["code"]: Decimal(line["points"]) for line in one.lines} if told else {}
    return [
        one.rank,
        one.unit_name,
        state_words(ASSESSMENT, one.state),
        one.self_total,
        one.check_total if told else None,
        one.total if told else None,
        grade_view(card, one.grade) if told else "",
        *(points.get(code) for code in codes),
        points.get("bonus_most"),
        one.digest if told else "",
    ]
