"""Lines in: from a workbook, or from a table in a Word document, by the registry's own way of checking first."""

import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anlan.kernel.errors import Forbidden, Invalid
from anlan.kernel.forms import refuse
from anlan.kernel.pages import form_page
from anlan.kernel.papers.guard import MESSAGES
from anlan.kernel.refusals import Refused
from anlan.plans.actions.writing import ONLY_OFFICE, default_year
from anlan.plans.forms import PaperForm
from anlan.plans.pages.common import Opened, opened
from anlan.plans.papers import Found, workbook_of
from anlan.plans.workbooks import LINES, SUBS
from anlan.registry.actions.imports import send_import
from anlan.registry.models import Import
from anlan.registry.workbooks import spec

DOCX = ".docx"


@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    seen = opened(request, plan_id)
    if not seen.own:
        raise Forbidden(ONLY_OFFICE)
    kind = SUBS if request.GET.get("kind") == "sub-plans" else LINES
    form = PaperForm(request.POST, request.FILES) if request.method == "POST" else PaperForm()
    if request.method == "POST" and form.is_valid():
        try:
            sent, found = _send(seen, kind, form.cleaned_data["file"])
            if found is not None:
                messages.info(request, read_words(found))
            return redirect("registry:import", sent.pk)
        except (Invalid, Refused) as problem:
            refuse(form, problem)
    return form_page(request, form, "plans/bring.html", **_context(seen, kind))


def _context(seen: Opened, kind: str) -> dict[str, Any]:
    here = reverse("plans:bring", args=[seen.plan.pk])
    return {
        "title": str(spec(kind).title),
        "crumbs": [
            {"label": seen.title, "url": seen.url("tree")},
            {"label": str(spec(kind).title)},
        ],
        "tabs": [
            {"label": _("Lines"), "url": here, "active": kind == LINES},
            {"label": _("Sub-plans"), "url": f"{here}?kind=sub-plans", "active": kind == SUBS},
        ],
        "notes": spec(kind).notes,
        "template_url": reverse("registry:template", args=[kind]),
        "export_url": seen.url("export") if kind == LINES else "",
        "submit_label": _("Check the file"),
        "back_url": seen.url("tree"),
        "multipart": True,
    }


def read_words(found: Found) -> str:
    """How much of the document was taken: nothing of it is passed over in silence."""
    facts = {"rows": len(found.rows), "tables": found.tables, "left": found.left}
    if found.left:
        return (
            _("%(rows)s lines were read from %(tables)s tables of the document; %(left)s other tables were left aside.")
            % facts
        )
    return _("%(rows)s lines were read from %(tables)s tables of the document.") % facts


def _send(seen: Opened, kind: str, file: UploadedFile) -> tuple[Import, Found | None]:
    """A document becomes a workbook first: its faults are then told at rows and columns that can be fetched and mended."""
    name, found = file.name or "", None
    if name.lower().endswith(".doc"):
        raise Refused("paper.legacy", MESSAGES["paper.legacy"])
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"sent{DOCX if name.lower().endswith(DOCX) else '.xlsx'}"
        with source.open("wb") as kept:
            for chunk in file.chunks():
                kept.write(chunk)
        if source.suffix == DOCX:
            book = Path(folder) / "lines.xlsx"
            with book.open("wb") as stream:
                campaign = seen.plan.campaign
                found = workbook_of(
                    source, spec(kind).sheets[0], stream, year=default_year(campaign), campaign=campaign.zh
                )
            source, name = book, f"{Path(name).stem}.xlsx"
        return send_import(actor=seen.actor, kind=kind, source=source, name=name), found
