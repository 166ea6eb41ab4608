"""From a report and what hangs on it to the shapes the page's components take."""

from typing import Any
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from anlan.files.models import File
from anlan.files.pictures import picture
from anlan.identity import roles
from anlan.kernel.actor import Actor
from anlan.kernel.ledger.read import Act
from anlan.kernel.phrases import choice_words, in_tongue, listed, moment_words
from anlan.kernel.reading import read_id
from anlan.kernel.text import whole_address
from anlan.kernel.timeline import arrivals, by_clock, clock_tone, entry, headline, who
from anlan.reports.flow import REPORT
from anlan.reports.models import Check, Hold, Opinion, Report, ReportPhoto, Sending
from anlan.reports.models.report import CHANNELS
from anlan.reports.office_wording import FIELDS, change_words
from anlan.reports.pages.common import url_of
from anlan.reports.queries import heard
from anlan.reports.wording import (
    outcome_words,
    state_view,
    state_words,
    step_words,
)

ROAD = ("submitted", "screened", "dispatched", "verified", "handled", "reviewed", "answered")
NOTES = ("reason", "words", "answer", "remark")
LONGEST_TITLE = 60
Facts = list[dict[str, Any]]


def title(report: Report, place: str) -> str:
    words = (report.words or report.public_words).replace("\n", " ")
    short = f"{words[:LONGEST_TITLE]}{'…' if len(words) > LONGEST_TITLE else ''}" or _("a report by photo alone")
    where = report.address or place
    return short if short.startswith(where) else _("%(place)s: %(words)s") % {"place": where, "words": short}


def stepper(report: Report, history: list[Act]) -> list[dict[str, Any]]:
    """The road with who came to each place and when; on the present one, whom it waits for."""
    arrived = arrivals(history)
    road = list(ROAD)
    if report.state == "returned":
        road.insert(road.index("dispatched") + 1, "returned")
    if report.outcome and report.outcome != "verified":  # it was settled beside the road
        beside = {"declined": ("dispatched", "verified"), "duplicate": ("dispatched", "verified")}
        road = [code for code in road if code not in beside.get(report.outcome, ("verified",)) or code == report.state]
    here = road.index(report.state)
    found = []
    for number, code in enumerate(road):
        status = "done" if number < here or not report.open else "waiting"
        if number == here and report.open:
            status = "late" if report.late else "current"
        place: dict[str, Any] = {"label": state_words(code), "status": status}
        act = arrived.get(code)
        if status == "done" and act is None:
            status = place["status"] = "skipped"
        if status in ("current", "late"):
            place["who"] = _("Waits for %(who)s") % {"who": REPORT.state(code).waits_for}
        elif status == "done" and act is not None:
            place |= {"who": who(act), "at": act.at}
        found.append(place)
    return found


def fact(label: str, value: Any, *, wide: bool = False, url: str = "") -> dict[str, Any]:
    return {"label": label, "value": str(value).strip(), "wide": wide, "url": url}


def facts(report: Report, place: str, names: dict[UUID, str], enterprise: str, *, sees_hazards: bool) -> Facts:
    shown = [
        fact(_("What is wrong"), report.words or _("Nothing was written; see the photos."), wide=True),
        fact(_("Place"), whole_address(place, report.address), wide=True),
        fact(_("Reported at"), moment_words(report.reported_at)),
        fact(_("Channel"), _channel(report)),
        fact(_("Kind of report"), in_tongue(report.category) if report.category else _("not sorted yet")),
        fact(_("Unit"), names.get(report.unit_id, "") if report.unit_id else _("not sent yet")),
    ]
    hazard = hazard_url(report.hazard_id) if sees_hazards else ""
    optional: list[tuple[str, Any, bool, str]] = [
        (_("Supervision field"), in_tongue(report.industry) if report.industry else "", False, ""),
        (_("Wished for by the reporter"), names.get(report.wished_unit_id, "") if report.wished_unit_id else "", False, ""),
        (_("Seen at"), moment_words(report.client_at), False, ""),
        (_("Position"), _position(report), False, _map_url(report)),
        (_("Urgent word"), report.urgent, False, ""),
        (_("Others who reported it"), report.joined or "", False, ""),
        (_("Times sent back"), report.returns or "", False, ""),
        (_("Outcome"), outcome_words(report.outcome) if report.outcome else "", False, ""),
        (_("Enterprise"), enterprise, False, ""),
        (_("Hazard"), report.hazard_number, False, hazard),
        (_("Reason the reporter reads"), report.reason, True, ""),
        (_("What the reporter is told"), report.answer, True, ""),
        (_("Answered at"), moment_words(report.answered_at), False, ""),
        (_("Satisfied"), "" if report.satisfied is None else _("yes") if report.satisfied else _("no"), False, ""),
        (_("Handled again"), report.reopened or "", False, ""),
    ]  # fmt: skip
    return [*shown, *(fact(label, one, wide=wide, url=url) for label, one, wide, url in optional if one)]


def _channel(report: Report) -> str:
    words = str(choice_words(CHANNELS, report.channel))
    return f"{words} · {_('without a name')}" if report.anonymous else words


def _position(report: Report) -> str:
    if report.lat is None:
        return ""
    found = f"{report.lat}, {report.lon}"
    return f"{found} ± {report.accuracy_m} m" if report.accuracy_m else found


def _map_url(report: Report) -> str:
    """Opens the device's own map (RFC 5870, WGS 84): no map service outside is asked by the page."""
    if report.lat is None:
        return ""
    return f"geo:{report.lat},{report.lon}" + (f";u={report.accuracy_m}" if report.accuracy_m else "")


def hazard_url(hazard: UUID | None) -> str:
    """The record that was made of it, when there is a page for it."""
    try:
        return reverse("hazards:record", args=[hazard]) if hazard else ""
    except NoReverseMatch:
        return ""


def suggestion(report: Report, names: dict[UUID, str], kinds: dict[str, str]) -> Facts:
    """What the platform proposes, with how sure it is and why; for those who sort."""
    kept = report.suggested if isinstance(report.suggested, dict) else {}
    found = []
    if kept.get("category"):
        found.append(fact(_("Proposed kind"), kinds.get(str(kept["category"]), str(kept["category"]))))
    if unit := read_id(kept.get("unit")):
        found.append(fact(_("Proposed unit"), names.get(unit) or _("a unit outside your territory")))
    if found and kept.get("confidence") is not None:
        found.append(fact(_("Confidence"), f"{round(100 * float(kept['confidence']))} %"))
    if found and kept.get("why"):
        why = kept["why"]
        found.append(fact(_("Why"), listed(map(str, why)) if isinstance(why, list) else why, wide=True))
    return found


def photo(one: ReportPhoto, file: File | None, words: str, *, group: str) -> dict[str, Any]:
    shape = picture(one.file_id, file, alt=words, group=group, caption=words)
    video_url = reverse("files:show", args=[one.file_id, "original"])
    return shape | {"note": _("on the plaza") if one.shown else "", "video_url": video_url}


def groups(photos: list[ReportPhoto], files: dict[UUID, File]) -> list[dict[str, Any]]:
    """As it was reported beside what the unit found; what came afterwards follows."""
    words = {"report": _("As reported"), "check": _("As found by the unit"), "after": _("Afterwards")}
    made = [
        {
            "label": label,
            "photos": [
                photo(one, files.get(one.file_id), label, group="gallery") for one in photos if one.phase == phase
            ],
        }
        for phase, label in words.items()
    ]
    return [group for group in made if group["photos"]] or made[:1]


def sendings(found: list[Sending], names: dict[UUID, str]) -> list[dict[str, Any]]:
    """Its way from unit to unit: nothing of it is ever left out."""
    return [
        {
            "at": one.at,
            "unit": names.get(one.unit_id, "–"),
            "back": one.way == "returned",
            "way": choice_words(Sending.WAYS, one.way),
            "confidence": f"{round(100 * float(one.confidence))} %" if one.confidence is not None else "",
            "reason": one.reason,
            "who": one.by_name or _("the platform"),
            "post": one.by_post,
        }
        for one in found
    ]


def checks(found: list[Check]) -> list[dict[str, Any]]:
    return [
        {
            "result": choice_words(Check.RESULTS, one.result),
            "true": one.result == "verified",
            "words": one.words,
            "on": one.on,
            "who": one.by_name,
            "post": one.by_post,
        }
        for one in found
    ]


def holds(found: list[Hold]) -> list[dict[str, Any]]:
    return [
        {
            "engine": choice_words(Hold.ENGINES, one.engine),
            "what": _("a photo") if one.photo_id else _("words"),
            "label": one.label,
            "state": choice_words(Hold.STATES, one.state),
            "waiting": one.state == "waiting",
            "who": one.settled_by,
            "at": one.settled_at or one.at,
        }
        for one in found
    ]


def opinions(actor: Actor, found: list[Opinion]) -> list[dict[str, Any]]:
    return [
        {
            "kind": choice_words(Opinion.KINDS, one.kind),
            "objection": one.kind == "contest",
            "satisfied": one.satisfied,
            "words": heard(actor, one.words),
            "at": one.at,
        }
        for one in found
    ]


def public_version(report: Report, photos: list[ReportPhoto], files: dict[UUID, File], place: str) -> dict[str, Any]:
    """Beside what was sent, what everybody may read, and whether they may."""
    sorted_ = report.state != "submitted"
    return {
        "original": report.words,
        "original_place": whole_address(place, report.address),
        "words": report.public_words,
        "place": report.public_place,
        "public": report.public,
        "held": report.held,
        "looked_at": sorted_,
        "shown": [photo(one, files.get(one.file_id), "", group="public") for one in photos if one.shown],
        "photos": len(photos),
    }


def linked(report: Report, others: list[Report]) -> list[dict[str, Any]]:
    return [
        {
            "kind": _("Follows") if one.pk == report.duplicate_of_id else _("Follows this one"),
            "number": one.number,
            "url": url_of(one),
            "words": one.words[:60],
            "state": state_view(one),
        }
        for one in others
    ]


def timeline(actor: Actor, history: list[Act], names: dict[str, str], *, reasons: bool) -> list[dict[str, Any]]:
    """
    Newest first, in words: what happened, who, what changed, and whether the ledger sealed it.

    `reasons`: whether the reader may know why the seal was opened.
    """
    return [_entry(actor, act, names, reasons=reasons) for act in reversed(history)]


def _entry(actor: Actor, act: Act, names: dict[str, str], *, reasons: bool) -> dict[str, Any]:
    what = headline(REPORT, act, step_words(act.step))
    changes = [
        {"label": FIELDS[field], "before": change_words(field, old, names), "after": change_words(field, new, names)}
        for field, (old, new) in act.changes.items()
        if field in FIELDS and act.state[0] is not None
    ]
    note = "" if act.step == "open_seal" and not reasons else _note(act)
    if act.role == roles.CITIZEN:
        note = heard(actor, note)
    told = entry(act, what=what, note=note, changes=changes)
    return told | {"tone": clock_tone(act)}


def _note(act: Act) -> str:
    if by_clock(act) and act.data.get("level") and act.step != "answer":
        return _("Level %(level)s") % {"level": act.data["level"]}
    if act.step == "submit":
        return ""
    return next((str(act.data[key]) for key in NOTES if act.data.get(key)), "")
