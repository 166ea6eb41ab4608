"""Writing down what leaders did, and watching over what they still owe."""

from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from anlan.campaigns import needs
from anlan.campaigns.leaders.deeds import counted, deeds
from anlan.campaigns.leaders.duties import LeadersDuty, Period, duties, period_before, period_of
from anlan.campaigns.leaders.people import Leader, bound
from anlan.campaigns.models import Campaign, LeaderAct, LeaderOwed
from anlan.campaigns.queries.leaders import announced_from, fact_from, leaders_of
from anlan.campaigns.returns.naming import is_name
from anlan.files.actions import link_files
from anlan.identity import roles
from anlan.identity.holders import Whom, reach
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.codes import subtree
from anlan.kernel.errors import Forbidden, Invalid, NotFound, NotNow
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import write_note
from anlan.kernel.wording import parsed
from anlan.notify.actions import send

SUBJECT = "leader_act"
WRITERS = frozenset({roles.OFFICE, roles.LEADER})
"""The office for everybody of its territory, a leader for themselves."""


def record_act(
    *, actor: Actor, campaign: UUID, data: BaseModel | dict[str, Any], id: UUID | None = None  # noqa: A002 -- the record's own word
) -> LeaderAct:  # fmt: skip
    """
    Write down that leaders heard the campaign, studied a matter or went on site.

    Raises Invalid for a day outside the campaign or ahead, for a meeting's name instead of its topic, for a visit without a
    place; Forbidden for who is neither the office nor the leader.
    """
    checked = parsed(needs.RecordAct, data)
    found = Campaign.objects.filter(pk=campaign).first()
    if found is None:
        raise NotFound
    if actor.role not in WRITERS:
        raise Forbidden(_("The committee office writes down what leaders did, or the leader."))
    known = {one.key: one for one in leaders_of(actor, found, clock.today())}
    wrong: dict[str, list[Any]] = {}
    if set(checked.people) - known.keys():
        wrong["people"] = [_("One of these is no leader of your territory.")]
    elif actor.role == roles.LEADER and str(actor.person) not in checked.people:
        raise Forbidden(_("A leader writes down what they did themselves."))
    if checked.on > clock.today():
        wrong["on"] = [_("This day is still to come.")]
    elif checked.on < found.from_day or (found.to_day and checked.on > found.to_day):
        wrong["on"] = [_("The campaign did not run on this day.")]
    if checked.kind != "visit" and is_name(checked.topic):
        wrong["topic"] = [_("This is what the meeting is called. Write what was heard or studied.")]
    if checked.kind == "visit" and not checked.place:
        wrong["place"] = [_("Say where it was.")]
    if wrong:
        raise Invalid(fields=wrong)
    people = [known[key] for key in dict.fromkeys(checked.people)]
    row = LeaderAct(
        id=id or new_id(),
        campaign=found,
        region=min(one.region for one in people),
        kind=checked.kind,
        on=checked.on,
        topic=checked.topic,
        place=checked.place,
        document=checked.document,
        people=[{"key": one.key, "name": one.name, "title": one.title} for one in people],
        recorded_by=actor.name,
        person_id=actor.person,
        created_at=clock.now(),
    )
    row.save(force_insert=True)
    link_files(actor=actor, ids=checked.photos, subject_type=SUBJECT, subject_id=row.pk, field="photos", documents=True)
    told = {"kind": row.kind, "on": row.on, "topic": row.topic, "people": [one.name for one in people]}
    write_note(actor=actor, subject_type=SUBJECT, subject_id=row.pk, step="record_act", data=told, region=row.region)
    return row


def withdraw_act(*, actor: Actor, act: UUID, data: BaseModel | dict[str, Any]) -> LeaderAct:
    """What was written down by mistake does not count any more; the row and the reason stay."""
    checked = parsed(needs.WithdrawAct, data)
    row = LeaderAct.objects.select_for_update().filter(pk=act).first()
    if row is None:
        raise NotFound
    if not (actor.role == roles.OFFICE and actor.covers(row.region)) and actor.person != row.person_id:
        raise Forbidden(_("The committee office writes down what leaders did, or the leader."))
    if row.withdrawn_at:
        raise NotNow(_("It was withdrawn already."))
    row.withdrawn_at, row.withdrawn_why = clock.now(), checked.reason
    row.save(update_fields=["withdrawn_at", "withdrawn_why"])
    told = {"reason": checked.reason}
    write_note(actor=actor, subject_type=SUBJECT, subject_id=row.pk, step="withdraw_act", data=told, region=row.region)
    return row


def watch_leaders() -> int:
    """The platform's duty: announce what is owed before a period ends, and write down what was missed after it; how many rows changed."""
    changed, today = 0, clock.today()
    with scope.acting(SYSTEM):
        for campaign in Campaign.objects.filter(from_day__lte=today):
            if campaign.to_day is None or campaign.to_day >= today.replace(month=1, day=1):
                changed += _watch(campaign, today)
    return changed


def _watch(campaign: Campaign, today: date) -> int:
    """A duty is owed for periods that lie in the campaign whole."""
    changed = 0
    for duty in duties():
        now, before = period_of(duty.period, today), period_before(duty.period, today)
        if campaign.runs_through(now.begins, now.ends) and today >= announced_from(now, campaign.region):
            changed += _look(campaign, duty, now, today, over=False)
        if (
            campaign.runs_through(before.begins, before.ends)
            and today >= fact_from(before, campaign.region)
            and (today - before.ends).days < 62
        ):
            changed += _look(campaign, duty, before, today, over=True)
    return changed


def _look(campaign: Campaign, duty: LeadersDuty, period: Period, today: date, *, over: bool) -> int:
    people = bound(*subtree(campaign.region), period, today)
    found = deeds(campaign, people, period)
    rows = {
        one.leader: one for one in LeaderOwed.objects.filter(campaign=campaign, duty=duty.code, begins=period.begins)
    }
    changed = 0
    for leader in people:
        if not duty.binds(chief=leader.chief):
            continue
        done = counted(found, leader, duty, period)
        row = rows.get(leader.key) or rows.get(leader.by_name)
        if done >= duty.least or (row and (row.missed_at if over else row.announced_at)):
            continue
        row = row or LeaderOwed(
            id=new_id(), campaign=campaign, region=leader.region, duty=duty.code, begins=period.begins, ends=period.ends,
            leader=leader.key, name=leader.name, title=leader.title, least=duty.least,
        )  # fmt: skip
        row.done = done
        if over:
            row.missed_at = clock.now()
        else:
            row.announced_at = clock.now()
        row.save()
        _tell(row, leader, duty, period, over=over)
        changed += 1
    return changed


def _tell(row: LeaderOwed, leader: Leader, duty: LeadersDuty, period: Period, *, over: bool) -> None:
    kind = "leader.missed" if over else "leader.due"
    facts = {"number": period.label, "place": f"{leader.title}{leader.name}", "words": duty.zh, "due_at": period.ends}
    url = f"/campaigns/leaders/?campaign={row.campaign_id}&region={leader.region}"
    about: dict[str, Any] = {"kind": kind, "url": url, "subject_type": "leader_owed", "subject_id": row.pk}
    if leader.person:
        send(to=[(leader.person, leader.post)], facts={**facts, "why": "leads"}, **about)
    office = reach(Whom(roles=[roles.OFFICE], region=leader.region, nearest=True))
    send(to=office, facts={**facts, "why": "campaign_office"}, **about)
    with_note = {
        "duty": duty.code,
        "period": period.label,
        "leader": leader.name,
        "done": row.done,
        "least": duty.least,
    }
    step = "miss_duty" if over else "announce_duty"
    write_note(
        actor=SYSTEM, subject_type="leader_owed", subject_id=row.pk, step=step, data=with_note, region=leader.region
    )
