"""
The arithmetic of a double random draw: what is published in, the result out. Values only, so that anybody can do it again.

Every candidate gets the number SHA-256(seed ‖ role ‖ id); the enterprises with the smallest numbers are drawn, in that order. For each
drawn enterprise the officers are ordered anew by SHA-256(seed ‖ "officer" ‖ enterprise ‖ id), and the first that may go are taken:
those whom an avoidance, their own region or too many visits already drawn keeps away are passed over, and the record says why.
"""

from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from anlan_verify import canonical

RULE = "anlan-draw/1"


class NotADrawError(ValueError):
    """The record does not hold what a draw is computed from."""


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """Whether the published record gives the published result."""

    same: bool
    digest: str
    result: list[dict[str, Any]]
    differences: list[str]


def draw(published: dict[str, Any]) -> list[dict[str, Any]]:
    """
    The result: for each drawn enterprise `{"enterprise", "officers", "passed_over": [{"officer", "reason"}]}`; fewer officers than asked
    for means that nobody else may go.
    """
    try:
        seed, asked = str(published["seed"]), published["asked"]
        if published["rule"] != RULE:
            raise NotADrawError(f"rule {published['rule']!r} is not {RULE}")
        enterprises = {one["id"]: one for one in published["enterprises"]}
        officers = {one["id"]: one for one in published["officers"]}
        kept_away = {(one["officer"], one["enterprise"]): one["reason"] for one in published["avoidances"]}
        count, each, most = int(asked["enterprises"]), int(asked["officers_each"]), int(asked["most_each_officer"])
        abroad = bool(asked["other_region"])
    except (KeyError, TypeError, ValueError) as error:
        raise NotADrawError(f"this is not the record of a draw: {error}") from error
    visits: Counter[str] = Counter()
    result = []
    for chosen in _ordered(enterprises, seed, "enterprise")[:count]:
        taken: list[str] = []
        passed: list[dict[str, str]] = []
        for officer in _ordered(officers, seed, "officer", chosen):
            if len(taken) == each:
                break
            reason = kept_away.get((officer, chosen), "")
            if not reason and abroad and officers[officer]["county"] == enterprises[chosen]["county"]:
                reason = "own_region"
            if not reason and visits[officer] >= most:
                reason = "enough_visits"
            if reason:
                passed.append({"officer": officer, "reason": reason})
            else:
                taken.append(officer)
        visits.update(taken)
        result.append({"enterprise": chosen, "officers": taken, "passed_over": passed})
    return result


def _ordered(ids: dict[str, Any], *parts: str) -> list[str]:
    start = "\n".join(parts)
    return sorted(ids, key=lambda one: (sha256(f"{start}\n{one}".encode()).digest(), one))


def digest(published: dict[str, Any]) -> str:
    """SHA-256 of the canonical bytes of what is published."""
    return sha256(canonical.dumps(published)).hexdigest()


def replay(record: dict[str, Any]) -> Replayed:
    """Do a published draw again: `record` is `{"published", "result", "digest"}`. Raises NotADrawError."""
    if not isinstance(record, dict) or not isinstance(record.get("published"), dict):
        raise NotADrawError("this is not the record of a draw")
    found, own = draw(record["published"]), digest(record["published"])
    differences = [] if own == record.get("digest") else ["digest"]
    told = record.get("result")
    told = told if isinstance(told, list) else []
    for place in range(max(len(found), len(told))):
        here = found[place] if place < len(found) else None
        there = told[place] if place < len(told) else None
        if here != there:
            differences.append(f"result[{place}]")
    return Replayed(same=not differences, digest=own, result=found, differences=differences)
