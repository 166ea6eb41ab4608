"""A citizen at the API: a browser or a phone, and the code that arrives on it."""

import re
from datetime import timedelta
from typing import Any

from django.db.models import F
from django.test import Client

from anlan.channels.models import Outgoing
from anlan.channels.outgoing import deliver
from anlan.identity import floods, proofs
from anlan.identity.models import Citizen, PhoneCode
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from tests.channels.twin import Twin

API = "/api/v1/citizen"
PHONE = "13800001234"


def browser(**headers: str) -> Client:
    """One that forges nothing and is checked for it."""
    return Client(enforce_csrf_checks=True, headers={"accept-language": "en", **headers})


def send(client: Client, path: str, *, method: str = "post", **body: Any) -> Any:
    token = client.cookies["anlan_csrf"].value if "anlan_csrf" in client.cookies else ""
    return getattr(client, method)(
        f"{API}/{path}", body, content_type="application/json", headers={"X-CSRFToken": token} if token else {}
    )


def deliver_all() -> None:
    with scope.acting(SYSTEM):
        waiting = list(Outgoing.objects.filter(state="waiting").values_list("pk", flat=True))
    for one in waiting:
        deliver(one)


def code_for(twin: Twin, phone: str = PHONE, client: Client | None = None) -> str:
    answer = send(client or browser(), "codes", phone=phone)
    assert answer.status_code == 202, answer.content
    deliver_all()
    newest = next(one for one in reversed(twin.log("sms.sent")) if one["to"] == phone)
    found = re.search(r"\d{6}", newest["text"])
    assert found
    return found[0]


def sign_in(twin: Twin, phone: str = PHONE, client: Client | None = None) -> Client:
    client = client or browser()
    answer = send(client, "sign-in", phone=phone, code=code_for(twin, phone, client))
    assert answer.status_code == 200, answer.content
    forget_tries()
    return client


def forget_tries() -> None:
    """For tests of something else than how often one may try."""
    floods.Try.objects.all().delete()
    PhoneCode.objects.update(at=F("at") - timedelta(minutes=2))


def proof() -> str:
    asked = proofs.challenge()
    return proofs.solve(str(asked["salt"]), int(str(asked["bits"])))


def guest(client: Client | None = None) -> Client:
    client = client or browser()
    answer = send(client, "guest", proof=proof())
    assert answer.status_code == 200, answer.content
    forget_tries()
    return client


def me(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"{API}/me").json()
    return found


def how_many() -> int:
    with scope.acting(SYSTEM):
        return Citizen.objects.count()
