"""
Citizens' reports and hazards: what a unit found true becomes a hazard in the same transaction, and a report learns what
became of its hazard. Names of people never pass from one to the other.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override, pgettext

from anlan.files.actions import copies
from anlan.hazards.actions import register_hazard
from anlan.hazards.events import HazardEnded, HazardReopened
from anlan.hazards.models import Hazard
from anlan.hazards.states import OPEN
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import Invalid
from anlan.kernel.events import hears
from anlan.kernel.ledger.read import Act, acts
from anlan.registry.models import Enterprise
from anlan.reports import actions as reports
from anlan.reports.beside import progress_by
from anlan.reports.events import ReportVerified
from anlan.reports.models import Report

PLACES = 3
"""Decimals of a degree: about 100 m."""
ASKED_AS = {"category": "hazard_category", "description": "words"}
"""What a hazard asks, under the name by which the check on the spot asks it."""


@hears(ReportVerified)
def register_reported(event: ReportVerified) -> None:
    """
    Found by the official who looked, in the field they named. Where that field is not theirs, or nobody took a photo, the
    platform registers it: it then waits for whoever supervises the field.
    """
    report, data, finder = event.report, event.data, event.actor
    facts: dict[str, Any] = {
        "source": "citizen",
        "industry": data.industry,
        "region": report.region,
        "enterprise": data.enterprise,
        "place": data.place,
        "category": data.hazard_category,
        "description": data.words,
        "source_record": report.number,
        **_roughly(report),
    }
    registrar = finder if event.photos and _in_sight(finder, report, data.enterprise) else SYSTEM
    photos = copies(actor=registrar, ids=event.photos)
    try:
        with scope.acting(registrar):
            hazard = register_hazard(actor=registrar, data=facts | {"photos": photos}, finder=finder)
    except Invalid as wrong:
        raise Invalid(
            wrong.message, fields={ASKED_AS.get(name, name): said for name, said in wrong.fields.items()}
        ) from None
    event.settle(hazard.pk, hazard.number, hazard.version > 1)


def _roughly(report: Report) -> dict[str, Any]:
    """Where it is, no nearer than the plaza shows it: the enterprise reads the hazard, and the reporter may live or work there."""
    if report.lon is None or report.lat is None:
        return {"lon": None, "lat": None}
    return {"lon": round(report.lon, PLACES), "lat": round(report.lat, PLACES)}


def _in_sight(actor: Actor, report: Report, enterprise: UUID | None) -> bool:
    if not actor.covers(report.region, report.industry_bit):
        return False
    return enterprise is None or Enterprise.objects.filter(pk=enterprise).exists()


ENDS = {
    "closed": gettext_noop("The hazard was rectified, rechecked on the spot and closed off."),
    "dismissed": gettext_noop("It was looked at again and not recognised as a hazard."),
    "transferred": gettext_noop("The matter was handed to the authority that is responsible for it: %(to)s."),
}
"""What the reporter reads; the reasons of officials stay with the hazard."""


def in_the_citys_tongue(words: str, **facts: str) -> str:
    """What is kept and read by citizens is written in the city's own language, whoever acts."""
    with override(settings.LANGUAGE_CODE):
        return _(words) % facts


@hears(HazardEnded)
def settle_reports(event: HazardEnded) -> None:
    """Each report that waits for it is handled; those of a merged hazard go on with the surviving one."""
    hazard = event.hazard
    for report in _reports_of(hazard):
        if hazard.survivor_id is not None:
            reports.tie(report=report, hazard=hazard.survivor_id, number=_number(hazard.survivor_id))
        else:
            words = in_the_citys_tongue(ENDS[hazard.state], to=hazard.transferred_to)
            reports.handle(report=report, words=words, stands=hazard.state != "dismissed")


@hears(HazardReopened)
def note_reopening(event: HazardReopened) -> None:
    """What is not reviewed yet waits once more; a report that was answered stays so, and the office reads the news on it."""
    words = in_the_citys_tongue(
        gettext_noop("A look back found that the closing did not hold: it is being rectified again.")
    )
    for report in _reports_of(event.hazard):
        reports.come_back(report=report, words=words)


def _reports_of(hazard: Hazard) -> list[UUID]:
    with scope.elevated("a hazard's end is told to every report it came from"):
        return list(Report.objects.filter(hazard_id=hazard.pk).order_by("pk").values_list("pk", flat=True))


def _number(hazard: UUID) -> str:
    with scope.elevated("the surviving hazard is named on the report"):
        return str(Hazard.objects.values_list("number", flat=True).get(pk=hazard))


STAGES = {
    "found": gettext_noop("Registered as a hazard"),
    "dispatched": gettext_noop("Handed to whoever must rectify it"),
    "claimed": gettext_noop("Taken on by whoever must rectify it"),
    "rectifying": gettext_noop("Being rectified"),
    "rectified": gettext_noop("Rectified, waits for the recheck"),
    "accepted": gettext_noop("Rechecked and found in order"),
    "closed": gettext_noop("Closed off"),
    "dismissed": gettext_noop("Not recognised as a hazard"),
    "transferred": gettext_noop("Handed to another authority"),
}
"""The public's words of the road; a dispute is between the officials and the enterprise."""
TONES = {"closed": "done", "accepted": "done", "dismissed": "quiet", "transferred": "quiet"}


@progress_by
def progress_of(report: Report) -> list[dict[str, Any]]:
    """Each place of the hazard's road once, as it was last reached: no names, no enterprise, no reasons."""
    hazard = Hazard.objects.filter(pk=report.hazard_id).first() if report.hazard_id else None
    if hazard is None:
        return []
    reached: dict[str, dict[str, Any]] = {}
    for act in acts(hazard.pk):
        came = act.state[1]
        if came in STAGES and came != act.state[0]:
            reached.pop(came, None)
            reached[came] = _line(act, came, again=act.state[0] == "closed")
    if hazard.state in OPEN:  # what a failed recheck or a look back took back is not shown as reached
        ahead = list(STAGES)[list(STAGES).index(hazard.state) + 1 :] if hazard.state in STAGES else []
        reached = {code: line for code, line in reached.items() if code not in ahead}
    return list(reached.values())


def _line(act: Act, state: str, *, again: bool) -> dict[str, Any]:
    at: datetime = act.at
    words = pgettext("hazard", "The closing did not hold.") if again else ""
    return {"at": at, "label": _(STAGES[state]), "words": words, "tone": TONES.get(state, "moving")}
