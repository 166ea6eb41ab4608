"""What a locked-out visitor is told."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def answer(request: HttpRequest, credentials: dict[str, Any] | None = None, *args: Any, **kwargs: Any) -> HttpResponse:
    return render(request, "identity/locked.html", status=429)
