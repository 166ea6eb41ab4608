"""
The arithmetic of a double random draw: what is published in, the result out. Values only, so that anybody can do it again.

Every candidate gets the number SHA-256(seed ‖ role ‖ id); the enterprises with the smallest numbers are drawn, in that order. For each
drawn enterprise the officers are ordered anew by SHA-256(seed ‖ "officer" ‖ enterprise ‖ id), and the first that may go are taken:
those whom an avoidance, their own region or too many visits already drawn keeps away are passed over, and the record says why.

The seed is SHA-256(root ‖ digest), 32 bytes each: the digest of what was announced, and the root of the first signed head of the
ledger that holds the announcement. The record carries that head with its signature, to be compared with any copy of it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from anlan_verify import canonical, heads

RULE, FIRST_RULE = "anlan-draw/2", "anlan-draw/1"
"""By the first rule nothing was announced; its draws can be done again, but their seed binds nobody."""
HELD = ("announcement", "head", "held_at", "seed")
"""What holding the draw adds to what was announced."""


class NotADrawError(ValueError):
    """The record does not hold what a draw is computed from."""


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """Whether the published record gives the published result."""

    same: bool
    bound: bool
    """Whether the seed follows from an announcement and a head made after it."""
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
        if published["rule"] not in (RULE, FIRST_RULE):
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


def held(announced: dict[str, Any], head: dict[str, Any], *, at: str) -> dict[str, Any]:
    """What is published of a draw that was held: what was announced, its digest, the head, and the seed made of both."""
    own = digest(announced)
    return announced | {"announcement": own, "head": head, "held_at": at, "seed": seed_of(str(head["root"]), own)}


def seed_of(root: str, announcement: str) -> str:
    """All three in hex."""
    return sha256(bytes.fromhex(root) + bytes.fromhex(announcement)).hexdigest()


def unbound(published: dict[str, Any]) -> list[str]:
    """In which parts the seed does not follow from the announcement and the head in the record."""
    try:
        own = digest({key: value for key, value in published.items() if key not in HELD})
        head, told = published["head"], published["announcement"]
        wrong = [] if told == own else ["announcement"]
        if not int(head["size"]) > int(published["head_size"]):
            wrong.append("head")
        if published["seed"] != seed_of(str(head["root"]), own):
            wrong.append("seed")
    except (KeyError, TypeError, ValueError) as error:
        raise NotADrawError(f"this is not the record of a draw: {error}") from error
    return wrong


def signer(published: dict[str, Any], keys: heads.Keys) -> str:
    """Whose key of those given signed the record's head, by its id; empty when none of them did. Raises NotADrawError without a head."""
    try:
        head = heads.parse_head(canonical.dumps(published["head"]))
    except (KeyError, ValueError) as error:
        raise NotADrawError(f"its head cannot be checked: {error}") from error
    return head.key_id if heads.verify_head(head, keys) else ""


def kept(published: dict[str, Any], witnessed: Iterable[heads.SignedHead | None]) -> bool | None:
    """
    Whether a file of heads kept outside the ledger's database has this very head: False when it has another of the same
    size, None when it has none of that size.
    """
    head = heads.parse_head(canonical.dumps(published["head"]))
    same = [one for one in witnessed if one is not None and (one.log, one.size) == (head.log, head.size)]
    return all(one.root == head.root for one in same) if same else None


def replay(record: dict[str, Any]) -> Replayed:
    """Do a published draw again: `record` is `{"published", "result", "digest"}`. Raises NotADrawError."""
    if not isinstance(record, dict) or not isinstance(record.get("published"), dict):
        raise NotADrawError("this is not the record of a draw")
    found, own = draw(record["published"]), digest(record["published"])
    differences = [] if own == record.get("digest") else ["digest"]
    bound = record["published"]["rule"] == RULE
    if bound:
        differences += unbound(record["published"])
    told = record.get("result")
    told = told if isinstance(told, list) else []
    for place in range(max(len(found), len(told))):
        here = found[place] if place < len(found) else None
        there = told[place] if place < len(told) else None
        if here != there:
            differences.append(f"result[{place}]")
    return Replayed(same=not differences, bound=bound, digest=own, result=found, differences=differences)
