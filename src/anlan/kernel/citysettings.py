"""A city's peculiarities as data with sensible defaults: declared once here by the rooms, edited on the settings page."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any
from uuid import UUID, uuid5

from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.codes import parent
from anlan.kernel.errors import Forbidden, Invalid, NotFound
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
    choices: tuple[tuple[str, Any], ...] = ()
    """Codes with their words: what a list may hold, or whom a rung of a ladder may name."""


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


KEEPER = "system_admin"
NAMESPACE = UUID("0f3c8a1e-1f0b-5c55-9d8e-6a2b7c4d9e10")


def may_change(actor: Actor, region: int) -> bool:
    """A territory's settings are kept by the system administrator of that territory or of one above it."""
    return actor.is_system or (actor.role == KEEPER and actor.covers(region))


def _require(actor: Actor, region: int) -> None:
    if not may_change(actor, region):
        raise Forbidden(
            _("Only the system administrator of this territory may change its settings."), code="setting.keeper"
        )


def setting_id(region: int, key: str) -> UUID:
    """The same for ever, so that a value's history goes on after it was put back and set again."""
    return uuid5(NAMESPACE, f"{region} {key}")


def change(*, actor: Actor, key: str, region: int, new: Any, basis: str = "") -> None:
    """Set a value for a territory. Raises Forbidden, or Invalid when the value cannot be used."""
    _require(actor, region)
    if key not in declared:
        raise Invalid(_("There is no such setting."), fields={"key": [_("There is no such setting.")]})
    if reason := declared[key].check(new):
        raise Invalid(fields={"value": [reason]})
    row = CitySetting.objects.filter(region=region, key=key).first()
    old = row.value if row else None
    row = row or CitySetting(id=setting_id(region, key), region=region, key=key)
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


def put_back(*, actor: Actor, key: str, region: int) -> None:
    """Forget a territory's own value: what is in force above it, or the default, counts again."""
    _require(actor, region)
    row = CitySetting.objects.filter(region=region, key=key).first()
    if row is None:
        raise NotFound
    write_note(
        actor=actor,
        subject_type="setting",
        subject_id=row.id,
        step="put_back_setting",
        changes={key: [row.value, None]},
        data={"region": region},
        region=region,
    )
    row.delete()
    forget()
