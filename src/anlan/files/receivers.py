"""What files hear from upstream."""

from anlan.files.models import File, Upload
from anlan.identity.events import CitizenLeaves, CitizensMerged
from anlan.kernel.events import hears


@hears(CitizensMerged)
def on_merged(event: CitizensMerged) -> None:
    """A photo that was sent before the sign-in, and belongs to nothing yet, goes along."""
    File.objects.filter(uploader_id=event.gone, subject_id=None).update(uploader_id=event.kept)
    Upload.objects.filter(person_id=event.gone).update(person_id=event.kept)


@hears(CitizenLeaves)
def on_left(event: CitizenLeaves) -> None:
    """What they sent stays where it belongs, and that it was they is forgotten; what belongs to nothing goes."""
    Upload.objects.filter(person_id=event.person).delete()
    File.objects.filter(uploader_id=event.person, subject_id=None).delete()
    File.objects.filter(uploader_id=event.person).update(uploader_id=None)
