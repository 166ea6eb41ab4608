"""Why a file is refused, and what would make it pass. Codes are stable; words are the English source of the catalogue."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from anlan.kernel.refusals import Refused

PHOTOS = "JPEG, PNG, WebP, HEIC"
DOCUMENTS = "PDF, DOCX, XLSX"
VIDEOS = "MP4, MOV"

MESSAGES = {
    "file.empty": _("The file is empty. Take or choose it again."),
    "file.too_large": _("The file has %(size)s MB; at most %(limit)s MB are accepted. Send a smaller one."),
    "file.name_invalid": _("The file's name contains characters no file name may have. Rename it and try again."),
    "file.type_unknown": _("This is not a kind of file we accept. Send one of: %(accepted)s."),
    "file.type_mismatch": _(
        "The content is %(content)s, but the file is called or declared %(declared)s. Give it its true name, or save it as what it is called."
    ),
    "file.truncated": _("The file is incomplete: its end is missing. Transfer it again, or take the photo again."),
    "file.unreadable": _(
        "The file is damaged and cannot be read. Open it in another program, save it anew, or take the photo again."
    ),
    "file.animated": _("The picture moves or has several frames. Send a still picture."),
    "file.bomb": _("The file unpacks to far more than it may hold. Save it anew without embedded data."),
    "file.polyglot": _(
        "Something else is hidden in the file (%(found)s). Save the picture anew in an image program, or send a screenshot of it."
    ),
    "file.too_many_pixels": _(
        "The picture has %(width)s × %(height)s pixels; at most %(pixels)s million and %(side)s a side are accepted. Choose the camera's normal resolution."
    ),
    "file.too_long": _("The video lasts %(seconds)s seconds; at most %(limit)s are accepted. Send a shorter one."),
    "file.timeout": _("Reading the file takes too long. Save it smaller and try again."),
    "file.memory": _("Reading the file needs too much memory. Save it smaller and try again."),
    "file.sha256": _("The file did not arrive as it was sent (its SHA-256 differs). Send it again."),
    "file.busy": _("Too many files are being read just now. Try again in a minute."),
    "file.encrypted": _("The document is protected by a password. Save it without one."),
    "file.active_content": _(
        "The document contains active content (%(found)s). Print it to a new PDF, or save it without macros and attachments."
    ),
}
FROM_SANDBOX = {
    "sandbox.timeout": "file.timeout",
    "sandbox.memory": "file.memory",
    "sandbox.busy": "file.busy",
    "sandbox.crashed": "file.unreadable",
}


class RefusedFile(Refused):
    """A photo or document from outside that is not taken in."""

    def __init__(self, code: str, params: Mapping[str, str | int | float] | None = None) -> None:
        super().__init__(code, MESSAGES[code], params)


def refuse(code: str, **params: str | float) -> RefusedFile:
    return RefusedFile(code, params)


def in_our_words(refused: Refused) -> RefusedFile:
    code = FROM_SANDBOX.get(refused.code, refused.code)
    return RefusedFile(code if code in MESSAGES else "file.unreadable", refused.params)
