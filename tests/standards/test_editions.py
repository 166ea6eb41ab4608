"""An edition's way: written by one, reviewed by another, published for good, replaced from a day on."""

import json
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation

from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound, NotNow, Problem, WrongState
from anlan.kernel.ids import new_id
from anlan.kernel.models import Entry
from anlan.standards import actions, queries
from anlan.standards.models import Edition, Item
from anlan.standards.steps import digest
from tests.factories import CITY, COUNTY, NEIGHBOUR, City
from tests.standards.lists import change, codes_of, drafted, in_use, listed, published, step
from tests.together import outcomes_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def state_of(edition: Edition) -> Edition:
    return Edition.objects.select_related("checklist").get(pk=edition.pk)


def items_of(edition: Edition) -> list[Item]:
    return list(Item.objects.filter(edition=edition).order_by("place"))


def test_written_reviewed_published(city: City) -> None:
    checklist = listed(city.regulator)
    assert (checklist.region, checklist.code) == (COUNTY, "141002-gongmao-1")
    edition = drafted(city.regulator, checklist, "A1", "A2")
    assert (edition.state, edition.number, edition.author_name) == ("draft", 1, city.regulator.name)
    with pytest.raises(NotNow, match="somebody else must review"):
        step(city.regulator, edition, "review")
    assert step(city.regulator2, edition, "review").reviewer_id == city.regulator2.person
    done = step(city.regulator, edition, "publish")
    assert (done.state, done.in_force_from, done.in_force_to) == ("published", clock.today(), None)
    with scope.acting(SYSTEM):
        assert done.digest == digest(state_of(edition))
        entry = Entry.objects.get(subject_id=edition.pk, step="publish")
        assert entry.region == COUNTY
        assert json.loads(bytes(entry.body))["digest"] == done.digest


def test_whoever_changed_an_item_does_not_review_either(city: City) -> None:
    edition = drafted(city.regulator, listed(city.regulator), "A1")
    with scope.acting(city.regulator2):
        actions.add_item(actor=city.regulator2, edition=edition.pk, data={"code": "A2", "zh": "另一项措施"})
    for one in (city.regulator, city.regulator2):
        with pytest.raises(NotNow):
            step(one, edition, "review")
    assert step(city.office, edition, "review").state == "reviewed"


def test_an_edition_without_items_is_not_reviewed(city: City) -> None:
    edition = drafted(city.regulator, listed(city.regulator))
    with pytest.raises(NotNow, match="no items"):
        step(city.regulator2, edition, "review")


KEEPERS = {"office", "regulator", "regulator2", "city_office", "city_regulator"}


def test_only_keepers_of_territory_and_industry_write(city: City) -> None:
    checklist = listed(city.regulator)
    for name, actor in city.actors.items():

        def begin(actor: Any = actor) -> Any:
            with scope.acting(actor), transaction.atomic():
                made = actions.draft_edition(actor=actor, checklist=checklist.pk)
                transaction.set_rollback(True)
                return made

        if name in KEEPERS:
            assert begin().state == "draft", name
        else:
            with pytest.raises(Forbidden):
                begin()


def test_a_list_common_to_all_industries_belongs_to_the_office_and_its_department(city: City) -> None:
    common = listed(city.office, industry="", zh="共性检查清单")
    edition = drafted(city.office, common, "G1")
    for name in ("regulator", "other_field", "n_office", "n_regulator", "inspector", "leader", "principal"):
        with pytest.raises(Forbidden):
            step(city.actors[name], edition, "review")
    assert step(city.city_office, edition, "review").state == "reviewed"
    with pytest.raises(Invalid) as wrong:
        listed(city.regulator, industry="")
    assert list(wrong.value.fields) == ["industry"]


@pytest.mark.parametrize(
    ("name", "over", "field"),
    [
        ("regulator", {"region": CITY}, "region"),
        ("regulator", {"region": NEIGHBOUR}, "region"),
        ("other_field", {}, "industry"),
        ("regulator", {"industry": "magic"}, "industry"),
        ("regulator", {"zh": ""}, "zh"),
        ("regulator", {"code": "Gross Letters"}, "code"),
        ("regulator", {"kinds": ["party"]}, "kinds.0"),
    ],
)
def test_a_list_is_refused_with_the_reason_at_its_field(
    city: City, name: str, over: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as wrong:
        listed(city.actors[name], **over)
    assert list(wrong.value.fields) == [field]


def test_codes_of_lists_are_unique(city: City) -> None:
    assert listed(city.regulator).code != listed(city.regulator).code
    listed(city.n_regulator, code="ours")
    with pytest.raises(Invalid) as wrong:
        listed(city.regulator, code="ours")
    assert list(wrong.value.fields) == ["code"]
    with pytest.raises(Forbidden):
        listed(city.inspector)


def test_items_are_written_moved_and_removed_while_it_is_a_draft(city: City) -> None:
    edition = drafted(city.regulator, listed(city.regulator), "A1", "A2", "A3")
    first, second, _third = items_of(edition)
    actor = city.regulator
    with scope.acting(actor):
        actions.move_item(actor=actor, edition=edition.pk, item=first.pk, up=False)
        assert codes_of(items_of(edition)) == ["A2", "A1", "A3"]
        actions.move_item(actor=actor, edition=edition.pk, item=second.pk, up=True)  # the first stays the first
        assert codes_of(items_of(edition)) == ["A2", "A1", "A3"]
        actions.edit_item(
            actor=actor,
            edition=edition.pk,
            item=first.pk,
            data={"code": "A9", "zh": "改写后的措施", "weight": 5, "facilities": ["锅炉"], "grades": ["D"],
                  "major_clause": city.clause.pk},
        )  # fmt: skip
        actions.remove_item(actor=actor, edition=edition.pk, item=second.pk)
    changed = items_of(edition)
    assert codes_of(changed) == ["A9", "A3"]
    assert changed[0].applies == {"facility": ["boiler"], "grade": ["D"]}
    assert (changed[0].weight, changed[0].major_clause_id) == (5, city.clause.pk)
    steps = Entry.objects.filter(subject_id=edition.pk).order_by("version").values_list("step", flat=True)
    with scope.acting(actor):
        assert list(steps)[-4:] == ["move_item", "move_item", "edit_item", "remove_item"]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"code": "A1"}, "code"),
        ({"code": "空 格"}, "code"),
        ({"zh": ""}, "zh"),
        ({"weight": 11}, "weight"),
        ({"weight": 0}, "weight"),
        ({"facilities": ["飞碟"]}, "facilities"),
        ({"industries": ["magic"]}, "industries"),
        ({"grades": ["E"]}, "grades.0"),
        ({"law_clause": str(new_id())}, "law_clause"),
        ({"major_clause": str(new_id())}, "major_clause"),
        ({"evidence_asked": "oath"}, "evidence_asked"),
    ],
)
def test_a_wrong_item_is_refused_at_its_field(city: City, data: dict[str, Any], field: str) -> None:
    edition = drafted(city.regulator, listed(city.regulator), "A1")
    with scope.acting(city.regulator), pytest.raises(Invalid) as wrong:
        actions.add_item(actor=city.regulator, edition=edition.pk, data={"code": "A2", "zh": "一项措施"} | data)
    assert list(wrong.value.fields) == [field]
    assert codes_of(items_of(edition)) == ["A1"]


def test_items_of_another_edition_are_not_there(city: City) -> None:
    edition = drafted(city.regulator, listed(city.regulator), "A1")
    other = items_of(drafted(city.regulator, listed(city.regulator), "B1"))[0]
    for verb, more in ((actions.remove_item, {}), (actions.move_item, {"up": True}),
                       (actions.edit_item, {"data": {"code": "X", "zh": "一项措施"}})):  # fmt: skip
        with scope.acting(city.regulator), pytest.raises(NotFound):
            verb(actor=city.regulator, edition=edition.pk, item=other.pk, **more)  # type: ignore[operator]


def test_what_is_published_never_changes(city: City) -> None:
    edition = in_use(city, "A1")
    item = items_of(edition)[0]
    with scope.acting(city.regulator), pytest.raises(WrongState):
        actions.remove_item(actor=city.regulator, edition=edition.pk, item=item.pk)
    for change_it in (
        lambda: Item.objects.filter(pk=item.pk).update(zh="偷改"),
        lambda: Item.objects.filter(pk=item.pk).delete(),
        lambda: Item.objects.create(edition=edition, code="Z", place=9, zh="偷加"),
        lambda: Edition.objects.filter(pk=edition.pk).update(digest="0"),
    ):
        with scope.acting(SYSTEM), pytest.raises(DatabaseError), transaction.atomic():
            change_it()
    other = drafted(city.regulator, listed(city.regulator), "B1")
    with scope.acting(SYSTEM), pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Item.objects.filter(edition=other).update(edition=edition)
    assert codes_of(items_of(edition)) == ["A1"]


def test_the_next_edition_copies_and_replaces_from_its_day_on(city: City) -> None:
    first = in_use(city, "A1", "A2")
    with scope.acting(city.regulator):
        second = drafted(city.regulator, first.checklist, "A3")
    assert (second.number, codes_of(items_of(second))) == (2, ["A1", "A2", "A3"])
    with pytest.raises(Conflict, match="at work already"):
        drafted(city.regulator, first.checklist)
    start = clock.today() + timedelta(days=10)
    published(city, second, start=start)
    first, second = state_of(first), state_of(second)
    assert (first.state, first.in_force_to) == ("replaced", start - timedelta(days=1))
    assert (second.state, second.in_force_from) == ("published", start)
    asked = {
        day: queries.editions_for(enterprise=city.enterprise, kind="administrative", day=day)
        for day in (clock.today(), start - timedelta(days=1), start)
    }
    assert [[one.number for one in found] for found in asked.values()] == [[1], [1], [2]]


def test_an_edition_that_never_began_gives_the_one_before_back(city: City) -> None:
    first = in_use(city, "A1")
    second = published(city, drafted(city.regulator, first.checklist), start=clock.today() + timedelta(days=10))
    step(city.regulator, second, "withdraw", reason="措辞有误，重写")
    first = state_of(first)
    assert (first.state, first.in_force_to) == ("published", None)
    day = clock.today() + timedelta(days=30)
    assert queries.editions_for(enterprise=city.enterprise, kind="administrative", day=day) == [first]


def test_an_earlier_start_cuts_all_that_would_overlap(city: City) -> None:
    first = in_use(city, "A1")
    second = published(city, drafted(city.regulator, first.checklist), start=clock.today() + timedelta(days=10))
    third = published(city, drafted(city.regulator, first.checklist), start=clock.today() + timedelta(days=5))
    for days, wanted in ((0, first), (4, first), (5, third), (20, third)):
        day = clock.today() + timedelta(days=days)
        assert queries.editions_for(enterprise=city.enterprise, kind="administrative", day=day) == [wanted], days
    assert state_of(second).state == "replaced"


def test_withdrawn_it_is_asked_no_more_and_yesterday_stays(city: City) -> None:
    first = in_use(city, "A1")
    with scope.acting(SYSTEM):
        assert queries.items_for(enterprise=city.enterprise, kind="administrative", day=clock.today())
    step(city.office, first, "withdraw", reason="依据已废止")
    assert queries.items_for(enterprise=city.enterprise, kind="administrative", day=clock.today()) == []
    with pytest.raises(WrongState):
        step(city.office, first, "publish")


@pytest.mark.parametrize("days", [-1, -400])
def test_nothing_comes_into_force_in_the_past(city: City, days: int) -> None:
    edition = drafted(city.regulator, listed(city.regulator), "A1")
    step(city.office, edition, "review")
    with pytest.raises(Invalid) as wrong:
        step(city.office, edition, "publish", in_force_from=clock.today() + timedelta(days=days))
    assert list(wrong.value.fields) == ["in_force_from"]


def test_a_refused_publication_leaves_the_one_before_in_force(city: City) -> None:
    first = in_use(city, "A1")
    second = drafted(city.regulator, first.checklist)
    with pytest.raises(Problem):
        step(city.regulator, second, "publish")  # not reviewed
    step(city.office, second, "review")
    with pytest.raises(Forbidden):
        step(city.inspector, second, "publish")
    assert (state_of(first).state, state_of(first).in_force_to) == ("published", None)


def test_sent_back_it_is_reviewed_anew(city: City) -> None:
    edition = drafted(city.regulator, listed(city.regulator), "A1")
    step(city.office, edition, "review")
    with scope.acting(city.regulator), pytest.raises(WrongState):
        actions.add_item(actor=city.regulator, edition=edition.pk, data={"code": "A2", "zh": "一项措施"})
    back = step(city.office, edition, "send_back", reason="缺少依据")
    assert (back.state, back.reviewer_id) == ("draft", None)
    with pytest.raises(WrongState):
        step(city.office, edition, "publish")


def test_quiet_steps_are_no_buttons(city: City) -> None:
    edition = in_use(city, "A1")
    for name in ("replace", "restore", "fill", "nonsense"):
        with pytest.raises(NotFound):
            step(city.city_office, edition, name)
    with pytest.raises(NotFound), scope.acting(city.office):
        actions.take_step(actor=city.office, edition=new_id(), step="publish")


def test_the_list_itself_changes_by_its_keepers(city: City) -> None:
    edition = in_use(city, "A1")
    data = {"zh": "新名称清单", "kinds": ["self_check"], "active": True}
    with scope.acting(city.regulator):
        assert (
            actions.edit_checklist(actor=city.regulator, checklist=edition.checklist_id, data=data).zh == "新名称清单"
        )
        assert queries.items_for(enterprise=city.enterprise, kind="administrative", day=clock.today()) == []
        assert queries.items_for(enterprise=city.enterprise, kind="self_check", day=clock.today())
        actions.edit_checklist(
            actor=city.regulator, checklist=edition.checklist_id, data=data | {"kinds": [], "active": False}
        )
        assert queries.items_for(enterprise=city.enterprise, kind="self_check", day=clock.today()) == []
    for name in ("n_regulator", "other_field", "inspector", "auditor"):
        actor = city.actors[name]
        with scope.acting(actor), pytest.raises(Forbidden):
            actions.edit_checklist(actor=actor, checklist=edition.checklist_id, data=data)


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_two_publications_at_once_leave_one_in_force(city: City) -> None:
    first = in_use(city, "A1")
    second = drafted(city.regulator, first.checklist, "A2")
    step(city.office, second, "review")
    outcomes = outcomes_of(*(partial(step, one, second, "publish") for one in (city.office, city.city_office)))
    assert [one.code for one in outcomes if isinstance(one, Problem)] == ["flow.wrong_state"]
    assert sum(isinstance(one, Exception) for one in outcomes) == 1
    with scope.acting(SYSTEM):
        assert [one.number for one in Edition.objects.filter(checklist=first.checklist, state="published")] == [2]


def test_an_item_and_its_review_do_not_cross(city: City) -> None:
    """An item's insert waits for the review of its edition and is then refused."""
    edition = drafted(city.regulator, listed(city.regulator), "A1")
    with scope.acting(SYSTEM), transaction.atomic():
        Item.objects.create(edition=edition, code="A2", place=2, zh="草稿可加")
    step(city.office, edition, "review")
    with scope.acting(SYSTEM), pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Item.objects.create(edition=edition, code="A3", place=3, zh="审后不可加")
    assert change(city.enterprise, grade="A").grade == "A"
