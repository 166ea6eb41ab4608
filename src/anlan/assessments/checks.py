"""The assessments' numbered rules; each message is what the user reads."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.assessments.cards import card_of
from anlan.assessments.models import Assessment, ItemScore
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.flow import Check
from anlan.kernel.phrases import listed


def unscored(record: Assessment) -> list[str]:
    """Items by hand for which the unit gave no points."""
    return _without(record, "self_points")


def unchecked(record: Assessment) -> list[str]:
    """Items by hand that nobody of the office checked."""
    return _without(record, "check_points")


def _without(record: Assessment, column: str) -> list[str]:
    rows = ItemScore.objects.filter(assessment=record, **{f"{column}__isnull": False})
    have = set(rows.values_list("item", flat=True))
    return [item.label for item in card_of(record).items.values() if item.way == "hand" and item.code not in have]


def _named(items: list[str]) -> str:
    return listed([f"“{one}”" for one in items[:3]]) + ("…" if len(items) > 3 else "")


class AllScored(Check):
    message = _("Every item that is scored by hand needs a self-score.")

    def holds(self, record: Assessment, actor: Actor, data: Any) -> bool:
        return not unscored(record)

    def words(self, record: Assessment) -> Any:
        return _("No self-score yet: %(items)s.") % {"items": _named(unscored(record))}


class AllChecked(Check):
    message = _("Every item that is scored by hand needs a check-score.")

    def holds(self, record: Assessment, actor: Actor, data: Any) -> bool:
        return not unchecked(record)

    def words(self, record: Assessment) -> Any:
        return _("No check-score yet: %(items)s.") % {"items": _named(unchecked(record))}


class SelfScoreIsOver(Check):
    """The office goes on without a self-score only when its time has passed."""

    message = _("The unit still has time to score itself.")

    def holds(self, record: Assessment, actor: Actor, data: Any) -> bool:
        return clock.today() > record.self_by


class TimeIsOver(Check):
    """Figures are not complete before the last day that counts is over."""

    message = _("The time that counts has not ended: its figures are frozen only afterwards.")

    def holds(self, record: Assessment, actor: Actor, data: Any) -> bool:
        return clock.today() > record.counts_until


class NotSelfScorer(Check):
    """Separation of duties: whoever scored, answered or appealed for the unit neither checks nor decides, in whatever post."""

    message = _("You acted for this unit in its assessment, so somebody else must do this.")

    def holds(self, record: Assessment, actor: Actor, data: Any) -> bool:
        own = record.self_person_id is not None and record.self_person_id == actor.person
        return not own and str(actor.person) not in record.unit_ids


class NotOfTheOffice(Check):
    """The same the other way round: nobody who checked speaks for the unit, in whatever post."""

    message = _("You checked this unit's scores, so somebody else must speak for it.")

    def holds(self, record: Assessment, actor: Actor, data: Any) -> bool:
        return str(actor.person) not in record.checker_ids


class NotChecker(Check):
    """Separation of duties: whoever checked does not decide."""

    message = _("You checked these scores, so somebody else must decide.")

    def holds(self, record: Assessment, actor: Actor, data: Any) -> bool:
        return str(actor.person) not in record.checker_ids


class AppealIsOpen(Check):
    message = _("The time to appeal has passed.")

    def holds(self, record: Assessment, actor: Actor, data: Any) -> bool:
        return record.appeal_by is None or clock.today() <= record.appeal_by


class NotAgreed(Check):
    message = _("The unit said that it has no objection.")

    def holds(self, record: Assessment, actor: Actor, data: Any) -> bool:
        return record.agreed_at is None


class HeardOrOver(Check):
    """Nothing is decided over the unit's head: it appealed, agreed, or let the time pass."""

    message = _("The unit may still appeal. Decide when it has agreed or the time has passed.")

    def holds(self, record: Assessment, actor: Actor, data: Any) -> bool:
        if record.state == "appealed" or record.agreed_at is not None:
            return True
        return record.appeal_by is not None and clock.today() > record.appeal_by
