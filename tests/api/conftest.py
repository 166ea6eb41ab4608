"""The small city with a token for each post, and a client that speaks as one of them."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from anlan.identity.tokens import issue_token
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from tests.factories import City, picture

ROOT = "/api/v1"


@dataclass
class Speaker:
    """Speaks to the API as one post, over the real middleware."""

    token: str = ""
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def __call__(self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, **headers: str) -> Any:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            given["Authorization"] = f"Bearer {self.token}"
        data = raw if raw is not None else b"" if body is None else json.dumps(body, default=str).encode()
        content_type = given.pop("Content-Type", "application/json")
        return self.client.generic(method, ROOT + path, data, content_type, headers={"Accept-Language": "en"} | given)

    def get(self, path: str, **headers: str) -> Any:
        return self("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self("POST", path, body, **headers)

    def upload(self, content: bytes, name: str = "p.jpg", media_type: str = "image/jpeg", **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", "Accept-Language": "en"} | more.pop("headers", {})
        file = SimpleUploadedFile(name, content, media_type)
        return self.client.post(f"{ROOT}/files", {"file": file} | more, headers=headers)

    def photo(self, seed: int) -> str:
        return str(self.upload(picture(seed)).json()["id"])

    def step(self, hazard: str, step: str, body: Any = None, **headers: str) -> Any:
        return self.post(f"/hazards/{hazard}/steps/{step}", body, **headers)


Speaking = Callable[[str], Speaker]


@pytest.fixture
def speak(city: City) -> Speaking:
    kept: dict[str, Speaker] = {}

    def as_post(name: str) -> Speaker:
        if name not in kept:
            with scope.acting(SYSTEM):
                kept[name] = Speaker(issue_token(post=city.posts[name], name="test"))
        return kept[name]

    return as_post
