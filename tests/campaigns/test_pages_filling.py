"""The filling page for people and its script: what is saved, what is told, what two do at once, what is refused."""

import json
from typing import Any

import pytest
from django.test import Client

from anlan.campaigns.models import Return
from anlan.campaigns.pages.typed import payload_of
from anlan.campaigns.queries import filling
from anlan.campaigns.returns.kept import ids_of
from anlan.kernel import scope
from tests.campaigns.conftest import Month, nothing, right

pytestmark = [pytest.mark.django_db(databases=["default", "owner"]), pytest.mark.usefixtures("in_may")]


def client_of(month: Month, who: str) -> Client:
    post = month.posts.get(who) or month.city.posts[who]
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(post.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def save(client: Client, record: Return, changes: dict[str, Any], seen: int | None = None) -> Any:
    body = {"seen": record.version if seen is None else seen, "changes": changes}
    return client.post(f"/campaigns/returns/{record.pk}/save/", json.dumps(body), content_type="application/json")


def told(answer: Any) -> dict[str, Any]:
    return {one["check"]: one for one in answer.json()["troubles"]}


def test_what_is_typed_is_saved_and_answered_with_what_is_wrong(month: Month) -> None:
    record, client = month.of("county"), client_of(month, "county")
    answer = save(client, record, {"c:checks.units": ["", "12"], "c:checks.visits": ["", "10"], "n:visits": ["", "1"]})
    said = answer.json()
    assert (said["state"], said["version"], said["values"], said["clashes"]) == ("draft", record.version + 1, None, {})
    trouble = told(answer)["units_within_visits"]
    assert trouble["places"] == ["c:checks.units", "c:checks.visits"]
    assert "12 enterprises" in trouble["message"]
    assert (trouble["stops"], trouble["unwritten"]) == (True, False)
    assert (said["sections"]["checks"], said["sections"]["visits"], said["sections"]["help"]) == (
        "wrong",
        "done",
        "todo",
    )
    assert month.fresh(record).values["cells"]["checks.units"] | {"at": ""} == {
        "typed": "12", "value": 12, "way": "page", "by": "county某", "at": "",
    }  # fmt: skip
    page = client.get(f"/campaigns/returns/{record.pk}/fill/").content.decode()
    assert 'value="12"' in page


def test_rows_are_named_by_themselves_and_a_reason_goes_with_its_row(month: Month) -> None:
    record, client = month.of("county"), client_of(month, "county")
    topic = "城区安全生产例会（扩大）会"
    changes = {
        "r:studies:aa:topic": ["", "研究燃气安全专项整治"],
        "r:studies:bb:topic": ["", topic],
        "r:studies:bb:date": ["", "2026-4-8"],
    }
    answer = save(client, record, changes)
    assert told(answer)["topic_like_name"]["places"] == ["r:studies:bb:topic"]
    assert told(answer)["topic_like_name"]["key"] == "topic_like_name#2"
    answer = save(client, month.fresh(record), {"w:topic_like_name#2": ["", "确为会议主题，议题见纪要"]})
    assert told(answer)["topic_like_name"]["stops"] is False
    answer = save(client, month.fresh(record), {"d:studies:aa": ["", "1"]})
    fresh = month.fresh(record)
    assert ids_of(fresh.values, "studies") == ["bb"]
    assert fresh.values["rows"]["studies"][0]["date"]["value"] == "2026-04-08"
    assert (told(answer)["topic_like_name"]["key"], told(answer)["topic_like_name"]["stops"]) == (
        "topic_like_name#1",
        False,
    )


def test_two_who_write_different_boxes_and_rows_do_not_undo_each_other(month: Month) -> None:
    record = month.of("county")
    first, second = client_of(month, "county"), client_of(month, "county2")
    save(first, record, {"c:help.units": ["", "3"], "r:visits:aa:place": ["", "城东客运站"]})
    answer = save(second, record, {"c:help.visits": ["", "4"], "r:visits:bb:place": ["", "第三小学"]})
    said = answer.json()
    assert said["clashes"] == {}
    assert said["values"]["c:help.units"] == "3"  # the second page hears what the first one wrote
    assert said["rows"]["visits"] == ["aa", "bb"]
    cells, rows = month.fresh(record).values["cells"], month.fresh(record).values["rows"]["visits"]
    assert (cells["help.units"]["by"], cells["help.visits"]["by"]) == ("county某", "county2某")
    assert [row["place"]["by"] for row in rows] == ["county某", "county2某"]


def test_the_same_box_is_for_a_person_to_decide(month: Month) -> None:
    record = month.of("county")
    first, second = client_of(month, "county"), client_of(month, "county2")
    save(first, record, {"c:help.units": ["", "3"]})
    answer = save(second, record, {"c:help.units": ["", "5"], "c:help.visits": ["", "6"]})
    assert answer.json()["clashes"] == {"c:help.units": {"words": "3", "by": "county某"}}
    cells = month.fresh(record).values["cells"]
    assert (cells["help.units"]["value"], cells["help.visits"]["value"]) == (3, 6)
    again = save(second, record, {"c:help.units": ["3", "5"]})  # having seen it, they keep theirs
    assert again.json()["clashes"] == {}
    assert month.fresh(record).values["cells"]["help.units"]["value"] == 5


def test_a_retry_after_a_lost_answer_changes_nothing(month: Month) -> None:
    record, client = month.of("county"), client_of(month, "county")
    changes = {"c:help.units": ["", "3"], "d:visits:zz": ["", "1"]}
    save(client, record, changes)
    before = month.fresh(record)
    assert save(client, record, changes).json()["clashes"] == {}
    assert month.fresh(record).values == before.values


def test_a_row_that_somebody_took_away_is_not_written_behind_their_back(month: Month) -> None:
    record, client = month.of("county"), client_of(month, "county")
    save(client, record, {"r:visits:aa:place": ["", "城东客运站"]})
    save(client_of(month, "county2"), month.fresh(record), {"d:visits:aa": ["", "1"]})
    answer = save(client, record, {"r:visits:aa:place": ["城东客运站", "城西客运站"]})
    assert "r:visits:aa:place" in answer.json()["clashes"]
    assert month.fresh(record).values["rows"]["visits"] == []


@pytest.mark.parametrize("who", ["city", "neighbour", "department", "town", "auditor", "inspector", "principal"])
def test_nobody_else_writes_or_even_opens_it(month: Month, who: str) -> None:
    record, client = month.of("county"), client_of(month, who)
    expected = 403 if who in ("city", "auditor", "inspector", "principal") else 404
    assert client.get(f"/campaigns/returns/{record.pk}/fill/").status_code == expected
    assert client.get(f"/campaigns/returns/{record.pk}/standing/").status_code == expected
    assert save(client, record, {"c:help.units": ["", "3"]}).status_code == expected
    assert client.post(f"/campaigns/returns/{record.pk}/hand-in/").status_code == expected
    assert month.fresh(record).version == record.version


@pytest.mark.parametrize(
    "body", ["", "[]", '{"seen": 1}', '{"seen": 1, "changes": {"c:x": "3"}}', '{"seen": -1, "changes": {}}']
)
def test_what_is_no_saving_is_refused(month: Month, body: str) -> None:
    record, client = month.of("county"), client_of(month, "county")
    answer = client.post(f"/campaigns/returns/{record.pk}/save/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_a_place_that_the_return_does_not_have_is_refused(month: Month) -> None:
    record, client = month.of("county"), client_of(month, "county")
    answer = save(client, record, {"c:checks.nothing": ["", "1"]})
    assert answer.status_code == 422
    assert payload_of({"x": "1", "c": "2", "r:studies:aa": "3", "q:a": "4"}) == {
        "cells": {}, "patches": {}, "nothing": {}, "reasons": {},
    }  # fmt: skip


def test_an_empty_return_is_told_and_bounces(month: Month) -> None:
    record, client = month.of("county"), client_of(month, "county")
    page = client.get(f"/campaigns/returns/{record.pk}/fill/").content.decode()
    assert "An empty return counts as not handed in." in page
    answer = client.post(f"/campaigns/returns/{record.pk}/hand-in/")
    assert (answer.status_code, answer["Location"]) == (302, f"/campaigns/returns/{record.pk}/fill/")
    assert month.fresh(record).state == "bounced"


def test_without_a_script_the_whole_form_is_saved(month: Month) -> None:
    record, client = month.of("county"), client_of(month, "county")
    form = {f"c:{name}": "不涉及" if value is None else str(value) for name, value in right("county").items()}
    form |= {f"n:{panel}": "1" for panel in nothing("county")}
    answer = client.post(f"/campaigns/returns/{record.pk}/fill/", form)
    assert (answer.status_code, month.fresh(record).state) == (302, "draft")
    with scope.acting(month.actors["county"]):
        sheet = filling.sheet(filling.one(record.pk))
    assert sheet.stopping == []
    assert {one.mark for one in sheet.sections} == {"done"}
    answer = client.post(f"/campaigns/returns/{record.pk}/hand-in/")
    assert answer["Location"] == f"/campaigns/returns/{record.pk}/"
    answer = client.get(f"/campaigns/returns/{record.pk}/fill/")
    assert answer["Location"] == f"/campaigns/returns/{record.pk}/"
    gone = save(client, month.fresh(record), {"c:help.units": ["3", "9"]})
    assert (gone.status_code, gone.json()["code"]) == (409, "flow.wrong_state")


def test_what_stands_is_asked_anew_only_when_somebody_wrote(month: Month) -> None:
    record, client = month.of("county"), client_of(month, "county")
    assert client.get(f"/campaigns/returns/{record.pk}/standing/?seen={record.version}").status_code == 204
    save(client_of(month, "county2"), record, {"c:help.units": ["", "3"]})
    answer = client.get(f"/campaigns/returns/{record.pk}/standing/?seen={record.version}")
    assert answer.json()["values"] == {"c:help.units": "3"}
