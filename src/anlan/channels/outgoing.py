"""
Messages out: a row in the transaction of what is told, sent by a job afterwards.

A message is tried until it went, its use is over, or trying again cannot help. A WeChat subscribe message spends one
acceptance of the citizen. Once it went, what it said and to whom is forgotten, except in the demo's visible outbox.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db.models import F

from anlan.channels import sms, templates, wechat
from anlan.channels.events import NotTaken
from anlan.channels.http import NotSetUp, Outside
from anlan.channels.models import Acceptance, Outgoing
from anlan.channels.templates import DAY, Template
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.codes import mask_phone
from anlan.kernel.duties import duty
from anlan.kernel.errors import Problem
from anlan.kernel.ids import new_id
from anlan.kernel.keyed import keyed

log = structlog.get_logger(__name__)
TRIES = 6
FIRST_WAIT, LONGEST_WAIT = 5, 600
"""Seconds between tries: each wait is three times the one before."""
KEPT = timedelta(days=30)
MOST_A_DAY = 20
"""Text messages to one number."""
UNCOUNTED = frozenset({"code"})
"""Codes have limits of their own, and nobody is kept from signing in by messages that others caused."""


def send(*, channel: str, template: str, to: str, facts: Mapping[str, Any]) -> Outgoing:
    """
    Have a message sent when the present transaction commits.

    A subscribe message that the citizen did not accept, or whose acceptance is spent, is kept as lapsed and goes nowhere; so is a
    text message to a number that got many today: it costs the city money and its owner patience, whoever gave the number.
    """
    template = templates.named(template)
    row = Outgoing(
        id=new_id(), channel=channel, template=template, to=to, facts=dict(facts), at=clock.now(), state="waiting"
    )
    if channel == "wechat" and not _spend(to, template):
        row.state, row.problem = "lapsed", "not accepted"
        _forget(row)
    if channel == "sms" and template not in UNCOUNTED and not _count(row):
        row.state, row.problem = "lapsed", "too many today"
        _forget(row)
    row.save(force_insert=True)
    if row.state == "waiting":
        _queue(row.pk)
    return row


def _count(row: Outgoing) -> bool:
    """Whether its number may get one more today."""
    text = f"sms {clock.today()} {row.to}"
    row.whom = keyed(text.encode("utf-8", "replace"))[:32]
    with scope.elevated("how many messages a number got today"):
        return Outgoing.objects.filter(whom=row.whom).count() < MOST_A_DAY


def accepts(*, openid: str, template: str) -> bool:
    """Whether a subscribe message of this kind would go to them now."""
    with scope.elevated("only the platform reads who accepted which messages"):
        return Acceptance.objects.filter(openid=openid, template=templates.named(template), left__gt=0).exists()


def accept(*, openid: str, template: str, times: int = 1, long_term: bool = False) -> None:
    """They let us send so many messages of this kind; one granted for good is never spent."""
    with scope.elevated("only the platform reads who accepted which messages"):
        row, _made = Acceptance.objects.get_or_create(
            openid=openid, template=templates.named(template), defaults={"id": new_id(), "at": clock.now()}
        )
        Acceptance.objects.filter(pk=row.pk).update(
            left=F("left") + times, long_term=long_term or row.long_term, at=clock.now()
        )


def refuse(*, openid: str, template: str) -> None:
    """They no longer want messages of this kind."""
    with scope.elevated("only the platform reads who accepted which messages"):
        Acceptance.objects.filter(openid=openid, template=templates.named(template)).delete()


def _spend(openid: str, name: str) -> bool:
    with scope.elevated("only the platform reads who accepted which messages"):
        mine = Acceptance.objects.filter(openid=openid, template=name, left__gt=0)
        if mine.filter(long_term=True).exists():
            return True
        return mine.update(left=F("left") - 1) == 1


@dataclass(frozen=True)
class Outcome:
    state: str
    receipt: str = ""
    problem: str = ""
    again: bool = False


def deliver(outgoing: UUID) -> str:
    """Try to send one message; its state afterwards. Called by the job, outside any transaction."""
    with scope.acting(SYSTEM):
        row = Outgoing.objects.select_for_update().filter(pk=outgoing, state="waiting").first()
        if row is None:
            return "gone"
        row.tries += 1
        row.save(update_fields=["tries"])
    # Two answers that cross cost at most a second message with the same id, which a gateway knows again.
    outcome = _try(row)
    with scope.acting(SYSTEM):
        row = Outgoing.objects.select_for_update().filter(pk=outgoing, state="waiting").first()
        if row is None:
            return "gone"
        _settle(row, outcome)
    return row.state


def _try(row: Outgoing) -> Outcome:
    kind = templates.template(row.template)
    if clock.now() > row.at + timedelta(minutes=kind.lapse_minutes if kind else DAY):
        return Outcome("lapsed", problem="too late")
    try:
        return Outcome("sent", receipt=_hand_over(row, kind)[:80])
    except wechat.NotAccepted:
        return Outcome("lapsed", problem="acceptance spent")
    except Outside as trouble:
        return Outcome(
            "failed", problem=f"{trouble.code} {trouble.params.get('errcode', '')}".strip(), again=trouble.again
        )
    except NotSetUp as trouble:
        return Outcome("failed", problem=trouble.code, again=True)
    except Problem as trouble:
        return Outcome("failed", problem=trouble.code)


def _hand_over(row: Outgoing, kind: Template | None) -> str:
    if row.channel == "sms":
        return sms.send(id=row.pk, to=row.to, template=row.template, facts=row.facts)
    if kind is None:
        raise wechat.BadTemplate
    return wechat.send_message(openid=row.to, template=kind, facts=row.facts)


def _settle(row: Outgoing, outcome: Outcome) -> None:
    row.problem = outcome.problem[:200]
    if outcome.again and row.tries < TRIES:
        row.save(update_fields=["problem"])
        _queue(row.pk, wait=min(LONGEST_WAIT, FIRST_WAIT * 3 ** (row.tries - 1)))
        return
    row.state, row.receipt = outcome.state, outcome.receipt
    if row.state == "sent":
        row.sent_at = clock.now()
    elif row.channel == "wechat":
        spent = outcome.problem == "acceptance spent"
        _give_back(row, spent=spent)
        if spent:
            NotTaken(openid=row.to, template=row.template, facts=row.facts).emit()
    if row.state != "sent":
        log.warning("outgoing.not_sent", channel=row.channel, template=row.template, problem=row.problem)
    _forget(row)
    row.save()


def _give_back(row: Outgoing, *, spent: bool) -> None:
    """What did not go spent nothing; where WeChat says that nothing is left, nothing is."""
    mine = Acceptance.objects.filter(openid=row.to, template=row.template)
    if spent:
        mine.update(left=0, long_term=False)
    else:
        mine.filter(long_term=False).update(left=F("left") + 1)


def _forget(row: Outgoing) -> None:
    """A number beside a report's would bind the reporter to the report for as long as the row is kept."""
    if not settings.DEMO:
        row.facts, row.to = {}, masked(row.to)


def masked(to: str) -> str:
    """Its last four signs."""
    return mask_phone(to) if to.isdigit() else "*" * 8 + to[-4:]


def _queue(row: UUID, *, wait: int = 0) -> None:
    from anlan.channels.jobs import deliver as job

    configured = job.configure(schedule_in={"seconds": wait}) if wait else job
    configured.defer(outgoing=str(row))


@duty("outbox", every=3600.0)
def forget_old() -> int:
    """What was sent a month ago tells nobody anything any more."""
    with scope.acting(SYSTEM):
        Outgoing.objects.filter(at__lt=clock.now() - timedelta(days=1)).exclude(whom="").update(whom="")
        return Outgoing.objects.filter(at__lt=clock.now() - KEPT).exclude(state="waiting").delete()[0]
