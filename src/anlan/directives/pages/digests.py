"""The weekly digest: what was issued, the draft being edited, and both forms to take along."""

import re
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anlan.directives import actions, queries
from anlan.directives.models import Digest, DigestDraft
from anlan.directives.pages.common import asker, is_officer, officer, task_url, views
from anlan.directives.wording import FACTS
from anlan.files.actions import store
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Invalid, NotFound
from anlan.kernel.pages import download
from anlan.kernel.reading import read_day
from anlan.registry.queries import region_names

KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
MOST = 20


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    actor = asker(request)
    rows = queries.digests(actor)
    places = region_names(one.region for one in rows)
    context = {
        "title": _("Weekly digest"),
        "views": views(actor, "digests"),
        "office": is_officer(actor),
        "drafts": [
            {"title": one.title, "url": _draft_url(one), "at": one.changed_at} for one in queries.digest_drafts(actor)
        ],
        "week": queries.monday(clock.today()),
        "table": {
            "id": "digests",
            "label": _("Weekly digest"),
            "columns": [
                {"key": "title", "label": pgettext("document", "Title"), "kind": "link", "lead": True, "always": True},
                {"key": "reference", "label": _("Number of the document")},
                {"key": "region", "label": _("Region")},
                {"key": "at", "label": _("Issued at"), "kind": "datetime"},
                {"key": "by", "label": pgettext("person", "Issued by")},
            ],
            "rows": [
                {
                    "id": str(one.pk),
                    "url": _url(one),
                    "cells": {
                        "title": one.title,
                        "reference": one.reference,
                        "region": places.get(one.region, ""),
                        "at": one.issued_at,
                        "by": one.issued_by_name,
                    },
                }
                for one in rows
            ],
            "empty": {"title": _("No digest was issued yet"), "icon": "file-text"},
        },
    }
    return render(request, "directives/digests.html", context)


def _url(one: Digest) -> str:
    return reverse("directives:digest", args=[one.pk])


def _draft_url(one: DigestDraft) -> str:
    return reverse("directives:draft", args=[one.pk])


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Drafted from the records; over a draft of the same week only when that is said."""
    actor = officer(request)
    week = queries.monday(read_day(request.POST.get("week")) or clock.today())
    kept = next((one for one in queries.digest_drafts(actor) if one.week == week and one.region == actor.region), None)
    if kept is not None and not request.POST.get("anew"):
        return redirect(_draft_url(kept))
    return redirect(_draft_url(actions.draft_digest(actor=actor, week=week)))


@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, digest_draft_id: UUID) -> HttpResponse:
    actor = officer(request)
    row = queries.digest_draft(actor, digest_draft_id)
    sections, error = row.sections, ""
    if request.method == "POST":
        sent = _sent(request.POST)
        sections = sent["sections"]
        try:
            actions.save_digest(actor=actor, draft_id=row.pk, data=sent)
            if "issue" in request.POST:
                made = actions.issue_digest(actor=actor, draft_id=row.pk)
                messages.success(request, _("Issued as %(number)s.") % {"number": made.reference})
                return redirect(_url(made))
        except (Invalid, Conflict) as problem:
            error = _said(problem)
        else:
            messages.success(request, _("The draft is kept."))
            return redirect(_draft_url(row))
    context = {
        "title": row.title,
        "crumbs": [{"label": _("Weekly digest"), "url": reverse("directives:digests")}, {"label": _("Draft")}],
        "draft": row,
        "typed": request.POST if request.method == "POST" else None,
        "sections": [
            one | {"rows": min(16, max(3, one["text"].count("\n") + len(one["text"]) // 60 + 2))} for one in sections
        ],
        "counts": _counts(row.facts),
        "error": error,
    }
    return render(request, "directives/draft.html", context, status=422 if error else 200)


def _sent(posted: Any) -> dict[str, Any]:
    headings, texts = posted.getlist("heading"), posted.getlist("text")
    sections = [
        {"heading": heading, "text": re.sub(r"\r\n?", "\n", text)}
        for heading, text in zip(headings, texts, strict=False)
        if heading.strip() or text.strip()
    ]
    version = posted.get("version", "")
    return {
        "title": posted.get("title", ""),
        "reference": posted.get("reference", ""),
        "sections": sections[:MOST],
        "version": int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0,
    }


def _said(problem: Invalid | Conflict) -> str:
    reasons = [str(reason) for found in problem.fields.values() for reason in found]
    return " ".join(reasons) or problem.detail


def _counts(facts: dict[str, Any]) -> list[dict[str, Any]]:
    """Every number with the tasks behind it."""
    return [
        {
            "label": label,
            "count": facts[code]["count"],
            "tasks": [{"number": number, "url": task_url(UUID(key))} for key, number in facts[code]["tasks"]],
        }
        for code, label in FACTS.items()
        if code in facts
    ]


@require_POST
def discard(request: HttpRequest, digest_draft_id: UUID) -> HttpResponse:
    actions.discard_digest(actor=officer(request), draft_id=digest_draft_id)
    messages.success(request, _("The draft is thrown away."))
    return redirect("directives:digests")


@require_GET
def digest(request: HttpRequest, digest_id: UUID) -> HttpResponse:
    asker(request)
    found = queries.digest(digest_id)
    context = {
        "title": found.title,
        "crumbs": [{"label": _("Weekly digest"), "url": reverse("directives:digests")}, {"label": found.reference}],
        "digest": found,
        "sections": [{"heading": one["heading"], "lines": one["text"].splitlines()} for one in found.sections],
        "counts": _counts(found.facts),
        "forms": [
            {"label": label, "url": reverse("directives:digest-file", args=[found.pk, form])}
            for form, label, digest in (("docx", "Word", found.docx_sha256), ("pdf", "PDF", found.pdf_sha256))
            if digest
        ],
    }
    return render(request, "directives/digest.html", context)


@require_GET
def file(request: HttpRequest, digest_id: UUID, form: str) -> HttpResponseBase:
    """The very bytes that were issued."""
    asker(request)
    found = queries.digest(digest_id)
    kept = {"docx": found.docx_sha256, "pdf": found.pdf_sha256}.get(form)
    if not kept:
        raise NotFound
    return download(store().open(kept), f"{found.title}.{form}", KINDS[form])
