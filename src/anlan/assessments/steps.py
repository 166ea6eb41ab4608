"""What each step does to an assessment; the table in `flow.py` says who, when and whether."""

from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anlan.assessments import needs, rulings
from anlan.assessments.cards import card_of
from anlan.assessments.freezing import freeze, keep
from anlan.assessments.models import Assessment, Case, CheckNote, ItemScore
from anlan.assessments.scoring.card import Item, plain
from anlan.files.actions import link_files
from anlan.kernel import clock
from anlan.kernel.errors import Invalid
from anlan.kernel.flow import Taking
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import encode
from anlan_verify import canonical

FROZEN = {"inputs", "lines"}
"""Kept with the record; the ledger writes their digest, the sum and the changed points."""
UNTOLD = FROZEN | {"total", "check_total", "grade", "reason"}
"""What the ledger does not say before the unit is notified, for the unit reads it."""


def opened(taking: Taking) -> None:
    """The record comes filled by its verb."""


def _item(record: Assessment, code: str) -> Item:
    item = card_of(record).items.get(code)
    if item is None:
        raise Invalid(fields={"item": [_("The card has no such item.")]})
    return item


def _bounded(item: Item, points: Decimal | None) -> None:
    if points is None:
        return
    if item.way != "hand":
        raise Invalid(fields={"points": [_("The points of this item are computed.")]})
    if points > item.weight:
        raise Invalid(fields={"points": [_("At most %(most)s points.") % {"most": plain(item.weight)}]})


def _linked(taking: Taking, ids: list[UUID], had: list[str]) -> list[str]:
    """The files of an item: those it had may stay or go, new ones are tied to the assessment."""
    new = [one for one in ids if str(one) not in had]
    if new:
        linked = link_files(
            actor=taking.actor,
            ids=new,
            subject_type="assessment",
            subject_id=taking.record.pk,
            field="files",
            documents=True,
        )
        taking.files = [one.sha256 for one in linked]
    return [str(one) for one in dict.fromkeys(ids)]


def _score_of(record: Assessment, item: str) -> ItemScore:
    found = ItemScore.objects.filter(assessment=record, item=item).first()
    return found or ItemScore(id=new_id(), assessment=record, item=item)


def _for_unit(taking: Taking) -> None:
    record: Assessment = taking.record
    me = str(taking.actor.person)
    if me not in record.unit_ids:
        record.unit_ids = [*record.unit_ids, me]


def score(taking: Taking) -> None:
    record: Assessment = taking.record
    data: needs.Score = taking.data
    item = _item(record, data.item)
    _bounded(item, data.points)
    row = _score_of(record, item.code)
    row.self_files = _linked(taking, data.files, row.self_files)
    row.self_points, row.self_words, row.self_name = data.points, data.words, taking.actor.name
    _for_unit(taking)
    taking.later.append(row.save)


def hand_in(taking: Taking) -> None:
    record: Assessment = taking.record
    _for_unit(taking)
    record.self_person_id, record.self_words = taking.actor.person, taking.data.words


def go_on(taking: Taking) -> None:
    taking.record.unscored, taking.record.reason = True, taking.data.reason


def _checker(taking: Taking) -> None:
    record: Assessment = taking.record
    me = str(taking.actor.person)
    if me not in record.checker_ids:
        record.checker_ids = [*record.checker_ids, me]


def _sealed(taking: Taking, said: dict[str, Any], *, open: frozenset[str] = frozenset()) -> None:  # noqa: A002
    """Keep what a step of the check says beside the ledger, which gets its digest; `open` may be read by the unit at once."""
    row = CheckNote(id=new_id(), assessment=taking.record, version=taking.record.version + 1, data=encode(said))
    facts = {"id": str(row.pk), "assessment": str(row.assessment_id), "version": row.version, "data": row.data}
    taking.digest = sha256(canonical.dumps(facts)).hexdigest()
    taking.withheld |= (said.keys() | UNTOLD) - open
    taking.later.append(lambda: row.save(force_insert=True))


def examine(taking: Taking) -> None:
    """A check-score that is not the self-score says why."""
    record: Assessment = taking.record
    data: needs.Examine = taking.data
    item = _item(record, data.item)
    _bounded(item, data.points)
    row = _score_of(record, item.code)
    if row.self_points is not None and row.self_points != data.points and len(data.words) < 2:
        facts = {"points": plain(row.self_points)}
        raise Invalid(fields={"words": [_("The unit gave itself %(points)s points: say why yours differ.") % facts]})
    _sealed(taking, data.model_dump() | {"before": row.check_points}, open=frozenset({"item"}))
    row.check_files = _linked(taking, data.files, row.check_files)
    row.check_points, row.check_words, row.check_name = data.points, data.words, taking.actor.name
    _checker(taking)
    taking.later.append(row.save)


def mark(taking: Taking) -> None:
    """A case counts with its evidence: a document's number or a file."""
    record: Assessment = taking.record
    data: needs.Mark = taking.data
    kind = card_of(record).kind(data.code)
    if not kind:
        raise Invalid(fields={"code": [_("The card knows no such deduction, bonus or veto.")]})
    if not data.document and not data.files:
        raise Invalid(fields={"document": [_("Give the number of the document, or add a file.")]})
    if data.on is not None and data.on > clock.today():
        raise Invalid(fields={"on": [_("This day lies ahead.")]})
    if data.on is not None and not date(record.year, 1, 1) <= data.on <= record.counts_until:
        raise Invalid(fields={"on": [_("It lies outside the time that counts.")]})
    row = Case(
        id=new_id(),
        assessment=record,
        code=data.code,
        kind=kind,
        words=data.words,
        document=data.document,
        on=data.on,
        files=_linked(taking, data.files, []),
        person_id=taking.actor.person,
        name=taking.actor.name,
        at=taking.at,
    )
    _checker(taking)
    _sealed(taking, data.model_dump() | {"case": row.pk})
    taking.later.append(lambda: row.save(force_insert=True))


def strike(taking: Taking) -> None:
    row = Case.objects.filter(assessment=taking.record, pk=taking.data.case, struck_at=None).first()
    if row is None:
        raise Invalid(fields={"case": [_("There is no such case, or it was struck out already.")]})
    row.struck_at, row.struck_name, row.struck_reason = taking.at, taking.actor.name, taking.data.reason
    _checker(taking)
    _sealed(taking, {"case": row.pk, "code": row.code, "reason": taking.data.reason})
    taking.later.append(row.save)


def check(taking: Taking) -> None:
    """Freeze what counts. From here on the result is computed from that alone."""
    record: Assessment = taking.record
    freeze(record)
    _checker(taking)
    record.checked_at, record.check_total = taking.at, record.total
    if taking.data.remark:
        _sealed(taking, {"remark": taking.data.remark})
        taking.notes["remark_digest"] = taking.digest
    taking.digest = record.digest
    taking.withheld |= UNTOLD


def reopen(taking: Taking) -> None:
    """What was frozen counts no longer; it will be counted anew."""
    record: Assessment = taking.record
    record.reason, record.checked_at = taking.data.reason, None
    record.inputs, record.lines, record.digest = {}, [], ""
    record.total = record.check_total = record.self_total = None
    record.grade = ""
    _sealed(taking, {"reason": taking.data.reason})


def notify(taking: Taking) -> None:
    """From now on the unit may know: the ledger says the sum that was checked and out of what it came."""
    record: Assessment = taking.record
    record.appeal_by = rulings.appeal_until(record, taking.at)
    taking.digest = record.digest
    taking.notes |= {"check_total": record.check_total, "grade": record.grade}
    taking.notes["lines"] = {line["code"]: line["points"] for line in record.lines}


def agree(taking: Taking) -> None:
    _for_unit(taking)
    taking.record.agreed_at = taking.at


def appeal(taking: Taking) -> None:
    record: Assessment = taking.record
    data: needs.Appeal = taking.data
    known = {line["code"] for line in record.lines}
    if not set(data.items) <= known:
        raise Invalid(fields={"items": [_("The result has no such line.")]})
    _for_unit(taking)
    record.appealed_at, record.appeal = taking.at, data.words
    record.appeal_items = list(dict.fromkeys(data.items))
    _linked(taking, data.files, [])


def decide(taking: Taking) -> None:
    """Changed points stand in the place of those that were frozen, which stay beside them; all else is as it was."""
    record: Assessment = taking.record
    data: needs.Decide = taking.data
    before = dict(record.inputs["inputs"]["decided"])
    most = {line["code"]: Decimal(line["most"]) for line in record.lines if line["kind"] == "item"}
    if data.changes and record.appealed_at is None:
        raise Invalid(fields={"changes": [_("Points are changed on an appeal alone.")]})
    for one in data.changes:
        if one.item not in most:
            raise Invalid(fields={"changes": [_("Only the points of the card's items can be changed.")]})
        if one.points > most[one.item]:
            raise Invalid(fields={"changes": [_("At most %(most)s points.") % {"most": plain(most[one.item])}]})
        before[one.item] = {"points": str(one.points), "words": one.reason}
    record.inputs = record.inputs | {"inputs": record.inputs["inputs"] | {"decided": before}}
    keep(record, card_of(record))
    record.decider_id, record.decision = taking.actor.person, data.reason
    taking.digest = record.digest
    taking.withheld |= FROZEN


def leave_out(taking: Taking) -> None:
    taking.record.reason = taking.data.reason


def release(taking: Taking) -> None:
    """Its place among all comes from the verb that publishes them together."""
    taking.record.rank, taking.record.published_at = taking.data.rank, taking.at
