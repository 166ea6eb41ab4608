"""The seal: who reported, kept apart from what was reported."""

import json
from datetime import datetime
from uuid import UUID

from django.utils.crypto import constant_time_compare, salted_hmac

from anlan.identity import roles
from anlan.identity.citizens import known
from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.ids import new_id
from anlan.reports import claims, needs
from anlan.reports.models import Report, Seal

WHY = "who reports stands in the seal, which nobody else sees"


def digest_of(report: UUID, person: UUID | None, name: str, phone: str, place: int) -> str:
    """Binds a reporter to a report, keyed: it stands in the ledger and tells nobody anything."""
    facts = json.dumps([str(report), str(person or ""), name, phone, place], ensure_ascii=False)
    return salted_hmac("anlan.reports.seal", facts, algorithm="sha256").hexdigest()


def retry_of(report: UUID, actor: Actor) -> str:
    """By which a sender without a name is known again for a while, so that a retry gets its code."""
    facts = f"{report} {actor.person} {actor.post}"
    return salted_hmac("anlan.reports.retry", facts, algorithm="sha256").hexdigest()


def seals_for(report: Report, data: needs.Submit, actor: Actor, at: datetime) -> list[Seal]:
    """The seals of a new report, unsaved: the reporter's first, then those who report together."""
    person, name, phone, verified = None, data.name, data.phone, False
    if actor.role == roles.CITIZEN and not data.anonymous:
        person = actor.person
        name, phone, verified = _account(actor)
    nobody = person is None and not phone
    first = Seal(
        id=new_id(),
        report_id=report.pk,
        person_id=person,
        name=name,
        phone=phone,
        verified=verified,
        employee_of=data.employee_of,
        claim=claims.digest_of(claims.code_of(report.pk)) if nobody or data.anonymous else "",
        retry=retry_of(report.pk, actor) if person is None else "",
        digest=digest_of(report.pk, person, name, phone, 0),
        at=at,
    )
    others = [
        Seal(
            id=new_id(),
            report_id=report.pk,
            name=one.name,
            phone=one.phone,
            place=place,
            digest=digest_of(report.pk, None, one.name, one.phone, place),
            at=at,
        )
        for place, one in enumerate((one for one in data.joint if one.name), start=1)
    ]
    return [first, *others]


def seal_of_joiner(report: UUID, actor: Actor, at: datetime) -> Seal:
    name, phone, verified = _account(actor)
    return Seal(
        id=new_id(),
        report_id=report,
        person_id=actor.person,
        name=name,
        phone=phone,
        verified=verified,
        first=False,
        digest=digest_of(report, actor.person, name, phone, 0),
        at=at,
    )


def _account(actor: Actor) -> tuple[str, str, bool]:
    """Name, phone and whether the name was checked, of the citizen who acts."""
    if actor.person is None:
        return "", "", False
    account = known(actor.person)
    return (account.name, account.phone, account.verified) if account else ("", "", False)


def is_senders(report: UUID, actor: Actor) -> bool:
    """Whether this actor sent the report itself: a retry."""
    with scope.elevated(WHY):
        seal = Seal.objects.filter(report_id=report, first=True, place=0).first()
    if seal is None:
        return False
    if seal.person_id is not None:
        return seal.person_id == actor.person
    return bool(seal.retry) and constant_time_compare(seal.retry, retry_of(report, actor))


def keep(seals: list[Seal]) -> None:
    with scope.elevated(WHY):
        Seal.objects.bulk_create(seals)


def first_of(report: UUID) -> Seal | None:
    """Call it elevated."""
    return Seal.objects.filter(report_id=report, first=True, place=0).first()
