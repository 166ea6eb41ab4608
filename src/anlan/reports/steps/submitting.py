"""A report comes in: what was seen and where, its seal, and what was put aside for a person."""

from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anlan.identity import roles
from anlan.identity.models import Organisation
from anlan.kernel import clock, geo, scope
from anlan.kernel.citysettings import value
from anlan.kernel.errors import Invalid
from anlan.kernel.flow import Taking
from anlan.kernel.ids import new_id
from anlan.kernel.numbering import county_of, next_number
from anlan.registry.models import Enterprise, Industry
from anlan.reports import needs, places, rulings, seals, sorter
from anlan.reports.models import Category, Hold, Report
from anlan.reports.steps.evidence import bring_photos

PREFIX = "SP"
SEALED = {"name", "phone", "joint", "employee_of"}
"""What the entry of a submission leaves out: it stands in the seal."""


def prepare(data: needs.Submit) -> Report:
    """An unsaved report placed in its region, as the permission check needs it."""
    report = Report(id=new_id(), channel=data.channel, words=data.words)
    place(report, data)
    return report


def place(report: Report, data: needs.Submit) -> None:
    """Rounded as stored, so that the ledger and the row say the same."""
    lon = lat = None
    if data.lon is not None and data.lat is not None:
        report.original_lon, report.original_lat = micro(data.lon), micro(data.lat)
        report.original_system = data.crs
        lon, lat = geo.to_wgs84(float(data.lon), float(data.lat), data.crs)
        report.lon, report.lat = micro(lon), micro(lat)
    report.region = places.region_of(lon=lon, lat=lat, address=data.address, given=data.region)
    report.county = county_of(report.region)


def micro(degrees: float | Decimal) -> Decimal:
    return round(Decimal(str(degrees)), 6)


def check_sender(report: Report, data: needs.Submit, role: str) -> None:
    """What this door may carry in."""
    wrong: dict[str, list[object]] = {}
    if role == roles.CITIZEN and (data.name or data.phone):
        wrong["name"] = [_("Your name and phone are those of your account.")]
    if data.anonymous and not value(rulings.ANONYMOUS.key, report.region):
        wrong["anonymous"] = [_("This city takes no reports without a name.")]
    if role == roles.CITIZEN and data.channel not in ("web", "miniprogram"):
        wrong["channel"] = [_("Choose one of the list.")]
    if wrong:
        raise Invalid(fields=wrong)


def submit(taking: Taking) -> None:
    data: needs.Submit = taking.data
    report: Report = taking.record
    report.address, report.accuracy_m = data.address, data.accuracy_m
    report.anonymous = data.anonymous
    report.reported_at = taking.at
    report.client_at = data.client_at if data.client_at and data.client_at <= taking.at else None
    report.public = False  # until a person looked at it
    if data.category:
        file_under(report, data.category)
    if data.wished_unit:
        report.wished_unit_id = unit_of(data.wished_unit, field="wished_unit").pk
    if data.employee_of:
        check_employer(data.employee_of)
    report.urgent = sorter.urgent_word(data.words)
    doubtful = sorter.doubtful_word(data.words)
    report.held = bool(doubtful)
    report.suggested = sorter.suggest(report)
    taking.withheld |= SEALED
    made = seals.seals_for(report, data, taking.actor, taking.at)
    taking.notes["seal"] = [one.digest for one in made]
    taking.later.append(lambda: seals.keep(made))
    bring_photos(taking, data.photos, phase="report")
    if doubtful:
        hold = Hold(id=new_id(), report_id=report.pk, engine="words", label=doubtful, at=taking.at)
        taking.later.append(lambda: _keep_hold(hold))
    # Last: the county's counter is held until the transaction ends.
    report.number = next_number(PREFIX, "report", region=report.region, year=clock.day_of(taking.at).year)


def _keep_hold(hold: Hold) -> None:
    with scope.elevated("a report without a name is not in its own sender's sight"):
        hold.save(force_insert=True)


def file_under(report: Report, code: str, *, field: str = "category") -> None:
    """Its kind, and with it the supervision field that kind belongs to unless it has one."""
    category = Category.objects.filter(pk=code, active=True).first()
    if category is None:
        raise Invalid(fields={field: [_("Choose one of the list.")]})
    report.category_id = category.pk
    if report.industry_id is None and category.industry_id:
        place_in_field(report, category.industry_id)


def place_in_field(report: Report, code: str) -> None:
    industry = Industry.objects.filter(pk=code, active=True).first()
    if industry is None:
        raise Invalid(fields={"industry": [_("Choose one of the list.")]})
    report.industry_id, report.industry_bit = industry.pk, industry.bit


def check_employer(chosen: UUID) -> None:
    with scope.elevated("a reporter may work beyond what is in their sight"):
        if not Enterprise.objects.filter(pk=chosen).exists():
            raise Invalid(fields={"employee_of": [_("There is no such enterprise.")]})


def unit_of(chosen: UUID, *, field: str = "unit") -> Organisation:
    """A body that can receive reports: it exists, works, and is no enterprise."""
    with scope.elevated("a unit of a higher territory may receive a report too"):
        found = Organisation.objects.filter(pk=chosen, active=True).exclude(kind="enterprise").first()
    if found is None:
        raise Invalid(fields={field: [_("There is no such unit.")]})
    return found
