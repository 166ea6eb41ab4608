"""Which post a signed-in person acts as: one at a time, switchable, remembered in the session."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from anlan.identity.acting import post_label, posts_of
from anlan.identity.models import Person, Post, Region
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM, Actor


def own_scope(person: Person) -> Actor:
    """Just enough to read one's own posts."""
    return Actor(person=person.pk, name=person.name, region=person.region)


def my_posts(person: Person) -> list[Post]:
    # As the platform: a post names its organisation, which its holder's id alone does not show.
    with scope.acting(SYSTEM):
        return posts_of(person.pk)


def post_for(request: HttpRequest) -> Post | None:
    """The post this session acts as; the first in office when the chosen one ended."""
    person: Any = request.user
    posts = my_posts(person)
    chosen = request.session.get("post")
    present = next((post for post in posts if str(post.pk) == chosen), posts[0] if posts else None)
    request.my_posts = switchable(posts, present)  # type: ignore[attr-defined]
    return present


def switchable(posts: list[Post], present: Post | None) -> list[dict[str, Any]]:
    """The posts as the page frame shows them: id, label, area, active."""
    codes = {post.region for post in posts} if len(posts) > 1 else set()
    areas = dict(Region.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}
    return [
        {"id": post.pk, "label": post_label(post), "area": areas.get(post.region, ""), "active": post is present}
        for post in posts
    ]


def choose_post(request: HttpRequest, post_id: UUID) -> bool:
    """Act as another of one's own posts from now on; False when it is not one's own or not in office."""
    person: Any = request.user
    if post_id not in {post.pk for post in my_posts(person)}:
        return False
    request.session["post"] = str(post_id)
    return True
