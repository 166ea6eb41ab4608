"""What is published of instruments, for everybody: the list, and one notice. Both read a table of public words and nothing else."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from anlan.enforcement.kinds import kinds
from anlan.enforcement.models import Publication
from anlan.enforcement.queries.published import publication, publications
from anlan.kernel import clock, scope
from anlan.kernel.api import as_moment
from anlan.kernel.errors import NotFound
from anlan.kernel.pages import read_place, write_place
from anlan.registry.queries import region_names
from anlan.reports.plaza.keeping import PLAZA
from anlan.reports.plaza.serving import frame

GONE = 410
View = Callable[..., HttpResponse]


def for_everybody(view: View) -> View:
    """As the plaza's reader, who sees no row of any scoped table; made anew each time, so that what is taken back is gone at once."""

    @login_not_required
    @require_safe
    @wraps(view)
    def served(request: HttpRequest, **values: str) -> HttpResponse:
        after = request.GET.get("after", "")[:200]
        request.open_asked = [("after", after)]  # type: ignore[attr-defined]
        with scope.acting(PLAZA):
            try:
                response = view(request, **values)
            except NotFound:
                context = frame(request, "") | {"title": _("Nothing is here")}
                response = render(request, "plaza/missing.html", context, status=404)
        response["Cache-Control"] = "no-store"
        return response

    return served


@for_everybody
def listing(request: HttpRequest) -> HttpResponse:
    rows, onward = publications(after=read_place(request.GET.get("after", ""), as_moment, UUID))
    places = region_names(one.region for one in rows)
    context = frame(request, "notices") | {
        "title": _("Public notices"),
        "rows": [_shown(one, places) for one in rows],
        "next_url": f"{reverse('notices:list')}?{urlencode({'after': write_place(onward)})}" if onward else "",
    }
    return render(request, "notices/list.html", context)


@for_everybody
def one(request: HttpRequest, code: str) -> HttpResponse:
    """What was taken back says when and why; its words are gone from the table too."""
    found = publication(code)
    context = frame(request, "notices") | {
        "title": found.title,
        "notice": _shown(found, region_names([found.region])),
        "retracted": found.retracted_at is not None,
        "retracted_on": clock.day_of(found.retracted_at).isoformat() if found.retracted_at else "",
    }
    return render(request, "notices/one.html", context, status=GONE if found.retracted_at else 200)


def _shown(row: Publication, places: dict[int, str]) -> dict[str, Any]:
    return {
        "row": row,
        "kind": kinds()[row.kind].label,
        "place": places.get(row.region, ""),
        "url": reverse("notices:one", args=[row.code]),
        "on": clock.day_of(row.published_at).isoformat(),
    }
