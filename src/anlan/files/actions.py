"""Taking files in and tying them to records."""

import base64
import binascii
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from anlan.files.documents import inspect_document
from anlan.files.images import Derived, Evidence, inspect_and_derive
from anlan.files.kinds import EXTENSIONS, JPEG
from anlan.files.models import File, Upload
from anlan.files.store import Store
from anlan.files.videos import inspect_video
from anlan.identity import roles
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Invalid
from anlan.kernel.ids import new_id

MAX_DRAWING_BYTES = 300_000
MAX_A_STEP = 20


def store() -> Store:
    return Store(settings.ANLAN_FILES)


def _micro(value: float | Decimal | None) -> Decimal | None:
    return None if value is None else round(Decimal(str(value)), 6)


def _taken_at(evidence: Evidence) -> datetime | None:
    """The photo's own time: by satellite if it has that, else the camera's clock, in its own zone or the city's."""
    if evidence.gps_at or not evidence.taken_at:
        return evidence.gps_at
    if evidence.utc_offset_minutes is None:
        return evidence.taken_at.replace(tzinfo=clock.SHANGHAI)
    return evidence.taken_at.replace(tzinfo=timezone(timedelta(minutes=evidence.utc_offset_minutes)))


def take_photo(
    *,
    actor: Actor,
    source: bytes | Path,
    name: str = "",
    media_type: str = "",
    purpose: str = "",
    kind: str = "photo",
    subject: tuple[str, UUID] | None = None,
) -> File:
    """
    Decode under limits, keep the original, make derivatives; raises RefusedFile with what would make it pass.

    `subject` ties it at once to a record, as (type, id).
    """
    derived = inspect_and_derive(source, declared_name=name, declared_type=media_type)
    return File.objects.create(
        id=new_id(),
        kind=kind,
        name=derived.name[:120],
        media_type=derived.mime,
        size=derived.size,
        sha256=store().put(source),
        **drawn_columns(derived),
        uploader_id=actor.person,
        uploaded_at=clock.now(),
        purpose=purpose,
        subject_type=subject[0] if subject else "",
        subject_id=subject[1] if subject else None,
    )


def drawn_columns(derived: Derived) -> dict[str, Any]:
    """What a row learns when its photo is decoded; its pictures are on the shelf when this returns."""
    shelf, evidence = store(), derived.evidence
    return {
        "display_sha256": shelf.put(derived.display.data),
        "thumb_sha256": shelf.put(derived.thumbnail.data),
        "width": derived.width,
        "height": derived.height,
        "taken_at": _taken_at(evidence),
        "lon": _micro(evidence.longitude),
        "lat": _micro(evidence.latitude),
        "device": f"{evidence.maker} {evidence.model}".strip()[:120],
        "likeness": derived.dhash,
    }


def copy_photo(*, actor: Actor, photo: File) -> File:
    """The actor's own copy of a photo it may see, to be tied to another record; asked again, the same free copy."""
    mine = File.objects.filter(uploader_id=actor.person, subject_id=None, sha256=photo.sha256, kind="photo").first()
    if mine is not None:
        return mine
    names = [field.attname for field in File._meta.concrete_fields]
    facts = {name: getattr(photo, name) for name in names}
    own = {"id": new_id(), "uploader_id": actor.person, "subject_type": "", "subject_id": None, "purpose": ""}
    return File.objects.create(**(facts | own))


def take_document(*, actor: Actor, source: bytes | Path, name: str = "", media_type: str = "") -> File:
    """An evidence document (PDF, docx, xlsx): kept as it is, only ever served as a download."""
    found = inspect_document(source, declared_name=name, declared_type=media_type)
    return File.objects.create(
        id=new_id(),
        kind="document",
        name=found.name[:120],
        media_type=found.mime,
        size=found.size,
        sha256=store().put(source),
        uploader_id=actor.person,
        uploaded_at=clock.now(),
    )


def take_video(*, actor: Actor, source: bytes | Path, name: str = "", media_type: str = "") -> File:
    """A short video (mp4, mov), not transcoded. The original is kept private; what is shown has its metadata emptied."""
    found = inspect_video(source, declared_name=name, declared_type=media_type)
    shelf = store()
    return File.objects.create(
        id=new_id(),
        kind="video",
        name=found.name[:120],
        media_type=found.mime,
        size=len(found.data),
        sha256=shelf.put(found.data),
        display_sha256=shelf.put(found.clean) if found.plain else "",
        width=found.width,
        height=found.height,
        uploader_id=actor.person,
        uploaded_at=clock.now(),
    )


def take_drawing(*, actor: Actor, drawing: str, subject: tuple[str, UUID]) -> File:
    """A signature drawn on the screen, as a PNG data URL; decoded like any other picture and tied to what is signed."""
    head, _comma, body = drawing.partition(",")
    if head != "data:image/png;base64" or len(body) > MAX_DRAWING_BYTES:
        raise Invalid(fields={"drawing": [_("Please sign in the box.")]})
    try:
        picture = base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        raise Invalid(fields={"drawing": [_("Please sign in the box.")]}) from None
    return take_photo(
        actor=actor,
        source=picture,
        name="signature.png",
        media_type="image/png",
        purpose="signature",
        kind="signature",
        subject=subject,
    )


ORIGINALS = _("The original with its metadata is for officials and for whoever took it.")


CITIZENS = "citizen"
"""The purpose of files whose sender is sealed apart."""
SORTERS = frozenset({roles.DISPATCHER, roles.OFFICE})


def may_have_original(actor: Actor, file: File) -> bool:
    """
    A photo's original says where, when and with what it was taken: for officials and for whoever took it. What a citizen
    sent, only for those who sort it: it may say who they are.
    """
    if actor.person is not None and file.uploader_id == actor.person:
        return True
    if file.purpose == CITIZENS:
        return actor.role in SORTERS
    return file.kind not in ("photo", "video") or actor.role in roles.OFFICIALS


def seal_files(files: Iterable[File]) -> None:
    """
    What is tied to a report no longer says who sent it: neither the file, nor its name, nor the upload it came by.

    Call it elevated.
    """
    ids = [file.pk for file in files]
    Upload.objects.filter(file__in=ids).delete()
    for file in files:
        File.objects.filter(pk=file.pk).update(
            uploader_id=None, purpose=CITIZENS, name=f"{file.kind}.{EXTENSIONS.get(file.media_type, 'bin')}"
        )


def link_files(
    *,
    actor: Actor,
    ids: Iterable[UUID],
    subject_type: str,
    subject_id: UUID,
    field: str,
    documents: bool = False,
    videos: bool = False,
) -> list[File]:
    """Tie uploaded files to a record, once: they must be the actor's own and not yet tied elsewhere."""
    wanted = list(dict.fromkeys(ids))
    if len(wanted) > MAX_A_STEP:
        raise Invalid(fields={field: [_("At most %(count)s files at once.") % {"count": MAX_A_STEP}]})
    found = {one.pk: one for one in File.objects.select_for_update().filter(pk__in=wanted)}
    for one in wanted:
        file = found.get(one)
        usable = file is not None and file.uploader_id == actor.person and file.subject_id in (None, subject_id)
        kinds = {"document": documents, "video": videos}
        if not usable or (file is not None and not kinds.get(file.kind, True)):
            raise Invalid(
                fields={field: [_("One of the photos is not yours, or belongs to another record. Upload it again.")]}
            )
    File.objects.filter(pk__in=wanted).update(subject_type=subject_type, subject_id=subject_id)
    return [found[one] for one in wanted]


def copies(*, actor: Actor, ids: Iterable[UUID]) -> list[UUID]:
    """
    The same pictures as files of the actor's own, to be tied to a second record: the bytes are kept once, by their content.

    Only of what the actor sees. Of a citizen's photo the clean picture is copied: what its original says stays where it was.
    One without a picture is left out; `drawing.drawn` sees to it that none only waits for its own.
    """
    wanted = list(ids)
    found = {one.pk: one for one in File.objects.filter(pk__in=wanted)}
    made = []
    for one in wanted:
        file = found.get(one)
        if file is None:
            continue
        if file.purpose == CITIZENS and not _cleaned(file):
            continue
        file.pk, file.uploader_id, file.subject_type, file.subject_id = new_id(), actor.person, "", None
        made.append(file)
    File.objects.bulk_create(made)
    return [file.pk for file in made]


def _cleaned(file: File) -> bool:
    """In place: the picture as everybody may see it, in place of a citizen's original. False when there is none."""
    if not file.display_sha256:
        return False
    file.sha256, file.size = file.display_sha256, store().size(file.display_sha256)
    if file.kind != "video":
        file.media_type = JPEG.mime
    file.taken_at = file.lon = file.lat = None
    file.device, file.purpose = "", ""
    return True


def facts(file: File) -> dict[str, Any]:
    """What programs are told of a file."""
    return {
        "id": str(file.pk),
        "kind": file.kind,
        "name": file.name,
        "media_type": file.media_type,
        "size": file.size,
        "sha256": file.sha256,
        "width": file.width,
        "height": file.height,
        "taken_at": file.taken_at.isoformat() if file.taken_at else None,
        "lon": str(file.lon) if file.lon is not None else None,
        "lat": str(file.lat) if file.lat is not None else None,
    }
