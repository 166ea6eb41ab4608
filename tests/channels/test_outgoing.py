"""Messages out: sent once, tried again when that helps, given up when it does not, forgotten afterwards."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from anlan.channels import http, outgoing
from anlan.channels.models import Acceptance, Outgoing
from anlan.channels.outgoing import TRIES, deliver, send
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.ids import new_id
from tests.channels.twin import Twin

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
PHONE, OPENID = "13800001234", "o-somebody"
ANSWERED = "report.answered"
FACTS = {"number": "SB-141000-2026-000001", "words": "已整改。"}


def sms(to: str = PHONE, template: str = ANSWERED, **facts: Any) -> Outgoing:
    with scope.acting(SYSTEM):
        return send(channel="sms", template=template, to=to, facts={**FACTS, **facts})


def subscribe(**facts: Any) -> Outgoing:
    with scope.acting(SYSTEM):
        return send(channel="wechat", template=ANSWERED, to=OPENID, facts={**FACTS, **facts})


def accept(twin: Twin, *, times: int = 1, ours: int | None = None) -> None:
    with scope.acting(SYSTEM):
        outgoing.accept(openid=OPENID, template=ANSWERED, times=times if ours is None else ours)
    twin.post("/_wechat/accept", openid=OPENID, template_id=f"demo-{ANSWERED}", times=times)


def left() -> int:
    with scope.acting(SYSTEM):
        return sum(Acceptance.objects.values_list("left", flat=True))


def row(one: Outgoing) -> Outgoing:
    with scope.acting(SYSTEM):
        return Outgoing.objects.get(pk=one.pk)


def jobs() -> list[tuple[UUID, bool]]:
    """Which messages wait in the queue, and whether for later."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->>'outgoing', scheduled_at IS NOT NULL FROM procrastinate_jobs"
            " WHERE task_name = 'channels.deliver' ORDER BY id"
        )
        return [(UUID(one), later) for one, later in cursor.fetchall()]


def test_a_message_is_queued_with_its_transaction_and_sent_once(twin: Twin) -> None:
    one = sms()
    assert jobs() == [(one.pk, False)]
    assert twin.texts() == []
    assert deliver(one.pk) == "sent"
    assert deliver(one.pk) == "gone"
    assert twin.texts() == ["您上报的 SB-141000-2026-000001 已有答复，请在随手拍中查看并评价。已整改。"]
    kept = row(one)
    assert (kept.state, kept.receipt, kept.tries) == ("sent", "S00000001", 1)


def test_nothing_is_sent_of_a_transaction_that_failed(twin: Twin) -> None:
    with pytest.raises(ZeroDivisionError), scope.acting(SYSTEM):
        send(channel="sms", template=ANSWERED, to=PHONE, facts=FACTS)
        raise ZeroDivisionError
    assert jobs() == []
    with scope.acting(SYSTEM):
        assert Outgoing.objects.count() == 0


def test_what_was_sent_is_forgotten_but_in_the_demo(twin: Twin, settings: Any) -> None:
    one = sms()
    deliver(one.pk)
    kept = row(one)
    assert (kept.to, kept.facts) == ("138****1234", {})
    settings.DEMO = True
    other = sms()
    deliver(other.pk)
    assert row(other).facts["number"] == FACTS["number"]


def test_messages_are_read_by_the_platform_alone(twin: Twin) -> None:
    sms()
    person = new_id()
    for actor in (
        Actor(role="citizen", person=person),
        Actor(role="office", regions=((0, 141_100_000_000),), industries=-1),
    ):
        with scope.acting(actor):
            assert Outgoing.objects.count() == 0
            send(channel="sms", template=ANSWERED, to=PHONE, facts=FACTS)  # anybody's act may tell somebody
            assert Outgoing.objects.count() == 0


@pytest.mark.parametrize("how", [("status", 500), ("status", 429), ("silent", 0.5)])
def test_trouble_that_may_pass_is_tried_again_later(twin: Twin, how: tuple[str, Any], monkeypatch: Any) -> None:
    if how[0] == "silent":
        monkeypatch.setattr(http, "ANSWER_SECONDS", 0.2)
        http.close()
    twin.fault("sms.send", *how)
    one = sms()
    assert deliver(one.pk) == "waiting"
    assert jobs() == [(one.pk, False), (one.pk, True)]
    assert row(one).facts  # it is still needed
    assert deliver(one.pk) == "sent"
    assert row(one).tries == 2
    http.close()


def test_an_answer_that_was_lost_costs_no_second_message(twin: Twin, monkeypatch: Any) -> None:
    monkeypatch.setattr(http, "ANSWER_SECONDS", 0.3)
    http.close()
    twin.fault("sms.send", "after", 1)
    one = sms()
    assert deliver(one.pk) == "waiting"
    monkeypatch.undo()
    http.close()
    assert deliver(one.pk) == "sent"
    assert len(twin.texts()) == 1


def test_it_is_given_up_after_so_many_tries(twin: Twin) -> None:
    twin.fault("sms.send", "status", 503, times=TRIES)
    one = sms()
    assert [deliver(one.pk) for _ in range(TRIES)] == ["waiting"] * (TRIES - 1) + ["failed"]
    assert row(one).problem == "channel.trouble"


def test_a_number_that_takes_no_messages_is_not_tried_again(twin: Twin) -> None:
    one = sms(to="13900000000")
    assert deliver(one.pk) == "failed"
    assert row(one).problem == "sms.refused blocked"
    assert len(jobs()) == 1


def test_a_wrong_secret_is_a_refusal(twin: Twin, settings: Any) -> None:
    settings.ANLAN_SMS_SECRET = "another"
    one = sms()
    assert deliver(one.pk) == "failed"
    assert row(one).problem == "sms.refused bad_signature"
    assert twin.texts() == []


def test_a_code_that_comes_too_late_is_of_no_use(twin: Twin) -> None:
    one = sms(template="code", code="123456", minutes=5)
    with clock.at(clock.now() + timedelta(minutes=6)):
        assert deliver(one.pk) == "lapsed"
    assert twin.texts() == []
    assert row(one).facts == {}


def test_where_nothing_is_set_up_the_message_waits_and_then_fails(settings: Any) -> None:
    settings.ANLAN_SMS_URL = ""
    one = sms()
    assert deliver(one.pk) == "waiting"
    assert row(one).problem == "channel.not_set_up"


def test_one_acceptance_is_one_message(twin: Twin) -> None:
    assert subscribe().state == "lapsed"
    accept(twin)
    first, second = subscribe(), subscribe()
    assert (first.state, second.state) == ("waiting", "lapsed")
    assert deliver(first.pk) == "sent"
    assert left() == 0
    sent = twin.log("wechat.subscribe.sent")
    assert [one["data"]["thing2"]["value"] for one in sent] == ["已整改。"]


def test_long_words_are_cut_to_what_a_field_holds(twin: Twin) -> None:
    accept(twin)
    one = subscribe(words="这是一段超过二十个字的答复内容，微信的字段放不下。")
    assert deliver(one.pk) == "sent"
    value = twin.log("wechat.subscribe.sent")[0]["data"]["thing2"]["value"]
    assert len(value) == 20
    assert value.endswith("…")


def test_when_wechat_says_that_nothing_is_left_nothing_is(twin: Twin) -> None:
    accept(twin, times=0, ours=3)
    one = subscribe()
    assert deliver(one.pk) == "lapsed"
    assert row(one).problem == "acceptance spent"
    assert left() == 0


def test_an_acceptance_is_given_back_when_nothing_went(twin: Twin) -> None:
    accept(twin)
    twin.fault("wechat.subscribe", "answer", {"errcode": 40037, "errmsg": "invalid template"})
    one = subscribe()
    assert deliver(one.pk) == "failed"
    assert row(one).problem == "wechat.bad_template 40037"
    assert left() == 1


def test_old_rows_go(twin: Twin) -> None:
    one = sms()
    deliver(one.pk)
    waiting = sms()
    with clock.at(clock.now() + timedelta(days=31)):
        assert outgoing.forget_old() == 1
    assert row(waiting).state == "waiting"


def test_a_number_gets_so_many_messages_a_day_and_its_codes_all_the_same(twin: Twin) -> None:
    found = [sms().state for _ in range(outgoing.MOST_A_DAY + 1)]
    assert found == ["waiting"] * outgoing.MOST_A_DAY + ["lapsed"]
    assert sms(template="code", code="123456", minutes=5).state == "waiting"
    assert sms(to="13800005678").state == "waiting"
    with clock.at(clock.now() + timedelta(days=1)):
        assert sms().state == "waiting"
        outgoing.forget_old()
    with clock.at(clock.now() + timedelta(days=2, minutes=1)):
        outgoing.forget_old()
        with scope.acting(SYSTEM):
            assert not Outgoing.objects.exclude(whom="").exists()
