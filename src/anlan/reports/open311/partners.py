"""Who may hand in reports by program: a partner with a key, so many an hour."""

import secrets
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import Forbidden, Invalid, NotFound
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import write_note
from anlan.kernel.text import clean_line
from anlan.reports.models import Partner, PartnerReport

PREFIX = "o311_"
HOUR = timedelta(hours=1)


def digest(secret: str) -> str:
    return sha256(secret.encode("utf-8", "replace")).hexdigest()


def admit(*, actor: Actor, name: str, hourly: int = 300) -> tuple[Partner, str]:
    """A new partner and its key, which is not recoverable later. For whoever runs the platform."""
    _require(actor)
    name = clean_line(name, max_length=60)
    if not name:
        raise Invalid(fields={"name": [_("Say who it is.")]})
    if Partner.objects.filter(name=name).exists():
        raise Invalid(fields={"name": [_("A partner of this name exists already.")]})
    secret = PREFIX + secrets.token_urlsafe(32)
    row = Partner(id=new_id(), name=name, digest=digest(secret), hourly=hourly, created_at=clock.now())
    with scope.acting(actor):
        row.save(force_insert=True)
        _note(actor, row, "admit_partner")
    return row, secret


def dismiss(*, actor: Actor, name: str) -> Partner:
    """Its key is worth nothing from now on."""
    _require(actor)
    row = Partner.objects.filter(name=name, revoked_at=None).first()
    if row is None:
        raise NotFound
    with scope.acting(actor):
        row.revoked_at = clock.now()
        row.save(update_fields=["revoked_at"])
        _note(actor, row, "dismiss_partner")
    return row


def partner_of(secret: str) -> Partner | None:
    """The partner whose key this is; None for a key that is none, or was taken back."""
    if not secret.startswith(PREFIX) or len(secret) > 100:
        return None
    return Partner.objects.filter(digest=digest(secret), revoked_at=None).first()


def too_many(partner: Partner) -> bool:
    recent = PartnerReport.objects.filter(partner=partner, at__gt=clock.now() - HOUR)
    return recent.values("pk")[: partner.hourly].count() >= partner.hourly


def sent_by(partner: Partner, report: UUID) -> bool:
    return PartnerReport.objects.filter(partner=partner, report_id=report).exists()


def _require(actor: Actor) -> None:
    if not (actor.is_system or actor.role == "system_admin"):
        raise Forbidden


def _note(actor: Actor, row: Partner, step: str) -> None:
    write_note(actor=actor, subject_type="partner", subject_id=row.pk, step=step, data={"name": row.name})


def everybody() -> list[Partner]:
    with scope.acting(SYSTEM):
        return list(Partner.objects.order_by("name"))
