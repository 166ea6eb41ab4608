"""Organisations: kept by the system administrator. An enterprise's row is made with the enterprise, downstream."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from anlan.identity.models import Organisation, Region
from anlan.identity.needs import OrganisationFacts
from anlan.identity.rules import require
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Invalid, NotFound
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import write_note
from anlan.kernel.wording import parsed


def create_organisation(
    *, actor: Actor, data: OrganisationFacts | dict[str, Any], organisation: UUID | None = None
) -> Organisation:
    """`organisation` is the id to use: an enterprise's own, or one a client made."""
    require(actor, "create_organisation")
    facts = parsed(OrganisationFacts, data)
    made = Organisation(id=organisation or new_id())
    _fill(actor, made, facts)
    _save(made, new=True)
    write_note(
        actor=actor,
        subject_type="organisation",
        subject_id=made.pk,
        step="create_organisation",
        data=facts.model_dump(),
        region=made.region,
    )
    return made


def edit_organisation(*, actor: Actor, organisation: UUID, data: OrganisationFacts | dict[str, Any]) -> Organisation:
    require(actor, "edit_organisation")
    facts = parsed(OrganisationFacts, data)
    found = Organisation.objects.select_for_update(of=("self",)).filter(pk=organisation).first()
    if found is None or not actor.covers(found.region):
        raise NotFound
    before = _facts(found)
    _fill(actor, found, facts)
    changes = {key: [before[key], value] for key, value in _facts(found).items() if before[key] != value}
    if changes:
        _save(found, new=False)
        write_note(
            actor=actor,
            subject_type="organisation",
            subject_id=found.pk,
            step="edit_organisation",
            changes=changes,
            data={"name": found.name},
            region=found.region,
        )
    return found


def _facts(one: Organisation) -> dict[str, Any]:
    names = ("name", "kind", "region", "parent_id", "industries", "phone", "active")
    return {name: getattr(one, name) for name in names}


def _fill(actor: Actor, one: Organisation, facts: OrganisationFacts) -> None:
    wrong: dict[str, list[Any]] = {}
    if not actor.covers(facts.region):
        wrong["region"] = [_("This place is outside your territory.")]
    elif not Region.objects.filter(code=facts.region).exists():
        wrong["region"] = [_("There is no region with this code.")]
    if (facts.kind == "enterprise") != (one.kind == "enterprise") and not actor.is_system:
        wrong["kind"] = [_("Enterprises are registered in the register of enterprises, not here.")]
    if facts.parent is not None and not _fits_above(facts.parent, one.pk):
        wrong["parent"] = [_("Choose an organisation that does not stand below this one.")]
    if wrong:
        raise Invalid(fields=wrong)
    for name, value in facts.model_dump(exclude={"parent"}).items():
        setattr(one, name, value)
    one.parent_id = facts.parent


def _fits_above(parent: UUID, own: UUID) -> bool:
    """Whether `parent` exists and the chain above it does not lead back to `own`."""
    above: UUID | None = parent
    seen: set[UUID] = set()
    while above is not None:
        if above == own or above in seen:
            return False
        seen.add(above)
        row = Organisation.objects.filter(pk=above).values_list("parent_id", flat=True)
        if not row:
            return above != parent  # the chain may leave the territory, its first link may not
        above = row[0]
    return True


def _save(one: Organisation, *, new: bool) -> None:
    try:
        with transaction.atomic():
            one.save(force_insert=new, force_update=not new)
    except IntegrityError:
        raise Invalid(fields={"name": [_("There is already an organisation of this name in this place.")]}) from None
