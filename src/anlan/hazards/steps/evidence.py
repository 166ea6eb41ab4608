"""Tying photos to a hazard in the step that brings them."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anlan.files.actions import link_files
from anlan.hazards.models import Photo
from anlan.kernel.errors import Invalid
from anlan.kernel.flow import Taking
from anlan.kernel.ids import new_id


def bring_photos(taking: Taking, ids: Sequence[UUID], *, phase: str, field: str = "photos") -> None:
    """Link the actor's uploaded files to the hazard once it is stored, and put their hashes into the entry."""
    if not ids:
        return
    hazard = taking.record

    def hang() -> None:
        files = link_files(actor=taking.actor, ids=ids, subject_type="hazard", subject_id=hazard.pk, field=field)
        tied_before = [file for file in files if file.subject_id]
        if tied_before and Photo.objects.filter(hazard=hazard, file__in=tied_before).exists():
            raise Invalid(fields={field: [_("This photo is in the record already. Take a new one.")]})
        Photo.objects.bulk_create(
            Photo(id=new_id(), hazard=hazard, file=file, phase=phase, version=hazard.version, at=taking.at)
            for file in files
        )
        taking.files.extend(file.sha256 for file in files)

    taking.later.append(hang)
