"""The pages and the API call the same verbs and keep the same walls."""

import re
import zlib
from typing import Any

import pytest

from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.ids import new_id
from anlan.risks.models import Assessment, Control, RiskPoint, RiskUnit
from tests.risks.conftest import Plant

pytestmark = pytest.mark.django_db


def test_a_point_is_registered_assessed_and_held_through_the_pages(plant: Plant, signed_in: Any) -> None:
    client, city = signed_in("safety_manager"), plant.city
    assert client.get("/risk-points/new/").status_code == 200
    bad = client.post("/risk-points/new/", {"enterprise": str(city.enterprise.pk), "name": "x", "lon": "111"})
    assert bad.status_code == 422
    done = client.post(
        "/risk-points/new/",
        {"enterprise": str(city.enterprise.pk), "name": "喷漆房", "unit": "涂装", "kind": "place", "system": "wgs84"},
    )
    assert done.status_code == 302
    point = done["Location"]
    added = client.post(f"{point}sources/new/", {"name": "漆雾爆炸", "accidents": ["other_explosion", "fire"]})
    assess = added["Location"]
    # What was not shown is not saved.
    first = client.post(assess, {"method": "ls", "L": "3", "S": "5"})
    assert first.status_code == 200
    with scope.acting(SYSTEM):
        assert not Assessment.objects.exists()
    assert 'value="ls:15:orange"' in first.content.decode()
    assert (
        'value="ls:15:orange"' in client.get(f"{assess}preview/", {"method": "ls", "L": "3", "S": "5"}).content.decode()
    )
    changed = client.post(assess, {"method": "ls", "L": "5", "S": "5", "shown": "ls:15:orange"})
    assert changed.status_code == 200
    saved = client.post(assess, {"method": "ls", "L": "5", "S": "5", "shown": "ls:25:red"})
    assert saved.status_code == 302
    off = client.post(assess, {"method": "ls", "L": "7", "S": "5"})
    assert off.status_code == 422
    source = assess.removesuffix("assess/")
    control = {"kind": "engineering", "words": "防爆风机联锁", "tier": "company", "cycle": "daily",
               "holder": str(city.posts["principal"].person_id)}  # fmt: skip
    assert client.post(f"{source}controls/new/", control).status_code == 302
    page = client.get(point).content.decode()
    for words in ("喷漆房", "漆雾爆炸", "risk-red", "防爆风机联锁", "principal 某", "Risk assessed"):
        assert words in page
    with scope.acting(SYSTEM):
        held, unit = Control.objects.get(), RiskUnit.objects.get()
    assert client.post(f"/risk-controls/{held.pk}/edit/", control | {"words": "换新风机"}).status_code == 302
    assert client.post(f"/risk-controls/{held.pk}/retire/", {"reason": "拆除"}).status_code == 302
    assert client.post(f"{source}edit/", {"name": "漆雾", "accidents": ["fire"]}).status_code == 302
    assert client.post(f"/risk-units/{unit.pk}/rename/", {"name": "涂装车间"}).status_code == 302
    assert (
        client.post(f"{point}edit/", {"name": "喷漆房", "kind": "place", "place": "", "system": "wgs84"}).status_code
        == 302
    )
    with scope.acting(SYSTEM):
        assert RiskPoint.objects.get().unit is None  # an emptied field is emptied
    assert client.post(f"{source}retire/", {"reason": "停用"}).status_code == 302
    assert client.post(f"{point}retire/", {"reason": "拆除"}).status_code == 302
    assert "喷漆房" in client.get("/risk-points/?retired=1").content.decode()
    assert "喷漆房" not in client.get("/risk-points/").content.decode()


def test_the_list_filters_and_hides_the_neighbour(plant: Plant, signed_in: Any) -> None:
    point = plant.point()
    plant.assess(plant.source(point))
    plant.neighbour()
    office = signed_in("office")
    for query, seen in (
        ("", True), ("?colour=orange", True), ("?colour=red", False), ("?overdue=1", False), ("?q=熔炼", True), ("?q=酸洗", False),
        ("?region=141002000000", True), ("?industry=hazchem", False), (f"?enterprise={plant.city.enterprise.pk}", True),
        ("?colour=puce&region=x&enterprise=1&after=zzz", True),
    ):  # fmt: skip
        page = office.get(f"/risk-points/{query}")
        assert page.status_code == 200
        assert (f"/risk-points/{point.pk}/" in page.content.decode()) is seen, query
        assert "邻县" not in page.content.decode()
    assert office.get("/risk-points/export/")["Content-Type"].endswith("sheet")
    assert signed_in("citizen").get("/risk-points/").status_code == 403
    owner = office.get(f"/enterprises/{plant.city.enterprise.pk}/").content.decode()
    assert f"?enterprise={plant.city.enterprise.pk}&amp;colour=orange" in owner


def test_doors_are_closed_to_others(plant: Plant, signed_in: Any) -> None:
    point = plant.point()
    source = plant.source(point)
    control = plant.control(source)
    paths = [
        f"/risk-points/{point.pk}/edit/", f"/risk-points/{point.pk}/retire/", f"/risk-points/{point.pk}/sources/new/",
        f"/risk-sources/{source.pk}/edit/", f"/risk-sources/{source.pk}/assess/", f"/risk-sources/{source.pk}/assess/preview/",
        f"/risk-sources/{source.pk}/retire/", f"/risk-sources/{source.pk}/controls/new/", f"/risk-controls/{control.pk}/edit/",
        f"/risk-controls/{control.pk}/retire/", f"/risk-units/{point.unit_id}/rename/",
    ]  # fmt: skip
    neighbour, inspector = signed_in("n_safety_manager"), signed_in("inspector")
    for path in paths:
        assert neighbour.get(path).status_code == 404, path
        assert inspector.get(path).status_code == 403, path
    for path in (
        f"/risk-points/{point.pk}/",
        f"/risk-points/{point.pk}/notice/",
        f"/risk-points/{point.pk}/notice.pdf",
    ):
        assert neighbour.get(path).status_code == 404, path
        assert inspector.get(path).status_code == 200, path
    assert inspector.get("/risk-points/new/").status_code == 403


def _unpacked(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data)
    except zlib.error:
        return b""


def test_the_notice_is_a_pdf_of_one_landscape_page(plant: Plant, signed_in: Any) -> None:
    point = plant.point(emergency_measures="停炉撤离")
    plant.assess(plant.source(point))
    answer = signed_in("safety_manager").get(f"/risk-points/{point.pk}/notice.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    packed = re.findall(rb"stream\r?\n(.*?)endstream", answer.content, re.DOTALL)
    text = answer.content + b"".join(map(_unpacked, packed))
    boxes = re.findall(rb"/MediaBox ?\[([^\]]+)\]", text)
    assert len(boxes) == 1
    assert [round(float(one)) for one in boxes[0].split()] == [0, 0, 842, 595]


def test_the_api_does_the_same(plant: Plant, signed_in: Any) -> None:
    client, city = signed_in("safety_manager"), plant.city

    def post(path: str, data: dict[str, Any], status: int = 201) -> Any:
        answer = client.post(
            f"/api/v1/{path}", data, content_type="application/json", headers={"Idempotency-Key": str(new_id())}
        )
        assert answer.status_code == status, answer.content
        return answer.json()

    key = str(new_id())
    made = post("risk-points", {"id": key, "enterprise": str(city.enterprise.pk), "name": "液氨储罐", "kind": "place"})
    assert made["id"] == key
    post("risk-points", {"id": key, "enterprise": str(city.enterprise.pk), "name": "液氨储罐"}, 409)
    source = post(f"risk-points/{key}/sources", {"name": "泄漏", "accidents": ["poisoning"]})
    wrong = post(f"risk-sources/{source['id']}/assessments", {"method": "lec", "factors": {"L": "4"}}, 422)
    assert {one["field"] for one in wrong["errors"]} == {"L", "E", "C"}
    judged = post(f"risk-sources/{source['id']}/assessments", {"method": "ls", "factors": {"L": "4", "S": "5"}})
    assert (judged["colour"], judged["score"]) == ("red", "20.00")
    post(f"risk-sources/{source['id']}/controls", {"kind": "management", "words": "每班巡检", "tier": "team"})
    facts = client.get(f"/api/v1/risk-points/{key}").json()
    assert facts["colour"] == "red"
    assert facts["sources"][0]["unheld_tiers"] == ["company", "department", "post"]
    plant.neighbour()
    listed = client.get("/api/v1/risk-points", {"colour": "red"}).json()
    assert [one["id"] for one in listed["items"]] == [key]
    assert signed_in("office").get("/api/v1/risk-points").json()["count"] == 1
    assert signed_in("n_office").get(f"/api/v1/risk-points/{key}").status_code == 404
    assert client.get("/api/v1/risk-points", {"color": "red"}).status_code == 422
    assert client.get("/api/v1/risk-points", {"overdue": "true", "cursor": "WyIiLCAiIl0"}).status_code == 422
