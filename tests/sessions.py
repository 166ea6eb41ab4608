"""A browser's session for any post of the small city."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from anlan.identity.models import Person
from tests.factories import City

SignedIn = Callable[[str], Client]


@pytest.fixture
def signed_in(city: City) -> SignedIn:
    def enter(name: str) -> Client:
        client = Client(headers={"accept-language": "en"})
        post = city.posts[name]
        Person.objects.filter(pk=post.person_id).update(password_changed_at=timezone.now(), language="en")
        client.force_login(
            Person.objects.get(pk=post.person_id), backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        session = client.session
        session["post"] = str(post.pk)
        session.save()
        client.cookies["anlan_language"] = "en"
        return client

    return enter
