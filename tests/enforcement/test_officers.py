"""Whose certificate counts on an order: one that holds today, or the number kept with the account; each person once."""

from datetime import timedelta

import pytest

from anlan.enforcement.gates import officers_at_fault
from anlan.enforcement.kinds import kinds
from anlan.experts.models import Certificate
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.ids import new_id
from tests.enforcement.conftest import Bench
from tests.factories import COUNTY

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
ORDER = kinds()["rectification_order"]


def given(bench: Bench, name: str, number: str, *, days: int = 100) -> dict[str, str]:
    """A certificate that holds for so many days more."""
    actor = bench.city.actors[name]
    today = clock.today()
    with scope.acting(SYSTEM):
        Certificate.objects.create(
            id=new_id(), person_id=actor.person, number=number, region=COUNTY, valid_from=today - timedelta(days=300),
            valid_to=today + timedelta(days=days),
        )  # fmt: skip
    return {"name": actor.name, "certificate": number}


def fault(bench: Bench, *rows: dict[str, str]) -> str:
    with scope.acting(bench.city.regulator):
        return officers_at_fault(ORDER, rows)


def test_two_officers_with_certificates_of_either_register(bench: Bench) -> None:
    assert fault(bench, bench.officers[0], given(bench, "regulator", "晋C01")) == ""


def test_a_certificate_that_ran_out_is_nobody_s(bench: Bench) -> None:
    assert "晋C02" in fault(bench, bench.officers[0], given(bench, "regulator", "晋C02", days=-1))


def test_somebody_else_s_number_is_nobody_s(bench: Bench) -> None:
    row = given(bench, "regulator", "晋C03")
    assert "晋C03" in fault(bench, bench.officers[0], row | {"name": bench.city.leader.name})


def test_one_person_with_two_numbers_is_one_officer(bench: Bench) -> None:
    assert "2" in fault(bench, bench.officers[0], given(bench, "inspector", "晋C04"))
