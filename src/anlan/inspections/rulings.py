"""The rules of visits that a city may set: who may inspect, how often, how long, who signs. Defaults carry their evidence mark."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from anlan.identity.models import Organisation
from anlan.inspections.models import Visit
from anlan.inspections.models.parts import VisitSignature
from anlan.inspections.states import BEFORE
from anlan.kernel.calendar import working_days
from anlan.kernel.citysettings import declare, value
from anlan.kernel.clock import end_of
from anlan.kernel.flow import Rung
from anlan.kernel.rulings import days, ladder_to, rungs, some_of, whole

MOST_A_YEAR = 366
STATE_COUNCIL_54 = "国办发〔2024〕54号《关于严格规范涉企行政检查的意见》"


RECIPIENTS = {
    "members": _("those who go"),
    "planner": _("who planned it"),
    "county_office": _("the county's committee office"),
    "city_office": _("the city's committee office"),
}

PUBLIC_BODIES = tuple((code, words) for code, words in Organisation.KINDS if code != "enterprise")
BODIES = declare(
    key="inspections.bodies",
    label=_("Bodies that may make administrative inspections"),
    default=["department"],
    check=some_of(dict(PUBLIC_BODIES), _("A list of kinds of bodies.")),
    choices=PUBLIC_BODIES,
    evidence="W",
    basis=f"{STATE_COUNCIL_54}：议事协调机构不得实施行政检查",
)
OFFICERS = declare(
    key="inspections.officers",
    label=_("Certified officers needed for an administrative inspection"),
    default=2,
    check=whole(2, 6, _("2 to 6.")),
    evidence="V",
    basis="《山东省安全生产条例》第四十二条；《行政处罚法》（2021）：执法人员不得少于两人",
)
CAP = {
    grade: declare(
        key=f"inspections.cap.{grade or 'none'}",
        label=label,
        default=default,
        check=whole(0, MOST_A_YEAR, _("A number of visits a year from 0 to 366.")),
        evidence="K",
        basis=f"{STATE_COUNCIL_54}：年度检查频次上限",
    )
    for grade, label, default in (
        ("A", _("Administrative inspections a year for one enterprise: grade A"), 1),
        ("B", _("Administrative inspections a year for one enterprise: grade B"), 1),
        ("C", _("Administrative inspections a year for one enterprise: grade C"), 2),
        ("D", _("Administrative inspections a year for one enterprise: grade D"), 4),
        ("", _("Administrative inspections a year for one enterprise: not graded"), 2),
    )
}
MEET = declare(
    key="inspections.days.meet",
    label=_("Days within which visits of two departments are made one"),
    default=10,
    check=days,
    evidence="K",
    basis=f"{STATE_COUNCIL_54}：综合查一次",
)
SPAN = declare(
    key="inspections.days.span",
    label=_("Days from the first to the last day on which a visit may begin"),
    default=60,
    check=days,
    evidence="K",
)
GRACE = declare(
    key="inspections.days.grace",
    label=_("Days after the last planned day on which a visit may still begin"),
    default=0,
    check=whole(0, 30, _("0 to 30.")),
    evidence="K",
)
ARRIVED_BACK = declare(
    key="inspections.days.arrived_back",
    label=_("Days after which an arrival noted without a network is no longer taken"),
    default=7,
    check=days,
    evidence="K",
)
RECORD_DAYS = declare(
    key="inspections.days.record", label=_("Days to record a visit after arrival"), default=1, check=days
)
SIGN_DAYS = declare(key="inspections.days.sign", label=_("Days to sign a recorded visit"), default=1, check=days)
SIDES = tuple((code, words) for code, words in VisitSignature.PARTIES if code != "witness")
SIGNERS = {
    kind: declare(
        key=f"inspections.signers.{kind}",
        label=label,
        default=default,
        check=some_of(
            dict(SIDES),
            _("A list of officer, expert and enterprise; the enterprise always signs."),
            always="enterprise",
        ),
        choices=SIDES,
        evidence=mark,
        basis=basis,
    )
    for kind, label, default, mark, basis in (
        (
            "administrative",
            _("Who signs the record: administrative inspection"),
            ["officer", "enterprise"],
            "V",
            "《安全生产法》（2021）第六十八条",
        ),
        ("supervision", _("Who signs the record: supervision"), ["officer", "enterprise"], "K", ""),
        ("expert_help", _("Who signs the record: expert help"), ["expert", "enterprise"], "K", ""),
    )
}
LADDER = declare(
    key="inspections.ladder",
    label=_("Reminders and escalation of visits"),
    default=[
        {"days": 0, "to": "members"},
        {"days": 1, "to": "planner"},
        {"days": 3, "to": "county_office"},
    ],
    check=ladder_to(RECIPIENTS),
    choices=tuple(RECIPIENTS.items()),
)
BEYOND_CAP = frozenset({"complaint", "accident", "follow_up"})
"""Occasions that neither count against the yearly cap nor are stopped by it."""
ORDERS = frozenset({"evacuate", "stop_use", "stop_work"})
"""Measures ordered on the spot: only an administrative inspection may (《安全生产法》 art. 65)."""


def due(visit: Visit) -> datetime | None:
    """When what the visit waits for now is due; None when it waits for nothing."""
    if visit.state in BEFORE:
        return end_of(visit.planned_to or visit.planned_on)
    if visit.state == "under_way":
        return working_days().add(visit.state_since, value(RECORD_DAYS.key, visit.region))
    if visit.state == "recorded":
        return working_days().add(visit.state_since, value(SIGN_DAYS.key, visit.region))
    if visit.state == "signed":
        return visit.state_since
    return None


def ladder(visit: Visit) -> list[Rung]:
    """The rungs in force for a visit; a signed one is filed by the clock if nothing else did."""
    if visit.state == "signed":
        return [Rung(level=1, days=0, step="file")]
    return rungs(value(LADDER.key, visit.region))


def recipients_of(visit: Visit, level: int) -> str:
    return str(value(LADDER.key, visit.region)[level - 1]["to"])


def cap_of(grade: str, region: int) -> int:
    return int(value(CAP.get(grade, CAP[""]).key, region))


def signers_for(visit: Visit) -> dict[str, int]:
    """How many of each party sign: of an administrative inspection as many officers as it needs."""
    parties = value(SIGNERS[visit.kind].key, visit.region)
    officers = value(OFFICERS.key, visit.region) if visit.kind == "administrative" else 1
    return {party: officers if party == "officer" else 1 for party in parties}
