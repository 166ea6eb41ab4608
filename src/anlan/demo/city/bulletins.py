"""The demo city's bulletins: one of a month that is over, reviewed, approved by the city's leader and issued; one still a draft."""

from datetime import date, datetime, time, timedelta

from anlan.bulletins import actions
from anlan.bulletins.figures.rows import month_after
from anlan.bulletins.models import Bulletin
from anlan.bulletins.writing import lines_of
from anlan.campaigns.models import Campaign, Return
from anlan.demo.city.people import PASSWORD, Staff
from anlan.demo.geography import CITY_CODE
from anlan.demo.words import WordBank
from anlan.identity import roles
from anlan.identity.acting import actor_for
from anlan.identity.actions import give_post, open_account
from anlan.identity.models import Organisation
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor


def bulletins_of_the_year(staff: Staff, bank: WordBank, *, now: datetime, begins: datetime) -> int:
    """Call it when the months' returns are there; how many were drafted. A city without a campaign has none."""
    with scope.acting(SYSTEM):
        campaign = Campaign.objects.filter(region=CITY_CODE).order_by("from_day").first()
        locked = Return.objects.filter(campaign=campaign, state="locked").order_by("month")
        months = sorted(set(locked.values_list("month", flat=True))) if campaign else []
    if campaign is None or not months or "checker" not in staff.others:
        return 0
    with clock.at(begins):
        leader = _leader(bank, begins.date())
    office, checker = staff.offices[CITY_CODE], staff.others["checker"]
    when = min(
        now - timedelta(days=1),
        datetime.combine(month_after(months[-1], 1), time(15), clock.SHANGHAI) + timedelta(days=14),
    )
    with clock.at(when):
        issued(campaign, months[max(0, len(months) - 3)], months[-1], office=office, checker=checker, leader=leader)
    with clock.at(now):
        draft(
            campaign,
            months[0],
            min(now.date().replace(day=1), month_after(months[-1], 1)),
            office=office,
            checker=checker,
        )
    return 2


def _leader(bank: WordBank, since: date) -> Actor:
    """Who signs for the city."""
    with scope.acting(SYSTEM):
        account = open_account(
            actor=SYSTEM, data={"username": "cityleader", "name": bank.person()}, region=CITY_CODE, password=PASSWORD
        )
        body = Organisation.objects.filter(region=CITY_CODE, kind="government").order_by("id").first()
        facts = {"role": roles.LEADER, "region": CITY_CODE, "valid_from": since, "title": "副市长"}
        post = give_post(
            actor=SYSTEM, person=account.person.pk, data=facts | {"organisation": body.pk if body else None}
        )
        post.person, post.organisation = account.person, body
    return actor_for(post)


def issued(campaign: Campaign, first: date, last: date, *, office: Actor, checker: Actor, leader: Actor) -> Bulletin:
    """A remark, its answer, a review, an approval, the issue."""
    found = _drafted(campaign, first, last, office)
    with scope.acting(checker):
        found = actions.take_step(
            actor=checker, bulletin=found.pk, step="remark", data={"section": "problems", "text": "点名的单位请再与月报核对一遍。"}
        )  # fmt: skip
        remark = found.remarks.get()
    with scope.acting(office):
        answer = {"section": "problems", "text": "已逐一核对，与月报一致。", "settles": remark.pk}
        actions.take_step(actor=office, bulletin=found.pk, step="remark", data=answer)
    with scope.acting(checker):
        actions.take_step(actor=checker, bulletin=found.pk, step="review", data={"signer": leader.person})
    with scope.acting(leader):
        actions.take_step(actor=leader, bulletin=found.pk, step="approve")
    with scope.acting(office):
        return actions.take_step(actor=office, bulletin=found.pk, step="issue")


def draft(campaign: Campaign, first: date, last: date, *, office: Actor, checker: Actor) -> Bulletin:
    """One that is being written: a sentence added, a remark that waits for its answer."""
    found = _drafted(campaign, first, last, office)
    section = next(one for one in found.content if one["code"] == "next")
    text = f"{lines_of(section)}\n## 做好重点时段防范\n节假日和恶劣天气期间要加强值守，对检查中发现的突出问题盯住不放。"
    with scope.acting(office):
        written = {"section": "next", "title": section["title"], "text": text}
        actions.take_step(actor=office, bulletin=found.pk, step="write", data=written)
    with scope.acting(checker):
        said = {"section": "next", "text": "建议写明下次通报的时间。"}
        return actions.take_step(actor=checker, bulletin=found.pk, step="remark", data=said)


def _drafted(campaign: Campaign, first: date, last: date, office: Actor) -> Bulletin:
    with scope.acting(office):
        return actions.draft(actor=office, data={"campaign": campaign.pk, "first_month": first, "last_month": last})
