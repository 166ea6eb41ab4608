"""The pages: who may open them, what they say, what they do."""

import json
import re
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from anlan.assessments.cards import shipped
from anlan.assessments.models import Assessment, ScoreCard
from anlan.assessments.scoring.card import read_card
from anlan.assessments.workbook import read_workbook, write_card
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from tests.assessments.conftest import Yearly, short_card
from tests.factories import City, picture
from tests.sessions import SignedIn

pytestmark = [pytest.mark.django_db(databases=["default", "owner"]), pytest.mark.usefixtures("in_january")]


@pytest.fixture
def city(yearly: Yearly) -> City:
    """So that sessions know the posts of the assessed units too."""
    yearly.city.posts |= yearly.posts
    return yearly.city


def test_pages_open_to_those_whom_it_concerns(yearly: Yearly, signed_in: SignedIn) -> None:
    record = yearly.scored("county")
    paths = ["/assessments/", "/assessments/cards/", f"/assessments/cards/{yearly.card.pk}/", f"/assessments/rounds/{yearly.round.pk}/"]  # fmt: skip
    for name in ("city", "county", "department", "auditor"):
        for path in paths:
            assert signed_in(name).get(path).status_code == 200, (name, path)
    for name in ("inspector", "principal", "citizen", "system_admin", "dispatcher"):
        if name in yearly.city.posts:
            assert signed_in(name).get(paths[0]).status_code == 403, name
    own = f"/assessments/{record.pk}/"
    answers = {name: signed_in(name).get(own).status_code for name in ("city", "county", "neighbour", "department")}
    assert answers == {"city": 200, "county": 200, "neighbour": 404, "department": 404}
    assert Client().get(own).status_code == 302


def test_the_unit_scores_itself_with_evidence(yearly: Yearly, signed_in: SignedIn) -> None:
    from anlan.kernel import clock
    from tests.assessments.conftest import IN_DECEMBER

    record, client = yearly.of("county"), signed_in("county")
    with clock.at(IN_DECEMBER):
        page = client.get(f"/assessments/{record.pk}/").content.decode()
        path = f"/assessments/{record.pk}/items/score/visits/"
        assert path in page
        photo = SimpleUploadedFile("督导.jpg", picture(7), content_type="image/jpeg")
        sent = client.post(path, {"item": "visits", "points": "21", "words": "12次", "files_new": photo})
        assert sent.status_code == 422
        assert "At most 20 points." in sent.content.decode()
        photo.seek(0)
        sent = client.post(path, {"item": "visits", "points": "18", "words": "12次", "files_new": photo})
        assert sent.status_code == 302, sent.content.decode()[:3000]
    kept = yearly.scores(record)["visits"]
    assert (kept.self_points, kept.self_words, len(kept.self_files)) == (18, "12次", 1)
    page = signed_in("city").get(f"/assessments/{record.pk}/").content.decode()
    assert f"/files/{kept.self_files[0]}/display/" in page
    shown = signed_in("city").get(f"/files/{kept.self_files[0]}/display/")
    assert shown.status_code == 200
    assert b"".join(shown.streaming_content)
    assert signed_in("neighbour").get(f"/files/{kept.self_files[0]}/display/").status_code == 404
    with clock.at(IN_DECEMBER):  # ticked no more, it goes
        assert client.post(path, {"item": "visits", "points": "18", "words": "12次"}).status_code == 302
    assert yearly.scores(record)["visits"].self_files == []


def test_the_unit_reads_nothing_of_the_check_before_it_is_notified(yearly: Yearly, signed_in: SignedIn) -> None:
    record = yearly.examined("county")
    yearly.do("city", record, "mark", code="criticised", words="因整改不力被通报批评。", document="通报7号")
    yearly.do("city", record, "check")
    page = signed_in("county").get(f"/assessments/{record.pk}/").content.decode()
    for secret in ("有两次无记录", "因整改不力", "通报7号", "90.5"):
        assert secret not in page
    yearly.do("city", record, "notify")
    page = signed_in("county").get(f"/assessments/{record.pk}/").content.decode()
    for told in ("有两次无记录", "因整改不力", "通报7号", "90.5", "17.5 − 1 × 3 = 14.5"):
        assert told in page


def test_the_office_checks_enters_a_case_and_finishes(yearly: Yearly, signed_in: SignedIn) -> None:
    record, client = yearly.scored("county"), signed_in("city")
    base = f"/assessments/{record.pk}"
    sent = client.post(f"{base}/items/examine/visits/", {"item": "visits", "points": "16"})
    assert sent.status_code == 422
    assert "The unit gave itself 18 points" in sent.content.decode()
    for item, points in (("visits", "16"), ("training", "10")):
        sent = client.post(f"{base}/items/examine/{item}/", {"item": item, "points": points, "words": "核对记录。"})
        assert sent.status_code == 302
    assert client.get(f"{base}/items/examine/tasks/").status_code in (200, 302)
    sent = client.post(f"{base}/steps/mark/", {"code": "accident", "words": "发生一起较大事故。"})
    assert sent.status_code == 422
    sent = client.post(
        f"{base}/steps/mark/", {"code": "accident", "words": "发生一起较大事故。", "document": "报告1号"}
    )
    assert sent.status_code == 302
    page = client.get(f"{base}/").content.decode()
    strike = re.search(rf"{base}/steps/strike/\?case=([0-9a-f-]+)", page)
    assert strike
    assert client.get(strike[0]).status_code == 200
    sent = client.post(f"{base}/steps/strike/", {"case": strike[1], "reason": "事故责任不在该县。"})
    assert sent.status_code == 302
    assert client.post(f"{base}/steps/check/", {}).status_code == 302
    assert yearly.fresh(record).state == "checked"
    page = client.get(f"{base}/").content.decode()
    assert "every line and the sum come out as they are kept" in page
    assert client.get(f"{base}/rows/directives_in_time/").status_code == 200
    assert client.get(f"{base}/rows/wind_speed/").status_code == 404
    assert client.get(f"{base}/items/nothing/visits/").status_code == 404
    assert client.get(f"{base}/items/score/unheard/").status_code == 404
    assert client.get(f"{base}/steps/score/").status_code == 404
    assert client.get(f"{base}/steps/release/").status_code == 404


def test_an_appeal_is_decided_in_the_page(yearly: Yearly, signed_in: SignedIn) -> None:
    record = yearly.notified("county")
    base = f"/assessments/{record.pk}"
    unit = signed_in("county")
    assert unit.get(f"{base}/steps/appeal/").status_code == 200
    sent = unit.post(f"{base}/steps/appeal/", {"items": ["visits"], "words": "两次记录已补交，请予复核。"})
    assert sent.status_code == 302
    assert signed_in("city").get(f"{base}/steps/decide/").status_code == 409  # who checked does not decide
    office = signed_in("city2")
    page = office.get(f"{base}/steps/decide/").content.decode()
    assert "points_visits" in page
    assert "两次记录已补交" in page
    wrong = office.post(
        f"{base}/steps/decide/", {"points_visits": "25", "reason_visits": "补交的记录属实。", "reason": "部分采纳。"}
    )
    assert wrong.status_code == 422
    assert 'value="25"' in wrong.content.decode()
    sent = office.post(
        f"{base}/steps/decide/", {"points_visits": "17", "reason_visits": "补交的记录属实。", "reason": "部分采纳。"}
    )
    assert sent.status_code == 302
    page = signed_in("county").get(f"{base}/").content.decode()
    assert "Changed on appeal from 16 to 17: 补交的记录属实。" in page


def test_a_round_is_compared_published_and_taken_home(yearly: Yearly, signed_in: SignedIn) -> None:
    for unit in ("county", "neighbour", "department"):
        yearly.decided(unit)
    client, base = signed_in("city"), f"/assessments/rounds/{yearly.round.pk}"
    page = client.get(f"{base}/").content.decode()
    assert all(f"{unit}单位" in page for unit in ("county", "neighbour", "department"))
    assert client.get(f"{base}/paper.pdf").status_code == 404
    wrong = client.post(f"{base}/publish/", {"document": "3号文"})
    assert wrong.status_code == 422
    assert signed_in("county").get(f"{base}/publish/").status_code == 403
    assert client.post(f"{base}/publish/", {"document": "安委〔2026〕3号"}).status_code == 302
    book = client.get(f"{base}/export/")
    assert b"".join(book.streaming_content)[:2] == b"PK"
    for kind, start in (("docx", b"PK"), ("pdf", b"%PDF")):
        answer = client.get(f"{base}/paper.{kind}")
        assert b"".join(answer.streaming_content).startswith(start)
    other = signed_in("neighbour").get(f"{base}/").content.decode()
    assert "county单位" in other
    with scope.acting(SYSTEM):
        county = Assessment.objects.get(round=yearly.round, unit=yearly.units["county"])
    assert str(county.pk) not in other  # announced, but how it came about is not the neighbour's business
    assert signed_in("neighbour").get(f"/assessments/{county.pk}/").status_code == 404


def _sheet(card: Any) -> SimpleUploadedFile:
    stream = BytesIO()
    write_card(card, stream)
    return SimpleUploadedFile("card.xlsx", stream.getvalue())


@pytest.mark.parametrize("card", [read_card(short_card()), shipped("district"), shipped("department")])
def test_a_card_comes_back_from_its_workbook(card: Any, tmp_path: Any) -> None:
    path = tmp_path / "card.xlsx"
    with path.open("wb") as stream:
        write_card(card, stream)
    again, faults = read_workbook(path)
    assert faults == []
    assert again == card


def test_a_card_is_tried_before_it_is_published(yearly: Yearly, signed_in: SignedIn) -> None:
    client = signed_in("city")
    broken = read_card(short_card()).model_copy(update={"bonus_most": 7, "version": 2})
    items = broken.group[0].item
    light = broken.group[0].model_copy(
        update={"item": (items[0].model_copy(update={"weight": items[0].weight - 1}), *items[1:])}
    )
    broken = broken.model_copy(update={"group": (light, *broken.group[1:])})
    tried = client.post("/assessments/cards/new/", {"file": _sheet(broken)})
    assert tried.status_code == 422
    assert "make 99 instead of 100" in tried.content.decode()
    good = read_card(short_card(version=2))
    page = client.post("/assessments/cards/new/", {"file": _sheet(good)})
    assert page.status_code == 200
    with scope.acting(SYSTEM):
        assert ScoreCard.objects.count() == 1  # nothing was kept yet
    sent = client.post("/assessments/cards/new/", {"card": json.dumps(good.stored())})
    assert sent.status_code == 302
    again = client.post("/assessments/cards/new/", {"card": json.dumps(good.stored())})
    assert again.status_code == 422
    assert client.post("/assessments/cards/new/", {"card": "{"}).status_code == 422
    assert (
        client.post("/assessments/cards/new/", {"file": SimpleUploadedFile("x.xlsx", b"no workbook")}).status_code
        == 422
    )
    assert signed_in("department").get("/assessments/cards/new/").status_code == 403
    assert client.get(f"/assessments/cards/{yearly.card.pk}/file/").status_code == 200
    assert client.get("/assessments/cards/examples/district/").status_code == 200
    assert client.get("/assessments/cards/examples/nothing/").status_code == 404


def test_a_year_is_opened_in_the_page(yearly: Yearly, signed_in: SignedIn) -> None:
    client = signed_in("city")
    with scope.acting(yearly.actors["city"]):
        from anlan.assessments import actions

        card = actions.publish_card(actor=yearly.actors["city"], data={"card": short_card(year=2026)})
    assert client.get("/assessments/open/").status_code == 200
    sent = {"card": str(card.pk), "units": [str(yearly.units["county"].pk)], "self_by": "2025-12-31"}
    assert client.post("/assessments/open/", sent).status_code == 422
    assert client.post("/assessments/open/", sent | {"self_by": "2026-12-31"}).status_code == 302
    assert signed_in("county").get("/assessments/").content.decode().count("KH-") == 2
