"""The way in for evidence documents (PDF, DOCX, XLSX): kept as they are, served as attachments only, never rendered by us."""

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from anlan.files import kinds
from anlan.files.refusals import DOCUMENTS, RefusedFile, refuse
from anlan.files.structure import has_zip
from anlan.kernel.refusals import Refused
from anlan.kernel.sheets_guard import Bounds, check_document

# Names may be written with #xx escapes, so these are undone first. What hides in compressed object streams is not seen:
# the reader's own viewer is the last guard, and the document reaches it only as an attachment.
_ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData)(?![A-Za-z])")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_MAIN = {"DOCX": "word/document.xml", "XLSX": "xl/workbook.xml"}
_FROM_GUARD = {
    "sheet.bomb": "file.bomb",
    "sheet.parts": "file.bomb",
    "sheet.encrypted": "file.encrypted",
    "sheet.macros": "file.active_content",
    "sheet.embedded": "file.active_content",
    "sheet.entities": "file.active_content",
}


@dataclass(frozen=True, slots=True)
class Document:
    name: str
    mime: str
    extension: str
    sha256: str
    size: int


def inspect_document(source: bytes | Path, *, declared_name: str = "", declared_type: str = "") -> Document:
    """Raises `RefusedFile` and nothing else."""
    name = kinds.clean_name(declared_name)
    kinds.check_size(source.stat().st_size if isinstance(source, Path) else len(source))
    data = source.read_bytes() if isinstance(source, Path) else source
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") and "EncryptedPackage".encode("utf-16-le") in data:
        raise refuse("file.encrypted")
    kind = kinds.agree(_kind(data), name=name, declared_type=declared_type, accepted=DOCUMENTS)
    if kind is kinds.PDF:
        _check_pdf(data)
    return Document(name, kind.mime, kind.extensions[0], sha256(data).hexdigest(), len(data))


def _kind(data: bytes) -> kinds.Kind | None:
    if data.startswith(b"%PDF-"):
        return kinds.PDF
    if not data.startswith(b"PK\x03\x04"):
        return None
    try:
        parts = check_document(data, bounds=Bounds(unpacked_bytes=200 << 20))
    except Refused as refused:
        raise _in_our_words(refused) from refused
    for kind in (kinds.DOCX, kinds.XLSX):
        if "[Content_Types].xml" in parts and _MAIN[kind.name] in parts:
            return kind
    return None


def _in_our_words(refused: Refused) -> RefusedFile:
    code = _FROM_GUARD.get(refused.code, "file.unreadable")
    return refuse(code, found=refused.code.removeprefix("sheet."))


def _check_pdf(data: bytes) -> None:
    if b"%%EOF" not in data[-2048:]:
        raise refuse("file.truncated")
    plain = _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), data)
    if re.search(rb"/Encrypt(?![A-Za-z])", plain):
        raise refuse("file.encrypted")
    active = _ACTIVE.search(plain)
    if active:
        raise refuse("file.active_content", found=active[1].decode())
    if re.search(rb"<script[\s>]|<\?php\s", data, re.IGNORECASE):
        raise refuse("file.polyglot", found="HTML")
    if has_zip(data):
        raise refuse("file.polyglot", found="ZIP")
