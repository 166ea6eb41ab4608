"""What a picker finds while one types."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from anlan.hazards.forms import picker, search
from anlan.hazards.forms.nouns import SEARCHES, chosen_options
from anlan.hazards.needs import Register
from anlan.identity.asking import reader_of
from anlan.kernel.forms import questions
from anlan.kernel.pages import picked, picker_name


@require_GET
def pick(request: HttpRequest, kind: str) -> HttpResponse:
    actor = reader_of(request)
    name = picker_name(request, kind, SEARCHES)
    words, chosen = request.GET.get(f"{name}_words", ""), request.GET.get("chosen", "")
    more = {key: str(value) for key, value in request.GET.items()}
    found = chosen_options(kind, actor, [chosen], more) if chosen else search(kind, actor, words, more)
    if kind != "site" or name != "site" or chosen:
        return picked(request, name, found, checked=bool(chosen))
    # With the enterprise its risk points change too.
    asked = next(one for one in questions(Register) if one.name == "risk_point")
    again = picker("risk_point", actor, asked, first=True, enterprise=more.get("enterprise", ""))
    beside = again.render("risk_point", None, {"id": "id_risk_point"})
    return picked(request, name, found, template="hazards/_sites_and_points.html", beside=beside)
