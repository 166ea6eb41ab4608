"""What workers report at a point after scanning its notice, and what becomes of it."""

from datetime import timedelta
from hashlib import sha256
from math import ceil
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from anlan.files.actions import copy_photo, take_photo
from anlan.files.images import already_derived, inspect_and_derive
from anlan.files.models import File
from anlan.identity import roles
from anlan.identity.holders import Whom, reach
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Conflict, Forbidden, NotFound, Problem
from anlan.kernel.ids import new_id
from anlan.kernel.keyed import keyed
from anlan.kernel.turns import one_at_a_time
from anlan.kernel.wording import parsed
from anlan.notify.actions import send
from anlan.risks import rules
from anlan.risks.actions.common import SUBJECT, note
from anlan.risks.models import ReportTry, RiskPoint, WorkerReport
from anlan.risks.needs import Answer, Report

PUBLIC = Actor(role="public", name="", post_label="")
"""Somebody who scanned the notice and did not sign in."""
WINDOW = timedelta(minutes=10)
FROM_ONE, AT_ONE = 5, 30
"""Reports within the window: from one address, and at one point. Workers of a factory share an address."""
TRIES_FROM_ONE, TRIES_AT_ONE = 15, 90
"""Tries within the window, with those that were refused: a photo is decoded for each."""


class TooMany(Problem):
    code = "risk.too_many"
    status = 429
    default_message = _("Many reports came in a short time. Wait ten minutes, or call the number on the notice.")


class SentBefore(Conflict):
    code = "risk.sent_before"
    default_message = _(
        "This report was sent before with other words, and those stand. Send once more if this is a second report."
    )


def file_report(
    *, point: UUID, report: UUID, data: dict[str, Any] | Report, address: str, photo: tuple[bytes, str] | None = None
) -> WorkerReport:
    """
    Keep what somebody without an account reports, and tell the enterprise. The same `report` sent again is the same
    report. Raises NotFound for a point that is not in use, SentBefore for a report of other words, TooMany past the limits.

    The try is counted before anything costly is done, in a transaction of its own: what is refused afterwards counts too.
    The photo is decoded before any lock is held.
    """
    given = parsed(Report, data)
    sender = sender_of(address)
    with transaction.atomic(), scope.elevated("somebody without an account reports at a risk point"):
        if not RiskPoint.objects.filter(pk=point, active=True).exists():
            raise NotFound
        if known := _known(report, point, given, photo):
            return known
        _count_try(point, sender)
    derived = {}
    if photo is not None:
        derived[sha256(photo[0]).hexdigest()] = inspect_and_derive(photo[0], declared_name=photo[1])
    with (
        already_derived(derived),
        transaction.atomic(),
        scope.elevated("somebody without an account reports at a risk point"),
    ):
        found = RiskPoint.objects.filter(pk=point, active=True).first()
        if found is None:
            raise NotFound
        _one_at_a_time(point, sender)
        if known := _known(report, point, given, photo):
            return known
        _check_rate(point, sender)
        return _keep(found, report, given, sender, photo)


def _known(report: UUID, point: UUID, given: Report, photo: tuple[bytes, str] | None) -> WorkerReport | None:
    """The same report sent before; a photo that did not come along the second time is no other report."""
    known = WorkerReport.objects.filter(pk=report).first()
    if known is None:
        return None
    if known.point_id != point:
        raise Conflict
    same = (known.words, known.name, known.phone) == (given.words, given.name, given.phone)
    if photo is not None:
        kept = (
            File.objects.filter(pk=known.photo_id).values_list("sha256", flat=True).first() if known.photo_id else None
        )
        same = same and kept == sha256(photo[0]).hexdigest()
    if not same:
        raise SentBefore
    return known


def _keep(point: RiskPoint, report: UUID, given: Report, sender: str, photo: tuple[bytes, str] | None) -> WorkerReport:
    taken = None
    if photo is not None:
        taken = take_photo(actor=PUBLIC, source=photo[0], name=photo[1], subject=(SUBJECT, point.pk))
    made = WorkerReport.objects.create(
        id=report,
        point=point,
        words=given.words,
        name=given.name,
        phone=given.phone,
        photo_id=taken.pk if taken else None,
        sender=sender,
        at=clock.now(),
    )
    facts = {"report": made.pk, "words": made.words, "name": made.name, "photo": taken.sha256 if taken else ""}
    note(PUBLIC, point, "file_report", data={key: value for key, value in facts.items() if value})
    tell(point, made)
    return made


def tell(point: RiskPoint, report: WorkerReport) -> None:
    """The safety manager and the principal of the enterprise."""
    posts = (roles.SAFETY_MANAGER, roles.PRINCIPAL)
    send(
        to=reach(Whom(roles=posts, region=point.region, enterprise=point.enterprise_id)),
        kind="risk.reported",
        facts={"number": point.number, "place": point.name, "words": report.words[:120], "why": "settles"},
        url=f"/risk-points/{point.pk}/#reports",
        subject_type="worker_report",
        subject_id=report.pk,
    )


def sender_of(address: str) -> str:
    """A keyed digest of an address on one day: reports can be counted by it, nobody can be found by it."""
    text = f"{clock.today()} {address}".encode()
    return keyed(text)[:32]


def _count_try(point: UUID, sender: str) -> None:
    """Raises TooMany, which counts nothing more: so there are never more rows than tries are allowed."""
    _one_at_a_time(point, sender)
    since = clock.now() - WINDOW
    ReportTry.objects.filter(point_id=point, at__lte=since).delete()
    _hold_back(ReportTry.objects.filter(at__gt=since), point, sender, TRIES_FROM_ONE, TRIES_AT_ONE)
    _check_rate(point, sender)
    ReportTry.objects.create(id=new_id(), point_id=point, sender=sender, at=clock.now())


def _check_rate(point: UUID, sender: str) -> None:
    recent = WorkerReport.objects.filter(at__gt=clock.now() - WINDOW)
    _hold_back(recent, point, sender, FROM_ONE, AT_ONE)


def _hold_back(recent: QuerySet[Any], point: UUID, sender: str, from_one: int, at_one: int) -> None:
    for rows, most in ((recent.filter(sender=sender), from_one), (recent.filter(point_id=point), at_one)):
        newest = rows.order_by("-at").values_list("at", flat=True)[:most]
        if len(newest) == most:
            problem = TooMany()
            problem.retry_after = max(1, ceil((newest[most - 1] + WINDOW - clock.now()).total_seconds()))
            raise problem


def _one_at_a_time(point: UUID, sender: str) -> None:
    """So that the same report sent twice at once is kept once, and no burst slips past the limit; in one order everywhere."""
    one_at_a_time(f"worker reports at {point}")
    one_at_a_time(f"worker reports from {sender}")


def answer_report(*, actor: Actor, report: UUID, data: dict[str, Any] | Answer) -> WorkerReport:
    """It is no hazard, or was settled on the spot: said with a reason, which whoever wrote can read."""
    found = _waiting(actor, report)
    given = parsed(Answer, data)
    found.state, found.answer = "answered", given.answer
    _settled(found, actor, {"answer": given.answer})
    return found


def photo_for_hazard(*, actor: Actor, report: UUID) -> UUID | None:
    """The report's photo as the actor's own, to register a hazard with."""
    found = _waiting(actor, report)
    photo = File.objects.filter(pk=found.photo_id).first() if found.photo_id else None
    return copy_photo(actor=actor, photo=photo).pk if photo else None


def settle_with_hazard(*, actor: Actor, report: UUID, point: UUID | None, hazard: UUID, number: str) -> None:
    """A hazard was registered (or found again) because of it; in the transaction that registers it."""
    found = _waiting(actor, report)
    if found.point_id != point:
        raise Conflict(_("The report belongs to another risk point."))
    found.state, found.hazard_id, found.hazard_number = "hazard", hazard, number
    _settled(found, actor, {"hazard": hazard, "number": number})


def _waiting(actor: Actor, report: UUID) -> WorkerReport:
    found = WorkerReport.objects.select_for_update(of=("self",)).select_related("point").filter(pk=report).first()
    if found is None:
        raise NotFound
    if not rules.settles(actor, found.point):
        raise Forbidden
    if found.state != "waiting":
        raise Conflict(_("This report was settled already."), code="risk.settled")
    return found


def _settled(found: WorkerReport, actor: Actor, data: dict[str, Any]) -> None:
    found.settled_by, found.settled_at = actor.name[:60], clock.now()
    found.save()
    note(actor, found.point, "settle_report", data={"report": found.pk, "state": found.state, **data})
    if actor.person is not None:
        send(
            to=[],
            kind="risk.reported",
            facts={},
            subject_type="worker_report",
            subject_id=found.pk,
            done_by=actor.person,
        )
