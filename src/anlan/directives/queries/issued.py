"""Weekly digests: drafts for the office, what was issued for everybody who has business with it."""

from uuid import UUID

from anlan.directives.models import Digest, DigestDraft
from anlan.directives.rules import registers
from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound

SHOWN = 120


def digests(actor: Actor) -> list[Digest]:
    """The latest first; those of the offices that gave the reader's units tasks come along by the policy."""
    return list(Digest.objects.order_by("-week", "-issued_at")[:SHOWN])


def digest(digest_id: UUID) -> Digest:
    found = Digest.objects.filter(pk=digest_id).first()
    if found is None:
        raise NotFound
    return found


def digest_drafts(actor: Actor) -> list[DigestDraft]:
    rows = DigestDraft.objects.filter(scope.within(actor, industry=None)).order_by("-week")
    return [one for one in rows[:20] if registers(actor, one.region)]


def digest_draft(actor: Actor, draft_id: UUID) -> DigestDraft:
    found = DigestDraft.objects.filter(pk=draft_id).first()
    if found is None or not registers(actor, found.region):
        raise NotFound
    return found
