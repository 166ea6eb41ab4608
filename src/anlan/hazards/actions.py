"""The room's verbs. Everything else that writes a hazard goes through one of these."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from anlan.hazards import needs
from anlan.hazards.flow import HAZARD
from anlan.hazards.models import Hazard
from anlan.hazards.steps.finding import need_photos, place_key, prepare
from anlan.identity.models import Organisation, Person, Post
from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Conflict, NotFound
from anlan.kernel.flow.take import begin, take
from anlan.kernel.turns import one_at_a_time
from anlan.kernel.wording import parsed
from anlan.registry.models import Enterprise
from anlan.risks.actions import settle_with_hazard


def register_hazard(
    *,
    actor: Actor,
    data: BaseModel | dict[str, Any],
    id: UUID | None = None,  # noqa: A002
    finder: Actor | None = None,
    risk_point: UUID | None = None,
) -> Hazard:
    """
    Register a finding; when the same place and category is open already, the finding joins that hazard instead.

    `id` may be made by an offline client: a retry is then the same record (409 when it exists already).
    `finder` is who found it when `actor` enters what another found: both went on the same visit.
    """
    checked = parsed(needs.Register, data)
    hazard = prepare(checked, actor_enterprises=actor.enterprises)
    if id is not None:
        one_at_a_time(f"hazard {id}")
        with scope.elevated("an id that another post used is taken too"):
            if any(
                model._default_manager.filter(pk=id).exists()
                for model in (Hazard, Enterprise, Organisation, Person, Post)
            ):
                raise Conflict(_("This hazard was registered already."), code="hazard.exists")
        hazard.id = id
    if finder is not None:
        hazard.finder_id, hazard.finder_name = finder.person, finder.name
        hazard.finder_post_id, hazard.finder_region = finder.post, finder.region
    if risk_point is not None:  # else as asked
        hazard.risk_point_id = risk_point
    need_photos(checked, actor)
    same = _found_before(hazard, checked, known_to=actor)
    if same is not None and same.open:
        made = _join(actor, same, checked)
    else:
        if same is not None:
            hazard.previous, hazard.recurrence = same, same.recurrence + 1
        made = begin(HAZARD, "register", hazard, actor=actor, data=checked)
    if checked.report is not None:
        settle_with_hazard(
            actor=actor, report=checked.report, point=checked.risk_point, hazard=made.pk, number=made.number
        )
    return made


def take_step(
    *, actor: Actor, hazard: UUID, step: str, data: BaseModel | dict[str, Any] | None = None, version: int | None = None
) -> Hazard:
    """Take any step people take. Raises NotFound, WrongState, Forbidden, Invalid or Conflict, and then nothing changed."""
    if HAZARD.has(step) and HAZARD.step(step).quiet:
        raise NotFound(_("There is no step “%(step)s”."), step=step, code="flow.unknown_step")
    if step == "merge":
        data = parsed(needs.Merge, data or {})
        _lock_in_order(hazard, data.survivor)
    found: Hazard = take(HAZARD, hazard, step, actor=actor, data=data, version=version)
    return found


def _lock_in_order(*ids: UUID) -> None:
    """Two merges in opposite directions must not wait for each other."""
    list(Hazard.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk").values_list("pk"))


def _found_before(hazard: Hazard, data: needs.Register, *, known_to: Actor) -> Hazard | None:
    """
    The latest hazard of the same place and category, open or closed, whoever found it.

    An enterprise does not learn of findings not yet made known to it: its own finding then stands beside, and the
    regulator, who sees both, merges them.

    Two registrations of one place wait for each other, and what is found stays as it is until this transaction ends.
    """
    key = place_key(data.place)
    if hazard.enterprise_id is None:
        same, where = Hazard.objects.filter(region=hazard.region, enterprise=None), str(hazard.region)
    else:
        same, where = Hazard.objects.filter(enterprise_id=hazard.enterprise_id), str(hazard.enterprise_id)
    if known_to.enterprises:
        same = same.filter(responsible_id__in=known_to.enterprises)
    one_at_a_time(f"place {where} {key} {data.category}")
    with scope.elevated("the same hazard may have been found by another post"):
        return (
            same.select_for_update(of=("self",))
            .filter(place_key=key, category=data.category)
            .exclude(state__in=["dismissed", "transferred"])
            .order_by("-registered_at", "-id")
            .only("state", "region", "industry_bit", "responsible_id", "recurrence")
            .first()
        )


def _join(actor: Actor, same: Hazard, data: needs.Register) -> Hazard:
    joined = needs.Join(source=data.source, description=data.description, photos=data.photos, found_at=data.found_at)
    if actor.covers(same.region, same.industry_bit) or same.responsible_id in actor.enterprises or actor.is_system:
        found: Hazard = take(HAZARD, same.pk, "join", actor=actor, data=joined)
        return found
    raise Conflict(
        _("This hazard is known already and not yet made known to your post. Nothing was added."),
        code="hazard.open_elsewhere",
    )


def absorb(*, actor: Actor, survivor: UUID, merged: Hazard) -> Hazard:
    """The survivor's side of a merge."""
    data = needs.Absorb(merged=merged.pk, number=merged.number)
    found: Hazard = take(HAZARD, survivor, "absorb", actor=actor, data=data)
    return found


def split_off(*, actor: Actor, origin: Hazard, data: needs.Split) -> dict[str, Any]:
    """The new hazard made of a part; returns what the origin's entry notes."""
    part = Hazard(
        region=origin.region,
        county=origin.county,
        industry_id=origin.industry_id,
        industry_bit=origin.industry_bit,
        enterprise_id=origin.enterprise_id,
        site_id=origin.site_id,
        previous_id=None,
    )
    registered = needs.Register.model_validate(
        {
            "source": origin.source if data.photos else "document",
            "industry": origin.industry_id,
            "region": origin.region,
            "enterprise": origin.enterprise_id,
            "site": origin.site_id,
            "place": data.place,
            "category": data.category,
            "description": data.description,
            "photos": data.photos,
            "source_record": origin.number,
            "style": origin.style,
            "found_at": origin.found_at,
        }
    )
    made = begin(HAZARD, "register", part, actor=actor, data=registered)
    return {"part": str(made.pk), "part_number": made.number}
