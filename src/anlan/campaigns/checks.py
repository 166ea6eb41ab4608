"""The returns' numbered rules; each message is what the user reads."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.campaigns.models import Return
from anlan.campaigns.returns.kept import digest
from anlan.campaigns.versions import checker_for
from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.flow import Check
from anlan.kernel.models import Entry

WRITES = ("save", "hand_in")


def asked_panels(record: Return) -> list[str]:
    return [panel.code for panel in checker_for(record.template_id).template.asked_of(record.filler)]


def unconfirmed(record: Return) -> list[str]:
    """Panels that nobody looked at since it was handed in last."""
    seen = set(record.confirmations.filter(round=record.round).values_list("panel", flat=True))
    return [code for code in asked_panels(record) if code not in seen]


class NotFiller(Check):
    """Separation of duties: whoever wrote in it or handed it in does not review it, whatever post they hold now."""

    message = _("You wrote in this return or handed it in, so somebody else must review it.")

    def holds(self, record: Return, actor: Actor, data: Any) -> bool:
        if actor.person is None:
            return True
        if record.filler_person_id == actor.person:
            return False
        with scope.elevated("who wrote in a return is asked of the ledger, wherever the reader looks from"):
            wrote = Entry.objects.filter(subject_id=record.pk, person_id=actor.person, step__in=WRITES)
            return not wrote.exists()


class PanelIsAsked(Check):
    message = _("This unit is not asked that panel.")

    def holds(self, record: Return, actor: Actor, data: Any) -> bool:
        return data is None or data.panel in asked_panels(record)


class PanelNotConfirmed(Check):
    message = _("This panel was confirmed already.")

    def holds(self, record: Return, actor: Actor, data: Any) -> bool:
        return data is None or data.panel in unconfirmed(record)


class PanelAsSeen(Check):
    """Who confirms vouches for what was shown: nobody can name its digest who did not fetch the panel."""

    message = _("This panel is no longer what you saw. Look at it again.")

    def holds(self, record: Return, actor: Actor, data: Any) -> bool:
        return data is None or data.seen == digest(record.values, data.panel)


class AllConfirmed(Check):
    """A reviewer must look: approval without reading is what the campaign's bulletin complained of."""

    message = _("Every panel must be looked at and confirmed before the return is accepted.")

    def holds(self, record: Return, actor: Actor, data: Any) -> bool:
        return not unconfirmed(record)

    def words(self, record: Return) -> Any:
        template = checker_for(record.template_id).template
        left = "、".join(template.panel(code).label for code in unconfirmed(record))
        return _("Not looked at yet: %(panels)s. Confirm each panel, or send the return back.") % {"panels": left}


class PanelsAreAsked(Check):
    message = _("This unit is not asked one of these panels.")

    def holds(self, record: Return, actor: Actor, data: Any) -> bool:
        return data is None or set(data.panels) <= set(asked_panels(record))


class NoneBelowWaits(Check):
    """What counts into it must not change any more."""

    message = _("Returns of units below still wait to be reviewed; their figures count into this one.")

    def holds(self, record: Return, actor: Actor, data: Any) -> bool:
        below = Return.objects.filter(campaign_id=record.campaign_id, reviewer_id=record.unit_id, month=record.month)
        return not below.filter(state="passed").exists()
