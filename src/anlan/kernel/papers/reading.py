"""Documents from others (.docx) as plain data: headings, paragraphs and tables, tidied. What was passed over is counted, not hidden."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anlan.kernel import sandbox
from anlan.kernel.papers.guard import check_docx, refusal
from anlan.kernel.papers.noise import is_page_number, tidy
from anlan.kernel.papers.outline import structured, without_lists_of_attachments
from anlan.kernel.papers.paper import Block, Table
from anlan.kernel.refusals import Refused

LIMITS = sandbox.Limits(cpu_seconds=20, wall_seconds=40)
MOST = 100_000
"""Paragraphs and cells together."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    blocks: tuple[Block, ...]
    """Headings keep the labels they had in the document; merged cells say in each place what they say."""
    left_out: Mapping[str, int]
    """How many `pictures`, `text_boxes`, `footnotes`, `formulas`, `objects` the document has beside its text."""


def read(source: bytes | Path, *, most: int = MOST) -> Reading:
    """Raises Refused (`paper.…`, `sandbox.…`) for what is no decent .docx, or too long."""
    check_docx(source)
    target = "anlan.kernel.papers.extract:read_document"
    try:
        with sandbox.run(target, source, params={"most": most}, limits=LIMITS) as answer:
            left_out = {name: count for name, count in answer.value["left_out"].items() if count}
            found = [block for batch in answer.blocks() for raw in json.loads(batch) for block in _blocks(raw)]
    except Refused as refused:
        raise refusal(refused) from refused
    return Reading(blocks=tuple(without_lists_of_attachments(found)), left_out=left_out)


def _blocks(raw: Mapping[str, Any]) -> Iterator[Block]:
    if "rows" in raw:
        rows = tuple(tuple(tidy(cell) for cell in row) for row in raw["rows"])
        if any(any(row) for row in rows):
            yield Table(rows=rows, headed=raw["headed"])
        return
    text = tidy(raw["label"] + raw["text"])
    if text and not is_page_number(text):
        yield structured(text, style=raw["style"], side=raw["side"])
