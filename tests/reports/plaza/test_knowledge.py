"""The knowledge: every topic complete in both languages with its source and mark, and found by the words people use."""

import pytest
from django.test import Client

from anlan.reports.knowledge import queries
from anlan.reports.loading import load_categories
from anlan.reports.models import Category
from anlan.standards.actions import load_criteria, load_laws
from tests.reports.plaza.conftest import Plaza

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_every_topic_says_what_to_do_whom_to_call_and_how_far_it_was_verified() -> None:
    load_categories()
    known = set(Category.objects.values_list("code", flat=True))
    for one in queries.topics():
        assert one.do_zh, one.code
        assert len(one.do_zh) == len(one.do_en), one.code
        assert len(one.never_zh) == len(one.never_en) > 0, one.code
        assert all(number.isdigit() for number in one.call), one.code
        assert one.call, one.code
        assert one.evidence in ("V", "B+", "B", "W", "K"), one.code
        assert one.source, one.code
        assert set(one.categories) <= known, one.code
    assert len({one.code for one in queries.topics()}) == len(queries.topics()) >= 10


@pytest.mark.parametrize(
    ("words", "code"),
    [("煤气", "gas"), ("电梯 被困", "lift"), ("下水井", "confined"), ("lift", "lift"), ("地震", "earthquake")],
)
def test_a_topic_is_found_by_what_people_type(words: str, code: str) -> None:
    assert code in [one.code for one in queries.find_topics(words)]
    assert queries.find_topics(words + "绝无此词") == []


def test_pages_open_with_nothing_and_with_everything(client: Client, plaza: Plaza) -> None:
    assert client.get("/knowledge/").status_code == 200
    for one in queries.topics():
        page = client.get(f"/knowledge/help/{one.code}/")
        assert page.status_code == 200
        assert one.do_zh[0] in page.content.decode()
    assert client.get("/knowledge/help/nothing/").status_code == 404
    assert client.get("/knowledge/criteria/nothing/").status_code == 404
    assert client.get("/knowledge/laws/nothing/").status_code == 404
    nothing = client.get("/knowledge/?q=绝无此词此句")
    assert nothing.context["nothing"]
    assert not client.get("/knowledge/?q=电梯").context["nothing"]


def test_criteria_laws_and_cases_are_found_together(client: Client, plaza: Plaza) -> None:
    from anlan.kernel.flow.clockwork import tick
    from anlan.reports.actions import handle

    load_criteria()
    load_laws()
    report = plaza.shown("液氨机房通风不良")
    report = plaza.do(plaza.city.dispatcher, report, "dispatch", unit=plaza.unit.pk)
    from anlan.kernel import clock

    report = plaza.do(
        plaza.inspector, report, "verify", words="现场确有此事。", on=clock.today(), place="机房", industry="gongmao",
        hazard_category="fire_escape",
    )  # fmt: skip
    assert handle(report=report.pk, words="已加装风机。") is not None
    plaza.do(plaza.city.office, report, "review", answer="已整改，感谢。")
    tick()
    found = client.get("/knowledge/?q=液氨").context
    assert found["clauses"]
    assert [card.report.number for card in found["cases"]] == [report.number]
    home = client.get("/knowledge/").context
    assert home["lists"]
    assert home["laws"]
    for one in home["lists"]:
        assert client.get(f"/knowledge/criteria/{one['code']}/").context["items"]
    for one in home["laws"]:
        assert client.get(f"/knowledge/laws/{one['code']}/").status_code == 200
    answer = client.get("/api/v1/citizen/knowledge", {"q": "液氨"}).json()
    assert answer["criteria"]
    assert [one["number"] for one in answer["cases"]] == [report.number]
