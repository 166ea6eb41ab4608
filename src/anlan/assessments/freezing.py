"""What a result is made of: looked up, counted, frozen with a digest, and computed again from what was frozen."""

import hashlib
from collections import Counter
from typing import Any

from anlan.assessments.cards import card_of
from anlan.assessments.measures import Measured, Of, measured, measures
from anlan.assessments.models import Assessment, Case, ItemScore
from anlan.assessments.rulings import counted_time
from anlan.assessments.scoring.card import Card
from anlan.assessments.scoring.computing import Given, Inputs, Result, compute
from anlan.identity.models import Organisation
from anlan.kernel import clock, scope
from anlan_verify import canonical


def whose(record: Assessment) -> Of:
    """A district's office answers for all fields of its territory, a department for its own."""
    with scope.elevated("the fields for which an assessed unit answers"):
        unit = Organisation.objects.only("kind", "industries").get(pk=record.unit_id)
    begins, ends = counted_time(record)
    mask = unit.industries if unit.kind == "department" and unit.industries else -1
    return Of(
        unit=record.unit_id,
        region=record.region,
        industries=mask,
        begins=begins,
        ends=ends,
        department=unit.kind == "department",
    )


def counted(record: Assessment, card: Card) -> dict[str, Measured]:
    """The card's measures as the records stand now; one that this release no longer knows is left out and earns nothing."""
    of = whose(record)
    return {name: measured(name, of) for name in card.measures if name in measures}


def inputs_now(record: Assessment, card: Card, found: dict[str, Measured]) -> Inputs:
    """Figures as counted, check-scores and cases as they stand."""
    scores = ItemScore.objects.filter(assessment=record, check_points__isnull=False).order_by("item")
    cases = Case.objects.filter(assessment=record, struck_at=None)
    return Inputs(
        figures={name: one.figure for name, one in found.items()},
        given={one.item: Given(points=one.check_points, words=one.check_words) for one in scores if one.check_points is not None},
        cases=dict(sorted(Counter(cases.values_list("code", flat=True)).items())),
    )  # fmt: skip


def self_inputs(record: Assessment, inputs: Inputs) -> Inputs:
    """The same with the unit's own points, and without the cases that the office holds against it or for it."""
    scores = ItemScore.objects.filter(assessment=record, self_points__isnull=False)
    given = {one.item: Given(points=one.self_points) for one in scores if one.self_points is not None}
    return Inputs(figures=inputs.figures, given=given)


def freeze(record: Assessment) -> Result:
    """Count, keep what was counted with the rows behind it, and compute. Changes the record, stores nothing."""
    card = card_of(record)
    found = counted(record, card)
    inputs = inputs_now(record, card, found)
    record.inputs = {
        "card": card.digest,
        "at": canonical.timestamp(clock.now()),
        "inputs": inputs.stored(),
        "rows": {name: one.stored() for name, one in found.items()},
    }
    record.self_total = None if record.unscored else compute(card, self_inputs(record, inputs)).total
    return keep(record, card)


def keep(record: Assessment, card: Card) -> Result:
    """Compute from what is frozen and write the result into the record."""
    result = compute(card, Inputs.read(record.inputs["inputs"]))
    record.digest = digest_of(record.inputs)
    record.lines, record.total, record.grade = result.stored(), result.total, result.grade
    return result


def digest_of(inputs: dict[str, Any]) -> str:
    """SHA-256 of the canonical form of what was frozen, the card's digest among it."""
    return hashlib.sha256(canonical.dumps(inputs)).hexdigest()
