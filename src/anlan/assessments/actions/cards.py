"""Publishing a version of a score card."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from anlan.assessments import needs, rules
from anlan.assessments.measures import measures
from anlan.assessments.models import ScoreCard
from anlan.assessments.scoring.card import CardError, read_card
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Forbidden, Invalid
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import write_note
from anlan.kernel.turns import one_at_a_time
from anlan.kernel.wording import parsed

ONLY_OFFICE = _("Only the committee office of the territory does this.")


def publish_card(*, actor: Actor, data: BaseModel | dict[str, Any], id: UUID | None = None) -> ScoreCard:  # noqa: A002
    """
    Publish a card for the actor's own territory. It must be whole, its measures known, and its version newer than the last of
    its code and year; rounds that were opened keep theirs. Raises Forbidden, or Invalid with every place that is wrong.
    """
    checked = parsed(needs.Publish, data)
    if actor.region is None or not rules.runs(actor, actor.region):
        raise Forbidden(ONLY_OFFICE)
    try:
        card = read_card(checked.card, measures=frozenset(measures))
    except CardError as error:
        reasons = [f"{place}: {reason}" if place else reason for place, reason in error.faults]
        raise Invalid(fields={"card": reasons}) from None
    one_at_a_time(f"score card {actor.region} {card.code} {card.year}")
    same = ScoreCard.objects.filter(region=actor.region, code=card.code, year=card.year)
    newest = same.order_by("-version").first()
    if newest and newest.version >= card.version:
        higher = _("Version %(n)s of this card is published already: a new one needs a higher number.")
        raise Invalid(fields={"card": [higher % {"n": newest.version}]})
    row = ScoreCard(
        id=id or new_id(),
        region=actor.region,
        code=card.code,
        year=card.year,
        version=card.version,
        zh=card.zh,
        en=card.en,
        definition=card.stored(),
        digest=card.digest,
        published_at=clock.now(),
        published_by=actor.name,
    )
    row.save(force_insert=True)
    write_note(
        actor=actor,
        subject_type="score_card",
        subject_id=row.pk,
        step="publish_score_card",
        data={"code": row.code, "year": row.year, "version": row.version, "sha256": row.digest},
        region=row.region,
    )
    return row
