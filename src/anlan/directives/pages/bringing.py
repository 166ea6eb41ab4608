"""Bringing a document in: paste or upload, wait while it is read, look at its head, register it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from anlan.directives import actions, queries
from anlan.directives.forms import BringInForm, head_form
from anlan.directives.models import Intake
from anlan.directives.pages.common import document_url, officer
from anlan.directives.reading.sources import recognition
from anlan.directives.wording import trouble_words
from anlan.files.actions import take_document, take_photo
from anlan.files.kinds import LARGEST
from anlan.files.refusals import refuse
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Invalid, Problem
from anlan.kernel.forms import refuse as refuse_form
from anlan.kernel.pages import attempt, form_page
from anlan.kernel.text import is_clean

PICTURES = (".jpg", ".jpeg", ".png", ".webp")
TEXTS = (".txt", ".md", ".text")


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    actor = officer(request)
    sent = request.method == "POST"
    form = BringInForm(actor, request.POST, request.FILES) if sent else BringInForm(actor)
    if sent and form.is_valid():
        try:
            made = actions.bring_in(actor=actor, data=_given(actor, form.cleaned_data))
        except Problem as problem:
            refuse_form(form, problem)
        else:
            return redirect("directives:intake", made.pk)
    context = {
        "title": _("Register a document"),
        "crumbs": _crumbs(_("Register a document")),
        "form": form,
        "pictures": recognition() is not None,
    }
    return render(request, "directives/new.html", context, status=422 if form.errors else 200)


def _crumbs(here: str) -> list[dict[str, str]]:
    return [{"label": _("Documents from above"), "url": reverse("directives:documents")}, {"label": here}]


def _given(actor: Actor, cleaned: dict[str, Any]) -> dict[str, Any]:
    """Plain text is read from the bytes at once; everything that needs a parser is stored and read by the job."""
    region, file = cleaned["region"], cleaned.get("file")
    if not file:
        return {"region": region, "text": cleaned["text"]}
    if file.size > LARGEST:
        raise refuse("file.too_large", size=round(file.size / 1e6, 1), limit=LARGEST // 10**6)
    name = file.name or ""
    if name.lower().endswith(TEXTS):
        return {"region": region, "text": _text_of(file.read())}
    take = take_photo if name.lower().endswith(PICTURES) else take_document
    kept = take(actor=actor, source=file.read(), name=name, media_type=file.content_type or "")
    return {"region": region, "file": kept.pk}


def _text_of(data: bytes) -> str:
    from anlan.directives.reading.sources import open_document

    text = open_document(data).text
    if not is_clean(text.replace("\t", " ").replace("\u3000", " ")):
        raise Invalid(fields={"file": [_("The text holds characters that cannot be stored. Save it as UTF-8.")]})
    return text


@require_http_methods(["GET", "POST"])
def intake(request: HttpRequest, intake_id: UUID) -> HttpResponse:
    """Polled while it is read; then the head, as the reader found it, to be looked at and registered."""
    actor = officer(request)
    row = queries.intake(actor, intake_id)
    if request.headers.get("HX-Request") == "true" and request.method == "GET":
        if row.state in ("waiting", "running"):
            return render(request, "components/job.html", {"job": _job(row)})
        response = HttpResponse()
        response["HX-Redirect"] = reverse("directives:intake", args=[row.pk])
        return response
    if row.state != "done":
        return render(request, "directives/intake.html", _intake(row) | {"job": _job(row)})
    head = _head(row)
    form = head_form(row, request.POST if request.method == "POST" else None, twin=head["twin"] is not None)
    if request.method == "POST":
        made = attempt(form, lambda sent: actions.register_intake(actor=actor, intake=row.pk, data=sent))
        if made is not None:
            messages.success(request, _("Registered as %(number)s.") % {"number": made.number})
            return redirect(document_url(made))
    return form_page(request, form, "directives/intake.html", **_intake(row), **head)


def _intake(row: Intake) -> dict[str, Any]:
    name = row.facts.get("title") or row.file_name or _("Pasted text")
    return {"title": name, "crumbs": _crumbs(name), "intake": row, "back_url": reverse("directives:documents")}


def _head(row: Intake) -> dict[str, Any]:
    found = row.facts
    twin = queries.twin_of(row.region, found.get("reference", ""), found.get("issuer", ""))
    n = found.get("proposals", 0)
    said = ngettext("The reader proposes %(n)s task.", "The reader proposes %(n)s tasks.", n) % {"n": n}
    return {
        "said": said if n else _("The reader found no task in it; tasks can be added by hand beside the text."),
        "lost": found.get("lost", 0),
        "twin": {"title": twin.title, "number": twin.number, "url": document_url(twin)} if twin else None,
        "excerpt": row.text[:1500],
        "longer": len(row.text) > 1500,
        "submit_label": _("Register"),
        "columns": 2,
    }


def _job(row: Intake) -> dict[str, Any]:
    words = {
        "waiting": _("The file waits for its turn."),
        "running": _("The file is being read; a picture takes up to a minute."),
        "failed": trouble_words(row.trouble, row.trouble_facts),
    }
    return {
        "id": str(row.pk),
        "url": reverse("directives:intake", args=[row.pk]),
        "state": row.state,
        "words": words.get(row.state, ""),
    }


@require_POST
def give_up(request: HttpRequest, intake_id: UUID) -> HttpResponse:
    actions.give_up(actor=officer(request), intake=intake_id)
    messages.success(request, _("It was put aside and is not registered."))
    return redirect("directives:documents")
