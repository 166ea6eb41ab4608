"""A list of which only the topics are loaded: a topic alone grades nothing major, with the clause's own wording it is cited."""

import pytest

from anlan.hazards.actions import take_step
from anlan.hazards.models import Hazard
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import Invalid
from anlan.kernel.ledger.read import acts
from anlan.standards.models import Clause
from tests.factories import City
from tests.hazards.conftest import SignedIn
from tests.inspections.conftest import Field, make_field

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
WORDING = "可燃气体泄漏检测报警装置未投用的，判定为重大事故隐患。"


def topic() -> Clause:
    return Clause.objects.filter(criteria_id="aq3067-2026", superseded_in=None).order_by("place")[0]


def test_a_topic_alone_is_no_ground(city: City) -> None:
    hazard = city.found()
    for typed in ({}, {"clause_text": "  "}, {"clause_text": "见标准"}):
        with pytest.raises(Invalid) as wrong:
            city.do(city.regulator, hazard, "grade", grade="major", clause=topic().pk, **typed)
        assert set(wrong.value.fields) == {"clause_text"}
    with scope.acting(SYSTEM):
        assert Hazard.objects.get(pk=hazard.pk).grade == ""
    graded = city.do(city.regulator, hazard, "grade", grade="major", clause=topic().pk, clause_text=WORDING)
    assert (graded.grade, graded.clause_id) == ("major", topic().pk)
    assert graded.basis.endswith(WORDING)
    with scope.acting(city.regulator):
        assert acts(hazard.pk)[-1].data["clause_text"] == WORDING, "who answers for the wording is in the ledger"


def test_a_loaded_clause_keeps_its_own_wording(city: City) -> None:
    hazard = city.found()
    with pytest.raises(Invalid) as wrong:
        city.do(city.regulator, hazard, "grade", grade="major", clause=city.clause.pk, clause_text=WORDING)
    assert set(wrong.value.fields) == {"clause_text"}
    assert city.clause.zh[:40] in city.do(city.regulator, hazard, "grade", grade="major", clause=city.clause.pk).basis


def test_a_topic_may_stand_in_a_remark(city: City) -> None:
    graded = city.do(city.regulator, city.found(), "grade", grade="general", remark=f"参见 AQ 3067-2026：{topic().zh}")
    assert (graded.grade, graded.clause_id) == ("general", None)


def test_what_was_proposed_by_a_topic_on_a_visit_waits_for_the_regulator(db: None) -> None:
    field: Field = make_field()
    visit = field.under_way()
    field.finding(visit, major=True, clause=topic().pk)
    field.do(field.inspector, visit, "record", **field.record_data(visit))
    with scope.acting(SYSTEM):
        hazard = Hazard.objects.get()
        told = [act.data.get("remark", "") for act in acts(hazard.pk) if act.step == "add_evidence"]
    assert (hazard.grade, hazard.state) == ("", "found")
    assert len(told) == 1
    assert topic().zh in told[0]
    with scope.acting(field.regulator):
        graded = take_step(
            actor=field.regulator, hazard=hazard.pk, step="grade",
            data={"grade": "major", "clause": topic().pk, "clause_text": WORDING},
        )  # fmt: skip
    assert graded.major


def test_the_page_of_the_list_says_so(city: City, signed_in: SignedIn) -> None:
    client = signed_in("regulator")
    assert "A topic alone is no ground of a major grade" in client.get("/criteria/aq3067-2026/").content.decode()
    assert "A topic alone" not in client.get("/criteria/gongmao-2023/").content.decode()
