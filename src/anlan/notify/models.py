"""Messages out: an inbox a person, each message saying why it was sent."""

from django.db import models

from anlan.kernel.ids import new_id
from anlan.kernel.scope import scoped


@scoped(person="person_id", writable="true")
class Message(models.Model):
    """One message to one person: a code and its facts; the words are made when it is read, in the reader's language."""

    id = models.UUIDField(primary_key=True, default=new_id)
    person_id = models.UUIDField()
    post_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    url = models.CharField(max_length=200, default="")
    subject_type = models.CharField(max_length=40, default="")
    subject_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person_id", "-at", "-id"], name="message_inbox"),
            models.Index(
                fields=["person_id", "-at", "-id"], name="message_unread", condition=models.Q(read_at__isnull=True)
            ),
            models.Index(fields=["read_at"], name="message_old", condition=models.Q(read_at__isnull=False)),
        ]
