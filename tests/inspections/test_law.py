"""The law of each kind of visit: allowed, and forbidden with the reason at the field."""

from datetime import date, timedelta
from typing import Any

import pytest

from anlan.experts.models import Avoidance, Certificate
from anlan.identity.acting import actor_for
from anlan.identity.models import Organisation, Post
from anlan.inspections import grounds
from anlan.inspections.models import OnSite, Visit, VisitChecklist
from anlan.kernel import citysettings, clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotNow, WrongState
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.read import acts
from tests.factories import COUNTY
from tests.inspections.conftest import Field, certify, publish

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def refused(call: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        call()
    return {field: " ".join(map(str, reasons)) for field, reasons in caught.value.fields.items()}


def test_two_officers_whose_certificates_hold_on_the_day(city: Field) -> None:
    visit = city.plan()
    alone = {"leader": city.posts["inspector"].pk}
    assert "2 officers" in refused(lambda: city.do(city.regulator, visit, "assign", **alone))["officers"]
    with scope.acting(SYSTEM):
        Certificate.objects.filter(person_id=city.inspector2.person).update(valid_to=clock.today() - timedelta(days=1))
    reason = refused(lambda: city.do(city.regulator, visit, "assign", **city.pair()))["officers"]
    assert city.inspector2.name in reason
    assert city.inspector.name not in reason
    with scope.acting(SYSTEM):
        Certificate.objects.filter(person_id=city.inspector2.person).update(valid_to=clock.today())
    assert city.do(city.regulator, visit, "assign", **city.pair()).state == "assigned"


def test_a_certificate_of_another_field_does_not_count(city: Field) -> None:
    with scope.acting(SYSTEM):
        Certificate.objects.filter(person_id=city.inspector2.person).update(industries=0b010)
    visit = city.plan()
    assert city.inspector2.name in refused(lambda: city.do(city.regulator, visit, "assign", **city.pair()))["officers"]


def test_a_certificate_that_ended_since_stops_the_arrival(city: Field) -> None:
    visit = city.ready()
    with scope.acting(SYSTEM):
        Certificate.objects.filter(person_id=city.inspector.person).update(valid_to=clock.today() - timedelta(days=1))
    with pytest.raises(NotNow, match="certificate") as caught:
        city.do(city.inspector2, visit, "arrive")
    assert city.inspector.name in caught.value.detail


def test_a_committee_office_may_not_inspect_but_may_supervise(city: Field) -> None:
    body = {"organisation": city.committee.pk}
    assert "may not make administrative" in refused(lambda: city.plan(city.office, **body))["organisation"]
    assert refused(lambda: city.plan(city.office, organisation=None))["organisation"]
    assert city.plan(city.office, kind="supervision", **body).state == "planned"
    with scope.acting(SYSTEM):
        Post.objects.filter(pk=city.posts["office"].pk).update(organisation=city.committee)
        post = Post.objects.select_related("person", "organisation").get(pk=city.posts["office"].pk)
        city.actors["office"] = actor_for(post)
        citysettings.change(
            actor=SYSTEM, key="inspections.bodies", region=COUNTY, new=["department", "committee"], basis="试点"
        )
    assert city.plan(city.office, **body, enterprise=city.other_enterprise().pk).state == "planned"


def test_nobody_inspects_in_another_bodys_name(city: Field) -> None:
    for name in ("office", "group_leader", "regulator2", "fire_regulator"):  # of no body, or of another one
        reason = refused(lambda name=name: city.plan(city.actors[name]))["organisation"]  # type: ignore[misc]
        assert city.department.name in reason, name
    assert "not of" in refused(lambda: city.plan(organisation=city.fire.pk))["organisation"]
    visit = city.plan()
    reason = refused(lambda: city.do(city.office, visit, "join", organisation=city.fire.pk))["organisation"]
    assert city.fire.name in reason
    with scope.acting(SYSTEM):
        below, far = (
            Organisation.objects.create(
                id=new_id(), name=name, kind="department", region=COUNTY, industries=-1, parent=parent
            )
            for name, parent in (("执法队", city.department), ("他局执法队", city.fire))
        )
    assert city.plan(organisation=below.pk, enterprise=city.other_enterprise().pk).organisation_id == below.pk
    assert refused(lambda: city.plan(organisation=far.pk))["organisation"]
    assert city.plan(city.inspector, enterprise=city.other_enterprise(8, "北山铸造有限公司").pk).state == "planned"


def test_only_what_a_published_list_names_may_be_inspected(city: Field) -> None:
    visit = city.under_way()
    hidden, foreign = city.items[3], publish(city, code="other", start=city.day(30))[0]
    for item in (hidden, foreign):  # does not apply here; of an edition that is not the visit's
        assert refused(lambda item=item: city.answer(visit, item, "no"))["item"]  # type: ignore[misc]
        assert refused(lambda item=item: city.finding(visit, item=item.pk))["item"]  # type: ignore[misc]
    assert city.answer(visit, city.items[0], "yes").version == visit.version + 1


def test_without_a_published_list_there_is_no_inspection(city: Field) -> None:
    from anlan.standards.models import Checklist

    with scope.acting(SYSTEM):
        Checklist.objects.update(active=False)
    assert "not listed" in refused(city.plan)["enterprise"]
    assert city.plan(kind="supervision").state == "planned"


def test_a_visit_keeps_the_edition_it_was_planned_with(city: Field) -> None:
    visit = city.under_way()
    newer = publish(city)
    with scope.acting(city.inspector):
        assert [row.edition_id for row in VisitChecklist.objects.filter(visit=visit)] == [city.items[0].edition_id]
    assert refused(lambda: city.answer(visit, newer[0], "yes"))["item"]


def test_the_yearly_cap_and_what_goes_beyond_it(city: Field) -> None:
    first, second = city.plan(), city.plan()
    reason = refused(city.plan)["cap_exception"]
    assert "2 of 2" in reason
    city.plan(kind="supervision")  # does not count
    city.plan(reason="complaint", reason_words="群众举报")  # neither counts nor is stopped
    assert refused(lambda: city.plan(reason="complaint"))["reason_words"]
    beyond = city.plan(cap_exception="上级交办，经批准。")
    assert refused(city.plan)["cap_exception"], "an exception does not make room for more"
    with scope.acting(city.regulator):
        entry = acts(grounds.subject_of(beyond.pk))[0]
    assert entry.data["cap_exception"] == "上级交办，经批准。"
    assert entry.data["cap"] == {"used": 2, "cap": 2}
    city.do(city.regulator, second, "cancel", reason="企业停产检修")
    assert city.plan().state == "planned"
    assert first.state == "planned"


def test_the_cap_follows_the_grade_and_counts_a_year(city: Field) -> None:
    with scope.acting(SYSTEM):
        city.enterprise.grade = "A"
        city.enterprise.save()
    city.plan()
    assert "1 of 1" in refused(city.plan)["cap_exception"]
    assert city.plan(planned_on=date(clock.today().year + 1, 1, 5)).state == "planned"
    moved = city.plan(reason="complaint", reason_words="群众举报")
    assert city.do(
        city.regulator, moved, "reschedule", planned_on=city.day(1), reason="企业检修改期"
    ).planned_on == city.day(1)


def test_one_visit_for_several_departments(city: Field) -> None:
    visit = city.plan(planned_on=city.day(5))
    fire = {"organisation": city.fire.pk, "planned_on": city.day(7)}
    reason = refused(lambda: city.plan(city.fire_regulator, **fire))["apart"]
    assert visit.number in reason
    joined = city.do(city.fire_regulator, visit, "join")
    assert joined.joined == [str(city.fire.pk)]
    assert refused(lambda: city.do(city.fire_regulator, visit, "join"))["organisation"]
    assert refused(lambda: city.do(city.office, visit, "join", organisation=city.committee.pk))["organisation"]
    apart = city.plan(city.fire_regulator, **fire, apart="消防验收须单独进行")
    assert apart.apart == "消防验收须单独进行"
    far = city.plan(city.fire_regulator, enterprise=city.other_enterprise().pk, organisation=city.fire.pk)
    assert far.state == "planned"


def test_who_must_keep_away_is_not_named(city: Field) -> None:
    with scope.acting(SYSTEM):
        Avoidance.objects.create(
            id=new_id(), person_id=city.inspector2.person, enterprise=city.enterprise, region=COUNTY, kind="kin",
            reason="其弟任安全科长", since=date(2024, 1, 1), until=clock.today(),
        )  # fmt: skip
    visit = city.plan()
    reason = refused(lambda: city.do(city.regulator, visit, "assign", **city.pair()))["officers"]
    assert city.inspector2.name in reason
    assert "其弟任安全科长" in reason
    later = city.plan(planned_on=city.day(3))
    assert city.do(city.regulator, later, "assign", **city.pair()).state == "assigned"


def test_a_reason_to_keep_away_that_came_up_since_stops_the_arrival(city: Field) -> None:
    visit = city.ready()
    with scope.acting(SYSTEM):
        Avoidance.objects.create(
            id=new_id(), person_id=city.inspector2.person, enterprise=city.enterprise, region=COUNTY, kind="declared",
            since=clock.today(),
        )  # fmt: skip
    with pytest.raises(NotNow, match="keep away"):
        city.do(city.inspector, visit, "arrive")


def test_experts_find_but_do_not_order(city: Field) -> None:
    visit = city.plan(kind="expert_help", check="expert")
    wrong = refused(lambda: city.do(city.regulator, visit, "assign", **city.pair()))
    assert set(wrong) == {"leader", "officers"}
    visit = city.under_way(kind="expert_help", check="expert")
    found = city.finding(visit)
    for kind in ("evacuate", "stop_use", "stop_work"):
        assert refused(lambda kind=kind: city.do(city.expert, visit, "on_site", kind=kind, words="停止使用设备"))[
            "kind"
        ]  # type: ignore[misc]
    city.do(city.expert, visit, "on_site", kind="training", words="讲解操作规程", people=8)
    visit = city.recorded(visit)
    with scope.acting(city.expert):
        assert visit.findings.get(pk=found).hazard_number
        assert OnSite.objects.count() == 1


def test_a_supervision_orders_nothing_either(city: Field) -> None:
    visit = city.under_way(kind="supervision", check="group")
    assert refused(lambda: city.do(city.group_leader, visit, "on_site", kind="evacuate", words="撤出人员"))["kind"]


def test_cross_region_needs_its_basis_and_somebody_from_elsewhere(city: Field) -> None:
    assert refused(lambda: city.plan(style="cross_region"))["basis"]
    visit = city.plan(style="cross_region", basis="临安办〔2026〕8号")
    assert "elsewhere" in refused(lambda: city.do(city.regulator, visit, "assign", **city.pair()))["leader"]
    abroad = {"leader": city.posts["n_inspector"].pk, "officers": [city.posts["n_inspector2"].pk]}
    assert city.do(city.regulator, visit, "assign", **abroad).member_ids
    at_home = city.plan(enterprise=city.other_enterprise().pk)
    assert refused(lambda: city.do(city.regulator, at_home, "assign", **abroad))["leader"]


@pytest.mark.parametrize("over", [
    {"planned_on": date(2020, 1, 1)}, {"reason": "campaign"}, {"site": new_id()}, {"enterprise": new_id()},
    {"organisation": new_id()}, {"kind": "covert"}, {"planned_on": clock.today(), "planned_to": date(2020, 1, 1)},
])  # fmt: skip
def test_what_cannot_be_planned(city: Field, over: dict[str, Any]) -> None:
    assert refused(lambda: city.plan(**over))
    with scope.acting(SYSTEM):
        assert Visit.objects.count() == 0


def test_who_may_not_plan(city: Field) -> None:
    for name in ("principal", "expert", "leader", "auditor", "citizen", "system_admin"):
        with pytest.raises((Forbidden, Invalid)):
            city.plan(city.actors[name])
    for name in ("n_regulator", "n_inspector", "other_field"):  # they do not even see the enterprise
        assert refused(lambda name=name: city.plan(city.actors[name]))["enterprise"]  # type: ignore[misc]


def test_a_style_decides_whether_the_enterprise_is_told(city: Field) -> None:
    hidden = city.assigned(style="unannounced")
    with pytest.raises(NotNow):
        city.do(city.regulator, hidden, "notify")
    with pytest.raises(WrongState):
        city.do(city.inspector, hidden, "arrive")
    open_one = city.assigned(enterprise=city.other_enterprise().pk)
    with pytest.raises(NotNow):
        city.do(city.regulator, open_one, "hold_back")


def test_named_at_once_an_unannounced_visit_is_held_back(city: Field) -> None:
    assert city.plan(members=city.pair(), style="covert").state == "unannounced"
    assert city.plan(members=city.pair()).state == "assigned"


def test_a_visit_that_found_something_is_not_cancelled(city: Field) -> None:
    visit = city.under_way()
    city.answer(visit, city.items[0], "yes")
    with pytest.raises(NotNow):
        city.do(city.inspector, visit, "cancel", reason="企业无人在场")
    empty = city.under_way(enterprise=city.other_enterprise().pk)
    assert city.do(city.inspector, empty, "cancel", reason="企业无人在场").state == "cancelled"


def test_a_visit_that_ordered_something_is_not_cancelled(city: Field) -> None:
    visit = city.under_way()
    city.do(city.inspector, visit, "on_site", kind="stop_work", words="全厂停产撤人")
    with pytest.raises(NotNow, match="ordered"):
        city.do(city.inspector, visit, "cancel", reason="取消此次检查")


def test_a_version_seen_before_somebody_else_acted(city: Field) -> None:
    from anlan.inspections.actions.visit import take_step

    visit = city.plan()
    city.do(city.regulator, visit, "assign", **city.pair())
    with pytest.raises(Conflict, match="regulator"), scope.acting(city.regulator2):
        take_step(
            actor=city.regulator2, visit=visit.pk, step="cancel", data={"reason": "重复计划"}, version=visit.version
        )


def test_certificates_may_come_from_the_same_number_only_once(city: Field) -> None:
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), scope.acting(SYSTEM), transaction.atomic():
        certify(city, "regulator2", "1410000000")
