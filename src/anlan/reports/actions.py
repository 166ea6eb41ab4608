"""The room's verbs. Everything else that writes a report goes through one of these."""

from typing import Any
from uuid import UUID

import structlog
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from anlan.identity import roles
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.citysettings import value
from anlan.kernel.errors import Conflict, Forbidden, NotFound, Problem
from anlan.kernel.flow.offers import offer
from anlan.kernel.flow.take import begin, take
from anlan.kernel.turns import one_at_a_time
from anlan.kernel.wording import parsed
from anlan.reports import claims, needs, rulings, seals, sorter
from anlan.reports.flow import REPORT
from anlan.reports.models import Report, Seal
from anlan.reports.rules import Claimant, may_open_seal
from anlan.reports.steps.submitting import check_sender, prepare

log = structlog.get_logger(__name__)
CITIZENS_STEPS = frozenset({"contest", "rate"})


def submit(*, actor: Actor, data: BaseModel | dict[str, Any], id: UUID | None = None) -> Report:  # noqa: A002 -- the field's word
    """
    Take a report in. `id` (also as `data["id"]`) is made by the client: the same one again is the same report, never a second.

    409 when that id is somebody else's; nothing is said of it.
    """
    if isinstance(data, dict) and "id" in data:
        data = dict(data)
        given = data.pop("id")
        id = id or (given if isinstance(given, UUID) or given is None else UUID(str(given)))  # noqa: A001 -- as above
    checked = parsed(needs.Submit, data)
    if id is not None:
        one_at_a_time(f"report {id}")
        if (known := sent_before(actor, id)) is not None:
            return known
    report = prepare(checked)
    if id is not None:
        report.id = id
    check_sender(report, checked, actor.role)
    made: Report = begin(REPORT, "submit", report, actor=actor, data=checked)
    return _by_rule(made)


def sent_before(actor: Actor, report: UUID) -> Report | None:
    """The report that this actor sent with this id already. Conflict for an id that is not theirs, whatever it names."""
    with scope.elevated("an id that somebody else used is taken too"):
        found = Report.objects.filter(pk=report).first()
    if found is None:
        return None
    if not seals.is_senders(report, actor):
        raise Conflict(_("This id is taken. Send the report with a new one."), code="report.id_taken")
    return found


def _by_rule(report: Report) -> Report:
    """Sent on at once where the city lets its rules do so and nothing asks for a person. A rule at fault leaves it to the desk."""
    if report.held or not value(rulings.AUTO_DISPATCH.key, report.region):
        return report
    with scope.acting(SYSTEM):
        rule = sorter.route(report)
        if rule is None:
            return report
        data = needs.Dispatch(unit=rule.unit_id, way="rule", rule=rule.pk)
        if not offer(REPORT.step("dispatch"), report, SYSTEM).allowed:
            return report
        try:
            sent: Report = take(REPORT, report.pk, "dispatch", actor=SYSTEM, data=data)
        except Problem as trouble:  # its table's fault is not the reporter's: the report is in
            log.warning(
                "reports.rule_refused", report=str(report.pk), rule=str(rule.pk), why=str(trouble.fields or trouble)
            )
            return report
        return sent


def take_step(
    *, actor: Actor, report: UUID, step: str, data: BaseModel | dict[str, Any] | None = None, version: int | None = None
) -> Report:
    """Take any step people take. Raises NotFound, WrongState, Forbidden, Invalid or Conflict, and then nothing changed."""
    if REPORT.has(step) and REPORT.step(step).quiet:
        raise NotFound(_("There is no step “%(step)s”."), step=step, code="flow.unknown_step")
    if isinstance(actor, Claimant):
        with scope.elevated("a claim code proves whoever shows it"):
            found: Report = take(REPORT, report, step, actor=actor, data=data, version=version)
            return found
    if step == "duplicate":
        data = _same_as(parsed(needs.Duplicate, data or {}))
        _lock_in_order(report, data.of)
    taken: Report = take(REPORT, report, step, actor=actor, data=data, version=version)
    return taken


def _same_as(data: needs.Duplicate) -> needs.Duplicate:
    """What is the same as a report that follows another one follows that one too."""
    with scope.elevated("what a report follows may lie beyond the sight of a unit"):
        survivor = _survivor(data.of)
    return needs.Duplicate(of=survivor.pk) if survivor else data


def _lock_in_order(*ids: UUID) -> None:
    """Two reports found the same as each other must not wait for each other."""
    list(Report.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk").values_list("pk"))


def handle(*, report: UUID, words: str = "", stands: bool = True) -> Report | None:
    """
    The hazard of a report is settled: told by the room that keeps it. None when the report waits for no such thing.

    `stands` is false when it was not recognised as a hazard after all.
    """
    with scope.acting(SYSTEM):
        state = Report.objects.filter(pk=report).values_list("state", flat=True).first()
        if state != "verified":
            return None
        found: Report = take(REPORT, report, "handle", actor=SYSTEM, data={"words": words, "stands": stands})
        return found


def tie(*, report: UUID, hazard: UUID, number: str) -> Report | None:
    """The hazard of a report gave way to another one. None when the report waits for no hazard."""
    with scope.acting(SYSTEM):
        if not Report.objects.filter(pk=report, state="verified").exists():
            return None
        found: Report = take(REPORT, report, "tie", actor=SYSTEM, data={"hazard": hazard, "number": number})
        return found


def come_back(*, report: UUID, words: str) -> Report:
    """Its hazard is open again. What was not reviewed yet waits for it once more; on what was, it stands as news."""
    with scope.acting(SYSTEM):
        waits = Report.objects.filter(pk=report, state="handled", outcome="verified").exists()
        found: Report = take(REPORT, report, "come_back" if waits else "hear", actor=SYSTEM, data={"words": words})
        return found


def join(*, actor: Actor, report: UUID, data: BaseModel | dict[str, Any] | None = None) -> Report:
    """
    Somebody saw the same and follows it from now on. Again, it is the same joining; the first reporter joins nothing.

    The report is locked only as long as its counter takes.
    """
    checked = parsed(needs.Join, data or {})
    if actor.role != roles.CITIZEN or actor.person is None:
        raise Forbidden
    with scope.elevated("a citizen joins a report that is not in their sight"):
        survivor = _survivor(report)
        if survivor is None or survivor.held:
            raise NotFound
        if Seal.objects.filter(report_id=survivor.pk, person_id=actor.person).exists():
            return survivor
        one_at_a_time(f"join {survivor.pk} {actor.person}")
        if Seal.objects.filter(report_id=survivor.pk, person_id=actor.person).exists():
            return survivor
        found: Report = take(REPORT, survivor.pk, "join", actor=actor, data=checked)
        return found


def _survivor(report: UUID) -> Report | None:
    """The report itself, or the one that it follows. Call it elevated."""
    found = Report.objects.filter(pk=report).first()
    while found is not None and found.outcome == "duplicate" and found.duplicate_of_id:
        found = Report.objects.filter(pk=found.duplicate_of_id).first()
    return found


def take_by_claim(*, code: str, step: str, data: BaseModel | dict[str, Any], person: UUID | None = None) -> Report:
    """Contest or rate by claim code. Opens its own transaction. `person` is the guest whose photos come along."""
    if step not in CITIZENS_STEPS:
        raise NotFound
    with scope.acting(Actor(role=roles.CITIZEN, name="citizen")):
        seal = claims.seal_of(code)
        if not seal.first:
            raise Forbidden(_("Only whoever reported it first may do this."))
        return take_step(actor=claims.claimant(seal, person), report=seal.report_id, step=step, data=data)


def open_seal(*, actor: Actor, report: UUID, reason: str) -> list[Seal]:
    """
    Who reported: for the posts the city names, with their reason, kept in the ledger for ever. The first reporter first.

    Shown once: asking again is another opening.
    """
    found = Report.objects.filter(pk=report).first()
    if found is None:
        raise NotFound
    if not may_open_seal(actor, found):
        raise Forbidden(_("Only the posts that the city names may open a seal."), code="report.seal")
    take(REPORT, report, "open_seal", actor=actor, data={"reason": reason})
    with scope.elevated("the seal was opened with a reason"):
        return list(Seal.objects.filter(report_id=report).order_by("-first", "place", "at", "id"))
