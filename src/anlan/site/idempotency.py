"""A write sent twice is done once: its key, its effect and its answer are one transaction.

The row of a key is inserted first, so a second request with the same key waits on the unique index until the first one
ended: it then finds the answer, or, when the first one failed and left nothing, does the work itself.
"""

import hmac
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from psycopg.errors import LockNotAvailable

from anlan.identity.middleware import APART, GetResponse
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.duties import duty
from anlan.kernel.errors import Conflict, Invalid, KeyReused, Problem
from anlan.kernel.ids import new_id
from anlan.kernel.models import IdempotencyKey
from anlan.site.faults import as_problem
from anlan.site.problems import problem_response

HEADER, FIELD, REPLAYED = "Idempotency-Key", "idempotency_key", "Idempotency-Replayed"
WRITES = ("POST", "PUT", "PATCH", "DELETE")
FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
LONGEST = 100
WAIT = "5s"
RETRY_AFTER = 2
KEPT = timedelta(days=7)
_PLACE = 300


class UnderWay(Conflict):
    code = "idempotency.under_way"
    default_message = _("The same request is still being worked on. Ask again in a moment.")


class AnswerGone(Conflict):
    code = "idempotency.answer_not_kept"
    default_message = _("This was done already; its answer holds a secret and was given only once.")


class Idempotency:
    """Stands inside the request's transaction, which an answer of 400 or more rolls back: a failure leaves no key."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        claim: IdempotencyKey | None = getattr(request, "claim", None)
        if claim is not None and response.status_code < 400:
            _store(request, claim, response)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        """Runs after the check against forged forms, so that a forged one never meets a stored answer."""
        actor: Actor | None = getattr(request, "actor", None)
        if actor is None or actor.person is None or request.method not in WRITES or request.path.startswith(APART):
            return None  # commands and uploads carry ids of their own
        try:
            key = _key(request)
            return _begin(request, actor.person, actor, key) if key else None
        except Exception as error:
            problem = as_problem(error)
            if problem is None:
                raise
            return _refused(request, problem)


def _refused(request: HttpRequest, problem: Problem) -> HttpResponse:
    response = problem_response(request, problem)
    if isinstance(problem, UnderWay):
        response["Retry-After"] = str(RETRY_AFTER)
    return response


def _by_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _key(request: HttpRequest) -> str:
    key = request.headers.get(HEADER, "") if _by_api(request) else request.POST.get(FIELD, "")
    if key and (len(key) > LONGEST or not all("!" <= sign <= "~" for sign in key)):
        raise Invalid(
            _("An idempotency key has 1 to 100 visible ASCII characters."),
            fields={HEADER: [_("An idempotency key has 1 to 100 visible ASCII characters.")]},
            code="idempotency.bad_key",
        )
    return key


def _begin(request: HttpRequest, person: UUID, actor: Actor, key: str) -> HttpResponseBase | None:
    """Claim the key, or answer as the first time."""
    digest = _digest(request, actor)
    claim = IdempotencyKey(id=new_id(), person_id=person, key=key, digest=digest, at=clock.now())
    if _insert(claim):
        request.claim = claim  # type: ignore[attr-defined]
        return None
    kept = IdempotencyKey.objects.get(person_id=person, key=key)
    if not hmac.compare_digest(kept.digest, digest):
        raise KeyReused
    return _replay(request, kept)


def _insert(claim: IdempotencyKey) -> bool:
    """Whether the key is ours now. Waits for a transaction that holds it; UnderWay when that takes too long."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{WAIT}'")
            cursor.execute(
                "INSERT INTO kernel_idempotencykey (id, person_id, key, digest, content_type, location, at)"
                " VALUES (%s, %s, %s, %s, '', '', %s) ON CONFLICT (person_id, key) DO NOTHING",
                [claim.pk, claim.person_id, claim.key, claim.digest, claim.at],
            )
            ours = cursor.rowcount == 1
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
            return ours
    except Exception as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise UnderWay from None
        raise


def _digest(request: HttpRequest, actor: Actor) -> str:
    """Of who asks as which post, and for what; keyed, so that a password in a form cannot be guessed from it."""
    found = hmac.new(settings.SECRET_KEY.encode(), digestmod=sha256)
    for part in _parts(request, actor):
        found.update(len(part).to_bytes(8, "big"))
        found.update(part)
    return found.hexdigest()


def _parts(request: HttpRequest, actor: Actor) -> Iterator[bytes]:
    yield str(actor.post).encode()
    yield (request.method or "").encode()
    yield request.get_full_path().encode("utf-8", "surrogatepass")
    if request.content_type not in FORMS:
        yield (request.content_type or "").encode()
        yield request.body
        return
    for name in sorted(request.POST):
        if name in ("csrfmiddlewaretoken", FIELD):
            continue
        for value in request.POST.getlist(name):
            yield name.encode("utf-8", "surrogatepass")
            yield value.encode("utf-8", "surrogatepass")
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            yield name.encode("utf-8", "surrogatepass")
            yield f"{file.name}\n{file.content_type}".encode("utf-8", "surrogatepass")
            content = sha256()
            for chunk in file.chunks():
                content.update(chunk)
            file.seek(0)
            yield content.digest()


def _store(request: HttpRequest, claim: IdempotencyKey, response: HttpResponse) -> None:
    place = response.headers.get("Location", "") or response.headers.get("HX-Redirect", "")
    kept = IdempotencyKey.objects.filter(pk=claim.pk)
    if getattr(request, "keeps_own_answer", False) or (not _by_api(request) and not place):
        kept.delete()  # its own id makes a retry the same act; or a page shown again, which is none
        return
    if len(place) > _PLACE:
        place = place.partition("?")[0][:_PLACE]
    secret = getattr(request, "secret_answer", False)
    kept.update(
        status=response.status_code,
        content_type=response.headers.get("Content-Type", "")[:80],
        location=place,
        answer=response.content if _by_api(request) and not secret else None,
    )


def _replay(request: HttpRequest, kept: IdempotencyKey) -> HttpResponseBase:
    response: HttpResponse
    if not _by_api(request):
        if request.headers.get("HX-Request") == "true":
            response = HttpResponse(status=204, headers={"HX-Redirect": kept.location})
        else:
            response = HttpResponseRedirect(kept.location)
    elif kept.answer is None or kept.status is None:
        raise AnswerGone
    else:
        response = HttpResponse(bytes(kept.answer), status=kept.status, content_type=kept.content_type)
        if kept.location:
            response["Location"] = kept.location
    response[REPLAYED] = "true"
    return response


@duty("idempotency", every=3600.0)
def forget_old_keys() -> int:
    """Keys are kept for seven days; a retry later than that is a new request."""
    with scope.acting(SYSTEM):
        return IdempotencyKey.objects.filter(at__lt=clock.now() - KEPT).delete()[0]
