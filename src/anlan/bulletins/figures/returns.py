"""
Figures of monthly returns: those of units that no other unit reviews, for the others' count in theirs already. Only accepted
and locked returns count.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from psycopg import sql

from anlan.bulletins.figures.declared import Figure
from anlan.bulletins.figures.rows import Asked, Row, Rows, source
from anlan.campaigns.models import Participant, Return
from anlan.campaigns.returns.template import Template
from anlan.campaigns.versions import checker_for

SURE = ("accepted", "locked")

# The cells are taken out of the stored return once, for taking it out of storage costs more than all the sums.
_PICKED = """
SELECT r.id, r.unit_id, o.name, r.region, r.month, {cells}
FROM (
  SELECT id, unit_id, region, month, "values" -> 'cells' AS cells, "values" -> 'rows' AS rows
  FROM campaigns_return
  WHERE campaign_id = %s AND month BETWEEN %s AND %s AND region >= %s AND region < %s
    AND reviewer_id IS NULL AND state = ANY (%s)
  OFFSET 0
) r JOIN identity_organisation o ON o.id = r.unit_id
ORDER BY r.month, r.region, r.id
"""
_CELL = (
    "(SELECT CASE jsonb_typeof(v) WHEN 'number' THEN v::bigint END FROM (SELECT r.cells -> {name} -> 'value' AS v) c)"
)
_COUNT = "jsonb_array_length(r.rows -> {panel})"
_HAVING = "(SELECT count(*) FROM jsonb_array_elements(r.rows -> {panel}) e WHERE e -> {element} ->> 'value' = {value})"


def picked(asked: Asked, figures: Sequence[Figure]) -> Iterator[tuple[Any, ...]]:
    """One pass over the returns: id, unit, its name, region, month, and a value for each figure."""
    columns = [_column(one) for one in figures]
    query = sql.SQL(_PICKED).format(cells=sql.SQL(", ").join(columns))
    low, high = asked.places
    with connection.cursor() as cursor:
        cursor.execute(query.as_string(cursor.cursor), [asked.campaign, asked.first, asked.last, low, high, list(SURE)])
        yield from cursor.fetchall()


def _column(figure: Figure) -> sql.Composable:
    if figure.source == "returns":
        cells = [sql.SQL(_CELL).format(name=sql.Literal(name)) for name in figure.asks]
        if len(cells) == 1:
            return cells[0]
        added = sql.SQL(" + ").join(sql.SQL("coalesce({}, 0)").format(one) for one in cells)
        return sql.SQL("({})").format(added)
    panel, _equals, where = figure.asks[0].partition("?")
    if not where:
        return sql.SQL(_COUNT).format(panel=sql.Literal(panel))
    element, _equals, value = where.partition("=")
    return sql.SQL(_HAVING).format(panel=sql.Literal(panel), element=sql.Literal(element), value=sql.Literal(value))


@source("returns")
def cells(asked: Asked, figures: Sequence[Figure]) -> Rows:
    """Figures that stand in boxes; `asks` are the boxes, added up."""
    return _folded(asked, [one for one in figures if _known(asked, one.asks)])


@source("entries")
def entries(asked: Asked, figures: Sequence[Figure]) -> Rows:
    """Entries of panels with rows: `visits`, or `studies?rank=chief`."""
    return _folded(asked, [one for one in figures if _known(asked, one.asks)])


def _folded(asked: Asked, figures: Sequence[Figure]) -> Rows:
    if not figures:
        return {}
    found: Rows = {one.code: [] for one in figures}
    for key, unit, name, region, month, *values in picked(asked, figures):
        for figure, value in zip(figures, values, strict=True):
            if value is not None:
                found[figure.code].append(
                    Row(kind="return", key=key, label=name, value=value, unit=unit, region=region, month=month)
                )
    return {one.code: _put_together(one, found[one.code]) for one in figures}


def _put_together(figure: Figure, rows: list[Row]) -> list[Row]:
    if figure.how == "last":
        return list({row.unit: row for row in rows}.values())  # they come by month
    return [row for row in rows if row.value]


def _known(asked: Asked, names: Sequence[str]) -> bool:
    """Whether the template of the period's last month has them; a city may ask for other things."""
    template = _template(asked)
    if template is None:
        return False
    panels = {panel.code for panel in template.panels if panel.repeats}
    return all(name in template.cells or name.partition("?")[0] in panels for name in names)


def _template(asked: Asked) -> Template | None:
    rows = Return.objects.filter(campaign_id=asked.campaign, month__range=(asked.first, asked.last))
    key = rows.order_by("-month", "-id").values_list("template_id", flat=True).first()
    return checker_for(key).template if key else None


@source("handing_in")
def handing_in(asked: Asked, figures: Sequence[Figure]) -> Rows:
    """Facts of the returns themselves: whether they were due, on time, late, missing, or came back."""
    low, high = asked.places
    rows = Return.objects.filter(
        campaign_id=asked.campaign, month__range=(asked.first, asked.last), region__gte=low, region__lt=high,
        reviewer=None,
    )  # fmt: skip
    rows = rows.filter(Q(hand_in_by__lte=asked.until) | Q(handed_in_at__isnull=False))
    rows = rows.select_related("unit").defer("values", "troubles", "faults").order_by("month", "region", "id")
    found: Rows = {one.code: [] for one in figures}
    for record in rows:
        for figure in figures:
            if value := FACTS[figure.asks[0]](record):
                found[figure.code].append(
                    Row(kind="return", key=record.pk, label=record.unit.name, value=int(value), unit=record.unit_id,
                        region=record.region, month=record.month)
                )  # fmt: skip
    return found


FACTS = {
    "due": lambda record: True,
    "on_time": lambda record: record.handed_in_at is not None and not record.was_late,
    "late": lambda record: record.handed_in_at is not None and record.was_late,
    "missing": lambda record: record.handed_in_at is None,
    "handed_in": lambda record: record.round,
    "came_back": lambda record: record.bounced + record.sent_back,
}


@source("units")
def units(asked: Asked, figures: Sequence[Figure]) -> Rows:
    """Units that take part, of one kind."""
    low, high = asked.places
    rows = Participant.objects.filter(
        campaign_id=asked.campaign, region__gte=low, region__lt=high, reviewer=None, from_month__lte=asked.last
    ).exclude(to_month__lt=asked.first)
    found: Rows = {one.code: [] for one in figures}
    for row in rows.select_related("unit").order_by("region", "id"):
        for figure in figures:
            if row.filler in figure.asks:
                found[figure.code].append(
                    Row(kind="unit", key=row.unit_id, label=row.unit.name, value=1, unit=row.unit_id, region=row.region)
                )
    return found


def fillers(asked: Asked) -> dict[UUID, tuple[str, str, int]]:
    """Unit → how it takes part, name, region."""
    rows = Participant.objects.filter(campaign_id=asked.campaign, reviewer=None, from_month__lte=asked.last)
    rows = rows.exclude(to_month__lt=asked.first).select_related("unit").order_by("region", "id")
    return {row.unit_id: (row.filler, row.unit.name, row.region) for row in rows}
