"""What a picker finds while one types."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from anlan.hazards.forms import picker, search
from anlan.hazards.forms.nouns import SEARCHES, chosen_options
from anlan.hazards.needs import Register
from anlan.hazards.pages.common import actor_of
from anlan.kernel.errors import NotFound
from anlan.kernel.forms import questions

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
    if kind == "site" and name == "site" and not chosen:
        # With the enterprise its risk points change too.
        asked = next(one for one in questions(Register) if one.name == "risk_point")
        again = picker("risk_point", actor, asked, first=True, enterprise=more.get("enterprise", ""))
        context["beside"] = again.render("risk_point", None, {"id": "id_risk_point"})
        return render(request, "hazards/_sites_and_points.html", context)
    return render(request, "kernel/pick_options.html", context)
