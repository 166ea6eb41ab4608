"""Search from the bar, about, and help."""

from importlib.metadata import version
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anlan.directives.rules import READERS as DIRECTIVE_READERS
from anlan.identity import roles
from anlan.identity.roles import READERS
from anlan.kernel.actor import Actor
from anlan.kernel.codes import tidy
from anlan.site.pages.access import address, open_to

USCC_LENGTH = 18
PREFIX = "SP-"
"""Of reports' numbers."""
TASKS, DOCUMENTS = "DB-", "LW-"
"""Of tasks from above, and of the documents that gave them."""
SOURCE = "https://www.apache.org/licenses/LICENSE-2.0"


@require_GET
@open_to()
def search(request: HttpRequest, actor: Actor) -> HttpResponse:
    """
    The bar's search: hazards for whoever reads hazards, reports for those of the citizens' service and by a report's number,
    documents from above and their tasks by number, enterprises for a credit code, people for administrators.
    """
    words = request.GET.get("q", "").strip()[:100]
    name = "hazards:list" if actor.role in READERS else "identity:people"
    if actor.role in roles.OFFICIALS and len(tidy(words)) == USCC_LENGTH and address("registry:enterprises"):
        name = "registry:enterprises"
    if actor.role in DIRECTIVE_READERS and words.upper().startswith(TASKS):
        name = "directives:tasks"
    if actor.role in DIRECTIVE_READERS and words.upper().startswith(DOCUMENTS):
        name = "directives:documents"
    if actor.role in roles.INTAKE or (actor.role in roles.OFFICIALS and words.upper().startswith(PREFIX)):
        name = "reports:list"
    return redirect(address(name, query=urlencode({"q": words})) or "/")


@login_not_required
@require_GET
def about(request: HttpRequest) -> HttpResponse:
    context = {"title": _("About Anlan"), "version": version("anlan"), "licence_url": SOURCE, "demo": settings.DEMO}
    return render(request, "site/about.html", context)


@require_GET
@open_to()
def help_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    context = {
        "title": _("Help"),
        "crumbs": [{"label": _("Workbench"), "url": "/"}, {"label": _("Help")}],
        "role": roles.ROLES[actor.role],
    }
    return render(request, "site/help.html", context)
