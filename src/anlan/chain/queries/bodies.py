"""Organisations and posts that may hold a duty, for pickers and checks."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from anlan.identity import roles
from anlan.identity.acting import in_office
from anlan.identity.models import Organisation, Post
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.kernel.codes import ancestors


def _reach(actor: Actor) -> Q:
    """The own territory, and the places above it: a city's brigade may lead in a county."""
    if not (own := scope.within(actor, industry=None)):
        return Q()  # the whole country
    above = {code for low, _high in actor.regions if low for code in ancestors(low)}
    return own | Q(region__in=above)


def bodies(actor: Actor) -> QuerySet[Organisation]:
    """Call inside `scope.elevated`: those above the territory lie beyond the actor's scope."""
    return Organisation.objects.filter(_reach(actor), active=True).exclude(kind="enterprise")


def holders(actor: Actor, day: date | None = None) -> QuerySet[Post]:
    """Posts of officials in office; call inside `scope.elevated`."""
    rows = Post.objects.filter(_reach(actor), in_office(day or clock.today()), person__is_active=True)
    return rows.filter(role__in=roles.OFFICIALS - {roles.EXPERT}).select_related("person", "organisation")


ABOVE = "bodies and posts above the territory may hold a duty in it; names alone are told"


def find_bodies(actor: Actor, words: str, *, limit: int = 20) -> list[Organisation]:
    with scope.elevated(ABOVE):
        return list(bodies(actor).filter(name__icontains=words.strip()[:60]).order_by("-region", "name")[:limit])


def find_holders(actor: Actor, words: str, *, limit: int = 20) -> list[Post]:
    words = words.strip()[:60]
    fits = Q(person__name__icontains=words) | Q(title__icontains=words) | Q(organisation__name__icontains=words)
    with scope.elevated(ABOVE):
        return list(holders(actor).filter(fits).order_by("-region", "person__name", "id")[:limit])


def chosen_bodies(actor: Actor, ids: Iterable[UUID]) -> list[Organisation]:
    with scope.elevated(ABOVE):
        return list(bodies(actor).filter(pk__in=list(ids)))


def chosen_holders(actor: Actor, ids: Iterable[UUID]) -> list[Post]:
    """Also those who left: a duty may still name them."""
    with scope.elevated(ABOVE):
        rows = Post.objects.filter(_reach(actor), pk__in=list(ids))
        return list(rows.select_related("person", "organisation"))
