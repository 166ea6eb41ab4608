"""The room's verbs: the only code that writes bulletins."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from anlan.bulletins import needs, rulings
from anlan.bulletins.flow import BULLETIN
from anlan.bulletins.models import Bulletin
from anlan.campaigns.models import Campaign
from anlan.kernel import clock, scope
from anlan.kernel.actor import CLOCK, Actor
from anlan.kernel.codes import subtree
from anlan.kernel.errors import Invalid, NotFound
from anlan.kernel.flow.take import begin, take
from anlan.kernel.ids import new_id
from anlan.kernel.wording import parsed
from anlan.registry.queries import region_names

MOST_MONTHS = 12


def draft(*, actor: Actor, data: BaseModel | dict[str, Any], id: UUID | None = None) -> Bulletin:  # noqa: A002
    """
    Compute the figures of a campaign's months and write a draft with them.

    Raises Forbidden for anybody but the office of the campaign's territory, Invalid for months that cannot be told of.
    """
    checked = parsed(needs.Draft, data)
    campaign = Campaign.objects.filter(pk=checked.campaign).first()
    if campaign is None:
        raise Invalid(fields={"campaign": [_("There is no such campaign.")]})
    first, last = checked.first_month.replace(day=1), checked.last_month.replace(day=1)
    if wrong := _wrong_months(campaign, first, last):
        raise Invalid(fields=wrong)
    withdrawn = _withdrawn(campaign, checked.withdraws)
    now = clock.now()
    record = Bulletin(
        id=id or new_id(),
        state="",
        state_since=now,
        campaign=campaign,
        region=campaign.region,
        beyond=subtree(campaign.region)[1],
        first_month=first,
        last_month=last,
        organ=rulings.organ(campaign.region, _place(campaign.region)),
        withdraws=withdrawn,
        counted_at=now,
        created_at=now,
    )
    begun: Bulletin = begin(BULLETIN, "draft", record, actor=actor, data=checked)
    return begun


def _place(region: int) -> str:
    """The territory's name, nothing where the platform does not know it."""
    name = region_names([region])[region]
    return "" if name == str(region) else name


def _wrong_months(campaign: Campaign, first: Any, last: Any) -> dict[str, list[Any]]:
    if last < first:
        return {"last_month": [_("It ends before it begins.")]}
    if first > clock.today():
        return {"first_month": [_("The month has not begun.")]}
    if (last.year - first.year) * 12 + last.month - first.month >= MOST_MONTHS:
        return {"last_month": [_("A bulletin is over at most %(n)s months.") % {"n": MOST_MONTHS}]}
    if first < campaign.from_day.replace(day=1) or (campaign.to_day and last > campaign.to_day):
        return {"first_month": [_("The campaign did not run in all of these months.")]}
    return {}


def _withdrawn(campaign: Campaign, key: UUID | None) -> Bulletin | None:
    if key is None:
        return None
    found = Bulletin.objects.filter(pk=key, campaign=campaign, state="issued").first()
    if found is None:
        raise Invalid(fields={"withdraws": [_("There is no such issued bulletin of this campaign.")]})
    return found


def take_step(
    *,
    actor: Actor,
    bulletin: UUID,
    step: str,
    data: BaseModel | dict[str, Any] | None = None,
    version: int | None = None,
) -> Bulletin:
    """Take any step that people take. Issuing one that withdraws another withdraws it in the same transaction."""
    if BULLETIN.has(step) and BULLETIN.step(step).quiet:
        raise NotFound(_("There is no step “%(step)s”."), step=step, code="flow.unknown_step")
    taken: Bulletin = take(BULLETIN, bulletin, step, actor=actor, data=data, version=version)
    if step == "issue" and taken.withdraws_id is not None:
        with scope.acting(CLOCK):
            take(BULLETIN, taken.withdraws_id, "withdraw", actor=CLOCK)
    return taken
