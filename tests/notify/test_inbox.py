"""The inbox: one's own messages in words, each saying why; read, counted, purged."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import Invalid, NotFound
from anlan.kernel.flow.clockwork import tick
from anlan.notify import queries
from anlan.notify.actions import KEPT_DAYS, mark_read, purge_read, send
from anlan.notify.models import Message
from anlan.notify.words import words_of
from tests.factories import City
from tests.site.pages import client_of, words

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def mine(actor: Actor) -> list[Message]:
    with scope.acting(actor):
        return queries.inbox(actor).rows


def said(actor: Actor, kind: str) -> str:
    with translation.override("en"):
        found = next(words_of(one) for one in mine(actor) if one.kind == kind)
        return f"{found.title} | {found.detail} | {found.why}"


def test_each_kind_says_what_happened_and_why_one_is_told(city: City) -> None:
    hazard = city.dispatched()
    assert hazard.number in said(city.principal, "hazard.waits")
    assert "“Dispatch”" in said(city.principal, "hazard.waits")
    assert "the required signatures" in said(city.principal, "hazard.waits")
    for kind in hazard.required_signers:
        city.sign(city.actors[city.SIGNERS[kind]], hazard)
    city.do(city.safety_manager, hazard, "plan", **city.plan(hazard))
    city.do(city.principal, hazard, "ask_extension", due=city.day(40), reason="设备到货推迟，需要延期。")
    assert "decides on extensions" in said(city.regulator, "hazard.extension")
    assert city.day(40).isoformat() in said(city.regulator, "hazard.extension")
    city.do(city.regulator, hazard, "decide_extension", granted=False, reason="理由不足，按期完成。")
    assert "your enterprise is responsible" in said(city.principal, "hazard.told")


def test_a_reminder_and_lateness_name_the_reason(city: City) -> None:
    city.dispatched()
    with clock.at(clock.now() + timedelta(days=30)):
        tick()
        assert "Overdue" in said(city.principal, "hazard.late")
        assert "regulator of this field" in said(city.regulator, "hazard.late")
        assert "committee office" in said(city.office, "hazard.late")


def test_an_unknown_kind_and_odd_facts_still_read(city: City) -> None:
    with scope.acting(SYSTEM):
        send(to=[(city.citizen.person, None)], kind="later.kind", facts={"number": "X-1", "due_at": "soon"})  # type: ignore[list-item]
    assert said(city.citizen, "later.kind").startswith("A message about X-1")


def test_nobody_reads_or_marks_the_messages_of_others(city: City) -> None:
    city.found()
    [message, *_rest] = mine(city.regulator)
    with scope.acting(city.n_regulator):
        assert queries.inbox(city.n_regulator).rows == []
        with pytest.raises(NotFound):
            queries.message(city.n_regulator, message.pk)
        assert mark_read(actor=city.n_regulator, ids=[message.pk]) == 0
    assert client_of(city, "n_regulator").get(f"/inbox/{message.pk}/").status_code == 404


def test_opening_reads_and_leads_to_the_record(city: City) -> None:
    hazard = city.found()
    [message, *_rest] = mine(city.regulator)
    client = client_of(city, "regulator")
    assert "Notifications, 1 unread" in words(client.get("/inbox/"))
    answer = client.get(f"/inbox/{message.pk}/")
    assert answer.headers["Location"] == f"/hazards/{hazard.pk}/"
    assert "Notifications, 0 unread" in words(client.get("/inbox/"))
    assert hazard.number not in words(client.get("/inbox/?show=unread"))
    assert hazard.number in words(client.get("/inbox/"))


def test_an_address_outside_is_not_followed(city: City) -> None:
    with scope.acting(SYSTEM):
        send(to=[(city.office.person, None)], kind="x", facts={}, url="//evil.example/")  # type: ignore[list-item]
    [message] = mine(city.office)
    assert client_of(city, "office").get(f"/inbox/{message.pk}/").headers["Location"] == "/inbox/"


def test_chosen_ones_and_all_are_marked(city: City) -> None:
    for _turn in range(3):
        city.found()
    rows = mine(city.regulator)
    client = client_of(city, "regulator")
    client.post("/inbox/read/", {"act": "read", "ids": [str(rows[0].pk)]})
    with scope.acting(city.regulator):
        assert queries.unread_count(city.regulator) == 2
    client.post("/inbox/read/", {"act": "all"})
    with scope.acting(city.regulator):
        assert queries.unread_count(city.regulator) == 0
    assert client.post("/inbox/read/", {"ids": ["nonsense"]}).status_code == 422


def test_the_pager_walks_there_and_back_without_loss(city: City) -> None:
    with scope.acting(SYSTEM):
        for number in range(7):
            send(to=[(city.expert.person, None)], kind="x", facts={"number": number})  # type: ignore[list-item]
    with scope.acting(city.expert):
        every = [row.pk for row in queries.inbox(city.expert, limit=100).rows]
        first = queries.inbox(city.expert, limit=3)
        second = queries.inbox(city.expert, limit=3, after=first.after)
        third = queries.inbox(city.expert, limit=3, after=second.after)
        assert [row.pk for page in (first, second, third) for row in page.rows] == every
        assert (first.before, third.after) == (None, None)
        back = queries.inbox(city.expert, limit=3, before=third.before)
        assert [row.pk for row in back.rows] == every[3:6]


def test_a_foreign_cursor_is_refused(city: City) -> None:
    assert client_of(city, "expert").get("/inbox/?after=nonsense").status_code == Invalid.status


def test_old_read_messages_go_and_unread_ones_stay(city: City) -> None:
    with scope.acting(SYSTEM):
        send(to=[(city.office.person, None), (city.leader.person, None)], kind="x", facts={})  # type: ignore[list-item]
    with scope.acting(city.office):
        mark_read(actor=city.office)
    with clock.at(clock.now() + timedelta(days=KEPT_DAYS - 1)):
        assert purge_read() == 0
    with clock.at(clock.now() + timedelta(days=KEPT_DAYS + 1)):
        assert purge_read() == 1
    assert mine(city.office) == []
    assert len(mine(city.leader)) == 1


def test_the_inbox_costs_the_same_for_one_and_many(city: City) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries_made:
            client_of(city, "office").get("/inbox/")
        return len(queries_made)

    with scope.acting(SYSTEM):
        send(to=[(city.office.person, None)], kind="hazard.told", facts={"number": "1"})  # type: ignore[list-item]
    client_of(city, "office").get("/inbox/")
    first = asked()
    with scope.acting(SYSTEM):
        for _turn in range(3):
            send(to=[(city.office.person, None)], kind="hazard.told", facts={"number": "2"})  # type: ignore[list-item]
    assert asked() == first
