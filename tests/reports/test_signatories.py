"""Who signs along with a reporter, and where the reporter works: sealed like the reporter, found by name, paid by the rules."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.ids import new_id
from anlan.kernel.models import Entry
from anlan.registry.models import Enterprise
from anlan.reports.actions import open_seal
from anlan.reports.models import Seal
from tests.reports.conftest import NAME, Town
from tests.reports.test_citizen_api import REPORT, Phone

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
LAN, GANG = "李小兰", "赵刚"
LANS = "13912345678"


def seals_of(report: Any) -> list[Seal]:
    with scope.acting(SYSTEM), scope.elevated("the test looks at everything"):
        return list(Seal.objects.filter(report_id=report).order_by("place"))


def test_those_who_sign_along_are_sealed_in_their_order_with_their_phones(town: Town) -> None:
    body = REPORT | {"id": str(new_id()), "joint": [{"name": LAN, "phone": LANS}, {"name": "  "}, GANG]}
    answer = Phone(town.reporter).post("reports", body)
    assert answer.status_code == 201, answer.content
    assert LAN not in answer.content.decode()
    first, *others = seals_of(body["id"])
    assert first.person_id == town.reporter.person
    assert [(one.place, one.name, one.phone, one.person_id) for one in others] == [
        (1, LAN, LANS, None),
        (2, GANG, "", None),
    ]
    with scope.acting(SYSTEM):
        entry = Entry.objects.get(subject_id=body["id"], step="submit")
    written = bytes(entry.body).decode()
    assert not [one for one in (LAN, GANG, LANS, NAME) if one in written]
    assert all(one.digest in written for one in others)
    with scope.acting(town.city.office):
        opened = open_seal(actor=town.city.office, report=UUID(body["id"]), reason="公安机关依法调取")
    assert [(one.name, one.phone) for one in opened][1:] == [(LAN, LANS), (GANG, "")]


@pytest.mark.parametrize(
    ("joint", "field"),
    [
        ([{"name": "王" * 61}], "joint"),
        ([{"name": LAN, "phone": "1" * 21}], "joint"),
        ([{"name": LAN, "id_number": "110105194912310020"}], "joint"),
        ([LAN] * 10, "joint"),
    ],
)
def test_nobody_signs_with_more_than_a_name_and_a_phone(town: Town, joint: Any, field: str) -> None:
    answer = Phone(town.reporter).post("reports", REPORT | {"joint": joint})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"].startswith(field)


def test_an_employer_is_found_by_a_part_of_its_name_and_nothing_else_of_it_is_told(town: Town) -> None:
    nobody = Phone(None)
    found = nobody.get("employers", words="翠岭铸造").json()["items"]
    assert [one["name"] for one in found] == ["翠岭铸造有限公司"]
    assert found[0].keys() == {"id", "name", "place"}
    assert nobody.get("employers", words="翠").json() == {"items": []}
    assert nobody.get("employers").status_code == 422
    with scope.acting(SYSTEM):
        Enterprise.objects.filter(pk=found[0]["id"]).update(status="closed")
    assert nobody.get("employers", words="翠岭铸造").json() == {"items": []}


def test_an_employer_stands_in_the_seal_alone_and_must_exist(town: Town) -> None:
    employer = town.city.enterprise.pk
    body = REPORT | {"id": str(new_id()), "employee_of": str(employer)}
    assert Phone(town.reporter).post("reports", body).status_code == 201
    assert [one.employee_of for one in seals_of(body["id"])] == [employer]
    with scope.acting(SYSTEM):
        entry = Entry.objects.get(subject_id=body["id"], step="submit")
    assert str(employer) not in bytes(entry.body).decode()
    # One beyond the reporter's county is an employer, too; one that does not exist is none.
    there = Phone(town.reporter).post("reports", REPORT | {"employee_of": str(town.city.n_enterprise.pk)})
    assert there.status_code == 201, there.content
    wrong = Phone(town.reporter).post("reports", REPORT | {"employee_of": str(uuid4())})
    assert wrong.status_code == 422
    assert [one["field"] for one in wrong.json()["errors"]] == ["employee_of"]
