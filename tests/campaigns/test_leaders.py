"""Leaders' duties: who has which, what counts towards them, who may write it down, what is announced and what becomes a fact."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from anlan.campaigns import actions
from anlan.campaigns.beside import asked_of
from anlan.campaigns.counters import leader_visits, leader_visits_list
from anlan.campaigns.leaders.duties import duties, period_before, period_of
from anlan.campaigns.leaders.people import Leader, chief_by, leaders
from anlan.campaigns.models import LeaderAct, LeaderOwed
from anlan.campaigns.queries.leaders import deeds_of, lines, year_of
from anlan.chain.models import Duty
from anlan.identity.models import Post
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.codes import subtree
from anlan.kernel.errors import Forbidden, Invalid, NotFound, NotNow
from anlan.kernel.ids import new_id
from anlan.kernel.models import Entry
from anlan.notify.models import Message
from tests.campaigns.conftest import Month
from tests.factories import CITY, COUNTY, NEIGHBOUR

pytestmark = [pytest.mark.django_db(databases=["default", "owner"]), pytest.mark.usefixtures("in_may")]
TODAY = date(2026, 5, 6)
STUDY = {
    "date": "2026-04-08",
    "body": "government",
    "rank": "chief",
    "topic": "研究燃气安全专项整治资金",
    "decision": "县财政安排",
}
VISIT = {"date": "2026-04-09", "leader": "副县长王建国", "place": "城东客运站", "problems": 1}


@pytest.fixture
def people(month: Month) -> dict[str, Leader]:
    """The county's secretary, head and a deputy, of whom only the deputy has an account; the neighbour's leader by title alone."""
    with scope.acting(SYSTEM):
        deputy = Post.objects.get(pk=month.actors["leader"].post)
        Post.objects.filter(pk=deputy.pk).update(title="副县长")
        type(deputy.person).objects.filter(pk=deputy.person_id).update(name="王建国")
        Post.objects.filter(pk=month.actors["n_leader"].post).update(title="县长")
        for part, name in (("director_party", "张书记"), ("director_government", "李县长")):
            Duty.objects.create(
                id=new_id(),
                kind="committee",
                part=part,
                region=COUNTY,
                person_name=name,
                title="主任",
                valid_from=date(2024, 1, 1),
            )
        return {one.name: one for one in leaders(*subtree(CITY), TODAY)}  # fmt: skip


def record(month: Month, who: str | Actor, *names: Leader, **given: Any) -> LeaderAct:
    actor = month.actors[who] if isinstance(who, str) else who
    data = {
        "kind": "study",
        "on": date(2026, 4, 10),
        "topic": "研究老旧小区消防设施改造资金",
        "people": [one.key for one in names],
    }
    with scope.acting(actor):
        return actions.record_act(actor=actor, campaign=month.campaign.pk, data=data | given)


def mark(month: Month, leader: Leader, duty: str, day: date = TODAY) -> tuple[int, str]:
    with scope.acting(month.actors["city"]):
        line = next(one for one in lines(month.campaign, CITY, day) if one.leader.key == leader.key)
    found = line.marks[duty]
    assert found
    return found.done, found.standing


def test_the_duties_and_their_periods() -> None:
    assert {(one.code, one.who, one.period, one.evidence) for one in duties()} == {
        ("hear", "chief", "half_year", "W"), ("study", "other", "quarter", "W"), ("visit", "all", "quarter", "K"),
    }  # fmt: skip
    spans = {
        (kind, day): period_of(kind, day)
        for kind in ("quarter", "half_year", "month", "year")
        for day in (date(2026, 1, 1), date(2026, 12, 31))
    }
    assert [f"{one.begins}..{one.ends}" for one in spans.values()] == [
        "2026-01-01..2026-03-31", "2026-10-01..2026-12-31", "2026-01-01..2026-06-30", "2026-07-01..2026-12-31",
        "2026-01-01..2026-01-31", "2026-12-01..2026-12-31", "2026-01-01..2026-12-31", "2026-01-01..2026-12-31",
    ]  # fmt: skip
    assert period_before("quarter", date(2026, 2, 3)).label == "2025-10–2025-12"


@pytest.mark.parametrize(
    ("title", "chief"),
    [
        ("县委书记", True),
        ("县长", True),
        ("副县长", False),
        ("常务副县长", False),
        ("县委常委、副书记", False),
        ("局长", False),
        ("", False),
    ],
)
def test_who_is_chief_by_title(title: str, chief: bool) -> None:
    assert chief_by(title) is chief


def test_who_leads(people: dict[str, Leader], month: Month) -> None:
    county = {one.name: (one.chief, one.side) for one in people.values() if one.region == COUNTY}
    assert county == {"张书记": (True, "party"), "李县长": (True, "government"), "王建国": (False, "")}
    neighbour = next(one for one in people.values() if one.region == NEIGHBOUR)
    assert neighbour.chief
    assert people["王建国"].key == str(month.actors["leader"].person)


def test_what_counts_comes_from_records_returns_and_visits(month: Month, people: dict[str, Leader]) -> None:
    month.passed(
        "county",
        rows={"studies": [STUDY], "visits": [VISIT, {**VISIT, "place": "东关市场"}]},
        nothing={"studies": False, "visits": False},
    )
    assert mark(month, people["李县长"], "hear") == (1, "done")
    assert mark(month, people["张书记"], "hear") == (0, "open")  # the return says that the government met
    assert mark(month, people["王建国"], "visit") == (1, "done")  # two places, one day
    assert mark(month, people["王建国"], "study") == (0, "open")
    record(month, "county", people["王建国"])
    assert mark(month, people["王建国"], "study") == (1, "done")
    record(month, "county", people["张书记"], people["王建国"], kind="hear", topic="听取三年行动上半年进展")
    assert mark(month, people["张书记"], "hear") == (1, "done")
    with scope.acting(month.actors["county"]):
        behind = deeds_of(month.campaign, COUNTY, TODAY, people["王建国"].key, "visit")
    assert {(one.source, one.where) for one in behind} == {("return", "城东客运站"), ("return", "东关市场")}


def test_a_row_that_names_nobody_counts_for_nobody(month: Month, people: dict[str, Leader]) -> None:
    month.passed(
        "county",
        rows={"studies": [{**STUDY, "body": "party", "rank": "other"}], "visits": [{**VISIT, "leader": "分管副县长"}]},
        nothing={"studies": False, "visits": False},
    )
    assert mark(month, people["王建国"], "study") == (1, "done")  # the only one who is not chief
    assert mark(month, people["王建国"], "visit") == (0, "open")
    with scope.acting(month.actors["county"]):
        assert [one.what for one in deeds_of(month.campaign, COUNTY, TODAY, duty="nobody")] == ["分管副县长"]


@pytest.mark.parametrize(
    "who", ["department", "inspector", "regulator", "auditor", "principal", "citizen", "town", "neighbour", "n_leader"]
)
def test_who_may_not_write_down(month: Month, people: dict[str, Leader], who: str) -> None:
    with pytest.raises((Forbidden, Invalid)):
        record(month, who, people["王建国"])
    assert not LeaderAct.objects.exists()


def test_a_leader_writes_down_their_own(month: Month, people: dict[str, Leader]) -> None:
    row = record(month, "leader", people["王建国"])
    assert (row.region, row.people[0]["name"]) == (COUNTY, "王建国")
    with pytest.raises(Forbidden):
        record(month, "leader", people["李县长"])
    with scope.acting(SYSTEM):
        assert Entry.objects.filter(subject_type="leader_act", subject_id=row.pk, step="record_act").count() == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"on": date(2026, 5, 7)}, "on"),
        ({"on": date(2023, 12, 31)}, "on"),
        ({"topic": "市政府第三十二次常务会议"}, "topic"),
        ({"topic": "开会"}, "topic"),
        ({"kind": "visit"}, "place"),
        ({"people": []}, "people"),
        ({"people": ["nobody"]}, "people"),
        ({"kind": "sleep"}, "kind"),
        ({"photos": [new_id()]}, "photos"),
    ],
)
def test_what_is_not_taken_down(month: Month, people: dict[str, Leader], given: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        record(month, "county", people["王建国"], **given)
    assert field in refused.value.fields


def test_a_mistake_is_withdrawn_and_stays(month: Month, people: dict[str, Leader]) -> None:
    row = record(month, "county", people["王建国"])
    for who, error in (("neighbour", NotFound), ("leader", Forbidden), ("inspector", Forbidden)):
        with scope.acting(month.actors[who]), pytest.raises(error):
            actions.withdraw_act(actor=month.actors[who], act=row.pk, data={"reason": "写错了人"})
    county = month.actors["county"]
    with scope.acting(county):
        actions.withdraw_act(actor=county, act=row.pk, data={"reason": "写错了人"})
        with pytest.raises(NotNow):
            actions.withdraw_act(actor=county, act=row.pk, data={"reason": "写错了人"})
    assert mark(month, people["王建国"], "study") == (0, "open")


def test_the_return_knows_of_a_visit_written_down(month: Month, people: dict[str, Leader]) -> None:
    record(month, "county", people["王建国"], kind="visit", place="城西化工园")
    with scope.acting(SYSTEM):
        asked = asked_of(month.of("county"))
        assert leader_visits(asked) == 1
        assert leader_visits_list(asked) == "2026-04-10 王建国 城西化工园"
    row = month.do("county", month.of("county"), "save", nothing={"visits": True})
    assert "leader_visit_not_entered" in {one["check"] for one in row.troubles}


def _watched(day: date) -> int:
    with clock.at(datetime(day.year, day.month, day.day, 2, tzinfo=UTC)):
        return actions.watch_leaders()


def test_what_is_owed_is_announced_before_and_a_fact_afterwards(month: Month, people: dict[str, Leader]) -> None:
    record(month, "county", people["张书记"], kind="hear", topic="听取三年行动上半年进展")
    _watched(date(2026, 5, 7))
    with scope.acting(SYSTEM):
        assert not LeaderOwed.objects.exclude(announced_at=None).exists()  # no period is near its end
        assert set(LeaderOwed.objects.values_list("begins", flat=True)) == {
            date(2026, 1, 1)
        }  # the first quarter's are facts
    _watched(date(2026, 6, 20))
    with scope.acting(SYSTEM):
        soon = {(one.name, one.duty): one for one in LeaderOwed.objects.exclude(announced_at=None)}
        assert ("李县长", "hear") in soon
        assert ("张书记", "hear") not in soon
        assert soon["李县长", "hear"].missed_at is None
        told = Message.objects.filter(kind="leader.due", subject_id=soon["李县长", "hear"].pk)
        assert month.actors["county"].person in set(told.values_list("person_id", flat=True))
        own = LeaderOwed.objects.get(name="王建国", duty="study", begins=date(2026, 4, 1))
        to_whom = set(Message.objects.filter(subject_id=own.pk).values_list("person_id", flat=True))
    assert month.actors["leader"].person in to_whom
    assert month.actors["neighbour"].person not in to_whom
    assert _watched(date(2026, 6, 21)) == 0  # said once
    assert _watched(date(2026, 7, 2)) == 0  # the last month's return is not in yet
    _watched(date(2026, 7, 30))
    with scope.acting(SYSTEM):
        assert LeaderOwed.objects.get(name="李县长", duty="hear", begins=date(2026, 1, 1)).missed_at
        assert not LeaderOwed.objects.filter(name="张书记", duty="hear", begins=date(2026, 1, 1)).exists()
        assert Message.objects.filter(kind="leader.missed").exists()
    assert _watched(date(2026, 7, 31)) == 0


def test_what_was_made_up_before_the_end_is_no_fact(month: Month, people: dict[str, Leader]) -> None:
    _watched(date(2026, 6, 20))
    with clock.at(datetime(2026, 6, 29, 2, tzinfo=UTC)):
        record(month, "county", people["李县长"], kind="hear", topic="听取三年行动上半年进展", on=date(2026, 6, 28))
    _watched(date(2026, 7, 30))
    with scope.acting(SYSTEM):
        assert LeaderOwed.objects.get(name="李县长", duty="hear", begins=date(2026, 1, 1)).missed_at is None


def test_soon_over_is_shown(month: Month, people: dict[str, Leader]) -> None:
    assert mark(month, people["李县长"], "hear", date(2026, 6, 25))[1] == "soon"
    assert mark(month, people["李县长"], "hear", date(2026, 3, 25))[1] == "open"


def test_a_neighbour_sees_nothing_of_it(month: Month, people: dict[str, Leader]) -> None:
    row = record(month, "county", people["王建国"])
    for who, seen in (
        ("county", True),
        ("city", True),
        ("neighbour", False),
        ("n_leader", False),
        ("principal", False),
        ("citizen", False),
    ):
        with scope.acting(month.actors[who]):
            assert LeaderAct.objects.filter(pk=row.pk).exists() is seen, who


def test_the_year_is_counted_for_an_assessment(month: Month, people: dict[str, Leader]) -> None:
    record(month, "county", people["王建国"], on=date(2026, 4, 10))
    record(month, "county", people["张书记"], kind="hear", topic="听取三年行动上半年进展", on=date(2026, 4, 11))
    _watched(date(2026, 4, 20))
    hear, study = year_of(COUNTY, 2026, duty="hear"), year_of(COUNTY, 2026, duty="study")
    assert (hear.owed, hear.done, hear.missed) == (2, 1, 0)  # the head of government may still hear it
    assert [(one.period.label, one.done, one.missed) for one in study.rows] == [
        ("2026-01–2026-03", False, True), ("2026-04–2026-06", True, False),
    ]  # fmt: skip
    assert [one.source for one in study.rows[1].deeds] == ["act"]
    assert year_of(COUNTY, 2026).owed == hear.owed + study.owed + year_of(COUNTY, 2026, duty="visit").owed
    assert not year_of(COUNTY, 2027).rows  # nothing of it has begun
    assert not year_of(COUNTY, 2023).rows  # no campaign ran
    assert not year_of(NEIGHBOUR, 2026, duty="study").rows  # their only leader is chief
    assert not year_of(COUNTY, 2026, unit=month.units["department"].pk).rows


def test_written_down_after_it_was_missed_does_not_undo_the_fact(month: Month, people: dict[str, Leader]) -> None:
    _watched(date(2026, 4, 20))
    record(month, "leader", people["王建国"], on=date(2026, 3, 30))
    first = year_of(COUNTY, 2026, duty="study").rows[0]
    assert (first.done, first.missed, len(first.deeds)) == (False, True, 1)


def _in_office(month: Month, since: date) -> None:
    with scope.acting(SYSTEM):
        Post.objects.filter(pk=month.actors["leader"].post).update(valid_from=since)


@pytest.mark.parametrize(
    ("since", "owes"), [(date(2026, 2, 1), True), (date(2026, 3, 2), False), (date(2026, 4, 2), False)]
)
def test_a_new_leader_does_not_owe_what_they_could_not_know_of(
    month: Month, people: dict[str, Leader], since: date, owes: bool
) -> None:
    _in_office(month, since)
    _watched(date(2026, 4, 20))
    with scope.acting(SYSTEM):
        found = LeaderOwed.objects.filter(name="王建国", begins=date(2026, 1, 1), duty="study")
        assert found.exclude(missed_at=None).exists() is owes
    assert (len(year_of(COUNTY, 2026, duty="study").rows) == 2) is owes


def test_an_account_made_later_keeps_what_was_done_by_name(month: Month, people: dict[str, Leader]) -> None:
    record(month, "county", people["李县长"], kind="hear", topic="听取三年行动上半年进展")
    with scope.acting(SYSTEM):
        person = type(Post.objects.get(pk=month.actors["leader"].post).person).objects.create(
            id=new_id(), username="r-li", name="李县长", password="!", created_at=clock.now()
        )
        post = Post.objects.create(
            id=new_id(),
            person=person,
            role="leader",
            region=COUNTY,
            title="县长",
            valid_from=TODAY,
            created_at=clock.now(),
        )
        Duty.objects.filter(person_name="李县长").update(post=post, person_name="")
        now = {one.name: one for one in leaders(*subtree(COUNTY), TODAY)}["李县长"]
    assert now.key != people["李县长"].key
    assert mark(month, now, "hear") == (1, "done")
