"""What a unit shows: files that come with a step's form, and how they are listed."""

from typing import Any

from django.http import HttpRequest, QueryDict
from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from anlan.files.actions import take_document, take_photo
from anlan.files.kinds import LARGEST
from anlan.files.models import File
from anlan.files.refusals import refuse
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Invalid
from anlan.kernel.refusals import Refused

DOCUMENTS = (".pdf", ".docx", ".xlsx")
MOST = 20


def received(actor: Actor, request: HttpRequest, posted: QueryDict) -> Invalid | None:
    """Store the files that were sent and put their ids into the form's data; what was wrong with one, if anything."""
    for sent in request.FILES.getlist("files")[:MOST]:
        name = sent.name or ""
        try:
            if (sent.size or 0) > LARGEST:
                raise refuse("file.too_large", size=round((sent.size or 0) / 1e6, 1), limit=LARGEST // 10**6)
            take = take_document if name.lower().endswith(DOCUMENTS) else take_photo
            kept = take(actor=actor, source=sent.read(), name=name, media_type=sent.content_type or "")
        except Refused as refused:
            return Invalid(fields={"files": [f"{name}: {refused.detail}"]})
        posted.appendlist("files", str(kept.pk))
    return None


def shown(files: list[File]) -> dict[str, list[dict[str, Any]]]:
    """Photos for the gallery and documents as links."""
    photos = [one for one in files if one.kind == "photo"]
    return {
        "photos": [
            {
                "url": reverse("files:show", args=[one.pk, "display"]),
                "thumb": reverse("files:show", args=[one.pk, "thumb"]),
                "caption": one.name,
                "taken_at": one.taken_at,
            }
            for one in photos
        ],
        "documents": [
            {
                "url": reverse("files:show", args=[one.pk, "original"]),
                "name": one.name,
                "size": filesizeformat(one.size),
                "at": one.uploaded_at,
            }
            for one in files
            if one.kind != "photo"
        ],
    }
