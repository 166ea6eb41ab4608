"""The documents of a sub-plan: as approved, and what changed it."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from anlan.files.actions import link_files
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Forbidden, NotFound
from anlan.kernel.ledger.write import write_note
from anlan.kernel.wording import parsed
from anlan.plans import needs, rules
from anlan.plans.models import SubPlan

SUBJECT = "sub_plan"
ONLY_THEIRS = _("Only the office that keeps the plan and the unit that made the sub-plan add its documents.")


def attach_documents(*, actor: Actor, sub_plan: UUID, data: BaseModel | dict[str, Any]) -> SubPlan:
    """Tie uploaded files to a sub-plan; whoever sees it sees them. Nothing that was added is ever taken away."""
    found = SubPlan.objects.select_related("plan").filter(pk=sub_plan).first()
    if found is None:
        raise NotFound
    if not rules.documents(actor, found):
        raise Forbidden(ONLY_THEIRS)
    checked = parsed(needs.AttachDocuments, data)
    linked = link_files(
        actor=actor, ids=checked.files, subject_type=SUBJECT, subject_id=found.pk, field="files", documents=True
    )
    write_note(
        actor=actor,
        subject_type=SUBJECT,
        subject_id=found.pk,
        step="attach_documents",
        data={"code": found.code, "year": found.year, "files": [[one.name, one.sha256] for one in linked]},
        region=found.region,
    )
    return found
