"""Judges a Word document before any parser opens it: the same walk through the package as for workbooks, in its own words."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from anlan.kernel.refusals import Refused
from anlan.kernel.sheets_guard import Bounds, check_document

BOUNDS = Bounds(file_bytes=20 << 20, unpacked_bytes=100 << 20, parts=1_000)

MESSAGES = {
    "paper.empty": _("The file is empty. Choose it again."),
    "paper.too_large": _("The file has %(size)s MB; at most %(limit)s MB are accepted. Make its pictures smaller."),
    "paper.type": _("This is not a Word document (.docx). Open it in Word or WPS and save it as .docx."),
    "paper.legacy": _("This is a document of the old kind (.doc). Open it in Word or WPS and save it as .docx."),
    "paper.encrypted": _("The document is protected by a password. Save it without one."),
    "paper.damaged": _("The document is damaged or incomplete. Open it in Word or WPS, save it anew and try again."),
    "paper.bomb": _("The document unpacks to far more than it may hold. Copy its text alone into a new one."),
    "paper.macros": _("The document contains macros. Save it as one without macros (.docx)."),
    "paper.embedded": _("Other files are embedded in the document (%(name)s). Remove them and save it again."),
    "paper.entities": _("The document contains what no Office program writes (%(name)s). Save it anew in Word or WPS."),
    "paper.external": _("The document draws on something outside it (%(name)s). Break this link and save it again."),
    "paper.active": _(
        "The document holds a field that fetches or runs something (%(name)s). Remove it and save again."
    ),
    "paper.too_long": _("The document has more than %(limit)s paragraphs and cells. Split it."),
}
_FROM_GUARD = {"sheet.parts": "paper.bomb", "sheet.names": "paper.damaged"}


def refusal(refused: Refused) -> Refused:
    """The same refusal with the words for a Word document; one of the sandbox keeps its own."""
    code = _FROM_GUARD.get(refused.code, refused.code.replace("sheet.", "paper.", 1))
    return Refused(code, MESSAGES[code], refused.params) if code in MESSAGES else refused


def check_docx(source: bytes | Path, *, bounds: Bounds = BOUNDS) -> None:
    """Raises `Refused` (`paper.…`) unless this is a plain, whole .docx within bounds."""
    try:
        parts = check_document(source, bounds=bounds)
    except Refused as refused:
        raise refusal(refused) from refused
    if not {"[Content_Types].xml", "word/document.xml"} <= parts:
        raise Refused("paper.type", MESSAGES["paper.type"])
