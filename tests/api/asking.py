"""Short words for tests that speak to the API: what was answered, and at which fields it was refused."""

from typing import Any


def made(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()
    return found


def got(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def wrong(answer: Any) -> set[str]:
    """The fields that were refused, each with a reason in words."""
    assert answer.status_code == 422, answer.content
    errors = answer.json()["errors"]
    assert all(one["message"] for one in errors)
    return {one["field"] for one in errors}


def status(answer: Any) -> int:
    found: int = answer.status_code
    return found
