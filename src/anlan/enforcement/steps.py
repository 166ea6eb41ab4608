"""What each step does to an instrument; the table in `flow.py` says who, when and whether."""

from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from anlan.enforcement import needs, publishing, rulings, values
from anlan.enforcement.desks import lay_on
from anlan.enforcement.events import InstrumentAnswered, InstrumentServed, InstrumentWithdrawn
from anlan.enforcement.models import Answer, Case, Instrument, Service, Text
from anlan.enforcement.numbering import take_order
from anlan.enforcement.organs import nearest_organ
from anlan.enforcement.rendering import issue
from anlan.enforcement.rules import is_addressee
from anlan.files.actions import link_files, take_drawing
from anlan.files.models import File
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.citysettings import value
from anlan.kernel.errors import Invalid
from anlan.kernel.flow import Taking, flows
from anlan.kernel.flow.take import take
from anlan.kernel.ids import new_id
from anlan.kernel.papers.paper import official_number

SUBJECT = "instrument"


def draft(taking: Taking) -> None:
    """The record comes with its addressee, source and organ (`actions.drafting`)."""
    _write(taking, taking.data.fields)


def amend(taking: Taking) -> str:
    _find_organ(taking.record)
    _write(taking, taking.data.fields)
    taking.record.reason = ""
    taking.notes["remark"] = taking.data.remark
    return "drafted"


def _write(taking: Taking, typed: dict[str, Any]) -> None:
    """A new version of the words; the earlier ones stay. The ledger keeps its digest, the version keeps the words."""
    record: Instrument = taking.record
    record.fields = values.checked(rulings.kind_of(record), typed)
    record.text_version += 1
    body, record.text_digest = values.body_of(record.kind, record.addressee, record.fields)
    if taking.actor.person and (me := str(taking.actor.person)) not in record.drafter_ids:
        record.drafter_ids = [*record.drafter_ids, me]
    writer = "" if taking.actor.is_system else taking.actor.name
    record.drafter_name = writer or record.drafter_name
    lay_on(record, taking.actor)
    taking.withheld |= {"fields"}
    version = Text(
        id=new_id(),
        instrument=record,
        version=record.text_version,
        body=body,
        digest=record.text_digest,
        person_id=taking.actor.person,
        person_name=writer,
        at=taking.at,
    )
    taking.later.append(lambda: Text.objects.bulk_create([version]))


def _find_organ(record: Instrument) -> None:
    """An organ entered since it was drafted."""
    if record.organ_id is None:
        record.organ = nearest_organ(record.issuer)


def review(taking: Taking) -> None:
    record: Instrument = taking.record
    _find_organ(record)
    lay_on(record, taking.actor)
    record.reviewer_id, record.reviewer_name = taking.actor.person, taking.actor.name


def approve(taking: Taking) -> None:
    """Bound to the digest of the words as they are now: nothing else is numbered."""
    record: Instrument = taking.record
    record.approver_id, record.approver_name = taking.actor.person, taking.actor.name
    record.approved_digest = record.text_digest


def send_back(taking: Taking) -> None:
    record: Instrument = taking.record
    record.reason = taking.data.reason
    record.reviewer_id = record.approver_id = None
    record.reviewer_name = record.approver_name = record.approved_digest = ""


def discard(taking: Taking) -> None:
    taking.record.reason = taking.data.reason


def number(taking: Taking) -> None:
    """The next number, the seal, the documents: kept with their digests, and from now on nothing of it changes."""
    record: Instrument = taking.record
    organ, today = record.organ, clock.today()
    if organ is None:
        raise RuntimeError("the guard HasOrgan lets nothing through without one")
    record.stem = f"{organ.word}{rulings.kind_of(record).stem}"
    record.year, record.issued_on = today.year, today
    record.order = take_order(organ.pk, record.stem, today.year)
    record.number = official_number(record.stem, record.year, record.order)
    record.sealed = taking.data.sealed
    if record.sealed and organ.seal_id is None:
        raise Invalid(fields={"sealed": [_("No seal of %(organ)s is kept here.") % {"organ": organ.name}]})
    record.sealer_id = taking.actor.person
    taking.withheld |= {"issued"}  # the documents' digests say the same
    for name, kept in issue(record, organ, actor=taking.actor).items():
        setattr(record, f"{name}_id", kept.pk)
        setattr(record, f"{name}_digest", kept.sha256)


def serve(taking: Taking) -> str:
    """One attempt. What was received, or refused before witnesses, is served; what reached nobody is tried again."""
    record: Instrument = taking.record
    data: needs.Serve = taking.data
    _check_day(record, data)
    files = link_files(
        actor=taking.actor, ids=data.files, subject_type=SUBJECT, subject_id=record.pk, field="files", documents=True
    )
    drawing = _drawing(taking, data.signature)
    taking.withheld |= {"signature"}
    attempt = Service(
        id=new_id(),
        instrument=record,
        way=data.way,
        outcome=data.outcome,
        on=data.on,
        place=data.place,
        receiver=data.receiver,
        receiver_title=data.receiver_title,
        post_number=data.post_number,
        witnesses=data.witnesses,
        drawing=drawing,
        files=[str(one.pk) for one in files],
        remark=data.remark,
        person_id=taking.actor.person,
        person_name=taking.actor.name,
        at=taking.at,
    )
    taking.later.append(lambda: Service.objects.bulk_create([attempt]))
    taking.files += [one.sha256 for one in [*files, *([drawing] if drawing else [])]]
    taking.restart = True
    if data.outcome == "failed":
        return "numbered"
    record.way, record.served_on, record.served_at = data.way, data.on, taking.at
    record.refused, record.received_by = data.outcome == "refused", data.receiver
    record.answer_due = rulings.answer_due(record, data.on)
    record.region = record.place
    record.known_to_id = record.enterprise_id
    return "served"


def _check_day(record: Instrument, data: needs.Serve) -> None:
    today = clock.today()
    if data.on > today:
        raise Invalid(fields={"on": [_("This day has not come yet.")]})
    if record.issued_on and data.on < record.issued_on:
        raise Invalid(fields={"on": [_("It was issued on %(day)s.") % {"day": record.issued_on.isoformat()}]})
    if data.way != "announcement":
        return
    if not Service.objects.filter(instrument=record, outcome="failed").exclude(way="announcement").exists():
        raise Invalid(fields={"way": [_("It is announced only where every other way was tried and reached nobody.")]})
    days = value(rulings.ANNOUNCED.key, record.region)
    if data.outcome != "failed" and (today - data.on).days < days:
        raise Invalid(fields={"on": [_("An announcement counts as service after %(days)s days.") % {"days": days}]})


def _drawing(taking: Taking, signature: str) -> File | None:
    if not signature:
        return None
    try:
        return take_drawing(actor=taking.actor, drawing=signature, subject=(SUBJECT, taking.record.pk))
    except Invalid as refused:
        raise Invalid(fields={"signature": refused.fields.get("drawing", [refused.detail])}) from refused


def then_served(taking: Taking) -> None:
    """What follows from service: an earlier one is withdrawn, its case moves on, rooms downstream hear of it."""
    record: Instrument = taking.record
    if record.state != "served":
        return
    if record.withdraws_id:
        with scope.acting(SYSTEM):
            _take_back(record.withdraws_id, by=record.pk)
    if record.case_id:
        _tell_case(record.case_id, "served", by=record.pk)
    InstrumentServed(record).emit()


def _take_back(instrument: UUID, *, by: UUID) -> None:
    """Another one may have withdrawn it meanwhile."""
    flow = flows["instrument"]
    if Instrument.objects.filter(pk=instrument, state__in=flow.step("withdraw").source).exists():
        take(flow, instrument, "withdraw", actor=SYSTEM, data={"by": by})


def _tell_case(case: UUID, step: str, *, by: UUID) -> None:
    """The case of penalty hears of its instruments where it still moves."""
    flow = flows["penalty_case"]
    with scope.acting(SYSTEM):
        found = Case.objects.filter(pk=case).first()
        if found is not None and found.state in flow.step(step).source:
            take(flow, case, step, actor=SYSTEM, data={"by": by})


def confirm(taking: Taking) -> None:
    record: Instrument = taking.record
    taking.withheld |= {"signature"}
    if drawing := _drawing(taking, taking.data.signature):
        taking.files.append(drawing.sha256)
    record.confirmed_at = taking.at
    record.received_by = record.received_by or taking.actor.name


def answer(taking: Taking) -> None:
    record: Instrument = taking.record
    data: needs.Reply = taking.data
    kind = rulings.kind_of(record)
    if (data.waives or data.hearing) and not kind.needs_hearing:
        field = "waives" if data.waives else "hearing"
        raise Invalid(fields={field: [_("Only a penalty notice gives such days.")]})
    if data.hearing and record.answer_due and clock.today() > record.answer_due:
        raise Invalid(fields={"hearing": [_("A hearing can be asked for until %(day)s.") % {"day": record.answer_due}]})
    on_paper = not is_addressee(taking.actor, record)
    if on_paper and data.waives and not data.files:
        raise Invalid(fields={"files": [_("What the addressee gives up is shown by its own paper: add the scan.")]})
    files = link_files(
        actor=taking.actor, ids=data.files, subject_type=SUBJECT, subject_id=record.pk, field="files", documents=True
    )
    made = Answer(
        id=new_id(),
        instrument=record,
        words=data.words,
        waives=data.waives,
        hearing=data.hearing,
        files=[str(one.pk) for one in files],
        on_paper=on_paper,
        person_id=taking.actor.person,
        person_name=taking.actor.name,
        at=taking.at,
    )
    taking.files += [one.sha256 for one in files]
    record.answered_at = taking.at
    taking.later.append(lambda: Answer.objects.bulk_create([made]))


def then_answered(taking: Taking) -> None:
    made = Answer.objects.filter(instrument=taking.record).order_by(F("at").desc(), F("id").desc()).first()
    if made is not None:
        if made.hearing and taking.record.case_id:
            _tell_case(taking.record.case_id, "ask_hearing", by=taking.record.pk)
        InstrumentAnswered(taking.record, made).emit()


def put_to_file(taking: Taking) -> None:
    taking.record.filed_at = taking.at


def publish(taking: Taking) -> None:
    made = publishing.publish(taking.record, taking.data.words)
    taking.record.publication = made
    taking.notes["address"] = made.code


def retract(taking: Taking) -> None:
    record: Instrument = taking.record
    if record.publication_id:
        publishing.retract(record.publication_id, taking.data.reason)
    record.publication = None


WITHDRAWN = "本件已被后续文书撤销。"
"""What the public page of a withdrawn one says: Chinese, as the instruments are."""


def withdraw(taking: Taking) -> None:
    """Its words stay; whoever reads it is shown the later one. Nobody else reads it any more."""
    if taking.record.publication_id:
        publishing.retract(taking.record.publication_id, WITHDRAWN)
        taking.record.publication = None


def then_withdrawn(taking: Taking) -> None:
    with scope.elevated("the instrument that withdraws another was found by its id"):
        by = Instrument.objects.get(pk=taking.data.by)
    InstrumentWithdrawn(taking.record, by).emit()
