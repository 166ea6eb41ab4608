"""Regions and supervision fields as people choose and read them."""

from collections.abc import Iterable

from django.db.models import Q

from anlan.identity.models import Region
from anlan.kernel.actor import Actor
from anlan.kernel.codes import ancestors
from anlan.kernel.phrases import in_tongue
from anlan.registry.models import Industry


def industries(actor: Actor | None = None) -> list[Industry]:
    """Those in use, in order of their bits; with an actor, those its post supervises."""
    rows = Industry.objects.filter(active=True).order_by("bit")
    return [row for row in rows if actor is None or (actor.industries >> row.bit) & 1]


def industry_names() -> dict[str, str]:
    """Code → name in the reader's language."""
    return {row.code: in_tongue(row) for row in Industry.objects.order_by("bit")}


def industry_bits() -> list[tuple[int, str]]:
    """Bit and name in the reader's language: what identity shows of a post's fields."""
    return [(row.bit, in_tongue(row)) for row in industries()]


def region_choices(actor: Actor) -> list[tuple[int, str]]:
    """Cities, counties and townships of the actor's territory in code order, indented by level."""
    place = Q(pk__in=[])
    for low, high in actor.regions:
        place |= Q(code__gte=low, code__lt=high)
    rows = Region.objects.filter(place, level__in=("city", "county", "township"), valid_to=None).order_by("code")
    depth = {"city": 0, "county": 1, "township": 2}
    found = list(rows.values_list("code", "name", "level"))
    top = min((depth[level] for _code, _name, level in found), default=0)
    return [(code, "\u3000" * (depth[level] - top) + name) for code, name, level in found]


def region_names(codes: Iterable[int]) -> dict[int, str]:
    """Each code with its name, a township's with its county in front: 尧都区解放路街道."""
    wanted = set(codes)
    needed = wanted | {above for code in wanted for above in ancestors(code)}
    rows = {row.code: row for row in Region.objects.filter(pk__in=needed)}
    return {code: _full(code, rows) for code in wanted}


def _full(code: int, rows: dict[int, Region]) -> str:
    own = rows.get(code)
    if own is None:
        return str(code)
    if own.level in ("province", "city", "county"):
        return own.name
    above = [rows[one].name for one in ancestors(code) if one in rows and rows[one].level in ("county", "township")]
    return "".join([*reversed(above), own.name])
