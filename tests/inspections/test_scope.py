"""An unannounced visit is not there for the enterprise before the arrival: by every door. Members see theirs from anywhere."""

import pytest
from django.db import connection

from anlan.files.models import File
from anlan.hazards.models import Hazard
from anlan.inspections.models import Answer, Finding, Member, Visit, VisitChecklist
from anlan.inspections.queries.field import visits_for
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import NotFound
from anlan.kernel.ledger.read import acts
from anlan.kernel.models import Entry
from anlan.notify.models import Message
from tests.inspections.conftest import Field, certify

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
HIDDEN = ("unannounced", "covert", "cross_region")


def hidden(city: Field, style: str = "unannounced") -> Visit:
    if style == "cross_region":
        members = {"leader": city.posts["n_inspector"].pk, "officers": [city.posts["n_inspector2"].pk]}
        return city.plan(style=style, basis="临安办〔2026〕8号", members=members)
    return city.plan(style=style, members=city.pair())


def traces(actor: Actor, visit: Visit) -> dict[str, int]:
    """Everything of a visit that this actor's scope reaches, table by table."""
    with scope.acting(actor), connection.cursor() as cursor:
        found = {
            "visit": Visit.objects.filter(pk=visit.pk).count(),
            "members": Member.objects.filter(visit_id=visit.pk).count(),
            "checklists": VisitChecklist.objects.filter(visit_id=visit.pk).count(),
            "answers": Answer.objects.filter(visit_id=visit.pk).count(),
            "findings": Finding.objects.filter(visit_id=visit.pk).count(),
            "entries": Entry.objects.filter(subject_id=visit.pk).count(),
            "messages": Message.objects.filter(subject_id=visit.pk).count(),
            "files": File.objects.filter(subject_id=visit.pk).count(),
            "bundle": sum(one["id"] == str(visit.pk) for one in visits_for(actor, clock.today())),
        }
        cursor.execute("SELECT count(*) FROM inspections_visit WHERE number = %s", [visit.number])
        return found | {"number": cursor.fetchone()[0]}


@pytest.mark.parametrize("style", HIDDEN)
def test_before_the_arrival_nothing_of_it_reaches_the_enterprise(city: Field, style: str) -> None:
    visit = hidden(city, style)
    city.do(city.regulator, visit, "reschedule", planned_on=city.day(1), reason="改到明天")
    for name in ("principal", "safety_manager"):
        assert not any(traces(city.actors[name], visit).values())
    with scope.acting(SYSTEM):
        people = [city.principal.person, city.safety_manager.person]
        assert not Message.objects.filter(person_id__in=people).exists()
        assert set(Entry.objects.filter(subject_id=visit.pk).values_list("enterprise_id", flat=True)) == {None}
        assert acts(visit.pk)[-1].step == "reschedule"


def test_a_cancelled_one_never_comes_to_light(city: Field) -> None:
    visit = city.do(city.regulator, hidden(city), "cancel", reason="任务调整取消")
    assert not any(traces(city.principal, visit).values())


def test_from_the_arrival_on_the_enterprise_sees_it_and_is_told(city: Field) -> None:
    visit = hidden(city)
    city.do(city.inspector, visit, "arrive")
    found = traces(city.principal, visit)
    assert found == {"visit": 1, "members": 2, "checklists": 1, "answers": 0, "findings": 0, "entries": 4, "messages": 1,
                     "files": 0, "bundle": 1, "number": 1}  # fmt: skip
    city.finding(visit)
    city.answer(visit, city.items[0], "yes")
    after = traces(city.principal, visit)
    assert (after["findings"], after["answers"], after["files"]) == (1, 1, 1)
    with scope.acting(SYSTEM):
        last = Entry.objects.filter(subject_id=visit.pk).order_by("-version").first()
        assert last is not None
        assert last.enterprise_id == city.enterprise.pk
    for name in ("n_principal", "n_inspector", "n_regulator", "n_office", "citizen", "other_field"):
        assert not any(traces(city.actors[name], visit).values()), name


def test_a_notified_visit_is_seen_from_its_notice(city: Field) -> None:
    visit = city.assigned()
    assert not any(traces(city.principal, visit).values())
    city.do(city.regulator, visit, "notify", words="请准备台账。")
    assert traces(city.principal, visit)["visit"] == 1
    with scope.acting(city.principal):
        told = Message.objects.get(subject_id=visit.pk)
    assert told.facts["words"] == "请准备台账。"


def test_members_from_another_county_see_their_visit_and_no_other(city: Field) -> None:
    visit, other = hidden(city, "cross_region"), city.plan()
    found = traces(city.n_inspector, visit)
    assert (found["visit"], found["members"], found["bundle"], found["messages"]) == (1, 2, 1, 1)
    assert found["entries"] == 3
    assert not any(traces(city.n_inspector, other).values())
    assert not any(traces(city.n_regulator, visit).values())
    with scope.acting(city.n_inspector):
        bundle = visits_for(city.n_inspector, clock.today())[0]
    assert bundle["enterprise"]["name"] == city.enterprise.name
    assert bundle["leader"] is True


def test_a_cross_region_visit_runs_to_its_hazards(city: Field) -> None:
    mine = city.found(place="二号门", description="前次发现，配电箱未上锁。")
    visit = hidden(city, "cross_region")
    city.do(city.n_inspector, visit, "arrive")
    with scope.acting(city.n_inspector):
        bundle = visits_for(city.n_inspector, clock.today())[0]
    assert [one["number"] for one in bundle["open_hazards"]] == [mine.number]
    found = city.finding(visit, city.n_inspector2, place="三号炉")
    again = city.finding(visit, city.n_inspector, place="二号门")
    visit = city.do(city.n_inspector, visit, "record", **city.record_data(visit, city.n_inspector))
    with scope.acting(city.n_inspector):
        new, joined = Finding.objects.get(pk=found), Finding.objects.get(pk=again)
        assert not Hazard.objects.filter(pk=new.hazard_id).exists(), "the hazard is the county's"
    assert (joined.hazard_id, joined.joined) == (mine.pk, True)
    with scope.acting(city.regulator):
        hazard = Hazard.objects.get(pk=new.hazard_id)
        assert (hazard.finder_name, hazard.style, hazard.county) == (
            city.n_inspector2.name,
            "cross_region",
            visit.county,
        )
        assert Hazard.objects.get(pk=mine.pk).recurrence == 1
    assert city.sign_record(city.n_inspector, visit, "officer", city.n_inspector.name).state == "recorded"


def test_whoever_no_longer_goes_sees_it_no_longer(city: Field) -> None:
    visit = hidden(city, "cross_region")
    members = {"leader": city.posts["n_group_leader"].pk, "officers": [city.posts["n_inspector2"].pk]}
    with scope.acting(SYSTEM):
        certify(city, "n_group_leader", "1410990001")
    city.do(city.regulator, visit, "reassign", **members)
    assert not any(value for name, value in traces(city.n_inspector, visit).items() if name != "messages")
    assert traces(city.n_group_leader, visit)["visit"] == 1


def test_a_finding_of_another_visit_cannot_be_added_or_named(city: Field) -> None:
    visit = hidden(city, "cross_region")
    with pytest.raises(NotFound):
        city.do(city.n_regulator, visit, "cancel", reason="无权取消的人")
    with pytest.raises(NotFound):
        city.do(city.principal, visit, "arrive")
