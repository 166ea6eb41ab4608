"""Hostile evidence documents, made by code; each names the refusal it must meet."""

from tests.files import photos
from tests.files.hostile import HTML, PDF, Case, edited, zipped

CASES = [
    Case(
        "pdf that runs a script",
        "file.active_content",
        lambda: edited(PDF, b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript/JS(x)>>"),
        "a.pdf",
    ),
    Case(
        "pdf that runs a script, spelt oddly",
        "file.active_content",
        lambda: edited(PDF, b"/Catalog", b"/Catalog/OpenAction<</S/J#61vaScript>>"),
        "a.pdf",
    ),
    Case(
        "pdf that starts a program",
        "file.active_content",
        lambda: edited(PDF, b"/Catalog", b"/Catalog/OpenAction<</S/Launch>>"),
        "a.pdf",
    ),
    Case(
        "pdf with a file inside",
        "file.active_content",
        lambda: edited(PDF, b"/Catalog", b"/Catalog/EmbeddedFiles 2 0 R"),
        "a.pdf",
    ),
    Case("pdf with a password", "file.encrypted", lambda: edited(PDF, b"/Root", b"/Encrypt 5 0 R/Root"), "a.pdf"),
    Case("pdf cut short", "file.truncated", lambda: PDF[:-6], "a.pdf"),
    Case("pdf and html", "file.polyglot", lambda: edited(PDF, b"1 0 obj", HTML + b"1 0 obj"), "a.pdf"),
    Case("pdf and zip", "file.polyglot", lambda: PDF + zipped() + b"%%EOF", "a.pdf"),
    Case("photo as document", "file.type_unknown", photos.jpeg, "a.pdf"),
    Case("zip called docx", "file.type_unknown", zipped, "a.docx"),
    Case(
        "docx with macros",
        "file.active_content",
        lambda: zipped(**{"[Content_Types].xml": b"<a/>", "word/vbaProject.bin": b"x"}),
        "a.docx",
    ),
    Case(
        "docx that unpacks to 300 MB", "file.bomb", lambda: zipped(**{"word/document.xml": bytes(300 << 20)}), "a.docx"
    ),
    Case(
        "docx called pdf",
        "file.type_mismatch",
        lambda: zipped(**{"[Content_Types].xml": b"<a/>", "word/document.xml": b"<a/>"}),
        "a.pdf",
    ),
]
