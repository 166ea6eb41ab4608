"""Opening a year's assessment for many units, and publishing the results of all at once."""

from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from anlan.assessments import needs, rules
from anlan.assessments.actions.cards import ONLY_OFFICE
from anlan.assessments.cards import card
from anlan.assessments.flow import ASSESSMENT
from anlan.assessments.models import Assessment, Round, ScoreCard, Standing
from anlan.assessments.scoring.card import plain
from anlan.assessments.scoring.computing import by_group
from anlan.identity.models import Organisation
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.codes import subtree
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound, NotNow
from anlan.kernel.flow.take import begin, take
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import write_note
from anlan.kernel.numbering import next_number
from anlan.kernel.papers.paper import NUMBER, official_number
from anlan.kernel.turns import one_at_a_time
from anlan.kernel.wording import parsed

PREFIX, COUNTER = "KH", "assessment"


def open_round(*, actor: Actor, data: BaseModel | dict[str, Any], id: UUID | None = None) -> Round:  # noqa: A002
    """
    Open the assessment of the card's year for some units of its territory. Opened again, units that are new are added, with a later
    day for their self-score if one is given; the card and the other days stay. Raises Forbidden, NotFound, Invalid, Conflict when it was published.
    """
    checked = parsed(needs.OpenRound, data)
    version = ScoreCard.objects.filter(pk=checked.card).first()
    if version is None:
        raise NotFound
    if not rules.runs(actor, version.region):
        raise Forbidden(ONLY_OFFICE)
    _turn(version)
    units = _units(version, checked.units)
    found = Round.objects.filter(region=version.region, code=version.code, year=version.year).first()
    if found is not None and found.published_at is not None:
        raise Conflict(_("The results of this year were published already."), code="assessment.published")
    row = found or _new_round(actor, version, checked, id)
    have = set(Assessment.objects.filter(round=row).values_list("unit_id", flat=True))
    new = [unit for unit in units if unit.pk not in have]
    if new and max(row.self_by, checked.self_by) < clock.today():  # a unit that came late has time to score itself too
        raise Invalid(fields={"self_by": [_("This day has passed.")]})
    for unit in new:
        begin(ASSESSMENT, "open", _assessment(row, unit, max(row.self_by, checked.self_by)), actor=actor, data={})
    _note(actor, row, "open_assessment", {"year": row.year, "card": row.code, "units": [unit.name for unit in new]})
    return row


def _turn(one: Round | ScoreCard) -> None:
    one_at_a_time(f"assessment round {one.region} {one.code} {one.year}")


def _new_round(actor: Actor, version: ScoreCard, data: needs.OpenRound, key: UUID | None) -> Round:
    until = data.counts_until or date(version.year, 12, 31)
    if until.year != version.year:
        raise Invalid(fields={"counts_until": [_("It lies outside the card's year.")]})
    if data.self_by < clock.today():
        raise Invalid(fields={"self_by": [_("This day has passed.")]})
    row = Round(
        id=key or new_id(),
        region=version.region,
        year=version.year,
        card=version,
        code=version.code,
        basis=data.basis,
        counts_until=until,
        self_by=data.self_by,
        opened_at=clock.now(),
        opened_by=actor.name,
    )
    row.save(force_insert=True)
    return row


def _units(version: ScoreCard, ids: list[UUID]) -> list[Organisation]:
    low, high = subtree(version.region)
    wanted = list(dict.fromkeys(ids))
    rows = Organisation.objects.filter(pk__in=wanted, active=True, region__gte=low, region__lt=high)
    found = list(rows.exclude(kind__in=["enterprise", "group"]).order_by("region", "name", "id"))
    if len(found) != len(wanted):
        raise Invalid(fields={"units": [_("Choose units of your territory.")]})
    return found


def _assessment(row: Round, unit: Organisation, self_by: date) -> Assessment:
    return Assessment(
        id=new_id(),
        number=next_number(PREFIX, COUNTER, region=row.region, year=row.year),
        state="",
        state_since=clock.now(),
        round=row,
        unit=unit,
        unit_name=unit.name,
        region=unit.region,
        territory=row.region,
        year=row.year,
        self_by=self_by,
        counts_until=row.counts_until,
        created_at=clock.now(),
    )


def publish_round(*, actor: Actor, round: UUID, data: BaseModel | dict[str, Any]) -> Round:  # noqa: A002
    """
    Publish the results of all units of a round in one act, with their places: equal points share a place. Nothing of them changes
    afterwards. Raises NotFound, Forbidden, Conflict when it was done, NotNow while one is not decided.
    """
    checked = parsed(needs.Announce, data)
    row = Round.objects.filter(pk=round).first()
    if row is None:
        raise NotFound
    if not rules.runs(actor, row.region):
        raise Forbidden(ONLY_OFFICE)
    _turn(row)  # nobody adds a unit meanwhile, which would be left behind for ever
    row.refresh_from_db()
    if row.published_at is not None:
        raise Conflict(_("The results of this year were published already."), code="assessment.published")
    records = list(Assessment.objects.filter(round=row).exclude(state="left_out").order_by("-total", "unit_name", "id"))
    waiting = [one.unit_name for one in records if one.state != "decided"]
    if waiting or not records:
        raise NotNow(
            _("%(count)s units are not decided yet: %(names)s."),
            count=len(waiting),
            names="、".join(waiting[:5]) or "–",
            code="assessment.undecided",
        )
    if not NUMBER.fullmatch(checked.document):
        example = official_number("临安委办", clock.today().year, 3)
        raise Invalid(fields={"document": [_("A document's number looks like %(example)s.") % {"example": example}]})
    now = clock.now()
    definition = card(row.card_id)
    standings = []
    for record in records:
        rank = 1 + sum(other.total > record.total for other in records)  # type: ignore[operator]
        taken = take(ASSESSMENT, record.pk, "release", actor=actor, data={"rank": rank})
        groups = {code: plain(points) for code, points in by_group(definition, taken.lines).items()}
        standings.append(
            Standing(
                id=new_id(),
                round=row,
                assessment_id=taken.pk,
                unit_id=taken.unit_id,
                unit_name=taken.unit_name,
                total=taken.total,
                grade=taken.grade,
                rank=rank,
                groups=groups,
                at=now,
            )
        )
    Standing.objects.bulk_create(standings)
    row.published_at, row.document = now, checked.document
    row.save(update_fields=["published_at", "document"])
    _note(actor, row, "publish_assessment", {"year": row.year, "document": row.document, "units": len(standings)})
    return row


def _note(actor: Actor, row: Round, step: str, data: dict[str, Any]) -> None:
    write_note(actor=actor, subject_type="assessment_round", subject_id=row.pk, step=step, data=data, region=row.region)
