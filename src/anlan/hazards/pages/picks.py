"""What a picker finds while one types."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from anlan.hazards.forms import search
from anlan.hazards.forms.nouns import SEARCHES, chosen_options
from anlan.hazards.pages.common import actor_of
from anlan.kernel.errors import NotFound

LONGEST = 60


@require_GET
def pick(request: HttpRequest, kind: str) -> HttpResponse:
    actor = actor_of(request)
    name = request.GET.get("name", "")
    if kind not in SEARCHES or not name.isidentifier() or len(name) > LONGEST:
        raise NotFound
    words, chosen = request.GET.get(f"{name}_words", ""), request.GET.get("chosen", "")
    more = {key: str(value) for key, value in request.GET.items()}
    found = chosen_options(kind, actor, [chosen], more) if chosen else search(kind, actor, words, more)
    context = {"name": name, "options": found, "searched": bool(words), "multiple": False, "checked": bool(chosen)}
    return render(request, "kernel/pick_options.html", context)
