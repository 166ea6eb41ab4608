"""Accounts that end: closed by whom they belong to, or forgotten because nobody used them for long."""

from datetime import timedelta
from uuid import UUID

import structlog
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from anlan.channels.models import Acceptance
from anlan.identity.citizens import accounts
from anlan.identity.events import CitizenLeaves, Keepsake
from anlan.identity.models import Citizen, WechatAccount
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.citysettings import declare, value
from anlan.kernel.duties import duty
from anlan.kernel.errors import Problem
from anlan.kernel.rulings import whole

log = structlog.get_logger(__name__)
IDLE = declare(
    key="citizens.idle_days",
    label=_("Days after which an unused citizen's account is forgotten"),
    default=730,
    check=whole(30, 3650, _("A number of days from 30 to 3650.")),
    evidence="K",
    basis="《个人信息保护法》第四十七条：处理目的已实现或者为实现处理目的不再必要的，应当删除",
)
GUEST_DAYS = 60
"""A guest's account holds nothing, and who reported anonymously follows by the claim code."""
BATCH = 500


def close_account(*, actor: Actor) -> list[Keepsake]:
    """
    Remove one's own account: name, phone, WeChat and tokens; sessions that are left are nobody's. Reports stay, without anybody.

    Returns the codes by which what is still owed stays theirs: shown once, for nobody is left to show them to. A room may
    refuse, in words.
    """
    person = accounts.own(actor)
    with scope.acting(SYSTEM):
        accounts.held(person)
        return _end(person, idle=False)


def _end(person: UUID, *, idle: bool) -> list[Keepsake]:
    leaving = CitizenLeaves(person=person, idle=idle)
    leaving.emit()
    openids = list(WechatAccount.objects.filter(person_id=person).values_list("openid", flat=True))
    Acceptance.objects.filter(openid__in=openids).delete()
    accounts.remove(person)
    accounts.note(person, "close_account", idle=idle)
    return leaving.keepsakes


@duty("citizens", every=6 * 3600.0)
def forget_idle() -> int:
    """Remove accounts that nobody used for long; what a room still owes keeps one alive. Returns how many went."""
    with scope.acting(SYSTEM):
        today = clock.today()
        idle = Citizen.objects.filter(seen_on__lt=today - timedelta(days=value(IDLE.key)))
        guests = Citizen.objects.filter(guest=True, seen_on__lt=today - timedelta(days=GUEST_DAYS))
        found = set(idle.values_list("pk", flat=True)[:BATCH]) | set(guests.values_list("pk", flat=True)[:BATCH])
    gone = 0
    for person in sorted(found):
        try:
            with scope.acting(SYSTEM), transaction.atomic():
                _end(person, idle=True)
            gone += 1
        except Problem as problem:
            log.info("citizen.kept", why=problem.code)
    return gone
