"""Every answer of GeoReport v2, in both formats, against schemas written from the specification (wiki.open311.org/GeoReport_v2)."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.test import Client
from lxml import etree

from anlan.kernel.actor import SYSTEM
from anlan.reports.open311 import partners
from tests.reports.plaza.conftest import Plaza, plaza

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
__all__ = ["plaza"]
SCHEMAS = Path(__file__).parent / "schemas"
V2 = "/open311/v2"


def check(answer: Any, name: str, kind: str) -> Any:
    """The answer as data, when its format, its encoding and its shape are those of the specification."""
    body = answer.content.decode("utf-8")
    if kind == "json":
        assert answer["Content-Type"] == "application/json; charset=utf-8"
        found = json.loads(body)
        jsonschema.validate(found, json.loads((SCHEMAS / f"{name}.json").read_text()))
        return found
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    assert body.startswith('<?xml version="1.0" encoding="UTF-8"?>')
    tree = etree.fromstring(answer.content)
    etree.RelaxNG(etree.parse(SCHEMAS / f"{name}.rng")).assertValid(tree)
    return tree


@pytest.fixture
def key(plaza: Plaza) -> str:
    return partners.admit(actor=SYSTEM, name="市民通")[1]


FORM = {
    "service_code": "fire_exit", "lat": "36.0884", "long": "111.5189", "description": "楼道堆满纸箱 <b>&", "attribute[people_in_danger]": "no",
    "attribute[blocked]": "stairs",
}  # fmt: skip


@pytest.mark.parametrize("kind", ["json", "xml"])
def test_services_and_their_definitions(plaza: Plaza, client: Client, kind: str) -> None:
    check(client.get(f"{V2}/services.{kind}"), "services", kind)
    for row in client.get(f"{V2}/services.json").json():
        check(client.get(f"{V2}/services/{row['service_code']}.{kind}"), "definition", kind)
        assert row["metadata"] is True


@pytest.mark.parametrize("kind", ["json", "xml"])
def test_requests_one_request_and_none(plaza: Plaza, client: Client, kind: str) -> None:
    check(client.get(f"{V2}/requests.{kind}"), "requests", kind)
    report = plaza.shown("纸箱 <堵> & 上锁", photos=1)
    for path in (
        f"{V2}/requests.{kind}",
        f"{V2}/requests/{report.number}.{kind}",
        f"{V2}/requests.{kind}?extensions=true",
    ):
        check(client.get(path), "requests", kind)
    tree = check(client.get(f"{V2}/requests.xml"), "requests", "xml")
    assert tree.findtext("request/description") == "纸箱 <堵> & 上锁"


@pytest.mark.parametrize("kind", ["json", "xml"])
def test_what_a_post_and_a_token_answer(plaza: Plaza, client: Client, key: str, kind: str) -> None:
    check(client.post(f"{V2}/requests.{kind}", FORM | {"api_key": key}), "posted", kind)
    posted = client.post(f"{V2}/requests.json", FORM | {"api_key": key}).json()[0]
    check(client.get(f"{V2}/tokens/{posted['token']}.{kind}"), "token", kind)


@pytest.mark.parametrize("kind", ["json", "xml"])
def test_errors_of_every_door(plaza: Plaza, client: Client, kind: str) -> None:
    for status, answer in (
        (403, client.post(f"{V2}/requests.{kind}", FORM)),
        (403, client.post(f"{V2}/requests.{kind}", FORM | {"api_key": "o311_wrong"})),
        (404, client.get(f"{V2}/services.{kind}?jurisdiction_id=other.city")),
        (404, client.get(f"{V2}/services/nothing.{kind}")),
        (404, client.get(f"{V2}/requests/SP-141002-2026-999999.{kind}")),
        (404, client.get(f"{V2}/tokens/nothing.{kind}")),
        (400, client.get(f"{V2}/requests.{kind}?start_date=yesterday")),
        (400, client.get(f"{V2}/requests.{kind}?start_date=2026-01-01T00:00:00Z&end_date=2026-11-01T00:00:00Z")),
        (400, client.get(f"{V2}/requests.{kind}?status=maybe&page=0")),
        (400, client.get(f"{V2}/requests.{kind}?page=9000&page_size=200")),
        (400, client.put(f"{V2}/services.{kind}")),
    ):
        assert answer.status_code == status
        check(answer, "errors", kind)


@pytest.mark.parametrize("kind", ["json", "xml"])
@pytest.mark.parametrize("path", ["/open311/discovery", f"{V2}/discovery"])
def test_discovery_names_the_endpoint(plaza: Plaza, client: Client, path: str, kind: str) -> None:
    answer = client.get(f"{path}.{kind}")
    assert answer.status_code == 200
    if kind == "json":
        endpoint = answer.json()["endpoints"][0]
        assert endpoint["url"].endswith("/open311/v2")
        assert endpoint["formats"] == ["text/xml", "application/json"]
    else:
        tree = etree.fromstring(answer.content)
        assert tree.tag == "discovery"
        assert tree.findtext("endpoints/endpoint/specification") == "http://wiki.open311.org/GeoReport_v2"
        assert [one.text for one in tree.findall("endpoints/endpoint/formats/format")] == [
            "text/xml",
            "application/json",
        ]
