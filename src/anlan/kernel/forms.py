"""
A form made from what a step asks for: label, help and widget come from the same declaration that validates and that the
API shows. The form draws and keeps what was typed; right and wrong is said by the verb alone, and shown at its field.
"""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, get_args, get_origin

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from anlan.kernel.clock import SHANGHAI
from anlan.kernel.errors import Invalid, Problem

UPLOADS = "/files/"
LONG = 300
"""A text that may be longer than this is asked for in a box of several lines."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """One field of a step's input."""

    name: str
    label: str
    help: str
    widget: str
    required: bool
    many: bool
    options: tuple[Any, ...]
    limit: int | None
    default: Any


Maker = Callable[[Question], forms.Field]
"""Draws one question; rooms bring makers for their own nouns, by the widget's name or the field's."""


def questions(schema: type[BaseModel]) -> list[Question]:
    """The fields of a schema that are asked with `kernel.inputs.asks`, words translated for the present reader."""
    found = []
    for name, info in schema.model_fields.items():
        extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        limits = [part.max_length for part in info.metadata if getattr(part, "max_length", None)]
        default = info.get_default(call_default_factory=True, validated_data={})
        found.append(
            Question(
                name=name,
                label=gettext(str(extra["label"])) if extra.get("label") else name,
                help=gettext(str(extra["help"])) if extra.get("help") else "",
                widget=str(extra.get("widget") or ""),
                required=info.is_required(),
                many=get_origin(info.annotation) is list,
                options=get_args(info.annotation) if get_origin(info.annotation) is Literal else (),
                limit=min(limits) if limits else None,
                default=None if default is PydanticUndefined else default,
            )
        )
    return found


class Asked(forms.Field):
    """Draws and keeps; judges nothing."""

    def clean(self, value: Any) -> Any:
        return value


@dataclass(frozen=True, kw_only=True)
class Option:
    """One thing to pick: value, words, a second line, and a mark behind them."""

    value: str
    label: str
    note: str = ""
    mark: str = ""
    asks: str = ""
    """An address fetched when it is picked, into `into`: what depends on this choice."""
    into: str = ""


@dataclass(kw_only=True)
class Source:
    """Where a picker finds its options: the address a browser asks as one types, and the same search for pages without scripts."""

    url: str
    search: Callable[[str], Sequence[Option]]
    chosen: Callable[[Sequence[str]], Sequence[Option]]
    words: str = ""
    multiple: bool = False
    first: bool = False
    """Show options before anything is typed."""
    typing: bool = True
    """False: nothing is typed, the options come with another choice."""


class Pick(forms.Widget):
    """Search as one types and pick from what is found; without scripts, the form comes back with what was found."""

    def __init__(self, source: Source, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"data-widget": "pick", **(attrs or {})})
        self.source = source
        self.typed = ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        self.typed = data.get(f"{name}_words", "")[:100]
        return data.getlist(name) if self.source.multiple and hasattr(data, "getlist") else data.get(name)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_words"

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        values = [str(one) for one in (value if isinstance(value, (list, tuple)) else [value]) if one]
        chosen = list(self.source.chosen(values)) if values else []
        found = list(self.source.search(self.typed)) if self.typed or self.source.first else []
        context = {
            "name": name, "id": (attrs or {}).get("id", f"id_{name}"), "source": self.source, "typed": self.typed,
            "chosen": chosen, "described": (attrs or {}).get("aria-describedby", ""),
            "found": [one for one in found if one.value not in values], "searched": bool(self.typed) and not chosen,
        }  # fmt: skip
        return SafeString(render_to_string("kernel/pick.html", context))


def picker_context(source: Source, name: str, asked: Any) -> dict[str, Any]:
    """
    The context of `kernel/pick_options.html` for what one types: of a picker for several, what is ticked stays on top.

    `chosen` in the address asks for one option by its value, as a kept draft does.
    """
    words, chosen = asked.get(f"{name}_words", "").strip()[:100], asked.get("chosen", "")
    if chosen:
        return {"name": name, "options": source.chosen([chosen]), "multiple": source.multiple, "checked": True}
    ticked = asked.getlist(name) if source.multiple else []
    kept = list(source.chosen(ticked)) if ticked else []
    values = {one.value for one in kept}
    found = [one for one in source.search(words) if one.value not in values] if words or source.first else []
    return {"name": name, "options": found, "kept": kept, "searched": bool(words), "multiple": source.multiple}


class Spans(forms.Textarea):
    def __init__(self) -> None:
        super().__init__({"rows": 3})


_YES_NO = [("true", gettext_lazy("Yes")), ("false", gettext_lazy("No"))]
_PASSED = [("true", gettext_lazy("Passed")), ("false", gettext_lazy("Not passed"))]


def _photos(question: Question) -> forms.Widget:
    return forms.MultipleHiddenInput(
        {"data-widget": "photos", "data-url": UPLOADS, "data-max": str(question.limit or 20)}
    )


def _documents(question: Question) -> forms.Widget:
    """Photos, and files such as a PDF or a workbook, by the same picker."""
    kept = {"data-widget": "photos", "data-documents": "1", "data-url": UPLOADS, "data-max": str(question.limit or 20)}
    return forms.MultipleHiddenInput(kept)


WIDGETS: dict[str, Callable[[Question], forms.Widget]] = {
    "prose": lambda question: Spans(),
    "day": lambda question: forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    "moment": lambda question: forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    "yesno": lambda question: forms.RadioSelect(choices=_YES_NO),
    "passed": lambda question: forms.RadioSelect(choices=_PASSED),
    "money": lambda question: forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    "yuan": lambda question: forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    "photos": _photos,
    "documents": _documents,
    "signature": lambda question: forms.HiddenInput({"data-widget": "signature"}),
    "hidden": lambda question: forms.HiddenInput(),
}


def options_widget(choices: Sequence[tuple[Any, Any]], *, required: bool, chips: int = 4) -> forms.Widget:
    """A few are shown at once, many as a list to open."""
    if len(choices) <= chips and required:
        return forms.RadioSelect(choices=choices)
    return forms.Select(choices=choices if required else [("", "—"), *(one for one in choices if one[0] != "")])


class InputForm(forms.Form):
    """The form of one pydantic input. `options` names the words of each choice by field; `makers` draw a room's own nouns."""

    def __init__(
        self,
        schema: type[BaseModel],
        data: Any = None,
        *,
        initial: Mapping[str, Any] | None = None,
        makers: Mapping[str, Maker] | None = None,
        options: Mapping[str, Sequence[tuple[Any, Any]]] | None = None,
        leave_out: Sequence[str] = (),
    ) -> None:
        self.questions = [one for one in questions(schema) if one.name not in leave_out]
        super().__init__(data, initial={**self._defaults(), **(initial or {})}, use_required_attribute=False)
        for question in self.questions:
            self.fields[question.name] = self._field(question, makers or {}, options or {})

    def _defaults(self) -> dict[str, Any]:
        found = {one.name: one.default for one in self.questions if one.default not in (None, "", [])}
        return {name: str(value).lower() if isinstance(value, bool) else value for name, value in found.items()}

    def _field(self, question: Question, makers: Mapping[str, Maker], options: Mapping[str, Any]) -> forms.Field:
        if maker := makers.get(question.name) or makers.get(question.widget):
            return maker(question)
        widget: forms.Widget
        if question.widget != "hidden" and (question.name in options or question.options):
            choices = list(options.get(question.name) or [(value, value) for value in question.options])
            widget = options_widget(choices, required=question.required)
        elif question.widget in WIDGETS:
            widget = WIDGETS[question.widget](question)
        elif question.limit and question.limit > LONG:
            widget = Spans()
        else:
            widget = forms.TextInput({"maxlength": str(question.limit)} if question.limit else {})
        return asked(question, widget)

    def payload(self) -> dict[str, Any]:
        """What was sent, as the schema takes it: nothing instead of empty, money in fen, moments with their zone."""
        found: dict[str, Any] = {}
        wrong: dict[str, list[Any]] = {}
        for question in self.questions:
            raw = self[question.name].data
            if question.many:
                raw = [one for one in (raw if isinstance(raw, (list, tuple)) else [raw]) if one not in (None, "")]
            elif isinstance(raw, str):
                raw = raw.strip()
            if raw in (None, "", []):
                continue
            try:
                found[question.name] = _READ.get(question.widget, _as_it_is)(raw)
            except InvalidOperation:
                wrong[question.name] = [_("Write an amount such as 1200.50.")]
        if wrong:
            raise Invalid(fields=wrong)
        return found

    def refuse(self, problem: Problem) -> None:
        """Show what the verb said, each reason at its field."""
        self.full_clean()
        refuse(self, problem)


def refuse(form: forms.Form, problem: Problem) -> None:
    """Show what a verb said in a form that was read, each reason at its field."""
    shown = False
    for path, reasons in problem.fields.items():
        name = path.split(".")[0]
        for reason in reasons:
            form.add_error(name if name in form.fields else None, str(reason))
            shown = True
    if not shown:
        form.add_error(None, problem.detail)


def asked(question: Question, widget: forms.Widget, *, help_text: Any = None) -> Asked:
    return Asked(
        label=question.label,
        help_text=question.help if help_text is None else help_text,
        widget=widget,
        required=question.required,
    )


def _as_it_is(raw: Any) -> Any:
    return raw


def _amount(raw: str) -> Decimal:
    found = Decimal(unicodedata.normalize("NFKC", raw).replace(",", "").replace(" ", ""))
    if not found.is_finite():
        raise InvalidOperation
    return found


def _fen(raw: str) -> Any:
    fen = _amount(raw) * 100
    if fen != fen.to_integral_value():
        raise InvalidOperation
    return int(fen)


def _moment(raw: str) -> Any:
    try:
        found = datetime.fromisoformat(raw)
    except ValueError:
        return raw
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)


_READ: dict[str, Callable[[Any], Any]] = {"money": _fen, "yuan": _amount, "moment": _moment}


def yuan(fen: int | None) -> str:
    """Fen as a form shows it: 120050 → 1200.50."""
    return "" if fen is None else f"{fen // 100}.{fen % 100:02d}"
