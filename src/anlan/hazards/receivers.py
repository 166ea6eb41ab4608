"""What is heard from upstream: a finding of a visit or a self-check becomes a hazard in the same transaction."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop

from anlan.files.actions import copies
from anlan.hazards.actions import register_hazard, take_step
from anlan.hazards.categories import categories, category_name
from anlan.hazards.models import Hazard, Photo
from anlan.hazards.rules import is_inspector, is_regulator
from anlan.hazards.states import OPEN, UNREPAIRED
from anlan.hazards.steps.officers import visitors
from anlan.hazards.wording import grade_words, state_words
from anlan.identity.acting import actor_for
from anlan.identity.models import Post
from anlan.inspections.beside import categories_by, open_hazards_by
from anlan.inspections.events import FindingRecorded
from anlan.inspections.rules import as_visitor
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.kernel.events import hears
from anlan.standards.models import Clause
from anlan.standards.queries.criteria import is_in_force
from anlan.standards.rules import citation, is_topic

MOST_OPEN = 100
FEWEST_ON_SITE = 2
"""Officers who must have been there for a stop of use."""


@hears(FindingRecorded)
def register_finding(event: FindingRecorded) -> None:
    """Its own photos, copied: a photo belongs to one record, and this one now has two."""
    finding, actor = event.finding, event.actor
    finder = event.finder or actor
    with scope.elevated("whoever enters a finding sees the enterprise it was found at"):
        industry = finding.enterprise.industry_id
        site = finding.visit.site_id if finding.visit else None
    hazard = register_hazard(
        actor=actor,
        data={
            "source": event.source,
            "industry": industry,
            "region": finding.region,
            "enterprise": finding.enterprise_id,
            "site": site,
            "place": finding.place,
            "category": finding.category,
            "description": finding.description,
            "photos": copies(actor=actor, ids=[UUID(one) for one in finding.files]),
            "source_record": event.source_record,
            "style": event.style,
            "found_at": finding.found_at,
            "lon": finding.lon,
            "lat": finding.lat,
        },
        finder=finder,
        risk_point=finding.risk_point_id,
    )
    joined = hazard.version > 1
    if finding.major and not hazard.grade:
        hazard = _grade(finding.clause_id, hazard, finder)
    if event.order and not hazard.use_stopped and hazard.state in UNREPAIRED:
        _stop(event, hazard)
    event.settle(hazard.pk, hazard.number, joined)


def _grade(clause_id: UUID | None, hazard: Hazard, finder: Actor) -> Hazard:
    """Proposed as major by a clause in force: graded at once, as the finder's own act. Else the regulator grades it."""
    clause = Clause.objects.select_related("criteria").filter(pk=clause_id).first() if clause_id else None
    if clause is None or not is_in_force(clause, clock.day_of(hazard.found_at)):
        return hazard
    if hazard.state != "found" or hazard.finder_id != finder.person:
        return hazard  # a hazard that was open already keeps its own way
    if is_topic(clause):  # no ground by itself: whoever grades reads the standard; what the finder thought is not lost
        words = gettext_noop("Proposed as major on the visit. Only the topic of this clause is loaded:")
        remark = f"{words} {citation(clause)} {clause.zh}"
        return take_step(actor=finder, hazard=hazard.pk, step="add_evidence", data={"remark": remark})
    grade = {"grade": "major", "clause": clause.pk, "remark": gettext_noop("Proposed on the visit.")}
    return take_step(actor=finder, hazard=hazard.pk, step="grade", data=grade)


def _stop(event: FindingRecorded, hazard: Hazard) -> None:
    """
    The measure ordered on the spot holds for the hazard too, when two officers were there: of its territory, or on a
    cross-region visit, by whose formal basis they act there.

    Whoever ordered it stops the use, whoever records the visit; a second one stands beside them.
    """
    if event.order is None:
        return
    with scope.elevated("an officer may belong to a higher territory"):
        posts = Post.objects.select_related("person", "organisation").in_bulk(event.order.officers)
        visiting = visitors(hazard, posts)
    place: dict[str, Any] = {"region": hazard.region, "industry_bit": hazard.industry_bit}
    officers = [
        as_visitor(actor_for(posts[one]), **place) if one in visiting else actor_for(posts[one])
        for one in event.order.officers
        if one in posts
    ]
    serving = [one for one in officers if is_inspector(one, hazard) or is_regulator(one, hazard)]
    if len(serving) < FEWEST_ON_SITE:
        return
    first, second = serving[:2]
    data: dict[str, Any] = {"measure": event.order.words, "officers": [second.post]}
    with scope.acting(first):
        take_step(actor=first, hazard=hazard.pk, step="stop_use", data=data)


@open_hazards_by
def open_at(enterprise: UUID) -> list[dict[str, Any]]:
    """What is open at an enterprise, the worst and latest first, as far as the present scope reaches."""
    rows = list(
        Hazard.objects.filter(enterprise_id=enterprise, state__in=OPEN).order_by("-found_at", "-id")[:MOST_OPEN]
    )
    photos: dict[UUID, UUID] = {}
    for photo in Photo.objects.filter(hazard__in=rows, phase="before").order_by("at", "id"):
        photos.setdefault(photo.hazard_id, photo.file_id)
    return [
        {
            "id": str(row.pk),
            "number": row.number,
            "place": row.place,
            "description": row.description,
            "state": row.state,
            "state_label": state_words(row.state),
            "grade": row.grade,
            "grade_label": grade_words(row.grade),
            "due_on": row.rectify_due.isoformat() if row.rectify_due else None,
            "late": row.late,
            "recurrence": row.recurrence,
            "photo": f"/api/v1/files/{photos[row.pk]}/thumb" if row.pk in photos else None,
        }
        for row in sorted(rows, key=lambda one: (not one.major, not one.late))
    ]


@categories_by
def known_categories() -> dict[str, str]:
    return {code: category_name(code) for code in categories()}
