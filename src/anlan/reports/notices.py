"""Who is told what when a report moves or waits too long. Officials are told of reports, never of reporters."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from anlan.identity import roles
from anlan.identity.holders import Whom, reach
from anlan.kernel import scope
from anlan.kernel.actor import CLOCK
from anlan.kernel.codes import ancestors
from anlan.kernel.flow import Taking
from anlan.kernel.flow.take import take
from anlan.notify.actions import send
from anlan.reports.events import ReportAnswered, ReportHandled, ReportSubmitted
from anlan.reports.models import Report
from anlan.reports.rules import UNIT
from anlan.reports.rulings import recipients_of
from anlan.reports.states import UNSENT
from anlan.reports.steps.sorting_out import place_words
from anlan.reports.telling import SAID, tell_reporters


def whom(report: Report) -> list[Whom]:
    """Whom a report waits for now."""
    if report.state in UNSENT:
        return [desk(report.region)]
    if report.state in ("dispatched", "verified") and report.unit_id:
        return [Whom(roles=sorted(UNIT), region=report.region, enterprise=report.unit_id)]
    return [_office(report.region)] if report.state == "handled" else []


def desk(region: int) -> Whom:
    """The nearest dispatchers; where there is none, the office sorts."""
    whom = Whom(roles=[roles.DISPATCHER], region=region, nearest=True)
    return whom if reach(whom) else _office(region)


def _office(region: int) -> Whom:
    return Whom(roles=[roles.OFFICE], region=region, nearest=True)


def tell(report: Report, to: Iterable[Whom], kind: str, *, but: UUID | None = None, **facts: Any) -> None:
    """Tell everybody meant, except the person `but`, who acted: for them it is done."""
    send(
        to=[found for one in to for found in reach(one) if found[0] != but],
        done_by=but,
        kind=kind,
        facts={
            "number": report.number,
            "place": report.public_place or place_words(report),
            "state": report.state,
            "due_at": report.due_at,
            **facts,
        },
        url=f"/reports/{report.pk}/",
        subject_type="report",
        subject_id=report.pk,
    )


def came_in(taking: Taking) -> None:
    """What cannot wait is told at once; the rest stands at the desk."""
    report: Report = taking.record
    if report.urgent:
        to = [desk(report.region), _office(report.region)]
        tell(report, to, "report.urgent", words=report.urgent, why="duty")
    ReportSubmitted(report=report).emit()


def moved(taking: Taking) -> None:
    """After a step of people: those now waited for are told, except the one who acted."""
    report, who = taking.record, taking.actor
    by = "" if who.veiled else who.name
    kind = "report.contested" if taking.step.name == "contest" else "report.waits"
    tell(
        report,
        whom(report),
        kind,
        but=None if who.veiled else who.person,
        step=taking.step.name,
        by=by,
        why=f"waits:{report.state}",
    )


def handled(taking: Taking) -> None:
    moved(taking)
    ReportHandled(report=taking.record).emit()
    _follow_if_answered(taking)


def _follow_if_answered(taking: Taking) -> None:
    """
    What follows a report that was answered already is answered with it at once, where that answer can mean it: what came in
    later, and what was contested, the office reviews.
    """
    report: Report = taking.record
    other = report.duplicate_of
    if report.outcome != "duplicate" or other is None or other.state != "answered" or other.answered_at is None:
        return
    if report.reported_at <= other.answered_at and not report.contested:
        _follow(taking, report.pk, other.answer)


def answered(taking: Taking) -> None:
    """The reporter and all who joined are told; so are those whose reports followed this one, unless they contested that."""
    report: Report = taking.record
    tell_reporters(report, "report.answered", words=report.answer[:SAID])
    ReportAnswered(report=report).emit()
    following = Report.objects.filter(duplicate_of=report.pk, state="handled", outcome="duplicate", contested=0)
    for one in following.order_by("id").values_list("pk", flat=True):
        _follow(taking, one, report.answer)


def _follow(taking: Taking, report: UUID, answer: str) -> None:
    with scope.acting(CLOCK):
        take(taking.flow, report, "review", actor=CLOCK, data={"answer": answer})


def done(taking: Taking) -> None:
    """Nobody new is waited for; the one who acted has done it."""
    tell(taking.record, [], "report.told", but=taking.actor.person)


def climbed(taking: Taking) -> None:
    """The clock's reminder or escalation, to the level's recipients, with why them."""
    report: Report = taking.record
    level: int = taking.data.level
    to = recipients_of(report, level)
    people = {
        "waited_for": lambda: whom(report),
        "county_office": lambda: [_office(report.county)],
        "city_office": lambda: [_office(next(iter(ancestors(report.county)), report.county))],
    }[to]()
    tell(report, people, "report.late" if report.late else "report.remind", level=level, why=to)
