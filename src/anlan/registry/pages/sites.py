"""Forms of an enterprise's sites."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.identity.asking import reader_of
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Forbidden
from anlan.kernel.pages import attempt_typed, form_page
from anlan.registry import actions, queries, rules
from anlan.registry.forms import SiteForm, point_initial
from anlan.registry.models import Enterprise


def add(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    actor = reader_of(request)
    owner = queries.enterprise(enterprise_id)
    _check(actor, owner)
    form = SiteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and (
        made := attempt_typed(form, lambda typed: actions.add_site(actor=actor, enterprise=owner.pk, data=typed))
    ):
        messages.success(request, _("The site “%(name)s” is added.") % {"name": made.name})
        return redirect("registry:enterprise", owner.pk)
    return form_page(request, form, title=_("Add a site"), back_url=reverse("registry:enterprise", args=[owner.pk]))


def edit(request: HttpRequest, site_id: UUID) -> HttpResponse:
    actor = reader_of(request)
    site = queries.site(site_id)
    _check(actor, site.enterprise)
    initial = {"name": site.name, "address": site.address} | point_initial(site)
    form = SiteForm(request.POST if request.method == "POST" else None, initial=initial)
    back = reverse("registry:enterprise", args=[site.enterprise_id])
    if request.method == "POST" and (
        attempt_typed(form, lambda typed: actions.edit_site(actor=actor, site=site_id, data=typed)) is not None
    ):
        messages.success(request, _("The changes are saved."))
        return redirect(back)
    return form_page(request, form, title=_("Change %(name)s") % {"name": site.name}, back_url=back)


def _check(actor: Actor, owner: Enterprise) -> None:
    if not rules.keeps(actor, owner) and not rules.answers_for(actor, owner):
        raise Forbidden
