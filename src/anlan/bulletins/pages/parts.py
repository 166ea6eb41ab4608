"""What hangs on a bulletin's page: a section's saving and versions, the rows behind a figure, the paper itself."""

from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anlan.bulletins import actions, queries, rules
from anlan.bulletins.models import FigureRow
from anlan.bulletins.pages.common import asker, crumbs, figure_url, name_of, pieces_of, record_url, url_of
from anlan.bulletins.paper import paper_of
from anlan.kernel import clock
from anlan.kernel.errors import NotFound, Problem
from anlan.kernel.papers import pdf, word
from anlan.kernel.phrases import moment_words

KINDS = {"pdf": (pdf.write, "application/pdf"), "docx": (word.write, word.MIME)}


@require_POST
def write(request: HttpRequest, bulletin_id: UUID) -> HttpResponse:
    """
    Save a section. The editor asks for JSON and is told the section's new version, or what is wrong; a page without scripts is
    sent back to where it was.
    """
    actor = asker(request)
    bulletin = queries.bulletin(bulletin_id)
    sent = {name: request.POST.get(name, "") for name in ("section", "title", "text")}
    seen = request.POST.get("seen", "")
    data: dict[str, Any] = sent | ({"seen": int(seen)} if seen.isascii() and seen.isdigit() and len(seen) < 9 else {})
    if "application/json" not in request.headers.get("Accept", ""):
        taken = actions.take_step(actor=actor, bulletin=bulletin.pk, step="write", data=data)
        messages.success(request, _("Saved."))
        return redirect(f"{url_of(taken)}#section-{sent['section']}")
    try:
        taken = actions.take_step(actor=actor, bulletin=bulletin.pk, step="write", data=data)
    except Problem as problem:
        words = [str(one) for reasons in problem.fields.values() for one in reasons] or [str(problem.detail)]
        answer = JsonResponse({"wrong": words}, status=problem.status)
        answer.problem = problem  # type: ignore[attr-defined]
        return answer
    section = next(one for one in taken.content if one["code"] == sent["section"])
    return JsonResponse({"version": section["version"], "saved": moment_words(clock.now())})


@require_GET
def section(request: HttpRequest, bulletin_id: UUID, code: str) -> HttpResponse:
    """The versions of a section, each to be taken up again while the bulletin is a draft."""
    actor = asker(request)
    bulletin = queries.bulletin(bulletin_id)
    if not rules.sends_back(actor, bulletin):  # what was struck out is the writers' business
        raise NotFound
    found = next((one for one in bulletin.content if one["code"] == code), None)
    if found is None:
        raise NotFound
    views = {one.figure.code: one for one in queries.figure_views(bulletin)}
    context = {
        "title": _("Versions of “%(section)s”") % {"section": found["title"]},
        "crumbs": crumbs({"label": name_of(bulletin), "url": url_of(bulletin)}, {"label": found["title"]}),
        "bulletin": bulletin,
        "section": found,
        "writes": bulletin.state == "drafted" and bool(rules.is_office(actor, bulletin)),
        "write_url": f"{url_of(bulletin)}write/",
        "versions": [
            {
                "name": one.name,
                "at": one.at,
                "version": one.version,
                "now": one.version == found["version"],
                "text": one.text,
                "lines": [
                    {"heading": line.startswith("## "), "pieces": pieces_of(bulletin, line.removeprefix("## "), views)}
                    for line in one.text.split("\n")
                ],
            }
            for one in queries.writings(bulletin, code)
        ],
    }
    return render(request, "bulletins/section.html", context)


@require_GET
def figures(request: HttpRequest, bulletin_id: UUID) -> HttpResponse:
    """All figures, also those that the text does not name."""
    asker(request)
    bulletin = queries.bulletin(bulletin_id)
    context = {
        "title": _("Figures"),
        "crumbs": crumbs({"label": name_of(bulletin), "url": url_of(bulletin)}, {"label": _("Figures")}),
        "bulletin": bulletin,
        "figures": [
            {"view": one, "url": figure_url(bulletin, one.figure.code)} for one in queries.figure_views(bulletin)
        ],
    }
    return render(request, "bulletins/figures.html", context)


@require_GET
def figure(request: HttpRequest, bulletin_id: UUID, code: str) -> HttpResponse:
    actor = asker(request)
    bulletin = queries.bulletin(bulletin_id)
    view = queries.figure_view(bulletin, code)
    after = request.GET.get("after", "")
    place = int(after) if after.isascii() and after.isdigit() and len(after) < 9 else -1
    rows, more = queries.behind(actor, bulletin, code, after=place)
    inside = bool(rules.sends_back(actor, bulletin))
    context = {
        "title": view.figure.label,
        "crumbs": crumbs({"label": name_of(bulletin), "url": url_of(bulletin)}, {"label": view.figure.label}),
        "bulletin": bulletin,
        "view": view,
        "parts": [
            {"view": part, "url": figure_url(bulletin, part.figure.code)}
            for part in (queries.figure_view(bulletin, one) for one in (view.figure.of, view.figure.among) if one)
        ],
        "rows": [_row(view, one, link=inside) for one in rows],
        "more_url": f"?after={more}" if more is not None else "",
        "first": place < 0,
        "state_url": f"{url_of(bulletin)}steps/state_figure/?figure={code}"
        if bulletin.state == "drafted" and rules.is_office(actor, bulletin)
        else "",
    }
    return render(request, "bulletins/figure.html", context)


def _row(view: queries.FigureView, row: FigureRow, *, link: bool) -> dict[str, Any]:
    """Its record is opened by those who may see it; whoever only reads the bulletin reads its name."""
    return {
        "label": row.label,
        "note": row.note,
        "month": f"{row.month:%Y-%m}" if row.month else "",
        "value": f"{row.value / 1_000_000:,.2f}" if view.figure.shape == "money" else f"{row.value:,}",
        "url": record_url(row.kind, row.key) if link else "",
    }


@require_GET
def paper(request: HttpRequest, bulletin_id: UUID, kind: str) -> FileResponse:
    """As Word to be kept, as PDF to be read at once."""
    asker(request)
    bulletin = queries.bulletin(bulletin_id)
    if kind not in KINDS:
        raise NotFound
    writer, mime = KINDS[kind]
    answer = FileResponse(
        BytesIO(writer(paper_of(bulletin))),
        as_attachment=kind != "pdf",
        filename=f"{bulletin.title}.{kind}",
        content_type=mime,
    )
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_GET
def check_seal(request: HttpRequest, bulletin_id: UUID) -> HttpResponse:
    """Whether what is stored is still what was issued: computed anew over text, figures and rows."""
    asker(request)
    bulletin = queries.bulletin(bulletin_id)
    if not bulletin.digest:
        raise NotFound
    context = {
        "title": _("Is %(number)s as it was issued?") % {"number": bulletin.number},
        "crumbs": crumbs({"label": name_of(bulletin), "url": url_of(bulletin)}, {"label": _("Digest")}),
        "bulletin": bulletin,
        "holds": queries.seal_holds(bulletin),
    }
    return render(request, "bulletins/seal.html", context)
