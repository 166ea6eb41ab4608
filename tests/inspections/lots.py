"""What tests of draws are made of."""

from datetime import timedelta
from typing import Any

import pytest

from anlan.identity.acting import actor_for
from anlan.identity.models import Organisation, Post
from anlan.inspections import drawing
from anlan.inspections.actions.draws import announce_draw, hold_draw
from anlan.inspections.models import Draw
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.evidence import seal_all
from tests.factories import COUNTY
from tests.inspections.conftest import Field

database = pytest.mark.django_db(
    databases=["default", "owner"], transaction=True
)  # a head is signed over what is committed


def published(**over: Any) -> dict[str, Any]:
    firms = [{"id": f"e{n}", "name": f"企业{n}", "uscc": "", "county": "141002000000"} for n in range(20)]
    people = [
        {"id": f"p{n}", "name": f"人{n}", "county": "141002000000" if n % 2 else "141021000000"} for n in range(8)
    ]
    asked = {"enterprises": 6, "officers_each": 2, "most_each_officer": 3, "other_region": False}
    return {
        "rule": drawing.RULE, "seed": "ab12", "asked": asked, "enterprises": firms, "officers": people, "avoidances": [],
    } | over  # fmt: skip


def asked(**over: Any) -> dict[str, Any]:
    return {
        "title": "粉尘涉爆双随机", "region": COUNTY, "industry": "gongmao", "enterprises": 3,
        "planned_on": clock.today() + timedelta(days=7), "purpose": "年度双随机抽查",
    } | over  # fmt: skip


def held(actor: Actor, **over: Any) -> Draw:
    """Announced, sealed by the sequencer, drawn."""
    with scope.acting(actor):
        notice = announce_draw(actor=actor, data=asked(**over))
    seal_all()
    with scope.acting(actor):
        return hold_draw(actor=actor, notice=notice.pk)


def employ(city: Field, name: str, kind: str, region: int) -> Organisation:
    """Give a post a body of a kind; its actor speaks for it from now on."""
    with scope.acting(SYSTEM):
        body = Organisation.objects.create(id=new_id(), name=f"{region}{kind}", kind=kind, region=region, industries=-1)
        Post.objects.filter(pk=city.posts[name].pk).update(organisation=body)
        city.actors[name] = actor_for(Post.objects.select_related("person", "organisation").get(pk=city.posts[name].pk))
    return body
