"""Who is told what when a hazard moves or waits too long. Every message says why it was sent."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from anlan.hazards.events import HazardEscalated
from anlan.hazards.models import Hazard
from anlan.hazards.rules import SIGNER_ROLES, signed_kinds
from anlan.hazards.rulings import recipients_of
from anlan.identity import roles
from anlan.identity.holders import Whom, holders, reach
from anlan.identity.models import Post
from anlan.kernel.codes import ancestors
from anlan.kernel.flow import Taking
from anlan.notify.actions import send


def whom(hazard: Hazard) -> list[Whom]:
    """Whom a hazard waits for now."""
    match hazard.state:
        case "found" | "accepted":
            return [_nearest(hazard, roles.REGULATOR)]
        case "disputed":
            parties = {hazard.finder_id, hazard.graded_by_id, hazard.dispatcher_id}
            return [_nearest(hazard, roles.REGULATOR, roles.OFFICE, besides=parties)]
        case "dispatched":
            given = signed_kinds(hazard)
            return [one for kind in hazard.required_signers if kind not in given for one in _signers(hazard, kind)]
        case "claimed" | "rectifying":
            return _enterprise(hazard)
        case "rectified":
            return [_nearest(hazard, roles.INSPECTOR, roles.GROUP_LEADER)]
    return []


def waited_for(hazard: Hazard) -> list[Post]:
    """The posts a hazard waits for now, nearest territory first. Call inside an elevated scope."""
    return [post for one in whom(hazard) for post in holders(one)]


def _nearest(hazard: Hazard, *wanted: str, besides: Collection[UUID | None] = ()) -> Whom:
    place: dict[str, Any] = {"region": hazard.region, "industry_bit": hazard.industry_bit}
    return Whom(roles=wanted, **place, nearest=True, besides=besides)


def _signers(hazard: Hazard, kind: str) -> list[Whom]:
    if kind == "principal":
        return _enterprise(hazard, roles.PRINCIPAL)
    return [_nearest(hazard, SIGNER_ROLES[kind])]


def _enterprise(hazard: Hazard, *wanted: str) -> list[Whom]:
    if hazard.responsible_id is None:
        return []
    posts = wanted or tuple(sorted(roles.ENTERPRISE_POSTS))
    return [Whom(roles=posts, region=hazard.region, enterprise=hazard.responsible_id)]


def _city_of(hazard: Hazard) -> int:
    """The region above the county; the county itself where nothing stands above it."""
    return next(iter(ancestors(hazard.county)), hazard.county)


def owed_by(hazard: Hazard, wait: str) -> list[Whom]:
    """Who owes a decision beside the state's own: an extension, a listing, a publication."""
    if wait == "extension":
        return [_nearest(hazard, roles.REGULATOR)]
    if wait == "publication" and hazard.listing_level != "county":
        return [_office(_city_of(hazard))]
    return [_office(hazard.region)]


def _office(region: int) -> Whom:
    return Whom(roles=[roles.OFFICE], region=region, nearest=True)


def _recipients(hazard: Hazard, to: str, wait: str = "") -> list[Whom]:
    match to:
        case "waited_for":
            return owed_by(hazard, wait) if wait else whom(hazard)
        case "county_regulator":
            place: dict[str, Any] = {"region": hazard.county, "industry_bit": hazard.industry_bit}
            return [Whom(roles=[roles.REGULATOR], **place, nearest=True)]
        case "county_office":
            return [_office(hazard.county)]
        case _:
            return [_office(_city_of(hazard))]


def tell(hazard: Hazard, to: Iterable[Whom], kind: str, *, but: UUID | None = None, **facts: Any) -> None:
    """Tell everybody meant, except the person `but`, who acted: for them it is done."""
    send(
        to=[found for one in to for found in reach(one) if found[0] != but],
        done_by=but,
        kind=kind,
        facts={
            "number": hazard.number,
            "place": hazard.place,
            "state": hazard.state,
            "grade": hazard.grade,
            "due_at": hazard.due_at,
            **facts,
        },
        url=f"/hazards/{hazard.pk}/",
        subject_type="hazard",
        subject_id=hazard.pk,
    )


def moved(taking: Taking) -> None:
    """After a step of people: those now waited for are told, except the one who acted."""
    hazard: Hazard = taking.record
    who = taking.actor
    why = f"waits:{hazard.state}"
    tell(hazard, whom(hazard), "hazard.waits", but=who.person, step=taking.step.name, by=who.name, why=why)


def done(taking: Taking) -> None:
    """Nobody is waited for after it; the one who acted has done it."""
    tell(taking.record, [], "hazard.told", but=taking.actor.person)


def extension_asked(taking: Taking) -> None:
    hazard: Hazard = taking.record
    asked, by = hazard.asked_due, taking.actor.name
    tell(
        hazard,
        owed_by(hazard, "extension"),
        "hazard.extension",
        but=taking.actor.person,
        by=by,
        asked=asked,
        why="decides",
    )


def enterprise_told(taking: Taking) -> None:
    """The enterprise learns what was decided over its hazard."""
    hazard: Hazard = taking.record
    who = taking.actor
    told = {"step": taking.step.name, "by": who.name, "why": "responsible"}
    tell(hazard, _enterprise(hazard), "hazard.told", but=who.person, **told)


def climbed(taking: Taking) -> None:
    """The clock's reminder or escalation: told to the level's recipients, with the level and why them."""
    hazard: Hazard = taking.record
    level: int = taking.data.level
    to = recipients_of(hazard, level)
    tell(hazard, _recipients(hazard, to), "hazard.late" if hazard.late else "hazard.remind", level=level, why=to)
    HazardEscalated(hazard, level, to).emit()


def pressed(taking: Taking) -> None:
    """A decision owed is late: told to the level's recipients, with what is owed."""
    hazard: Hazard = taking.record
    level, wait = taking.data.level, taking.data.wait
    to = recipients_of(hazard, level, wait)
    why = f"owes:{wait}" if to == "waited_for" else to
    tell(hazard, _recipients(hazard, to, wait), "hazard.owed", level=level, wait=wait, why=why)
