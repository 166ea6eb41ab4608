"""Each field of a draft from what its source says, by kind and field: facts from the records, wording plain, a person reviews."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from anlan.enforcement.filling.grounds import Grounds
from anlan.enforcement.kinds import Field, Kind, kind
from anlan.identity.models import Organisation, Person
from anlan.inspections.members import holding
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.kernel.calendar import working_days
from anlan.kernel.codes import level
from anlan.kernel.numbering import county_of
from anlan.registry.models import Enterprise
from anlan.registry.queries import region_names

Precedent = dict[str, Any]
"""The fields of an instrument that this one follows, as they were kept."""


class Draft:
    """What answers draw from: the grounds, who drafts, and what this instrument follows."""

    def __init__(self, of: Kind, grounds: Grounds, actor: Actor, follows: Precedent | None = None) -> None:
        self.kind = of
        self.grounds = grounds
        self.actor = actor
        self.follows = follows or {}
        with scope.elevated("whoever sees a record sees whom it concerns"):
            self.enterprise = Enterprise.objects.filter(pk=grounds.enterprise).first() if grounds.enterprise else None

    def before(self, code: str) -> Any:
        """What the instrument that this one follows says there."""
        return self.follows.get(code) or None


def filled(code: str, grounds: Grounds, actor: Actor, *, follows: Precedent | None = None) -> dict[str, Any]:
    """
    The fields of a new draft as JSON (see `kinds.Field`), only those that the records know.

    `follows`: the fields of the instrument it follows, where it follows one. Raises KeyError for an unknown kind.
    """
    of = kind(code)
    draft = Draft(of, grounds, actor, follows)
    found = {}
    for field in of.fields:
        answer = ANSWERS.get((code, field.code)) or ANSWERS.get(("", field.code))
        value = answer(draft) if answer else None
        if value not in (None, "", []):
            found[field.code] = _kept(field, value)
    return found


def _kept(field: Field, value: Any) -> Any:
    if field.type == "items":
        codes = {column.code for column in field.columns}
        return [
            {key: _plain(one) for key, one in row.items() if key in codes and one not in (None, "")} for row in value
        ]
    return _plain(value)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


# -- what every kind asks alike ----------------------------------------------------------------------------------------


def _officers(draft: Draft) -> list[dict[str, Any]]:
    """Those of the source; without any, whoever drafts, when they hold a certificate."""
    rows = [{"name": one.name, "certificate": one.certificate} for one in draft.grounds.officers if one.certificate]
    if rows or draft.actor.person is None:
        return rows or list(draft.before("officers") or [])
    return [{"name": draft.actor.name, "certificate": number}] if (number := _own_number(draft)) else []


def _own_number(draft: Draft) -> str:
    """A certificate of the drafter's that holds today in the source's field, else the one kept with the account."""
    person = draft.actor.person
    if person is None:
        return ""
    held = holding([person], industry_bit=draft.grounds.industry_bit or 0, day=clock.today())
    if number := held.get(person):
        return number
    with scope.elevated("the drafter's own certificate"):
        return Person.objects.values_list("certificate", flat=True).filter(pk=person).first() or ""


def _bases(draft: Draft) -> str:
    """The clauses of its problems, each once; the kind's own basis where they name none."""
    named = dict.fromkeys(one.basis for one in draft.grounds.problems if one.basis)
    return "；".join(named) or draft.kind.basis


def _facts(draft: Draft) -> str:
    return draft.grounds.facts


def _problems(draft: Draft) -> list[dict[str, Any]]:
    standard = _after(RECTIFY_DAYS)
    return [
        {
            "text": one.text,
            "basis": one.basis,
            "due": one.due_on if one.due_on and one.due_on > clock.today() else standard,
        }
        for one in draft.grounds.problems
        if not one.done
    ]


def _last_due(draft: Draft) -> date | None:
    return max((one["due"] for one in _problems(draft)), default=None)


def _after(days: int) -> date:
    """The day so many working days from today."""
    return clock.day_of(working_days().add(clock.now(), days))


def _county_government(draft: Draft) -> str:
    """Review is asked of the people's government of the organ's own level."""
    place = draft.actor.region or draft.grounds.region
    name = region_names([place]).get(place, "")
    return f"{name}人民政府" if name else ""


def _court(draft: Draft) -> str:
    place = county_of(draft.grounds.region)
    name = region_names([place]).get(place, "")
    return f"{name}人民法院" if name else ""


def _party(draft: Draft) -> str:
    return draft.enterprise.name if draft.enterprise else ""


def _address(draft: Draft) -> str:
    if draft.enterprise is None:
        return ""
    place = region_names([draft.enterprise.region]).get(draft.enterprise.region, "")
    return draft.enterprise.address or place


def _uscc(draft: Draft) -> str:
    return draft.enterprise.uscc if draft.enterprise else ""


def _principal(draft: Draft) -> str:
    if draft.enterprise and draft.enterprise.principal_name:
        return f"{draft.enterprise.principal_name}（主要负责人）"
    return ""


def _office(draft: Draft) -> str:
    with scope.elevated("the drafter's own body"):
        body = Organisation.objects.filter(pk=draft.actor.organisation).first() if draft.actor.organisation else None
    return body.name if body else ""


def _contact(draft: Draft) -> str:
    with scope.elevated("the drafter's own body"):
        body = Organisation.objects.filter(pk=draft.actor.organisation).first() if draft.actor.organisation else None
    return " ".join(filter(None, [body.name, body.phone])) if body else ""


def _evidence(draft: Draft) -> str:
    return "；".join(draft.grounds.evidence)


def _level(draft: Draft) -> str:
    """Of the post that drafts; what the platform drafts is the city's."""
    rank = level(draft.actor.region) if draft.actor.region else "city"
    return rank if rank in ("province", "city") else "county"


# -- letters -----------------------------------------------------------------------------------------------------------

RECTIFY_DAYS = 15
"""Working days proposed where nobody has set a day. [K]"""
LETTER_DAYS = 5


MATTERS = {"visit": "现场检查问题整改", "report": "群众举报核查处理"}


def _matter(draft: Draft) -> str:
    """Short, for it stands in the title; the record's number is told with the facts."""
    whose = draft.enterprise.name if draft.enterprise else ""
    if draft.grounds.source == "hazard":
        return f"{whose}{'重大事故隐患' if draft.grounds.major else '事故隐患'}整改"
    words = MATTERS.get(draft.grounds.source)
    return f"{whose}{words}" if words else draft.grounds.title


def _supervise_demands(draft: Draft) -> str:
    first = {
        "hazard": "一是督促责任单位立即落实整改责任、措施、资金、时限和预案，整改前采取可靠的安全防范措施；",
        "return": "一是立即补报所欠月报，逐项核对数据来源；",
        "directive_task": "一是对照任务要求逐项落实，立即补齐所欠事项；",
    }.get(draft.grounds.source, "一是立即核实并处理所列问题；")
    return f"{first}二是查明超期原因，明确责任人；三是按期销号闭环，举一反三，防止同类问题再次发生。"


def _feedback(_draft: Draft) -> str:
    return "请于时限内在平台书面反馈办理结果并附佐证材料。"


def _letter_due(_draft: Draft) -> date:
    return _after(LETTER_DAYS)


def _reply_due(_draft: Draft) -> date:
    return _after(10)


def _warning_demands(_draft: Draft) -> str:
    return "立即组织全面自查，逐条制定整改措施，落实责任人和完成时限；主要负责人要亲自研究、亲自督办；整改完成前落实安全防范措施。"


def _interview_matter(draft: Draft) -> str:
    return draft.grounds.facts


def _materials(_draft: Draft) -> str:
    return "问题整改情况报告；安全生产责任制落实情况；隐患排查治理台账；下一步措施。"


def _interview_demands(_draft: Draft) -> str:
    return "认清问题性质和危害，主要负责人切实履行第一责任人责任；按期完成整改并书面报送；同类问题全面排查。"


def _exposure_demands(_draft: Draft) -> str:
    return "立即整改所列问题，整改结果在同一载体公开。"


def _exposed_on(_draft: Draft) -> date:
    return _after(LETTER_DAYS)


def _repair(_draft: Draft) -> str:
    return "整改到位、履行法定义务并书面承诺后，可以申请信用修复。"


def _today(_draft: Draft) -> date:
    return clock.today()


def _a_year(_draft: Draft) -> date:
    return clock.today() + timedelta(days=365)


# -- orders, decisions, penalties --------------------------------------------------------------------------------------


def _measure(draft: Draft) -> str:
    return "；".join(draft.grounds.measures)


def _results(draft: Draft) -> list[dict[str, Any]]:
    """The order's own problems, with what the records say has become of them."""
    state = {one.text: one.done for one in draft.grounds.problems}
    rows = draft.before("problems") or [{"text": one.text} for one in draft.grounds.problems]
    only = len(state) == 1 and len(rows) == 1
    return [
        {
            "text": row["text"],
            "result": "mended" if state.get(row["text"], only and all(state.values())) else "not_mended",
        }
        for row in rows
    ]


def _opinion(draft: Draft) -> str:
    rows = _results(draft)
    open_ = [str(n) for n, row in enumerate(rows, 1) if row["result"] != "mended"]
    if not open_:
        return "所列问题均已整改到位。"
    return f"第{'、'.join(open_)}项未整改到位，继续责令整改，并依法处理。"


def _same(code: str) -> Callable[[Draft], Any]:
    """As the instrument before it said."""
    return lambda draft: draft.before(code)


def _same_or(code: str, other: Callable[[Draft], Any]) -> Callable[[Draft], Any]:
    return lambda draft: draft.before(code) or other(draft)


def _performance(draft: Draft) -> str:
    return "自收到本决定书之日起十五日内，到指定银行或者通过电子支付系统缴纳罚款。" if draft.before("fine") else ""


def _pay_by(_draft: Draft) -> date:
    """Fifteen days of the calendar after it; the day of service may still move it. [K]"""
    return clock.today() + timedelta(days=15)


ANSWERS: dict[tuple[str, str], Callable[[Draft], Any]] = {
    ("", "facts"): _same_or("facts", _facts),
    ("", "officers"): _officers,
    ("", "place"): lambda draft: draft.grounds.place,
    ("", "problems"): _problems,
    ("", "basis"): _bases,
    ("", "ground"): _same_or("ground", _bases),
    ("", "review_body"): _county_government,
    ("", "court"): _court,
    ("", "party"): _party,
    ("", "address"): _address,
    ("", "uscc"): _uscc,
    ("", "evidence"): _same_or("evidence", _evidence),
    ("", "contact"): _contact,
    ("supervise_letter", "matter"): _matter,
    ("supervise_letter", "level"): _level,
    ("supervise_letter", "demands"): _supervise_demands,
    ("supervise_letter", "due"): _letter_due,
    ("supervise_letter", "feedback"): _feedback,
    ("warning_letter", "risk"): _facts,
    ("warning_letter", "demands"): _warning_demands,
    ("warning_letter", "due"): _reply_due,
    ("interview_notice", "interviewee"): _principal,
    ("interview_notice", "matter"): _interview_matter,
    ("interview_notice", "held_on"): _letter_due,
    ("interview_notice", "held_at"): lambda _draft: "9:30",
    ("interview_notice", "place"): lambda draft: f"{_office(draft)}会议室" if _office(draft) else "",
    ("interview_notice", "chair"): lambda draft: "" if draft.actor.is_system else draft.actor.name,
    ("interview_notice", "materials"): _materials,
    ("interview_minutes", "held_on"): _same("held_on"),
    ("interview_minutes", "place"): _same("place"),
    ("interview_minutes", "chair"): _same("chair"),
    ("interview_minutes", "matter"): _same_or("matter", _interview_matter),
    ("interview_minutes", "attended"): _same_or("interviewee", _principal),
    ("interview_minutes", "demands"): _interview_demands,
    ("interview_minutes", "due"): _reply_due,
    ("exposure", "publish_on"): _exposed_on,
    ("exposure", "demands"): _exposure_demands,
    ("joint_punishment", "from_on"): _today,
    ("joint_punishment", "until_on"): _a_year,
    ("joint_punishment", "repair"): _repair,
    ("criticism", "matter"): _matter,
    ("criticism", "demands"): _supervise_demands,
    ("criticism", "due"): _reply_due,
    ("rectification_order", "checked_on"): lambda draft: draft.grounds.day,
    ("rectification_order", "due"): _last_due,
    ("recheck_opinion", "checked_on"): _today,
    ("recheck_opinion", "results"): _results,
    ("recheck_opinion", "opinion"): _opinion,
    ("site_measures", "measure"): _measure,
    ("site_measures", "term"): lambda _draft: "至重大事故隐患排除并经审查同意为止",
    ("penalty_notice", "penalty"): _same("penalty"),
    ("hearing_notice", "penalty"): _same("penalty"),
    ("hearing_notice", "fine"): _same("fine"),
    ("penalty_decision", "penalty"): _same("penalty"),
    ("penalty_decision", "fine"): _same("fine"),
    ("penalty_decision", "performance"): _performance,
    ("penalty_decision", "due"): _pay_by,
}
"""By kind and field; the kind "" stands for every kind that does not answer itself."""
