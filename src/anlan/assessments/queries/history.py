"""What happened to an assessment, as far as its reader may know of it now."""

from dataclasses import replace

from anlan.assessments.models import Assessment, CheckNote
from anlan.assessments.rules import sees_check
from anlan.kernel.actor import Actor
from anlan.kernel.ledger.read import Act, acts

SECRET = frozenset({"examine", "mark", "strike", "check", "reopen"})
"""Steps of the check, of which the unit reads when it is notified."""


def history(actor: Actor, record: Assessment) -> list[Act]:
    """Oldest first, the steps of the check with what they said."""
    found = acts(record.pk)
    if not sees_check(actor, record):
        return [act for act in found if act.step not in SECRET]
    notes = dict(CheckNote.objects.filter(assessment=record).values_list("version", "data"))
    return [replace(act, data=act.data | notes[act.version]) if act.version in notes else act for act in found]
