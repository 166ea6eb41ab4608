"""From a visit and what hangs on it to the shapes the page's components take."""

from typing import Any
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from anlan.files.models import File
from anlan.inspections import beside
from anlan.inspections.flow import VISIT
from anlan.inspections.items import items_of_visit
from anlan.inspections.models import Answer, Finding, OnSite, Visit, VisitSignature
from anlan.inspections.queries.field import basis_of
from anlan.inspections.rules import members_of
from anlan.inspections.steps.recording import counts
from anlan.inspections.wording import (
    FIELDS,
    answer_words,
    change_words,
    check_words,
    day_words,
    kind_words,
    measure_words,
    party_words,
    reason_words,
    role_words,
    state_view,
    state_words,
    step_words,
    style_words,
    taken_on,
)
from anlan.kernel.ledger.read import Act
from anlan.kernel.phrases import in_tongue, listed, moment_words
from anlan.kernel.text import whole_address
from anlan.kernel.timeline import arrivals, by_clock, clock_tone, entry, headline, who
from anlan.registry.models import Enterprise, Site
from anlan.standards.models import Item
from anlan.standards.rules import citation

ROAD = ("planned", "assigned", "notified", "under_way", "recorded", "filed")
NOTES = ("reason", "remark", "words", "summary", "description")
QUIET = ("answer",)
"""Steps that the timeline counts together: a list of forty answers is no story."""


def stepper(visit: Visit, history: list[Act]) -> list[dict[str, Any]]:
    """The road with who came to each place and when; on the present one, whom it waits for."""
    arrived = arrivals(history)
    road = ["unannounced" if code == "notified" and visit.style != "notified" else code for code in ROAD]
    if visit.state not in road:  # cancelled, or between the last signature and the file
        road = [code for code in road if code in arrived] + [visit.state]
    here = road.index(visit.state)
    found = []
    for number, code in enumerate(road):
        status = "done" if number < here or not visit.open else "waiting"
        if number == here and visit.open:
            status = "late" if visit.late else "current"
        place: dict[str, Any] = {"label": state_words(code), "status": status}
        act = arrived.get(code)
        if status in ("current", "late"):
            place["who"] = _("Waits for %(who)s") % {"who": VISIT.state(code).waits_for}
        elif status == "done" and act is not None:
            place |= {"who": who(act), "at": act.at}
        found.append(place)
    return found


def fact(label: str, value: Any, *, wide: bool = False, url: str = "") -> dict[str, Any]:
    return {"label": label, "value": str(value).strip(), "wide": wide, "url": url}


def facts(
    visit: Visit,
    enterprise: Enterprise,
    site: Site | None,
    place: str,
    bodies: dict[str, str],
    planner: str,
    *,
    why: bool,
) -> list[dict[str, Any]]:
    """`why` says whether the reader may know the grounds of the visit."""
    occasion = [reason_words(visit.reason), visit.campaign, visit.reason_words] if why else [visit.campaign]
    shown = [
        fact(_("Enterprise"), enterprise.name, url=reverse("registry:enterprise", args=[enterprise.pk])),
        fact(_("Unified social credit code"), enterprise.uscc),
        fact(_("Address"), whole_address(place, site.address or site.name if site else enterprise.address), wide=True),
        fact(_("Day of the visit"), day_words(visit)),
        fact(_("Kind of visit"), f"{kind_words(visit.kind)} · {check_words(visit.check_kind)}"),
        fact(_("Style"), style_words(visit.style)),
        fact(_("The body that visits"), bodies.get(str(visit.organisation_id), "–")),
    ]
    optional = [
        (_("Occasion"), " · ".join(filter(None, occasion)), False),
        (_("Comes along"), listed(bodies.get(one, one) for one in visit.joined), False),
        (_("Planned by"), planner, False),
        (_("Formal basis"), visit.basis, True),
        (_("Why beyond the yearly cap"), visit.cap_exception if why else "", True),
        (_("Why apart from another department's visit"), visit.apart if why else "", True),
        (_("Notified at"), moment_words(visit.notified_at), False),
        (_("Arrived at"), moment_words(visit.arrived_at), False),
        (_("Check-in"), _check_in(visit), False),
        (_("Left at"), moment_words(visit.left_at), False),
        (_("Received by"), " ".join(filter(None, [visit.met_name, visit.met_title, visit.met_phone])), False),
        (_("What was seen"), visit.summary, True),
        (_("Reason"), visit.cancel_reason, True),
    ]
    return [*shown, *(fact(label, one, wide=wide) for label, one, wide in optional if one)]


def _check_in(visit: Visit) -> str:
    told = []
    if visit.arrived_by_code:
        told.append(_("by the code at the gate"))
    if visit.arrived_distance_m is not None:
        told.append(_("%(metres)s m from the registered place") % {"metres": f"{visit.arrived_distance_m:,}"})
    return " · ".join(told)


def members(visit: Visit) -> list[dict[str, Any]]:
    return [
        {
            "name": one.name,
            "role": role_words(one.role),
            "organisation": one.organisation,
            "certificate": one.certificate,
        }
        for one in members_of(visit)
    ]


def photos_of(visit: Visit) -> dict[str, dict[str, Any]]:
    """Every picture of the visit by its id."""
    rows = File.objects.filter(subject_type="visit", subject_id=visit.pk).exclude(kind="signature")
    return {str(row.pk): photo(row) for row in rows}


def pictures_of(visit: Visit) -> dict[str, dict[str, Any]]:
    """The same by the digest under which the sheet names them."""
    return {one["digest"]: one for one in photos_of(visit).values()}


def photo(file: File) -> dict[str, Any]:
    return {
        "url": reverse("files:show", args=[file.pk, "display"]),
        "thumb": reverse("files:show", args=[file.pk, "thumb"]),
        "taken_at": file.taken_at,
        "digest": file.sha256,
    }


def text_of(item: Item) -> str:
    return in_tongue(item)


def item_view(
    visit: Visit, item: Item, answer: Answer | None, found: list[Finding], pictures: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    return {
        "id": item.pk,
        "code": item.code,
        "text": text_of(item),
        "method": item.method,
        "basis": basis_of(item),
        "major": item.major_clause_id is not None,
        "value": answer.value if answer else "",
        "words": answer_words(answer.value) if answer else "",
        "remark": answer.remark if answer else "",
        "photos": [pictures[one] for one in answer.files if one in pictures] if answer else [],
        "findings": [one.place for one in found if one.item_id == item.pk and not one.withdrawn],
        "find_url": f"{reverse('inspections:step', args=[visit.pk, 'add_finding'])}?item={item.pk}",
    }


def checklist(
    visit: Visit, answers: dict[UUID, Answer], found: list[Finding], pictures: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """The items group by group, with how far it is."""
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    items = items_of_visit(visit)
    for item in items:
        name = text_of_list(item)
        groups.setdefault((name, item.group), []).append(item_view(visit, item, answers.get(item.pk), found, pictures))
    done = sum(1 for item in items if item.pk in answers)
    return {
        "groups": [
            {"label": " · ".join(filter(None, key)), "items": rows, "done": sum(1 for row in rows if row["value"])}
            for key, rows in groups.items()
        ],
        "done": done,
        "total": len(items),
        "left": len(items) - done,
        "no": sum(1 for one in answers.values() if one.value == "no"),
    }


def text_of_list(item: Item) -> str:
    checklist = item.edition.checklist
    return in_tongue(checklist)


def findings(found: list[Finding], pictures: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    names = beside.categories()
    return [
        {
            "key": str(one.pk),
            "place": one.place,
            "words": one.description,
            "category": names.get(one.category, one.category),
            "major": one.major,
            "clause": citation(one.clause) if one.clause else "",
            "finder": one.finder_name,
            "found_at": one.found_at,
            "withdrawn": one.withdrawn,
            "photos": [pictures[file] for file in one.files if file in pictures],
            "hazard": one.hazard_number,
            "hazard_url": hazard_url(one.hazard_id),
            "joined": one.joined,
        }
        for one in found
    ]


def hazard_url(hazard: UUID | None) -> str:
    """The record that answered the finding, when there is a page for it."""
    try:
        return reverse("hazards:record", args=[hazard]) if hazard else ""
    except NoReverseMatch:
        return ""


def measures(found: list[OnSite]) -> list[dict[str, Any]]:
    return [
        {
            "kind": measure_words(one.kind),
            "words": one.words,
            "people": one.people,
            "until": one.until,
            "who": one.person_name,
            "at": one.at,
        }
        for one in found
    ]


def signatures(visit: Visit, found: list[VisitSignature]) -> list[dict[str, Any]]:
    return [
        {
            "party": party_words(one.party),
            "name": one.name,
            "title": one.title,
            "at": one.at,
            "refused": one.refused,
            "reason": one.reason,
            "witnesses": one.witnesses,
            "drawing": reverse("files:show", args=[one.drawing_id, "display"]) if one.drawing_id else "",
            "bound": counts(one, visit),
            "taken_by": taken_on(visit, one),
            "digest": one.digest[:12],
        }
        for one in found
    ]


def open_hazards(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row | {"url": hazard_url(UUID(row["id"]))} for row in rows]


def timeline(history: list[Act]) -> list[dict[str, Any]]:
    """Newest first; runs of answers by one person are one line with their number."""
    found: list[dict[str, Any]] = []
    run: list[Act] = []
    for act in [*reversed(history), None]:
        if run and (act is None or act.step not in QUIET or act.actor_name != run[0].actor_name):
            found.append(_entry(run[0], count=len(run)))
            run = []
        if act is None:
            break
        if act.step in QUIET:
            run.append(act)
        else:
            found.append(_entry(act))
    return found


def _entry(act: Act, count: int = 0) -> dict[str, Any]:
    what = step_words(act.step)
    if count > 1:
        what = _("%(step)s (%(n)s)") % {"step": what, "n": count}
    changes = [
        {"label": FIELDS[field], "before": change_words(field, old), "after": change_words(field, new)}
        for field, (old, new) in act.changes.items()
        if field in FIELDS and act.state[0] is not None and act.step in ("reschedule", "arrive", "sign")
    ]
    told = entry(act, what=headline(VISIT, act, what), note="" if count > 1 else _note(act), changes=changes)
    return told | {"tone": clock_tone(act)}


def _note(act: Act) -> str:
    if by_clock(act):
        return (
            _("Level %(level)s") % {"level": act.data["level"]} if act.step != "file" and act.data.get("level") else ""
        )
    if act.step in ("assign", "reassign") and act.data.get("members"):
        return listed(
            f"{one['name']}（{one['certificate']}）" if one["certificate"] else str(one["name"])
            for one in act.data["members"]
        )
    if act.step == "record" and act.data.get("findings"):
        return listed(str(one["number"]) for one in act.data["findings"])
    if act.step == "sign":
        told = [
            party_words(str(act.data.get("party", ""))),
            str(act.data.get("name", "")),
            str(act.data.get("reason", "")),
        ]
        return " ".join(filter(None, told))
    if act.step == "join" and isinstance(act.data.get("joined"), dict):
        return str(act.data["joined"].get("name", ""))
    if act.step == "plan":
        return str(act.data.get("campaign", ""))
    return next((str(act.data[key]) for key in NOTES if act.data.get(key)), "")


def brief(visit: Visit, enterprise: Enterprise) -> list[dict[str, Any]]:
    """What a step's form says first."""
    return [
        fact(_("Number"), visit.number),
        fact(_("Enterprise"), enterprise.name),
        fact(_("Day of the visit"), day_words(visit)),
        fact(_("State"), state_view(visit)["label"]),
    ]
