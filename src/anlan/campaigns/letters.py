"""The supervise letter that a return draws when it stays away: drafted by the platform, approved and served by people."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from anlan.campaigns.models import Campaign, Return
from anlan.campaigns.states import WRITING
from anlan.enforcement.actions import draft
from anlan.enforcement.models import Instrument
from anlan.identity.models import Organisation
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.kernel.calendar import working_days

KIND = "supervise_letter"
ANSWER_DAYS = 3
"""Working days until what is owed must be there; whoever approves the letter may change it. [K]"""


def drafted(record: Return, *, actor: Actor, level: int) -> Instrument | None:
    """A letter to the unit that owes the next act; None where the office itself does. A letter is in Chinese whoever reads it here."""
    owes = record.unit_id if record.state in WRITING else record.reviewer_id if record.state == "passed" else None
    if owes is None:
        return None
    with scope.elevated("the letter names the unit and the campaign it is about"):
        unit = Organisation.objects.get(pk=owes)
        filler = Organisation.objects.get(pk=record.unit_id)
        campaign = Campaign.objects.get(pk=record.campaign_id)
    month = f"{record.month.year}年{record.month.month}月"
    due = working_days().add(clock.now(), ANSWER_DAYS)
    with override("zh-hans"):
        words = {
            "campaign": campaign.zh,
            "month": month,
            "unit": filler.name,
            "due": f"{clock.day_of(record.hand_in_by):%Y-%m-%d}",
        }
        if record.state in WRITING:
            matter = _("Monthly return of “%(campaign)s” for %(month)s") % words
            facts = _("The return was due on %(due)s; to this day it was not handed in as it should be.") % words
            demands = _("Fill in and hand in the return of %(month)s at once, and say why it is late.") % words
        else:
            matter = _("Review of the monthly return of %(unit)s for %(month)s") % words
            facts = _("The return of %(unit)s was handed in; to this day its review is not finished.") % words
            demands = _("Review the return panel by panel at once: accept it, or send it back with the reason.") % words
        fields = {
            "matter": matter,
            "level": "city" if record.territory % 100_000_000 == 0 else "county",
            "facts": facts,
            "demands": demands,
            "due": f"{clock.day_of(due):%Y-%m-%d}",
            "feedback": _("Report back on the platform, at the return itself."),
        }
    return draft(
        actor=actor,
        kind=KIND,
        unit=unit.pk,
        fields=fields,
        source=("monthly_return", record.pk, f"{record.month:%Y-%m} {filler.name}"[:60]),
        region=record.territory,
        rung=level,
    )
