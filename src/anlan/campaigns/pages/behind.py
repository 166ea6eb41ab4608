"""The rows behind a figure that the platform counted."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anlan.campaigns.behind import MOST, finders
from anlan.campaigns.beside import asked_of
from anlan.campaigns.pages.common import asker, title_of, url_of
from anlan.campaigns.queries import filling
from anlan.campaigns.returns.counting import counters, facts
from anlan.kernel import scope
from anlan.kernel.errors import NotFound


@require_GET
def behind(request: HttpRequest, return_id: UUID, name: str) -> HttpResponse:
    """As far as the reader may see them; how many more were counted is said."""
    asker(request)
    record = filling.one(return_id)
    if name not in finders:
        raise NotFound
    asked = asked_of(record)
    with scope.elevated("how many records were counted is part of the return"):
        count = (counters.get(name) or facts[name])(asked)
    pieces = finders[name](asked)
    context = {
        "title": _("What was counted"),
        "subtitle": title_of(record),
        "pieces": pieces,
        "count": count,
        "hidden": max(0, int(count or 0) - len(pieces)),
        "most": MOST,
        "back_url": url_of(record),
    }
    return render(request, "campaigns/behind.html", context)
