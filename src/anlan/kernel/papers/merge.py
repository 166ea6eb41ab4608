"""
The operator's own templates (.docx): checked when they are loaded, filled with values when a document is written.

In a template a field is written `{{ key }}` or by its Chinese name, a list as `{%tr for row in name %}` … `{%tr endfor %}`
around a table's row, or `{%p …%}` around paragraphs. What a template cannot do is decided in `merging`, in the child.
"""

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.kernel import sandbox
from anlan.kernel.errors import Invalid
from anlan.kernel.exchange.headings import closest
from anlan.kernel.papers.guard import MESSAGES, check_docx, refusal
from anlan.kernel.papers.layout import LAYOUT, MM_PER_POINT
from anlan.kernel.papers.paper import Seal
from anlan.kernel.refusals import Refused
from anlan.kernel.text import TextError, clean_text

LIMITS = sandbox.Limits(cpu_seconds=10, wall_seconds=20)
MOST_ROWS = 2_000
SEAL = "\ue5ea"
"""The child's mark for the seal's place (`merging.SEAL`; that module draws in what the parent does without)."""

PROBLEMS = {
    "syntax": gettext_lazy("Near “%(near)s” a field or condition is not closed, or cannot be understood."),
    "raw": gettext_lazy("“%(near)s”: write fields as {{ name }}, without a letter after the braces."),
    "wide": gettext_lazy("“%(near)s”: the braces and percent signs of fields are half-width: {{ name }}."),
    "forbidden": gettext_lazy(
        "“%(near)s” is not allowed in a template: only fields, conditions, and loops over lists."
    ),
    "place": gettext_lazy("Fields stand in %(near)s, where they are not filled. Move them to the text."),
    "layout": gettext_lazy(
        "A condition or loop begins in one place and ends in another, such as half-way in a table: put both marks on the same level."
    ),
    "row": gettext_lazy("“%(near)s” is a whole row; write one of its columns: {{ %(near)s.name }}."),
    "list": gettext_lazy("“%(near)s” is a list; go through it with a loop."),
    "no_list": gettext_lazy("“%(near)s” is no list; no loop can go through it."),
}
TEMPLATE_TROUBLE = gettext_lazy(
    "The template cannot be filled (near “%(near)s”). Load it again and look at what is said."
)


@dataclass(frozen=True, kw_only=True)
class Field:
    """What a kind of document says at one place; `key` and `name` must be identifiers, as Chinese words are."""

    key: str
    name: str
    """How the template's Chinese author writes it."""
    required: bool = True
    """Whether a template of this kind must have a place for it."""
    columns: tuple["Field", ...] = ()
    """With columns it is a list of rows."""
    seal: bool = False
    """The place to be sealed: filled with the picture, not with words."""

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.key, self.name)


def check(template: bytes | Path, wanted: Sequence[Field]) -> frozenset[str]:
    """
    The keys of the fields the template uses.

    Raises Refused for a file that is no decent .docx, Invalid (`template`) with every field that is missing or unknown and
    everything else that would go wrong when it is filled.
    """
    check_docx(template)
    fields = [
        {"keys": field.keys, "columns": [column.keys for column in field.columns], "seal": field.seal}
        for field in wanted
    ]
    found, _blocks = _child("examine", template, {"fields": fields})
    used: dict[str, list[str]] = found["used"]
    reasons = [_told(problem) for problem in found["problems"]]
    reasons += _compared(used, wanted, "")
    for field in wanted:
        columns = {column for name in field.keys for column in used.get(name, ())}
        if field.columns and any(name in used for name in field.keys):
            reasons += _compared(columns, field.columns, f"{field.name}.")
    if reasons:
        raise Invalid(fields={"template": reasons})
    return frozenset(field.key for field in wanted if any(name in used for name in field.keys))


def fill(
    template: bytes | Path,
    wanted: Sequence[Field],
    values: Mapping[str, Any],
    *,
    seal: Seal | None = None,
    about: Mapping[str, str] | None = None,
) -> bytes:
    """
    The template as .docx, filled. `values` by key: text, or for a list rows by key; what is absent stays empty.

    `about` are the file's own facts (title, author, subject). Raises Invalid at the key of a required value that is empty or
    of text that cannot be printed, Refused for a template that `check` would not have let in.
    """
    check_docx(template)
    spread, faults = _spread(wanted, values)
    if faults:
        raise Invalid(fields=faults)
    pressed = None
    if seal:
        line = LAYOUT.pitch * MM_PER_POINT
        down = line / 2 - LAYOUT.seal_drop - seal.width / 2
        pressed = {"image": b64encode(seal.image).decode(), "width": seal.width, "down": down}
    params = {"values": spread, "seal": pressed, "about": dict(about or {})}
    _value, blocks = _child("fill", template, params)
    return blocks[0]


def _child(what: str, template: bytes | Path, params: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    try:
        with sandbox.run(f"anlan.kernel.papers.merging:{what}", template, params=params, limits=LIMITS) as answer:
            return answer.value, list(answer.blocks())
    except Refused as refused:
        if refused.code == "paper.template":
            raise Refused(refused.code, TEMPLATE_TROUBLE, refused.params) from refused
        raise refusal(refused) from refused


def _told(problem: Mapping[str, Any]) -> str:
    """A child that was taken over may send any code."""
    return str(PROBLEMS.get(str(problem.get("code")), MESSAGES["paper.damaged"])) % {"near": problem.get("near", "")}


def _compared(used: Iterable[str], wanted: Sequence[Field], prefix: str) -> list[str]:
    known = {name: field for field in wanted for name in field.keys}
    reasons = [
        _("The field {{ %(name)s }} is missing: documents of this kind must have it.") % {"name": prefix + field.name}
        for field in wanted
        if field.required and not set(field.keys) & set(used)
    ]
    for name in sorted(set(used) - set(known)):
        if near := closest(name, known):
            reasons.append(
                _("The field {{ %(name)s }} is not known here. Did you mean {{ %(near)s }}?")
                % {"name": prefix + name, "near": prefix + near}
            )
        else:
            reasons.append(_("The field {{ %(name)s }} is not known here.") % {"name": prefix + name})
    return reasons


def _spread(wanted: Sequence[Field], values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """Every field under both of its names, and what is wrong with the values."""
    spread: dict[str, Any] = {}
    faults: dict[str, list[Any]] = {}
    if strangers := set(values) - {field.key for field in wanted}:
        raise ValueError(f"not fields of this kind: {', '.join(sorted(strangers))}")
    for field in wanted:
        value = values.get(field.key)
        try:
            filled = SEAL if field.seal else _rows(field, value or ()) if field.columns else _text(value)
        except TextError as error:
            faults[field.key] = [str(error)]
            continue
        if field.required and not filled:
            faults[field.key] = [_("This is needed.")]
        if field.columns and len(filled) > MOST_ROWS:
            faults[field.key] = [_("At most %(limit)s rows.") % {"limit": MOST_ROWS}]
        spread |= dict.fromkeys(field.keys, filled)
    return spread, faults


def _rows(field: Field, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    return [{name: _text(row.get(column.key)) for column in field.columns for name in column.keys} for row in rows]


def _text(value: Any) -> str:
    said = "" if value is None else clean_text(str(value))
    if SEAL in said:
        raise TextError(_("It holds a character that cannot be printed."))
    return said
