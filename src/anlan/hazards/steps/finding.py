"""From a finding to a dispatched hazard: register, amend, grade, dismiss, merge, split, dispatch."""

import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.chain.queries import chain_for
from anlan.hazards import needs, rulings
from anlan.hazards.categories import categories
from anlan.hazards.models import DueDate, Hazard
from anlan.hazards.rules import keep_round
from anlan.hazards.steps.evidence import bring_photos
from anlan.identity.models import Region
from anlan.kernel import clock, geo, scope
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Invalid
from anlan.kernel.flow import Taking
from anlan.kernel.ids import new_id
from anlan.kernel.numbering import county_of, next_number
from anlan.registry.models import Enterprise, Industry, Placed, Site
from anlan.risks.models import RiskPoint
from anlan.standards.models import Clause
from anlan.standards.queries import is_in_force
from anlan.standards.rules import citation, is_topic


def place_key(place: str) -> str:
    """A place as it is compared: letters and digits only, width and case folded."""
    folded = unicodedata.normalize("NFKC", place).casefold()
    return "".join(sign for sign in folded if sign.isalnum())[:200]


def check_place(place: str) -> str:
    """The key of a place that can be told from others: punctuation alone would make all such places one hazard."""
    key = place_key(place)
    if not key:
        raise Invalid(fields={"place": [_("Name the place with letters or digits.")]})
    return key


def check_category(code: str) -> None:
    if code not in categories():
        raise Invalid(fields={"category": [_("Choose one of the list.")]})


def need_photos(data: needs.Register, actor: Actor) -> None:
    """Before anything is looked up: a guess without evidence must not tell whether somebody else found it."""
    if data.source != "document" and not data.photos and not actor.is_system:
        raise Invalid(fields={"photos": [_("At least one photo is needed unless the source is a document.")]})


def register(taking: Taking) -> None:
    data: needs.Register = taking.data
    hazard: Hazard = taking.record
    check_category(data.category)
    need_photos(data, taking.actor)
    found_at = data.found_at or taking.at
    if found_at > taking.at:
        raise Invalid(fields={"found_at": [_("The time of finding lies in the future.")]})
    actor = taking.actor
    hazard.source, hazard.source_record, hazard.style = data.source, data.source_record, data.style
    hazard.place, hazard.place_key = data.place, check_place(data.place)
    hazard.category, hazard.description = data.category, data.description
    hazard.found_at, hazard.registered_at = found_at, taking.at
    if hazard.finder_id is None:
        hazard.finder_id, hazard.finder_name = actor.person, actor.name
        hazard.finder_post_id, hazard.finder_region = actor.post, actor.region
    _locate(hazard, data)
    hazard.number = next_number("YH", "hazard", region=hazard.region, year=found_at.astimezone(clock.SHANGHAI).year)
    hazard.chain = _chain(hazard, clock.day_of(taking.at))
    bring_photos(taking, data.photos, phase="before")


def _chain(hazard: Hazard, day: date) -> list[dict[str, Any]]:
    """Who answers on this day, kept as it was; a link nobody holds is kept as missing. Numbers to call are not frozen."""
    links = chain_for(hazard.region, hazard.industry_bit, hazard.enterprise_id, day)
    return [{key: value for key, value in link.items() if key != "phone"} for link in links]


def prepare(data: needs.Register, *, actor_enterprises: tuple[Any, ...] = ()) -> Hazard:
    """An unsaved hazard placed in region, industry and enterprise, as the permission check needs it."""
    industry = Industry.objects.filter(code=data.industry, active=True).first()
    if industry is None:
        raise Invalid(fields={"industry": [_("Choose one of the list.")]})
    if not Region.objects.filter(code=data.region).exists():
        raise Invalid(fields={"region": [_("There is no such region.")]})
    hazard = Hazard(id=new_id(), region=data.region, county=county_of(data.region), industry=industry)
    hazard.industry_bit = industry.bit
    if actor_enterprises and data.source != "self":
        raise Invalid(fields={"source": [_("An enterprise registers what its own check found.")]})
    if data.enterprise:
        enterprise = Enterprise.objects.filter(pk=data.enterprise).first()
        if enterprise is None:
            raise Invalid(
                fields={"enterprise": [_("There is no such enterprise, or it is outside what your post may see.")]}
            )
        hazard.enterprise = enterprise
        if data.source == "self" or enterprise.pk in actor_enterprises:
            hazard.responsible = enterprise
    if data.site:
        site = Site.objects.filter(pk=data.site).first()
        if site is None or site.enterprise_id != data.enterprise:
            raise Invalid(fields={"site": [_("The enterprise has no such site.")]})
        hazard.site = site
    if data.risk_point:
        point = RiskPoint.objects.filter(pk=data.risk_point, active=True).first()
        if point is None or point.enterprise_id != data.enterprise:
            raise Invalid(fields={"risk_point": [_("The enterprise has no such risk point.")]})
        hazard.risk_point = point
    if actor_enterprises:
        _check_own_ground(hazard)
    return hazard


def _check_own_ground(hazard: Hazard) -> None:
    """An enterprise registers where it is registered or has a site, not in another county's books."""
    regions = [hazard.enterprise.region] if hazard.enterprise else []
    regions += Site.objects.filter(enterprise=hazard.enterprise_id).values_list("region", flat=True)
    if hazard.county not in {county_of(region) for region in regions}:
        raise Invalid(fields={"region": [_("Your enterprise has no site in this county.")]})


def _locate(hazard: Hazard, data: needs.Register) -> None:
    if data.lon is None or data.lat is None:
        # The nearest that is known of itself: the risk point, else the site, else the enterprise.
        known: list[Placed | None] = [hazard.risk_point, hazard.site, hazard.enterprise]
        source = next((one for one in known if one is not None and one.lon is not None), None)
        if source is not None:
            hazard.lon, hazard.lat = source.lon, source.lat
            hazard.original_lon, hazard.original_lat = source.original_lon, source.original_lat
            hazard.original_system = source.original_system
        return
    # Rounded as stored, so that the ledger and the row say the same.
    hazard.original_lon, hazard.original_lat = round_micro(data.lon), round_micro(data.lat)
    hazard.original_system = data.system
    lon, lat = geo.to_wgs84(float(data.lon), float(data.lat), data.system)
    hazard.lon, hazard.lat = round_micro(lon), round_micro(lat)


def round_micro(degrees: float | Decimal) -> Decimal:
    return round(Decimal(str(degrees)), 6)


def amend(taking: Taking) -> None:
    data: needs.Amend = taking.data
    check_category(data.category)
    hazard: Hazard = taking.record
    hazard.place, hazard.place_key = data.place, check_place(data.place)
    hazard.category, hazard.description = data.category, data.description


def grade(taking: Taking) -> None:
    """Major only by a cited clause in force on the day of finding, never from a score."""
    data: needs.Grade = taking.data
    hazard: Hazard = taking.record
    hazard.grade, hazard.graded_by_id = data.grade, taking.actor.person
    hazard.clause, hazard.basis = None, ""
    if data.grade == "general":
        return
    day = clock.day_of(hazard.found_at)
    clause = Clause.objects.select_related("criteria").filter(pk=data.clause).first() if data.clause else None
    if clause is None or not is_in_force(clause, day):
        raise Invalid(
            _("A major hazard needs a cited clause in force on the day of finding."),
            fields={"clause": [_("This clause was not in force on the day of finding.")]},
        )
    hazard.clause = clause
    hazard.basis = f"{citation(clause)} {_wording(clause, data.clause_text.strip())}"[:300]


SHORTEST_WORDING = 10
"""Signs; a condition is not said in fewer."""


def _wording(clause: Clause, typed: str) -> str:
    """What the clause says: as it is loaded, or, when only its topic is, as the grader read it in the document."""
    if is_topic(clause):
        if len(typed) < SHORTEST_WORDING:
            raise Invalid(
                _("A topic alone is no ground of a major grade."),
                fields={
                    "clause_text": [
                        _(
                            "Only the topic of this clause is loaded, which is no ground of a major grade. Open the document and write the clause's own wording here."
                        )
                    ]
                },
            )
        return typed
    if typed:
        raise Invalid(fields={"clause_text": [_("The wording of this clause is loaded: leave this empty.")]})
    return str(clause.zh)


def dismiss(taking: Taking) -> None:
    """What is no hazard keeps nobody from working."""
    taking.record.reason = taking.data.reason
    taking.record.use_stopped = False


def merge(taking: Taking) -> None:
    """It gives way to the surviving hazard, which counts one recurrence more."""
    from anlan.hazards.actions import absorb

    data: needs.Merge = taking.data
    hazard: Hazard = taking.record
    survivor = Hazard.objects.filter(pk=data.survivor).exclude(pk=hazard.pk).first()
    if survivor is None or not survivor.open:
        raise Invalid(fields={"survivor": [_("Choose another open hazard that you may see.")]})
    if (survivor.enterprise_id, survivor.county) != (hazard.enterprise_id, hazard.county):
        raise Invalid(fields={"survivor": [_("The surviving hazard must be of the same enterprise and county.")]})
    if hazard.major and not survivor.major:
        raise Invalid(fields={"survivor": [_("A major hazard cannot give way to one that is not major.")]})
    if hazard.use_stopped and not survivor.use_stopped:
        raise Invalid(fields={"survivor": [_("Use is stopped here. Stop it at the surviving hazard first.")]})
    hazard.survivor, hazard.reason = survivor, data.reason
    taking.later.append(lambda: absorb(actor=taking.actor, survivor=survivor.pk, merged=hazard))


def absorb_other(taking: Taking) -> None:
    taking.record.recurrence += 1


def split(taking: Taking) -> None:
    """A part of this finding becomes a hazard of its own, registered in the same transaction."""
    from anlan.hazards.actions import split_off

    hazard: Hazard = taking.record
    taking.later.append(lambda: taking.notes.update(split_off(actor=taking.actor, origin=hazard, data=taking.data)))


def join(taking: Taking) -> None:
    """Found again while open: recurrence rises, the new photos are added."""
    taking.record.recurrence += 1
    bring_photos(taking, taking.data.photos, phase="other")


def check_due(due: date, *, field: str) -> None:
    """Raises Invalid for a day in the past, CalendarExhausted for one whose whole ladder cannot be computed."""
    if due < clock.today():
        raise Invalid(fields={field: [_("The date lies in the past.")]})
    rulings.working_days().add(clock.end_of(due), 7)


def set_due(taking: Taking, due: date, *, reason: str = "", field: str = "due") -> None:
    """Set the date of rectification and append it to its history."""
    hazard: Hazard = taking.record
    check_due(due, field=field)
    hazard.rectify_due = due
    taking.later.append(
        lambda: DueDate.objects.bulk_create(
            [
                DueDate(
                    id=new_id(),
                    hazard=hazard,
                    due=due,
                    set_at=taking.at,
                    step=taking.step.name,
                    person_id=taking.actor.person,
                    person_name=taking.actor.name,
                    reason=reason,
                )
            ]
        )
    )


def dispatch(taking: Taking) -> None:
    """Hand it to the enterprise that must rectify it; who must sign follows from the source and the city's rule."""
    data: needs.Dispatch = taking.data
    hazard: Hazard = taking.record
    with scope.elevated("the responsible enterprise may be registered under another field"):
        enterprise = Enterprise.objects.filter(
            pk=data.responsible, region__gte=hazard.county, region__lt=hazard.county + 1_000_000
        ).first()
    if enterprise is None:
        raise Invalid(fields={"responsible": [_("There is no such enterprise in this county.")]})
    hazard.responsible = enterprise
    if hazard.enterprise_id is None:
        hazard.enterprise = enterprise
    hazard.regulator_post_id, hazard.dispatcher_id = taking.actor.post, taking.actor.person
    hazard.dispatched_at = taking.at
    hazard.regulator_name = f"{taking.actor.post_label} {taking.actor.name}"[:120]
    send(taking)
    set_due(taking, data.due)


def send(taking: Taking) -> None:
    """A new round of signatures."""
    hazard: Hazard = taking.record
    hazard.round += 1
    keep_round(hazard, [])
    hazard.required_signers = rulings.signers_for(hazard.source, hazard.region)
