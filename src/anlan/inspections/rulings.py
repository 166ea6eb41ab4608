"""The rules of visits that a city may set: who may inspect, how often, how long, who signs. Defaults carry their evidence mark."""

from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.identity.models import Organisation
from anlan.inspections.models import Visit
from anlan.inspections.models.parts import VisitSignature
from anlan.inspections.states import BEFORE
from anlan.kernel.calendar import working_days
from anlan.kernel.citysettings import declare, value
from anlan.kernel.clock import SHANGHAI
from anlan.kernel.flow import Rung

MOST_A_YEAR = 366
STATE_COUNCIL_54 = "国办发〔2024〕54号《关于严格规范涉企行政检查的意见》"


def _days(found: Any) -> Any:
    if type(found) is not int or not 1 <= found <= 250:
        return _("A number of working days from 1 to 250.")
    return None


def _bodies(found: Any) -> Any:
    known = set(dict(Organisation.KINDS)) - {"enterprise"}
    if not isinstance(found, list) or not found or not set(map(str, found)) <= known:
        return _("A list of kinds of bodies.")
    return None


def _cap(found: Any) -> Any:
    return None if type(found) is int and 0 <= found <= MOST_A_YEAR else _("A number of visits a year from 0 to 366.")


def _signers(found: Any) -> Any:
    known = set(dict(VisitSignature.PARTIES)) - {"witness"}
    if not isinstance(found, list) or not found or not set(map(str, found)) <= known or "enterprise" not in found:
        return _("A list of officer, expert and enterprise; the enterprise always signs.")
    return None


def _ladder(found: Any) -> Any:
    if not isinstance(found, list) or not all(
        isinstance(one, dict)
        and set(one) == {"days", "to"}
        and type(one["days"]) is int
        and -60 <= one["days"] <= 250
        and one["to"] in RECIPIENTS
        for one in found
    ):
        return _("A list of {days, to}: whole working days after the due date, to one of the known recipients.")
    days = [one["days"] for one in found]
    return None if days == sorted(set(days)) and 0 in days else _("Days must rise, and one rung must be day 0.")


RECIPIENTS = {
    "members": _("those who go"),
    "planner": _("who planned it"),
    "county_office": _("the county's committee office"),
    "city_office": _("the city's committee office"),
}

BODIES = declare(
    key="inspections.bodies",
    label=_("Bodies that may make administrative inspections"),
    default=["department"],
    check=_bodies,
    choices=tuple((code, words) for code, words in Organisation.KINDS if code != "enterprise"),
    evidence="W",
    basis=f"{STATE_COUNCIL_54}：议事协调机构不得实施行政检查",
)
OFFICERS = declare(
    key="inspections.officers",
    label=_("Certified officers needed for an administrative inspection"),
    default=2,
    check=lambda found: None if type(found) is int and 2 <= found <= 6 else _("2 to 6."),
    evidence="V",
    basis="《山东省安全生产条例》第四十二条；《行政处罚法》（2021）：执法人员不得少于两人",
)
CAP = {
    grade: declare(
        key=f"inspections.cap.{grade or 'none'}",
        label=label,
        default=default,
        check=_cap,
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
    check=_days,
    evidence="K",
    basis=f"{STATE_COUNCIL_54}：综合查一次",
)
SPAN = declare(
    key="inspections.days.span",
    label=_("Days from the first to the last day on which a visit may begin"),
    default=60,
    check=_days,
    evidence="K",
)
GRACE = declare(
    key="inspections.days.grace",
    label=_("Days after the last planned day on which a visit may still begin"),
    default=0,
    check=lambda found: None if type(found) is int and 0 <= found <= 30 else _("0 to 30."),
    evidence="K",
)
ARRIVED_BACK = declare(
    key="inspections.days.arrived_back",
    label=_("Days after which an arrival noted without a network is no longer taken"),
    default=7,
    check=_days,
    evidence="K",
)
RECORD_DAYS = declare(
    key="inspections.days.record", label=_("Days to record a visit after arrival"), default=1, check=_days
)
SIGN_DAYS = declare(key="inspections.days.sign", label=_("Days to sign a recorded visit"), default=1, check=_days)
SIGNERS = {
    kind: declare(
        key=f"inspections.signers.{kind}",
        label=label,
        default=default,
        check=_signers,
        choices=tuple(VisitSignature.PARTIES[:3]),
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
    check=_ladder,
    choices=tuple(RECIPIENTS.items()),
)
BEYOND_CAP = frozenset({"complaint", "accident", "follow_up"})
"""Occasions that neither count against the yearly cap nor are stopped by it."""
ORDERS = frozenset({"evacuate", "stop_use", "stop_work"})
"""Measures ordered on the spot: only an administrative inspection may (《安全生产法》 art. 65)."""
END = time(23, 59, 59, 999_999)


def end_of(day: date) -> datetime:
    return datetime.combine(day, END, SHANGHAI)


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
    rungs = []
    for level, rung in enumerate(value(LADDER.key, visit.region), start=1):
        step = "remind" if rung["days"] < 0 else "fall_due" if rung["days"] == 0 else "escalate"
        rungs.append(Rung(level=level, days=rung["days"], step=step))
    return rungs


def recipients_of(visit: Visit, level: int) -> str:
    return str(value(LADDER.key, visit.region)[level - 1]["to"])


def cap_of(grade: str, region: int) -> int:
    return int(value(CAP.get(grade, CAP[""]).key, region))


def signers_for(visit: Visit) -> dict[str, int]:
    """How many of each party sign: of an administrative inspection as many officers as it needs."""
    parties = value(SIGNERS[visit.kind].key, visit.region)
    officers = value(OFFICERS.key, visit.region) if visit.kind == "administrative" else 1
    return {party: officers if party == "officer" else 1 for party in parties}
