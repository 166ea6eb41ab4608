"""Which units of the territory a document may mean by the names it uses. Suggests, never decides."""

import re
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Q

from anlan.directives.models import Proposal
from anlan.directives.reading.organs import parts
from anlan.identity.models import Organisation
from anlan.kernel import scope
from anlan.kernel.actor import Actor

MOST = 40
_LEVEL = re.compile(r"^(?:省|市|县|区|本)(?=.{3})")
_ALL = re.compile(r"^(?:各|所有|有关|相关)")


def likely_units(actor: Actor, proposal: Proposal) -> list[Organisation]:
    """
    Those whose name is, or ends in, one that the proposal names (市应急局: …应急局), in the order of the text.

    A collective name (各县区安委会) means every unit whose name ends in what is left of it.
    """
    return likely_units_of(actor, [proposal])[proposal.pk]


def likely_units_of(actor: Actor, proposals: Sequence[Proposal]) -> dict[UUID, list[Organisation]]:
    """The same for many proposals, with one look at the register of units."""
    names = {one.pk: _names(one) for one in proposals}
    rows = _roster(actor, {name for found in names.values() for name in found})
    return {key: _fitting(found, rows)[:MOST] for key, found in names.items()}


def _names(proposal: Proposal) -> list[str]:
    bare = [_LEVEL.sub("", _ALL.sub("", one)) for one in parts(str(proposal.fields["who"]))]
    return [one for one in bare if len(one) >= 3]


def _roster(actor: Actor, names: Iterable[str]) -> list[Organisation]:
    fits = Q()
    for name in sorted(names):
        fits |= Q(name__endswith=name)
    if not fits:
        return []
    rows = Organisation.objects.filter(scope.within(actor, industry=None), fits, active=True)
    return list(rows.exclude(kind="enterprise").order_by("region", "name")[: 10 * MOST])


def _fitting(names: list[str], rows: list[Organisation]) -> list[Organisation]:
    found = [(place, row) for row in rows for place, name in enumerate(names) if row.name.endswith(name)]
    return list(dict.fromkeys(row for _place, row in sorted(found, key=lambda one: one[0])))
