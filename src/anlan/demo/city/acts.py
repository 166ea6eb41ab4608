"""The course of a story: from the finding to where it stands today."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from anlan.demo.city.citizens import Reporting, category_for, say
from anlan.demo.city.errands import answered
from anlan.demo.city.evidence import Shot
from anlan.demo.city.life import Body, NotYet
from anlan.demo.city.rewarding import rewarded
from anlan.demo.city.rounds import Found, Round
from anlan.demo.geography import CITY_CODE
from anlan.demo.words import ClauseRef
from anlan.hazards.models import Hazard
from anlan.hazards.sheet import sheet
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.ledger.read import acts

OPEN = ("found", "dispatched", "disputed", "claimed", "rectifying", "rectified", "accepted")
AHEAD = timedelta(days=2)
"""Before a finding its photo goes to the studio."""
Moments = Iterator[datetime]
VISITED = {"county": 0.2, "group": 0.3, "expert": 0.5}
"""The share of findings that come of a planned visit, by source; the others were registered as they were met."""


class Life(Body):
    report: Reporting | None = None
    """What it began with, when a citizen reported it."""

    def run(self) -> Moments:
        """Yields the moment of each next act and acts when resumed."""
        try:
            yield from self._found()
            yield from self._onwards()
        except NotYet:
            return

    def run_part(self) -> Moments:
        """A part that was split off goes its own way."""
        try:
            yield from self._onwards()
        except NotYet:
            return

    def _found(self) -> Moments:
        story = self.story
        yield story.start - AHEAD
        without = story.source == "document" or self.finder is SYSTEM
        shot = None if without else self.shoot(story.start, after=False)
        visit = self._visit()
        yield story.start
        if story.source == "citizen":
            yield from self._reported(shot)
            return
        self.follow(self._on_visit(visit, shot) if visit else self.register(self.finder, shot, story.source))
        hazard = self.hazard
        if story.amended:
            yield self.wait(0)
            self.do(
                self.finder if self.finder is not SYSTEM else self.regulator, "amend", place=hazard.place,
                category=hazard.category, description=f"{hazard.description}（已与现场负责人核对位置）",
                reason="补充现场核对情况",
            )  # fmt: skip
        if story.stops_use:
            yield self.wait(0)
            first, second = self.officers()
            self.do(first, "stop_use", measure=self.say("stop_use")[:200], officers=[second])

    def _reported(self, shot: Shot | None) -> Moments:
        """A citizen sees it, the desk sends it to the unit, the unit finds it true: then it is a hazard."""
        story = self.story
        self.report = Reporting(self.world, self.world.public, story.firm)
        self.report.unit_person = self.finder
        category = category_for(story.words, story.firm.industry)
        words = f"{story.firm.name}{story.words.place}：{story.words.description}"
        self.report.send(words=words, category=category, shot=shot)
        yield self.wait(0)
        self.report.screen(category, industry=story.firm.industry)
        yield self.wait(0)
        self.report.dispatch()
        yield self.wait(self.rng.choice((0, 0, 1)))
        made = self.report.do(
            self.finder, "verify", words=say(self.rng, "verified"), on=clock.today(), place=story.words.place,
            enterprise=story.firm.id, industry=story.firm.industry, hazard_category=story.words.category,
        )  # fmt: skip
        with scope.acting(self.finder):
            self.follow(Hazard.objects.get(number=made.hazard_number))

    def _visit(self) -> Round | None:
        """Some findings are made on a visit that was planned, with its checklist and record."""
        story = self.story
        if self.rng.random() >= VISITED.get(story.source, 0):
            return None
        style = story.style if story.style in ("unannounced", "covert") else "notified"
        planned = Round(self.world, story.firm, story.source, style=style)
        return planned if planned.plan(story.start) else None

    def _on_visit(self, visit: Round, shot: Shot | None) -> Hazard:
        self.finder = visit.leader
        (made,) = visit.carry_out([Found(words=self.story.words, shot=shot)])
        with scope.acting(self.finder):
            return Hazard.objects.get(pk=made)

    def _onwards(self) -> Moments:
        stop = self.story.stop
        if stop == "found":
            if self.story.graded_by_finder:
                yield from self._grade()
            return
        yield from self._grade()
        if stop in {"merged", "transferred"} or (stop == "dismissed" and not self.story.refused):
            yield from self._ended_early()
            return
        yield from self._dispatch()
        if self.story.refused:
            yield from self._dispute()
        else:
            yield from self._sign()
        if stop in {"dispatched", "disputed", "claimed", "dismissed"}:
            return
        yield from self._plan()
        yield from self._work(self.story.gaps["rectify"])
        yield from self._ending()

    # -- finding

    def _grade(self) -> Moments:
        story = self.story
        if story.graded_by_finder and self.finder is not SYSTEM:
            yield self.wait(0)
            actor = self.finder
        else:
            yield self.wait(story.gaps["dispatch"])
            actor = self.regulator
        clause = self._clause(story.words.clause) if story.major else None
        self.do(actor, "grade", grade="major" if clause else "general", clause=clause)
        if story.splits:
            yield self.wait(0)
            self._split()

    def _clause(self, cited: ClauseRef | None) -> Any:
        return self.world.clauses[cited.document, str(cited.article), cited.item] if cited else None

    def _split(self) -> None:
        words = self.story.words
        place = f"{words.place}相邻部位"
        self.do(
            self.regulator, "split", place=place, category=words.category,
            description=f"{words.description}相邻部位存在同类问题，单独整改。", reason="两处由不同班组整改，分别登记",
        )  # fmt: skip
        with scope.acting(SYSTEM):
            part = acts(self.hazard.pk)[-1].data["part"]
            hazard = Hazard.objects.get(pk=part)
        own = replace(
            self.story, words=replace(words, place=place), splits=False, refused="", joined=False, again=False,
            graded_by_finder=False,
        )  # fmt: skip
        life = type(self)(self.world, own)
        life.follow(hazard)
        self.world.enter(life.run_part())

    def _ended_early(self) -> Moments:
        yield self.wait(self.rng.randint(0, 2))
        stop = self.story.stop
        if stop == "transferred":
            authority = self.rng.choice(["市场监督管理局", "自然资源局", "生态环境局", "水利局", "住房和城乡建设局"])
            self.do(
                self.regulator, "transfer", authority=authority, reason=self.say("transfer"),
                accepted_ref=f"收文〔{clock.today().year}〕{self.rng.randint(11, 480)}号",
            )  # fmt: skip
            return
        survivor = self._survivor() if stop == "merged" else None
        if survivor is None:
            self.do(self.regulator, "dismiss", reason=self.say("dismiss"))
        else:
            self.do(self.regulator, "merge", survivor=survivor.pk, reason="与已登记隐患为同一部位同一问题，合并处理")

    def _survivor(self) -> Hazard | None:
        with scope.acting(self.regulator):
            others = Hazard.objects.filter(enterprise=self.story.firm.id, state__in=OPEN).exclude(pk=self.hazard.pk)
            if self.hazard.major:
                others = others.filter(grade="major")
            if self.hazard.use_stopped:
                others = others.filter(use_stopped=True)
            return others.first()

    def _dispatch(self) -> Moments:
        yield self.wait(self.story.gaps["dispatch"] if self.story.graded_by_finder else 0)
        due = self.hours.day_after(clock.now(), self.story.span + 6 + (6 if self.story.major else 0))
        actor = self.office if self.rng.random() < 0.12 else self.regulator
        self.do(actor, "dispatch", responsible=self.story.firm.id, due=due, demands=self.bank.measure(self.story.words))

    # -- claiming

    def _sign(self, days: int | None = None) -> Moments:
        kinds = list(self.hazard.required_signers)
        self.rng.shuffle(kinds)
        if self.story.stop == "dispatched":
            kinds = kinds[: min(self.story.signatures, len(kinds) - 1)]
        for kind in kinds:
            self.world.studio.prepare_signature(self.signer(kind).name)
        last = self.hours.index(clock.now()) + (self.story.gaps["sign"] if days is None else days)
        for number, kind in enumerate(kinds, start=1):
            yield self.day(last) if number == len(kinds) else self.wait(0)
            self.sign(kind)

    def _dispute(self) -> Moments:
        yield self.wait(self.story.gaps["sign"])
        hazard = self.hazard
        with scope.acting(self.principal):
            digest = sheet(hazard).digest
        self.do(self.principal, "refuse", digest=digest, reason=self.say("refuse"))
        decision = self.story.refused
        if decision == "open":
            return
        yield self.wait(self.story.gaps["arbitrate"])
        words = {"uphold": "arbitrate_uphold", "dismiss": "arbitrate_dismiss", "resend": "arbitrate_redirect"}[decision]
        parties = {self.finder.person, self.hazard.graded_by_id, self.hazard.dispatcher_id}
        judges = (self.regulator, self.office, self.staff.offices[CITY_CODE])
        judge = next(one for one in judges if one.person not in parties)
        due = self.hours.day_after(clock.now(), self.story.span + 8) if decision == "resend" else None
        self.do(judge, "arbitrate", decision=decision, reason=self.say(words), due=due)
        if decision == "resend":
            yield from self._sign(1)

    def _plan(self) -> Moments:
        yield self.wait(self.story.gaps["plan"])
        hazard, words = self.hazard, self.story.words
        due = self.hours.day_after(clock.now(), self.story.span)
        if hazard.rectify_due and hazard.rectify_due >= clock.today():
            due = min(due, hazard.rectify_due)
        data: dict[str, Any] = {"measure": words.measure, "due": due}
        if hazard.major:
            plan = self.bank.plan(words, responsible=self.principal.name)
            parts = plan.parts
            data |= {
                "duty": plan.settled["duty"], "funds_fen": words.cost_fen, "contingency": plan.settled["contingency"],
                "goal": parts["goal"], "method": parts["method"], "resources": parts["funds"],
                "organisation": parts["organisation"], "schedule": parts["schedule"], "safety": parts["safety"],
            }  # fmt: skip
        self.do(self.enterprise_actor, "plan", **data)

    # -- rectifying

    def _work(self, days: int) -> Moments:
        """What happens while the enterprise works, in order of time; then the submission, unless the story stops here."""
        begun = self.hours.index(clock.now())
        for offset, act in sorted(self._agenda(days), key=lambda one: one[0]):
            at = self.day(begun + offset)
            shot = self.shoot(at, after=False, fresh=False) if act == self._join else None
            yield at
            act(shot)
        if self.story.stop == "rectifying" and not self.story.fails:
            return
        yield from self._submit(begun + days)

    def _agenda(self, days: int) -> list[tuple[int, Callable[..., None]]]:
        story = self.story
        agenda: list[tuple[int, Callable[..., None]]] = []
        if story.listed:
            agenda += [(0, self._list), (self.rng.randint(2, 4), self._publish)]
        if story.extension:
            asked = max(1, round(story.span * 0.3)) if story.stop == "rectifying" else max(1, days - 3)
            agenda.append((asked, self._ask_extension))
            if story.extension != "asked":
                agenda.append((asked + 1, self._decide_extension))
        if story.joined:
            agenda.append((max(1, days // 2), self._join))
        if story.noted:
            agenda.append((max(1, days // 3), self._note))
        return agenda

    def _list(self, _shot: object) -> None:
        level = self.rng.choice(("county", "county", "city"))
        actor = self.staff.offices[CITY_CODE] if level == "city" else self.office
        self.do(actor, "list", level=level, reason=self.say("listing"))

    def _publish(self, _shot: object) -> None:
        if self.rng.random() < 0.8:
            self.do(self.office, "publish", where="市应急管理局网站“挂牌督办”专栏")

    def _ask_extension(self, _shot: object) -> None:
        hazard = self.hazard
        if hazard.rectify_due is None or hazard.rectify_due < clock.today() or hazard.state != "rectifying":
            return
        later = self.hours.day_after(self._end(hazard), self.rng.randint(4, 9))
        self.do(self.principal, "ask_extension", due=later, reason=self.say("extend"))

    def _end(self, hazard: Hazard) -> datetime:
        return hazard.due_at or clock.now()

    def _decide_extension(self, _shot: object) -> None:
        if self.hazard.asked_due is None:
            return
        granted = self.story.extension == "granted"
        reason = self.say("extend_granted" if granted else "extend_denied")
        self.do(self.regulator, "decide_extension", granted=granted, reason=reason)

    def _join(self, shot: Any) -> None:
        """Somebody else finds the same: the finding joins this hazard."""
        finder = self.rng.choice(self.staff.inspectors[self.story.firm.county])
        self.register(finder, shot, "county")

    def _note(self, _shot: object) -> None:
        self.do(self.enterprise_actor, "add_evidence", remark="材料已到场，正在按方案施工，现场已设警戒。")

    def _submit(self, index: int) -> Moments:
        at = self.day(index)
        shot = self.shoot(at, after=True)
        yield at
        self.do(
            self.enterprise_actor, "submit", shot, measure_done=self.bank.finish(self.story.words),
            finished_on=clock.today(), cost=self.cost(),
        )  # fmt: skip

    # -- ending

    def _ending(self) -> Moments:
        story = self.story
        if story.stop == "rectifying" and not story.fails:
            return
        for _ in range(story.fails):
            yield from self._recheck(passed=False)
            if story.stop == "rectifying":
                return
            yield from self._submit(self.hours.index(clock.now()) + self.rng.randint(2, 4))
        if story.stop == "rectified":
            return
        yield from self._recheck(passed=True)
        if story.stop == "accepted":
            return
        yield from self._close()
        if self.report is not None:
            self.world.enter(self._answering(self.report))
        if story.look_back:
            yield from self._look_back()
        if story.again:
            yield from self._again()

    def _answering(self, report: Reporting) -> Moments:
        try:
            yield from answered(report, say(self.rng, "answer"))
            yield from rewarded(report)
        except NotYet:
            return

    def _recheck(self, *, passed: bool) -> Moments:
        at = self.wait(self.story.gaps["recheck"])
        hazard = self.hazard
        shot = self.shoot(at, after=passed) if hazard.major or self.rng.random() < 0.12 else None
        yield at
        first, second = self.officers()
        data: dict[str, Any] = {"passed": passed, "remark": self.say("recheck_pass" if passed else "recheck_fail")}
        if hazard.major:
            data["officers"] = [second]
        if not passed:
            data["new_due"] = self.hours.day_after(clock.now(), self.rng.randint(4, 8))
        self.do(first, "recheck", shot, **data)

    def _close(self) -> Moments:
        if self.hazard.listed:
            yield self.wait(0)
            level = self.hazard.listing_level
            actor = self.staff.offices[CITY_CODE] if level == "city" else self.office
            self.do(actor, "delist", remark="整改经复查合格，解除挂牌督办。")
        yield self.wait(self.story.gaps["close"])
        self.do(self.regulator, "close", remark=self.say("close"))

    def _look_back(self) -> Moments:
        outcome = self.story.look_back
        at = self.wait(self.rng.randint(8, 18))
        shot = self.shoot(at, after=outcome == "holds")
        yield at
        holds = outcome == "holds"
        due = None if holds else self.hours.day_after(clock.now(), self.rng.randint(5, 10))
        remark = self.say("look_back_ok" if holds else "look_back_bad")
        self.do(self.office, "look_back", shot, holds=holds, remark=remark, new_due=due)
        if outcome == "closed":
            yield from self._submit(self.hours.index(clock.now()) + self.rng.randint(2, 5))
            yield from self._recheck(passed=True)
            yield from self._close()

    def _again(self) -> Moments:
        """Found once more after it was closed: a new hazard that links to this one."""
        yield self.wait(self.rng.randint(6, 25))
        own = replace(
            self.story, start=self.wait(0), source="county",
            again=False, look_back="", splits=False, refused="", extension="", joined=False,
        )  # fmt: skip
        self.world.enter(type(self)(self.world, own).run())
