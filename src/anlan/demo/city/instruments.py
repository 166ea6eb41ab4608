"""
Instruments of the demo city: drafted from its hazards, reviewed, approved, numbered, served and answered by the room's own verbs.

A refusal by a gate or a check leaves the paper where it stands, as with any office's.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import BytesIO
from math import cos, pi, sin
from typing import Any
from uuid import UUID

from PIL import Image, ImageDraw

from anlan.demo import geography
from anlan.demo.city.life import NotYet, World
from anlan.demo.city.people import Staff
from anlan.enforcement import actions
from anlan.enforcement.filling import filled, grounds_of
from anlan.enforcement.kinds import kind as kind_of
from anlan.enforcement.models import Instrument
from anlan.enforcement.publishing import proposed
from anlan.files.actions import take_photo
from anlan.hazards.models import Hazard
from anlan.hazards.states import OPEN
from anlan.inspections.members import holding
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import Problem

PLANNED = (
    ("warning_letter", 11, "answered"),
    ("interview_notice", 9, "filed"),
    ("exposure", 6, "filed"),
    ("joint_punishment", 3, "served"),
    ("rectification_order", 7, "answered"),
    ("criticism", 1, "answered"),
)
"""Kind, how many in the whole city, and the furthest state; the latest of each stop on their way. The monthly return's figures:
11 warning letters; 9 + 6 + 3 + 2 penalties = 20 interviewed, exposed, punished jointly or fined."""
PENALTIES = 2
LETTERS = 6
"""Supervise letters that the clock drafted and the city's office sent."""
DAYS_BACK = 150
TWO = 2
"""Officers that the law asks for."""
WORDS = {
    "stated": "企业主要负责人表示认识到位，已研究整改措施。",
    "medium": "市应急管理局门户网站、本地主要媒体",
    "bodies": "发展改革、市场监管、自然资源、金融等部门",
    "measures": "列为重点监管对象，增加检查频次；在评优评先、政策扶持方面予以限制。",
    "penalty": "罚款人民币贰万元整。",
    "term": "至隐患排除为止",
}
FINE_FEN = 2_000_000
DAYS_TO_OBJECT = 10
"""Working days, at least as many as any kind that is published gives its addressee."""


def keep_organs(staff: Staff, *, since: datetime) -> None:
    """Every territory's office and its law enforcement team can issue, with a word of their own and a seal."""
    for region, office in staff.offices.items():
        name = geography.CITY_NAME if region == geography.CITY_CODE else _county_name(region)
        bodies = [(staff.post(office).organisation, f"{name[:2]}安办")]
        if region in staff.inspectors:
            bodies.append((staff.post(staff.inspectors[region][0]).organisation, f"{name[:2]}应急"))
        for body, word in bodies:
            if body is None:
                continue
            with clock.at(since), scope.acting(office):
                seal = take_photo(actor=office, source=_seal(), name=f"{word}.png", media_type="image/png")
                actions.set_organ(
                    actor=office,
                    organisation=body.pk,
                    data={
                        "name": body.name, "word": word, "seal": seal.pk, "review_body": f"{name}人民政府",
                        "court": f"{name}人民法院", "keepers": [office.person],
                    },
                )  # fmt: skip


def _county_name(region: int) -> str:
    return next(one.zh for one in geography.regions() if one.code == region)


def _seal() -> bytes:
    """A ring and a star, and no words: it seals nothing outside the demo."""
    size, red = 420, (200, 30, 30, 235)
    image = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.ellipse((8, 8, size - 8, size - 8), outline=red, width=14)
    points = [
        (size / 2 + radius * sin(turn * pi / 5), size / 2 - radius * cos(turn * pi / 5))
        for turn, radius in enumerate((70, 28) * 5)
    ]
    draw.polygon(points, fill=red)
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@dataclass
class Paper:
    """One instrument and the people whose turn it is."""

    world: World
    county: int
    code: str
    goal: str
    follows: UUID | None = None
    case: UUID | None = None
    id: UUID | None = None

    @property
    def rng(self) -> random.Random:
        return self.world.rng

    @property
    def staff(self) -> Staff:
        return self.world.staff

    def wait(self, days: int) -> datetime:
        moment = self.world.hours.after(clock.now(), days)
        if moment is None or moment >= self.world.hours.now:
            raise NotYet
        return moment

    def draft(self, hazard: Hazard, officers: list[dict[str, str]]) -> Actor:
        """By an inspector of the county, from the hazard; what the records cannot know is written."""
        actor = self.staff.inspectors[self.county][0]
        with scope.acting(actor):
            before = Instrument.objects.get(pk=self.follows).fields if self.follows else None
            fields = filled(self.code, grounds_of("hazard", hazard.pk), actor, follows=before)
            of = kind_of(self.code)
            if of.officers:
                fields["officers"] = officers
            for field in of.required:
                fields.setdefault(field.code, WORDS.get(field.code, "见有关监管记录。"))
            if of.field("fine"):
                fields["fine"] = FINE_FEN
            unit = grounds_of("hazard", hazard.pk).organisation if "enterprise" not in of.subject else None
            made = actions.draft(
                actor=actor,
                kind=self.code,
                enterprise=None if unit else hazard.responsible_id,
                unit=unit,
                fields=fields,
                source=("hazard", hazard.pk, hazard.number),
                after=self.follows,
                case=self.case,
            )
        self.id = made.pk
        return actor

    def do(self, actor: Actor, step: str, **data: Any) -> None:
        if self.id is None:
            raise LookupError("not drafted yet")
        with scope.acting(actor):
            actions.take_step(actor=actor, instrument=self.id, step=step, data=data)

    def issue(self, drafter: Actor, hazard: Hazard) -> Iterator[datetime]:
        """Reviewed by the department or the office, approved by the leader, numbered and sealed by the office, handed over."""
        yield self.wait(1)
        to_enterprise = "enterprise" in kind_of(self.code).subject
        # The department of a field is itself written to where a unit is: the committee office reviews that.
        reviewer = (
            self.staff.regulators[self.county, hazard.industry_bit]
            if to_enterprise
            else self.staff.offices[self.county]
        )
        self.do(reviewer, "review")
        yield self.wait(1)
        self.do(self.staff.leaders[self.county], "approve", remark="同意。")
        yield self.wait(0)
        self.do(self.staff.offices[self.county], "number", sealed=True)
        if self.goal == "numbered":
            return
        yield self.wait(2)
        self.serve(drafter)

    def serve(self, by: Actor) -> None:
        name = self.world.bank.person()
        with self.world.studio.signature(name) as drawing:
            self.do(
                by, "serve", way="direct", outcome="received", on=clock.today(), receiver=name, receiver_title="负责人",
                signature=drawing,
            )  # fmt: skip

    def end(self, by: Actor, hazard: Hazard, words: str) -> Iterator[datetime]:
        """Answered by whom it was addressed to, and put to file."""
        if self.goal in ("answered", "filed"):
            yield self.wait(self.rng.randint(2, 5))
            to_unit = "enterprise" not in kind_of(self.code).subject
            answerer = by if to_unit else self.staff.principals[hazard.responsible_id]  # type: ignore[index]
            self.do(answerer, "answer", words=words)
        if self.goal == "filed":
            yield self.wait(2)
            self.do(by, "put_to_file")

    def publish(self) -> Iterator[datetime]:
        """What is meant for everybody, once the addressee's days to object are over."""
        if self.id is None or not kind_of(self.code).published:
            return
        yield self.wait(DAYS_TO_OBJECT)
        leader = self.staff.leaders[self.county]
        with scope.acting(leader):
            words = proposed(Instrument.objects.get(pk=self.id))
        self.do(leader, "publish", words=words)


def paper_trails(world: World, counties: list[int], *, share: float) -> Iterator[Iterator[datetime]]:
    """The lives of all instruments, to be entered on the stage."""
    now, rng = world.hours.now, random.Random(len(counties))
    world = replace(world, rng=rng)  # the lives of others are dealt without them
    taken: set[UUID] = set()
    for code, whole, goal in PLANNED:
        # The latest of each is on its way; of what everybody may read, one at least has come to its end.
        count = max(round(whole * share), 2 if kind_of(code).published else 1)
        for number in range(count):
            back = timedelta(days=rng.randint(12, DAYS_BACK)) if number else timedelta(days=3)
            yield _trail(world, Paper(world, rng.choice(counties), code, goal), now - back, taken)
    for number in range(PENALTIES):
        yield _penalty(world, rng.choice(counties), now - timedelta(days=(40, 9)[number]), taken)
    for number in range(max(round(LETTERS * share), 1)):
        yield _supervised(world, now - timedelta(days=20 + 12 * number))


def _begin(world: World, moment: datetime) -> datetime:
    """The next working hour."""
    found = world.hours.after(moment, 0)
    return found if found is not None and found < world.hours.now else moment


def _trail(world: World, paper: Paper, moment: datetime, taken: set[UUID]) -> Iterator[datetime]:
    yield _begin(world, moment)
    hazard = _hazard(paper.county, taken)
    officers = _officers(world, paper.county)
    if hazard is None or len(officers) < TWO:
        return
    try:
        drafter = paper.draft(hazard, officers)
        yield from paper.issue(drafter, hazard)
        yield from paper.end(drafter, hazard, "已收悉，正按要求落实整改，整改情况随附。")
        yield from paper.publish()
        if paper.code == "interview_notice" and paper.goal == "filed":
            yield from _after(world, paper, "interview_minutes", hazard, officers)
        if paper.code == "rectification_order":
            yield from _after(world, paper, "recheck_opinion", hazard, officers)
    except (NotYet, Problem):
        return


def _after(
    world: World, before: Paper, code: str, hazard: Hazard, officers: list[dict[str, str]]
) -> Iterator[datetime]:
    """What follows an instrument: the minutes of an interview, the recheck of an order."""
    yield before.wait(world.rng.randint(3, 8))
    later = Paper(world, before.county, code, "served", follows=before.id)
    drafter = later.draft(hazard, officers)
    yield from later.issue(drafter, hazard)


def _penalty(world: World, county: int, moment: datetime, taken: set[UUID]) -> Iterator[datetime]:
    """A case from its filing to the fine paid, as far as the days reach."""
    yield _begin(world, moment)
    hazard = _hazard(county, taken)
    officers = _officers(world, county)
    if hazard is None or len(officers) < TWO:
        return
    actor = world.staff.inspectors[county][0]
    with scope.acting(actor):
        case = actions.open_case(
            actor=actor,
            data={
                "enterprise": hazard.responsible_id, "matter": "未采取措施消除事故隐患案", "handlers": officers,
                "source_type": "hazard", "source_id": hazard.pk, "source_number": hazard.number,
            },
        )  # fmt: skip
    notice = Paper(world, county, "penalty_notice", "answered", case=case.pk)
    try:
        drafter = notice.draft(hazard, officers)
        yield from notice.issue(drafter, hazard)
        yield from notice.end(drafter, hazard, "对拟处罚无异议。")
        yield notice.wait(6)
        decision = Paper(world, county, "penalty_decision", "served", follows=notice.id, case=case.pk)
        decision.draft(hazard, officers)
        yield from _decided(decision, drafter, hazard)
    except (NotYet, Problem):
        return


def _decided(decision: Paper, drafter: Actor, hazard: Hazard) -> Iterator[datetime]:
    """A fine is approved by another than the one who reviewed it, and paid."""
    yield from decision.issue(drafter, hazard)
    yield decision.wait(5)
    with scope.acting(drafter):
        actions.take_case_step(
            actor=drafter,
            case=decision.case,  # type: ignore[arg-type]
            step="perform",
            data={"paid_fen": FINE_FEN, "paid_on": clock.today(), "receipt": f"票据{clock.today():%y%m%d}01"},
        )


def _supervised(world: World, moment: datetime) -> Iterator[datetime]:
    """A letter that the clock drafted: the city's office mends nothing, a department reviews, the office seals and sends."""
    yield _begin(world, moment)
    city = geography.CITY_CODE
    with scope.acting(SYSTEM):
        found = (
            Instrument.objects.filter(kind="supervise_letter", state="drafted", rung__gt=0)
            .order_by("-created_at")
            .first()
        )
    regulators = world.staff.regulators
    reviewer = next((actor for (region, _bit), actor in regulators.items() if region == city), None)
    if found is None or reviewer is None:
        return
    office = world.staff.offices[city]
    paper = Paper(world, found.county, "supervise_letter", "served", id=found.pk)
    try:
        paper.do(reviewer, "review")
        yield paper.wait(1)
        paper.do(office, "approve", remark="同意，请抓紧督促。")
        yield paper.wait(0)
        paper.do(office, "number", sealed=True)
        yield paper.wait(1)
        paper.serve(office)
    except (NotYet, Problem):
        return


def _hazard(county: int, taken: set[UUID]) -> Hazard | None:
    """An open hazard of the county that an enterprise has to rectify, major and late ones first; each is taken once."""
    with scope.acting(SYSTEM):
        rows = Hazard.objects.filter(county=county, state__in=OPEN, responsible__isnull=False).exclude(pk__in=taken)
        found = rows.order_by("-late", "-grade", "-found_at", "id").first()
    if found is not None:
        taken.add(found.pk)
    return found


def _officers(world: World, county: int) -> list[dict[str, str]]:
    people = {actor.person: actor.name for actor in world.staff.inspectors[county] if actor.person}
    with scope.acting(SYSTEM):
        held = holding(people, industry_bit=0, day=clock.today())
    return [{"name": people[person], "certificate": number} for person, number in held.items()]
