"""Cards as they are kept, read once; and those that this release ships."""

from functools import lru_cache
from importlib.resources import files
from uuid import UUID

from anlan.assessments.models import Assessment, Round, ScoreCard
from anlan.assessments.scoring.card import Card, parse, read_card

SHIPPED = ("district", "department")


@lru_cache(maxsize=64)
def card(key: UUID) -> Card:
    """The card of a published version, which never changes."""
    return read_card(ScoreCard.objects.values_list("definition", flat=True).get(pk=key))


def card_of(record: Assessment) -> Card:
    return card(Round.objects.values_list("card_id", flat=True).get(pk=record.round_id))


def shipped(code: str) -> Card:
    """An example to begin with: its weights are nobody's rule."""
    text = files("anlan.assessments").joinpath("data", f"{code}.toml").read_text(encoding="utf-8")
    return parse(text)
