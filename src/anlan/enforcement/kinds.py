"""
Kinds of instruments as data (`data/kinds/*.toml`): what each says, what must precede it, which days run.

A file is named by the kind's code. Every figure of law in it carries its basis and evidence mark.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from django.utils.translation import get_language

SHIPPED = Path(__file__).with_name("data") / "kinds"
Family = Literal["letter", "order", "decision", "minutes", "record", "bulletin"]
Subject = Literal["enterprise", "unit"]
Type = Literal["text", "prose", "date", "moment", "money", "person", "items", "choice"]
FAMILIES = Family.__args__  # type: ignore[attr-defined]
TYPES = Type.__args__  # type: ignore[attr-defined]
MARKS = ("V", "B+", "B", "W", "K")
REACHED = ("approved", "numbered", "served", "answered", "filed")
"""The states a preceding instrument may be asked to have reached, in their order."""


class _Named:
    zh: str
    en: str

    @property
    def label(self) -> str:
        return self.zh if (get_language() or "zh").startswith("zh") else self.en


@dataclass(frozen=True, kw_only=True)
class Choice(_Named):
    code: str
    zh: str
    en: str


@dataclass(frozen=True, kw_only=True)
class Field(_Named):
    """
    What an instrument of a kind says at one place.

    Stored as JSON: `text`, `prose`, `person` and `choice` (its code) as text, `date` as 2026-11-22, `moment` as 2026-11-22T09:30 of
    Shanghai, `money` as whole fen, `items` as a list of rows by column code. `zh` is also the name in a docx template.
    """

    code: str
    zh: str
    en: str
    type: Type = "text"
    required: bool = True
    help_zh: str = ""
    help_en: str = ""
    choices: tuple[Choice, ...] = ()
    columns: tuple["Field", ...] = ()
    source: str = ""
    """Which rule asks for it."""
    mark: str = ""

    @property
    def help(self) -> str:
        return self.help_zh if (get_language() or "zh").startswith("zh") else self.help_en


@dataclass(frozen=True, kw_only=True)
class Gate:
    """
    What must exist before: an instrument of one of `kinds` to the same addressee that has reached `state`.

    `within_days`: its service lies at most so many days of the calendar back. `after_days`: so many working days after its
    service have passed, unless (`waivable`) the addressee gave up what the days are for. `needed` false: named where it exists.
    """

    kinds: tuple[str, ...]
    state: str = "served"
    within_days: int | None = None
    after_days: int | None = None
    waivable: bool = False
    needed: bool = True
    basis: str = ""
    mark: str = "K"


@dataclass(frozen=True, kw_only=True)
class Kind(_Named):
    code: str
    zh: str
    en: str
    family: Family
    subject: tuple[Subject, ...]
    fields: tuple[Field, ...]
    basis: str = ""
    mark: str = "K"
    gates: tuple[Gate, ...] = ()
    officers: int = 0
    """How many officers with a certificate it names, in its field `officers`."""
    answer_days: int | None = None
    """Working days after service until an answer is owed; None: none is, unless `answer_field` gives a day."""
    answer_field: str = ""
    """The field with the day by which an answer is owed; it goes before `answer_days`."""
    serve_days: int | None = None
    """Working days after the number was given within which it is served."""
    stem: str = ""
    """What the number says of the kind, after the organ's own word: 临应急「责改」〔2026〕3号."""
    penalty: bool = False
    """It belongs to a case of penalty (`Case`)."""
    needs_hearing: bool = False
    """A hearing may be asked for where the penalty reaches the city's thresholds."""
    beyond: str = ""
    """The kind to be used in its place where its field `fine` reaches the city's threshold for a hearing."""
    remedy: bool = False
    """It says how to ask for review and sue."""
    published: bool = False
    """It is meant for everybody to see once it is served."""
    form: Literal["document", "letter"] = "letter"
    elsewhere: str = ""
    """The kind of record that is this document, written by its own room: it is never drafted here, and a gate that asks for it is
    met by an instrument drafted from such a record, once that is written down."""
    template: str = ""
    """The shipped docx template; empty: set from its fields."""
    order: int = 100

    def field(self, code: str) -> Field | None:
        """The field of that code, if the kind has one."""
        return next((one for one in self.fields if one.code == code), None)

    @property
    def required(self) -> tuple[Field, ...]:
        return tuple(one for one in self.fields if one.required)


class KindError(ValueError):
    """A kind's file contradicts itself."""


def read(code: str, facts: dict[str, Any]) -> Kind:
    """A kind from its TOML. Raises KindError with the kind's code and what is wrong."""
    try:
        kind = Kind(
            code=code,
            **{
                **facts,
                "subject": _several(facts.get("subject", "enterprise")),
                "fields": tuple(_field(one) for one in facts.get("fields", ())),
                "gates": tuple(Gate(**{**one, "kinds": _several(one["kinds"])}) for one in facts.get("gates", ())),
            },
        )
    except (TypeError, KeyError) as wrong:
        raise KindError(f"{code}: {wrong}") from wrong
    if faults := list(_faults(kind)):
        raise KindError(f"{code}: {'; '.join(faults)}")
    return kind


def _several(value: str | Iterable[str]) -> tuple[Any, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _field(facts: dict[str, Any]) -> Field:
    columns = tuple(_field(one) for one in facts.get("columns", ()))
    choices = tuple(Choice(**one) for one in facts.get("choices", ()))
    return Field(**{**facts, "columns": columns, "choices": choices})


def _faults(kind: Kind) -> Iterable[str]:
    codes = [one.code for one in kind.fields]
    if len(set(codes)) != len(codes):
        yield "a field is named twice"
    if kind.family not in FAMILIES:
        yield f"unknown family {kind.family}"
    if not set(kind.subject) <= {"enterprise", "unit"}:
        yield "a subject is enterprise or unit"
    if kind.mark not in MARKS:
        yield f"unknown mark {kind.mark}"
    if kind.answer_field and (kind.field(kind.answer_field) or Field(code="", zh="", en="")).type != "date":
        yield "answer_field names no date"
    if kind.officers and (kind.field("officers") or Field(code="", zh="", en="")).type != "items":
        yield "officers are named in a list of that name"
    if not kind.stem:
        yield "no stem"
    for field in (*kind.fields, *(column for one in kind.fields for column in one.columns)):
        if not (field.code.isidentifier() and field.zh.isidentifier()):
            yield f"{field.code} or {field.zh} cannot stand in a template"
        if field.type not in TYPES:
            yield f"{field.code}: unknown type {field.type}"
        if (field.type == "choice") != bool(field.choices) or (field.type == "items") != bool(field.columns):
            yield f"{field.code}: choices belong to a choice, columns to items"
    for gate in kind.gates:
        if gate.state not in REACHED:
            yield f"a gate asks for the state {gate.state}"


@cache
def kinds() -> dict[str, Kind]:
    """All kinds by code, in the order of their `order`."""
    found = [
        read(path.stem, tomllib.loads(path.read_text(encoding="utf-8"))) for path in sorted(SHIPPED.glob("*.toml"))
    ]
    known = {one.code for one in found}
    for one in found:
        if unknown := {code for gate in one.gates for code in gate.kinds} - known:
            raise KindError(f"{one.code}: a gate asks for {', '.join(sorted(unknown))}")
        if one.beyond and one.beyond not in known:
            raise KindError(f"{one.code}: there is no kind {one.beyond}")
    return {one.code: one for one in sorted(found, key=lambda one: (one.order, one.code))}


def kind(code: str) -> Kind:
    """Raises KeyError for a code that is no kind."""
    return kinds()[code]
