"""Which hazards wait for an actor: those on which their next act is asked for now."""

from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q

from anlan.hazards.models import Signature
from anlan.hazards.rules import SIGNER_ROLES
from anlan.identity import roles
from anlan.identity.acting import in_office
from anlan.identity.models import Post
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.codes import subtree


def branches(actor: Actor) -> list[Q]:
    """
    What an actor may be waited for, each kind by itself, to be joined with the actor's scope (`filters.seen`).

    Apart, each finds its own index and gives its first rows in order; joined by OR they would walk all that is open.
    """
    person = [str(actor.person)]
    found = _signature(actor)
    match actor.role:
        case roles.REGULATOR:
            others = ~Q(rechecker_ids__contains=person) & ~Q(rectifier_ids__contains=person)
            unlisted = Q(listing_level="") | Q(delisted_at__isnull=False)
            near = _nearest(actor)
            found += [
                Q(state="found") & near,
                Q(state="accepted") & near & others & unlisted,
                Q(state="rectifying", asked_due__isnull=False) & near,
                _disputed(actor),
            ]
        case roles.OFFICE:
            listed, near = ~Q(listing_level="") & Q(delisted_at=None), _nearest(actor)
            found += [_disputed(actor), Q(state="accepted") & listed & near, listed & Q(published_at=None) & near]
        case roles.INSPECTOR | roles.GROUP_LEADER:
            found += [Q(state="rectified") & _nearest(actor) & ~Q(rectifier_ids__contains=person)]
        case roles.PRINCIPAL | roles.SAFETY_MANAGER:
            found += [Q(state__in=["claimed", "rectifying"], responsible_id__in=actor.enterprises)]
        case _:
            pass
    return found


def waits_for(actor: Actor) -> Q:
    """All of them together, for questions about few rows."""
    return any_of(branches(actor))


def any_of(found: list[Q]) -> Q:
    return reduce(or_, found, Q(pk__in=[]))


def _signature(actor: Actor) -> list[Q]:
    """Dispatched hazards whose missing signatures this role gives."""
    found = []
    for kind, role in SIGNER_ROLES.items():
        if role != actor.role:
            continue
        given = Signature.objects.filter(hazard=OuterRef("pk"), round=OuterRef("round"), signer=kind, refused=False)
        here = Q(responsible_id__in=actor.enterprises) if role == roles.PRINCIPAL else _nearest(actor)
        found.append(Q(state="dispatched", required_signers__contains=[kind]) & ~Exists(given) & here)
    return found


def signature_wanted(actor: Actor) -> Q:
    """Hazards that wait for this actor's signature."""
    return any_of(_signature(actor))


def _disputed(actor: Actor) -> Q:
    """
    Arbitration lies with the finder's own level or above, with nobody who found, graded or dispatched it; what one's own
    kind of post below dispatched comes up.
    """
    low, high = subtree(actor.region) if actor.region else (0, 0)
    below = Post.objects.filter(pk=OuterRef("regulator_post_id"), role=actor.role, region__gt=low, region__lt=high)
    parties = Q(finder_id=actor.person) | Q(dispatcher_id=actor.person) | Q(graded_by_id=actor.person)
    near = _nearest(actor)
    mine = Q(state="disputed") & ~parties
    return mine & Q(near | Q(Exists(below))) if near else mine  # an empty condition holds for all


def _nearest(actor: Actor) -> Q:
    """Without the lower territories where somebody of this role is in office: there it waits for them."""
    if actor.region is None:
        return Q()
    low, high = subtree(actor.region)
    below = Post.objects.filter(in_office(clock.today()), role=actor.role, region__gt=low, region__lt=high)
    masks: dict[int, int] = {}
    for region, industries in below.values_list("region", "industries"):
        masks[region] = masks.get(region, 0) | industries
    found = Q()
    for region, mask in sorted(masks.items()):
        first, last = subtree(region)
        theirs = Q(region__gte=first, region__lt=last)
        if mask != -1:
            theirs &= Q(industry_bit__in=[bit for bit in range(63) if (mask >> bit) & 1])
        found &= ~theirs
    return found
