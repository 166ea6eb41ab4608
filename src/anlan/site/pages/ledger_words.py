"""The ledger as its readers first meet it: the newest head, the newest entries, what was refused."""

from collections.abc import Iterable
from typing import Any

from anlan.kernel.ledger.read import newest_head
from anlan.kernel.models import Entry, Leaf, Pending, Refusal
from anlan.site.pages.access import address
from anlan.site.pages.words import step_label, subject_label

COUNTED = 1000


def head_view() -> dict[str, Any] | None:
    """The newest signed head, and how many entries wait for the next (up to `COUNTED`)."""
    head = newest_head()
    if head is None:
        return None
    return {
        "size": head.size,
        "root": bytes(head.root).hex(),
        "at": head.at,
        "key": head.document.get("key_id", ""),
        "pending": Pending.objects.values("pk").order_by()[:COUNTED].count(),
    }


def newest(limit: int) -> list[dict[str, Any]]:
    return rows_of(list(Entry.objects.defer("body").order_by("-at", "-id")[:limit]))


def rows_of(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Entries with their words and their place in the tree: one query for all places."""
    entries = list(entries)
    places = dict(Leaf.objects.filter(entry_id__in=[one.pk for one in entries]).values_list("entry_id", "index"))
    return [
        {
            "id": str(entry.pk),
            "at": entry.at,
            "subject": subject_label(entry.subject_type),
            "subject_id": entry.subject_id,
            "step": step_label(entry.subject_type, entry.step),
            "version": entry.version,
            "actor": entry.actor_name,
            "person_id": entry.person_id,
            "index": places.get(entry.pk),
            "url": address("audit-entry", entry.pk),
        }
        for entry in entries
    ]


def refusals(limit: int) -> list[Refusal]:
    return list(Refusal.objects.order_by("-at", "-id")[:limit])
