"""The phone's commands: the same verbs, payloads as the contract says, conflicts told."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from anlan.files.models import File
from anlan.hazards.models import Hazard
from anlan.inspections.models import Answer, Finding, Visit, VisitSignature
from anlan.inspections.queries.field import visits_for
from anlan.inspections.sheet import made, minute
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.commands import Command, Done, command_kinds
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound, NotNow, WrongState
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.read import acts
from tests.inspections.conftest import Field

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def send(
    actor: Actor, kind: str, subject: UUID, payload: dict[str, Any], *, base: int | None = None,
    at: datetime | None = None, files: tuple[UUID, ...] = (),
) -> Done:  # fmt: skip
    """As the executor does it: the payload validated, the verb in a transaction of its own."""
    declared = command_kinds[kind]
    asked = Command(id=new_id(), device=new_id(), seq=1, kind=kind, subject=subject, base_version=base,
                    client_at=at or clock.now(), files=files)  # fmt: skip
    with scope.acting(actor):
        return declared.run(actor, asked, declared.needs.model_validate(payload))


def photo(city: Field, actor: Actor) -> UUID:
    with scope.acting(actor):
        return city.photo(actor)


def test_a_whole_visit_from_the_phone(city: Field) -> None:
    visit = city.ready(style="unannounced")
    me, gate = city.inspector, f"https://anlan.example/enterprises/{city.enterprise.pk}/"
    with scope.acting(me):
        bundle = visits_for(me, clock.today())[0]
    assert [item["code"] for item in bundle["items"]] == ["1", "2", "3"], "only what applies"
    assert bundle["items"][1]["major_clause"] == str(city.clause.pk)
    came = clock.now()
    arrived = send(
        me,
        "visit.arrive",
        visit.pk,
        {"lon": "111.5", "lat": "36.1", "code": gate, "arrived_at": came.isoformat()},
        base=bundle["version"],
    )
    assert (arrived.record["state"], arrived.record["by_code"]) == ("under_way", True)
    send(me, "visit.answer", visit.pk, {"item": str(city.items[0].pk), "value": "yes", "remark": "已建立"})
    shown, proof = photo(city, me), photo(city, me)
    send(me, "visit.answer", visit.pk, {"item": str(city.items[1].pk), "value": "no"}, files=(shown,))
    one, two = new_id(), new_id()
    said = {"place": "煤气区", "category": "equipment", "description": "煤气报警装置失效。", "major": True}
    send(me, "visit.finding", visit.pk, said | {"id": str(one), "item": str(city.items[1].pk), "clause": str(city.clause.pk),
         "found_at": clock.now().isoformat()}, files=(proof,))  # fmt: skip
    send(
        me,
        "visit.finding",
        visit.pk,
        said | {"id": str(two), "place": "库房", "major": False},
        files=(photo(city, me),),
    )
    send(me, "visit.withdraw_finding", visit.pk, {"finding": str(two), "reason": "重复登记了"})
    measure = new_id()
    send(me, "visit.on_site", visit.pk, {"id": str(measure), "kind": "evacuate", "words": "撤出煤气区人员", "people": 6,
         "finding": str(one)})  # fmt: skip
    with scope.acting(me):
        sha = {str(pk): digest for pk, digest in File.objects.values_list("pk", "sha256")}
        photos = visits_for(me, clock.today())[0]["photos"]
    assert {str(shown), str(proof)} <= set(photos)
    assert photos.items() <= sha.items(), "those of what was taken back too: they are still shown"
    left = clock.now()
    facts = {
        "answers": sorted(
            [
                {"item": str(city.items[0].pk), "value": "yes", "remark": "已建立", "photos": []},
                {"item": str(city.items[1].pk), "value": "no", "remark": "", "photos": [sha[str(shown)]]},
            ],
            key=lambda row: row["item"],
        ),
        "arrived": minute(came),
        "basis": "",
        "check": "county",
        "enterprise": city.enterprise.name,
        "findings": [
            {
                "category": "equipment",
                "clause": str(city.clause.pk),
                "description": "煤气报警装置失效。",
                "id": str(one),
                "item": str(city.items[1].pk),
                "major": True,
                "photos": [sha[str(proof)]],
                "place": "煤气区",
                "risk_point": None,
            }
        ],
        "form": 2,
        "kind": "administrative",
        "left": minute(left),
        "met": ["王某", "厂长", ""],
        "number": visit.number,
        "officers": sorted([[row["name"], row["certificate"]] for row in bundle["members"]]),
        "on_site": [
            {
                "finding": str(one),
                "id": str(measure),
                "kind": "evacuate",
                "people": 6,
                "until": None,
                "words": "撤出煤气区人员",
            }
        ],
        "style": "unannounced",
        "summary": "查看煤气区。",
        "visit": str(visit.pk),
    }
    digest = made(facts).digest
    done = send(me, "visit.record", visit.pk,
                {"summary": "查看煤气区。", "met_name": "王某", "met_title": "厂长", "digest": digest, "left_at": left.isoformat()},
                base=1)  # fmt: skip
    [told] = done.record["findings"]
    with scope.acting(city.regulator):
        hazard = Hazard.objects.get(pk=told["hazard"])
    assert (told["finding"], told["hazard_number"]) == (str(one), hazard.number)
    assert (hazard.grade, hazard.clause_id) == ("major", city.clause.pk), (
        "the gate for major hazards was passed on site"
    )
    assert hazard.use_stopped, "the measure ordered on site holds for the hazard"
    for party, name in (("officer", me.name), ("officer", city.inspector2.name)):
        send(
            me,
            "visit.sign",
            visit.pk,
            {"party": party, "name": name, "digest": digest, "refused": False},
            files=(photo(city, me),),
        )
    last = send(me, "visit.sign", visit.pk, {"party": "enterprise", "name": "王某", "digest": digest, "refused": True,
                "reason": "负责人不认可", "witnesses": "社区 李某"})  # fmt: skip
    assert last.record["state"] == "filed"
    filed = city.again(visit)
    assert filed.refused
    with scope.acting(SYSTEM):
        assert VisitSignature.objects.get(party="enterprise").witnesses == "社区 李某"
        assert acts(visit.pk)[-1].version == filed.version
    with scope.acting(me):
        assert [one["state"] for one in visits_for(me, clock.today())] == ["filed"]
        assert visits_for(me, clock.today() + timedelta(days=1)) == []


def test_a_finding_shown_without_its_photo_is_refused(city: Field) -> None:
    visit = city.under_way()
    with pytest.raises(Invalid) as caught:
        send(city.inspector, "visit.finding", visit.pk,
             {"id": str(new_id()), "place": "煤气区", "category": "equipment", "description": "煤气报警装置失效。", "major": False})  # fmt: skip
    assert set(caught.value.fields) == {"photos"}


def test_the_last_answer_by_the_phones_time_counts_whenever_it_arrives(city: Field) -> None:
    visit = city.under_way()
    now = clock.now()
    item = {"item": str(city.items[0].pk)}
    send(
        city.inspector,
        "visit.answer",
        visit.pk,
        item | {"value": "yes", "remark": "后来整改了"},
        at=now - timedelta(minutes=1),
    )
    send(city.inspector2, "visit.answer", visit.pk, item | {"value": "no"}, at=now - timedelta(minutes=9))
    with scope.acting(city.inspector):
        answer = Answer.objects.get(item=city.items[0])
        history = acts(visit.pk)
    assert (answer.value, answer.remark) == ("yes", "后来整改了")
    assert [act.data["value"] for act in history if act.step == "answer"] == ["yes", "no"]
    send(city.inspector2, "visit.answer", visit.pk, item | {"value": "na"}, at=now + timedelta(hours=5))
    with scope.acting(city.inspector):
        assert Answer.objects.get(item=city.items[0]).client_at <= clock.now(), "a phone's clock is never ahead of ours"


def test_a_transition_is_refused_when_somebody_else_moved_it(city: Field) -> None:
    visit = city.ready()
    base = visit.version
    city.do(
        city.regulator, visit, "reschedule", planned_on=clock.today(), planned_to=city.day(1), reason="企业检修改期"
    )
    with pytest.raises(Conflict, match="regulator") as caught:
        send(city.inspector, "visit.arrive", visit.pk, {}, base=base)
    assert caught.value.code == "flow.changed"
    assert send(city.inspector, "visit.arrive", visit.pk, {}, base=base + 1).record["state"] == "under_way"
    with pytest.raises(WrongState):
        send(city.inspector2, "visit.arrive", visit.pk, {}, base=base + 2)


def test_a_record_that_shows_something_else_is_a_conflict_and_leaves_nothing(city: Field) -> None:
    visit = city.under_way()
    data = city.record_data(visit)
    found = city.finding(visit, city.inspector2)
    before = city.again(visit)
    with pytest.raises(Conflict) as caught:
        send(city.inspector, "visit.record", visit.pk, data)
    assert caught.value.code == "visit.sheet_changed"
    after = city.again(visit)
    assert (after.state, after.version) == ("under_way", before.version)
    with scope.acting(SYSTEM):
        assert Finding.objects.get(pk=found).hazard_id is None
        assert not Hazard.objects.exists()


def test_an_id_that_was_used_is_a_conflict_whoever_used_it(city: Field) -> None:
    visit, other = city.under_way(), city.under_way(enterprise=city.other_enterprise().pk)
    used = city.finding(other)
    with pytest.raises(Conflict) as caught:
        city.finding(visit, id=used)
    assert caught.value.code == "visit.exists"


def test_nobody_but_those_who_go(city: Field) -> None:
    visit = city.ready()
    for name, error in (("group_leader", Forbidden), ("n_inspector", NotFound), ("principal", Forbidden)):
        with pytest.raises(error):
            send(city.actors[name], "visit.arrive", visit.pk, {})
    assert city.again(visit).state == "notified"


def test_reopened_the_findings_stay_hazards_and_are_not_registered_twice(city: Field) -> None:
    visit = city.under_way()
    first = city.finding(visit)
    visit = city.recorded(visit)
    city.sign_record(city.inspector, visit, "officer", city.inspector.name)
    done = send(city.inspector, "visit.reopen", visit.pk, {"reason": "漏记一处隐患"}, base=visit.version)
    assert done.record["state"] == "under_way"
    with pytest.raises(Invalid):
        city.do(city.inspector, visit, "withdraw_finding", finding=first, reason="已登记的不能撤")
    city.finding(visit)
    visit = city.recorded(city.again(visit))
    with scope.acting(city.regulator):
        assert Hazard.objects.count() == 2
        assert len(set(Finding.objects.values_list("hazard_id", flat=True))) == 2
    again = city.sign_record(city.inspector, visit, "officer", city.inspector.name)
    assert again.state == "recorded", "a signature under the former record does not count"
    city.sign_record(city.inspector, visit, "enterprise", "王某")
    with pytest.raises(NotNow):
        send(city.inspector, "visit.reopen", visit.pk, {"reason": "企业已签不能开"})
    assert Visit.objects.count() == 0, "no scope, no rows"


def test_a_finding_that_cannot_be_registered_undoes_the_record_and_names_the_field(city: Field) -> None:
    visit = city.under_way()
    city.finding(visit)
    bad = city.finding(visit, place="——")
    with pytest.raises(Invalid) as caught:
        city.recorded(visit)
    assert set(caught.value.fields) == {f"findings.{bad}.place"}
    assert city.again(visit).state == "under_way"
    with scope.acting(SYSTEM):
        assert not Hazard.objects.exists()
        assert set(Finding.objects.values_list("hazard_id", flat=True)) == {None}


def test_every_no_needs_a_finding_and_the_item_proposes_major(city: Field) -> None:
    visit = city.under_way()
    city.answer(visit, city.items[1], "no")
    with pytest.raises(Invalid) as caught:
        city.recorded(visit)
    assert "煤气报警装置" in str(caught.value.fields["findings"][0])
    found = city.finding(visit, item=city.items[1].pk)
    with scope.acting(city.inspector):
        finding = Finding.objects.get(pk=found)
    assert (finding.major, finding.clause_id) == (True, city.clause.pk)
    visit = city.recorded(visit)
    with scope.acting(city.regulator):
        assert Hazard.objects.get().grade == "major"


def test_what_another_member_found_is_theirs_as_a_hazard_too(city: Field) -> None:
    visit = city.under_way()
    city.finding(visit, city.inspector2, item=city.items[1].pk)
    city.recorded(visit)
    with scope.acting(city.regulator):
        hazard = Hazard.objects.get()
        assert (hazard.finder_id, hazard.grade) == (city.inspector2.person, "major")
        assert [act.actor_name for act in acts(hazard.pk)] == [city.inspector.name, city.inspector2.name]
