"""Uploads in pieces over HTTP, as tus 1.0.0 says (core, creation, checksum, expiration)."""

import base64
import binascii
import hashlib
import re
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date
from django.utils.translation import gettext_lazy as _
from ninja import Body, Router
from pydantic import Field

from anlan.files import tus
from anlan.files.kinds import LARGEST
from anlan.files.models import Upload
from anlan.files.refusals import refuse
from anlan.identity import floods
from anlan.identity.asking import actor_of
from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.api import Output
from anlan.kernel.errors import Invalid, Problem
from anlan.kernel.inputs import Input

router = Router(tags=["files"])
VERSION = "1.0.0"
TYPE = "application/offset+octet-stream"
ALGORITHMS = ("sha256", "sha1")
KINDS = ("photo", "signature", "document", "video")
FILE = "Anlan-File"
"""The id of the file that a finished upload became, for whoever names it in a form rather than by its SHA-256."""
_IN_MEMORY = 2_000_000
_BLOCK = 1 << 16
_WHOLE = re.compile(r"[0-9]{1,12}", re.ASCII)


def _header(name: str, text: str, *, needed: bool = True) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": needed, "description": text, "schema": {"type": "string"}}


SPOKEN = _header("Tus-Resumable", "1.0.0")
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class WrongVersion(Problem):
    code = "upload.version"
    status = 412
    default_message = _("Uploads in pieces speak tus 1.0.0 here.")


class WrongPiece(Problem):
    code = "upload.type"
    status = 415
    default_message = _("Send a piece as application/offset+octet-stream.")


class CutOff(Problem):
    code = "upload.cut_off"
    status = 400
    default_message = _("The piece broke off. Nothing of it was kept; send it again.")


class Asked(Input):
    sha256: Annotated[list[Sha256], Field(max_length=tus.MOST_ASKED)]


class Known(Output):
    known: list[str]


def _actor(request: HttpRequest) -> Actor:
    found = actor_of(request)
    if request.headers.get("Tus-Resumable") != VERSION:
        raise WrongVersion
    return found


def _answer(status: int, upload: Upload, **headers: str) -> HttpResponse:
    response = HttpResponse(status=status)
    response["Upload-Offset"] = str(upload.received)
    response["Upload-Expires"] = http_date(_seconds(upload.expires_at))
    if upload.file_id:
        response[FILE] = str(upload.file_id)
    for name, value in headers.items():
        response[name.replace("_", "-")] = value
    return response


def _seconds(moment: datetime) -> float:
    return moment.timestamp()


def _number(request: HttpRequest, header: str) -> int:
    text = request.headers.get(header, "")
    if not _WHOLE.fullmatch(text):
        raise Invalid(fields={header: [_("Write a whole number.")]})
    return int(text)


def _metadata(request: HttpRequest) -> dict[str, bytes]:
    """`name base64,name base64`; a name alone has an empty value."""
    found: dict[str, bytes] = {}
    for pair in filter(None, (part.strip() for part in request.headers.get("Upload-Metadata", "").split(","))):
        name, _space, value = pair.partition(" ")
        try:
            found[name] = base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            raise Invalid(fields={"Upload-Metadata": [_("A value is not base64.")]}) from None
    return found


def _text(metadata: dict[str, bytes], name: str) -> str:
    try:
        return metadata.get(name, b"").decode()
    except UnicodeDecodeError:
        raise Invalid(fields={"Upload-Metadata": [_("A value is not UTF-8.")]}) from None


def _announced(metadata: dict[str, bytes]) -> str:
    """The SHA-256, as hex in text or as its 32 bytes."""
    given = metadata.get("sha256", b"")
    found = given.hex() if len(given) == hashlib.sha256().digest_size else given.decode("ascii", "replace").lower()
    if not re.fullmatch(r"[0-9a-f]{64}", found):
        raise Invalid(fields={"Upload-Metadata": [_("Name the file's SHA-256 as sha256.")]})
    return found


@router.post(
    "uploads",
    response={201: None},
    operation_id="upload_begin",
    summary="Begin an upload in pieces (tus 1.0.0)",
    openapi_extra={
        "parameters": [
            SPOKEN,
            _header("Upload-Length", "Bytes."),
            _header("Upload-Metadata", "`name base64,name base64`: sha256, filename, filetype, kind."),
        ]
    },
)
def begin(request: HttpRequest) -> HttpResponse:
    """`Upload-Length`, and `Upload-Metadata` with sha256, filename, filetype, kind (photo, signature, document)."""
    actor = _actor(request)
    floods.check_citizen("upload", request)
    length = _number(request, "Upload-Length")
    if length > LARGEST:
        problem = refuse("file.too_large", size=round(length / 1e6, 1), limit=LARGEST // 10**6)
        problem.status = 413
        raise problem
    metadata = _metadata(request)
    kind = _text(metadata, "kind") or "photo"
    if kind not in KINDS:
        raise Invalid(fields={"Upload-Metadata": [_("Choose one of the list.")]})
    with scope.acting(actor):
        upload = tus.begin_upload(
            actor=actor,
            length=length,
            sha256=_announced(metadata),
            kind=kind,
            name=_text(metadata, "filename"),
            media_type=_text(metadata, "filetype"),
        )
    return _answer(201, upload, Location=f"/api/v1/uploads/{upload.pk}")


@router.post("uploads/known", response=Known, operation_id="uploads_known", summary="Which files are here already")
def known(request: HttpRequest, data: Body[Asked]) -> Known:
    """Of one's own: a photo sent before need not be sent again."""
    actor = actor_of(request)
    with scope.acting(actor):
        return Known(known=tus.known(actor=actor, hashes=data.sha256))


@router.api_operation(["HEAD"], "uploads/{uuid:upload_id}", include_in_schema=False)
def where(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    with scope.acting(_actor(request)):
        upload = tus.upload_of(upload_id)
    return _answer(200, upload, Upload_Length=str(upload.length))


@router.patch(
    "uploads/{uuid:upload_id}",
    response={204: None},
    operation_id="upload_piece",
    summary="Send the next piece",
    openapi_extra={
        "parameters": [
            SPOKEN,
            _header("Upload-Offset", "Where the piece begins."),
            _header("Upload-Checksum", "`sha256 <base64>` of the piece.", needed=False),
        ],
        "requestBody": {"content": {TYPE: {"schema": {"type": "string", "format": "binary"}}}, "required": True},
    },
)
def piece(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """`Upload-Offset`, and `Upload-Checksum: sha256 <base64>` of the piece. `HEAD` tells where to go on. When all is there, `Anlan-File` is the file's id. 409: elsewhere, 423: in use, 460: damaged."""
    actor = _actor(request)
    with scope.acting(actor):  # before anything is read
        received = tus.upload_of(upload_id).received
    if request.content_type != TYPE:
        raise WrongPiece
    at = _number(request, "Upload-Offset")
    if received != at:
        raise tus.WrongOffset
    with SpooledTemporaryFile(max_size=_IN_MEMORY, prefix="anlan-piece-") as held:
        size = _read(request, held)
        held.seek(0)
        upload = tus.add_piece(actor=actor, upload=upload_id, piece=tus.Piece(at=at, size=size, source=held))
    return _answer(204, upload)


def _read(request: HttpRequest, held: IO[bytes]) -> int:
    """The body, compared with its checksum; no transaction waits for a slow phone meanwhile."""
    name, _space, given = request.headers.get("Upload-Checksum", "").partition(" ")
    if name and name not in ALGORITHMS:
        raise Invalid(fields={"Upload-Checksum": [_("Use sha256 or sha1.")]})
    checksum: Any = hashlib.new(name, usedforsecurity=False) if name else None
    size = 0
    while block := request.read(_BLOCK):
        size += len(block)
        held.write(block)
        if checksum:
            checksum.update(block)
    if size != int(request.headers.get("Content-Length") or 0):
        raise CutOff
    if checksum and base64.b64encode(checksum.digest()).decode() != given.strip():
        raise tus.BadChecksum
    return size


def _options(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(status=204)
    response["Tus-Version"] = VERSION
    response["Tus-Max-Size"] = str(LARGEST)
    response["Tus-Extension"] = "creation,checksum,expiration"
    response["Tus-Checksum-Algorithm"] = ",".join(ALGORITHMS)
    return response


@router.api_operation(["OPTIONS"], "uploads", auth=None, include_in_schema=False)
def what_is_spoken(request: HttpRequest) -> HttpResponse:
    return _options(request)


@router.api_operation(["OPTIONS"], "uploads/{uuid:upload_id}", auth=None, include_in_schema=False)
def what_is_spoken_of_one(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    return _options(request)
