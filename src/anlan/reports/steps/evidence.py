"""Tying photos and videos to a report in the step that brings them."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anlan.files.actions import link_files, seal_files
from anlan.files.models import File
from anlan.kernel import scope
from anlan.kernel.errors import Invalid
from anlan.kernel.flow import Taking
from anlan.kernel.ids import new_id
from anlan.reports.models import ReportPhoto


def bring_photos(taking: Taking, ids: Sequence[UUID], *, phase: str) -> None:
    """Link the actor's files to the report once it is stored. What a citizen sent no longer says who sent it."""
    if not ids:
        return
    report = taking.record
    veiled = taking.actor.veiled

    def hang() -> None:
        with scope.elevated("files of a sealed report are tied to it and not to their sender"):
            files = link_files(
                actor=taking.actor, ids=ids, subject_type="report", subject_id=report.pk, field="photos", videos=True
            )
            if taking.step.name != "join":
                _check_mix(files)
            known = {row.file_id for row in ReportPhoto.objects.filter(report_id=report.pk, file_id__in=ids)}
            if known:
                raise Invalid(fields={"photos": [_("This photo is in the record already. Take a new one.")]})
            ReportPhoto.objects.bulk_create(
                ReportPhoto(
                    id=new_id(), report_id=report.pk, file_id=file.pk, phase=phase, likeness=file.likeness, at=taking.at
                )
                for file in files
            )
            if veiled:
                seal_files(files)
        taking.files.extend(file.sha256 for file in files)

    taking.later.append(hang)


def _check_mix(files: Sequence[File]) -> None:
    videos = sum(file.kind == "video" for file in files)
    if videos and len(files) > 1:
        raise Invalid(fields={"photos": [_("Send photos, or one video.")]})
