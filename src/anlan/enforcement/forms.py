"""The forms of the room: an instrument's own fields by its kind, and those of the steps."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from unicodedata import normalize

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from anlan.enforcement.kinds import Field, Kind
from anlan.kernel.errors import Invalid, Problem
from anlan.kernel.flow import Step
from anlan.kernel.forms import InputForm, options_widget, yuan

BLANK_ROWS = 2
_AMOUNT = re.compile(r"([0-9]{1,15})(?:\.([0-9]{1,2}))?", re.ASCII)
"""Yuan and fen as people write them; whether it is too much is said by the verbs."""
_CELL = re.compile(r"\.(\d{1,3})\.([a-z_]+)$")
WAYS = [
    ("direct", gettext_lazy("handed over")),
    ("left", gettext_lazy("left at the place")),
    ("post", gettext_lazy("by post")),
    ("electronic", gettext_lazy("electronically")),
    ("announcement", gettext_lazy("by announcement")),
]
OUTCOMES = [
    ("received", pgettext_lazy("service", "received")),
    ("refused", pgettext_lazy("service", "refused")),
    ("failed", gettext_lazy("not reached")),
]
OPTIONS: dict[str, list[tuple[Any, Any]]] = {"way": WAYS, "outcome": OUTCOMES}


class Rows(forms.Widget):
    """A list as a small table: its rows and two empty ones; a row left empty falls away."""

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.field = field

    def id_for_label(self, id_: str) -> str:
        return f"{id_}.0.{self.field.columns[0].code}"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        found: dict[int, dict[str, str]] = {}
        for key in data:
            if key.startswith(f"{name}.") and (cell := _CELL.search(key)):
                found.setdefault(int(cell[1]), {})[cell[2]] = data.get(key, "").strip()
        return [row for _place, row in sorted(found.items()) if any(row.values())]

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        rows = [*(value or []), *({} for _one in range(BLANK_ROWS))]
        context = {
            "id": (attrs or {}).get("id", f"id_{name}"),
            "columns": self.field.columns,
            "rows": [
                [
                    {"name": f"{name}.{place}.{column.code}", "column": column, "value": row.get(column.code, "")}
                    for column in self.field.columns
                ]
                for place, row in enumerate(rows)
            ],
            "label": self.field.label,
        }
        return SafeString(render_to_string("enforcement/_rows.html", context))


class Kept(forms.Field):
    """Draws and keeps; judges nothing."""

    def clean(self, value: Any) -> Any:
        return value


class KindForm(forms.Form):
    """What an instrument of a kind says. `payload` is what the verbs take; right and wrong is said by the verbs alone."""

    def __init__(
        self, kind: Kind, data: Any = None, *, fields: Mapping[str, Any] | None = None, remark: bool = False
    ) -> None:
        super().__init__(data, initial=_shown(kind, fields or {}), use_required_attribute=False)
        self.kind = kind
        for field in kind.fields:
            self.fields[field.code] = Kept(
                label=field.label, help_text=field.help, required=field.required, widget=_widget(field)
            )
        if remark:
            self.fields["remark"] = Kept(
                label=_("Remark"), required=False, widget=forms.Textarea({"rows": 2}), help_text=_("What was changed.")
            )

    def typed(self) -> dict[str, Any]:
        """The kind's fields as they were sent: amounts in fen, nothing for what is empty. Raises Invalid for an amount that is none."""
        found: dict[str, Any] = {}
        wrong: dict[str, list[Any]] = {}
        for field in self.kind.fields:
            raw = self[field.code].data
            if raw in (None, "", []):
                continue
            try:
                found[field.code] = _fen(raw) if field.type == "money" else raw
            except ValueError:
                wrong[field.code] = [_("Write an amount such as 1200.50.")]
        if wrong:
            raise Invalid(fields=wrong)
        return found

    def payload(self) -> dict[str, Any]:
        sent: dict[str, Any] = {"fields": self.typed()}
        if "remark" in self.fields and (remark := (self["remark"].data or "").strip()):
            sent["remark"] = remark
        return sent

    def refuse(self, problem: Problem) -> None:
        """Each reason at its field; that of a cell names its row."""
        self.full_clean()
        shown = False
        for path, reasons in problem.fields.items():
            name = path.removeprefix("fields.").split(".")[0]
            field, cell = self.kind.field(name), _CELL.search(path)
            for reason in reasons:
                words = str(reason)
                if field and cell:
                    column = next((one.label for one in field.columns if one.code == cell[2]), cell[2])
                    words = _("Row %(row)s, %(column)s: %(reason)s") % {
                        "row": int(cell[1]) + 1,
                        "column": column,
                        "reason": words,
                    }
                self.add_error(name if name in self.fields else None, words)
                shown = True
        if not shown:
            self.add_error(None, problem.detail)


def _shown(kind: Kind, fields: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(fields)
    for field in kind.fields:
        if field.type == "money" and isinstance(found.get(field.code), int):
            found[field.code] = yuan(found[field.code])
    return found


def _widget(field: Field) -> forms.Widget:
    match field.type:
        case "prose":
            return forms.Textarea({"rows": 4})
        case "date":
            return forms.DateInput({"type": "date"}, format="%Y-%m-%d")
        case "moment":
            return forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        case "money":
            return forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
        case "choice":
            return options_widget([(one.code, one.label) for one in field.choices], required=field.required)
        case "items":
            return Rows(field)
    return forms.TextInput({"maxlength": "300"})


def _fen(raw: str) -> int:
    found = _AMOUNT.fullmatch(normalize("NFKC", str(raw)).replace(",", "").strip())
    if found is None:
        raise ValueError
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def step_form(
    step: Step, data: Any = None, *, initial: Mapping[str, Any] | None = None, leave_out: Sequence[str] = ()
) -> InputForm:
    return InputForm(step.needs, data, initial=initial, options=OPTIONS, leave_out=leave_out)
