"""Filing a case of penalty (立案), and every step people take on it."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from anlan.enforcement import rulings
from anlan.enforcement.case_flow import CASE
from anlan.enforcement.case_steps import OpenCase
from anlan.enforcement.gates import officers_at_fault
from anlan.enforcement.kinds import kind as kind_named
from anlan.enforcement.models import Case
from anlan.enforcement.organs import nearest_organ
from anlan.enforcement.origins import origin
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Invalid, NotFound
from anlan.kernel.flow.take import begin, take
from anlan.kernel.ids import new_id
from anlan.kernel.numbering import county_of, next_number
from anlan.kernel.wording import parsed
from anlan.registry.models import Enterprise

PREFIX, COUNTER = "AJ", "penalty_case"


def open_case(*, actor: Actor, data: BaseModel | dict[str, Any], id: UUID | None = None) -> Case:  # noqa: A002 -- the record's own word
    """
    File a case against an enterprise; call it inside `scope.acting(actor)`.

    Raises Invalid at enterprise, handlers (two officers with the certificates they name) or filed_on.
    """
    asked = parsed(OpenCase, data)
    enterprise = Enterprise.objects.filter(pk=asked.enterprise).first()
    if enterprise is None:
        raise Invalid(fields={"enterprise": [_("There is no such record, or it is outside what your post may see.")]})
    filed = asked.filed_on or clock.today()
    if filed > clock.today():
        raise Invalid(fields={"filed_on": [_("This day has not come yet.")]})
    handlers = [one.model_dump() for one in asked.handlers]
    if fault := officers_at_fault(kind_named("penalty_decision"), handlers):
        raise Invalid(fields={"handlers": [fault]})
    issuer = actor.region if actor.region is not None else county_of(enterprise.region)
    now = clock.now()
    record = Case(
        id=id or new_id(),
        number=next_number(PREFIX, COUNTER, region=enterprise.region, year=filed.year),
        state="",
        state_since=now,
        organ=nearest_organ(issuer),
        enterprise=enterprise,
        issuer=issuer,
        region=enterprise.region,
        county=county_of(enterprise.region),
        industry_bit=enterprise.industry_bit,
        **origin(actor, asked),
        matter=asked.matter,
        handlers=handlers,
        filed_on=filed,
        decide_by=rulings.decide_by(filed, enterprise.region),
        opener_id=actor.person,
        created_at=now,
    )
    made: Case = begin(CASE, "open_case", record, actor=actor, data=asked)
    return made


def take_case_step(
    *,
    actor: Actor,
    case: UUID,
    step: str,
    data: BaseModel | dict[str, Any] | None = None,
    version: int | None = None,
) -> Case:
    """Take any step that people take; call it inside `scope.acting(actor)`. An unknown or a quiet one is NotFound."""
    if CASE.has(step) and CASE.step(step).quiet:
        raise NotFound(_("There is no step “%(step)s”."), step=step, code="flow.unknown_step")
    found: Case = take(CASE, case, step, actor=actor, data=data, version=version)
    return found
