"""
An instrument as an official paper: the wording of its kind (`data/papers/*.toml`) with what its fields say.

In a wording `{code}` is a field of the kind, `{addressee}`, `{organ}`, `{number}` and `{after}` (the number of the earlier one) are
the instrument's own, `{review_time}` and `{sue_time}` the times for its remedies (`rulings.remedies`). A part is left out when its `without` field, or all of what it names, is empty.
"""

import dataclasses
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from anlan.enforcement.kinds import Field, Kind
from anlan.enforcement.values import said
from anlan.kernel.papers.paper import Block, Heading, Paper, Paragraph, Seal, Table

SHIPPED = Path(__file__).with_name("data") / "papers"
BLANK = "＿＿＿＿"
"""What a draft shows where nothing was written yet."""
UNNUMBERED = "草稿〔{year}〕1号"
_PLACE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, kw_only=True)
class Issue:
    """What surrounds the words: who issues to whom, under which number, on which day."""

    addressee: str
    organ: str
    day: date
    number: str = ""
    after: str = ""
    remedies: Mapping[str, str] = dataclasses.field(default_factory=dict)
    seal: Seal | None = None


@cache
def wording(kind: str) -> dict[str, Any]:
    """A kind's wording; without a file, each field under its own name."""
    path = SHIPPED / f"{kind}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def paper_of(kind: Kind, fields: Mapping[str, Any], issue: Issue) -> Paper:
    """
    In Chinese whatever the reader's language. Without a number it is a draft: it carries a number that cannot be mistaken for one
    that was given, and blanks where fields are empty.
    """
    words = {one.code: _inline(one, fields.get(one.code)) for one in kind.fields}
    words |= {"addressee": issue.addressee, "organ": issue.organ, "number": issue.number, "after": issue.after}
    words |= issue.remedies
    written = wording(kind.code)
    parts = written.get("body") or list(_plain(kind))
    blocks = tuple(block for part in parts for block in _blocks(kind, part, fields, words))
    return Paper(
        organ=issue.organ,
        number=issue.number or UNNUMBERED.format(year=issue.day.year),
        title=_filled(str(written.get("title", kind.zh)), words),
        addressees=(issue.addressee,),
        blocks=blocks or (Paragraph(text=BLANK),),
        signature=issue.organ,
        date=issue.day,
        form=kind.form,
        seal=issue.seal,
    )


def _plain(kind: Kind) -> Iterator[dict[str, Any]]:
    for field in kind.fields:
        if field.type == "items":
            yield {"heading": 1, "text": field.zh, "without": field.code}
            yield {"table": field.code}
        else:
            yield {"text": f"{field.zh}：{{{field.code}}}", "without": field.code}


def _inline(field: Field, value: Any) -> str:
    """A field inside a sentence: a list by its first column."""
    if field.type == "items":
        return "；".join(said(field.columns[0], row.get(field.columns[0].code)) for row in value or ())
    return said(field, value)


def _blocks(
    kind: Kind, part: Mapping[str, Any], fields: Mapping[str, Any], words: Mapping[str, str]
) -> Iterator[Block]:
    without = part.get("without")
    if without and not words.get(without):
        return
    if table := part.get("table"):
        yield from _table(kind, table, part, fields)
        return
    text = str(part.get("text", ""))
    named = _PLACE.findall(text)
    if level := part.get("heading"):
        yield Heading(level=level, text=_filled(text, words))
        return
    optional = [one for one in named if (field := kind.field(one)) and not field.required]
    if named and len(optional) == len(named) and not any(words.get(one) for one in named):
        return
    for line in _filled(text, words).split("\n"):
        if line.strip():
            yield Paragraph(text=line.strip())


def _table(kind: Kind, code: str, part: Mapping[str, Any], fields: Mapping[str, Any]) -> Iterator[Block]:
    field = kind.field(code)
    rows = fields.get(code) or ()
    if field is None or (not rows and not field.required):
        return
    used = [one for one in field.columns if one.required or any(row.get(one.code) for row in rows)]
    head = ("序号", *(one.zh for one in used))
    body = [
        (str(order), *(said(one, row.get(one.code)) or "—" for one in used)) for order, row in enumerate(rows, start=1)
    ]
    widths = tuple(float(one) for one in part.get("widths", ()))
    yield Table(
        rows=(head, *(body or [tuple("—" for _one in head)])), widths=widths if len(widths) == len(head) else ()
    )


def _filled(text: str, words: Mapping[str, str]) -> str:
    """What ends with a stop of its own is not followed by another."""
    filled = _PLACE.sub(lambda found: words.get(found[1]) or BLANK, text)
    return re.sub(r"([。；！？])[。；，]", r"\1", filled)
