"""The weekly comb and digest: what lies too long, what is late, who is behind."""

from datetime import timedelta

import pytest

from anlan.directives import queries
from anlan.directives.queries.digest import declared, weekly
from anlan.directives.states import STATES
from anlan.kernel import clock, scope
from tests.directives.conftest import TEXT, Desk

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_the_declared_sections_name_known_states_and_rows():
    codes = {state.code for state in STATES}
    assert len({one["code"] for one in declared()}) == len(declared())
    for one in declared():
        assert one["rows"] in ("tasks", "documents", "proposals")
        assert one["part"] in ("comb", "digest")
        assert set(one.get("states", [])) <= codes
        assert ("states" in one) == (one["rows"] == "tasks")


def counts(desk: Desk, actor=None) -> dict[str, int]:
    who = actor or desk.office
    with scope.acting(who):
        return {one.code: one.count for one in weekly(who).sections}


def test_a_document_nobody_looked_at(desk: Desk):
    desk.register()
    found = counts(desk)
    assert (found["unruled"], found["idle_documents"], found["unsigned"]) == (4, 1, 0)
    desk.accept(1, directive=desk.register(text=TEXT.replace("40号", "41号")))
    found = counts(desk)
    assert (found["unruled"], found["idle_documents"], found["unsigned"]) == (7, 1, 1)


def test_what_stands_still_and_what_is_late(desk: Desk):
    task = desk.signed_for()
    with clock.at(clock.now() + timedelta(days=15)):
        assert counts(desk)["still"] == 1
    with clock.at(clock.end_of(task.due - timedelta(days=3))):
        assert counts(desk)["due_soon"] == 1
    with clock.at(clock.end_of(task.due) + timedelta(days=1)), scope.acting(desk.office):
        found = weekly(desk.office)
        assert {one.code: one.count for one in found.sections}["overdue"] == 1
        (row,) = next(one.rows for one in found.sections if one.code == "overdue")
        assert row == (task.pk, task.number, task.what, desk.unit.name, task.due)
        assert found.units == ((desk.unit.name, 1, 1, 0),)
        assert found.first.weekday() == 0


def test_what_was_finished_this_week(desk: Desk):
    desk.done()
    assert counts(desk)["finished"] == 1
    with clock.at(clock.now() + timedelta(days=8)):
        assert counts(desk)["finished"] == 0


def test_a_county_sees_nothing_of_what_the_city_gave_its_neighbour(desk: Desk):
    desk.assigned()
    assert set(counts(desk, desk.city.n_office).values()) == {0}


def test_lists_go_on_by_page(desk: Desk):
    for number in range(3):
        desk.accept(1, directive=desk.register(text=TEXT.replace("40号", f"5{number}号")))
    with scope.acting(desk.office):
        first = queries.directives(desk.office, limit=2)
        rest = queries.directives(desk.office, after=first.after)
        assert len({one.pk for one in [*first.rows, *rest.rows]}) == 3
        assert (first.before, rest.after) == (None, None)
        assert queries.directives(desk.office, before=rest.before, limit=2).rows == first.rows
        assert [(one.open_proposals, one.open_tasks, one.all_tasks) for one in first.rows] == [(3, 1, 1), (3, 1, 1)]
        assert [one.reference for one in queries.directives(desk.office, words="〔2026〕51号").rows] == [
            "澜安办〔2026〕51号"
        ]
        mine = queries.TaskFilters(states=("assigned",), unit=desk.unit.pk)
        page = queries.tasks(desk.office, mine, limit=2)
        assert len(page.rows) == 2
        assert len(queries.tasks(desk.office, after=page.after).rows) == 1
        assert queries.count_tasks(desk.office, mine) == 3
        assert not queries.tasks(desk.office, queries.TaskFilters(states=("done",))).rows
        assert not queries.tasks(desk.office, queries.TaskFilters(late=True)).rows
    with scope.acting(desk.n_member):
        assert not queries.tasks(desk.n_member).rows
        assert not queries.directives(desk.n_member).rows


def test_the_units_a_name_may_mean(desk: Desk):
    directive = desk.register()
    with scope.acting(desk.office):
        found = queries.likely_units(desk.office, desk.proposal(directive, 1))
        assert [one.pk for one in found] == [desk.unit.pk, desk.n_unit.pk]
        assert queries.likely_units(desk.office, desk.proposal(directive, 4)) == []
    county = desk.register(desk.city.office, region=desk.unit.region)
    row = desk.proposal(county, 1)
    with scope.acting(desk.city.office):
        assert [one.pk for one in queries.likely_units(desk.city.office, row)] == [desk.unit.pk]
