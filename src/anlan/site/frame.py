"""What every page's frame needs: the actor, their posts, the menu, what waits in the inbox."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, Any]:
    return {
        "DEMO": settings.DEMO,
        "actor": getattr(request, "actor", None),
        "my_posts": getattr(request, "my_posts", []),
    }
