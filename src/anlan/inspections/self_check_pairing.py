"""Which answers of a self-check lack their finding. Values only."""

from collections import Counter
from collections.abc import Mapping
from uuid import UUID

from anlan.inspections.self_check_needs import CheckAnswer, DoCheck


def unfound(asked: DoCheck, points: Mapping[UUID, UUID]) -> list[CheckAnswer]:
    """
    The answers "no" without a finding of their own; `points` holds the risk point of each control.

    A finding that names a control or an item belongs to that answer alone; one that names a risk point to an answer there,
    or to one that is tied to no point; one that names nothing to any. No finding serves twice. Answers are served in the
    order in which they can choose least, so none is left without where a fair share exists.
    """
    named = {one.control or one.item for one in asked.findings if one.control or one.item}
    free = Counter(one.risk_point for one in asked.findings if not (one.control or one.item))
    bad = {_key(one): one for one in asked.answers if one.value == "no"}
    left = {key: one for key, one in bad.items() if key not in named}
    for choosy in (True, False):
        for key, one in list(left.items()):
            point = points.get(one.control) if one.control else None
            if (point is not None) is not choosy:
                continue
            usable = [point, None] if choosy else list(free)
            for where in usable:
                if free[where]:
                    free[where] -= 1
                    del left[key]
                    break
    return list(left.values())


def _key(answer: CheckAnswer) -> UUID | str:
    return answer.control or answer.item or answer.text
