"""A report as whoever sent it or joined it follows it: what became of it, without any official's name."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from anlan.files.models import File
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan.kernel.flow.offers import offer
from anlan.kernel.keyset import page
from anlan.kernel.ledger.read import Act, acts
from anlan.reports import beside, claims
from anlan.reports.flow import REPORT
from anlan.reports.models import Opinion, Report, ReportPhoto, Seal, Sending
from anlan.reports.rules import Claimant
from anlan.reports.states import OPEN

Place = tuple[datetime, UUID]
WHY = "whoever reported reads what became of it"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a report's way, in words for the public."""

    at: datetime
    label: str
    words: str = ""
    tone: str = ""


@dataclass(frozen=True, kw_only=True)
class Card:
    """A report in its reporter's list."""

    report: Report
    seal: Seal
    photo: UUID | None

    @property
    def unread(self) -> bool:
        return self.seal.seen_at is None or self.report.state_since > self.seal.seen_at


@dataclass(frozen=True, kw_only=True)
class Followed:
    card: Card
    photos: list[ReportPhoto] = field(default_factory=list)
    files: dict[UUID, File] = field(default_factory=dict)
    timeline: list[Line] = field(default_factory=list)
    may: dict[str, bool] = field(default_factory=dict)
    reward: dict[str, Any] | None = None


def own(actor: Actor, *, after: Place | None = None, limit: int = 20) -> tuple[list[Card], Place | None]:
    """What the actor reported or joined, the latest first."""
    if actor.person is None:
        return [], None
    rows = Seal.objects.filter(person_id=actor.person)
    shown = page(rows, ("-at", "-id"), after=after, limit=limit)
    seals = shown.rows
    found = {
        row.pk: row for row in Report.objects.filter(pk__in=[one.report_id for one in seals]).select_related("category")
    }
    photos = _first_photos(found.values(), shown_of={one.report_id for one in seals if not one.first})
    cards = [
        Card(report=found[one.report_id], seal=one, photo=photos.get(one.report_id))
        for one in seals
        if one.report_id in found
    ]
    return cards, shown.after


def _first_photos(rows: Iterable[Report], *, shown_of: Collection[UUID] = ()) -> dict[UUID, UUID]:
    """The first picture of each that is drawn; of those in `shown_of`, which others reported, the first that the public sees."""
    reports = {row.pk: row for row in rows}
    found: dict[UUID, UUID] = {}
    drawn = ReportPhoto.objects.filter(report__in=list(reports), phase="report", likeness__isnull=False)
    for photo in drawn.order_by("at", "id"):
        if photo.report_id not in shown_of or _is_public(photo, reports[photo.report_id]):
            found.setdefault(photo.report_id, photo.pk)
    return found


def _is_public(photo: ReportPhoto, report: Report) -> bool:
    return photo.shown and report.public and not report.held


def _theirs(seal: Seal, report: Report, photos: Iterable[ReportPhoto]) -> list[ReportPhoto]:
    """
    What the follower may see: what they sent, when they reported or contested; after the review what the unit found; and of
    what others sent, only what the public sees.
    """
    if not seal.first:
        return [one for one in photos if _is_public(one, report)]
    sent = {report.reported_at, *Opinion.objects.filter(report=report.pk, kind="contest").values_list("at", flat=True)}
    answered = report.state == "answered"
    return [
        one
        for one in photos
        if (one.phase == "report" and one.at in sent) or (one.phase != "report" and answered) or _is_public(one, report)
    ]


def follow(actor: Actor, report: UUID) -> Followed:
    """By account: NotFound unless the actor reported or joined it. What is looked at counts as read."""
    seal = Seal.objects.filter(report_id=report, person_id=actor.person).first() if actor.person else None
    if seal is None:
        raise NotFound
    Seal.objects.filter(pk=seal.pk).update(seen_at=clock.now())
    with scope.elevated(WHY):
        return _followed(actor, seal)


def sent(actor: Actor, report: UUID) -> Card:
    """What the actor has just sent, also without a name."""
    with scope.elevated("what was just sent is shown to whoever sent it"):
        found = Report.objects.select_related("category").get(pk=report)
        seal = Seal.objects.filter(report_id=report, first=True, place=0).get()
        return Card(report=found, seal=seal, photo=_first_photos([found]).get(found.pk))


def by_claim(code: str) -> Followed:
    """By claim code. Call it inside any scope; the code alone opens."""
    seal = claims.seal_of(code)
    with scope.elevated(WHY):
        return _followed(claims.claimant(seal), seal)


def _followed(actor: Actor, seal: Seal) -> Followed:
    report = Report.objects.select_related("category", "unit", "duplicate_of").get(pk=seal.report_id)
    photos = _theirs(seal, report, ReportPhoto.objects.filter(report=report.pk).order_by("at", "id"))
    first = next((one.pk for one in photos if one.phase == "report" and one.likeness is not None), None)
    asker = actor if seal.first or not isinstance(actor, Claimant) else Actor(role="citizen")
    may = {
        name: report.state in REPORT.step(name).source and offer(REPORT.step(name), report, asker).allowed
        for name in ("contest", "rate")
    }
    return Followed(
        card=Card(report=report, seal=seal, photo=first),
        photos=photos,
        files=File.objects.in_bulk([one.file_id for one in photos]),
        timeline=timeline(report, own=seal.first),
        may=may | {"join": False},
        reward=beside.rewards([seal.pk]).get(seal.pk),
    )


def timeline(report: Report, *, own: bool) -> list[Line]:
    """
    Its way from the ledger, with the public progress of what was made of it, oldest first. Call it elevated.

    What the reporter wrote to contest the answer is for the reporter (`own`) alone: it may say who they are.
    """
    legs = iter(Sending.objects.filter(report=report.pk).select_related("unit").order_by("at", "id"))
    said = Opinion.objects.filter(report=report.pk, kind="contest").order_by("at", "id")
    contests = iter(said) if own else None
    lines = [line for act in acts(report.pk) if (line := _line(act, report, legs, contests))]
    survivor = report.duplicate_of
    lines += [Line(**one) for one in beside.progress(report)]
    if survivor is not None:
        lines += [Line(**one) for one in beside.progress(survivor)]
    return sorted(lines, key=lambda line: line.at)


def _line(act: Act, report: Report, legs: Any, contests: Any) -> Line | None:
    match act.step:
        case "submit":
            return Line(at=act.at, label=pgettext("to the reporter", "Reported"), words=report.number, tone="new")
        case "screen":
            return Line(at=act.at, label=pgettext("to the reporter", "Taken up"), tone="moving")
        case "dispatch":
            leg = next(legs, None)
            unit = leg.unit.name if leg else ""
            return Line(
                at=act.at, label=pgettext("to the reporter", "Sent to %(unit)s") % {"unit": unit}, tone="moving"
            )
        case "send_back":
            next(legs, None)
            return Line(at=act.at, label=pgettext("to the reporter", "Being sent to another unit"), tone="attention")
        case "verify":
            return Line(at=act.at, label=pgettext("to the reporter", "Found true on the spot"), tone="done")
        case "unfounded":
            return Line(at=act.at, label=pgettext("to the reporter", "Looked at on the spot"), tone="moving")
        case "duplicate":
            return Line(
                at=act.at, label=pgettext("to the reporter", "Followed together with an earlier report"), tone="moving"
            )
        case "handle":
            return Line(at=act.at, label=pgettext("to the reporter", "Settled on the spot"), tone="done")
        case "send_again":
            if act.state[1] == "dispatched":
                return Line(at=act.at, label=pgettext("to the reporter", "The unit looks once more"), tone="attention")
            return Line(at=act.at, label=pgettext("to the reporter", "Being looked at once more"), tone="attention")
        case "answer":
            return Line(at=act.at, label=pgettext("to the reporter", "Answered"), words=report.answer, tone="done")
        case "contest":
            if contests is None:
                return Line(at=act.at, label=pgettext("to the reporter", "The answer was contested"), tone="attention")
            said = next(contests, None)
            return Line(
                at=act.at,
                label=pgettext("to the reporter", "You contested the answer"),
                words=said.words if said else "",
                tone="attention",
            )
    return None


def still_open(report: Report) -> bool:
    return report.state in OPEN


def place_of(report: Report) -> str:
    """Where it is, as its own reporter reads it."""
    return report.address or report.public_place or _("by its position on the map")
