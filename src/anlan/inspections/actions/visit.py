"""The verbs of visits. Pages, the API and the phone call the same."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from anlan.inspections import needs
from anlan.inspections.flow import VISIT
from anlan.inspections.models import Draw, Visit
from anlan.inspections.numbers import county_of
from anlan.kernel import scope
from anlan.kernel.actor import CLOCK, Actor
from anlan.kernel.errors import Conflict, Invalid, NotFound, Problem
from anlan.kernel.flow.take import begin, take
from anlan.kernel.ids import new_id
from anlan.kernel.wording import parsed
from anlan.registry.models import Enterprise, Site


def plan_visit(
    *,
    actor: Actor,
    data: BaseModel | dict[str, Any],
    members: BaseModel | dict[str, Any] | None = None,
    id: UUID | None = None,  # noqa: A002
    draw: Draw | None = None,
) -> Visit:
    """
    Plan one visit; with `members` (as `needs.Assign`) it is assigned at once, and held back when its style says so.

    Raises Invalid with the reason at the field; nothing is planned then.
    """
    checked = parsed(needs.Plan, data)
    visit = _prepare(checked)
    visit.draw = draw
    if id is not None:
        with scope.elevated("an id that another post used is taken too"):
            if Visit.objects.filter(pk=id).exists():
                raise Conflict(_("This visit was planned already."), code="visit.exists")
        visit.id = id
    named = parsed(needs.Assign, members) if members is not None else None
    visit = begin(VISIT, "plan", visit, actor=actor, data=checked)
    if named is not None:
        visit = take(VISIT, visit.pk, "assign", actor=actor, data=named)
        if visit.style != "notified":
            visit = take(VISIT, visit.pk, "hold_back", actor=actor)
    return visit


def plan_visits(
    *, actor: Actor, enterprises: Sequence[UUID], data: dict[str, Any], members: dict[str, Any] | None = None
) -> list[Visit]:
    """Many visits alike, all or none: Invalid names every enterprise that cannot be visited, at its row."""
    wrong: dict[str, list[Any]] = {}
    made: list[Visit] = []
    for row, enterprise in enumerate(dict.fromkeys(enterprises)):
        try:
            made.append(plan_visit(actor=actor, data=data | {"enterprise": enterprise}, members=members))
        except Problem as problem:
            wrong |= _at_row(row, problem)
    if not enterprises:
        wrong["enterprises"] = [_("Choose at least one enterprise.")]
    if wrong:
        raise Invalid(fields=wrong)
    return made


def _at_row(row: int, problem: Problem) -> dict[str, list[Any]]:
    if not problem.fields:
        return {f"enterprises.{row}": [problem.detail]}
    return {f"enterprises.{row}.{field}": reasons for field, reasons in problem.fields.items()}


def _prepare(data: needs.Plan) -> Visit:
    """An unsaved visit placed by its enterprise, as the permission check needs it."""
    # Held, so that a visit planned while its enterprise moves is planned where it is then.
    enterprise = Enterprise.objects.select_for_update(of=("self",), no_key=True).filter(pk=data.enterprise).first()
    if enterprise is None:
        raise Invalid(
            fields={"enterprise": [_("There is no such enterprise, or it is outside what your post may see.")]}
        )
    if enterprise.status == "closed":
        raise Invalid(fields={"enterprise": [_("This enterprise is closed.")]})
    site = Site.objects.filter(pk=data.site, enterprise=enterprise).first() if data.site else None
    if data.site and site is None:
        raise Invalid(fields={"site": [_("The enterprise has no such site.")]})
    region = site.region if site else enterprise.region
    return Visit(
        id=new_id(),
        enterprise=enterprise,
        site=site,
        region=region,
        county=county_of(region),
        industry_id=enterprise.industry_id,
        industry_bit=enterprise.industry_bit,
    )


def follow(*, actor: Actor, visit: Visit, region: int) -> None:
    """
    What is visited moved before anybody arrived: the visit goes along, and whoever planned it or goes is told.

    For an enterprise that moves its own site the platform acts: who acts sees the entry, and a visit held back is not there
    for the enterprise.
    """
    if (region, visit.enterprise.industry_bit) != (visit.region, visit.industry_bit):
        mover = CLOCK if actor.enterprises else actor
        take(VISIT, visit.pk, "follow_enterprise", actor=mover, data={"region": region})


def take_step(
    *, actor: Actor, visit: UUID, step: str, data: BaseModel | dict[str, Any] | None = None, version: int | None = None
) -> Visit:
    """
    Take any step people take. Raises NotFound, WrongState, Forbidden, Invalid or Conflict, and then nothing changed.

    A visit whose last signature is in is filed at once.
    """
    if VISIT.has(step) and VISIT.step(step).quiet:
        raise NotFound(_("There is no step “%(step)s”."), step=step, code="flow.unknown_step")
    found: Visit = take(VISIT, visit, step, actor=actor, data=data, version=version)
    if found.state == "signed" and not VISIT.step(step).clock:
        found = take(VISIT, found.pk, "file", actor=CLOCK, data={"level": 1})
    return found
