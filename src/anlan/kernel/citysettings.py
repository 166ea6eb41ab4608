"""A city's peculiarities as data with sensible defaults: declared once here by the rooms, edited on the settings page."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.codes import parent
from anlan.kernel.errors import Invalid
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import write_note
from anlan.kernel.models import CitySetting


@dataclass(frozen=True, kw_only=True)
class Declared:
    """One setting: its key, words, default, where the default comes from, and what a value must satisfy."""

    key: str
    label: Any
    default: Any
    basis: str = ""
    evidence: str = "K"
    help: Any = ""
    check: Callable[[Any], str | None] = lambda value: None


declared: dict[str, Declared] = {}
_kept: tuple[float, dict[tuple[int, str], Any]] | None = None
_lock = Lock()
KEEP_SECONDS = 10.0


def declare(**facts: Any) -> Declared:
    one = Declared(**facts)
    declared[one.key] = one
    return one


def _stored() -> dict[tuple[int, str], Any]:
    global _kept  # noqa: PLW0603 -- one small cache a process
    with _lock:
        if _kept is None or time.monotonic() - _kept[0] > KEEP_SECONDS:
            rows = CitySetting.objects.values_list("region", "key", "value")
            _kept = (time.monotonic(), {(region, key): value for region, key, value in rows})
        return _kept[1]


def forget() -> None:
    global _kept  # noqa: PLW0603 -- one small cache a process
    with _lock:
        _kept = None


def value(key: str, region: int | None = None) -> Any:
    """The setting in force in a region: its own, its parents', or the declared default."""
    stored = _stored()
    place = region
    while stored and place:
        if (place, key) in stored:
            return stored[place, key]
        place = parent(place)
    return declared[key].default


def change(*, actor: Actor, key: str, region: int, new: Any, basis: str = "") -> None:
    """Set a value for a territory; the caller has checked the post. Raises Invalid when the value cannot be used."""
    if key not in declared:
        raise Invalid(_("There is no such setting."), fields={"key": [_("There is no such setting.")]})
    if reason := declared[key].check(new):
        raise Invalid(fields={"value": [reason]})
    row = CitySetting.objects.filter(region=region, key=key).first()
    old = row.value if row else None
    row = row or CitySetting(id=new_id(), region=region, key=key)
    row.value, row.basis, row.changed_at, row.changed_by = new, basis, clock.now(), actor.name
    row.save()
    write_note(
        actor=actor,
        subject_type="setting",
        subject_id=row.id,
        step="change_setting",
        changes={key: [old, new]},
        data={"region": region, "basis": basis},
        region=region,
    )
    forget()
