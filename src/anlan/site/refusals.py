"""Every refused access is kept: written after the refused transaction ended, in one of its own."""

import structlog
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from anlan.identity.addresses import client_ip
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import Problem
from anlan.kernel.ids import new_id
from anlan.kernel.models import Refusal

log = structlog.get_logger(__name__)
REFUSED = (401, 403, 404, 429)
CITIZENS = "/api/v1/citizen/"


def keep_refusal(request: HttpRequest, response: HttpResponse, actor: Actor | None) -> None:
    """Store a refusal of a signed-in person, or of a write or API call by anybody."""
    if response.status_code not in REFUSED or request.path.startswith("/static/"):
        return
    if actor is None and response.status_code == 404:
        return  # strangers asking for pages that do not exist would only fill the table
    if response.status_code in (401, 429) and request.path.startswith(CITIZENS):
        return  # and so would a flood
    problem = getattr(response, "problem", None)
    _store(
        actor,
        ip=client_ip(request),
        method=request.method or "",
        path=request.path,
        status=response.status_code,
        code=problem.code if problem else f"http.{response.status_code}",
        detail=str(problem.detail) if problem else "",
    )


def keep(actor: Actor, problem: Problem, *, method: str, path: str) -> None:
    """A refusal inside an answer that is none itself, such as one command of a phone among many."""
    _store(
        actor, ip=actor.ip, method=method, path=path, status=problem.status, code=problem.code, detail=problem.detail
    )


def _store(actor: Actor | None, *, ip: str | None, method: str, path: str, status: int, code: str, detail: str) -> None:
    if (actor is not None and actor.veiled) or path.startswith(CITIZENS):
        actor, ip = None, None  # that it was refused; of citizens neither who nor where
    try:
        with scope.acting(SYSTEM):
            Refusal.objects.create(
                id=new_id(),
                at=clock.now(),
                person_id=actor.person if actor else None,
                post_id=actor.post if actor else None,
                actor_name=actor.name if actor else "",
                role=actor.role if actor else "",
                region=actor.region if actor else settings.ANLAN_CITY,
                ip=ip,
                method=method,
                path=path[:300].replace("\x00", ""),
                status=status,
                code=code,
                detail=detail[:300],
            )
    except DatabaseError:
        log.exception("refusal.not_kept")
