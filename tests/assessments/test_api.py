"""For programs: the whole loop over HTTP, its refusals, and what an answer shows to whom."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from tests.assessments.conftest import IN_JANUARY, Yearly, short_card
from tests.factories import City
from tests.sessions import SignedIn

pytestmark = [pytest.mark.django_db(databases=["default", "owner"]), pytest.mark.usefixtures("in_january")]
BASE = "/api/v1/assessments"


@pytest.fixture
def city(yearly: Yearly) -> City:
    yearly.city.posts |= yearly.posts
    return yearly.city


def _post(client: Client, path: str, **data: Any) -> Any:
    return client.post(f"{BASE}/{path}", json.dumps(data), content_type="application/json")


def test_an_assessment_by_programs(yearly: Yearly, signed_in: SignedIn) -> None:
    office, second, unit = (signed_in(name) for name in ("city", "city2", "county"))
    record = yearly.scored("county")
    key = str(record.pk)
    facts = unit.get(f"{BASE}/{key}").json()
    assert (facts["state"], facts["live"], facts["proof"]) == ("self_scored", True, None)
    assert _post(office, f"{key}/steps/examine", item="visits", points="16").status_code == 422
    for item, points in (("visits", "16"), ("training", "10")):
        assert _post(office, f"{key}/steps/examine", item=item, points=points, words="核对记录。").status_code == 200
    mark = {"code": "commended", "words": "经验在全省推广。", "document": "省安委办通报1号"}
    assert _post(office, f"{key}/steps/mark", **mark).json()["cases"][0]["code"] == "commended"
    checked = _post(office, f"{key}/steps/check").json()
    assert Decimal(str(checked["total"])) == sum(Decimal(str(line["points"])) for line in checked["lines"])
    assert checked["proof"]["holds"]
    hidden = unit.get(f"{BASE}/{key}").json()
    assert (hidden["total"], hidden["check_total"], hidden["cases"], hidden["proof"]) == (None, None, [], None)
    assert Decimal(str(hidden["sum"])) == Decimal("95.5")  # its own view of it
    assert _post(office, f"{key}/steps/notify").status_code == 200
    assert _post(unit, f"{key}/steps/agree").status_code == 200
    assert _post(office, f"{key}/steps/decide", reason="维持核查结果。").status_code == 409
    assert _post(second, f"{key}/steps/decide", reason="维持核查结果。").json()["state"] == "decided"
    assert _post(second, f"{key}/steps/release", rank=1).status_code == 404
    rows = office.get(f"{BASE}/{key}/rows/major_in_time").json()
    assert (rows["rows"], rows["left"]) == ([], 0)


def test_cards_and_rounds_by_programs(yearly: Yearly, signed_in: SignedIn) -> None:
    office = signed_in("city")
    broken = _post(office, "cards", card=short_card(version=2, bonus_most=200))
    assert broken.status_code == 422
    made = _post(office, "cards", card=short_card(year=2026))
    assert made.status_code == 201
    assert office.get(f"{BASE}/cards/{made.json()['id']}").json()["definition"]["year"] == 2026
    assert len(office.get(f"{BASE}/cards").json()["items"]) == 2
    sent = {"card": made.json()["id"], "units": [str(yearly.units["county"].pk)], "self_by": "2026-12-31"}
    assert _post(signed_in("department"), "rounds", **sent).status_code == 403
    opened = _post(office, "rounds", **sent)
    assert opened.status_code == 201
    assert [one["unit_name"] for one in opened.json()["units"]] == ["county单位"]
    path = f"rounds/{opened.json()['id']}/publication"
    assert _post(office, path, document="安委〔2026〕3号").status_code == 409
    assert _post(office, path, document="3号").status_code == 409
    assert [one["year"] for one in office.get(f"{BASE}/rounds").json()["items"]] == [2026, 2025]


def test_others_are_refused(yearly: Yearly, signed_in: SignedIn) -> None:
    key = str(yearly.of("county").pk)
    assert signed_in("neighbour").get(f"{BASE}/{key}").status_code == 404
    assert signed_in("inspector").get(f"{BASE}/{key}").status_code == 403
    assert Client().get(f"{BASE}/{key}").status_code == 401
    for name in ("neighbour", "department"):
        assert _post(signed_in(name), f"{key}/steps/score", item="visits", points=1).status_code == 404
    published = yearly.in_state("published", "county")
    other = signed_in("neighbour").get(f"{BASE}/rounds/{yearly.round.pk}").json()
    assert [one["unit_name"] for one in other["standings"]] == ["county单位"]
    assert str(published.pk) not in json.dumps(other["units"])
    assert published.published_at == IN_JANUARY
