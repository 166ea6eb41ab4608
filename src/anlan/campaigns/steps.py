"""What each step does to a return; the table in `flow.py` says who, when and whether."""

from copy import deepcopy
from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.campaigns import needs, rulings
from anlan.campaigns.beside import beside
from anlan.campaigns.models import Amendment, Confirmation, Return
from anlan.campaigns.returns import saying
from anlan.campaigns.returns.checking import Trouble
from anlan.campaigns.returns.kept import Hand, Writing, judged, reasons_of, stored
from anlan.campaigns.states import WRITING
from anlan.campaigns.versions import checker_for
from anlan.kernel.errors import Invalid
from anlan.kernel.flow import Taking
from anlan.kernel.flow.clock_steps import be_late
from anlan.kernel.ids import new_id
from anlan_verify import canonical

WITHHELD = {"values", "troubles", "faults", "counted", "cells", "rows", "patches", "nothing", "reasons"}
"""Kept with the return; the ledger names what changed instead."""


def save(taking: Taking) -> None:
    """Nothing typed is refused; the troubles are computed anew, so that they show while one types."""
    record: Return = taking.record
    data: needs.Save = taking.data
    writing = _writing(taking, data.way)
    writing.cells(data.cells)
    writing.rows(data.rows)
    writing.patches(data.patches)
    writing.nothing(data.nothing)
    writing.reasons(data.reasons)
    record.values = writing.values
    judge_now(record)
    taking.withheld |= WITHHELD
    taking.notes["typed"] = writing.changes


def _writing(taking: Taking, way: str) -> Writing:
    record: Return = taking.record
    hand = Hand(by=taking.actor.name, way=way, at=canonical.timestamp(taking.at))
    checker = checker_for(record.template_id)
    each = {one.id: one.each for one in checker.checks if one.each}
    return Writing(
        template=checker.template, filler=record.filler, values=deepcopy(record.values), hand=hand, each=each
    )


def judge_now(record: Return) -> tuple[Trouble, ...]:
    """Check a return as it stands and keep what is wrong; what of it stops the return."""
    checker, known = checker_for(record.template_id), beside(record)
    verdict = judged(checker, record.values, filler=record.filler, month=record.month, beside=known)
    record.counted = dict(known.counted)
    record.troubles = [stored(one) for one in verdict.troubles]
    record.faults = list(verdict.faults)
    return verdict.stopping(reasons_of(record.values))


def hand_in(taking: Taking) -> None:
    record: Return = taking.record
    record.round += 1
    record.filler_person_id = taking.actor.person


def judge(taking: Taking) -> str:
    """
    At once, in the transaction in which it was handed in. An empty one was not handed in, and the days to mend run from the first
    time it bounced: bouncing again wins none.
    """
    record: Return = taking.record
    stopping = judge_now(record)
    taking.withheld |= WITHHELD
    taking.notes["stopping"] = [one.key for one in stopping]
    if record.handed_in_at is None and not any(one.check == "empty" for one in stopping):
        record.handed_in_at, record.missing = taking.at, False
        record.was_late = record.was_late or taking.at > record.hand_in_by
    if not stopping:
        record.mend_by = None
        return "passed"
    record.bounced += 1
    record.mend_by = record.mend_by or rulings.mend_by(record, taking.at)
    return "bounced"


def confirm(taking: Taking) -> None:
    record: Return = taking.record
    row = Confirmation(
        id=new_id(),
        of=record,
        panel=taking.data.panel,
        round=record.round,
        person_id=taking.actor.person,
        name=taking.actor.name,
        remark=taking.data.remark,
        at=taking.at,
    )
    taking.later.append(lambda: Confirmation.objects.bulk_create([row]))


def accept(taking: Taking) -> None:
    record: Return = taking.record
    record.reviewer_person_id, record.accepted_at = taking.actor.person, taking.at


def send_back(taking: Taking) -> None:
    record: Return = taking.record
    record.sent_back += 1
    record.reason, record.reviewer_person_id, record.accepted_at = taking.data.reason, None, None
    record.mend_by = rulings.mend_by(record, taking.at)


def lock(taking: Taking) -> None:
    taking.record.locked_at = taking.at


def amend(taking: Taking) -> None:
    """The old figure is kept, and the checks are asked again: an amendment may not put something wrong in its place."""
    record: Return = taking.record
    data: needs.Amend = taking.data
    writing = _writing(taking, "amended")
    before = _entry(writing, data)
    if data.row:
        panel, _dot, element = data.cell.partition(".")
        rows = [{name: one["typed"] for name, one in row.items()} for row in writing.values["rows"].get(panel, [])]
        rows[data.row - 1][element] = data.typed
        writing.rows({panel: rows})
    else:
        writing.cells({data.cell: data.typed})
    writing.reasons(data.reasons)
    after = _entry(writing, data)
    if not after or "wrong" in after or after.get("value") == (before or {}).get("value", ...):
        reason = _("Write another value than the one that stands there.")
        if after and "wrong" in after:
            reason = " ".join(saying.words_of(after["wrong"], after["names"]))  # type: ignore[assignment]
        raise Invalid(fields={"typed": [reason]})
    record.values = writing.values
    _explain(record, writing, data.reason)
    _refuse_new_troubles(record)
    record.amended += 1
    row = Amendment(
        id=new_id(),
        of=record,
        cell=data.cell,
        row=data.row,
        old=before,
        new=after,
        reason=data.reason,
        person_id=taking.actor.person,
        name=taking.actor.name,
        at=taking.at,
    )
    taking.later.append(lambda: Amendment.objects.bulk_create([row]))
    taking.withheld |= WITHHELD
    taking.notes["typed"] = writing.changes


def _explain(record: Return, writing: Writing, reason: str) -> None:
    """Why it is amended is also why the new figure may differ where a check wants to know."""
    asked = [one for one in judge_now(record) if one.severity == "reason"]
    writing.reasons({one.key: reason for one in asked})


def _refuse_new_troubles(record: Return) -> None:
    if stopping := judge_now(record):
        said = [saying.say(checker_for(record.template_id), one) for one in stopping]
        raise Invalid(fields={"typed": [f"{one.message} {one.instead}" for one in said]})


def _entry(writing: Writing, data: needs.Amend) -> dict[str, Any] | None:
    """The cell of an amendment as it is kept. Raises Invalid where the return has none."""
    cell = writing.template.cells.get(data.cell)
    if cell is None or cell.panel.repeats != bool(data.row):
        raise Invalid(fields={"cell": [_("The return has no such cell.")]})
    if not data.row:
        return writing.values["cells"].get(data.cell)
    rows = writing.values["rows"].get(cell.panel.code, [])
    if data.row > len(rows):
        raise Invalid(fields={"row": [_("The panel has no such row.")]})
    return rows[data.row - 1].get(cell.element.code)


def fall_due(taking: Taking) -> None:
    """Late when it never passed the checks, and missing when it was never handed in: facts that stay."""
    record: Return = taking.record
    be_late(taking)
    if record.state in WRITING and not record.sent_back:
        record.was_late, record.missing = True, record.handed_in_at is None
