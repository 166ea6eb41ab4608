"""The numbered rules of an edition's way; each message is what the user reads."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.kernel.flow import Check
from anlan.standards.models import Edition, Item


class HasItems(Check):
    message = _("It has no items yet.")

    def holds(self, record: Edition, actor: Actor, data: Any) -> bool:
        return Item.objects.filter(edition=record).exists()


class NotAuthor(Check):
    """Separation of duties: whoever wrote any of it does not review it. What is shipped with the platform is read here first."""

    message = _("You wrote or changed items of this edition, so somebody else must review it.")

    def holds(self, record: Edition, actor: Actor, data: Any) -> bool:
        return actor.is_system or str(actor.person) not in record.editor_ids
