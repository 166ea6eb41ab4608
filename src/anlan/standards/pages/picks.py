"""What a picker of clauses finds while one types."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from anlan.kernel.errors import NotFound
from anlan.standards.forms import SEARCHES
from anlan.standards.pages.common import official_of

LONGEST = 60


@require_GET
def pick(request: HttpRequest, kind: str) -> HttpResponse:
    official_of(request)
    name = request.GET.get("name", "")
    if kind not in SEARCHES or not name.isidentifier() or len(name) > LONGEST:
        raise NotFound
    words = request.GET.get(f"{name}_words", "")[:100]
    context = {"name": name, "options": SEARCHES[kind](words), "searched": bool(words.strip()), "multiple": False}
    return render(request, "kernel/pick_options.html", context)
