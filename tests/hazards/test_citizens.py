"""A citizen's report becomes a hazard, and learns what became of it, in one transaction or not at all."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from anlan.files.models import File
from anlan.hazards.models import Hazard, Photo
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import Invalid
from anlan.kernel.flow.clockwork import tick
from anlan.kernel.ledger.read import acts
from anlan.reports import beside
from anlan.reports.models import Report
from anlan.reports.plaza.keeping import PLAZA, content_version
from tests.factories import City
from tests.reports.conftest import NAME, PHONE, Town, make_town

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.fixture
def town(city: City) -> Town:
    return make_town(city)


def verified(town: Town, actor: Actor | None = None, **over: Any) -> Report:
    """Sent with a photo, found true by the unit's regulator."""
    return verify(town, town.dispatched(photos=[town.photo(town.reporter)]), actor, **over)


def verify(town: Town, report: Report, actor: Actor | None = None, **over: Any) -> Report:
    facts: dict[str, Any] = {
        "words": "现场检测，燃气表接口漏气。",
        "on": clock.today(),
        "place": "燃气表箱旁",
        "industry": "gongmao",
        "hazard_category": "gas",
    }
    return town.do(actor or town.regulator, report, "verify", **(facts | over))


def hazard_of(report: Report) -> Hazard:
    with scope.acting(SYSTEM):
        return Hazard.objects.get(pk=Report.objects.get(pk=report.pk).hazard_id)


def close(city: City, hazard: Hazard) -> Hazard:
    hazard = city.do(city.regulator, hazard, "grade", grade="general")
    hazard = city.do(city.regulator, hazard, "dispatch", responsible=city.enterprise.pk, due=city.day(30))
    for kind in hazard.required_signers:
        hazard = city.sign(city.actors[city.SIGNERS[kind]], hazard)
    hazard = city.do(city.safety_manager, hazard, "plan", **city.plan(hazard))
    with scope.acting(city.safety_manager):
        photo = city.photo(city.safety_manager)
    done = {"measure_done": "接口已更换并试压。", "finished_on": city.day(0), "photos": [photo]}
    hazard = city.do(city.safety_manager, hazard, "submit", **done)
    hazard = city.do(city.inspector2, hazard, "recheck", passed=True, remark="现场查看，接口牢固不漏。")
    return city.do(city.regulator2, hazard, "close")


def test_found_true_it_is_a_hazard_found_by_the_official_with_the_citizens_photos(town: Town) -> None:
    report = verified(town)
    hazard = hazard_of(report)
    finder = town.regulator
    assert (hazard.source, hazard.source_record, hazard.state) == ("citizen", report.number, "found")
    assert (hazard.finder_id, hazard.finder_name) == (finder.person, finder.name)
    assert (hazard.region, hazard.industry_id, hazard.category) == (report.region, "gongmao", "gas")
    assert town.fresh(report).hazard_number == hazard.number
    with scope.acting(SYSTEM):
        sent = File.objects.get(pk=report.photos.get(phase="report").file_id)
        copy = Photo.objects.get(hazard=hazard).file
        assert copy.pk != sent.pk
        assert copy.display_sha256 == sent.display_sha256


def test_nothing_of_the_hazard_says_who_reported_or_with_what(town: Town) -> None:
    hazard = hazard_of(verified(town))
    with scope.acting(SYSTEM):
        copy = Photo.objects.get(hazard=hazard).file
        told = " ".join(str(act) for act in acts(hazard.pk)) + str(vars(hazard)) + str(vars(copy))
    assert copy.uploader_id != town.reporter.person
    assert (copy.device, copy.lon, copy.lat) == ("", None, None)
    assert not [one for one in (NAME, PHONE, str(town.reporter.person)) if one in told]


def test_the_field_of_another_is_registered_by_the_platform_and_found_by_the_official(town: Town) -> None:
    """The inspector's post supervises one field; what they found lies in another's."""
    hazard = hazard_of(verified(town, town.inspector))
    assert hazard.finder_id == town.inspector.person
    with scope.acting(SYSTEM):
        assert acts(hazard.pk)[0].role == "system"


def test_the_same_place_found_again_joins_and_both_reports_are_settled_together(town: Town) -> None:
    one, other = verified(town), verified(town)
    assert hazard_of(one) == hazard_of(other)
    assert hazard_of(one).recurrence == 1
    close(town.city, hazard_of(one))
    assert {town.fresh(one).state, town.fresh(other).state} == {"handled"}


def test_a_refused_hazard_leaves_the_report_as_it_was(town: Town) -> None:
    report = town.dispatched()
    with pytest.raises(Invalid) as wrong:
        verify(town, report, hazard_category="nothing")
    assert set(wrong.value.fields) == {"hazard_category"}
    assert town.fresh(report).state == "dispatched"
    with scope.acting(SYSTEM):
        assert not Hazard.objects.exists()


@pytest.mark.parametrize(
    ("step", "data", "said", "outcome"),
    [
        ("dismiss", {"reason": "现场核实不构成隐患。"}, "not recognised as a hazard", "unfounded"),
        (
            "transfer",
            {"authority": "市场监督管理局", "accepted_ref": "收文1号", "reason": "属特种设备"},
            "市场监督管理局",
            "verified",
        ),
    ],
)
def test_a_hazard_that_ends_beside_the_road_settles_its_report(
    town: Town, step: str, data: dict[str, str], said: str, outcome: str, settings: object
) -> None:
    settings.LANGUAGE_CODE = "en"  # type: ignore[attr-defined]
    report = verified(town)
    town.city.do(town.city.regulator, hazard_of(report), step, **data)
    found = town.fresh(report)
    assert (found.state, found.outcome) == ("handled", outcome)
    assert said in found.reason
    assert data.get("reason", "") not in found.reason


def test_of_a_merged_hazard_the_report_goes_on_with_the_survivor(town: Town) -> None:
    report, survivor = verified(town), verified(town, place="另一处")
    mine, other = hazard_of(report), hazard_of(survivor)
    town.city.do(town.city.regulator, mine, "merge", survivor=other.pk, reason="同一处隐患")
    found = town.fresh(report)
    assert (found.state, found.hazard_id, found.hazard_number) == ("verified", other.pk, other.number)
    close(town.city, other)
    assert town.fresh(report).state == "handled"


def looked_back(town: Town, hazard: Hazard) -> None:
    back = {"holds": False, "remark": "接口又松动漏气。", "new_due": town.city.day(10)}
    town.city.do(town.city.office, hazard, "look_back", **back)


def test_a_hazard_that_comes_back_before_the_review_is_waited_for_once_more(town: Town) -> None:
    report = verified(town)
    hazard = close(town.city, hazard_of(report))
    assert town.fresh(report).state == "handled"
    looked_back(town, hazard)
    after = town.fresh(report)
    assert (after.state, after.outcome, after.reason, after.reopened) == ("verified", "verified", "", 1)
    assert after.handled_at is None
    assert after.due_at is not None


def test_a_hazard_that_comes_back_after_the_answer_is_news_and_reopens_nothing(town: Town) -> None:
    report = verified(town)
    hazard = close(town.city, hazard_of(report))
    town.do(town.city.office, report, "review", answer="已整改，感谢您的监督。")
    while tick():
        pass
    before = town.fresh(report)
    assert before.state == "answered"
    looked_back(town, hazard)
    after = town.fresh(report)
    assert (after.state, after.answer) == (before.state, before.answer)
    with scope.acting(SYSTEM):
        last = acts(report.pk)[-1]
    assert (last.step, last.role) == ("hear", "system")
    assert last.data["words"]


def test_the_public_progress_names_nobody(town: Town) -> None:
    report = verified(town)
    close(town.city, hazard_of(report))
    with scope.acting(SYSTEM):
        lines = beside.progress(Report.objects.get(pk=report.pk))
        people = {act.actor_name for act in acts(hazard_of(report).pk)}
    assert [line["label"] for line in lines] == [
        "Registered as a hazard", "Handed to whoever must rectify it", "Taken on by whoever must rectify it", "Being rectified",
        "Rectified, waits for the recheck", "Rechecked and found in order", "Closed off",
    ]  # fmt: skip
    told = str(lines)
    assert not [name for name in (*people, town.city.enterprise.name) if name in told]


def test_a_failed_recheck_is_not_shown_as_reached(town: Town) -> None:
    report = verified(town)
    city, hazard = town.city, hazard_of(report)
    hazard = city.do(city.regulator, hazard, "grade", grade="general")
    hazard = city.do(city.regulator, hazard, "dispatch", responsible=city.enterprise.pk, due=city.day(30))
    with scope.acting(SYSTEM):
        lines = beside.progress(Report.objects.get(pk=report.pk))
    assert lines[-1]["label"] == "Handed to whoever must rectify it"


def test_the_enterprise_does_not_learn_where_exactly_the_phone_was(town: Town) -> None:
    report = verify(town, town.dispatched(lon="111.518912", lat="36.088437"))
    hazard = hazard_of(report)
    assert (hazard.lon, hazard.lat) == (Decimal("111.519"), Decimal("36.088"))
    assert report.lon == Decimal("111.518912")


def test_the_plazas_page_tells_how_the_hazard_goes_on_and_is_never_older_than_it(town: Town, client: Client) -> None:
    report = town.do(town.city.dispatcher, town.send(), "screen", category="fire_exit", public_words="安全出口上锁")
    report = verify(town, town.do(town.city.dispatcher, report, "dispatch", unit=town.unit.pk))
    address, api = f"/plaza/{report.number}/", f"/api/v1/citizen/plaza/{report.number}"

    def told() -> list[str]:
        page = client.get(address, headers={"accept-language": "en"})
        labels = [one["label"] for one in client.get(api, headers={"accept-language": "en"}).json()["progress"]]
        assert all(label in page.content.decode() for label in labels)
        return labels

    assert told() == ["Registered as a hazard"]
    hazard = close(town.city, hazard_of(report))
    assert told()[-1] == "Closed off"
    page = client.get(address).content.decode() + client.get(api).content.decode()
    with scope.acting(SYSTEM):
        people = {act.actor_name for act in acts(hazard.pk)}
    hidden = (*people, town.city.enterprise.name, hazard.number, str(hazard.pk), str(report.pk), "燃气表箱旁")
    assert not [one for one in hidden if one and one in page]
    with scope.acting(PLAZA):
        before = content_version()
    town.city.found()
    town.city.dispatched()
    with scope.acting(PLAZA):
        assert content_version() == before  # hazards that no public report made
