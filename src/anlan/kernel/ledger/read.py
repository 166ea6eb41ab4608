"""Reading the ledger: what happened to a record, in whose words, and whether it is sealed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from anlan.kernel.models import Entry, Head, Leaf
from anlan_verify import canonical


@dataclass(frozen=True, kw_only=True)
class Act:
    """One entry as people and programs read it; everything comes from the hashed bytes."""

    id: UUID
    version: int
    step: str
    at: datetime
    actor_name: str
    post_label: str
    role: str
    state: list[str | None]
    changes: dict[str, list[Any]]
    data: dict[str, Any]
    files: list[str]
    digest: str | None
    leaf: str
    index: int | None

    @property
    def sealed(self) -> bool:
        return self.index is not None


def _act(entry: Entry, index: int | None) -> Act:
    body = canonical.loads(bytes(entry.body))
    return Act(
        id=entry.id,
        version=body["version"],
        step=body["step"],
        at=canonical.parse_timestamp(body["at"]),
        actor_name=body["actor"]["name"],
        post_label=body["actor"]["post_label"],
        role=body["actor"]["role"],
        state=body["state"],
        changes=body["changes"],
        data=body["data"],
        files=body["files"],
        digest=body["digest"],
        leaf=bytes(entry.leaf).hex(),
        index=index,
    )


def acts(subject_id: UUID) -> list[Act]:
    """The whole history of one record, oldest first, as far as the reader may see it."""
    return acts_of(list(Entry.objects.filter(subject_id=subject_id).order_by("version")))


def acts_of(entries: Sequence[Entry]) -> list[Act]:
    """Entries as acts, in their order, with their places in the tree."""
    places = dict(Leaf.objects.filter(entry_id__in=[one.id for one in entries]).values_list("entry_id", "index"))
    return [_act(entry, places.get(entry.id)) for entry in entries]


def last_act(subject_id: UUID, *, since: int = 0, steps: Iterable[str] | None = None) -> Act | None:
    """The last thing a person (not the clock) did after a version, of some steps or of any."""
    entries = Entry.objects.filter(subject_id=subject_id, version__gt=since, person_id__isnull=False)
    if steps is not None:
        entries = entries.filter(step__in=list(steps))
    last = entries.order_by("-version").first()
    return _act(last, None) if last else None


def newest_head() -> Head | None:
    return Head.objects.order_by("-size").first()
