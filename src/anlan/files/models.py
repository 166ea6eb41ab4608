"""Photos and documents: content-addressed originals, derivatives without metadata, evidence fields."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.kernel.ids import new_id
from anlan.kernel.scope import scoped

UNLINKED_OWN = "subject_id IS NULL AND uploader_id = (SELECT nullif(current_setting('anlan.person', true), '')::uuid)"


@scoped(extra=f"({UNLINKED_OWN}) OR anlan_subject_seen(subject_type, subject_id)", writable="true")
class File(models.Model):
    """One uploaded file. Seen by its uploader until it belongs to a record, then by whoever sees that record."""

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=10)  # photo, signature, document, video
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=80)
    size = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    display_sha256 = models.CharField(max_length=64, default="")
    thumb_sha256 = models.CharField(max_length=64, default="")
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    taken_at = models.DateTimeField(null=True)
    lon = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    lat = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    device = models.CharField(max_length=120, default="")
    likeness = models.BigIntegerField(null=True)
    undrawn = models.BooleanField(
        default=False, help_text=_("Its pictures are still to be drawn; what it says of itself is not read yet.")
    )
    flaw = models.CharField(
        max_length=24, default="", blank=True, help_text=_("Why it could not be opened, by the refusal's code.")
    )
    uploader_id = models.UUIDField(null=True)
    uploaded_at = models.DateTimeField()
    subject_type = models.CharField(max_length=40, default="")
    subject_id = models.UUIDField(null=True)
    purpose = models.CharField(max_length=20, default="")

    class Meta:
        indexes = [
            models.Index(fields=["subject_id"], name="file_subject"),
            models.Index(fields=["sha256"], name="file_content"),
            models.Index(fields=["uploader_id", "uploaded_at"], name="file_uploader"),
            models.Index(fields=["uploaded_at"], name="file_undrawn", condition=models.Q(undrawn=True)),
        ]


@scoped(person="person_id")
class Upload(models.Model):
    """A file on its way in pieces (tus); its bytes so far lie under `partial/`. Whole and accepted, it names its `File`."""

    id = models.UUIDField(primary_key=True, default=new_id)
    person_id = models.UUIDField()
    kind = models.CharField(max_length=10, default="photo")
    name = models.CharField(max_length=120, default="", blank=True)
    media_type = models.CharField(max_length=80, default="", blank=True)
    length = models.IntegerField()
    received = models.IntegerField(default=0, help_text=_("Bytes that are on disk for good."))
    sha256 = models.CharField(max_length=64, help_text=_("As the sender announced it."))
    file = models.ForeignKey("files.File", null=True, on_delete=models.PROTECT, related_name="+")
    began_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["person_id", "began_at"], name="upload_person"),
            models.Index(fields=["expires_at"], name="upload_age"),
        ]
