"""Which hazards wait for an actor: those on which their next act is asked for now."""

from django.db.models import Exists, OuterRef, Q

from anlan.hazards.models import Signature
from anlan.hazards.rules import SIGNER_ROLES
from anlan.identity import roles
from anlan.identity.acting import in_office
from anlan.identity.models import Post
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.codes import subtree


def waits_for(actor: Actor) -> Q:
    """To be joined with the actor's scope (`filters.seen`)."""
    mine = _signature(actor)
    person = [str(actor.person)]
    match actor.role:
        case roles.REGULATOR:
            mine |= Q(state="found") & _nearest(actor)
            mine |= (
                Q(state="accepted")
                & _nearest(actor)
                & ~Q(rechecker_ids__contains=person)
                & ~Q(rectifier_ids__contains=person)
            )
            mine |= Q(state="rectifying", asked_due__isnull=False) & _nearest(actor)
            mine |= _disputed(actor)
        case roles.OFFICE:
            mine |= _disputed(actor)
            mine |= Q(state="accepted", delisted_at=None) & ~Q(listing_level="") & _nearest(actor)
            mine |= ~Q(listing_level="") & Q(published_at=None, delisted_at=None) & _nearest(actor)
        case roles.INSPECTOR | roles.GROUP_LEADER:
            mine |= Q(state="rectified") & _nearest(actor) & ~Q(rectifier_ids__contains=person)
        case roles.PRINCIPAL | roles.SAFETY_MANAGER:
            mine |= Q(state__in=["claimed", "rectifying"], responsible_id__in=actor.enterprises)
        case _:
            pass
    return mine


def _signature(actor: Actor) -> Q:
    """Dispatched hazards whose missing signatures this role gives."""
    found = Q(pk__in=[])
    for kind, role in SIGNER_ROLES.items():
        if role != actor.role:
            continue
        given = Signature.objects.filter(hazard=OuterRef("pk"), round=OuterRef("round"), signer=kind, refused=False)
        here = Q(responsible_id__in=actor.enterprises) if role == roles.PRINCIPAL else _nearest(actor)
        found |= Q(state="dispatched", required_signers__contains=[kind]) & ~Exists(given) & here
    return found


def signature_wanted(actor: Actor) -> Q:
    """Hazards that wait for this actor's signature."""
    return _signature(actor)


def _disputed(actor: Actor) -> Q:
    """Arbitration lies with the finder's own level or above, with neither the finder nor the one who dispatched it."""
    return Q(state="disputed") & ~Q(finder_id=actor.person) & ~Q(dispatcher_id=actor.person) & _nearest(actor)


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
