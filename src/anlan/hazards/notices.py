"""Who is told what when a hazard moves or waits too long. Every message says why it was sent."""

from collections.abc import Iterable
from typing import Any

from anlan.hazards.models import Hazard
from anlan.hazards.rules import SIGNER_ROLES, signed_kinds
from anlan.hazards.rulings import recipients_of
from anlan.identity import roles
from anlan.identity.models import Post
from anlan.identity.queries import holders, holding
from anlan.kernel import scope
from anlan.kernel.codes import ancestors
from anlan.kernel.flow import Taking
from anlan.notify.actions import send


def waited_for(hazard: Hazard) -> list[Post]:
    """The posts a hazard waits for now, nearest territory first. Call inside an elevated scope."""
    place: dict[str, Any] = {"region": hazard.region, "industry_bit": hazard.industry_bit}
    match hazard.state:
        case "found" | "accepted":
            return holders(roles.REGULATOR, **place, nearest=True)
        case "disputed":
            parties = {hazard.finder_id, hazard.dispatcher_id}
            return holders([roles.REGULATOR, roles.OFFICE], **place, nearest=True, besides=parties)
        case "dispatched":
            return [post for kind in _missing(hazard) for post in _signers(hazard, kind)]
        case "claimed" | "rectifying":
            return _enterprise(hazard)
        case "rectified":
            return holders([roles.INSPECTOR, roles.GROUP_LEADER], **place, nearest=True)
    return []


def _missing(hazard: Hazard) -> list[str]:
    return [kind for kind in hazard.required_signers if kind not in signed_kinds(hazard)]


def _signers(hazard: Hazard, kind: str) -> list[Post]:
    if kind == "principal":
        return [post for post in _enterprise(hazard) if post.role == roles.PRINCIPAL]
    return holders(SIGNER_ROLES[kind], hazard.region, hazard.industry_bit, nearest=True)


def _enterprise(hazard: Hazard) -> list[Post]:
    if hazard.responsible_id is None:
        return []
    return holders(sorted(roles.ENTERPRISE_POSTS), hazard.region, enterprise=hazard.responsible_id)


def owed_by(hazard: Hazard, wait: str) -> list[Post]:
    """The posts that owe a decision beside the state's own: an extension, a listing, a publication."""
    if wait == "extension":
        return holders(roles.REGULATOR, hazard.region, hazard.industry_bit, nearest=True)
    if wait == "publication" and (listed := holding([hazard.listed_by_post_id])):
        return listed
    return holders(roles.OFFICE, hazard.region, nearest=True)


def _recipients(hazard: Hazard, to: str, wait: str = "") -> list[Post]:
    county, city = hazard.county, next(iter(ancestors(hazard.county)), hazard.county)
    match to:
        case "waited_for":
            return owed_by(hazard, wait) if wait else waited_for(hazard)
        case "county_regulator":
            return holders(roles.REGULATOR, county, hazard.industry_bit, nearest=True)
        case "county_office":
            return holders(roles.OFFICE, county, nearest=True)
        case _:
            return holders(roles.OFFICE, city, nearest=True)


def tell(hazard: Hazard, posts: Iterable[Post], kind: str, **facts: Any) -> None:
    send(
        to=[(post.person_id, post.pk) for post in posts],
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
    with scope.elevated("recipients are found beyond the actor's scope"):
        posts = [post for post in waited_for(hazard) if post.person_id != taking.actor.person]
        tell(hazard, posts, "hazard.waits", step=taking.step.name, by=taking.actor.name, why=f"waits:{hazard.state}")


def extension_asked(taking: Taking) -> None:
    hazard: Hazard = taking.record
    with scope.elevated("recipients are found beyond the actor's scope"):
        posts = holders(roles.REGULATOR, hazard.region, hazard.industry_bit, nearest=True)
        tell(hazard, posts, "hazard.extension", by=taking.actor.name, asked=hazard.asked_due, why="decides")


def enterprise_told(taking: Taking) -> None:
    """The enterprise learns what was decided over its hazard."""
    hazard: Hazard = taking.record
    with scope.elevated("recipients are found beyond the actor's scope"):
        tell(hazard, _enterprise(hazard), "hazard.told", step=taking.step.name, by=taking.actor.name, why="responsible")


def climbed(taking: Taking) -> None:
    """The clock's reminder or escalation: told to the level's recipients, with the level and why them."""
    hazard: Hazard = taking.record
    level: int = taking.data.level
    to = recipients_of(hazard, level)
    tell(hazard, _recipients(hazard, to), "hazard.late" if hazard.late else "hazard.remind", level=level, why=to)


def pressed(taking: Taking) -> None:
    """A decision owed is late: told to the level's recipients, with what is owed."""
    hazard: Hazard = taking.record
    level, wait = taking.data.level, taking.data.wait
    to = recipients_of(hazard, level, wait)
    why = f"owes:{wait}" if to == "waited_for" else to
    tell(hazard, _recipients(hazard, to, wait), "hazard.owed", level=level, wait=wait, why=why)
