"""One hazard with all that hangs on it, for its page, its print and its signing screen."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from anlan.hazards import notices
from anlan.hazards.models import DueDate, Hazard, Photo, Recheck, Signature
from anlan.hazards.queries.filters import seen
from anlan.hazards.queries.list import enterprise_names
from anlan.hazards.queries.waiting import signature_wanted
from anlan.hazards.sheet import Sheet, sheet
from anlan.hazards.states import OPEN
from anlan.hazards.steps.finding import place_key
from anlan.identity.queries import Named, named
from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan.kernel.ledger.read import Act, acts, newest_head
from anlan.reports.models import Report
from anlan_verify import canonical


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A signature, and whether the sheet it was given for is still the present one."""

    signature: Signature
    present_round: bool
    bound: bool
    changed: list[str]
    """Facts of the sheet that differ now."""


@dataclass(frozen=True, kw_only=True)
class Linked:
    """Another hazard and what it is to this one."""

    kind: str  # previous, later, survivor, merged, part, whole
    hazard: Hazard


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What a print names, so that a later rewrite shows: the last entry's leaf and the size of the newest head."""

    number: str
    leaf: str
    size: int

    def text(self) -> str:
        return f"ANLAN1 {self.number} {self.leaf} {self.size}"


def hazard(hazard_id: UUID) -> Hazard:
    """Raises NotFound for what does not exist and for what lies outside the scope alike."""
    found = (
        Hazard.objects.select_related("industry", "clause__criteria", "site", "risk_point").filter(pk=hazard_id).first()
    )
    if found is None:
        raise NotFound
    return found


def photos(of: Hazard) -> list[Photo]:
    return list(Photo.objects.filter(hazard=of).select_related("file").order_by("at", "id"))


def due_dates(of: Hazard) -> list[DueDate]:
    return list(DueDate.objects.filter(hazard=of).order_by("set_at", "id"))


def rechecks(of: Hazard) -> list[Recheck]:
    return list(Recheck.objects.filter(hazard=of).order_by("at", "id"))


def signatures(of: Hazard) -> list[Signed]:
    """Oldest first. One of an earlier round belongs to an earlier sheet; one of this round must fit the present sheet."""
    rows = list(Signature.objects.filter(hazard=of).select_related("drawing").order_by("at", "id"))
    present = sheet(of) if rows else None
    return [_signed(of, row, present) for row in rows if present]


def _signed(of: Hazard, row: Signature, present: Sheet) -> Signed:
    shown: dict[str, Any] = canonical.loads(bytes(row.shown))
    differing = [key for key, value in present.facts.items() if shown.get(key) != value]
    return Signed(
        signature=row,
        present_round=row.round == of.round,
        bound=row.digest == present.digest,
        changed=[key for key in differing if key != "round"],
    )


def waited_for(of: Hazard) -> list[Named]:
    """Who is next, by name and post."""
    with scope.elevated("whoever sees a hazard may know whom it waits for"):
        return [named(post) for post in notices.waited_for(of)]


def linked(of: Hazard, history: list[Act]) -> list[Linked]:
    """Earlier and later findings of the same thing, merged duplicates, parts and their whole, as far as they are seen."""
    parts = {UUID(act.data["part"]) for act in history if act.data.get("part")}
    near = Q(previous=of) | Q(survivor=of) | Q(pk__in=[one for one in (of.previous_id, of.survivor_id, *parts) if one])
    if of.source_record.startswith("YH-"):
        near |= Q(number=of.source_record)
    found = []
    for row in Hazard.objects.filter(near).exclude(pk=of.pk).order_by("-found_at")[:50]:
        kind = (
            "previous" if row.pk == of.previous_id
            else "survivor" if row.pk == of.survivor_id
            else "part" if row.pk in parts
            else "later" if row.previous_id == of.pk
            else "merged" if row.survivor_id == of.pk
            else "whole"
        )  # fmt: skip
        found.append(Linked(kind=kind, hazard=row))
    return found


def citizens_reports(of: Hazard) -> list[Report]:
    """The reports it came from, as far as the reader may see them; an enterprise sees none."""
    return list(Report.objects.filter(hazard_id=of.pk).order_by("reported_at", "id")[:50])


def history(of: Hazard) -> list[Act]:
    return acts(of.pk)


def proof(of: Hazard, history: list[Act]) -> Proof:
    head = newest_head()
    return Proof(number=of.number, leaf=history[-1].leaf if history else "", size=head.size if head else 0)


def names(of: Hazard, history: list[Act]) -> dict[str, str]:
    """Names of the enterprises a hazard and its history mention, by id."""
    ids = {of.responsible_id, of.enterprise_id}
    for act in history:
        ids |= {UUID(str(one)) for one in act.changes.get("responsible_id", []) if one}
    return {str(key): name for key, name in enterprise_names(ids).items()}


def next_to_sign(actor: Actor, after: UUID | None = None) -> Hazard | None:
    """The hazard due soonest that waits for this actor's signature; another than `after` if there is one."""
    rows = Hazard.objects.filter(seen(actor), signature_wanted(actor)).order_by("due_at", "id")
    return rows.exclude(pk=after).first() if after else rows.first()


def count_to_sign(actor: Actor) -> int:
    return Hazard.objects.filter(seen(actor), signature_wanted(actor)).values("pk").order_by()[:100].count()


def perhaps_the_same(actor: Actor, *, enterprise: UUID | None, place: str) -> list[Hazard]:
    """Open hazards of this enterprise at a place that sounds alike: it may be one of these."""
    key = place_key(place)
    if enterprise is None or len(key) < 2:
        return []
    rows = Hazard.objects.filter(seen(actor), enterprise_id=enterprise, state__in=OPEN)
    near = Q(place_key__startswith=key[:40]) | Q(place_key__contains=key)
    return list(rows.filter(near).order_by("-found_at", "-id")[:3])
