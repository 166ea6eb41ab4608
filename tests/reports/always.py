"""What holds of reports whatever anybody did: none is lost, each tells one story, the seal stays closed, the plaza is clean."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from hypothesis.stateful import invariant

from anlan.files.models import File
from anlan.identity.holders import reach
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.flow.take import snapshot
from anlan.kernel.ledger.read import acts
from anlan.kernel.models import Entry, Timer
from anlan.reports.flow import REPORT
from anlan.reports.models import Hold, Opinion, PublicPhoto, PublicReport, Report, ReportPhoto, Seal, Sending
from anlan.reports.notices import whom
from anlan.reports.plaza.keeping import PLAZA
from anlan.reports.states import OPEN
from anlan_verify import canonical
from tests.reports.conftest import NAME, PHONE, Town

SETTLING = ("verify", "unfounded", "decline", "duplicate")
UNSEALED = ("dispatcher", "office", "inspector", "regulator", "other_inspector", "leader", "finance", "principal")
PERSONAL = (NAME, PHONE, "138.0013.8000", "hanxm1990", "晋L12345", "111.518912", "36.088437")
"""What was written into reports and may be read by nobody on the plaza."""


class Always:
    """The invariants, for a state machine that keeps its `town`, `now` and the `ids` of what came in."""

    town: Town
    now: datetime
    ids: list[UUID]

    def actor(self, name: str) -> Actor:
        found: Actor = getattr(self.town, name) if name in vars(self.town) else self.town.city.actors[name]
        return found

    @invariant()
    def none_is_lost(self) -> None:
        """Every report that ever came in is there, the desk of its county sees it, and whoever it waits for exists."""
        with scope.acting(SYSTEM):
            rows = list(Report.objects.order_by("pk"))
            assert {row.pk for row in rows} == set(self.ids)
            for row in rows:
                if row.state in OPEN and row.state != "reviewed":
                    assert any(reach(one) for one in whom(row)), row.state
        for desk in ("dispatcher", "n_dispatcher"):
            actor = self.actor(desk)
            with scope.acting(actor):
                assert Report.objects.count() == sum(actor.covers(row.region) for row in rows)

    @invariant()
    def who_reported_stays_sealed(self) -> None:
        for name in UNSEALED:
            with scope.acting(self.actor(name)):
                assert not Seal.objects.exists()
        with scope.acting(SYSTEM):
            firsts = list(Seal.objects.filter(first=True, place=0).values_list("report_id", flat=True))
            assert sorted(firsts) == sorted(self.ids)
            told = Entry.objects.filter(subject_type="report", step__in=("join", "contest", "rate"))
            assert not told.exclude(person_id=None, post_id=None, actor_name="").exists()
            assert not Seal.objects.filter(report__anonymised_at__isnull=False).exclude(name="", phone="").exists()
            sent = File.objects.filter(pk__in=ReportPhoto.objects.filter(phase="report").values("file_id"))
            assert set(sent.values_list("uploader_id", flat=True)) <= {None, self.actor("dispatcher").person}

    @invariant()
    def every_record_holds_together(self) -> None:
        with scope.acting(SYSTEM):
            rows = {row.pk: row for row in Report.objects.all()}
            for row in rows.values():
                history = acts(row.pk)
                self.ledger_tells_the_row(row, history)
                self.counters_agree(row, history)
                self.state_and_outcome_agree(row, rows)
                self.nobody_judges_their_own(row, history)
                self.it_waits_once(row)

    def ledger_tells_the_row(self, row: Report, history: Any) -> None:
        leaf, state, replayed = None, None, {}
        assert [act.version for act in history] == list(range(1, row.version + 1))
        bodies = Entry.objects.filter(subject_id=row.pk).order_by("version").values_list("body", flat=True)
        for act, body in zip(history, bodies, strict=True):
            assert canonical.loads(bytes(body))["prev"] == leaf
            assert act.state[0] == state
            assert (act.step, act.state[0] or "", act.state[1]) in REPORT.edges()
            leaf, state = act.leaf, act.state[1]
            for name, (old, new) in act.changes.items():
                assert replayed.get(name) == old
                replayed[name] = new
        facts = snapshot(REPORT, row)
        assert state == row.state
        assert {name: replayed.get(name) for name in facts} == facts

    def counters_agree(self, row: Report, history: Any) -> None:
        steps = [act.step for act in history]
        legs = list(Sending.objects.filter(report=row.pk).values_list("way", flat=True))
        said = list(Opinion.objects.filter(report=row.pk).values_list("kind", flat=True))
        assert row.joined == Seal.objects.filter(report_id=row.pk, first=False).count() == steps.count("join")
        again = legs.count("again")
        assert row.returns == legs.count("returned") == steps.count("send_back")
        assert len(legs) - row.returns - again == steps.count("dispatch")
        assert again <= steps.count("send_again")
        assert row.contested == said.count("contest") == steps.count("contest") <= 1
        assert row.reopened == steps.count("contest") + steps.count("send_again") + steps.count("come_back")
        assert said.count("rating") == steps.count("rate") <= 1 + row.contested
        assert row.held == Hold.objects.filter(report=row.pk, state="waiting").exists()

    def state_and_outcome_agree(self, row: Report, rows: dict[UUID, Report]) -> None:
        settled = row.state in ("handled", "reviewed", "answered")
        assert bool(row.outcome) == (settled or row.state == "verified")
        assert (row.handled_at is not None) == settled
        assert (row.answered_at is not None) == (row.state == "answered")
        assert (row.outcome == "duplicate") == (row.duplicate_of_id is not None)
        assert row.state != "verified" or (row.outcome, row.hazard_id is None) == ("verified", False)
        assert row.state not in ("dispatched", "verified", "returned") or row.unit_id is not None
        seen, other = {row.pk}, row.duplicate_of_id
        while other is not None:
            assert other not in seen  # nothing follows itself
            seen.add(other)
            other = rows[other].duplicate_of_id

    def nobody_judges_their_own(self, row: Report, history: Any) -> None:
        """Whoever looked, declined or merged is not who reviews; what the platform answers by itself another answer covers."""
        people = dict(Entry.objects.filter(subject_id=row.pk).values_list("version", "person_id"))
        settled_by = None
        for act in history:
            if act.step in SETTLING:
                settled_by = people[act.version]
            elif act.step == "review" and people[act.version] is not None:
                assert people[act.version] != settled_by
            elif act.step == "review":
                assert not row.contested or any(one.step == "contest" for one in history if one.version > act.version)
                assert act.state[0] == "handled"

    def it_waits_once(self, row: Report) -> None:
        live = Timer.objects.filter(record_id=row.pk, clock=row.clock).count()
        assert live <= 1
        assert (row.due_at is None) == (row.state == "answered")
        if row.state == "answered":
            assert live == 0
            assert not row.late
        if row.state == "reviewed":
            assert live == 1  # the answer leaves
        if row.late:
            assert row.due_at is not None
            assert row.due_at < self.now

    @invariant()
    def the_plaza_shows_what_it_may_and_no_more(self) -> None:
        with scope.acting(SYSTEM):
            may = {
                row.pk
                for row in Report.objects.all()
                if row.public and not row.held and row.public_words and row.state != "submitted"
                and row.outcome not in ("duplicate", "declined")
            }  # fmt: skip
            shown = set(ReportPhoto.objects.filter(shown=True, report__in=may).values_list("pk", flat=True))
        with scope.acting(PLAZA), connection.cursor() as cursor:
            assert set(PublicReport.objects.values_list("pk", flat=True)) == may
            assert set(PublicPhoto.objects.values_list("pk", flat=True)) == shown
            cursor.execute(
                "SELECT to_jsonb(r)::text FROM reports_publicreport r UNION ALL SELECT to_jsonb(p)::text FROM reports_publicphoto p"
            )
            text = " ".join(one for (one,) in cursor.fetchall())
        assert not [one for one in PERSONAL if one in text]
