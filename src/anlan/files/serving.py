"""Bytes out: whole, or the part of a film that a player asks for."""

import re

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from anlan.files.actions import store
from anlan.files.models import File
from anlan.kernel.errors import NotFound

WAITING = _("The picture is being prepared. Ask again in a moment.")
FLAWED = _("The picture could not be opened. Its original is kept as it came.")
_PART = re.compile(r"bytes=([0-9]{0,12})-([0-9]{0,12})", re.ASCII)


def bytes_of(request: HttpRequest, digest: str, media_type: str) -> HttpResponseBase:
    """The file of a digest that is there. Players of films ask for parts; some play nothing they cannot ask so."""
    film = media_type.startswith("video/")
    asked = _PART.fullmatch(request.headers.get("Range", "")) if film else None
    if asked is None or asked.groups() == ("", ""):
        whole = FileResponse(store().open(digest), content_type=media_type)
        if film:
            whole["Accept-Ranges"] = "bytes"
        return whole
    size = store().size(digest)
    first, last = asked.groups()
    start = int(first) if first else max(0, size - int(last))
    stop = min(size - 1, int(last)) if first and last else size - 1
    if start > stop:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    with store().open(digest) as file:
        file.seek(start)
        part = file.read(stop - start + 1)
    headers = {"Content-Range": f"bytes {start}-{stop}/{size}", "Accept-Ranges": "bytes"}
    return HttpResponse(part, status=206, content_type=media_type, headers=headers)


def nothing_to_show(file: File) -> NotFound:
    """Why a file that is there has no picture, for whoever sees the file."""
    if file.undrawn:
        return NotFound(WAITING, code="file.waiting")
    return NotFound(FLAWED, code="file.flawed") if file.flaw else NotFound()
