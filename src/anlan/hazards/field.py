"""What a phone carries of hazards where there is no network: those that wait for its owner, with the forms of the steps."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.urls import reverse

from anlan.hazards.categories import category_name
from anlan.hazards.flow import HAZARD
from anlan.hazards.forms.carried import Officers, carried
from anlan.hazards.forms.nouns import officers_at
from anlan.hazards.models import Hazard, Photo, Recheck
from anlan.hazards.pages import brief, shapes
from anlan.hazards.pages.record import DANGER
from anlan.hazards.pages.signing import facts as sheet_facts
from anlan.hazards.queries import HazardFilters, enterprise_names, hazards
from anlan.hazards.queries.workbench import keep_rounds, next_step
from anlan.hazards.sheet import Sheet, sheets
from anlan.hazards.wording import grade_words, limit_words, moment_words
from anlan.identity import roles
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.flow.offers import offers
from anlan.kernel.ledger.read import Act, acts_of
from anlan.kernel.models import Entry
from anlan.registry.models import Enterprise
from anlan.registry.queries import region_names

MOST = 30
ACTS, PHOTOS_EACH = 8, 3
PHASES = ("before", "after", "recheck")


def hazards_for(actor: Actor, _day: date) -> list[dict[str, Any]]:
    """What waits for this post, soonest due first; an enterprise carries all of its own that are open."""
    filters = HazardFilters(states=("open",)) if actor.enterprises else HazardFilters(mine=True)
    wanted = [row.pk for row in hazards(actor, filters, order="due", limit=MOST).rows]
    known = Hazard.objects.select_related("industry", "clause", "site", "risk_point").in_bulk(wanted)
    rows = [known[pk] for pk in wanted if pk in known]
    keep_rounds(rows)
    return _Load(actor, rows).bundles() if rows else []


class _Load:
    """Everything that hangs on these hazards, read once for all of them."""

    def __init__(self, actor: Actor, rows: Sequence[Hazard]) -> None:
        ids = [row.pk for row in rows]
        self.actor, self.rows = actor, rows
        self.official = actor.role in roles.OFFICIALS
        self.names = enterprise_names({one for row in rows for one in (row.enterprise_id, row.responsible_id)})
        self.words = {str(key): name for key, name in self.names.items()}
        self.places = region_names({row.region for row in rows})
        self.visited = Enterprise.objects.in_bulk(
            {whom for row in rows if (whom := row.responsible_id or row.enterprise_id)}
        )
        self.photos = _by_hazard(ids)
        self.acts = _last_acts(ids)
        self.offered = {row.pk: [one for one in offers(HAZARD, row, actor) if one.allowed] for row in rows}
        signs = [row for row in rows if any(one.name in ("sign", "refuse") for one in self.offered[row.pk])]
        self.sheets: dict[UUID, Sheet] = sheets(signs) if signs else {}
        self.rechecks = _rounds(ids)
        self.officers: Officers = cache(officers_at)

    def bundles(self) -> list[dict[str, Any]]:
        return [self._bundle(row) for row in self.rows]

    def _bundle(self, row: Hazard) -> dict[str, Any]:
        state = HAZARD.state(row.state)
        mine = next_step(row, self.actor)
        whom = row.responsible_id or row.enterprise_id
        return {
            "id": str(row.pk),
            "number": row.number,
            "version": row.version,
            "state": row.state,
            "state_label": str(state.label),
            "grade": row.grade,
            "grade_label": grade_words(row.grade) if row.grade else "",
            "place": row.place,
            "description": row.description,
            "category_name": category_name(row.category),
            "enterprise_name": self.names.get(whom, "") if whom else "",
            "visited": self._visited(whom),
            "due_at": row.due_at,
            "due_on": row.due_at.astimezone(clock.SHANGHAI).date() if row.due_at else None,
            "due_label": limit_words(row.state),
            "late": row.late,
            "recurrence": row.recurrence,
            "use_stopped": row.stop_measure if row.use_stopped else "",
            "waits_for": "" if mine else str(state.waits_for),
            "next": mine if any(one.name == mine for one in self.offered[row.pk]) else "",
            "facts": [
                {"label": str(one["label"]), "value": str(one["value"])}
                for one in [*shapes.facts(row, self.words, self.places.get(row.region, "")), *shapes.plan(row)]
                if one["value"]
            ],
            "photos": self._photos(row),
            "history": [self._told(row, act) for act in self.acts.get(row.pk, [])],
            "sheet": self._sheet(row),
            "steps": self._steps(row),
            "url": reverse("hazards:record", args=[row.pk]),
        }

    def _visited(self, whom: UUID | None) -> dict[str, str] | None:
        """Where to go and whom to call, for those who see the enterprise itself."""
        one = self.visited.get(whom) if whom else None
        if one is None:
            return None
        return {"address": one.address, "principal_name": one.principal_name, "principal_phone": one.principal_phone}

    def _photos(self, row: Hazard) -> list[dict[str, Any]]:
        found = []
        for phase in PHASES:
            taken = [one for one in self.photos.get(row.pk, []) if one.phase == phase]
            # What was found is shown from its beginning; of the work and the rechecks the latest counts.
            # Who signs sees every photo that the sheet is bound to.
            if phase == "before":
                found += taken if row.pk in self.sheets else taken[:PHOTOS_EACH]
            else:
                found += taken[-PHOTOS_EACH:]
        return [
            {
                "file": str(one.file_id),
                "phase": one.phase,
                "label": str(one.get_phase_display()),
                "taken_at": one.file.taken_at,
            }
            for one in found
        ]

    def _told(self, row: Hazard, act: Act) -> dict[str, Any]:
        entry = shapes.timeline([act], self.words, {}, official=self.official)[0]
        return {"at": moment_words(act.at), "what": entry["what"], "who": entry["who"], "note": entry["note"]}

    def _sheet(self, row: Hazard) -> dict[str, Any] | None:
        """What one signs, whole and in words, with the digest the signature is bound to."""
        present = self.sheets.get(row.pk)
        if present is None:
            return None
        shown = [{"label": str(one["label"]), "value": str(one["value"])} for one in sheet_facts(row, present)]
        return {"facts": shown, "digest": present.digest, "photos": len(present.facts["photos"])}

    def _steps(self, row: Hazard) -> list[dict[str, Any]]:
        """Those this person may take now, what leads on first, as the record's page shows its buttons."""
        found = sorted(self.offered[row.pk], key=lambda one: (not one.step.listed, one.step.stays))
        present = self.sheets.get(row.pk)
        return [
            {
                "name": one.name,
                "label": one.label,
                "main": one.step.listed,
                "danger": one.name in DANGER,
                "consequence": str(one.step.consequence),
                "facts": [
                    {"label": str(fact["label"]), "value": str(fact["value"])}
                    for fact in brief.facts(one.name, row, rounds=self.rechecks.get(row.pk, []))
                ],
                "asks": carried(
                    one.step,
                    row,
                    self.actor,
                    officers=self.officers,
                    digest=present.digest if present and one.name in ("sign", "refuse") else "",
                ),
                "url": reverse("hazards:step", args=[row.pk, one.name]),
            }
            for one in found
        ]


def _by_hazard(ids: Sequence[UUID]) -> dict[UUID, list[Photo]]:
    found: dict[UUID, list[Photo]] = {}
    rows = Photo.objects.filter(hazard__in=ids, phase__in=PHASES).select_related("file").order_by("at", "id")
    for one in rows:
        found.setdefault(one.hazard_id, []).append(one)
    return found


def _rounds(ids: Sequence[UUID]) -> dict[UUID, list[Recheck]]:
    found: dict[UUID, list[Recheck]] = {}
    for one in Recheck.objects.filter(hazard__in=ids).order_by("at", "id"):
        found.setdefault(one.hazard_id, []).append(one)
    return found


def _last_acts(ids: Sequence[UUID]) -> dict[UUID, list[Act]]:
    """The last things people did with each, newest first; the clock's reminders are told by what is late."""
    nth = Window(RowNumber(), partition_by=F("subject_id"), order_by=F("version").desc())
    entries: list[Entry] = list(
        Entry.objects.filter(subject_id__in=ids, person_id__isnull=False).annotate(nth=nth).filter(nth__lte=ACTS)
    )
    found: dict[UUID, list[Act]] = {}
    for entry, act in zip(entries, acts_of(entries), strict=True):
        found.setdefault(entry.subject_id, []).append(act)
    return {pk: sorted(acts, key=lambda one: -one.version) for pk, acts in found.items()}
