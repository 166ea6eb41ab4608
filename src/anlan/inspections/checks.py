"""The numbered rules of visits; each message is what the user reads. What is typed wrong is said by the steps at its field."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.inspections import rulings
from anlan.inspections.arrival import arrival, arrival_day, judged_on, told_in
from anlan.inspections.cap import one_at_a_time, used_up
from anlan.inspections.members import avoiding, holding, lacking
from anlan.inspections.models import Answer, Finding, OnSite, Visit, VisitSignature
from anlan.inspections.rules import members_of
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.citysettings import value
from anlan.kernel.flow import Check


class Announced(Check):
    """Only a visit of the style “notified” is told to the enterprise beforehand."""

    message = _("This visit is made unannounced: the enterprise learns nothing before the arrival.")

    def holds(self, record: Visit, actor: Actor, data: Any) -> bool:
        return record.style == "notified"


class HeldBack(Check):
    message = _("This visit is announced: notify the enterprise instead.")

    def holds(self, record: Visit, actor: Actor, data: Any) -> bool:
        return record.style != "notified"


class ArrivedInTime(Check):
    """What a phone says of the past is taken only as far as the platform knows that the visit could be made then."""

    message = _("The noted arrival lies before this visit could begin, or too many days back. Arrive again now.")

    def holds(self, record: Visit, actor: Actor, data: Any) -> bool:
        now = clock.now()
        moment = arrival(record, actor, now, told_in(data))
        return record.state_since <= moment >= now - timedelta(days=value(rulings.ARRIVED_BACK.key, record.region))


class OnItsDays(Check):
    """A visit begins on the days it was planned for; another day is planned first."""

    message = _("Today is not a day this visit is planned for: change the day first.")

    def holds(self, record: Visit, actor: Actor, data: Any) -> bool:
        last = record.planned_to or record.planned_on
        grace = timedelta(days=value(rulings.GRACE.key, record.region))
        return bool(record.planned_on <= arrival_day(record, actor, data) <= last + grace)

    def words(self, record: Visit) -> Any:
        return _("This visit is planned for %(first)s to %(last)s, not for %(day)s: change the day first.") % {
            "first": record.planned_on.isoformat(),
            "last": (record.planned_to or record.planned_on).isoformat(),
            "day": judged_on(record).isoformat(),
        }


class WithinCap(Check):
    """The cap is judged again by the year in which the visit begins."""

    message = _("The inspections of this year are used up.")

    def holds(self, record: Visit, actor: Actor, data: Any) -> bool:
        if data is not None:
            one_at_a_time(record.enterprise_id)
        return not used_up(record, arrival_day(record, actor, data).year)

    def words(self, record: Visit) -> Any:
        return _("The inspections of %(year)s are used up: plan another visit with its exception.") % {
            "year": judged_on(record).year
        }


class CertificatesHold(Check):
    """An administrative inspection begins only with enough officers whose certificates hold on the day of arrival."""

    message = _("Not enough of the officers hold a certificate today.")

    def holds(self, record: Visit, actor: Actor, data: Any) -> bool:
        if record.kind != "administrative":
            return True
        people = [one.person for one in members_of(record) if one.role in ("leader", "officer")]
        held = holding(people, industry_bit=record.industry_bit, day=arrival_day(record, actor, data))
        return len(held) >= value(rulings.OFFICERS.key, record.region)

    def words(self, record: Visit) -> Any:
        going = [one for one in members_of(record) if one.role in ("leader", "officer")]
        held = holding((one.person for one in going), industry_bit=record.industry_bit, day=judged_on(record))
        without = [one.name for one in going if one.person not in held]
        return lacking(value(rulings.OFFICERS.key, record.region), without)


class NobodyKeepsAway(Check):
    """A reason to keep away that came up after the assignment stops the arrival too."""

    message = _("Somebody who goes must keep away from this enterprise: name somebody else first.")

    def holds(self, record: Visit, actor: Actor, data: Any) -> bool:
        people = [one.person for one in members_of(record)]
        return not avoiding(people, record.enterprise_id, arrival_day(record, actor, data))


class NothingFoundYet(Check):
    """A visit that found something is recorded, not cancelled."""

    message = _("Something was answered, found or ordered on this visit already: record it instead.")

    def holds(self, record: Visit, actor: Actor, data: Any) -> bool:
        if record.state != "under_way":
            return True
        done = (Finding.objects.filter(withdrawn=""), Answer.objects.all(), OnSite.objects.all())
        return not any(rows.filter(visit_id=record.pk).exists() for rows in done)


class EnterpriseNotSigned(Check):
    """What the enterprise signed or refused stands; a mistake in it is put right by another visit."""

    message = _("The enterprise has signed or refused already: the record stands.")

    def holds(self, record: Visit, actor: Actor, data: Any) -> bool:
        rows = VisitSignature.objects.filter(visit_id=record.pk, party="enterprise", round=record.round)
        return not rows.filter(digest=record.record_digest).exists()
