"""The numbered rules of visits; each message is what the user reads. What is typed wrong is said by the steps at its field."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.inspections import rulings
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


class CertificatesHold(Check):
    """An administrative inspection begins only with enough officers whose certificates hold today."""

    message = _("Not enough of the officers hold a certificate today.")

    def holds(self, record: Visit, actor: Actor, data: Any) -> bool:
        return record.kind != "administrative" or self._held(record) >= value(rulings.OFFICERS.key, record.region)

    def _held(self, record: Visit) -> int:
        people = [one.person for one in members_of(record) if one.role in ("leader", "officer")]
        return len(holding(people, industry_bit=record.industry_bit, day=clock.today()))

    def words(self, record: Visit) -> Any:
        going = [one for one in members_of(record) if one.role in ("leader", "officer")]
        held = holding((one.person for one in going), industry_bit=record.industry_bit, day=clock.today())
        without = [one.name for one in going if one.person not in held]
        return lacking(value(rulings.OFFICERS.key, record.region), without)


class NobodyKeepsAway(Check):
    """A reason to keep away that came up after the assignment stops the arrival too."""

    message = _("Somebody who goes must keep away from this enterprise: name somebody else first.")

    def holds(self, record: Visit, actor: Actor, data: Any) -> bool:
        return not avoiding((one.person for one in members_of(record)), record.enterprise_id, clock.today())


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
