"""Five wrong passwords for one account from one address close that door for half an hour."""

from datetime import timedelta
from math import ceil
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.identity.addresses import client_ip
from anlan.kernel.errors import Problem


class TooManyFailures(Problem):
    code = "sign_in.locked"
    status = 429
    default_message = _("Too many failed sign-ins.")


LASTS = timedelta(hours=settings.AXES_COOLOFF_TIME)


def account_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The name under which failures are counted: spelling it in capitals opens no second count."""
    typed = (credentials or {}).get("username") or request.POST.get("login") or ""
    return str(typed).strip().lower()[:255].replace("\x00", "")


def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """What a locked-out visitor is told: how long, and who can help."""
    credentials = next((one for one in (*args, *kwargs.values()) if isinstance(one, dict)), None)
    minutes = minutes_left(account_name(request, credentials), client_ip(request))
    response = render(request, "identity/locked.html", {"minutes": minutes}, status=429)
    response.problem = TooManyFailures()  # type: ignore[attr-defined]  # for the list of refused accesses
    return response


def minutes_left(username: str, ip: str | None) -> int:
    newest = AccessAttempt.objects.filter(username=username, ip_address=ip).order_by("-attempt_time").first()
    if newest is None:
        return ceil(LASTS.total_seconds() / 60)
    return max(1, ceil((newest.attempt_time + LASTS - timezone.now()).total_seconds() / 60))


def locked_usernames(usernames: list[str]) -> set[str]:
    """Which of these accounts are locked from at least one address."""
    counted = (
        AccessAttempt.objects.filter(username__in=usernames, attempt_time__gt=timezone.now() - LASTS)
        .values("username", "ip_address")
        .annotate(failures=Sum("failures_since_start"))
        .filter(failures__gte=settings.AXES_FAILURE_LIMIT)
    )
    return {row["username"] for row in counted}
