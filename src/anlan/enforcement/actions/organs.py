"""Entering an organ that issues instruments: its word, its seal and who may use it."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from anlan.enforcement import needs
from anlan.enforcement.models import Organ
from anlan.enforcement.rules import sets_organ
from anlan.files.actions import link_files
from anlan.files.models import File
from anlan.identity.models import Organisation, Post
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Forbidden, Invalid, NotFound
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import write_note
from anlan.kernel.wording import parsed


def set_organ(*, actor: Actor, organisation: UUID, data: BaseModel | dict[str, Any]) -> Organ:
    """
    Enter or change what an organisation needs to issue instruments; call it inside `scope.acting(actor)`.

    The seal is kept when none is sent. A draft of the territory that had no organ gets one when it is edited or reviewed.
    """
    asked = parsed(needs.OrganFacts, data)
    body = Organisation.objects.filter(pk=organisation).exclude(kind="enterprise").first()
    if body is None:
        raise NotFound
    if not sets_organ(actor, body.region):
        raise Forbidden
    row = Organ.objects.select_for_update().filter(organisation=body).first()
    if Organ.objects.filter(region=body.region, word=asked.word).exclude(organisation=body).exists():
        raise Invalid(fields={"word": [_("Another organ of this territory has this word.")]})
    keepers = _keepers(asked.keepers, body)
    new = row is None
    row = row or Organ(id=new_id(), organisation=body, region=body.region, version=0)
    before = {
        name: getattr(row, name) for name in ("name", "word", "review_body", "court", "seal_id", "seal_mm", "keepers")
    }
    row.name, row.word, row.review_body, row.court = asked.name, asked.word, asked.review_body, asked.court
    row.seal_mm, row.keepers = asked.seal_mm, keepers
    if asked.seal is not None and asked.seal != row.seal_id:
        row.seal = _seal(actor, asked.seal, row)
    row.version += 1
    row.changed_at = clock.now()
    row.save(force_insert=new)
    changes = {
        name: [None if new else _plain(old), _plain(getattr(row, name))]
        for name, old in before.items()
        if new or old != getattr(row, name)
    }
    write_note(
        actor=actor, subject_type="organ", subject_id=row.pk, step="set_organ", changes=changes, region=row.region
    )
    return row


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def _keepers(people: list[UUID], body: Organisation) -> list[str]:
    """Who may use the seal holds a post in the organ's territory."""
    with scope.elevated("whether those named as keepers hold a post in the organ's territory"):
        known = set(Post.objects.filter(person_id__in=people, region=body.region).values_list("person_id", flat=True))
    if set(people) - known:
        raise Invalid(fields={"keepers": [_("A keeper of the seal holds a post in the organ's territory.")]})
    return [str(one) for one in dict.fromkeys(people)]


def _seal(actor: Actor, seal: UUID, row: Organ) -> File:
    """Tied to no record that anybody sees: from now on only the step that numbers reads it."""
    with scope.elevated("a seal is shown to nobody once it is kept"):
        (file,) = link_files(actor=actor, ids=[seal], subject_type="organ", subject_id=row.pk, field="seal")
    if file.media_type not in ("image/png", "image/jpeg"):
        raise Invalid(fields={"seal": [_("The seal is a PNG or JPEG picture.")]})
    wide, high = file.width or 0, file.height or 0
    if abs(wide - high) * 10 > max(wide, high):
        raise Invalid(fields={"seal": [_("The picture of the seal is as wide as it is high: cut off its edges.")]})
    return file
