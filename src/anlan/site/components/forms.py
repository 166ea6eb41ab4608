"""One field template for every widget: what kind of control is it, and which words describe it."""

import uuid
from typing import Any

import uuid_utils
from django.forms import (
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    ClearableFileInput,
    RadioSelect,
    Select,
    Textarea,
)

WIDE_KINDS = frozenset({"textarea", "photos", "signature", "options"})


def kind_of(bound: BoundField) -> str:
    widget = bound.field.widget
    special = widget.attrs.get("data-widget")
    if special in {"photos", "signature"}:
        return str(special)
    if isinstance(widget, (RadioSelect, CheckboxSelectMultiple)):
        return "options"
    if isinstance(widget, CheckboxInput):
        return "check"
    if isinstance(widget, Select):
        return "select"
    if isinstance(widget, Textarea):
        return "textarea"
    if isinstance(widget, ClearableFileInput):
        return "file"
    return "input"


def field_view(bound: BoundField, *, width: str = "") -> dict[str, Any]:
    """`width`: "" (one grid cell), "full" or "narrow"."""
    kind = kind_of(bound)
    ids = [f"{bound.auto_id}_help"] * bool(bound.help_text) + [f"{bound.auto_id}_error"] * bool(bound.errors)
    # Django puts the attributes of a group of options on its wrapper too: those are styled by their container.
    attrs: dict[str, Any] = {} if kind == "options" else {"class": css_class(bound, kind)}
    if ids:
        attrs["aria-describedby"] = " ".join(ids)
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return {
        "field": bound,
        "kind": kind,
        "control": "" if kind in {"photos", "signature"} else bound.as_widget(attrs=attrs),
        "width": width or ("full" if kind in WIDE_KINDS else ""),
        "required": bound.field.required,
        "picker": picker_view(bound) if kind == "photos" else None,
        "pad": {"name": bound.html_name, "value": bound.value() or ""} if kind == "signature" else None,
    }


def css_class(bound: BoundField, kind: str) -> str:
    base = {"select": "form-select", "check": "form-check-input"}.get(kind, "form-control")
    own = bound.field.widget.attrs.get("class", "")
    return f"{base} {own}".strip()


def picker_view(bound: BoundField) -> dict[str, Any]:
    attrs = bound.field.widget.attrs
    values = bound.value() or []
    return {
        "name": bound.html_name,
        "id": bound.auto_id,
        "url": attrs.get("data-url", "/api/v1/files"),
        "max": attrs.get("data-max", ""),
        "ids": [str(value) for value in (values if isinstance(values, (list, tuple)) else [values])],
        "capture": attrs.get("data-capture", ""),
        "documents": bool(attrs.get("data-documents")),
    }


def new_key() -> uuid.UUID:
    return uuid.UUID(str(uuid_utils.uuid7()))
