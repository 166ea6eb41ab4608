"""Documents from above in the demo city, invented: decided on by the city's office, carried out, late or forgotten by its districts."""

import random
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from itertools import cycle
from typing import Any
from uuid import UUID

from anlan.demo.city.people import Staff
from anlan.demo.geography import CITY_CODE
from anlan.directives import actions
from anlan.directives.models import DirectiveTask, Proposal
from anlan.files.actions import take_document
from anlan.files.models import File
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.flow.clockwork import tick
from anlan.kernel.papers import word
from anlan.kernel.papers.paper import Paper, Paragraph

UNITS = 9
A_PROPOSAL = 3
"""Units that are given each task."""
FATES = ("done", "reported", "silent", "done", "late", "under_way", "assigned", "returned", "verified", "handed_back", "done", "signed_for", "withdrawn")  # fmt: skip
REPORTS = (
    "已按要求完成，形成台账{n}份，发现的问题均已督促整改。",
    "组织检查组{n}个，排查单位均已建档，整改情况已汇总上报。",
    "召开专题会议部署，印发方案，现场抽查{n}家单位，结果见附件。",
)
NOTES = ("已电话了解进度，承诺本周五前报送。", "已约分管负责人，说明原因并明确完成日期。", "进展正常，按期推进。")
"""Of the weekly comb."""


@dataclass
class _City:
    rng: random.Random
    office: Actor
    units: list[Actor]
    now: datetime

    def at(self, moment: datetime, actor: Actor, act: Callable[..., Any], **given: Any) -> Any:
        """`act` by an actor at a moment, though never later than now."""
        with clock.at(min(moment, self.now)), scope.acting(actor):
            return act(actor=actor, **given)


def directives_from_above(staff: Staff, *, now: datetime, seed: int = 141) -> int:
    """Some documents with their tasks in every state, recurring duties, the week's notes and an issued digest; returns how many tasks."""
    rng = random.Random(seed)
    city = _City(rng, staff.offices[CITY_CODE], _units(staff), now)
    fates = cycle(FATES)
    given = [(task, next(fates)) for document in _documents() for task in _taken_in(city, document)]
    for task, fate in given:
        _live(city, task, fate)
    with clock.at(now):
        tick(now)
    _comb(city, [task for task, _fate in given])
    week = (now - timedelta(days=7)).date()
    for day in (week, now.date()):
        draft = city.at(now, city.office, actions.draft_digest, week=day)
        if day == week:
            city.at(now, city.office, actions.issue_digest, draft_id=draft.pk)
    return len(given)


def _units(staff: Staff) -> list[Actor]:
    """Regulators of the districts' departments, each of another body."""
    found: dict[UUID, Actor] = {}
    for (region, _bit), actor in sorted(staff.regulators.items()):
        if region != CITY_CODE and actor.organisation:
            found.setdefault(actor.organisation, actor)
    bodies = list(found.values())
    return bodies[:: max(1, len(bodies) // UNITS)][:UNITS]


def _documents() -> list[dict[str, Any]]:
    text = files("anlan.demo.words").joinpath("data", "directives.toml").read_text(encoding="utf-8")
    return list(tomllib.loads(text)["document"])


def _words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _taken_in(city: _City, document: dict[str, Any]) -> Iterator[DirectiveTask]:
    came = _morning(city.now - timedelta(days=document["days"]))
    day = came.date()
    facts = {
        "year": day.year,
        "day": _words(day),
        "soon": _words(day + timedelta(days=24)),
        "later": _words(day + timedelta(days=45)),
        "far": _words(day + timedelta(days=80)),
    }
    data = {"region": CITY_CODE, "text": document["text"].strip().format(**facts)}
    made = city.at(came, city.office, actions.register, data=data)
    with scope.acting(SYSTEM):
        rows = list(Proposal.objects.filter(directive=made).order_by("position"))
    for place, row in enumerate(rows[:-1] if document.get("open") else rows):
        first = city.rng.randrange(len(city.units))
        chosen = [city.units[(first + step) % len(city.units)] for step in range(min(A_PROPOSAL, len(city.units)))]
        ids = list(dict.fromkeys(one.organisation for one in chosen))
        moment = came + timedelta(hours=1, minutes=7 * place)
        yield from city.at(
            moment,
            city.office,
            actions.accept,
            proposal=row.pk,
            data={"units": ids},
        )


def _live(city: _City, task: DirectiveTask, fate: str) -> None:
    """What its unit and the office do with it, day by day; whatever would lie ahead is left to the visitors."""
    unit = next(one for one in city.units if one.organisation == task.unit_id)
    moment = _morning(clock.now() if task.created_at is None else task.created_at)
    for days, actor, step, data in _acts(city, task, unit, fate):
        moment = _morning(moment + timedelta(days=days))
        if moment > city.now:
            return
        # A fate may meet a duty that is counted, whose report is refused until it was done often enough: it is counted first.
        if step == "report":
            data |= {"finished_on": moment.date(), "files": [_paper(city, unit, task, moment)]}
            for _time in range(task.wanted):
                sent = {"on": moment.date(), "words": "组织开展一次，签到表、影像资料齐全。"}
                city.at(moment, unit, actions.take_step, task=task.pk, step="count", data=sent)
        city.at(
            moment,
            actor,
            actions.take_step,
            task=task.pk,
            step=step,
            data=data,
        )


def _acts(city: _City, task: DirectiveTask, unit: Actor, fate: str) -> Iterator[tuple[int, Actor, str, dict[str, Any]]]:
    office = city.office
    if fate == "assigned":
        return
    if fate == "handed_back":
        yield 1, unit, "hand_back", {"reason": "该项工作职责在县级住建部门，建议重新交办。"}
        return
    if fate == "withdrawn":
        yield 2, office, "withdraw", {"reason": "上级文件已调整，该项任务并入年度考核。"}
        return
    yield 1, unit, "sign", {}
    if fate == "signed_for":
        return
    yield 2, unit, "start", {}
    if fate in ("under_way", "silent", "late"):
        if fate == "under_way":
            yield 4, unit, "progress", {"words": "已排查重点单位，正在汇总问题清单。"}
        return
    words = city.rng.choice(REPORTS).format(n=city.rng.randint(3, 28))
    yield city.rng.randint(5, 14), unit, "report", {"words": words}
    if fate == "returned":
        yield 2, office, "return", {"reason": "缺少乡镇一级的排查台账，请补充。"}
        return
    if fate in ("verified", "done"):
        yield 2, office, "verify", {"remark": "材料齐全。"}
    if fate == "done":
        yield 1, office, "close", {}


def _paper(city: _City, unit: Actor, task: DirectiveTask, moment: datetime) -> UUID:
    """The unit's own report as a Word document."""
    paper = Paper(
        organ=unit.organisation_name,
        number=f"安报〔{moment.year}〕{int(task.number[-3:])}号",
        title=f"关于{task.what[:30]}情况的报告",
        signature=unit.organisation_name,
        date=moment.date(),
        blocks=(Paragraph(text=f"按照要求，我单位认真组织落实：{task.what}。现将有关情况报告如上。"),),
    )
    made: File = city.at(moment, unit, take_document, source=word.write(paper), name="情况报告.docx")
    return made.pk


def _comb(city: _City, tasks: list[DirectiveTask]) -> None:
    with scope.acting(SYSTEM):
        late = list(DirectiveTask.objects.filter(pk__in=[one.pk for one in tasks], late=True).order_by("due")[:6])
    for task in late:
        words = city.rng.choice(NOTES)
        city.at(
            city.now,
            city.office,
            actions.take_step,
            task=task.pk,
            step="comb",
            data={"words": words},
        )


def _morning(moment: datetime) -> datetime:
    return datetime.combine(moment.astimezone(clock.SHANGHAI).date(), time(9, 40), clock.SHANGHAI)
