"""Saving what was filled in in Excel: by the same verb as the page, so that it is signed, checked and kept alike."""

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anlan.campaigns import rules
from anlan.campaigns.actions.returns import save
from anlan.campaigns.models import Return
from anlan.campaigns.states import WRITING
from anlan.campaigns.versions import checker_for
from anlan.campaigns.workbooks.comparing import compare, right_place
from anlan.campaigns.workbooks.reading import Sent
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Conflict, Forbidden, NotFound, WrongState

MEANWHILE = _("Somebody wrote in the same boxes meanwhile. Look at what stands there now and choose.")


def fills(actor: Actor, record: Return) -> None:
    """Raises Forbidden or WrongState for whoever cannot save into it now."""
    if not rules.is_filler(actor, record):
        raise Forbidden(_("Only the unit itself fills in its return."))
    if record.state not in WRITING:
        raise WrongState(_("The return is handed in; what is wrong in it is sent back or amended."))


def save_sheet(
    *, actor: Actor, record: UUID, sent: Sent, take: Collection[str] = (), seen: Collection[str] | None = None
) -> Return:
    """
    Save what a workbook changes. In conflicts what stands on the platform stays, save in the places of `take`.

    Raises Refused for a workbook of another return, Conflict when there are conflicts that are not among those `seen`: nothing is
    saved then.
    """
    found = Return.objects.select_related("unit").filter(pk=record).first()
    if found is None:
        raise NotFound
    fills(actor, found)
    right_place(found, found.unit.name, sent)
    comparison = compare(checker_for(found.template_id).template, found.filler, found.values, sent)
    if seen is not None and {one.place for one in comparison.conflicts} - set(seen):
        raise Conflict(MEANWHILE, code="returns.meanwhile")
    return save(actor=actor, record=record, data=comparison.data(take), version=found.version)
