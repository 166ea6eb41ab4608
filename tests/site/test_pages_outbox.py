"""The outbox: everybody's in the demo, the administrator's elsewhere and then without a word of what was said."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from anlan.channels.outgoing import deliver, send
from anlan.channels.templates import title
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from tests.channels.twin import Twin, twin, twin_process
from tests.factories import City
from tests.site.pages import client_of, words

__all__ = ["twin", "twin_process"]
pytestmark = pytest.mark.django_db(databases=["default", "owner"])
PHONE, CODE = "13800001234", "482913"


def code_sent(*, delivered: bool = True) -> None:
    with scope.acting(SYSTEM):
        row = send(channel="sms", template="code", to=PHONE, facts={"code": CODE, "minutes": 5})
    if delivered:
        deliver(row.pk)


def page(client: Client, path: str = "/outbox/") -> str:
    answer = client.get(path, headers={"accept-language": "en"})
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    return words(answer)


def test_in_the_demo_everybody_reads_the_code(twin: Twin, settings: Any) -> None:
    settings.DEMO = True
    code_sent()
    found = page(Client())
    assert CODE in found
    assert "138****1234" in found
    assert PHONE not in found


def test_outside_the_demo_the_page_is_not_there(city: City, twin: Twin) -> None:
    code_sent(delivered=False)
    assert Client().get("/outbox/").status_code == 404
    for name in set(city.posts) - {"system_admin", "n_system_admin"}:
        assert client_of(city, name).get("/outbox/").status_code == 404, name


@pytest.mark.parametrize("delivered", [True, False])
def test_the_administrator_sees_that_it_went_and_nothing_of_it(city: City, twin: Twin, delivered: bool) -> None:
    code_sent(delivered=delivered)
    found = page(client_of(city, "system_admin"))
    assert "Sign-in code" in found
    for secret in (CODE, PHONE, "1234"):
        assert secret not in found


def test_what_was_in_the_way_stands_in_words(city: City, twin: Twin) -> None:
    with scope.acting(SYSTEM):
        row = send(channel="sms", template="report.answered", to="13900000000", facts={"number": "1"})
        send(channel="wechat", template="report.answered", to="o-1", facts={"number": "1"})
    deliver(row.pk)
    found = page(client_of(city, "system_admin"))
    assert "The gateway refused it. (blocked)" in found
    assert "The citizen accepted no such message." in found


def test_pages_and_channels(twin: Twin, settings: Any) -> None:
    settings.DEMO = True
    start = clock.now()
    for number in range(60):
        with clock.at(start + timedelta(seconds=number)), scope.acting(SYSTEM):
            send(channel="sms", template="report.answered", to=PHONE, facts={"number": f"N{number:03d}"})
    first = page(Client())
    assert "N059" in first
    assert "N009" not in first
    cursor = re.search(r"after=([\w-]+)", first)
    assert cursor
    second = page(Client(), f"/outbox/?after={cursor[1]}")
    assert "N009" in second
    assert "N010" not in second
    assert "N059" not in page(Client(), "/outbox/?channel=wechat")
    assert Client().get("/outbox/?after=nonsense").status_code == 422


def test_messages_are_named_in_both_languages() -> None:
    with translation.override("zh-hans"):
        assert title("code") == "登录验证码"
    with translation.override("en"):
        assert title("code") == "Sign-in code"
