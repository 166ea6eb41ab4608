"""The notice everybody may read, what one can say there, and what becomes of it. Nothing else leaks, nothing is dropped."""

import re
from threading import Event, Thread
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils.html import escape

from anlan.files.models import File
from anlan.hazards.models import Hazard
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import Conflict, Forbidden, NotFound
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.read import acts
from anlan.notify.models import Message
from anlan.risks import actions, queries
from anlan.risks.actions import reports
from anlan.risks.actions.reports import AT_ONE, FROM_ONE, WINDOW, SentBefore, TooMany
from anlan.risks.models import ReportTry, RiskPoint, WorkerReport
from tests.factories import City, picture
from tests.risks.conftest import Plant
from tests.together import outcomes_of

pytestmark = pytest.mark.django_db
WORDS = "炉前挡板松动，有金属液溅出。"


def file(point: RiskPoint, *, address: str = "10.0.0.1", report: UUID | None = None, **over: Any) -> WorkerReport:
    photo = over.pop("photo", None)
    data = {"words": WORDS} | over
    return actions.file_report(point=point.pk, report=report or new_id(), data=data, address=address, photo=photo)


def furnished(plant: Plant) -> RiskPoint:
    point = plant.point(emergency_phone="13800001111", emergency_measures="停炉，撤离，拨打 119。", place="一跨东侧")
    source = plant.source(point)
    plant.assess(source, remark="内部备注不外传")
    plant.control(source, tier="department", holder_name="炉长 李某")
    plant.control(source, kind="emergency", words="佩戴隔热服撤至安全区")
    return point


def test_the_notice_is_read_without_signing_in(plant: Plant) -> None:
    point = furnished(plant)
    page = Client(headers={"accept-language": "zh-hans"}).get(f"/r/{point.pk}/")
    text = page.content.decode()
    assert page.status_code == 200
    for words in (
        "1号熔炼炉",
        "高温金属液喷溅",
        "炉前设防护挡板",
        "停炉",
        "13800001111",
        "炉长 李某",
        "佩戴隔热服",
        "▲",
    ):
        assert words in text


def test_nothing_but_the_notice_is_shown_to_the_public(plant: Plant) -> None:
    point = furnished(plant)
    plant.neighbour()
    file(point, name="张某某", phone="13700003333")
    with scope.acting(SYSTEM):
        owner = plant.city.enterprise
        owner.principal_name, owner.principal_phone = "厂长 赵某", "13600004444"
        owner.save()
    public = Client(headers={"accept-language": "zh-hans"})
    text = public.get(f"/r/{point.pk}/").content.decode()
    hidden = ("内部备注", "邻县", "13911112222", "张某某", "13700003333", WORDS, "13600004444", "赵某", point.number, owner.uscc,
              "测试路1号", "L 3", "safety_manager 某")  # fmt: skip
    for words in hidden:
        assert escape(words) not in text, words
    assert not re.search(r"\b270\b", text)  # the value of the assessment; a random token may hold the digits
    for path in (
        f"/risk-points/{point.pk}/", f"/risk-points/{point.pk}/notice/", f"/risk-points/{point.pk}/notice.pdf", "/risk-points/",
        "/risk-points/pick/enterprise/?name=enterprise&enterprise_words=铸造", "/risk-points/export/",
    ):  # fmt: skip
        answer = public.get(path)
        assert answer.status_code == 302, path
        assert answer["Location"].startswith("/sign-in/")
    assert public.get(f"/api/v1/risk-points/{point.pk}").status_code == 401
    assert public.get(f"/r/{new_id()}/").status_code == 404
    with connection.cursor() as cursor:  # and the connection it used carries nobody's scope afterwards
        cursor.execute("SELECT count(*) FROM risks_riskpoint")
        assert cursor.fetchone() == (0,)


def test_somebody_signed_in_elsewhere_reads_the_notice_and_no_more(plant: Plant, signed_in: Any) -> None:
    point = furnished(plant)
    for who, inside in (
        ("n_office", False),
        ("n_safety_manager", False),
        ("citizen", False),
        ("safety_manager", True),
        ("inspector", True),
    ):
        text = signed_in(who).get(f"/r/{point.pk}/").content.decode()
        assert (f"/hazards/new/?risk_point={point.pk}" in text) is inside, who
        assert (f'href="/risk-points/{point.pk}/"' in text) is inside, who


def test_a_retired_point_has_no_notice(plant: Plant) -> None:
    point, manager = furnished(plant), plant.city.safety_manager
    with scope.acting(manager):
        actions.retire_point(actor=manager, point=point.pk, data={"reason": "拆除"})
    assert Client().get(f"/r/{point.pk}/").status_code == 404
    with pytest.raises(NotFound):
        file(point)


def test_a_report_reaches_manager_and_principal_of_this_enterprise_alone(plant: Plant) -> None:
    point = plant.point()
    made = file(point, name="王某")
    with scope.acting(SYSTEM):
        told = Message.objects.filter(kind="risk.reported")
        assert {one.person_id for one in told} == {
            plant.city.posts[who].person_id for who in ("principal", "safety_manager")
        }
    for who, sees in (
        ("safety_manager", True),
        ("regulator", True),
        ("n_safety_manager", False),
        ("n_office", False),
        ("citizen", False),
    ):
        with scope.acting(plant.city.actors[who]):
            assert WorkerReport.objects.filter(pk=made.pk).exists() is sees, who
    with scope.acting(plant.city.auditor):
        assert acts(point.pk)[-1].step == "file_report"


def test_the_page_takes_a_report_with_a_photo_once(plant: Plant, tmp_path: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    point, key = plant.point(), new_id()
    public = Client()
    for _again in range(2):
        photo = SimpleUploadedFile("spot.jpg", picture(5), "image/jpeg")
        sent = public.post(
            f"/r/{point.pk}/", {"report": str(key), "words": WORDS, "photo": photo, "phone": "13800002222"}
        )
        assert sent.status_code == 302
        assert sent["Location"] == f"/r/{point.pk}/sent/{key}/"
    with scope.acting(plant.city.principal):
        [kept] = WorkerReport.objects.all()
        assert kept.pk == key
        assert File.objects.filter(pk=kept.photo_id).exists()
    with scope.acting(plant.city.n_principal):
        assert not File.objects.exists()
    page = public.get(sent["Location"]).content.decode()
    assert "13800002222" not in page
    bad = public.post(f"/r/{point.pk}/", {"report": str(new_id()), "words": "x", "phone": "12"})
    assert bad.status_code == 422
    evil = SimpleUploadedFile("spot.jpg", b"<script>alert(1)</script>", "image/jpeg")
    refused = public.post(f"/r/{point.pk}/", {"report": str(new_id()), "words": WORDS, "photo": evil})
    assert refused.status_code == 422
    with scope.acting(SYSTEM):
        assert WorkerReport.objects.count() == 1


def test_a_key_of_another_point_is_no_key_here(plant: Plant) -> None:
    made = file(plant.point())
    other = plant.neighbour()
    with pytest.raises(Conflict):
        file(other, report=made.pk)
    assert Client().get(f"/r/{other.pk}/sent/{made.pk}/").status_code == 404


def test_a_flood_is_held_back_and_others_still_get_through(plant: Plant) -> None:
    point = plant.point()
    for n in range(FROM_ONE):
        file(point, words=f"{WORDS}{n}")
    with pytest.raises(TooMany):
        file(point)
    file(point, address="10.0.0.2")
    for n in range(AT_ONE - FROM_ONE - 1):
        file(point, address=f"10.1.0.{n}")
    with pytest.raises(TooMany):
        file(point, address="10.9.9.9")
    file(plant.point(name="别的点位"), address="10.9.9.9")
    assert Client(REMOTE_ADDR="10.8.8.8").post(f"/r/{point.pk}/", {"words": WORDS}).status_code == 429


def test_an_answer_is_read_by_whoever_wrote(plant: Plant) -> None:
    point, manager = plant.point(), plant.city.safety_manager
    made = file(point)
    for who, problem in (("n_safety_manager", NotFound), ("regulator", Forbidden), ("inspector", Forbidden)):
        actor = plant.city.actors[who]
        with scope.acting(actor), pytest.raises(problem):
            actions.answer_report(actor=actor, report=made.pk, data={"answer": "已经处理"})
    with scope.acting(manager):
        actions.answer_report(actor=manager, report=made.pk, data={"answer": "挡板当场已紧固。"})
        with pytest.raises(Conflict):
            actions.answer_report(actor=manager, report=made.pk, data={"answer": "再答一次"})
    assert queries.report_state(point.pk, made.pk) == ("answered", "挡板当场已紧固。")
    assert "挡板当场已紧固。" in Client().get(f"/r/{point.pk}/sent/{made.pk}/").content.decode()


def test_a_report_becomes_a_hazard_with_its_photo(plant: Plant, signed_in: Any) -> None:
    city = plant.city
    point = plant.point(lon="111.512345", lat="36.098765", place="一跨东侧")
    made = actions.file_report(
        point=point.pk, report=new_id(), data={"words": WORDS}, address="", photo=(picture(9), "spot.jpg")
    )
    office = signed_in("safety_manager")
    page = office.post(f"/worker-reports/{made.pk}/hazard/")
    assert page.status_code == 302
    new = page["Location"]
    form = office.get(new).content.decode()
    assert WORDS in form
    assert "一跨东侧 1号熔炼炉" in form
    photo = new.partition("photos=")[2]
    assert office.post(f"/worker-reports/{made.pk}/hazard/")["Location"] == new  # no second copy
    typed = {"photos": photo, "enterprise": str(city.enterprise.pk), "risk_point": str(point.pk), "report": str(made.pk),
             "category": "equipment", "description": WORDS, "source": "self"}  # fmt: skip
    done = office.post("/hazards/new/", typed)
    assert done.status_code == 302, done.content.decode()[-3000:]
    with scope.acting(city.safety_manager):
        [hazard] = Hazard.objects.all()
        assert (hazard.risk_point_id, hazard.place) == (point.pk, "一跨东侧 1号熔炼炉")
        assert (str(hazard.lon), str(hazard.lat)) == ("111.512345", "36.098765")
        kept = WorkerReport.objects.get(pk=made.pk)
        assert (kept.state, kept.hazard_id, kept.hazard_number) == ("hazard", hazard.pk, hazard.number)
    record = office.get(f"/risk-points/{point.pk}/").content.decode()
    assert record.count(hazard.number) >= 2
    assert office.post(f"/worker-reports/{made.pk}/hazard/").status_code == 409
    assert signed_in("n_safety_manager").post(f"/worker-reports/{made.pk}/hazard/").status_code == 404


def test_a_hazard_takes_no_point_of_another_enterprise(plant: Plant) -> None:
    from anlan.kernel.errors import Invalid

    city, other = plant.city, plant.neighbour()
    with pytest.raises(Invalid) as wrong:
        city.found(risk_point=other.pk)
    assert "risk_point" in wrong.value.fields
    with pytest.raises(Invalid):
        city.found(city.city_office, source="document", risk_point=other.pk)


def test_a_settled_report_is_not_settled_by_a_failed_registration(plant: Plant) -> None:
    city, point = plant.city, plant.point()
    made = file(point)
    other = plant.point(name="2号熔炼炉")
    with pytest.raises(Conflict):
        city.found(city.safety_manager, source="self", risk_point=other.pk, report=made.pk)
    with scope.acting(SYSTEM):
        assert WorkerReport.objects.get(pk=made.pk).state == "waiting"
        assert not Hazard.objects.exists()


def test_the_same_id_with_other_words_is_told_and_the_first_words_stand(plant: Plant) -> None:
    point, key = plant.point(), new_id()
    made = file(point, report=key, photo=(picture(4), "spot.jpg"))
    assert file(point, report=key).pk == made.pk
    assert file(point, report=key, photo=(picture(4), "again.jpg")).pk == made.pk
    for over in (
        {"words": f"{WORDS}还有"},
        {"name": "王某"},
        {"phone": "13800001111"},
        {"photo": (picture(5), "spot.jpg")},
    ):
        with pytest.raises(SentBefore):
            file(point, report=key, **over)
    public = Client()
    refused = public.post(f"/r/{point.pk}/", {"report": str(key), "words": "地面有油，易滑倒。"})
    text = refused.content.decode()
    assert refused.status_code == 422
    assert "地面有油" in text, "what was typed is kept"
    other = text.partition('name="report" value="')[2].partition('"')[0]
    assert other != str(key)
    assert public.post(f"/r/{point.pk}/", {"report": other, "words": "地面有油，易滑倒。"}).status_code == 302
    with scope.acting(SYSTEM):
        assert sorted(WorkerReport.objects.values_list("words", flat=True)) == sorted([WORDS, "地面有油，易滑倒。"])


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize("who", ["", "regulator"])
def test_refused_photos_count_and_are_not_decoded_without_end(
    city: City, signed_in: Any, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    monkeypatch.setattr(reports, "TRIES_FROM_ONE", 3)
    point = Plant(city).point()
    public = signed_in(who) if who else Client()

    def send() -> Any:
        evil = SimpleUploadedFile("spot.jpg", b"<script>alert(1)</script>", "image/jpeg")
        return public.post(f"/r/{point.pk}/", {"report": str(new_id()), "words": WORDS, "photo": evil})

    assert [send().status_code for _ in range(3)] == [422, 422, 422]
    late = send()
    assert late.status_code == 429
    assert 0 < int(late["Retry-After"]) <= WINDOW.total_seconds()
    assert ReportTry.objects.count() == 3, "what is held back adds nothing"
    file(point, address="10.0.0.2")
    with clock.at(clock.now() + WINDOW):
        assert send().status_code == 422
        assert ReportTry.objects.count() == 1, "what is no longer counted is gone"


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_photo_is_decoded_while_no_lock_is_held(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reports at the same point meanwhile, from the same address, need not wait for it."""
    point = Plant(city).point()
    decode, held, go = reports.inspect_and_derive, Event(), Event()

    def slowly(*args: Any, **kwargs: Any) -> Any:
        held.set()
        assert go.wait(20)
        return decode(*args, **kwargs)

    monkeypatch.setattr(reports, "inspect_and_derive", slowly)

    def work() -> None:
        try:
            file(point, photo=(picture(6), "spot.jpg"))
        finally:
            connection.close()

    slow = Thread(target=work)
    slow.start()
    try:
        assert held.wait(20)
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '3s'")
            file(point, words=f"{WORDS}二")
    finally:
        go.set()
        slow.join()
    with scope.acting(SYSTEM):
        assert WorkerReport.objects.count() == 2
        assert WorkerReport.objects.exclude(photo_id=None).count() == 1


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_the_same_report_sent_at_once_is_kept_once_and_no_burst_slips_past(city: City) -> None:
    point = Plant(city).point()
    key = new_id()
    found = outcomes_of(*(lambda n=n: file(point, report=key if n < 4 else new_id()).pk for n in range(12)))
    assert all(isinstance(one, UUID | TooMany) for one in found)
    with scope.acting(SYSTEM):
        assert WorkerReport.objects.count() == FROM_ONE
        assert WorkerReport.objects.filter(pk=key).count() <= 1
        assert len(found) == 12
