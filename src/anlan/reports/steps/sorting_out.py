"""The desk: look at it, make its public version, send it on, take it back, find it the same as another, decline it."""

from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from anlan.identity.models import Organisation, Region
from anlan.kernel import scope
from anlan.kernel.codes import subtree
from anlan.kernel.errors import Conflict, Invalid
from anlan.kernel.flow import Taking
from anlan.kernel.numbering import county_of
from anlan.registry.queries.places import region_names
from anlan.reports import needs, redaction
from anlan.reports.models import Hold, Report, ReportPhoto, Rule
from anlan.reports.steps.submitting import file_under, place_in_field, unit_of
from anlan.reports.steps.trail import add_leg


def screen(taking: Taking) -> None:
    """A person looked: its kind, its field, and what the public reads of it."""
    data: needs.Screen = taking.data
    report: Report = taking.record
    if data.region is not None and data.region != report.region:
        _move(taking, data.region)
    file_under(report, data.category)
    if data.industry:
        place_in_field(report, data.industry)
    edit_public(taking)


def _move(taking: Taking, region: int) -> None:
    """Its place was named wrongly: to another region of the same territory. Its number stays."""
    report: Report = taking.record
    if not taking.actor.covers(region):
        raise Invalid(fields={"region": [_("This place is outside your territory.")]})
    if not Region.objects.filter(code=region).exists():
        raise Invalid(fields={"region": [_("There is no such region.")]})
    report.region, report.county = region, county_of(region)


def edit_public(taking: Taking) -> None:
    data: needs.PublicVersion = taking.data
    report: Report = taking.record
    report.public_words = data.public_words or redaction.redacted(report.words)
    report.public_place = data.public_place or place_words(report)
    report.public = data.public
    release(taking, kept=not data.public)
    wanted = set(data.shown)

    def show() -> None:
        photos = {one.pk: one for one in ReportPhoto.objects.filter(report_id=report.pk)}
        if wanted - set(photos):
            raise Invalid(fields={"shown": [_("Choose photos of this report.")]})
        ReportPhoto.objects.filter(report_id=report.pk).update(shown=False)
        ReportPhoto.objects.filter(pk__in=wanted).update(shown=True)

    taking.later.append(show)


def release(taking: Taking, *, kept: bool) -> None:
    """What a check put aside was looked at by a person now."""
    report: Report = taking.record
    if not report.held or taking.actor.is_system:
        return
    report.held = False
    by = f"{taking.actor.post_label} {taking.actor.name}".strip()[:60]
    state = "kept" if kept else "released"
    waiting = Hold.objects.filter(report_id=report.pk, state="waiting")
    taking.later.append(lambda: waiting.update(state=state, settled_by=by, settled_at=taking.at))


def place_words(report: Report) -> str:
    """What the public reads of a place when nobody wrote it: its region alone."""
    return region_names([report.region])[report.region][:200]


def dispatch(taking: Taking) -> None:
    data: needs.Dispatch = taking.data
    report: Report = taking.record
    unit = unit_of(data.unit)
    if not _reaches(unit, report.region):
        raise Invalid(fields={"unit": [_("This unit has no powers in this region.")]})
    if data.category:
        file_under(report, data.category)
    if data.industry:
        place_in_field(report, data.industry)
    rule = _rule(data)
    if not taking.actor.is_system and report.state == "submitted":
        _publish(taking)
    report.unit_id = unit.pk
    report.checker_id = None
    taking.notes["unit_name"] = unit.name
    taking.restart = True
    add_leg(taking, data.way, data.remark, rule_id=rule, confidence=data.confidence)


def _publish(taking: Taking) -> None:
    """
    Sent on by a person who looked, without screening first: the public reads its words without numbers and plates.

    What a check put aside waits for whoever edits its public version; what somebody decided already stands.
    """
    report: Report = taking.record
    if report.held or report.decided:
        return
    report.public_words, report.public_place = redaction.redacted(report.words), place_words(report)
    report.public = True


def _rule(data: needs.Dispatch) -> UUID | None:
    if data.rule is None:
        return None
    with scope.elevated("a rule of a higher territory may have sent it"):
        if not Rule.objects.filter(pk=data.rule).exists():
            raise Invalid(fields={"rule": [_("There is no such rule.")]})
    return data.rule


def _reaches(unit: Organisation, region: int) -> bool:
    low, high = subtree(unit.region)
    return low <= region < high or county_of(region) == county_of(unit.region)


def send_back(taking: Taking) -> None:
    """The unit stays named until another one has it, so that its people see what they did."""
    data: needs.SendBack = taking.data
    report: Report = taking.record
    if report.unit_id is None:
        raise Conflict
    report.returns += 1
    add_leg(taking, "returned", data.reason)


def duplicate(taking: Taking) -> None:
    """It follows another report from now on; so does whoever sent it, and what already followed it."""
    data: needs.Duplicate = taking.data
    report: Report = taking.record
    other = Report.objects.filter(pk=data.of).exclude(pk=report.pk).first()
    if other is None or other.outcome == "duplicate":
        raise Invalid(fields={"of": [_("Choose another report that you may see.")]})
    report.outcome, report.duplicate_of_id = "duplicate", other.pk
    with override(settings.LANGUAGE_CODE):  # the reporter reads it, whoever wrote it
        report.reason = str(_("The same was reported before; that report is followed for both."))
    report.handled_at, report.checker_id = taking.at, taking.actor.person
    taking.notes["of_number"] = other.number


def decline(taking: Taking) -> None:
    report: Report = taking.record
    report.outcome, report.reason, report.handled_at = "declined", taking.data.reason, taking.at
    report.checker_id = taking.actor.person
