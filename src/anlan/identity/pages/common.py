"""Shared by the pages: the actor, forms whose reasons come from the verbs, confirmations, lists."""

import io
from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from anlan.identity.paging import Page
from anlan.kernel.exchange import Column
from anlan.kernel.exchange.export import export_rows
from anlan.kernel.pages import attempt_typed

R = TypeVar("R")
MOST_EXPORTED = 10_000


def sent(request: HttpRequest) -> QueryDict | None:
    """What was posted, an empty form too; None while the form is only shown."""
    return request.POST if request.method == "POST" else None


def asked(form: forms.Form) -> dict[str, Any]:
    """What a filter form asks for: its fields that are set."""
    found = form.cleaned_data if form.is_bound and form.is_valid() else {}
    return {name: value for name, value in found.items() if value}


def attempt(form: forms.Form, take: Callable[[dict[str, Any]], R]) -> R | None:
    """Take the verb with what was typed; its reasons appear at the fields. None when it was refused."""
    return attempt_typed(form, lambda typed: take({name: one for name, one in typed.items() if one not in ("", None)}))


def secret_page(request: HttpRequest, **context: Any) -> HttpResponse:
    """Something that is shown this once and kept by nobody."""
    response = render(request, "identity/secret.html", context)
    response["Cache-Control"] = "no-store"
    return response


def list_page(
    request: HttpRequest,
    *,
    title: str,
    fetch: Callable[..., Page[Any]],
    table: Callable[[Page[Any]], dict[str, Any]],
    form: forms.Form | None = None,
    crumbs: list[dict[str, str]] | None = None,
    tabs: list[dict[str, Any]] | None = None,
    template: str = "list.html",
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """A list: `fetch(after=, before=)` answers a page of rows, `table` draws it. Under `…/export/` all of them as xlsx."""
    if request.path.endswith("/export/"):
        return _export(title, fetch, table)
    page = fetch(after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    shown = table(page) | {
        "page": {"next": page.next, "previous": page.previous},
        "export_url": f"{request.path}export/",
    }
    drawn = {
        "title": title,
        "crumbs": crumbs or [{"label": title}],
        "filter_form": form,
        "table": shown,
        "tabs": tabs,
    }
    return render(request, template, drawn | (context or {}))


def _export(title: str, fetch: Callable[..., Page[Any]], table: Callable[[Page[Any]], dict[str, Any]]) -> HttpResponse:
    """Exactly what is filtered; of a long history the first ten thousand, and then the last line says so."""
    rows: list[list[Any]] = []
    columns: list[dict[str, Any]] = []
    after: str | None = ""
    while after is not None and len(rows) < MOST_EXPORTED:
        page = fetch(after=after)
        drawn = table(page)
        columns = drawn["columns"]
        rows += [[_cell(row["cells"].get(column["key"])) for column in columns] for row in drawn["rows"]]
        after = page.next
    if after is not None:
        rows.append([_("Only the first %(n)s rows are here. Narrow the filters for the rest.") % {"n": len(rows)}])
    stream = io.BytesIO()
    export_rows(stream, [Column(key=one["key"], title=one["label"]) for one in columns], rows, title=title)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    answer = HttpResponse(stream.getvalue(), content_type=kind)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{title}.xlsx") or ""
    return answer


def _cell(value: Any) -> Any:
    """What a cell of the page says, as text."""
    if isinstance(value, dict):
        return str(value.get("label") or value.get("name") or "")
    if isinstance(value, list):
        words = (one if isinstance(one, str) else f"{one['label']} {one.get('area', '')}".strip() for one in value)
        return "; ".join(words)
    return "" if value is None else value
