"""What is heard from upstream: accounts that become one, accounts that end, photos that were drawn."""

from django.utils.translation import gettext_lazy as _

from anlan.files.events import PhotoDrawn
from anlan.identity.citizens import tell
from anlan.identity.events import CitizenLeaves, CitizensMerged, Keepsake
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import Conflict
from anlan.kernel.events import hears
from anlan.reports import beside, claims
from anlan.reports.models import Report, ReportPhoto, Seal
from anlan.reports.states import OPEN


@hears(CitizensMerged)
def bring_seals(event: CitizensMerged) -> None:
    """What either reported, the one account follows; of a report that both have sealed, the seal of whoever sent it counts."""
    with scope.acting(SYSTEM):
        theirs = Seal.objects.filter(person_id=event.gone)
        mine = {one.report_id: one for one in Seal.objects.filter(person_id=event.kept)}
        twice = [(mine[one.report_id], one) for one in theirs if one.report_id in mine]
        spare = [kept if gone.first and not kept.first else gone for kept, gone in twice]
        Seal.objects.filter(pk__in=[one.pk for one in spare]).update(
            person_id=None, name="", phone="", employee_of=None
        )
        theirs.update(person_id=event.kept)


@hears(CitizenLeaves)
def let_go(event: CitizenLeaves) -> None:
    """Their reports stay, without anybody. What one of them earned, or may still earn, is opened by a claim code from now on."""
    with scope.acting(SYSTEM):
        seals = list(Seal.objects.select_related("report").filter(person_id=event.person).order_by("at", "id"))
        owed = beside.owed(seal.pk for seal in seals)
        if owed and event.idle:
            raise Conflict(_("A reward of this account is not settled yet."), code="report.owed")
        for seal in seals:
            if seal.pk in owed or (seal.first and seal.place == 0 and seal.report.state in OPEN):
                code = claims.give_code(seal)
                event.keepsakes.append(Keepsake(number=seal.report.number, code=code))
                if seal.pk in owed:
                    tell(
                        person=event.person, template="report.code", facts={"number": seal.report.number, "code": code}
                    )
        Seal.objects.filter(person_id=event.person).update(person_id=None, name="", phone="", employee_of=None)


@hears(PhotoDrawn)
def learn_likeness(event: PhotoDrawn) -> None:
    """What a report's photo looks like, as soon as it is known. A shown one comes onto the plaza with it, by the plaza's own trigger."""
    file = event.file
    if file.subject_type != "report" or file.subject_id is None or file.likeness is None:
        return
    with scope.elevated("a report learns what its photos look like, whoever sent them"):
        # The report first, as every step does, so that the two never wait for each other.
        Report.objects.select_for_update(of=("self",)).filter(pk=file.subject_id).first()
        ReportPhoto.objects.filter(file_id=file.pk, likeness=None).update(likeness=file.likeness)
