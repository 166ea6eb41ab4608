"""What must lie before an instrument: earlier ones served, days passed or waived, officers with their certificates."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from anlan.enforcement.kinds import REACHED, Gate, Kind, kinds
from anlan.enforcement.models import Answer, Instrument
from anlan.enforcement.rulings import kind_of
from anlan.experts.models import Certificate
from anlan.identity.models import Person
from anlan.kernel import clock, scope
from anlan.kernel.calendar import working_days

Proof = Callable[[Instrument], bool]
_proofs: dict[str, Proof] = {}


def proved_by(kind: str) -> Callable[[Proof], Proof]:
    """Register who knows of a kind that is written in another room, such as the site record of a visit."""

    def register(proof: Proof) -> Proof:
        _proofs[kind] = proof
        return proof

    return register


def lacking(instrument: Instrument) -> list[str]:
    """In words, which earlier instruments are missing. Waiting days are `waiting`'s."""
    return [_lack(gate) for gate in kind_of(instrument).gates if gate.needed and not _fulfilled(instrument, gate)]


def waiting(instrument: Instrument) -> list[str]:
    """In words, which days still run."""
    return [
        words for gate in kind_of(instrument).gates for one in earlier(instrument, gate) if (words := _runs(gate, one))
    ]


def _fulfilled(instrument: Instrument, gate: Gate) -> bool:
    return bool(earlier(instrument, gate)) or any(_proofs[kind](instrument) for kind in gate.kinds if kind in _proofs)


def earlier(instrument: Instrument, gate: Gate) -> list[Instrument]:
    """
    The earlier instruments that open a gate: the one it names, and for a case those of the case, to the same addressee, far
    enough on their way and not withdrawn.
    """
    named = Q(pk__in=[])
    if instrument.after_id and not kind_of(instrument).penalty:
        named |= Q(pk=instrument.after_id)  # for a penalty, a notice of another case announces nothing
    if instrument.case_id:
        named |= Q(case_id=instrument.case_id)
    states = REACHED[REACHED.index(gate.state) :]
    same = Q(enterprise_id=instrument.enterprise_id, unit_id=instrument.unit_id)
    rows = Instrument.objects.filter(
        named,
        same,
        kind__in=gate.kinds,
        state__in=states,
    ).exclude(pk=instrument.pk)
    if gate.within_days is not None:
        rows = rows.filter(served_on__gte=clock.today() - timedelta(days=gate.within_days))
    with scope.elevated("what another department of the issuing side has under way opens a gate too"):
        return list(rows.order_by("-served_on", "-id"))


def decides(instrument: Instrument) -> bool:
    """Whether it ends its case: a penalty that is no notice."""
    kind = kind_of(instrument)
    return kind.penalty and kind.family == "decision" and not kind.needs_hearing


def announced_fen(instrument: Instrument) -> int:
    """The highest fine that a notice of its case, in force, told the addressee of."""
    told = (one.fields.get("fine") or 0 for gate in kind_of(instrument).gates for one in earlier(instrument, gate))
    return max(told, default=0)


def decisions_beside(instrument: Instrument) -> bool:
    """Whether its case has another decision that stands or is numbered, and that it does not withdraw."""
    if instrument.case_id is None:
        return False
    rows = Instrument.objects.filter(case_id=instrument.case_id, kind=instrument.kind, state__in=REACHED[1:])
    with scope.elevated("a decision that another department has numbered is one beside it"):
        return rows.exclude(pk__in=[one for one in (instrument.pk, instrument.withdraws_id) if one]).exists()


def waived(instrument: Instrument) -> bool:
    """Whether the addressee gave up its days, and did not ask for a hearing besides."""
    answers = list(Answer.objects.filter(instrument=instrument))
    return any(one.waives for one in answers) and not any(one.hearing for one in answers)


def _lack(gate: Gate) -> str:
    known = kinds()
    words = {
        "names": " / ".join(str(known[code].label) for code in gate.kinds),
        "days": gate.within_days,
    }
    if gate.within_days is not None:
        return _("It needs an earlier instrument, served within the last %(days)s days: %(names)s.") % words
    if gate.state in ("approved", "numbered"):
        return _("It needs an earlier instrument, approved: %(names)s.") % words
    return _("It needs an earlier instrument, served: %(names)s.") % words


def _runs(gate: Gate, one: Instrument) -> str:
    """Why the days after `one` still hold it up; empty when they passed or were waived."""
    if gate.after_days is None or one.served_on is None:
        return ""
    answers = list(Answer.objects.filter(instrument=one))
    if any(answer.hearing for answer in answers):
        if one.case is None or one.case.hearing_on is None or not one.case.heard:
            return _("The addressee of %(number)s asked for a hearing; it was not held yet.") % {"number": one.number}
        return ""
    if gate.waivable and any(answer.waives for answer in answers):
        return ""
    until = working_days().add(clock.end_of(one.served_on), gate.after_days)
    if clock.now() > until:
        return ""
    return _("The addressee of %(number)s may make a statement or ask for a hearing until %(day)s.") % {
        "number": one.number,
        "day": clock.day_of(until).isoformat(),
    }


def officers_at_fault(kind: Kind, rows: Iterable[dict[str, Any]]) -> str:
    """What is wrong with the officers an instrument names; empty when enough of them have their certificates."""
    if not kind.officers:
        return ""
    named = {(str(row.get("name", "")), str(row.get("certificate", ""))) for row in rows}
    numbers = {number for _name, number in named if number}
    too_few = _("It names at least %(count)s officers, each with the number of the certificate.") % {
        "count": kind.officers
    }
    if len(numbers) < kind.officers:
        return too_few
    held = _holders(numbers)
    if strange := sorted(f"{name} {number}" for name, number in named - held.keys()):
        return _("No officer holds this certificate here: %(who)s.") % {"who": "、".join(strange)}
    return "" if len({held[one] for one in named}) >= kind.officers else too_few


def _holders(numbers: set[str]) -> dict[tuple[str, str], UUID]:
    """Name and number → person: certificates that hold today, and the numbers kept with accounts."""
    today = clock.today()
    with scope.elevated("whether the officers an instrument names hold these certificates"):
        rows = Certificate.objects.filter(
            Q(valid_to=None) | Q(valid_to__gte=today), number__in=numbers, valid_from__lte=today
        )
        by_number = dict(rows.values_list("number", "person_id"))
        names = dict(Person.objects.filter(pk__in=by_number.values()).values_list("pk", "name"))
        accounts = Person.objects.filter(certificate__in=numbers).values_list("name", "certificate", "pk")
    found = {(name, number): person for name, number, person in accounts}
    return found | {(names[person], number): person for number, person in by_number.items() if person in names}
