"""The sign-in history: who came in, who failed, who was sent away. No password and no mistyped name is kept."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from anlan.identity.addresses import client_ip
from anlan.identity.models import Person, SignIn
from anlan.kernel import clock
from anlan.kernel.ids import new_id

NOWHERE = 0
"""The region of citizens' accounts: it lies in nobody's territory."""


def remember(outcome: str, request: HttpRequest, *, person: Person | None) -> None:
    """One line, in the region where the account is kept. Of citizens, who lie in none, no history is kept."""
    if person is not None and person.region == NOWHERE:
        return
    SignIn.objects.create(
        id=new_id(),
        at=clock.now(),
        outcome=outcome,
        person_id=person.pk if person else None,
        name=person.name if person else "",
        region=(person and person.region) or settings.ANLAN_CITY,
        ip=client_ip(request),
        agent=_agent(request),
    )


def known(username: Any) -> Person | None:
    return Person.objects.filter(username__iexact=str(username or "").replace("\x00", "")[:60]).first()


def _agent(request: HttpRequest) -> str:
    return request.headers.get("User-Agent", "")[:200].replace("\x00", "")
