"""The OpenAPI document: valid, complete, and the committed snapshot says the same."""

import re

import pytest
from jsonschema import Draft202012Validator

from anlan.hazards.flow import HAZARD
from anlan.identity.middleware import APART
from anlan.site.api import api

OPEN = ("/api/v1/citizen/", "/api/v1/wechat-pay/")
"""Below these stands what is open to everybody; tests/api/test_access.py asks the rest without a token."""
DOCUMENT = api.get_openapi_schema()


def operations():
    return {
        one["operationId"]: (method, path, one)
        for path, methods in DOCUMENT["paths"].items()
        for method, one in methods.items()
    }


def test_it_is_openapi_3_1_and_every_shape_is_valid_json_schema() -> None:
    assert DOCUMENT["openapi"].startswith("3.1")
    for name, shape in DOCUMENT["components"]["schemas"].items():
        Draft202012Validator.check_schema(shape)
        assert "widget" not in str(shape), name


def test_every_operation_has_summary_tag_security_and_problems() -> None:
    for name, (method, path, one) in operations().items():
        assert one["summary"], name
        assert one["tags"], name
        assert one["security"] or path.startswith(OPEN), name
        expected = {"400", "401", "403", "422"} | ({"409", "413", "415"} if method != "get" else set())
        expected |= {"404"} if "{" in path else set()
        assert expected <= set(one["responses"]), name
        if method != "get":
            keyed = "Idempotency-Key" in {one["name"] for one in one["parameters"]}
            assert keyed != path.startswith(APART), f"{name}: commands and uploads carry ids of their own"


def test_every_reference_leads_somewhere() -> None:
    def references(part):
        if isinstance(part, dict):
            if isinstance(part.get("$ref"), str):
                yield part["$ref"]
            for one in part.values():
                yield from references(one)
        elif isinstance(part, list):
            for one in part:
                yield from references(one)

    for reference in set(references(dict(DOCUMENT))):
        found = DOCUMENT
        for name in reference.removeprefix("#/").split("/"):
            found = found[name]
        assert found


def test_each_step_of_people_is_one_operation_and_no_step_of_the_clock_is() -> None:
    found = operations()
    for step in HAZARD.steps:
        taken = f"hazard_{step.name}" in found
        assert taken == (not (step.clock or step.quiet)), step.name
    method, path, grade = found["hazard_grade"]
    assert (method, path) == ("post", "/api/v1/hazards/{hazard_id}/steps/grade")
    assert grade["summary"] == "Grade"
    assert "the finder or the regulator" in grade["description"]
    assert "第一百一十八条" in grade["description"]
    shape = DOCUMENT["components"]["schemas"]["HazardGrade"]
    assert shape["required"] == ["grade"]
    assert shape["properties"]["clause"]["description"].startswith("A major hazard cites a clause")


@pytest.mark.django_db(databases=["default", "owner"])
def test_every_operation_is_reached_under_its_address(client) -> None:
    """Two routers with the same path would hide each other's methods behind a 405."""
    for name, (method, path, _one) in operations().items():
        address = re.sub(r"\{\w+\}", "01900000-0000-7000-8000-00000000dead", path)
        answer = client.generic(method.upper(), address)
        assert answer.status_code != 405, name
