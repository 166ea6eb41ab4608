"""What a picker of clauses finds while one types."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from anlan.kernel.pages import picked, picker_name
from anlan.standards.forms import SEARCHES
from anlan.standards.pages.common import official_of


@require_GET
def pick(request: HttpRequest, kind: str) -> HttpResponse:
    official_of(request)
    name = picker_name(request, kind, SEARCHES)
    return picked(request, name, SEARCHES[kind](request.GET.get(f"{name}_words", "")[:100]))
