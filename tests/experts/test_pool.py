"""The pool: who keeps it, who is certified on a day, whom one must not check."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from anlan.experts import actions, queries
from anlan.experts.models import Avoidance, Certificate, Expert
from anlan.kernel import clock, scope
from anlan.kernel.errors import Forbidden, Invalid, NotFound, WrongState
from anlan.kernel.ledger.read import acts
from anlan.kernel.models import Entry
from tests.factories import COUNTY, NEIGHBOUR, City
from tests.sessions import SignedIn

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def facts(**over: Any) -> dict[str, Any]:
    return {"name": "温师傅", "level": "city", "region": COUNTY, "since": "2025-01-01", "specialties": ["dust"]} | over


def certificate(city: City, person: UUID, **over: Any) -> dict[str, Any]:
    return {"person": person, "number": "晋L-0001", "since": "2025-01-01", "fields": [0]} | over


def test_the_office_keeps_its_experts_and_nobody_else_does(city: City) -> None:
    with scope.acting(city.office):
        made = actions.add_expert(actor=city.office, data=facts(person=city.expert.person))
        assert Entry.objects.get(subject_id=made.pk).step == "add_expert"
        with pytest.raises(Invalid) as wrong:
            actions.add_expert(actor=city.office, data=facts(region=NEIGHBOUR))
        assert "region" in wrong.value.fields
        with pytest.raises(Invalid) as wrong:
            actions.add_expert(actor=city.office, data=facts(specialties=["nonsense"]))
        assert "specialties" in wrong.value.fields
        with pytest.raises(Invalid) as wrong:
            actions.add_expert(actor=city.office, data=facts(person=city.inspector.person))
        assert "person" in wrong.value.fields
    for post in (city.regulator, city.inspector, city.leader, city.principal, city.expert):
        with scope.acting(post), pytest.raises(Forbidden):
            actions.add_expert(actor=post, data=facts())
    with scope.acting(city.n_office):
        assert not Expert.objects.exists()
        with pytest.raises(NotFound):
            actions.edit_expert(actor=city.n_office, expert=made.pk, data=facts(region=NEIGHBOUR))
    with scope.acting(city.expert):
        assert [row.pk for row in queries.experts(city.expert).rows] == [made.pk]


def test_who_is_free_on_a_day(city: City) -> None:
    today = clock.today()
    with scope.acting(city.office):
        one = actions.add_expert(actor=city.office, data=facts(person=city.expert.person))
        gone = actions.add_expert(actor=city.office, data=facts(name="老陈", until=today - timedelta(days=1)))
        week = {"first": today, "last": today + timedelta(days=6)}
        absence = actions.note_absence(actor=city.office, expert=one.pk, data=week)
        assert not queries.experts(city.office, free_on=today).rows
        assert [row.pk for row in queries.experts(city.office, free_on=today + timedelta(days=7)).rows] == [one.pk]
        assert {row.pk for row in queries.experts(city.office).rows} == {one.pk, gone.pk}
        with pytest.raises(Invalid):
            actions.note_absence(actor=city.office, expert=one.pk, data={"first": today, "last": "2020-01-01"})
    with scope.acting(city.inspector), pytest.raises(Forbidden):
        actions.note_absence(actor=city.inspector, expert=one.pk, data=week)
    with scope.acting(city.expert):
        actions.end_absence(actor=city.expert, absence=absence.pk)
        assert [row.pk for row in queries.experts(city.expert, free_on=today).rows] == [one.pk]


def test_a_group_has_members_of_the_pool_and_a_leader_among_them(city: City) -> None:
    with scope.acting(city.office):
        people = [actions.add_expert(actor=city.office, data=facts(name=name)).pk for name in ("甲某", "乙某", "丙某")]
        data = {"name": "粉尘防爆组", "region": COUNTY, "members": people[:2], "leader": people[0]}
        group = actions.keep_group(actor=city.office, data=data)
        with pytest.raises(Invalid):
            actions.keep_group(actor=city.office, data=data | {"name": "别组", "leader": people[2]})
        with pytest.raises(Invalid) as wrong:
            actions.keep_group(actor=city.office, data=data)
        assert "name" in wrong.value.fields
        actions.keep_group(actor=city.office, group=group.pk, data=data | {"members": people[1:], "leader": None})
        assert {one.pk for one in queries.group(group.pk).members.all()} == set(people[1:])
    with scope.acting(city.n_office), pytest.raises(NotFound):
        queries.group(group.pk)


def test_a_certificate_counts_on_its_days_and_in_its_fields(city: City) -> None:
    today, person = clock.today(), city.inspector.person
    assert person
    with scope.acting(city.regulator):
        made = actions.add_certificate(actor=city.regulator, data=certificate(city, person, until=today))
        assert queries.certified([person], today, 0) == {person: "晋L-0001"}
        assert queries.certified([person], today, 1) == {}
        assert queries.certified([person], today + timedelta(days=1), 0) == {}
        with pytest.raises(Invalid) as wrong:
            actions.add_certificate(actor=city.regulator, data=certificate(city, person))
        assert "number" in wrong.value.fields
        with pytest.raises(Invalid) as wrong:
            actions.add_certificate(
                actor=city.regulator, data=certificate(city, city.n_inspector.person, number="晋L-0002")
            )
        assert "person" in wrong.value.fields
        actions.end_certificate(
            actor=city.regulator, certificate=made.pk, last=today - timedelta(days=1), reason="调离岗位"
        )
        assert queries.certified([person], today, 0) == {}
        with pytest.raises(WrongState):
            actions.end_certificate(actor=city.regulator, certificate=made.pk, last=today, reason="再停一次")
    with scope.acting(city.inspector), pytest.raises(Forbidden):
        actions.add_certificate(actor=city.inspector, data=certificate(city, person, number="晋L-0003"))
    with scope.acting(city.n_regulator):
        assert not Certificate.objects.exists()


def test_avoidance_is_declared_by_oneself_or_the_office_and_lifted_by_others(city: City) -> None:
    today = clock.today()
    data = {"person": city.inspector.person, "enterprise": city.enterprise.pk, "kind": "kin", "reason": "配偶任职"}
    data["since"] = today
    with scope.acting(city.inspector):
        made = actions.declare_avoidance(actor=city.inspector, data=data)
        with pytest.raises(Forbidden):
            actions.declare_avoidance(actor=city.inspector, data=data | {"person": city.inspector2.person})
        with pytest.raises(Forbidden):
            actions.end_avoidance(actor=city.inspector, avoidance=made.pk, last=today, reason="不再任职")
        pair = (city.inspector.person, city.enterprise.pk)
        assert queries.avoided([city.inspector.person], [city.enterprise.pk], today) == {pair: "kin"}
    with scope.acting(city.n_office):
        assert not Avoidance.objects.exists()
        with pytest.raises(NotFound):
            actions.end_avoidance(actor=city.n_office, avoidance=made.pk, last=today, reason="不再任职")
    with scope.acting(city.office):
        actions.end_avoidance(actor=city.office, avoidance=made.pk, last=today, reason="不再任职")
        assert queries.avoided([city.inspector.person], [city.enterprise.pk], today + timedelta(days=1)) == {}


def test_an_avoidance_is_only_shortened_and_its_reason_kept(city: City, signed_in: SignedIn) -> None:
    today, day = clock.today(), timedelta(days=1)
    data = {"person": city.inspector.person, "enterprise": city.enterprise.pk, "kind": "kin", "reason": "配偶任职"}
    with scope.acting(city.inspector):
        made = actions.declare_avoidance(actor=city.inspector, data=data | {"since": today - 9 * day})
    end = {"actor": city.office, "avoidance": made.pk}
    with scope.acting(city.office):
        for over, field in (
            ({"last": today - 10 * day, "reason": "从未有过"}, "last"),
            ({"last": today, "reason": " "}, "reason"),
            ({"last": today - day, "reason": ""}, "reason"),
        ):
            with pytest.raises(Invalid) as wrong:
                actions.end_avoidance(**end, **over)
            assert field in wrong.value.fields
        made.refresh_from_db()
        assert made.until is None
        actions.end_avoidance(**end, last=today + day, reason="下月离任")
        for last in (today + day, today + 9 * day):
            with pytest.raises(WrongState):
                actions.end_avoidance(**end, last=last, reason="再延长")
        actions.end_avoidance(**end, last=today - day, reason="昨日已离婚")
        assert [act.data.get("reason") for act in acts(made.pk)][-2:] == ["下月离任", "昨日已离婚"]
    page = signed_in("office").post(
        f"/experts/avoidances/{made.pk}/end/", {"last": (today - 20 * day).isoformat(), "reason": "从未有过"}
    )
    assert page.status_code == 422


def test_the_pages_and_the_api_do_the_same(city: City, client: Client, signed_in: SignedIn) -> None:
    from anlan.identity.actions import issue_token

    with scope.acting(city.office):
        _made, secret = issue_token(actor=city.office, data={"name": "试"})
    headers = {"Authorization": f"Bearer {secret}"}
    sent = client.post("/api/v1/experts", data=facts(), content_type="application/json", headers=headers)
    assert sent.status_code == 201, sent.content
    assert client.get("/api/v1/experts?specialty=dust", headers=headers).json()["items"][0]["name"] == "温师傅"
    wrong = client.post("/api/v1/experts", data=facts(level="x"), content_type="application/json", headers=headers)
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["field"] == "level"
    desk = signed_in("office")
    page = desk.get("/experts/?level=city")
    assert "温师傅" in page.content.decode()
    assert desk.get("/experts/export/")["Content-Type"].endswith("sheet")
    bad = desk.post("/experts/new/", data={"name": "甲", "level": "city", "since": "2025-01-01"})
    assert bad.status_code == 422
    made = desk.post("/experts/new/", data=facts(name="任师傅", fields=["0", "1"]))
    assert made.status_code == 302, made.content.decode()
    assert "任师傅" in desk.get(made["Location"]).content.decode()
    for name in ("groups/", "groups/new/", "certificates/", "certificates/new/", "avoidances/", "avoidances/new/"):
        assert desk.get(f"/experts/{name}").status_code == 200, name
    assert signed_in("principal").get("/experts/").status_code == 403
    assert signed_in("n_office").get(made["Location"]).status_code == 404
