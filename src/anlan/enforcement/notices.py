"""Who is told what of an instrument or a case, in the step's own transaction."""

from typing import Any
from uuid import UUID

from django.db.models import Q

from anlan.enforcement import rulings, steps
from anlan.enforcement.desks import blind
from anlan.enforcement.models import Case, Instrument
from anlan.enforcement.rules import DRAFTERS
from anlan.identity import roles
from anlan.identity.acting import in_office
from anlan.identity.holders import Whom, reach
from anlan.identity.models import Post
from anlan.kernel import clock, scope
from anlan.kernel.flow import Taking
from anlan.notify.actions import send

Pair = tuple[UUID, UUID | None]


def _nearest(codes: list[str], record: Instrument | Case) -> list[Pair]:
    besides = blind(record, codes) if isinstance(record, Instrument) else ()
    whom = Whom(roles=codes, region=record.issuer, industry_bit=record.industry_bit, nearest=True, besides=besides)
    return list(reach(whom))


def _writers(record: Instrument) -> list[Pair]:
    """Who drafted it; where the platform did, the office that it drafts for."""
    people: list[Pair] = [(UUID(one), None) for one in record.drafter_ids]
    return people or _nearest([roles.OFFICE], record)


def addressees(record: Instrument) -> list[Pair]:
    """Posts of the enterprise, or of the unit."""
    if record.enterprise_id is not None:
        posts = sorted(roles.ENTERPRISE_POSTS)
        return list(reach(Whom(roles=posts, region=record.place, enterprise=record.enterprise_id)))
    with scope.elevated("the posts of the unit an instrument is addressed to"):
        rows = Post.objects.filter(in_office(clock.today()), Q(organisation_id=record.unit_id), person__is_active=True)
        return list(rows.values_list("person_id", "pk"))


def whom(record: Instrument) -> list[Pair]:
    """Whom it waits for now."""
    match record.state:
        case "drafted":
            found = _nearest([roles.OFFICE], record) or _nearest([roles.REGULATOR], record)
            return [one for one in found if str(one[0]) not in record.drafter_ids] or _nearest(
                [roles.REGULATOR], record
            )
        case "reviewed":
            return _nearest([roles.LEADER], record) or _nearest([roles.OFFICE], record)
        case "approved":
            keepers = record.organ.keepers if record.organ is not None else []
            return [(UUID(one), None) for one in keepers] or _nearest([roles.OFFICE], record)
        case "returned" | "numbered" | "answered":
            return _writers(record)
        case "served":
            return addressees(record)
    return []


def _tell(record: Instrument, to: list[Pair], kind: str, taking: Taking, **facts: Any) -> None:
    but = taking.actor.person
    send(
        to=[one for one in to if one[0] != but],
        done_by=but,
        kind=kind,
        facts={
            "number": record.number or rulings.kind_of(record).zh,
            "place": f"{rulings.kind_of(record).zh}：{record.addressee}",
            "state": record.state,
            "by": taking.actor.name,
            "step": taking.step.name,
            **facts,
        },
        url=f"/instruments/{record.pk}/",
        subject_type="instrument",
        subject_id=record.pk,
    )


def moved(taking: Taking) -> None:
    """It waits for somebody else now."""
    record: Instrument = taking.record
    _tell(record, whom(record), "instrument.waits", taking, why=f"waits:{record.state}")


def served(taking: Taking) -> None:
    """The addressee is told of what binds it."""
    record: Instrument = taking.record
    if record.state != "served":
        _tell(record, [], "instrument.waits", taking)
        return
    due = {"due": record.answer_due.isoformat()} if record.answer_due else {}
    _tell(record, addressees(record), "instrument.served", taking, why="addressed", **due)
    steps.then_served(taking)


def confirmed(taking: Taking) -> None:
    _tell(taking.record, _writers(taking.record), "instrument.told", taking, why="drafted")


def answered(taking: Taking) -> None:
    record: Instrument = taking.record
    _tell(record, _writers(record), "instrument.answered", taking, why="drafted")
    steps.then_answered(taking)


def over(taking: Taking) -> None:
    """Nobody is waited for after it."""
    _tell(taking.record, [], "instrument.waits", taking)


def withdrawn(taking: Taking) -> None:
    _tell(taking.record, addressees(taking.record), "instrument.withdrawn", taking, why="addressed")
    steps.then_withdrawn(taking)


def climbed(taking: Taking) -> None:
    record: Instrument = taking.record
    to = rulings.recipients_of(record, taking.data.level)
    told = {"waited_for": whom, "drafter": _writers}.get(to, lambda one: _nearest([roles.OFFICE], one))(record)
    kind = "instrument.late" if record.late else "instrument.remind"
    why = "county_office" if to == "office" else "waited_for"
    _tell(record, told, kind, taking, level=taking.data.level, why=why)


def _tell_case(taking: Taking, to: list[Pair], kind: str, **facts: Any) -> None:
    record: Case = taking.record
    send(
        to=[one for one in to if one[0] != taking.actor.person],
        done_by=taking.actor.person,
        kind=kind,
        facts={
            "number": record.number,
            "place": record.matter,
            "state": record.state,
            "by": taking.actor.name,
            **facts,
        },
        url=f"/instruments/cases/{record.pk}/",
        subject_type="penalty_case",
        subject_id=record.pk,
    )


def _handlers(case: Case) -> list[Pair]:
    return [(case.opener_id, None)] if case.opener_id else _nearest(sorted(DRAFTERS), case)


def case_moved(taking: Taking) -> None:
    _tell_case(taking, _handlers(taking.record), "instrument.waits", why=f"waits:{taking.record.state}")


def case_over(taking: Taking) -> None:
    _tell_case(taking, [], "instrument.waits")


def case_climbed(taking: Taking) -> None:
    record: Case = taking.record
    to = rulings.case_recipients_of(record, taking.data.level)
    told = _nearest([roles.OFFICE], record) if to == "office" else _handlers(record)
    kind = "instrument.late" if record.late else "instrument.remind"
    _tell_case(taking, told, kind, level=taking.data.level, why="waited_for")
