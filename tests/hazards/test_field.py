"""What a phone carries of hazards: only what waits for its owner, with forms that the verbs take as they are."""

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anlan.hazards.field import hazards_for
from anlan.hazards.flow import HAZARD
from anlan.hazards.forms.carried import CARRIED, carried
from anlan.hazards.forms.nouns import officers_at
from anlan.hazards.models import Hazard
from anlan.hazards.sheet import sheet
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.commands import Command, Done, command_kinds
from anlan.kernel.errors import Conflict, Invalid
from anlan.kernel.ids import new_id
from tests.factories import DRAWING, City

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def day(actor: Actor) -> list[dict[str, Any]]:
    with scope.acting(actor):
        return hazards_for(actor, clock.today())


def step_of(bundle: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in bundle["steps"] if one["name"] == name)


def send(actor: Actor, bundle: dict[str, Any], step: str, *, photos: tuple[UUID, ...] = (), **data: Any) -> Done:
    """As the executor does it, on the version that was downloaded."""
    kind = command_kinds["hazard.step"]
    asked = Command(
        id=new_id(), device=new_id(), seq=1, kind=kind.name, subject=UUID(bundle["id"]), base_version=bundle["version"],
        client_at=clock.now(), files=photos,
    )  # fmt: skip
    with scope.acting(actor):
        return kind.run(actor, asked, kind.needs.model_validate({"step": step, "data": data}))


def photo(city: City, actor: Actor) -> UUID:
    with scope.acting(actor):
        return city.photo(actor)


def test_an_inspector_carries_what_waits_for_a_recheck(city: City) -> None:
    hazard, other = city.rectified(), city.rectifying()
    (bundle,) = day(city.inspector)
    assert (bundle["id"], bundle["version"], bundle["state"]) == (str(hazard.pk), hazard.version, "rectified")
    assert (bundle["next"], bundle["enterprise_name"]) == ("recheck", city.enterprise.name)
    assert str(other.pk) not in str(bundle)
    assert {one["phase"] for one in bundle["photos"]} == {"before", "after"}
    assert bundle["history"][0]["who"] == city.safety_manager.name
    recheck = step_of(bundle, "recheck")
    assert recheck["main"]
    assert [one["name"] for one in recheck["asks"]] == ["passed", "remark", "photos", "on_site", "officers", "new_due"]
    new_due = recheck["asks"][-1]
    assert (new_due["required"], new_due["when"]) == (True, {"field": "passed", "value": False})
    done = send(
        city.inspector,
        bundle,
        "recheck",
        photos=(photo(city, city.inspector),),
        passed=True,
        remark="现场查看，已消除。",
    )
    assert done.record["state"] == "accepted"
    assert day(city.inspector) == []


def test_nobody_else_carries_it(city: City) -> None:
    """Neither the neighbour county, nor whoever rectified, nor those whose turn it is not."""
    city.rectified()
    assert day(city.n_inspector) == day(city.expert) == day(city.leader) == []
    assert day(city.n_principal) == []
    (own,) = day(city.principal)  # an enterprise sees all of its own; this one waits for others
    assert (own["next"], bool(own["waits_for"])) == ("", True)
    assert [one["name"] for one in own["steps"]] == ["add_evidence"]


def test_an_enterprise_knows_nothing_before_it_is_dispatched(city: City) -> None:
    city.found()
    assert day(city.principal) == day(city.safety_manager) == []


def test_signing_is_bound_to_the_sheet_that_was_downloaded(city: City) -> None:
    hazard = city.dispatched()
    (bundle,) = day(city.principal)
    with scope.acting(city.principal):
        assert bundle["sheet"]["digest"] == sheet(Hazard.objects.get(pk=hazard.pk)).digest
    assert bundle["sheet"]["photos"] == 1
    assert hazard.description in [one["value"] for one in bundle["sheet"]["facts"]]
    asks = {one["name"]: one for one in step_of(bundle, "sign")["asks"]}
    assert set(asks) == {"digest", "drawing"}, "a second factor's code is of no use without a network"
    assert asks["digest"]["value"] == bundle["sheet"]["digest"]
    with pytest.raises(Conflict):
        send(city.principal, bundle, "sign", digest="0" * 64, drawing=DRAWING)
    done = send(city.principal, bundle, "sign", digest=asks["digest"]["value"], drawing=DRAWING)
    assert done.version == bundle["version"] + 1
    assert day(city.principal)[0]["sheet"] is None, "whoever signed has nothing more to sign"
    assert day(city.safety_manager)[0]["sheet"] is None, "another post's signature is not one's own"


def test_a_signer_carries_every_photo_the_sheet_is_bound_to(city: City) -> None:
    seen = [photo(city, city.inspector) for _ in range(5)]
    city.dispatched(photos=seen)
    (bundle,) = day(city.inspector)
    carried_ = [one["file"] for one in bundle["photos"] if one["phase"] == "before"]
    assert (bundle["sheet"]["photos"], sorted(carried_)) == (5, sorted(str(one) for one in seen))


def test_plan_and_submission_from_the_carried_forms(city: City) -> None:
    hazard = city.claimed()
    (bundle,) = day(city.safety_manager)
    plan = {one["name"]: one for one in step_of(bundle, "plan")["asks"]}
    assert set(plan) == {"measure", "due"}, "a general hazard needs no more"
    assert (plan["measure"]["least"], plan["due"]["value"]) == (4, str(hazard.rectify_due))
    send(city.safety_manager, bundle, "plan", measure="加装固定护罩。", due=plan["due"]["value"])
    (bundle,) = day(city.safety_manager)
    assert bundle["next"] == "submit"
    submit = {one["name"]: one for one in step_of(bundle, "submit")["asks"]}
    assert (submit["photos"]["required"], submit["photos"]["least"], submit["finished_on"]["value"]) == (
        True,
        1,
        "today",
    )
    said = {"measure_done": "护罩已装好。", "finished_on": str(clock.today()), "cost": "1200.50"}
    done = send(city.safety_manager, bundle, "submit", photos=(photo(city, city.safety_manager),), **said)
    assert done.record["state"] == "rectified"
    with scope.acting(SYSTEM):
        assert Hazard.objects.get(pk=hazard.pk).cost_fen == 120_050


def test_what_a_major_hazard_asks_for_is_known_before_the_network_is_back(city: City) -> None:
    hazard = city.claimed(grade="major")
    plan = step_of(day(city.principal)[0], "plan")["asks"]
    asked = {one["name"]: one["required"] for one in plan}
    assert all(asked.values()), asked
    assert set(asked) == set(city.plan(hazard))
    rectified = city.rectified(grade="major", place="二号车间")
    bundle = next(one for one in day(city.inspector) if one["id"] == str(rectified.pk))
    asks = {one["name"]: one for one in step_of(bundle, "recheck")["asks"]}
    assert (asks["officers"]["required"], asks["officers"]["least"], asks["photos"]["required"]) == (True, 1, True)
    posts = [post for post, _words in asks["officers"]["options"]]
    assert str(city.posts["inspector2"].pk) in posts
    assert not {str(city.posts[one].pk) for one in ("inspector", "n_inspector", "principal")} & set(posts)
    one = photo(city, city.inspector)
    with pytest.raises(Invalid) as refused:
        send(city.inspector, bundle, "recheck", photos=(one,), passed=True, remark="现场查看，已消除。")
    assert set(refused.value.fields) == {"data.officers"}, "the reason stands at the field of the form"
    done = send(
        city.inspector, bundle, "recheck", photos=(one,), passed=True, remark="现场查看，已消除。",
        officers=[str(city.posts["inspector2"].pk)],
    )  # fmt: skip
    assert done.record["state"] == "accepted"


def test_a_conflict_says_who_was_first(city: City) -> None:
    city.rectified()
    (mine,), (theirs,) = day(city.inspector), day(city.inspector2)
    send(city.inspector2, theirs, "recheck", passed=True, remark="现场查看，已消除。")
    with pytest.raises(Conflict) as told:
        send(city.inspector, mine, "recheck", passed=True, remark="我也来看过。")
    assert city.inspector2.name in told.value.detail


@pytest.mark.parametrize(
    "step", [one for one in HAZARD.steps if not (one.clock or one.quiet or one.opens)], ids=lambda one: one.name
)
def test_every_step_has_a_form_or_a_page(city: City, step: Any) -> None:
    hazard = city.found()
    with scope.acting(city.regulator):
        asks = carried(
            step,
            hazard,
            city.regulator,
            officers=officers_at,
            digest="0" * 64 if step.name in ("sign", "refuse") else "",
        )
    if step.name in ("dispatch", "merge"):
        assert asks is None, "an enterprise or another hazard is picked from what no phone carries"
        return
    assert asks is not None
    assert {one["kind"] for one in asks} <= CARRIED
    assert all(one["options"] for one in asks if one["kind"] == "choice")
    assert all(one["label"] for one in asks)


def test_the_cost_does_not_grow_with_the_hazards(city: City) -> None:
    def queries(actor: Actor) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert day(actor)
        return len(asked)

    city.dispatched()
    before = queries(city.principal)
    for number in range(4):
        city.dispatched(place=f"{number}号库房")
    assert queries(city.principal) == before
    assert before < 30
