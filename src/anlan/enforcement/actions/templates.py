"""An operator's own Word templates: looked through before they are let in, one a kind and territory."""

from django.utils.translation import gettext_lazy as _

from anlan.enforcement.kinds import kinds
from anlan.enforcement.models import Template
from anlan.enforcement.rules import sets_organ
from anlan.enforcement.templating import wanted
from anlan.files.actions import store
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Forbidden, Invalid, NotFound
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import write_note
from anlan.kernel.papers import merge

LARGEST = 2_000_000
"""Bytes of a template."""
LONGEST_NAME = 120


def load_template(*, actor: Actor, kind: str, region: int, source: bytes, name: str) -> Template:
    """
    Let a template in, in place of the one before; call it inside `scope.acting(actor)`.

    Raises Forbidden for posts that set no organs, NotFound for a kind that is written elsewhere, Refused for what is no decent
    .docx, Invalid (`template`) with every field that is missing or unknown and whatever else would go wrong when it is filled.
    """
    _checked(actor, kind, region)
    if len(source) > LARGEST:
        raise Invalid(fields={"template": [_("A template has at most 2 MB.")]})
    used = merge.check(source, wanted(kind))
    _end(kind, region)
    row = Template.objects.create(
        id=new_id(), kind=kind, region=region, name=name[:LONGEST_NAME], size=len(source), sha256=store().put(source),
        used=sorted(used), person_id=actor.person, person_name=actor.name, at=clock.now(),
    )  # fmt: skip
    _note(actor, row, "load_template")
    return row


def remove_template(*, actor: Actor, kind: str, region: int) -> None:
    """From then on the shipped wording holds, or that of the territory above. NotFound where there is none."""
    _checked(actor, kind, region)
    row = _end(kind, region)
    if row is None:
        raise NotFound
    _note(actor, row, "remove_template")


def _checked(actor: Actor, kind: str, region: int) -> None:
    if kind not in kinds() or kinds()[kind].elsewhere:
        raise NotFound
    if not sets_organ(actor, region):
        raise Forbidden


def _end(kind: str, region: int) -> Template | None:
    row = Template.objects.select_for_update().filter(kind=kind, region=region, removed_at=None).first()
    if row is not None:
        row.removed_at = clock.now()
        row.save(update_fields=["removed_at"])
    return row


def _note(actor: Actor, row: Template, step: str) -> None:
    write_note(
        actor=actor, subject_type="instrument_template", subject_id=row.pk, step=step, region=row.region,
        data={"kind": row.kind, "name": row.name, "sha256": row.sha256},
    )  # fmt: skip
