"""
Who is told what of a reward. Officials find it in their inbox; the reporter gets a text message or a WeChat message and no
row of ours that would bind them to the report.
"""

from typing import Any

from anlan.channels.outgoing import send as send_out
from anlan.identity import citizens, roles
from anlan.identity.holders import Whom, reach
from anlan.kernel import scope
from anlan.kernel.flow import Taking
from anlan.kernel.forms import yuan
from anlan.notify.actions import send
from anlan.reports import claims
from anlan.reports.models import Report, Seal
from anlan.rewards.models import Reward
from anlan.rewards.rulings import recipients_of


def whom(reward: Reward) -> list[Whom]:
    """Whom a reward waits for now, among officials."""
    if reward.state in ("proposed", "paying"):
        return [Whom(roles=[roles.FINANCE], region=reward.region, nearest=True)]
    return []


def _office(reward: Reward) -> list[Whom]:
    return [Whom(roles=[roles.OFFICE], region=reward.region, nearest=True)]


def _tell(reward: Reward, to: list[Whom], kind: str, taking: Taking, **facts: Any) -> None:
    but = taking.actor.person if not taking.actor.veiled else None
    send(
        to=[found for one in to for found in reach(one) if found[0] != but],
        done_by=but,
        kind=kind,
        facts={"number": reward.number, "state": reward.state, "place": f"{yuan(reward.amount_fen)} 元", **facts},
        url=f"/rewards/{reward.pk}/",
        subject_type="reward",
        subject_id=reward.pk,
    )


def moved(taking: Taking) -> None:
    reward: Reward = taking.record
    if reward.state == "proposed":
        _tell(reward, whom(reward), "reward.waits", taking, why=f"waits:{reward.state}")


def done(taking: Taking) -> None:
    """Nobody is waited for after it; the one who acted has done it."""
    _tell(taking.record, [], "reward.waits", taking)


def paid_out(taking: Taking) -> None:
    """The second officer is told."""
    _tell(taking.record, whom(taking.record), "reward.confirm", taking, by=taking.actor.name, why="confirms")


def offered(taking: Taking) -> None:
    _tell(taking.record, [], "reward.waits", taking)
    tell_reporter(taking.record, "reward.claimable")


def settled(taking: Taking) -> None:
    """A payment ended, or came back."""
    reward: Reward = taking.record
    if reward.state == "paid":
        _tell(reward, [], "reward.waits", taking)
        tell_reporter(reward, "reward.paid")
    elif reward.state == "claimable":
        tell_reporter(reward, "reward.failed")
    elif taking.step.name == "confirm":
        _tell(reward, whom(reward), "reward.wrong", taking, by=taking.actor.name, why="pays")


def lapsed(taking: Taking) -> None:
    if taking.record.state == "lapsed":
        tell_reporter(taking.record, "reward.lapsed")


def climbed(taking: Taking) -> None:
    """A rung: reminders of a claim go to the reporter, those of an approval to officials, with why them."""
    reward: Reward = taking.record
    to = recipients_of(reward, taking.data.level)
    if to == "reporter":
        if not reward.disputed:  # nothing can be claimed just now
            tell_reporter(reward, "reward.reminder")
        return
    told = _office(reward) if to == "office" else whom(reward)
    kind = "reward.late" if reward.late else "reward.remind"
    _tell(reward, told, kind, taking, level=taking.data.level, why="waited_for" if to == "finance" else "county_office")


def disputed(taking: Taking) -> None:
    """Two words of the service contradict each other, or ours: somebody of finance who had no hand in it must look."""
    reward: Reward = taking.record
    told = [Whom(roles=[roles.FINANCE], region=reward.region)]
    _tell(reward, told, "reward.alarm", taking, why="pays")


def resolved(taking: Taking) -> None:
    """The reporter is told where it changes anything for them."""
    reward: Reward = taking.record
    _tell(reward, [], "reward.waits", taking)
    if taking.before.get("state", reward.state) != reward.state or reward.state == "claimable":
        tell_reporter(reward, "reward.paid" if reward.state == "paid" else "reward.failed")


def tell_reporter(reward: Reward, template: str) -> None:
    """As the reporter let us reach them. Somebody without account and phone asks by their claim code."""
    with scope.elevated("the reporter is told; nobody learns who it is"):
        seal = Seal.objects.filter(pk=reward.seal_id).first()
        number = Report.objects.values_list("number", flat=True).get(pk=reward.report_id)
    if seal is None:
        return
    facts = {
        "number": number,
        "yuan": yuan(reward.amount_fen),
        "until": reward.claim_by.isoformat() if reward.claim_by else "",
    }
    told = citizens.tell(person=seal.person_id, template=template, facts=facts) if seal.person_id else None
    if told is None and seal.phone:
        if seal.person_id is None and reward.state == "claimable":
            with scope.elevated("somebody without an account claims by a code, which they are told here alone"):
                template, facts["code"] = "reward.code", claims.give_code(seal)
        send_out(channel="sms", template=template, to=seal.phone, facts=facts)
