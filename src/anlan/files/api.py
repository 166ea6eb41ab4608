"""Photos and documents for programs: in through the one door, out to whoever sees their record."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Literal
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import File as FilePart
from ninja import Form, Router
from ninja.files import UploadedFile
from ninja.responses import Status
from pydantic import Field

from anlan.files.actions import ORIGINALS, may_have_original, store, take_document, take_photo, take_video
from anlan.files.drawing import receive_photo
from anlan.files.kinds import JPEG, check_size
from anlan.files.models import File
from anlan.files.serving import bytes_of, nothing_to_show
from anlan.identity import floods
from anlan.identity.asking import actor_of
from anlan.kernel.actor import Actor
from anlan.kernel.api import Output
from anlan.kernel.errors import Forbidden, NotFound

router = Router(tags=["files"])


class FileFacts(Output):
    """What the file is and what a photo says of itself; time and place are the camera's claim."""

    id: UUID
    kind: str
    name: str
    media_type: str
    size: int
    sha256: str
    width: int | None
    height: int | None
    taken_at: datetime | None
    lon: Decimal | None
    lat: Decimal | None
    uploaded_at: datetime
    original: str
    display: str | None
    thumb: str | None
    waiting: bool = Field(description="Its pictures are being prepared: ask again.")
    flaw: str = Field(description="Code of why it could not be opened; empty when it could.")


def facts_of(actor: Actor, file: File) -> FileFacts:
    """Where a photo was taken is told to those who may have its original."""
    same = ("kind", "name", "media_type", "size", "sha256", "width", "height", "taken_at", "uploaded_at")
    place = ("lon", "lat")
    return FileFacts(
        id=file.pk,
        **{name: getattr(file, name) for name in same},
        **(
            dict.fromkeys(place)
            if not may_have_original(actor, file)
            else {name: getattr(file, name) for name in place}
        ),
        original=f"/api/v1/files/{file.pk}/original",
        display=f"/api/v1/files/{file.pk}/display" if file.display_sha256 else None,
        thumb=f"/api/v1/files/{file.pk}/thumb" if file.thumb_sha256 else None,
        waiting=file.undrawn,
        flaw=file.flaw,
    )


@router.post(
    "files",
    response={201: FileFacts},
    operation_id="file_upload",
    summary="Upload a photo, a short video or a document",
)
def upload(
    request: HttpRequest,
    file: FilePart[UploadedFile],
    kind: Form[Literal["photo", "document", "video"]] = "photo",
) -> Status[FileFacts]:
    """JPEG, PNG, WebP, HEIC; MP4, MOV; PDF, DOCX, XLSX; at most 20 MB. Seen by nobody else until a step ties it to a record.

    A citizen's photo is drawn a moment later: until then `waiting` is true, and time, place and pictures are empty.
    """
    actor = actor_of(request)
    floods.check_citizen("upload", request)
    check_size(file.size or 0)
    names = {"name": file.name or "", "media_type": file.content_type or ""}
    if kind == "photo" and actor.veiled:
        return Status(201, facts_of(actor, receive_photo(actor=actor, source=file.read(), **names)))
    with NamedTemporaryFile(prefix="anlan-upload-") as held:
        for chunk in file.chunks():
            held.write(chunk)
        held.flush()
        take = {"photo": take_photo, "document": take_document, "video": take_video}[kind]
        taken = take(actor=actor, source=Path(held.name), **names)
    return Status(201, facts_of(actor, taken))


@router.get("files/{uuid:file_id}", response=FileFacts, operation_id="file", summary="A file's facts")
def file_facts(request: HttpRequest, file_id: UUID) -> FileFacts:
    return facts_of(actor_of(request), _seen(file_id))


def _seen(file_id: UUID) -> File:
    file = File.objects.filter(pk=file_id).first()
    if file is None:
        raise NotFound
    return file


def _serve(request: HttpRequest, file_id: UUID, which: str) -> HttpResponseBase:
    """Bytes of a file whose row this post sees; originals and documents only ever as a download."""
    file = _seen(file_id)
    if which == "original" and not may_have_original(actor_of(request), file):
        raise Forbidden(ORIGINALS, code="file.original")
    digest: str = file.sha256 if which == "original" else getattr(file, f"{which}_sha256")
    if not digest or digest not in store():
        raise nothing_to_show(file)
    media_type = file.media_type if which == "original" or file.kind == "video" else JPEG.mime
    answer = bytes_of(request, digest, media_type)
    how = "attachment" if which == "original" else "inline"
    answer["Content-Disposition"] = f"{how}; filename*=utf-8''{quote(file.name or str(file.pk))}"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-cache"
    answer["ETag"] = f'"{digest}"'
    return answer


def _content(media_type: str) -> dict[str, Any]:
    binary = {"schema": {"type": "string", "format": "binary"}}
    return {"responses": {200: {"description": "The bytes.", "content": {media_type: binary}}}}


@router.get(
    "files/{uuid:file_id}/original", operation_id="file_original", summary="The original, as a download",
    openapi_extra=_content("*/*"),
)  # fmt: skip
def original(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    """Byte for byte as it was uploaded, with its metadata."""
    return _serve(request, file_id, "original")


@router.get(
    "files/{uuid:file_id}/display", operation_id="file_display", summary="The picture without metadata",
    openapi_extra=_content("image/jpeg"),
)  # fmt: skip
def display(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    """At most 2048 pixels a side."""
    return _serve(request, file_id, "display")


@router.get(
    "files/{uuid:file_id}/thumb",
    operation_id="file_thumb",
    summary="The small picture",
    openapi_extra=_content("image/jpeg"),
)
def thumb(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    """At most 320 pixels a side."""
    return _serve(request, file_id, "thumb")
