"""Returns for programs."""

import json
from typing import Any

import pytest
from django.test import Client

from anlan.identity.tokens import issue_token
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from tests.campaigns.conftest import Month, asked, nothing, right

pytestmark = [pytest.mark.django_db(databases=["default", "owner"]), pytest.mark.usefixtures("in_may")]


class Program:
    def __init__(self, month: Month, who: str) -> None:
        post = month.posts.get(who) or month.city.posts[who]
        with scope.acting(SYSTEM):
            token = issue_token(post=post, name="test")
        self.client = Client(headers={"Accept-Language": "en", "Authorization": f"Bearer {token}"})

    def get(self, path: str, status: int = 200) -> Any:
        return self._read(self.client.get(f"/api/v1/{path}"), status)

    def send(self, method: str, path: str, data: Any = None, status: int = 200, **headers: str) -> Any:
        body = json.dumps(data if data is not None else {})
        answer = self.client.generic(method, f"/api/v1/{path}", body, "application/json", headers=headers)
        return self._read(answer, status)

    def _read(self, answer: Any, status: int) -> Any:
        assert answer.status_code == status, answer.content
        return answer.json()


def test_a_program_fills_a_return_and_another_takes_it_to_the_lock(month: Month) -> None:
    record = month.of("county")
    county, city = Program(month, "county"), Program(month, "city")
    found = county.get("returns?state=open&month=2026-04-01")
    assert [one["unit_name"] for one in found["items"]] == ["county单位", "town单位"]
    asked_for = county.get(f"returns/{record.pk}/template")
    assert {one["code"] for one in asked_for["panels"]} == set(asked("county"))
    lifts = next(
        one for panel in asked_for["panels"] for one in panel["elements"] if one["cell"] == "engineering.lifts"
    )
    assert (lifts["unit"], lifts["type"], lifts["none"]) == ("台", "count", True)
    facts = county.send(
        "PATCH", f"returns/{record.pk}", {"cells": {"engineering.lifts": 12, "contact.phone": "问张科长"}}
    )
    told = {one["check"]: one for one in facts["troubles"]}
    assert told["engineering_partly_filled"]["cells"] == ["engineering"]
    assert told["phone_is_a_number"]["instead"]
    facts = county.send("PATCH", f"returns/{record.pk}", {"cells": right("county"), "nothing": nothing("county")})
    assert [one for one in facts["troubles"] if one["stops"]] == []
    fine = next(one for panel in facts["panels"] for one in panel["boxes"] if one["cell"] == "penalties.fine")
    assert (fine["typed"], fine["value"]) == ("1万元", 1_000_000)
    assert county.send("POST", f"returns/{record.pk}/steps/hand_in")["state"] == "passed"
    refused = city.send("POST", f"returns/{record.pk}/steps/accept", status=409)
    assert "Not looked at yet" in refused["detail"]
    seen = {one["panel"]: one["digest"] for one in city.get(f"returns/{record.pk}")["panels"]}
    for panel, digest in seen.items():
        city.send("POST", f"returns/{record.pk}/steps/confirm", {"panel": panel, "seen": digest})
    assert city.send("POST", f"returns/{record.pk}/steps/accept")["state"] == "accepted"
    assert city.send("POST", f"returns/{record.pk}/steps/lock")["state"] == "locked"
    body = {"cell": "help.visits", "typed": 5, "reason": "县里来函更正。"}
    facts = city.send("POST", f"returns/{record.pk}/steps/amend", body)
    assert [(one["cell"], one["old"]["value"], one["new"]["value"]) for one in facts["amendments"]] == [
        ("help.visits", 3, 5)
    ]


def test_an_empty_one_bounces_and_says_so(month: Month) -> None:
    record = month.of("county")
    facts = Program(month, "county").send("POST", f"returns/{record.pk}/steps/hand_in")
    assert (facts["state"], facts["bounced"], facts["troubles"][0]["check"]) == ("bounced", 1, "empty")


def test_boxes_of_rows_are_written_by_their_id(month: Month) -> None:
    record, county = month.of("county"), Program(month, "county")
    path = f"returns/{record.pk}"
    county.send("PATCH", path, {"patches": {"visits": {"a1": {"place": "城东客运站"}, "b2": {"place": "第三小学"}}}})
    facts = county.send("PATCH", path, {"patches": {"visits": {"a1": None, "b2": {"leader": "副县长王某"}}}})
    rows = next(one for one in facts["panels"] if one["panel"] == "visits")["rows"]
    assert [row["id"] for row in rows] == ["b2"]
    typed = {one["cell"]: one["typed"] for one in rows[0]["boxes"]}
    assert (typed["visits.place"], typed["visits.leader"]) == ("第三小学", "副县长王某")
    refused = county.send("PATCH", path, {"patches": {"visits": {"b2": {"colour": "x"}}}}, 422)
    assert refused["errors"][0]["field"] == "patches.visits.colour"
    county.send("PATCH", path, {"patches": {"visits": {"B 2": {"place": "x"}}}}, 422)
    county.send("PATCH", path, {"patches": {"checks": {"a1": {"units": "1"}}}}, 422)


def test_whoever_names_a_version_is_told_that_somebody_wrote(month: Month) -> None:
    record, county = month.of("county"), Program(month, "county")
    county.send("PATCH", f"returns/{record.pk}", {"cells": {"help.units": 1}}, **{"If-Match": f'"{record.version}"'})
    county.send(
        "PATCH", f"returns/{record.pk}", {"cells": {"help.units": 2}}, 409, **{"If-Match": f'"{record.version}"'}
    )


@pytest.mark.parametrize(
    ("who", "read", "write"),
    [
        ("county2", 200, 200), ("city", 200, 403), ("auditor", 200, 403), ("town", 404, 404), ("neighbour", 404, 404),
        ("department", 404, 404), ("inspector", 403, 403), ("principal", 403, 403), ("citizen", 403, 403),
    ],
)  # fmt: skip
def test_who_reads_and_writes(month: Month, who: str, read: int, write: int) -> None:
    record, program = month.of("county"), Program(month, who)
    program.get(f"returns/{record.pk}", read)
    program.get(f"returns/{record.pk}/template", read)
    program.send("PATCH", f"returns/{record.pk}", {"cells": {"help.units": 1}}, write)
    if read == 404:
        names = [one["unit_name"] for one in program.get("returns")["items"]]
        assert "county单位" not in names


def test_the_list_is_walked_by_cursor(month: Month) -> None:
    city = Program(month, "city")
    seen, place = [], ""
    while True:
        page = city.get(f"returns?limit=2{f'&cursor={place}' if place else ''}")
        seen += [one["unit_name"] for one in page["items"]]
        if not page["next"]:
            break
        place = page["next"]
    assert len(seen) == len(set(seen)) == page["count"] == 5
    city.get("returns?cursor=nonsense", 422)
    city.get("returns?colour=red", 422)
