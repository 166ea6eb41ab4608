"""The text of a docx, a PDF or a picture. Runs in the limited child only: here strangers' bytes meet parsers."""

import subprocess
import warnings
from collections.abc import Iterator
from io import BytesIO
from typing import Any, BinaryIO

from anlan.kernel.sandbox_child import Refusal

CHARACTERS = 200_000
PAGES = 300
OCR_SECONDS = 50
Given = tuple[dict[str, Any], list[bytes]]


def docx(source: BinaryIO, params: dict[str, Any]) -> Given:
    """
    Paragraphs and table rows in their order, one a line; the cells of a row stand apart by a tab. A text box stands behind
    the paragraph that holds it, footnotes at the end; what a tracked change deleted is gone, what it inserted is there.
    """
    from docx import Document
    from docx.oxml import parse_xml

    try:
        document = Document(BytesIO(source.read()))
        lines = list(_flow(document.element.body))
        for related in document.part.rels.values():
            if not related.is_external and related.reltype.endswith(("/footnotes", "/endnotes")):
                lines += [line for note in parse_xml(related.target_part.blob) for line in _flow(note)]
    except MemoryError:
        raise
    except Exception as error:  # the parser raises nearly anything at bad bytes
        raise Refusal("directive.unreadable") from error
    return _given(lines, "docx")


_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TWICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
"""What Word writes once more for older readers."""
_APART = {f"{_WORD}txbxContent", f"{_WORD}del", f"{_WORD}moveFrom", _TWICE}
_BREAKS = {f"{_WORD}tab": "\t", f"{_WORD}br": "\n", f"{_WORD}cr": "\n"}


def _flow(parent: Any) -> Iterator[str]:
    for element in parent:
        if element.tag == f"{_WORD}p":
            yield "".join(_words(element))
            for box in _boxes(element):
                yield from _flow(box)
        elif element.tag == f"{_WORD}tbl":
            from docx.table import Table

            yield from _rows(Table(element, None))  # type: ignore[arg-type]
        elif element.tag in (f"{_WORD}sdt", f"{_WORD}sdtContent", f"{_WORD}ins"):
            yield from _flow(element)


def _boxes(parent: Any) -> Iterator[Any]:
    for element in parent:
        if element.tag == f"{_WORD}txbxContent":
            yield element
        elif element.tag != _TWICE:
            yield from _boxes(element)


def _words(parent: Any) -> Iterator[str]:
    for element in parent:
        if element.tag == f"{_WORD}t":
            yield element.text or ""
        elif element.tag in _BREAKS:
            yield _BREAKS[element.tag]
        elif element.tag not in _APART and element.tag != f"{_WORD}pPr":
            yield from _words(element)


def _rows(table: Any) -> Iterator[str]:
    for row in table.rows:
        cells: list[str] = []
        for cell in row.cells:  # a merged cell is given once for each column it spans
            text = " ".join(" ".join(_flow(cell._tc)).split())  # noqa: SLF001 -- nothing public tells all a cell holds
            if not cells or cells[-1] != text:
                cells.append(text)
        yield "\t".join(cells)


def pdf(source: BinaryIO, params: dict[str, Any]) -> Given:
    """The pages' text as it lies, without the page numbers; refused when there is none, as in a scan."""
    from pypdf import PdfReader

    warnings.simplefilter("ignore")
    try:
        reader = PdfReader(source)
        pages = len(reader.pages)
        lines = [line for page in reader.pages[:PAGES] for line in (page.extract_text() or "").splitlines()]
    except MemoryError:
        raise
    except Exception as error:
        raise Refusal("directive.unreadable") from error
    if pages > PAGES:
        raise Refusal("directive.pages", limit=PAGES)
    kept = [line for line in lines if not _is_page_number(line)]
    if sum("\u3400" <= char <= "\u9fff" for line in kept for char in line) < 10:
        raise Refusal("directive.scan")
    return _given(kept, "pdf")


def _is_page_number(line: str) -> bool:
    bare = line.strip(" -—–－·第页共/\t")
    return bare.isdigit() and len(bare) <= 4


def picture(source: BinaryIO, params: dict[str, Any]) -> Given:
    """By `tesseract` beside the platform, whose path is `params["program"]`; the picture is decoded by us and drawn anew for it."""
    from PIL import Image, ImageOps

    from anlan.files.decode import PIXELS

    Image.MAX_IMAGE_PIXELS = PIXELS
    warnings.simplefilter("ignore")
    try:
        image = ImageOps.exif_transpose(Image.open(source, formats=["JPEG", "PNG", "WEBP", "TIFF"])).convert("L")
        out = BytesIO()
        image.save(out, "PNG")
    except MemoryError:
        raise
    except Exception as error:
        raise Refusal("directive.unreadable") from error
    made = subprocess.run(  # noqa: S603 -- a program the operator installed, at a path we found; the picture is its input
        [params["program"], "stdin", "stdout", "-l", params["languages"], "--psm", "6"],
        input=out.getvalue(),
        capture_output=True,
        timeout=OCR_SECONDS,
        check=False,
    )
    if made.returncode:
        raise Refusal("directive.ocr_failed")
    return _given(made.stdout.decode(errors="replace").splitlines(), "picture")


def _given(lines: list[str], kind: str) -> Given:
    text = "\n".join(lines)
    if len(text) > CHARACTERS:
        raise Refusal("directive.too_long", limit=CHARACTERS)
    return {"kind": kind}, [text.encode("utf-8", "replace")]
