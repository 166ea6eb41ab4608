"""The child's side of reading: a Word document's paragraphs and tables as plain JSON, in their order. Decides nothing about their meaning."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from docx import Document
from docx.document import Document as Doc
from docx.oxml.ns import qn

from anlan.kernel.papers.numbering import Numbering, numbering_of
from anlan.kernel.papers.opening import opening
from anlan.kernel.sandbox_child import Refusal

BATCH = 500
MOST_COLUMNS = 63
"""Word's own limit."""
MARKUP = "http://schemas.openxmlformats.org/markup-compatibility/2006"
MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
# Deleted text, what older programs read instead, contents of text boxes and other documents: not read as text of the place.
_PASSED = {
    qn("w:del"), qn("w:moveFrom"), qn("w:rPr"), qn("w:pPr"), qn("w:instrText"), qn("w:sdtPr"), qn("w:sdtEndPr"),
    qn("w:tcPr"), qn("w:ruby"), f"{{{MARKUP}}}Fallback",
}  # fmt: skip
_LEFT_OUT = {
    qn("w:drawing"): "pictures", qn("w:pict"): "pictures", qn("w:object"): "objects", qn("w:txbxContent"): "text_boxes",
    qn("w:footnoteReference"): "footnotes", qn("w:endnoteReference"): "footnotes", f"{{{MATH}}}oMath": "formulas",
    qn("w:altChunk"): "objects",
}  # fmt: skip
_SIDES = {"center": "centre", "right": "right", "end": "right"}


def read_document(source: BinaryIO, params: dict[str, Any]) -> tuple[dict[str, Any], Iterable[bytes]]:
    """
    Params: `most`, of paragraphs and cells together. Blocks: JSON lists of at most 500.

    A paragraph is {"text", "label" (as numbered by Word), "style" (a heading's level, or 0), "side"}, a table {"rows", "headed"}
    with merged cells repeated. Value: `left_out`, how many pictures, text boxes … were passed over.
    """
    with opening():
        document = Document(source)
        reader = _Reader(document, params["most"])
    batches = [
        json.dumps(batch, ensure_ascii=False).encode("utf-8", "replace")
        for batch in _batches(reader.blocks(document.element.body))
    ]
    return {"left_out": dict(reader.left_out)}, batches


def _batches(blocks: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for block in blocks:
        batch.append(block)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


class _Reader:
    def __init__(self, document: Doc, most: int) -> None:
        self.most, self.seen = most, 0
        self.left_out: Counter[str] = Counter()
        self.styles = _styles(document)
        part = next((one for one in document.part.rels.values() if one.reltype.endswith("/numbering")), None)
        root = part.target_part.element if part and hasattr(part.target_part, "element") else None
        self.numbering = numbering_of(root) if root is not None else Numbering()

    def _count(self, more: int = 1) -> None:
        self.seen += more
        if self.seen > self.most:
            raise Refusal("paper.too_long", limit=self.most)

    def blocks(self, holder: Any, *, in_cell: bool = False) -> Iterator[dict[str, Any]]:
        for one in holder:
            if one.tag == qn("w:p"):
                if found := self.paragraph(one, in_cell=in_cell):
                    yield found
            elif one.tag == qn("w:tbl"):
                yield self.table(one)
            elif one.tag == qn("w:sdt"):
                content = one.find(qn("w:sdtContent"))
                yield from () if content is None else self.blocks(content, in_cell=in_cell)
            elif one.tag in (qn("w:ins"), qn("w:moveTo"), qn("w:customXml"), qn("w:smartTag")):
                yield from self.blocks(one, in_cell=in_cell)
            elif one.tag in _LEFT_OUT:
                self.left_out[_LEFT_OUT[one.tag]] += 1

    def paragraph(self, element: Any, *, in_cell: bool = False) -> dict[str, Any] | None:
        """In a cell the number that Word counts may be all there is: a column of ordinals."""
        self._count()
        properties = element.find(qn("w:pPr"))
        style = self.styles.get(_value(properties, "pStyle") or "", {})
        if style.get("contents"):
            return None
        text = "".join(self.text(element))
        label = self._label(properties, style)
        if not text.strip() and not (in_cell and label):
            return None
        side = _SIDES.get(_value(properties, "jc") or style.get("side", ""), "left")
        level = _value(properties, "outlineLvl")
        heading = int(level) + 1 if level and level.isdecimal() and len(level) == 1 else style.get("level", 0)
        return {"text": text, "label": label, "style": heading if heading <= 9 else 0, "side": side}

    def _label(self, properties: Any, style: dict[str, Any]) -> str:
        numbered = None if properties is None else properties.find(qn("w:numPr"))
        list_id = _value(numbered, "numId") or style.get("list", "")
        level = _value(numbered, "ilvl") or style.get("list_level", "0")
        return self.numbering.label(list_id, int(level)) if level.isdecimal() and len(level) == 1 else ""

    def text(self, element: Any) -> Iterator[str]:
        for one in element:
            tag = one.tag
            if tag in _LEFT_OUT:
                self.left_out[_LEFT_OUT[tag]] += 1
                if _LEFT_OUT[tag] != "text_boxes":
                    self.left_out["text_boxes"] += sum(1 for _box in one.iter(qn("w:txbxContent")))
            elif tag in _PASSED or (tag == qn("w:r") and _hidden(one)):
                continue
            elif tag == qn("w:t"):
                yield one.text or ""
            elif tag == qn("w:tab"):
                yield "\t"
            elif tag in (qn("w:br"), qn("w:cr")):
                yield "" if one.get(qn("w:type")) in ("page", "column") else "\n"
            elif tag == qn("w:noBreakHyphen"):
                yield "-"
            elif isinstance(tag, str):
                yield from self.text(one)

    def table(self, element: Any) -> dict[str, Any]:
        rows: list[list[str]] = []
        headed = False
        above: dict[int, str] = {}
        for order, row in enumerate(_rows(element)):
            texts: list[str] = []
            facts = row.find(qn("w:trPr"))
            headed = headed or (order == 0 and facts is not None and facts.find(qn("w:tblHeader")) is not None)
            texts += [""] * _small(_value(facts, "gridBefore"), 0)
            for cell in _cells(row):
                properties = cell.find(qn("w:tcPr"))
                merged = None if properties is None else properties.find(qn("w:vMerge"))
                goes_on = merged is not None and merged.get(qn("w:val")) != "restart"
                said = above.get(len(texts), "") if goes_on else "\n".join(self._cell(cell))
                span = _small(_value(properties, "gridSpan"), 1)
                if len(texts) + span > MOST_COLUMNS:
                    raise Refusal("paper.damaged")
                self._count(span)
                above[len(texts)] = said
                texts += [said] * span
            rows.append(texts)
        widest = max(map(len, rows), default=0)
        return {"rows": [row + [""] * (widest - len(row)) for row in rows], "headed": headed}

    def _cell(self, cell: Any) -> Iterator[str]:
        """A cell's lines; a table within it row by row."""
        for block in self.blocks(cell, in_cell=True):
            if "text" in block:
                yield block["label"] + block["text"]
            else:
                yield from (" ".join(row) for row in block["rows"])


def _value(element: Any, name: str) -> str | None:
    child = None if element is None else element.find(qn(f"w:{name}"))
    found: str | None = None if child is None else child.get(qn("w:val"))
    return found


def _small(text: str | None, otherwise: int) -> int:
    number = int(text) if text and text.isdecimal() and len(text) < 4 else otherwise
    return min(number, MOST_COLUMNS + 1)


def _hidden(run: Any) -> bool:
    properties = run.find(qn("w:rPr"))
    mark = None if properties is None else properties.find(qn("w:vanish"))
    return mark is not None and mark.get(qn("w:val")) not in ("0", "false")


def _rows(table: Any) -> Iterator[Any]:
    yield from (row for row in _within(table, qn("w:tr")) if (row.find(f"{qn('w:trPr')}/{qn('w:del')}")) is None)


def _cells(row: Any) -> Iterator[Any]:
    yield from _within(row, qn("w:tc"))


def _within(holder: Any, tag: str) -> Iterator[Any]:
    """Rows and cells may stand in the brackets of a content control."""
    for one in holder:
        if one.tag == tag:
            yield one
        elif one.tag == qn("w:sdt") and (content := one.find(qn("w:sdtContent"))) is not None:
            yield from _within(content, tag)


def _styles(document: Doc) -> dict[str, dict[str, Any]]:
    """By id: the level of a heading, the list it numbers, the side; whether it is a line of a table of contents."""
    elements = {one.get(qn("w:styleId")): one for one in document.styles.element.findall(qn("w:style"))}
    return {key: _style(key, elements) for key in elements if key}


def _style(key: str, elements: dict[str, Any]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    passed: set[str] = set()
    name = (_value(elements[key], "name") or "").casefold()
    while key in elements and key not in passed:
        passed.add(key)
        properties = elements[key].find(qn("w:pPr"))
        level = _value(properties, "outlineLvl")
        if level and level.isdecimal() and int(level) < 9:
            facts.setdefault("level", int(level) + 1)
        if side := _value(properties, "jc"):
            facts.setdefault("side", side)
        numbered = None if properties is None else properties.find(qn("w:numPr"))
        if numbered is not None and (list_id := _value(numbered, "numId")):
            facts.setdefault("list", list_id)
            facts.setdefault("list_level", _value(numbered, "ilvl") or "0")
        key = _value(elements[key], "basedOn") or ""
    if name.startswith("toc "):
        facts["contents"] = True
    return facts
