"""Bearer tokens: one post each, shown once, stored as a hash."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.db.models import Q

from anlan.identity.acting import in_office
from anlan.identity.models import ApiToken, Post
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.ids import new_id

PREFIX = "anl_"


def digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def issue_token(*, post: Post, name: str, expires_at: datetime | None = None) -> str:
    """Make a token for a post; the returned secret is not recoverable later."""
    secret = PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(
        id=new_id(),
        post_id=post.pk,
        person_id=post.person_id,
        name=name,
        digest=digest(secret),
        created_at=clock.now(),
        expires_at=expires_at,
    )
    return secret


def post_of_token(secret: str) -> Post | None:
    """The post a valid token acts as, or None."""
    if not secret.startswith(PREFIX) or len(secret) > 100:
        return None
    now = clock.now()
    token = ApiToken.objects.filter(digest=digest(secret), revoked_at=None, person__is_active=True).first()
    if token is None or (token.expires_at and token.expires_at <= now):
        return None
    if token.last_used_at is None or now - token.last_used_at > timedelta(minutes=5):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    with scope.acting(SYSTEM):
        held = Post.objects.filter(in_office(clock.today()), Q(pk=token.post_id))
        return held.select_related("organisation", "person").first()
