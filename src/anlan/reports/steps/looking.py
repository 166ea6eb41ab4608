"""The unit on the spot: found true, found unfounded; and what the platform is told when the hazard is settled."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anlan.files.drawing import drawn
from anlan.kernel import clock, scope
from anlan.kernel.errors import Invalid
from anlan.kernel.flow import Taking
from anlan.kernel.ids import new_id
from anlan.registry.models import Enterprise
from anlan.reports import needs
from anlan.reports.events import ReportVerified
from anlan.reports.models import Check, Report, ReportPhoto
from anlan.reports.steps.evidence import bring_photos
from anlan.reports.steps.submitting import place_in_field
from anlan.reports.steps.trail import add_leg


def verify(taking: Taking) -> None:
    """True: the hazard is made in the same transaction, by whoever hears of it."""
    data: needs.Verify = taking.data
    report: Report = taking.record
    first_day = clock.day_of(report.reported_at)
    if not first_day <= data.on <= clock.today():
        raise Invalid(fields={"on": [_("Between the day of the report and today.")]})
    place_in_field(report, data.industry)
    report.enterprise_id = _enterprise(data, report)
    report.outcome, report.verified_at, report.reason = "verified", taking.at, ""
    _looked(taking, "verified", data.words, data.on)
    bring_photos(taking, data.photos, phase="check")
    # A hazard's evidence is pictures: films, and what could not be opened, stay with the report.
    sent = ReportPhoto.objects.filter(report_id=report.pk, phase="report").order_by("at", "id")
    photos = tuple(drawn([*sent.values_list("file_id", flat=True), *data.photos]))
    event = ReportVerified(report=report, actor=taking.actor, data=data, photos=photos)
    event.emit()
    if event.settled.hazard_id is not None:
        report.hazard_id, report.hazard_number = event.settled.hazard_id, event.settled.number
        taking.notes["hazard"] = event.settled.number
        taking.notes["joined"] = event.settled.joined


def _enterprise(data: needs.Verify, report: Report) -> UUID | None:
    if data.enterprise is None:
        return None
    with scope.elevated("the enterprise may be supervised in another field"):
        found = Enterprise.objects.filter(
            pk=data.enterprise, region__gte=report.county, region__lt=report.county + 1_000_000
        )
        if not found.exists():
            raise Invalid(fields={"enterprise": [_("There is no such enterprise in this county.")]})
    return data.enterprise


def _looked(taking: Taking, result: str, words: str, on: date) -> None:
    report: Report = taking.record
    report.checker_id = taking.actor.person
    check = Check(
        id=new_id(),
        report_id=report.pk,
        result=result,
        words=words,
        on=on,
        by_name=taking.actor.name,
        by_post=taking.actor.post_label[:120],
        at=taking.at,
    )
    taking.later.append(lambda: Check.objects.bulk_create([check]))


def unfounded(taking: Taking) -> None:
    data: needs.Unfounded = taking.data
    report: Report = taking.record
    report.outcome, report.reason, report.handled_at = "unfounded", data.reason, taking.at
    _looked(taking, "unfounded", data.words, clock.day_of(taking.at))
    bring_photos(taking, data.photos, phase="check")


def handle(taking: Taking) -> None:
    """Its hazard is settled. One that was not recognised in the end was none: the report did not prove true."""
    taking.record.handled_at = taking.at
    if not taking.data.stands:
        taking.record.outcome = "unfounded"
    if taking.data.words:
        taking.record.reason = taking.data.words


def tie(taking: Taking) -> None:
    """Its hazard gave way to another one, which it follows from now on."""
    taking.record.hazard_id, taking.record.hazard_number = taking.data.hazard, taking.data.number


def come_back(taking: Taking) -> None:
    """Its hazard is open again before the office has reviewed the report: no answer leaves that says it was settled."""
    report: Report = taking.record
    report.reopened += 1
    report.handled_at, report.reason = None, ""


def send_again(taking: Taking) -> str:
    """The review was not passed: the unit looks again, or, where none had looked, the desk."""
    report: Report = taking.record
    looked = report.outcome in ("verified", "unfounded")
    report.reopened += 1
    report.outcome, report.reason, report.duplicate_of_id = "", "", None
    report.handled_at = report.verified_at = None
    taking.restart = True
    if not looked:
        return "screened"
    add_leg(taking, "again", taking.data.reason)
    return "dispatched"
