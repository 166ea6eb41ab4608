"""From the bytes of a file to its text: plain text here, everything that needs a parser in the limited child."""

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.directives.reading.normal import LONGEST
from anlan.files import kinds
from anlan.files.documents import inspect_document
from anlan.kernel import sandbox
from anlan.kernel.refusals import Refused

MESSAGES: dict[str, Any] = {
    "directive.empty": _("The document is empty."),
    "directive.kind": _("Only text, docx, PDF and pictures (JPEG, PNG, WebP) are read. Save it as one of them."),
    "directive.legacy": _(
        "This is a document of the old kind (.doc, .wps). Open it in WPS or Word and save it as .docx."
    ),
    "directive.too_long": _("The document has more than %(limit)s characters. Split it."),
    "directive.pages": _("The document has more than %(limit)s pages. Split it."),
    "directive.unreadable": _(
        "The document is damaged and cannot be read. Open it in another program and save it anew."
    ),
    "directive.scan": _(
        "The PDF holds pictures of pages and no text. Save its pages as pictures and send these, or type the text."
    ),
    "directive.ocr_missing": _(
        "Pictures cannot be read here: no text recognition is installed. The operator can install tesseract-ocr with tesseract-ocr-chi-sim; or type the text."
    ),
    "directive.ocr_failed": _("The text recognition could not read the picture. Send a sharper one, or type the text."),
    "directive.encoding": _("The text is in none of the encodings UTF-8, UTF-16 and GB 18030. Save it as UTF-8."),
}
TEXT_BYTES = 4 * LONGEST
LANGUAGE = "chi_sim"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OCR = sandbox.Limits(cpu_seconds=50, wall_seconds=60, memory_bytes=2 << 30)


class RefusedDirective(Refused):
    """A document that cannot be read, with what would help."""

    def __init__(self, code: str, params: Mapping[str, str | int | float] | None = None) -> None:
        super().__init__(code, MESSAGES[code], params)


@dataclass(frozen=True, slots=True)
class Source:
    """`kind`: text, docx, pdf or picture."""

    text: str
    kind: str


def open_document(source: bytes | Path, *, name: str = "") -> Source:
    """Raises `Refused` (`directive.…`, `file.…` or `sandbox.…`) and nothing else, whatever the bytes are."""
    kinds.check_size(source.stat().st_size if isinstance(source, Path) else len(source))
    data = source.read_bytes() if isinstance(source, Path) else source
    if data.startswith(_OLE):
        raise RefusedDirective("directive.legacy")
    if data.startswith((b"%PDF-", b"PK\x03\x04")):
        found = inspect_document(data, declared_name=name)
        if found.extension not in ("docx", "pdf"):
            raise RefusedDirective("directive.kind")
        return _in_child("docx" if found.extension == "docx" else "pdf", data)
    if picture := kinds.photo_kind(data):
        if picture is kinds.HEIC:
            raise RefusedDirective("directive.kind")
        program = recognition()
        if program is None:
            raise RefusedDirective("directive.ocr_missing")
        return _in_child("picture", data, limits=_OCR, program=program, languages=LANGUAGE)
    return Source(_decoded(data), "text")


@cache
def recognition() -> str | None:
    """Where the text recognition is that can read simplified Chinese; None when there is none."""
    program = shutil.which("tesseract")
    if program is None:
        return None
    said = subprocess.run([program, "--list-langs"], capture_output=True, text=True, timeout=20, check=False)  # noqa: S603 -- found on the operator's path
    return program if LANGUAGE in said.stdout.split() else None


def _in_child(job: str, data: bytes, *, limits: sandbox.Limits | None = None, **params: str) -> Source:
    try:
        with sandbox.run(f"anlan.directives.reading.opened:{job}", data, params=params, limits=limits) as answer:
            text = b"".join(answer.blocks()).decode()
            kind = str(answer.value["kind"])
    except Refused as refused:
        if refused.code in MESSAGES:
            raise RefusedDirective(refused.code, refused.params) from refused
        raise
    if not text.strip():
        raise RefusedDirective("directive.empty")
    return Source(text, kind)


def _decoded(data: bytes) -> str:
    if len(data) > TEXT_BYTES:
        raise RefusedDirective("directive.too_long", {"limit": LONGEST})
    encodings = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            raise RefusedDirective("directive.kind")
        if not text.strip():
            raise RefusedDirective("directive.empty")
        if len(text) > LONGEST:
            raise RefusedDirective("directive.too_long", {"limit": LONGEST})
        return text
    raise RefusedDirective("directive.encoding")
