"""Taking a report down for whoever calls: by the desk alone, sealed at once, once however often it is sent."""

import pytest

from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.ids import new_id
from anlan.reports.claims import seal_of
from anlan.reports.models import Report, Seal
from tests.factories import NEIGHBOUR_TOWN, TOWN, City
from tests.reports.conftest import Town, make_town
from tests.sessions import SignedIn, signed_in

__all__ = ["signed_in"]
pytestmark = pytest.mark.django_db(databases=["default", "owner"])
URL = "/reports/new/"
CALL = {"words": "来电称三号井口变压器冒烟。", "region": str(TOWN), "address": "井口北侧"}


@pytest.fixture
def town(city: City) -> Town:
    return make_town(city)


def _only() -> tuple[Report, Seal]:
    with scope.acting(SYSTEM):
        report = Report.objects.get()
    with scope.elevated("the test looks into the seal"):
        return report, Seal.objects.get(report_id=report.pk)


@pytest.mark.parametrize("name", ["inspector", "regulator", "leader", "auditor", "finance", "principal", "citizen"])
def test_only_the_desk_takes_calls_down(town: Town, signed_in: SignedIn, name: str) -> None:
    assert signed_in(name).get(URL).status_code == 403
    assert signed_in(name).post(URL, CALL).status_code == 403


def test_a_caller_with_a_phone_is_sealed_and_the_desk_opens(town: Town, signed_in: SignedIn) -> None:
    client = signed_in("dispatcher")
    assert 'name="id"' in client.get(URL).content.decode()
    answer = client.post(URL, CALL | {"name": "韩大叔", "phone": "13800138000", "id": str(new_id())})
    report, seal = _only()
    assert answer.headers["Location"] == f"/reports/desk/?report={report.pk}"
    assert (report.channel, report.anonymous, report.region) == ("desk", False, TOWN)
    assert (seal.name, seal.phone, seal.claim) == ("韩大叔", "13800138000", "")
    page = client.get(answer.headers["Location"]).content.decode()
    assert CALL["words"] in page
    assert "just now" in page
    assert "韩大叔" not in page
    assert "13800138000" not in page


def test_without_a_phone_the_claim_code_is_shown_once_and_a_retry_is_the_same_report(
    town: Town, signed_in: SignedIn
) -> None:
    client, sent = signed_in("dispatcher"), CALL | {"id": str(new_id())}
    answer = client.post(URL, sent)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    code = answer.context["code"]
    assert code in answer.content.decode()
    assert client.post(URL, sent).context["code"] == code
    report, seal = _only()
    assert report.anonymous
    with scope.acting(SYSTEM):
        assert seal_of(code).pk == seal.pk
    assert code not in client.get(f"/reports/{report.pk}/").content.decode()


def test_what_is_missing_or_lies_elsewhere_is_said_at_its_field(town: Town, signed_in: SignedIn) -> None:
    client = signed_in("dispatcher")
    nothing = client.post(URL, {"region": str(TOWN)})
    assert nothing.status_code == 422
    elsewhere = client.post(URL, CALL | {"region": str(NEIGHBOUR_TOWN)})
    assert elsewhere.status_code == 422
    assert elsewhere.context["form"].errors["region"] == ["Choose a place in your territory."]
    with scope.acting(SYSTEM):
        assert not Report.objects.exists()
