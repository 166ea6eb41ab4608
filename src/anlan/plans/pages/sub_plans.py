"""A sub-plan's page: what it is, how far it is, its documents; and the form that adds one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anlan.files.models import File
from anlan.files.pictures import picture
from anlan.kernel.errors import Forbidden
from anlan.kernel.forms import InputForm
from anlan.kernel.pages import attempt, form_page
from anlan.kernel.phrases import in_tongue
from anlan.plans import actions, needs, rules
from anlan.plans.actions.documents import ONLY_THEIRS
from anlan.plans.forms import makers
from anlan.plans.models import SubPlan
from anlan.plans.pages.common import asker
from anlan.plans.queries import documents
from anlan.plans.queries.progress import Tally, standings, tallied
from anlan.plans.wording import bar_view, kind_words
from anlan.registry.queries import region_names


@require_http_methods(["GET", "POST"])
def sub_plan(request: HttpRequest, sub_plan_id: UUID) -> HttpResponse:
    actor = asker(request)
    found = documents.sub_plan(sub_plan_id)
    adds = rules.documents(actor, found)
    form = InputForm(needs.AttachDocuments, request.POST if request.method == "POST" else None, makers=makers(actor))
    if request.method == "POST":
        if not adds:
            raise Forbidden(ONLY_THEIRS)
        if attempt(form, lambda sent: actions.attach_documents(actor=actor, sub_plan=found.pk, data=sent)):
            messages.success(request, _("The documents are added."))
            return redirect("plans:sub-plan", found.pk)
    return form_page(request, form, "plans/sub_plan.html", **_context(found, adds=adds))


def _context(found: SubPlan, *, adds: bool) -> dict[str, Any]:
    plan_url = reverse("plans:tree", args=[found.plan_id])
    sums = tallied(standings(found.plan, found.year), lambda one: one.sub_plan)
    files = documents.documents(found)
    return {
        "title": f"{found.code} {found.name}",
        "crumbs": [
            {"label": in_tongue(found.plan.campaign), "url": f"{plan_url}?year={found.year}"},
            {
                "label": _("By region and system"),
                "url": f"{reverse('plans:regions', args=[found.plan_id])}?year={found.year}",
            },
            {"label": found.code},
        ],
        "sub_plan": found,
        "facts": _facts(found),
        "bar": bar_view(sums.get(found.pk) or Tally()),
        "items_url": f"{reverse('plans:items', args=[found.plan_id])}?year={found.year}&sub_plan={found.pk}",
        "files": [_file(one) for one in files if one.kind == "document"],
        "groups": [{"label": _("Photos"), "photos": photos}]
        if (photos := [picture(one.pk, one, alt=one.name, group="sub-plan") for one in files if one.kind != "document"])
        else [],
        "adds": adds,
        "back_url": f"{plan_url}?year={found.year}",
    }


def _facts(found: SubPlan) -> list[dict[str, Any]]:
    shown = (
        (_("Kind"), kind_words(found.kind)),
        (_("Year"), str(found.year)),
        (_("Unit that made it"), found.unit_name),
        (_("Region"), region_names([found.region]).get(found.region, "")),
        (_("Approved document"), found.document),
        (_("Approved on"), str(found.approved_on or "")),
    )
    return [{"label": label, "value": value} for label, value in shown if value]


def _file(one: File) -> dict[str, Any]:
    return {"name": one.name, "url": reverse("files:show", args=[one.pk, "original"]), "at": one.uploaded_at}
