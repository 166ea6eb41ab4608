"""What workers report at a point after scanning its notice, and what becomes of it."""

import hmac
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from anlan.files.actions import copy_photo, take_photo
from anlan.files.models import File
from anlan.identity import roles
from anlan.identity.holders import Whom, reach
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Conflict, Forbidden, NotFound, Problem
from anlan.notify.actions import send
from anlan.risks import rules
from anlan.risks.actions.common import SUBJECT, note, validated
from anlan.risks.models import RiskPoint, WorkerReport
from anlan.risks.needs import Answer, Report

PUBLIC = Actor(role="public", name="", post_label="")
"""Somebody who scanned the notice and did not sign in."""
WINDOW = timedelta(minutes=10)
FROM_ONE, AT_ONE = 5, 30
"""Reports within the window: from one address, and at one point. Workers of a factory share an address."""


class TooMany(Problem):
    code = "risk.too_many"
    status = 429
    default_message = _("Many reports came in a short time. Wait ten minutes, or call the number on the notice.")


def file_report(
    *, point: UUID, report: UUID, data: dict[str, Any] | Report, address: str, photo: tuple[bytes, str] | None = None
) -> WorkerReport:
    """
    Keep what somebody without an account reports, and tell the enterprise. The same `report` sent again is the same
    report. Raises NotFound for a point that is not in use, TooMany past the limits.
    """
    given = validated(Report, data)
    with transaction.atomic(), scope.elevated("somebody without an account reports at a risk point"):
        found = RiskPoint.objects.filter(pk=point, active=True).first()
        if found is None:
            raise NotFound
        _one_at_a_time(point)
        known = WorkerReport.objects.filter(pk=report).first()
        if known is not None:
            if known.point_id != point:
                raise Conflict
            return known
        sender = sender_of(address)
        _check_rate(point, sender)
        taken = None
        if photo is not None:
            taken = take_photo(actor=PUBLIC, source=photo[0], name=photo[1], subject=(SUBJECT, point))
        made = WorkerReport.objects.create(
            id=report,
            point=found,
            words=given.words,
            name=given.name,
            phone=given.phone,
            photo_id=taken.pk if taken else None,
            sender=sender,
            at=clock.now(),
        )
        facts = {"report": made.pk, "words": made.words, "name": made.name, "photo": taken.sha256 if taken else ""}
        note(PUBLIC, found, "file_report", data={key: value for key, value in facts.items() if value})
        tell(found, made)
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
    return hmac.new(settings.SECRET_KEY.encode(), text, sha256).hexdigest()[:32]


def _check_rate(point: UUID, sender: str) -> None:
    since = clock.now() - WINDOW
    recent = WorkerReport.objects.filter(at__gt=since)
    if recent.filter(sender=sender).count() >= FROM_ONE or recent.filter(point_id=point).count() >= AT_ONE:
        raise TooMany


def _one_at_a_time(point: UUID) -> None:
    """So that the same report sent twice at once is kept once, and no burst slips past the limit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('worker reports', 0))")


def answer_report(*, actor: Actor, report: UUID, data: dict[str, Any] | Answer) -> WorkerReport:
    """It is no hazard, or was settled on the spot: said with a reason, which whoever wrote can read."""
    found = _waiting(actor, report)
    given = validated(Answer, data)
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
