"""From a hazard and what hangs on it to the shapes the page's components take."""

import re
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from anlan.chain.wording import chain_links
from anlan.files.models import File
from anlan.hazards.categories import category_name
from anlan.hazards.flow import HAZARD
from anlan.hazards.models import Hazard, Photo
from anlan.hazards.needs import Plan
from anlan.hazards.pages.common import url_of
from anlan.hazards.queries.detail import Linked, Signed
from anlan.hazards.wording import (
    DECISIONS,
    FIELDS,
    change_words,
    day_words,
    signer_words,
    source_words,
    state_view,
    state_words,
    step_words,
    style_words,
    wait_words,
)
from anlan.identity.queries import Named
from anlan.kernel.forms import questions, yuan
from anlan.kernel.ledger.read import Act
from anlan.kernel.phrases import in_tongue, listed, moment_words
from anlan.kernel.timeline import arrivals, by_clock, clock_tone, entry, headline, who
from anlan.reports.models import Report
from anlan.reports.wording import state_view as report_state

ROAD = ("found", "dispatched", "claimed", "rectifying", "rectified", "accepted", "closed")
LINKS = {
    "previous": gettext_lazy("Found there before"),
    "later": gettext_lazy("Found there again"),
    "survivor": gettext_lazy("Merged into"),
    "merged": gettext_lazy("Merged from"),
    "part": gettext_lazy("Part that was split off"),
    "whole": gettext_lazy("Split off from"),
}
NOTES = ("reason", "remark", "demands", "measure_done", "measure", "description")
NAMED_POSTS = 3


def title(hazard: Hazard) -> str:
    words = hazard.description.replace("\n", " ")
    return _("%(place)s: %(words)s") % {"place": hazard.place, "words": f"{words[:60]}{'…' if len(words) > 60 else ''}"}


def stepper(hazard: Hazard, history: list[Act], next_ones: list[Named]) -> list[dict[str, Any]]:
    """The road with who came to each place and when; on the present one, whom it waits for."""
    arrived = arrivals(history)
    road = list(ROAD)
    if hazard.state == "disputed":
        road.insert(road.index("dispatched") + 1, "disputed")
    elif hazard.state not in road:  # it ended beside the road
        road = [code for code in road if code in arrived] + [hazard.state]
    here = road.index(hazard.state)
    return [
        _place(hazard, code, _status(hazard, number, here), arrived.get(code), next_ones)
        for number, code in enumerate(road)
    ]


def _status(hazard: Hazard, number: int, here: int) -> str:
    if number != here:
        return "done" if number < here else "waiting"
    return "late" if hazard.late else "current" if hazard.open else "done"


def _place(hazard: Hazard, code: str, status: str, act: Act | None, next_ones: list[Named]) -> dict[str, Any]:
    found: dict[str, Any] = {"label": state_words(code), "status": status}
    if status in ("current", "late"):
        found["who"] = _("Waits for %(who)s") % {"who": waits_for(hazard, next_ones)}
    elif status == "done" and act is not None:
        found |= {"who": who(act), "at": act.at}
    return found


def chain(hazard: Hazard) -> list[dict[str, Any]]:
    """Who answered for place, field and enterprise when it was registered, as facts."""
    return [{"label": link.label, "value": link.words} for link in chain_links(hazard.chain)]


def waits_for(hazard: Hazard, next_ones: list[Named]) -> str:
    if not next_ones:
        return str(HAZARD.state(hazard.state).waits_for)
    names = listed(dict.fromkeys(one.name for one in next_ones[:NAMED_POSTS]))
    return f"{names} …" if len(next_ones) > NAMED_POSTS else names


def facts(hazard: Hazard, names: dict[str, str], place: str) -> list[dict[str, Any]]:
    responsible, found_at = names.get(str(hazard.responsible_id), ""), names.get(str(hazard.enterprise_id), "")
    shown = [
        _fact(_("What is wrong"), hazard.description, wide=True),
        _fact(_("Responsible enterprise"), responsible or _("not yet dispatched")),
        _fact(_("Found at"), moment_words(hazard.found_at)),
        _fact(_("Place"), f"{place} {hazard.site.name if hazard.site else ''} {hazard.place}", wide=True),
        *_risk_point(hazard),
        _fact(_("Supervision field"), _industry(hazard)),
        _fact(_("Category"), category_name(hazard.category)),
        _fact(_("Source"), " · ".join(filter(None, [source_words(hazard.source), style_words(hazard.style) if hazard.style else "", hazard.source_record]))),
        _fact(_("Finder"), hazard.finder_name),
    ]  # fmt: skip
    if found_at and found_at != responsible:
        shown.append(_fact(_("Found at the enterprise"), found_at))
    optional = [
        (_("Basis"), hazard.basis and f"{hazard.basis}{_evidence(hazard)}", True),
        (_("Rectify by"), day_words(hazard.rectify_due), False),
        (_("Dispatched by"), hazard.regulator_name, False),
        (_("What was done"), hazard.measure_done, True),
        (_("Finished on"), day_words(hazard.finished_on), False),
        (_("Cost (yuan)"), yuan(hazard.cost_fen), False),
        (_("Listed at level"), hazard.get_listing_level_display() if hazard.listing_level else "", False),
        (_("Published"), moment_words(hazard.published_at), False),
        (_("Delisted"), moment_words(hazard.delisted_at), False),
        (_("Use stopped"), hazard.stop_measure if hazard.use_stopped else "", True),
        (_("Date asked for"), f"{day_words(hazard.asked_due)} {hazard.asked_reason}".strip(), True),
        (_("Reason"), hazard.reason, True),
        (_("Transferred to"), hazard.transferred_to, False),
        (_("Recurrence"), hazard.recurrence or "", False),
        (_("Failed rechecks"), hazard.failed_rounds or "", False),
        (_("Reopened"), hazard.reopened or "", False),
        (_("Position"), f"{hazard.lat}, {hazard.lon}" if hazard.lat is not None else "", False),
    ]
    return [*shown, *(_fact(label, str(value), wide=wide) for label, value, wide in optional if value)]


def _fact(label: str, value: str, *, wide: bool = False) -> dict[str, Any]:
    return {"label": label, "value": value.strip(), "wide": wide}


def _risk_point(hazard: Hazard) -> list[dict[str, Any]]:
    point = hazard.risk_point
    if point is None:
        return []
    return [{"label": _("Risk point"), "value": point.name, "url": reverse("risks:point", args=[point.pk])}]


def _evidence(hazard: Hazard) -> str:
    """How far the cited clause was verified, as the criteria pages mark it."""
    return f" [{hazard.clause.evidence}]" if hazard.clause else ""


def _industry(hazard: Hazard) -> str:
    return in_tongue(hazard.industry)


def plan(hazard: Hazard) -> list[dict[str, Any]]:
    """The rectification plan, part by part in the words it was asked in."""
    found = []
    for question in questions(Plan):
        value = hazard.plan.get(question.name)
        if value not in (None, ""):
            words = yuan(int(value)) if question.widget == "money" else str(value)
            found.append({"label": question.label, "value": words, "wide": question.widget == "prose"})
    return found


def citizens_reports(found: list[Report]) -> list[dict[str, Any]]:
    return [
        {
            "number": one.number,
            "url": reverse("reports:record", args=[one.pk]),
            "at": one.reported_at,
            "words": one.words[:80],
            "state": report_state(one),
        }
        for one in found
    ]


def photo(file: File, *, official: bool, caption: str = "") -> dict[str, Any]:
    place = f"{file.lat}, {file.lon}" if official and file.lat is not None else ""
    return {
        "url": reverse("files:show", args=[file.pk, "display"]),
        "thumb": reverse("files:show", args=[file.pk, "thumb"]),
        "caption": caption,
        "taken_at": file.taken_at,
        "place": place,
    }


def before_and_after(photos: list[Photo], *, official: bool) -> list[dict[str, Any]]:
    return [
        {"label": label, "photos": [photo(one.file, official=official) for one in photos if one.phase == phase]}
        for phase, label in (("before", _("Before")), ("after", _("After")))
    ]


def other_photos(photos: list[Photo], *, official: bool) -> list[dict[str, Any]]:
    groups = [
        {"label": label, "photos": [photo(one.file, official=official) for one in photos if one.phase == phase]}
        for phase, label in (("recheck", _("Recheck")), ("other", _("Further evidence")))
    ]
    return [group for group in groups if group["photos"]]


def signatures(found: list[Signed]) -> list[dict[str, Any]]:
    return [
        {
            "signer": signer_words(one.signature.signer),
            "who": one.signature.person_name,
            "post": one.signature.post_label,
            "at": one.signature.at,
            "refused": one.signature.refused,
            "reason": one.signature.reason,
            "method": one.signature.get_method_display(),
            "round": one.signature.round,
            "present_round": one.present_round,
            "bound": one.bound,
            "changed": listed(fact_words(key) for key in one.changed),
            "drawing": reverse("files:show", args=[one.signature.drawing_id, "display"])
            if one.signature.drawing_id
            else "",
            "digest": one.signature.digest[:12],
        }
        for one in found
    ]


SHEET_WORDS: dict[str, Any] = {
    "number": gettext_lazy("Number"),
    "finder": gettext_lazy("Finder"),
    "responsible": gettext_lazy("Responsible enterprise"),
    "photos": gettext_lazy("Photos"),
}


def fact_words(key: str) -> str:
    return str(SHEET_WORDS.get(key) or FIELDS.get(key, key))


def links(found: list[Linked]) -> list[dict[str, Any]]:
    return [
        {"kind": LINKS[one.kind], "number": one.hazard.number, "place": one.hazard.place, "url": url_of(one.hazard), "state": state_view(one.hazard)}
        for one in found
    ]  # fmt: skip


def timeline(
    history: list[Act], names: dict[str, str], photos: dict[int, list[Photo]], *, official: bool
) -> list[dict[str, Any]]:
    """Newest first, in words: what happened, who, what changed, and whether the ledger sealed it."""
    return [_entry(act, names, photos.get(act.version, []), official=official) for act in reversed(history)]


def _entry(act: Act, names: dict[str, str], photos: list[Photo], *, official: bool) -> dict[str, Any]:
    what = step_words(act.step)
    if said := decided(act):
        what = _("%(step)s: %(decision)s") % {"step": what, "decision": said}
    changes = [
        {"label": FIELDS[field], "before": change_words(field, old, names), "after": change_words(field, new, names)}
        for field, (old, new) in act.changes.items()
        if field in FIELDS and act.state[0] is not None
    ]
    return entry(act, what=headline(HAZARD, act, what), note=_note(act), changes=changes) | {
        "photos": [photo(one.file, official=official, caption=headline(HAZARD, act, what)) for one in photos],
        "tone": clock_tone(act),
    }


def decided(act: Act) -> str:
    """What a decision came to, as its headline; "" for steps that decide nothing."""
    yes_or_no = {
        "decide_extension": ("granted", pgettext("extension", "granted"), pgettext("extension", "refused")),
        "recheck": ("passed", _("passed"), _("not passed")),
        "look_back": ("holds", _("holds"), _("does not hold")),
    }
    if act.step in yes_or_no:
        key, yes, no = yes_or_no[act.step]
        return yes if act.data.get(key) else no
    if act.step == "arbitrate":
        return re.split("[:：]", str(dict(DECISIONS).get(str(act.data.get("decision")), "")))[0]
    return ""


def _note(act: Act) -> str:
    if by_clock(act) and act.data.get("level"):
        words = _("Level %(level)s") % {"level": act.data["level"]}
        return f"{wait_words(act.data['wait'])}\n{words}" if act.data.get("wait") else words
    words = next((str(act.data[key]) for key in NOTES if act.data.get(key)), "")
    if act.data.get("officers") and isinstance(act.data["officers"][0], dict):
        together = listed(str(one["name"]) for one in act.data["officers"])
        words = f"{words}\n{_('Together with %(who)s') % {'who': together}}"
    if act.data.get("part_number"):
        words = f"{words}\n{act.data['part_number']}"
    return words.strip()
