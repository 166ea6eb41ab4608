"""Word templates of instruments: the shipped wording to take home, one's own to load, what is missing or unknown in it."""

from io import BytesIO
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anlan.enforcement.actions import load_template, remove_template
from anlan.enforcement.kinds import Kind, kinds
from anlan.enforcement.models import Template
from anlan.enforcement.owned import template_for
from anlan.enforcement.pages.common import crumb
from anlan.enforcement.pages.listing import views
from anlan.enforcement.rules import ISSUERS, SETTERS, sets_organ
from anlan.enforcement.templating import FRAME, template
from anlan.files.actions import store
from anlan.identity.asking import reader_of
from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Invalid, NotFound
from anlan.kernel.pages import download, form_page
from anlan.kernel.papers.word import MIME
from anlan.kernel.refusals import Refused
from anlan.registry.queries import region_names


def asker(request: HttpRequest) -> Actor:
    return reader_of(request, ISSUERS | SETTERS)


def kind_of(code: str) -> Kind:
    found = kinds().get(code)
    if found is None or found.elsewhere:
        raise NotFound
    return found


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    actor = asker(request)
    rows = [(one, template_for(one.code, actor.region or 0)) for one in kinds().values() if not one.elsewhere]
    places = region_names(found.region for _kind, found in rows if found)
    context = {
        "title": _("Templates"),
        "views": views(actor, "templates"),
        "crumbs": crumb({"label": _("Templates")}),
        "rows": [
            {
                "name": one.label,
                "url": reverse("enforcement:template", args=[one.code]),
                "shipped_url": reverse("enforcement:template-shipped", args=[one.code]),
                "fields": len(one.fields),
                "own": _own(found, places) if found else None,
            }
            for one, found in rows
        ],
    }
    return render(request, "enforcement/templates.html", context)


def _own(found: Template, places: dict[int, str]) -> dict[str, Any]:
    return {"name": found.name, "by": found.person_name, "at": found.at, "place": places.get(found.region, "")}


class TemplateForm(forms.Form):
    template = forms.FileField(
        label=gettext_lazy("Word template (.docx)"),
        widget=forms.ClearableFileInput({"accept": ".docx"}),
        help_text=gettext_lazy("It is looked through first: every required field must have its place."),
    )


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, kind: str) -> HttpResponse:
    """What the kind's template may say, and the form that loads one's own."""
    actor = asker(request)
    of = kind_of(kind)
    region = actor.region or 0
    may = sets_organ(actor, region)
    form = TemplateForm(request.POST or None, request.FILES or None) if may else None
    if request.method == "POST" and form is not None and form.is_valid() and _loaded(actor, of, region, form):
        messages.success(request, _("The template was let in. Instruments numbered from now on are written by it."))
        return redirect("enforcement:template", kind)
    found = template_for(kind, region)
    context = {
        "title": _("Template: %(kind)s") % {"kind": of.label},
        "crumbs": crumb({"label": _("Templates"), "url": reverse("enforcement:templates")}, {"label": of.label}),
        "kind": of,
        "may": may,
        "fields": [
            _place(field.zh, field.label, required=field.required, columns=field.columns) for field in of.fields
        ],
        "frame": [_place(field.name, "", required=field.required) for field in FRAME],
        "own": _own(found, region_names([found.region])) if found else None,
        "removable": bool(found and found.region == region and may),
        "shipped_url": reverse("enforcement:template-shipped", args=[kind]),
        "own_url": reverse("enforcement:template-own", args=[kind]) if found else "",
        "remove_url": reverse("enforcement:template-remove", args=[kind]),
    }
    return form_page(request, form or forms.Form(), "enforcement/template.html", **context)


def _place(name: str, label: str, *, required: bool, columns: Any = ()) -> dict[str, Any]:
    return {
        "place": f"{{{{ {name} }}}}" if not columns else f"{{%tr for 行 in {name} %}} … {{%tr endfor %}}",
        "label": label or name,
        "required": required,
        "columns": [f"{{{{ 行.{column.zh} }}}}" for column in columns],
    }


def _loaded(actor: Actor, of: Kind, region: int, form: TemplateForm) -> bool:
    sent = form.cleaned_data["template"]
    try:
        with scope.acting(actor):
            load_template(actor=actor, kind=of.code, region=region, source=sent.read(), name=sent.name)
    except Invalid as wrong:
        for reasons in wrong.fields.values():
            for reason in reasons:
                form.add_error("template", str(reason))
        return False
    except Refused as refused:
        form.add_error("template", str(refused.detail))
        return False
    return True


@require_GET
def shipped(request: HttpRequest, kind: str) -> HttpResponseBase:
    asker(request)
    of = kind_of(kind)
    return download(BytesIO(template(kind)), f"{of.zh}-{_('Template')}.docx", MIME)


@require_GET
def own(request: HttpRequest, kind: str) -> HttpResponseBase:
    actor = asker(request)
    found = template_for(kind_of(kind).code, actor.region or 0)
    if found is None:
        raise NotFound
    return download(store().open(found.sha256), found.name, MIME)


@require_POST
def remove(request: HttpRequest, kind: str) -> HttpResponse:
    actor = asker(request)
    remove_template(actor=actor, kind=kind_of(kind).code, region=actor.region or 0)
    messages.success(request, _("Removed. The shipped wording holds again."))
    return redirect("enforcement:template", kind)
