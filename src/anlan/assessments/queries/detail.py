"""One assessment with its lines as its reader may see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from anlan.assessments.cards import card_of
from anlan.assessments.freezing import counted, inputs_now, self_inputs, whose
from anlan.assessments.measures import measured, measures
from anlan.assessments.models import Assessment, Case, ItemScore
from anlan.assessments.rules import sees_check
from anlan.assessments.scoring.card import Card
from anlan.assessments.scoring.computing import Inputs, compute
from anlan.files.models import File
from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound


@dataclass(frozen=True, kw_only=True)
class Detail:
    """
    `lines` as they are kept, or as they would be if all stood as it does now (`live`). `told` says whether the check may be seen: the
    unit's own view before it is notified holds its self-score alone.
    """

    record: Assessment
    card: Card
    lines: Sequence[Mapping[str, Any]]
    total: Decimal
    self_total: Decimal | None
    """The unit's own points with the same figures; None where it did not score itself."""
    grade: str
    barred: str
    live: bool
    told: bool
    scores: Mapping[str, ItemScore]
    cases: Sequence[Case]
    files: Mapping[str, File]


def assessment(key: UUID) -> Assessment:
    """Raises NotFound for what does not exist and for what lies outside the scope alike."""
    found = Assessment.objects.select_related("round").filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def detail(actor: Actor, record: Assessment) -> Detail:
    card, told = card_of(record), sees_check(actor, record)
    scores = {one.item: one for one in ItemScore.objects.filter(assessment=record)}
    cases = list(Case.objects.filter(assessment=record).order_by("at", "id")) if told else []
    kept = bool(record.inputs)
    inputs = Inputs.read(record.inputs["inputs"]) if kept else inputs_now(record, card, counted(record, card))
    own = compute(card, self_inputs(record, inputs))
    result = own if not told or record.state == "opened" else compute(card, inputs)
    return Detail(
        record=record,
        card=card,
        lines=result.stored(),
        total=result.total,
        self_total=None if record.unscored or record.state == "opened" else own.total,
        grade=result.grade,
        barred=result.barred,
        live=not kept,
        told=told,
        scores=scores,
        cases=cases,
        files=_files(scores, cases, told=told),
    )


def _files(scores: Mapping[str, ItemScore], cases: Sequence[Case], *, told: bool) -> dict[str, File]:
    ids = {one for row in scores.values() for one in (*row.self_files, *(row.check_files if told else ()))}
    ids |= {one for row in cases for one in row.files}
    return {str(one.pk): one for one in File.objects.filter(pk__in=ids)} if ids else {}


def rows_behind(record: Assessment, name: str) -> tuple[list[list[Any]], int]:
    """
    The rows that a figure of the assessment counts, as [kind, id, label, good], and how many more there are: those that were frozen
    with it, else as they stand now. NotFound for a measure that the card does not ask.
    """
    if name not in card_of(record).measures:
        raise NotFound
    if record.inputs:
        kept = record.inputs["rows"].get(name, {"rows": [], "left": 0})
        return kept["rows"], kept["left"]
    if name not in measures:
        return [], 0
    found = measured(name, whose(record)).stored()
    return found["rows"], found["left"]
