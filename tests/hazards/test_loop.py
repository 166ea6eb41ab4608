"""The loop from finding to closing off, as its people walk it."""

import pytest

from anlan.hazards.models import DueDate, Hazard
from anlan.hazards.sheet import sheet
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound, WrongState
from anlan.kernel.ledger.read import acts
from tests.factories import City

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.mark.parametrize("grade", ["general", "major"])
def test_a_hazard_is_closed_off_and_every_step_is_in_the_ledger(city: City, grade: str) -> None:
    hazard = city.closed(grade=grade)
    assert hazard.state == "closed"
    with scope.acting(city.auditor):
        history = acts(hazard.pk)
    assert [act.version for act in history] == list(range(1, hazard.version + 1))
    assert [act.step for act in history][:3] == ["register", "grade", "dispatch"]
    assert history[-1].step == "close"


def test_three_parties_sign_a_group_finding(city: City) -> None:
    hazard = city.dispatched(source="group")
    assert hazard.required_signers == ["county_leader", "group_leader", "principal"]
    for name in ("principal", "group_leader"):
        hazard = city.sign(city.actors[name], hazard)
        assert hazard.state == "dispatched"
    assert city.sign(city.leader, hazard).state == "claimed"


def test_a_signature_is_bound_to_what_was_shown(city: City) -> None:
    hazard = city.dispatched()
    with scope.acting(city.principal), pytest.raises(Conflict, match="changed since you opened"):
        city.do(city.principal, hazard, "sign", digest="0" * 64, drawing="data:image/png;base64,AAAA")
    hazard = city.sign(city.principal, hazard)
    with scope.acting(city.auditor):
        signature = hazard.signatures.get()
        assert signature.digest == sheet(Hazard.objects.get(pk=hazard.pk)).digest
        assert acts(hazard.pk)[-1].digest == signature.digest


def test_a_plan_leaves_signatures_as_they_are_and_other_words_show(city: City) -> None:
    hazard = city.rectifying()
    with scope.acting(city.auditor):
        fresh = Hazard.objects.get(pk=hazard.pk)
        assert {one.digest for one in hazard.signatures.all()} == {sheet(fresh).digest}
        fresh.description = "别的说法"
        assert {one.digest for one in hazard.signatures.all()} != {sheet(fresh).digest}


def test_nobody_signs_twice(city: City) -> None:
    hazard = city.sign(city.principal, city.dispatched())
    with pytest.raises(Forbidden):
        city.sign(city.principal, hazard)


def test_major_needs_a_clause_in_force_on_the_day_of_finding(city: City) -> None:
    hazard = city.found()
    with pytest.raises(Invalid):
        city.do(city.regulator, hazard, "grade", grade="major")
    from datetime import UTC, datetime

    old = city.found(found_at=datetime(2020, 1, 2, tzinfo=UTC), place="老厂房西侧")
    with pytest.raises(Invalid) as trouble:
        city.do(city.regulator, old, "grade", grade="major", clause=city.clause.pk)
    assert "clause" in trouble.value.fields


def test_separation_of_duties(city: City) -> None:
    accepted = city.accepted()
    closing = city.actors["regulator"]
    with scope.acting(SYSTEM):
        assert str(closing.person) not in accepted.rechecker_ids
    rechecked_by_regulator = city.do(city.regulator, city.rectified(), "recheck", passed=True, remark="现场合格。")
    with pytest.raises(Conflict) as trouble:
        city.do(city.regulator, rechecked_by_regulator, "close")
    assert trouble.value.code == "check.NotRectifierNorRechecker"
    assert city.do(city.regulator2, rechecked_by_regulator, "close").state == "closed"


def test_a_major_recheck_needs_two_officers_on_site_with_photos(city: City) -> None:
    hazard = city.rectified(grade="major")
    with pytest.raises(Invalid) as trouble:
        city.do(city.inspector2, hazard, "recheck", passed=True, remark="看过了合格。", on_site=False)
    assert set(trouble.value.fields) == {"officers", "on_site", "photos"}


def test_a_failed_recheck_goes_back_with_a_new_date_and_is_counted(city: City) -> None:
    hazard = city.rectified()
    with pytest.raises(Invalid):
        city.do(city.inspector2, hazard, "recheck", passed=False, remark="护罩松动。")
    hazard = city.do(city.inspector2, hazard, "recheck", passed=False, remark="护罩松动。", new_due=city.day(9))
    assert (hazard.state, hazard.failed_rounds) == ("rectifying", 1)
    with scope.acting(city.auditor):
        assert [
            str(one) for one in DueDate.objects.filter(hazard=hazard).order_by("set_at").values_list("due", flat=True)
        ] == [
            str(city.day(30)),
            str(city.day(20)),
            str(city.day(9)),
        ]


def test_a_neighbour_sees_nothing_and_gets_the_same_answer_as_for_an_absent_record(city: City) -> None:
    from anlan.kernel.ids import new_id

    hazard = city.dispatched()
    messages = set()
    for name in ("n_regulator", "n_principal", "other_field", "citizen", "system_admin"):
        actor = city.actors[name]
        with scope.acting(actor):
            assert Hazard.objects.count() == 0
        for target in (hazard.pk, new_id()):
            with pytest.raises(NotFound) as trouble:
                city.do(actor, target, "dismiss", reason="无此隐患存在")
            messages.add((trouble.value.code, trouble.value.detail))
    assert len(messages) == 1


def test_the_enterprise_sees_it_only_once_dispatched(city: City) -> None:
    hazard = city.found(grade="general")
    with scope.acting(city.principal):
        assert not Hazard.objects.filter(pk=hazard.pk).exists()
    city.do(city.regulator, hazard, "dispatch", responsible=city.enterprise.pk, due=city.day(30))
    with scope.acting(city.principal):
        assert Hazard.objects.filter(pk=hazard.pk).exists()
        assert [act.step for act in acts(hazard.pk)] == ["register", "grade", "dispatch"]


def test_found_again_while_open_joins_and_after_closing_links(city: City) -> None:
    first = city.found(place="3号炉 西侧")
    again = city.found(place="３号炉西侧", source="expert", actor=city.expert)
    assert again.pk == first.pk
    assert again.recurrence == 1
    closed = city.closed(place="4号炉")
    later = city.found(place="4号炉")
    assert later.pk != closed.pk
    assert (later.previous_id, later.recurrence) == (closed.pk, 1)


def test_merge_and_split(city: City) -> None:
    one, two = city.found(), city.found()
    merged = city.do(city.regulator, one, "merge", survivor=two.pk, reason="同一处隐患")
    assert (merged.state, merged.survivor_id) == ("dismissed", two.pk)
    with scope.acting(city.regulator):
        two.refresh_from_db()
        assert two.recurrence == 1
    city.do(
        city.regulator,
        two,
        "split",
        place="另一侧",
        category="equipment",
        description="另有一处缺护罩。",
        reason="两处分开整改",
    )
    with scope.acting(city.regulator):
        part = Hazard.objects.get(source_record=two.number)
        assert part.state == "found"
        assert acts(two.pk)[-1].data["part"] == str(part.pk)


def test_a_step_from_the_wrong_state_says_where_it_stands(city: City) -> None:
    hazard = city.found()
    with pytest.raises(WrongState, match="Close off"):
        city.do(city.regulator, hazard, "close")


def test_a_stale_page_is_told_who_was_first(city: City) -> None:
    hazard = city.found()
    version = hazard.version
    city.do(city.regulator, hazard, "grade", grade="general")
    with pytest.raises(Conflict, match="regulator"), scope.acting(city.office):
        from anlan.hazards.actions import take_step

        take_step(actor=city.office, hazard=hazard.pk, step="add_evidence", data={"remark": "补充"}, version=version)
