"""Whose scope a transaction carries, through nesting, elevation, failure and savepoints."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.codes import subtree
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import write_note
from anlan.kernel.models import Entry

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
COUNTY, NEIGHBOUR = 141002000000, 141021000000


def reader(region: int = COUNTY, industries: int = -1) -> Actor:
    return Actor(person=new_id(), role="regulator", region=region, regions=(subtree(region),), industries=industries)


def seen() -> int:
    return Entry.objects.count()


@pytest.fixture
def notes() -> None:
    with scope.acting(SYSTEM):
        for region in (COUNTY, COUNTY, NEIGHBOUR):
            write_note(
                actor=SYSTEM, subject_type="test", subject_id=new_id(), step="noted", region=region, industry_bit=0
            )


@pytest.mark.usefixtures("notes")
def test_nested_scopes_change_and_come_back() -> None:
    with scope.acting(reader()):
        assert seen() == 2
        with scope.acting(reader(NEIGHBOUR)):
            assert seen() == 1
            with scope.elevated("a test"):
                assert seen() == 3
            assert seen() == 1
        assert seen() == 2
    assert seen() == 0
    assert scope.current() is None


@pytest.mark.usefixtures("notes")
def test_a_failure_inside_gives_the_outer_scope_back() -> None:
    with scope.acting(reader()):
        with pytest.raises(ZeroDivisionError), scope.acting(SYSTEM):
            raise ZeroDivisionError
        assert seen() == 2
        with pytest.raises(ZeroDivisionError), scope.elevated("a test"):
            raise ZeroDivisionError
        assert seen() == 2
        with pytest.raises(DatabaseError), scope.acting(SYSTEM), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        assert seen() == 2
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            scope.elevated("a test"),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT 1 / 0")
        assert seen() == 2
        with scope.elevated("a test"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
            assert seen() == 3
        assert seen() == 2


def test_elevation_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="reason"), scope.elevated(""):
        pass


@pytest.mark.usefixtures("notes")
def test_elevation_outside_a_scope_closes_again() -> None:
    with transaction.atomic():
        with scope.elevated("a test"):
            assert seen() == 3
        assert seen() == 0


@pytest.mark.usefixtures("notes")
def test_a_scope_of_several_ranges_and_of_none() -> None:
    two = Actor(role="regulator", regions=(subtree(COUNTY), subtree(NEIGHBOUR)), industries=-1)
    for actor, count in (
        (two, 3),
        (Actor(role="citizen"), 0),
        (Actor(role="regulator", regions=(subtree(COUNTY),)), 0),
    ):
        with scope.acting(actor):
            assert seen() == count


def test_what_one_writes_outside_is_refused(city: Any) -> None:
    from anlan.registry.models import Site

    with scope.acting(city.n_regulator), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        Site.objects.create(enterprise_id=city.enterprise.pk, name="二厂", region=COUNTY, industry_bit=0)


@settings(max_examples=60, deadline=None)
@given(
    ranges=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)).map(sorted), max_size=3),
    mask=st.integers(-1, 7),
    region=st.integers(0, 30),
    bit=st.integers(0, 2),
)
def test_the_plain_range_says_what_the_policy_says(ranges: list[list[int]], mask: int, region: int, bit: int) -> None:
    """`within` only chooses the index: it never shows less or more than row security."""
    actor = Actor(role="regulator", regions=tuple((low, high) for low, high in ranges if low < high), industries=mask)
    with transaction.atomic():
        with scope.acting(SYSTEM):
            write_note(actor=SYSTEM, subject_type="t", subject_id=new_id(), step="n", region=region, industry_bit=bit)
        with scope.acting(actor):
            by_policy = seen()
            assert by_policy == int(actor.covers(region, bit))
            assert Entry.objects.filter(scope.within(actor)).count() == by_policy
        with scope.acting(SYSTEM):
            assert Entry.objects.filter(scope.within(actor)).count() == by_policy
        transaction.set_rollback(True)
