"""What an addressee reads of where an instrument comes from: a record's own number, and nothing of who reported."""

from typing import Any
from uuid import uuid4

import pytest

from anlan.enforcement.filling import filled, grounds_of
from anlan.enforcement.models import Instrument
from anlan.kernel import scope
from anlan.kernel.errors import Invalid
from anlan.reports.models import Report
from tests.enforcement.conftest import Bench
from tests.factories import City, make_city
from tests.reports.conftest import Town, make_town
from tests.sessions import SignedIn

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
RAW = "我是三车间的王小明，电话13935710001，安全出口上了锁。"


@pytest.fixture
def town(db: None) -> Town:
    return make_town(make_city())


@pytest.fixture
def verified(town: Town) -> Report:
    return town.verified(words=RAW, address="三车间王小明工位")


@pytest.mark.parametrize("code", ["warning_letter", "penalty_notice", "rectification_order", "supervise_letter"])
def test_words_drafted_from_a_report_lead_nobody_back_to_who_reported(town: Town, verified: Report, code: str) -> None:
    with scope.acting(town.city.office):
        said = str(filled(code, grounds_of("report", verified.pk), town.city.office))
        of_hazard = str(filled(code, grounds_of("hazard", verified.hazard_id), town.city.office))
    for told in (said, of_hazard):
        assert "安全出口确实上锁" in told
        for secret in (verified.number, "王小明", "13935710001"):
            assert secret not in told, secret
    assert ("举报" in said) == (code == "supervise_letter"), "the body that supervises knows; an enterprise is not told"


def ask(bench: Bench, **source: Any) -> dict[str, Any]:
    fields = bench.fields("warning_letter")
    return {"kind": "warning_letter", "enterprise": str(bench.city.enterprise.pk), "fields": fields, **source}


def test_the_number_of_the_source_is_the_records_own(bench: Bench) -> None:
    hazard = bench.city.dispatched()
    made = bench.draft(source=("hazard", hazard.pk, "举报人王小明 13935710001"))
    assert made.source_number == hazard.number


@pytest.mark.parametrize(
    "source",
    [
        {"source_type": "hazard", "source_id": str(uuid4()), "source_number": "YH-1"},
        {"source_type": "gossip", "source_id": str(uuid4()), "source_number": "YH-1"},
        {"source_type": "hazard", "source_number": "YH-1"},
        {"source_id": str(uuid4())},
    ],
)
def test_a_source_that_is_no_record_in_sight_is_refused(
    bench: Bench, source: dict[str, Any], signed_in: SignedIn
) -> None:
    client = signed_in("inspector")
    before = client.get("/api/v1/instruments").json()["count"]
    answer = client.post("/api/v1/instruments", data=ask(bench, **source), content_type="application/json")
    assert answer.status_code == 422
    assert client.get("/api/v1/instruments").json()["count"] == before


def test_another_countys_record_is_no_source(bench: Bench) -> None:
    there = bench.city.actors
    hazard = bench.city.found(
        there["n_inspector"], region=bench.city.n_enterprise.region, enterprise=bench.city.n_enterprise.pk
    )
    with pytest.raises(Invalid) as told:
        bench.draft(source=("hazard", hazard.pk, hazard.number))
    assert set(told.value.fields) == {"source_id"}
    with scope.acting(bench.city.city_office):
        assert not Instrument.objects.filter(source_id=hazard.pk).exists()


@pytest.fixture
def city(bench: Bench) -> City:
    return bench.city
