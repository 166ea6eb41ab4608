"""
Who is principal of an enterprise: people, not enterprises. Those with an account by their post, those whom the register names, and those
whose duty card says so; each once, though several sources tell of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, When
from django.db.models.functions import Cast

from anlan.campaigns.returns.counting import Asked
from anlan.chain.models import DutyCard
from anlan.identity import roles
from anlan.identity.models import Post
from anlan.registry.models import Enterprise


@dataclass(frozen=True, kw_only=True)
class Principal:
    name: str
    enterprise: UUID
    firm: str


def firms(asked: Asked) -> Any:
    """The active enterprises of the unit's territory and fields."""
    low, high = asked.places
    here = Q(region__gte=low, region__lt=high, status="active")
    return Enterprise.objects.filter(here if asked.bits is None else here & Q(industry_bit__in=asked.bits))


def _posts(asked: Asked) -> Any:
    """Held on a day of the month."""
    rows = Post.objects.filter(role=roles.PRINCIPAL, valid_from__lt=asked.next_month, person__is_active=True)
    return rows.exclude(valid_to__lt=asked.month)


def _posted(asked: Asked) -> Any:
    return _posts(asked).filter(organisation_id__in=firms(asked).values("id"))


def _registered(asked: Asked) -> Any:
    """Named in the register, and nobody of that name holds the post; one name with one telephone is one person."""
    held = _posts(asked).filter(organisation_id=OuterRef("pk"), person__name=OuterRef("principal_name"))
    rows = firms(asked).exclude(principal_name="").exclude(Exists(held))
    own = Case(
        When(principal_phone="", then=Cast(F("id"), CharField())),
        default=F("principal_phone"),
        output_field=CharField(),
    )
    return rows.annotate(whose=own)


def _carded(asked: Asked) -> Any:
    """Named by a duty card alone."""
    held = _posts(asked).filter(organisation_id=OuterRef("enterprise_id"))
    held = held.filter(Q(person__name=OuterRef("holder_name")) | Q(person_id=OuterRef("holder_id")))
    rows = DutyCard.objects.filter(level="principal", active=True, enterprise_id__in=firms(asked).values("id"))
    return rows.exclude(holder_name="").exclude(holder_name=F("enterprise__principal_name")).exclude(Exists(held))


def count(asked: Asked) -> int:
    posted: int = _posted(asked).values("person_id").distinct().count()
    registered: int = _registered(asked).values("principal_name", "whose").distinct().count()
    carded: int = _carded(asked).values("enterprise_id", "holder_name").distinct().count()
    return posted + registered + carded


def found(asked: Asked, most: int) -> list[Principal]:
    """By enterprise; somebody who leads several stands at one of them."""
    rows = sorted(
        {one.name + str(key): one for key, one in _each(asked)}.values(), key=lambda one: (one.firm, one.name)
    )
    return rows[:most]


def _each(asked: Asked) -> Iterator[tuple[Any, Principal]]:
    posted = _posted(asked).order_by("person_id", "organisation__name").distinct("person_id")
    for person, name, firm, title in posted.values_list(
        "person_id", "person__name", "organisation_id", "organisation__name"
    ):
        yield person, Principal(name=name, enterprise=firm, firm=title)
    registered = _registered(asked).order_by("principal_name", "whose", "name").distinct("principal_name", "whose")
    for key, name, firm, title in registered.values_list("whose", "principal_name", "id", "name"):
        yield key, Principal(name=name, enterprise=firm, firm=title)
    carded = _carded(asked).order_by("enterprise_id", "holder_name").distinct("enterprise_id", "holder_name")
    for firm, name, title in carded.values_list("enterprise_id", "holder_name", "enterprise__name"):
        yield firm, Principal(name=name, enterprise=firm, firm=title)
