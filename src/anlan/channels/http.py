"""One way out: short time-outs, no redirects, and one kind of trouble for whatever goes wrong outside."""

import json
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.utils.translation import gettext_lazy as _

from anlan.kernel.errors import Problem

CONNECT_SECONDS, ANSWER_SECONDS = 3.0, 6.0
LARGEST = 1_000_000
HERE = ("127.0.0.1", "localhost", "::1")


class Outside(Problem):
    """A service outside did not do what it was asked. `again`: the same may pass later."""

    code = "channel.trouble"
    status = 502
    again = True
    default_message = _("A service outside the platform does not answer properly just now. Try again in a moment.")


class Unreachable(Outside):
    code = "channel.unreachable"
    status = 504


class NotSetUp(Problem):
    """An operator has not said how this service is reached."""

    code = "channel.not_set_up"
    status = 409  # not 503: nobody gains by trying again
    default_message = _("%(service)s is not set up on this platform. Its operator must set %(names)s.")


def ask(method: str, url: str, *, query: dict[str, str] | None = None, **more: Any) -> httpx.Response:
    """
    The answer of a service, whatever its status below 500.

    Raises Unreachable when nothing came back in time: what was asked may have been done all the same.
    """
    try:
        answer = _client(urlsplit(url).hostname in HERE).request(method, url, params=query, **more)
    except httpx.HTTPError as error:
        raise Unreachable from error
    if answer.status_code >= 500:
        raise Outside
    if len(answer.content) > LARGEST:
        raise Outside
    return answer


def read_json(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = json.loads(answer.content)
    except ValueError as error:
        raise Outside from error
    if not isinstance(found, dict):
        raise Outside
    return found


_clients: dict[bool, httpx.Client] = {}
_lock = Lock()


def _client(here: bool) -> httpx.Client:
    """One a process, shared by its threads; what stands on this machine is never asked through a proxy."""
    with _lock:
        if here not in _clients:
            seconds = httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
            _clients[here] = httpx.Client(timeout=seconds, follow_redirects=False, trust_env=not here)
        return _clients[here]


def close() -> None:
    """Let go of what is open, and begin anew with the next request."""
    with _lock:
        while _clients:
            _clients.popitem()[1].close()
