"""Opening pages as a post."""

from typing import Any

from django.test import Client

from anlan.identity.models import Post
from tests.factories import City


def client_of(city: City, name: str, *, language: str = "en") -> Client:
    """A browser in which this actor of the small city is signed in."""
    post: Post = city.posts[name]
    client = Client(headers={"Accept-Language": language})
    client.force_login(post.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def words(response: Any) -> str:
    text: str = response.content.decode()
    return text
