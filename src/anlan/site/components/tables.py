"""Shapes of a list page: columns, cells, pager, filter chips."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.forms import BaseForm, BoundField
from django.forms.models import ModelChoiceField
from django.http import HttpRequest, QueryDict
from django.utils.encoding import force_str
from django.utils.translation import gettext as _

CURSORS = ("after", "before", "page")
CELL_KINDS = frozenset(
    {
        "text",
        "link",
        "state",
        "risk",
        "grade",
        "time_left",
        "number",
        "money",
        "date",
        "datetime",
        "tags",
        "photo",
        "html",
    }
)


def address(request: HttpRequest | None, **changes: Any) -> str:
    """The present address with parameters changed; None removes one. Cursors never survive a change of the question."""
    params = request.GET.copy() if request else QueryDict(mutable=True)
    for name in CURSORS:
        params.pop(name, None)
    for name, value in changes.items():
        params.pop(name, None)
        if value is not None:
            params[name] = force_str(value)
    return "?" + params.urlencode()


def shown_values(bound: BoundField, form: BaseForm) -> list[tuple[str, str]]:
    """Pairs (raw value, words) of one filter that is set."""
    raw = bound.data
    raws = [value for value in (raw if isinstance(raw, (list, tuple)) else [raw]) if value not in (None, "", False)]
    if not raws:
        return []
    cleaned = getattr(form, "cleaned_data", {}).get(bound.name)
    if isinstance(bound.field, ModelChoiceField):
        many = cleaned if hasattr(cleaned, "__iter__") else [cleaned]
        return [(force_str(getattr(one, "pk", one)), force_str(one)) for one in many or [] if one is not None]
    choices = {force_str(key): label for key, label in flat_choices(getattr(bound.field, "choices", ()))}
    if not choices and cleaned is True:
        return [(force_str(raws[0]), _("yes"))]
    return [(force_str(value), force_str(choices.get(force_str(value), value))) for value in raws]


def flat_choices(choices: Iterable[Any]) -> Iterable[tuple[Any, Any]]:
    for key, label in choices:
        if isinstance(label, (list, tuple)):
            yield from label
        else:
            yield key, label


def filter_chips(form: BaseForm, request: HttpRequest | None) -> list[dict[str, str]]:
    if not form.is_bound:
        return []
    form.is_valid()
    chips = []
    for bound in form:
        if bound.is_hidden:
            continue
        pairs = shown_values(bound, form)
        for raw, words in pairs:
            chips.append(
                {
                    "label": force_str(bound.label or ""),
                    "words": words,
                    "url": without(request, bound.html_name, raw, alone=len(pairs) == 1),
                }
            )
    return chips


def without(request: HttpRequest | None, name: str, raw: str, *, alone: bool) -> str:
    params = request.GET.copy() if request else QueryDict(mutable=True)
    for cursor in CURSORS:
        params.pop(cursor, None)
    kept = [] if alone else [value for value in params.getlist(name) if value != raw]
    params.pop(name, None)
    if kept:
        params.setlist(name, kept)
    return "?" + params.urlencode()


def table_view(table: Mapping[str, Any], request: HttpRequest | None) -> dict[str, Any]:
    """Lays cells beside their columns, so that the template only walks. Shape: templates/README.md."""
    sort = table.get("sort") or ""
    columns = [column_view(column, sort=sort, request=request) for column in table["columns"]]
    rows = []
    for row in table["rows"]:
        cells = row.get("cells", row)
        rows.append({**row, "laid": [{"column": column, "value": cells.get(column["key"])} for column in columns]})
    page = dict(table.get("page") or {})
    for side, cursor in (("next", "after"), ("previous", "before")):
        if page.get(side) and not page.get(f"{side}_url"):
            page[f"{side}_url"] = address(request, **{cursor: page[side]})
    return {
        **table,
        "columns": columns,
        "rows": rows,
        "page": page,
        "has_actions": any(row.get("actions") for row in rows),
        "bulk": table.get("bulk") or [],
        "export_href": table["export_url"] + address(request) if table.get("export_url") else "",
    }


def column_view(column: Mapping[str, Any], *, sort: str, request: HttpRequest | None) -> dict[str, Any]:
    kind = column.get("kind", "text")
    if kind not in CELL_KINDS and not column.get("template"):
        raise ValueError(f"column {column['key']!r}: no cell kind {kind!r}")
    view = {
        "kind": kind,
        "align": "end" if kind in {"number", "money"} else "",
        "template": f"components/cells/{kind}.html",
        **column,
    }
    if column.get("sort"):
        key = column["sort"]
        view["sorted"] = "descending" if sort == f"-{key}" else "ascending" if sort == key else ""
        view["sort_url"] = address(request, sort=f"-{key}" if sort == key else key)
    return view
