"""The demo city is alive, came about through the verbs, and its people can sign in and have something to do."""

import json
import stat
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.test import RequestFactory

from anlan.chain.models import Duty, DutyCard
from anlan.demo import load
from anlan.demo.city.ground import POINTS
from anlan.demo.city.hours import Hours
from anlan.enforcement.models import Instrument, Publication
from anlan.experts.models import Expert
from anlan.experts.queries import certified
from anlan.hazards import tallying
from anlan.hazards.flow import HAZARD
from anlan.hazards.models import DueDate, Hazard, Photo, Signature
from anlan.hazards.rules import signer_of
from anlan.identity import roles, tokens
from anlan.identity.acting import actor_for, posts_of
from anlan.identity.models import Person, Post
from anlan.inspections import drawing
from anlan.inspections.models import Draw, DrawNotice, Finding, SelfCheck, Visit
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.models import Entry, Pending, Timer
from anlan.registry.models import Enterprise
from anlan.reports.models import Report
from anlan.rewards.models import Bill, Reward
from anlan.risks.models import RiskPoint
from anlan.site.testing import wipe

TODAY = date(2026, 9, 16)
NOW = datetime.combine(TODAY, time(16, 30), clock.SHANGHAI)
STORIES = 80

pytestmark = [pytest.mark.slow, pytest.mark.django_db(databases=["default", "owner"])]


@pytest.fixture(scope="module")
def loaded(django_db_setup: Any, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """One small city for all tests here, really committed."""
    told: list[tuple[str, int, int]] = []
    with django_db_blocker.unblock():
        try:
            summary = load.main(hazards=STORIES, today=TODAY, progress=lambda *one: told.append(one))
            yield summary | {"told": told}
        finally:
            wipe()
            load.accounts_file().unlink(missing_ok=True)


@pytest.fixture
def accounts(loaded: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(load.accounts_file().read_text())
    return found


def test_every_state_is_there_and_the_figures_reconcile(loaded: dict[str, Any]) -> None:
    with scope.acting(SYSTEM):
        states = Counter(Hazard.objects.values_list("state", flat=True))
    assert set(states) == {state.code for state in HAZARD.states}
    assert sum(states.values()) >= STORIES
    assert loaded["states"] == dict(states)
    assert loaded["late"] > 0
    assert tallying.drift() == []


def test_every_hazard_has_its_whole_history(loaded: dict[str, Any]) -> None:
    """As many entries as the record has versions, ending in the state it is in, and all of them sealed."""
    with scope.acting(SYSTEM):
        for hazard in Hazard.objects.all():
            entries = list(Entry.objects.filter(subject_id=hazard.pk).order_by("version"))
            assert [entry.version for entry in entries] == list(range(1, hazard.version + 1))
            assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
            assert entries[-1].at <= NOW
        assert not Pending.objects.exists()


def test_the_history_reaches_back_and_runs_on_working_days(loaded: dict[str, Any]) -> None:
    with scope.acting(SYSTEM):
        found = [moment.astimezone(clock.SHANGHAI) for moment in Hazard.objects.values_list("found_at", flat=True)]
    hours = Hours(load.random.Random(1), now=NOW, first=date(2025, 1, 1))
    assert {moment.date() for moment in found} <= set(hours.days)
    assert min(found).date() < date(2026, 3, 1)
    assert max(found).date() >= date(2026, 9, 14)


def test_what_was_late_was_told_by_the_clock(loaded: dict[str, Any]) -> None:
    with scope.acting(SYSTEM):
        steps = Counter(Entry.objects.filter(subject_type="hazard", actor_name="clock").values_list("step", flat=True))
        assert {"remind", "fall_due", "escalate"} <= set(steps)
        late = Hazard.objects.filter(late=True)
        assert all(hazard.due_at and hazard.due_at < NOW for hazard in late)
        assert not Timer.objects.filter(at__lte=NOW).exists()


def test_evidence_and_signatures_hang_on_them(loaded: dict[str, Any]) -> None:
    with scope.acting(SYSTEM):
        without = Hazard.objects.exclude(source__in=["document", "citizen"]).exclude(photos__phase="before")
        assert not without.exclude(pk__in=Hazard.objects.filter(source="document")).exists()
        closed = Hazard.objects.filter(state="closed")
        assert closed.exists()
        assert not closed.exclude(photos__phase="after").exists()
        dated = Photo.objects.filter(file__taken_at__isnull=False, file__lon__isnull=False)
        assert dated.exists()
        assert Signature.objects.filter(refused=False, drawing__isnull=False).exists()
        assert DueDate.objects.filter(hazard__in=closed).exists()


def test_accounts_are_kept_from_others(loaded: dict[str, Any]) -> None:
    assert stat.S_IMODE(load.accounts_file().stat().st_mode) == 0o600


def test_there_is_an_account_for_every_post(accounts: list[dict[str, Any]]) -> None:
    assert {one["post"] for one in accounts} == set(roles.ROLES)
    assert len({one["username"] for one in accounts}) == len(accounts)
    two = next(one for one in accounts if one["posts"] == 2)
    person = Person.objects.get(username=two["username"])
    with scope.acting(SYSTEM), clock.at(NOW):
        assert len(posts_of(person.pk)) == 2


def test_accounts_sign_in_and_their_tokens_act(accounts: list[dict[str, Any]]) -> None:
    for one in accounts:
        request = RequestFactory().post("/accounts/login/")
        person = authenticate(request, username=one["username"], password=one["password"])
        assert person is not None, one["username"]
        with clock.at(NOW):
            post = tokens.post_of_token(one["token"])
        assert post is not None
        assert (post.person_id, post.role) == (person.pk, one["post"])


def test_the_visitors_have_something_to_do(accounts: list[dict[str, Any]]) -> None:
    """The posts of one loop wait for each other's next step on hazards of one enterprise."""
    doing: dict[str, set[str]] = {}
    for one in accounts:
        with clock.at(NOW):
            post = tokens.post_of_token(one["token"])
        assert post is not None
        actor = actor_for(post)
        with scope.acting(actor):
            for hazard in Hazard.objects.all():
                if signer_of(actor, hazard) and hazard.state == "dispatched":
                    doing.setdefault(one["username"], set()).add("sign")
                doing.setdefault(one["username"], set()).add(hazard.state)
    for name in ("leader", "groupleader", "principal"):
        assert "sign" in doing[name], name
    assert {"found", "accepted"} <= doing["regulator"]
    assert "rectified" in doing["inspector"]
    assert {"claimed", "rectifying"} <= doing["principal"]
    assert "sysadmin" not in doing


def test_a_second_load_changes_nothing(loaded: dict[str, Any]) -> None:
    again = load.main(hazards=STORIES, today=TODAY)
    assert {key: again[key] for key in again} == {key: loaded[key] for key in again}


def test_progress_is_told_to_its_end(loaded: dict[str, Any]) -> None:
    last = {what: (done, total) for what, done, total in loaded["told"]}
    assert len(last) == 5
    assert all(done == total for done, total in last.values())


def test_there_is_a_pool_of_experts_and_officers_may_inspect(loaded: dict[str, Any]) -> None:
    today = TODAY
    with scope.acting(SYSTEM):
        levels = Counter(Expert.objects.values_list("level", flat=True))
        assert levels["province"] > 80
        assert levels["city"] + levels["retired"] > 140
        officers = set(Post.objects.filter(role=roles.INSPECTOR).values_list("person_id", flat=True))
        holding = certified(officers, today, 0)
        assert 0 < len(holding) < len(officers), "one a county has let it run out"


def test_visits_were_made_and_their_findings_are_hazards(loaded: dict[str, Any]) -> None:
    with scope.acting(SYSTEM):
        states = Counter(Visit.objects.values_list("state", flat=True))
        assert states["filed"] > 0
        assert sum(states.values()) > states["filed"], "some are still to come"
        assert set(Visit.objects.values_list("check_kind", flat=True)) == {"county", "group", "expert"}
        found = Finding.objects.exclude(hazard_id=None)
        assert found.count() > 0
        assert Hazard.objects.filter(pk__in=found.values_list("hazard_id", flat=True)).count() == found.count()


def test_the_ground_is_surveyed_and_enterprises_check_themselves(loaded: dict[str, Any]) -> None:
    with scope.acting(SYSTEM):
        points = RiskPoint.objects.all()
        assert points.count() == round(POINTS * STORIES / load.FULL_SIZE)
        assert set(points.values_list("colour", flat=True)) == {"red", "orange", "yellow", "blue"}
        assert points.filter(reassess_by__lt=TODAY).exists(), "some are due to be assessed again"
        assert Duty.objects.filter(kind="sector", part="lead").exists()
        assert set(SelfCheck.objects.values_list("state", flat=True)) >= {"done", "missed"}


def test_a_draw_was_held_and_one_waits(loaded: dict[str, Any]) -> None:
    with scope.acting(SYSTEM):
        draw = Draw.objects.get()
        assert DrawNotice.objects.count() == 2
        assert 0 < Visit.objects.filter(draw=draw).count() <= len(draw.result)
    assert drawing.draw(draw.published) == draw.result


def test_duty_cards_are_handed_out(loaded: dict[str, Any], accounts: list[dict[str, Any]]) -> None:
    """Most firms have theirs; the one that visitors act for has one to acknowledge and one that is."""
    principal = Person.objects.get(username=next(one["username"] for one in accounts if one["post"] == roles.PRINCIPAL))
    with scope.acting(SYSTEM):
        assert Enterprise.objects.filter(duty_cards__active=True).distinct().count() > Enterprise.objects.count() / 2
        own = DutyCard.objects.filter(enterprise__in=Post.objects.filter(person=principal).values("organisation_id"))
        assert {one.level: one.signed_on is not None for one in own} == {"principal": False, "safety_officer": True}


def test_citizens_reported_and_were_answered(loaded: dict[str, Any]) -> None:
    with scope.acting(SYSTEM):
        states = set(Report.objects.values_list("state", flat=True))
        assert {"submitted", "screened", "dispatched", "returned", "verified", "handled", "answered"} <= states
        assert set(Report.objects.values_list("outcome", flat=True)) >= {
            "verified",
            "unfounded",
            "declined",
            "duplicate",
        }
        true = Report.objects.filter(outcome="verified")
        assert not true.filter(hazard_id=None).exists()
        answered = Hazard.objects.filter(pk__in=true.filter(state="answered").values("hazard_id"))
        assert answered.exists()
        assert not answered.exclude(state__in=["closed", "rectifying", "rectified"]).exists(), "or opened again since"
        assert Report.objects.filter(satisfied=True).exists()
        assert Report.objects.filter(anonymous=True).exists()
        assert not Person.objects.filter(posts__role=roles.CITIZEN).exclude(region=0).exists()


def test_rewards_were_paid_within_the_budget(loaded: dict[str, Any]) -> None:
    with scope.acting(SYSTEM):
        states = Counter(Reward.objects.values_list("state", flat=True))
        assert states["paid"] >= 5
        assert set(Bill.objects.values_list("way", flat=True)) == {"wechat", "voucher"}
        assert not Bill.objects.exclude(state="SUCCESS").filter(reward__state="paid").exists()
        paid = Reward.objects.filter(state="paid").count()
        assert Bill.objects.filter(state="SUCCESS").count() == paid


def test_the_public_reads_notices_that_name_nobody(loaded: dict[str, Any]) -> None:
    with scope.acting(SYSTEM):
        shown = list(Publication.objects.filter(retracted_at=None))
        people = set(Instrument.objects.exclude(received_by="").values_list("received_by", flat=True))
    assert shown
    for one in shown:
        assert one.number
        assert "【" not in one.words
        assert not [name for name in people if name in one.words]
