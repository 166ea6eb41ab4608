"""What a city may set about instruments and cases: days, thresholds, whom a waiting one tells. Defaults carry basis and mark."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from anlan.enforcement.kinds import Kind, kinds
from anlan.enforcement.models import Case, Instrument
from anlan.kernel import clock
from anlan.kernel.calendar import working_days
from anlan.kernel.citysettings import declare, value
from anlan.kernel.flow import Rung
from anlan.kernel.papers.measure import chinese_number
from anlan.kernel.rulings import days, ladder_to, rungs, whole

PENALTY_LAW = "《中华人民共和国行政处罚法》（2021）"
RECIPIENTS = {
    "waited_for": _("whom it waits for"),
    "drafter": _("who drafted it"),
    "office": _("the committee office"),
}
calendar_days = whole(1, 365, _("A number of days of the calendar from 1 to 365."))

REVIEW = declare(key="enforcement.days.review", label=_("Instruments: days to review a draft"), default=2, check=days)
APPROVE = declare(
    key="enforcement.days.approve", label=_("Instruments: days to approve what was reviewed"), default=2, check=days
)
NUMBER = declare(
    key="enforcement.days.number",
    label=_("Instruments: days to number and seal what was approved"),
    default=1,
    check=days,
)
SERVE = declare(
    key="enforcement.days.serve",
    label=_("Instruments: days to serve, where the kind does not say"),
    default=7,
    check=days,
    basis=f"{PENALTY_LAW}第六十一条",
    evidence="V",
)
FILE = declare(
    key="enforcement.days.file",
    label=_("Instruments: days to file what was answered or needs no answer"),
    default=10,
    check=days,
)
ANNOUNCED = declare(
    key="enforcement.days.announced",
    label=_("Instruments: days of the calendar after which an announcement counts as service"),
    default=30,
    check=calendar_days,
    basis="《中华人民共和国民事诉讼法》公告送达",
)
DECIDE = declare(
    key="enforcement.case.decide",
    label=_("Penalties: days of the calendar from filing a case to its decision"),
    default=90,
    check=calendar_days,
    basis=f"{PENALTY_LAW}第六十条",
    evidence="V",
)
HEARING_NOTICE = declare(
    key="enforcement.case.hearing_notice",
    label=_("Penalties: days between the notice of a hearing and the hearing"),
    default=7,
    check=days,
    basis=f"{PENALTY_LAW}第六十四条",
    evidence="V",
)
HEARING_FINE = declare(
    key="enforcement.case.hearing_fine_fen",
    label=_("Penalties: fine from which an enterprise may ask for a hearing (fen)"),
    default=10_000_000,
    check=whole(0, 100_000_000_00),
    basis=f"{PENALTY_LAW}第六十三条；数额由地方规定",
)
PAY = declare(
    key="enforcement.case.pay",
    label=_("Penalties: days of the calendar to pay a fine"),
    default=15,
    check=calendar_days,
    basis=f"{PENALTY_LAW}第六十七条",
)
SURCHARGE = declare(
    key="enforcement.case.surcharge_permille",
    label=_("Penalties: surcharge a day on what is unpaid (‰), at most as much as the fine"),
    default=30,
    check=whole(0, 100),
    basis=f"{PENALTY_LAW}第七十二条",
    evidence="V",
)
REVIEW_DAYS = declare(
    key="enforcement.remedy.review",
    label=_("Remedies: days of the calendar in which review may be asked for"),
    default=60,
    check=calendar_days,
    basis="《中华人民共和国行政复议法》（2023）第二十条；决定书写明期限：《中华人民共和国行政处罚法》（2021）第五十九条",
)
SUE_MONTHS = declare(
    key="enforcement.remedy.sue",
    label=_("Remedies: months in which one may sue"),
    default=6,
    check=whole(1, 24),
    basis="《中华人民共和国行政诉讼法》（2017）第四十六条；决定书写明期限：《中华人民共和国行政处罚法》（2021）第五十九条",
)
LADDER = declare(
    key="enforcement.ladder",
    label=_("Reminders: an instrument that waits"),
    default=[{"days": -1, "to": "waited_for"}, {"days": 0, "to": "waited_for"}, {"days": 3, "to": "office"}],
    check=ladder_to(RECIPIENTS),
    choices=tuple(RECIPIENTS.items()),
)
CASE_LADDER = declare(
    key="enforcement.ladder.case",
    label=_("Reminders: a case of penalty that waits"),
    default=[{"days": -10, "to": "waited_for"}, {"days": -3, "to": "waited_for"}, {"days": 0, "to": "office"}],
    check=ladder_to(RECIPIENTS),
    choices=tuple(RECIPIENTS.items()),
)


def kind_of(instrument: Instrument) -> Kind:
    return kinds()[instrument.kind]


def due(instrument: Instrument) -> datetime | None:
    """When what an instrument waits for now is due."""
    kind, region, since = kind_of(instrument), instrument.region, instrument.state_since
    add = working_days().add
    match instrument.state:
        case "drafted" | "returned":
            return add(since, value(REVIEW.key, region))
        case "reviewed":
            return add(since, value(APPROVE.key, region))
        case "approved":
            return add(since, value(NUMBER.key, region))
        case "numbered":
            return add(since, kind.serve_days or value(SERVE.key, region))
        case "served" if instrument.answer_due:
            return clock.end_of(instrument.answer_due)
        case "served" | "answered":
            return add(since, value(FILE.key, region))
    return None


def answer_due(instrument: Instrument, served: date) -> date | None:
    """The day by which an answer is owed: the one the instrument names, else working days after its service."""
    kind = kind_of(instrument)
    if kind.answer_field and (said := instrument.fields.get(kind.answer_field)):
        return max(date.fromisoformat(said), served)
    if kind.answer_days is None:
        return None
    return clock.day_of(working_days().add(clock.end_of(served), kind.answer_days))


def remedies(region: int) -> dict[str, str]:
    """The times in which review is asked for and suit is brought, as an instrument writes them: 六十日, 六个月."""
    days, months = value(REVIEW_DAYS.key, region), value(SUE_MONTHS.key, region)
    return {"review_time": f"{chinese_number(days)}日", "sue_time": f"{chinese_number(months)}个月"}


def ladder(instrument: Instrument) -> list[Rung]:
    return rungs(value(LADDER.key, instrument.region))


def recipients_of(instrument: Instrument, level: int) -> str:
    return str(value(LADDER.key, instrument.region)[level - 1]["to"])


def decide_by(filed: date, region: int) -> date:
    return filed + timedelta(days=value(DECIDE.key, region))


def pay_by(served: date, region: int) -> date:
    return served + timedelta(days=value(PAY.key, region))


def surcharge_fen(fine_fen: int, pay_by: date, paid_on: date, region: int) -> int:
    """Fen owed beside the fine when it is paid late: a share a day, never more than the fine itself."""
    late = max((paid_on - pay_by).days, 0)
    return min(fine_fen, fine_fen * value(SURCHARGE.key, region) * late // 1000)


def case_due(case: Case) -> datetime | None:
    match case.state:
        case "investigated" | "notified":
            return clock.end_of(case.decide_by)
        case "decided" if case.pay_by:
            return clock.end_of(case.pay_by)
        case "performed":
            return working_days().add(case.state_since, value(FILE.key, case.region))
    return None


def case_ladder(case: Case) -> list[Rung]:
    return rungs(value(CASE_LADDER.key, case.region))


def case_recipients_of(case: Case, level: int) -> str:
    return str(value(CASE_LADDER.key, case.region)[level - 1]["to"])
