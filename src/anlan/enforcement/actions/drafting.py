"""Drafting an instrument, by a person or by the platform for a person to review; and every step taken on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from anlan.enforcement import needs
from anlan.enforcement.flow import INSTRUMENT
from anlan.enforcement.kinds import Kind, kinds
from anlan.enforcement.models import Case, Instrument, Organ
from anlan.enforcement.organs import nearest_organ
from anlan.enforcement.origins import origin
from anlan.enforcement.rules import covers
from anlan.enforcement.states import NUMBERED, SERVED
from anlan.identity.models import Organisation
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.codes import ancestors
from anlan.kernel.errors import Invalid, NotFound
from anlan.kernel.flow.take import begin, take
from anlan.kernel.ids import new_id
from anlan.kernel.numbering import county_of
from anlan.kernel.turns import one_at_a_time
from anlan.kernel.wording import parsed
from anlan.registry.models import Enterprise


@dataclass(frozen=True, kw_only=True)
class _To:
    """Whom it is addressed to."""

    name: str
    region: int
    industry_bit: int | None
    enterprise: UUID | None = None
    unit: UUID | None = None


def draft(
    *,
    actor: Actor,
    kind: str,
    enterprise: UUID | None = None,
    unit: UUID | None = None,
    fields: Mapping[str, Any] | None = None,
    source: tuple[str, UUID, str] | None = None,
    organ: UUID | None = None,
    region: int | None = None,
    rung: int = 0,
    after: UUID | None = None,
    withdraws: UUID | None = None,
    case: UUID | None = None,
    id: UUID | None = None,  # noqa: A002 -- the record's own word
) -> Instrument:
    """
    Draft an instrument of `kind` to an enterprise or to a unit (an `identity.Organisation`); call it inside `scope.acting(actor)`.

    `fields` by the kind's field codes, as `kinds.Field` says; what is still missing is asked for at the review. `source` is the
    record it rests on: (type, id, number). `organ` issues it; without one that of the actor's organisation, else the nearest at
    or above `region` (the actor's own territory, or the addressee's county for the platform). The platform (SYSTEM) drafts at
    most one open instrument of a kind for a source and rung: asked again it gives that one.

    Raises Invalid at kind, enterprise, unit, organ, after, withdraws, case or a field's code; Forbidden for posts that do not draft.
    """
    origin = dict(zip(("source_type", "source_id", "source_number"), source, strict=True)) if source else {}
    data = parsed(
        needs.Draft,
        {
            "kind": kind, "enterprise": enterprise, "unit": unit, "organ": organ, "region": region, "rung": rung, "after": after,
            "withdraws": withdraws, "case": case, "fields": dict(fields or {}), **origin,
        },
    )  # fmt: skip
    return draft_from(actor=actor, data=data, id=id)


def draft_from(*, actor: Actor, data: BaseModel | dict[str, Any], id: UUID | None = None) -> Instrument:  # noqa: A002 -- the record's own word
    """The same from one input, as pages and programs send it."""
    asked = parsed(needs.Draft, data)
    kind = _kind(asked.kind)
    to = _addressee(kind, asked)
    issuer = _organ(actor, asked, to)
    earlier = _earlier(actor, asked, to)
    case = _case(kind, asked, to)
    if actor.is_system and (open_one := _open_one(asked, to)):
        return open_one
    now = clock.now()
    territory = issuer.region if issuer else _territory(actor, asked, to)
    record = Instrument(
        id=id or new_id(),
        state="",
        state_since=now,
        kind=kind.code,
        organ=issuer,
        issuer=territory,
        region=territory,
        place=to.region,
        county=county_of(to.region),
        industry_bit=to.industry_bit,
        enterprise_id=to.enterprise,
        unit_id=to.unit,
        addressee=to.name,
        **origin(actor, asked),
        rung=asked.rung,
        after=earlier,
        withdraws_id=asked.withdraws,
        case=case,
        created_at=now,
    )
    made: Instrument = begin(INSTRUMENT, "draft", record, actor=actor, data=asked)
    return made


def _kind(code: str) -> Kind:
    kind = kinds().get(code)
    if kind is None:
        raise Invalid(fields={"kind": [_("There is no such kind of instrument.")]})
    if kind.elsewhere:
        raise Invalid(fields={"kind": [_("This document is written where its record is, not here.")]})
    return kind


def _addressee(kind: Kind, asked: needs.Draft) -> _To:
    if asked.enterprise is not None:
        enterprise = Enterprise.objects.filter(pk=asked.enterprise).first()
        if enterprise is None or "enterprise" not in kind.subject:
            raise Invalid(fields={"enterprise": [_missing(enterprise, kind)]})
        return _To(
            name=enterprise.name,
            region=enterprise.region,
            industry_bit=enterprise.industry_bit,
            enterprise=enterprise.pk,
        )
    unit = Organisation.objects.filter(Q(pk=asked.unit), active=True).exclude(kind="enterprise").first()
    if unit is None or "unit" not in kind.subject:
        raise Invalid(fields={"unit": [_missing(unit, kind)]})
    return _To(name=unit.name, region=unit.region, industry_bit=None, unit=unit.pk)


def _missing(found: object, kind: Kind) -> Any:
    if found is None:
        return _("There is no such record, or it is outside what your post may see.")
    return _("“%(kind)s” is not addressed to such a one.") % {"kind": kind.label}


def _organ(actor: Actor, asked: needs.Draft, to: _To) -> Organ | None:
    """The organ that issues it; None where none was entered yet: it is then asked for before the approval."""
    if asked.organ is not None:
        found = Organ.objects.filter(pk=asked.organ).first()
        if found is None:
            raise Invalid(fields={"organ": [_("There is no such record, or it is outside what your post may see.")]})
        if not (actor.is_system or actor.covers(found.region)):
            raise Invalid(fields={"organ": [_("This organ is not of your territory.")]})
        return _reaching(found, to)
    if actor.organisation is not None and (own := Organ.objects.filter(organisation_id=actor.organisation).first()):
        return _reaching(own, to)
    return nearest_organ(_territory(actor, asked, to))


def _reaching(organ: Organ, to: _To) -> Organ:
    if to.region != organ.region and organ.region not in ancestors(to.region):
        raise Invalid(
            fields={"organ": [_("The addressee lies outside the territory of %(organ)s.") % {"organ": organ.name}]}
        )
    return organ


def _territory(actor: Actor, asked: needs.Draft, to: _To) -> int:
    if asked.region is not None and (actor.is_system or actor.covers(asked.region)):
        return asked.region
    return actor.region if actor.region is not None else county_of(to.region)


def _earlier(actor: Actor, asked: needs.Draft, to: _To) -> Instrument | None:
    """The instruments it names: served on the same addressee; what it withdraws, by the drafter's own side."""
    for field, key in (("withdraws", asked.withdraws), ("after", asked.after)):
        if key is None:
            continue
        found = Instrument.objects.filter(pk=key).first()
        if found is None:
            raise Invalid(fields={field: [_("There is no such record, or it is outside what your post may see.")]})
        if (found.enterprise_id, found.unit_id) != (to.enterprise, to.unit):
            raise Invalid(fields={field: [_("It was addressed to somebody else.")]})
        if field == "withdraws" and not covers(actor, found):
            raise Invalid(fields={field: [_("It was issued by another side; only that side withdraws it.")]})
        if found.state not in NUMBERED or (field == "withdraws" and found.state not in SERVED):
            raise Invalid(fields={field: [_("It was not served, or it is withdrawn already.")]})
    return Instrument.objects.filter(pk=asked.after).first() if asked.after else None


def _case(kind: Kind, asked: needs.Draft, to: _To) -> Case | None:
    if asked.case is None:
        if kind.penalty:
            raise Invalid(fields={"case": [_("A penalty belongs to a case: file the case first.")]})
        return None
    case = Case.objects.filter(Q(enterprise_id=to.enterprise), pk=asked.case).first()
    if case is None:
        raise Invalid(fields={"case": [_("There is no such case of this enterprise.")]})
    if case.state in ("closed", "dropped"):
        raise Invalid(fields={"case": [_("This case is over.")]})
    return case


def _open_one(asked: needs.Draft, to: _To) -> Instrument | None:
    """What the platform drafted for the same source and rung and nobody has brought to its end."""
    if asked.source_id is None:
        return None
    one_at_a_time(f"instrument {asked.kind} of {asked.source_id}")
    return (
        Instrument.objects.filter(
            Q(enterprise_id=to.enterprise, unit_id=to.unit),
            kind=asked.kind,
            source_type=asked.source_type,
            source_id=asked.source_id,
            rung=asked.rung,
        )
        .exclude(state__in=("filed", "withdrawn", "discarded"))
        .first()
    )


def take_step(
    *,
    actor: Actor,
    instrument: UUID,
    step: str,
    data: BaseModel | dict[str, Any] | None = None,
    version: int | None = None,
) -> Instrument:
    """Take any step that people take; call it inside `scope.acting(actor)`. An unknown or a quiet one is NotFound."""
    if INSTRUMENT.has(step) and INSTRUMENT.step(step).quiet:
        raise NotFound(_("There is no step “%(step)s”."), step=step, code="flow.unknown_step")
    found: Instrument = take(INSTRUMENT, instrument, step, actor=actor, data=data, version=version)
    return found
