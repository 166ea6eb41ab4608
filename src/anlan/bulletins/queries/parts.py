"""What hangs on a bulletin: remarks, versions of its sections, its seal, and who may be asked."""

from uuid import UUID

from django.db.models import Max

from anlan.bulletins import checks, sealing
from anlan.bulletins.models import Bulletin, Remark, Writing
from anlan.bulletins.steps import signers
from anlan.kernel import scope
from anlan.kernel.actor import Actor

MOST = 200


def remarks(bulletin: Bulletin) -> list[Remark]:
    """Each with its answer, oldest first."""
    rows = Remark.objects.filter(of=bulletin, settles=None).select_related("settled_by").order_by("at", "id")
    return list(rows[:MOST])


def open_remarks(bulletin: Bulletin) -> int:
    count: int = checks.open_remarks(bulletin).count()
    return count


def writings(bulletin: Bulletin, section: str) -> list[Writing]:
    """Newest first."""
    return list(Writing.objects.filter(of=bulletin, section=section).order_by("-version", "-id")[:MOST])


def seal_holds(bulletin: Bulletin) -> bool:
    """Whether what is stored is still what was issued."""
    return bool(bulletin.digest) and sealing.digest_of(bulletin) == bulletin.digest


def signer_options(bulletin: Bulletin, actor: Actor) -> list[tuple[str, str]]:
    """Who may be asked to approve it: neither who wrote nor who reviews."""
    with scope.elevated("whoever approves may be anybody of the territory's leaders"):
        found = signers(bulletin.region)
    out = {*bulletin.writer_ids, str(actor.person)}
    return [(str(person), f"{name}（{post}）") for person, name, post in found if str(person) not in out]


def withdrawable(actor: Actor) -> list[tuple[UUID, str]]:
    """Issued bulletins of the actor's own territory."""
    rows = Bulletin.objects.filter(state="issued", region__in=[low for low, _high in actor.regions])
    return list(rows.order_by("-issued_on", "-id").values_list("pk", "number")[:50])


def next_order(bulletin: Bulletin, year: int) -> int:
    """The order that the next issued one gets, unless another is faster."""
    with scope.elevated("numbers count on wherever the last bulletin lies"):
        rows = Bulletin.objects.filter(region=bulletin.region, year=year)
        return (rows.aggregate(last=Max("order"))["last"] or 0) + 1
