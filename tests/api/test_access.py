"""Who may ask what: a neighbour's record answers like one that does not exist, byte for byte, on every operation."""

import re
from typing import Any
from uuid import UUID

import pytest

from anlan.files.models import File
from anlan.hazards.models import Hazard
from anlan.identity.models import ApiToken, Organisation, Post
from anlan.identity.tokens import issue_token
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.notify.models import Message
from anlan.site.api import api
from tests.api.conftest import Speaker, Speaking
from tests.api.fieldwork import fieldwork_of
from tests.api.ground import JOINED, PUBLIC, ground_of, meant
from tests.api.test_loop import finding, ok
from tests.api.test_problems import problem
from tests.factories import DRAWING, NEIGHBOUR, NEIGHBOUR_TOWN, City, picture

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
ABSENT = UUID("01900000-0000-7000-8000-00000000dead")
ROLES = (
    "inspector", "regulator", "office", "group_leader", "leader", "expert", "auditor", "citizen", "principal",
    "safety_manager", "system_admin", "security_admin", "audit_admin", "dispatcher", "finance", "other_field",
)  # fmt: skip
PROBERS = ("inspector", "office", "principal", "citizen", "security_admin", "dispatcher")
BODIES: dict[str, Any] = {
    "hazard_sign": {"digest": "0" * 64, "drawing": DRAWING},
    "hazard_grade": {"grade": "general"},
    "hazard_add_evidence": {"remark": "补充说明"},
    "edit_enterprise": {"address": "新址1号"},
    "close_enterprise": {"reason": "已停产"},
    "register_site": {"name": "二厂", "region": NEIGHBOUR_TOWN},
    "edit_organisation": {"name": "新名称", "kind": "department", "region": NEIGHBOUR},
    "edit_account": {"name": "新名"},
    "deactivate": {"reason": "离职"},
    "reactivate": {"reason": "复职"},
    "give_post": {"role": "inspector", "region": NEIGHBOUR},
    "end_post": {"reason": "调离"},
    "self_check_excuse": {"excuse": "停电"},
    "self_check_plan_end": {"ends_on": "2199-01-01", "reason": "停产"},
    "edit_site": {"name": "三厂"},
    "change_duty": {"person_name": "李某"},
    "end_duty": {"reason": "调离"},
    "duty_card_add": {"level": "worker", "title": "炉前工", "duties": ["按规程操作"]},
    "duty_card_change": {"title": "值班长"},
    "edit_expert": {"title": "高级工程师"},
    "note_absence": {"first": "2026-12-01", "last": "2026-12-02"},
    "edit_group": {"name": "专家一组"},
    "end_certificate": {"last": "2199-01-01", "reason": "换发"},
    "end_avoidance": {"last": "2020-06-01", "reason": "情形消失"},
    "risk_point_edit": {"place": "东侧"},
    "risk_point_retire": {"reason": "已拆除"},
    "risk_source_add": {"name": "高温", "accidents": ["burns"]},
    "risk_source_edit": {"description": "浇注时飞溅"},
    "risk_source_retire": {"reason": "工艺改变"},
    "risk_assess": {"method": "lec", "factors": {"L": "3", "E": "6", "C": "15"}},
    "risk_control_add": {"kind": "training", "words": "班前教育", "tier": "team"},
    "risk_control_edit": {"words": "防护挡板完好"},
    "risk_control_retire": {"reason": "已拆除"},
    "risk_unit_rename": {"name": "熔炼二车间"},
    "worker_report_answer": {"answer": "已加固护栏。"},
    "report_screen": {"category": "fire_exit"},
    "report_decline": {"reason": "不属于安全生产事项"},
    "report_send_back": {"reason": "不属于本单位职责"},
    "report_review": {"answer": "已经处理，谢谢。"},
    "report_open_seal": {"reason": "需联系上报人核实"},
    "citizen_contest": {"words": "还是没有解决"},
    "citizen_rate": {"satisfied": True},
    "draw_plan": {"check": "county", "planned_on": "2026-12-01"},
    "visit_cancel": {"reason": "企业停产"},
    "checklist_edit": {"zh": "改名的清单"},
    "edition_draft": {"note": "改版"},
    "item_add": {"code": "9", "zh": "新增的检查项"},
    "items_fill": {"items": [{"code": "9", "zh": "换掉的检查项"}]},
    "item_edit": {"zh": "改过的检查项"},
    "item_move": {"up": False},
    "edition_send_back": {"reason": "退回修改"},
    "edition_withdraw": {"reason": "不再使用"},
}
"""What would succeed on one's own record; other operations are sent an empty object."""
SHOWN_TO_ALL = re.compile(rf"{{code}}|/plaza/{{number}}|{JOINED}$")
"""A law by its code, a public report by its number, and joining one: nobody's of a territory."""


@pytest.fixture
def foreign(city: City) -> Hazard:
    """A hazard of the neighbour county in the middle of its loop, with photos and signatures."""
    hazard = city.found(
        city.n_inspector, region=NEIGHBOUR_TOWN, enterprise=city.n_enterprise.pk, photos=[_photo(city, "n_inspector")]
    )
    hazard = city.do(city.n_regulator, hazard, "grade", grade="general")
    hazard = city.do(city.n_regulator, hazard, "dispatch", responsible=city.n_enterprise.pk, due=city.day(30))
    return city.sign(city.n_principal, hazard)


def _photo(city: City, name: str) -> UUID:
    with scope.acting(city.actors[name]):
        return city.photo(city.actors[name])


def ids_of(city: City, hazard: Hazard) -> dict[str, UUID]:
    """What could be guessed or leaked of the neighbours, by the name of the path's parameter."""
    with scope.acting(SYSTEM):
        file = File.objects.filter(subject_id=hazard.pk).first()
        assert file is not None
        issue_token(post=city.posts["n_regulator"], name="theirs")
        token = ApiToken.objects.get(post_id=city.posts["n_regulator"].pk)
        office = Organisation.objects.create(name="苍溪应急局", kind="department", region=NEIGHBOUR)
    fieldwork = fieldwork_of(city.n_enterprise, city.n_safety_manager)
    return {
        "hazard_id": hazard.pk,
        "file_id": file.pk,
        "enterprise_id": city.n_enterprise.pk,
        "organisation": office.pk,
        "person": city.posts["n_regulator"].person_id,
        "post": city.posts["n_regulator"].pk,
        "token": token.pk,
        **fieldwork,
        **ground_of(city, "n_"),
    }


def operations() -> list[tuple[str, str, str, Any]]:
    """Every operation whose path names a record: its method, path, parameter, and a body that could succeed."""
    return [
        (
            method.upper(),
            path.removeprefix("/api/v1"),
            path.partition("{")[2].partition("}")[0],
            BODIES.get(one["operationId"], {}),
        )
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method, one in methods.items()
        if "{" in path and not SHOWN_TO_ALL.search(path)
    ]


def asked(who: Speaker, method: str, path: str, body: Any) -> tuple[int, bytes]:
    answer = who(method, path, None if method == "GET" else body, Tus_Resumable="1.0.0")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, content


def test_a_neighbours_record_answers_like_an_absent_one(city: City, speak: Speaking, foreign: Hazard) -> None:
    ids = ids_of(city, foreign)
    asked_for = {meant(path, name) for _method, path, name, _body in operations()}
    assert asked_for <= set(ids), "a new kind of id: give tests/api/ground.py one of the neighbour's"
    for role in PROBERS:
        who = speak(role)
        for method, path, name, body in operations():
            if name in PUBLIC:
                continue
            theirs, nobodys = (
                asked(who, method, path.replace(f"{{{name}}}", str(id_)), body)
                for id_ in (ids[meant(path, name)], ABSENT)
            )
            assert theirs == nobodys, (role, method, path)
            apart = (401,) if path.startswith("/citizen/") else ()  # citizens' doors know no officials
            apart += (415,) if path.endswith("/workbook") else ()  # a file is asked for before anything is looked up
            assert theirs[0] in (403, 404, 422, *apart), (role, method, path)
            assert theirs[0] != 403 or name not in ("hazard_id", "file_id") or role == "dispatcher", (
                role,
                method,
                path,
            )


def test_what_is_public_is_read_by_all_and_changed_by_its_keepers_alone(city: City, speak: Speaking) -> None:
    """A checklist is no secret, its draft one of the officials; nobody of another county writes a word of it."""
    ids = ground_of(city, "n_")
    before = speak("n_office").get(f"/checklists/editions/{ids['edition_id']}").content
    for role in (*PROBERS, "regulator", "auditor"):
        who = speak(role)
        for method, path, name, body in operations():
            if name not in PUBLIC:
                continue
            status, content = asked(who, method, path.replace(f"{{{name}}}", str(ids[name])), body)
            if method == "GET":
                draft = "editions/" in path
                official = role in ("inspector", "office", "regulator", "auditor")
                allowed = official or (role == "principal" and not draft)
                assert status == (200 if allowed else 404 if role == "principal" else 403), (role, path, content)
            else:
                # The state is public too, and is looked at first.
                refused = 409 if b"/problems/flow.wrong_state" in content else 403
                assert status == refused, (role, method, path, content)
    assert speak("n_office").get(f"/checklists/editions/{ids['edition_id']}").content == before


def test_references_to_a_neighbours_records_answer_like_absent_ones(
    city: City, speak: Speaking, foreign: Hazard
) -> None:
    photo = ids_of(city, foreign)["file_id"]
    mine = city.found(grade="general")
    for field, theirs in (("photos", [photo]), ("enterprise", city.n_enterprise.pk), ("site", city.n_enterprise.pk)):
        good = finding(city, speak("inspector").photo(77))
        absent = [ABSENT] if field == "photos" else ABSENT
        answers = [speak("inspector").post("/hazards", good | {field: value}) for value in (theirs, absent)]
        assert answers[0].content == answers[1].content
        assert answers[0].status_code == 422
    for step, field, theirs in (
        ("merge", "survivor", foreign.pk),
        ("dispatch", "responsible", city.n_enterprise.pk),
        ("grade", "clause", foreign.pk),
    ):
        more = {"merge": {"reason": "重复登记"}, "dispatch": {"due": city.day(9)}, "grade": {"grade": "major"}}[step]
        answers = [speak("regulator").step(str(mine.pk), step, more | {field: value}) for value in (theirs, ABSENT)]
        assert answers[0].content == answers[1].content
        assert answers[0].status_code == 422


def test_no_list_count_or_figure_shows_the_neighbours(speak: Speaking, foreign: Hazard) -> None:
    with scope.acting(SYSTEM):
        secrets = {str(foreign.pk), foreign.number, "n_inspector", "苍溪铸造", str(NEIGHBOUR_TOWN)}
    for role in ROLES:
        for path in (
            "/hazards", "/hazards?q=苍溪", f"/hazards?q={foreign.number}", f"/hazards?region={NEIGHBOUR_TOWN}",
            f"/hazards?enterprise={foreign.responsible_id}", "/hazards?mine=1", "/hazards/board", "/hazards/board?by=industry",
            f"/hazards/board?region={NEIGHBOUR_TOWN}", "/workbench", "/messages",
        ):  # fmt: skip
            answer = speak(role).get(path)
            text = answer.content.decode()
            assert answer.status_code == 200, (role, path, text)
            assert not [one for one in secrets if one in text and one not in path], (role, path)
            found = answer.json()
            assert found.get("count", 0) == 0
            assert found.get("total", {}).get("found", 0) == 0


def test_a_message_of_another_is_passed_over_like_an_absent_one(city: City, speak: Speaking, foreign: Hazard) -> None:
    with scope.acting(SYSTEM):
        theirs = Message.objects.filter(subject_id=foreign.pk, read_at=None).values_list("id", flat=True)[0]
    answers = [speak("regulator").post("/messages/read", {"ids": [str(one)]}) for one in (theirs, ABSENT)]
    assert answers[0].content == answers[1].content == b'{"marked":0}'
    with scope.acting(SYSTEM):
        assert Message.objects.get(pk=theirs).read_at is None


def test_who_may_take_each_step_and_who_may_not(city: City, speak: Speaking) -> None:
    """The matrix itself is tested over the verbs; here each allowed and one forbidden post goes through HTTP."""
    at = str(city.found().pk)
    for name, status in (
        ("leader", 403),
        ("expert", 403),
        ("auditor", 403),
        ("principal", 404),
        ("citizen", 404),
        ("system_admin", 404),
    ):
        answer = speak(name).step(at, "grade", {"grade": "general"})
        assert answer.status_code == status, (name, answer.content)
    assert speak("regulator").step(at, "grade", {"grade": "general"}).status_code == 200
    for name in ("inspector", "leader", "other_field"):
        answer = speak(name).step(at, "dispatch", {"responsible": city.enterprise.pk, "due": city.day(9)})
        assert answer.status_code == (404 if name == "other_field" else 403), name
    assert (
        speak("office").step(at, "dispatch", {"responsible": city.enterprise.pk, "due": city.day(9)}).status_code == 200
    )


def test_evidence_is_for_officials(city: City, speak: Speaking) -> None:
    at = city.dispatched().pk
    answer = speak("auditor").get(f"/hazards/{at}/evidence")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/zip"
    assert b"".join(answer.streaming_content).startswith(b"PK")
    problem(speak("principal").get(f"/hazards/{at}/evidence"), 403, "forbidden")
    problem(speak("citizen").get(f"/hazards/{at}/evidence"), 404, "not_found")


def test_what_is_asked_of_whom_is_read_from_the_post_acted_as(city: City, speak: Speaking) -> None:
    bench = ok(speak("regulator").get("/workbench"))
    assert (bench["post"]["role"], bench["waiting"], bench["figures"]["found"]) == ("regulator", [], 0)
    at = str(city.found().pk)
    bench = ok(speak("regulator").get("/workbench"))
    assert [(one["hazard"]["id"], one["step"]) for one in bench["waiting"]] == [(at, "grade")]
    assert bench["unread"] == 1
    assert ok(speak("system_admin").get("/workbench"))["figures"] is None


def test_messages_are_read_page_by_page(city: City, speak: Speaking) -> None:
    for _number in range(3):
        city.found()
    page = ok(speak("regulator").get("/messages?limit=2"))
    assert (len(page["items"]), page["unread"]) == (2, 3)
    assert page["items"][0]["facts"]["why"] == "waits:found"
    rest = ok(speak("regulator").get(f"/messages?limit=2&cursor={page['next']}"))
    assert (len(rest["items"]), rest["next"]) == (1, None)
    assert ok(speak("regulator").post("/messages/read", {"ids": [rest["items"][0]["id"]]})) == {"marked": 1}
    assert ok(speak("regulator").post("/messages/read")) == {"marked": 2}
    assert ok(speak("regulator").get("/messages?unread=true"))["items"] == []


def test_a_token_ends_with_its_post_and_its_revocation(city: City, speak: Speaking) -> None:
    who = speak("regulator")
    assert who.get("/workbench").status_code == 200
    with scope.acting(SYSTEM):
        Post.objects.filter(pk=city.posts["regulator"].pk).update(valid_to="2020-12-31")
    problem(who.get("/workbench"), 401, "sign_in_needed")
    other = speak("office")
    ApiToken.objects.filter(post_id=city.posts["office"].pk).update(revoked_at=clock.now())
    problem(other.get("/workbench"), 401, "sign_in_needed")


def test_an_uploads_life(city: City, speak: Speaking) -> None:
    """Seen by its uploader until a step ties it, then by whoever sees the record."""
    inspector, regulator = speak("inspector"), speak("regulator")
    made = inspector.upload(picture(3))
    assert made.status_code == 201
    facts = made.json()
    assert (facts["kind"], facts["media_type"], facts["width"]) == ("photo", "image/jpeg", 64)
    assert inspector.get(f"/files/{facts['id']}").status_code == 200
    problem(regulator.get(f"/files/{facts['id']}"), 404, "not_found")
    assert inspector.post("/hazards", finding(city, facts["id"])).status_code == 201
    for which in ("original", "display", "thumb"):
        answer = regulator.get(f"/files/{facts['id']}/{which}")
        content = b"".join(answer.streaming_content)
        assert content.startswith(b"\xff\xd8\xff")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Disposition"].startswith("attachment" if which == "original" else "inline")
        assert (content == picture(3)) == (which == "original")
    for name in ("n_regulator", "principal", "citizen", "security_admin"):
        problem(speak(name).get(f"/files/{facts['id']}/display"), 404, "not_found")


REFUSED = (
    (b"", "a.jpg", "image/jpeg", 422, "file.empty"),
    (b"<html>", "a.jpg", "image/jpeg", 422, "file.type_unknown"),
    (picture(1), "a.png", "image/png", 422, "file.type_mismatch"),
    (picture(1)[:-40], "a.jpg", "image/jpeg", 422, "file.truncated"),
    (b"\xff\xd8\xff" + bytes(20_100_000), "a.jpg", "image/jpeg", 413, "file.too_large"),
    (b"\xff\xd8\xff" + bytes(20_000_000), "a.jpg", "image/jpeg", 422, "file.too_large"),
)


def test_files_are_refused_with_the_rooms_own_codes(speak: Speaking) -> None:
    inspector = speak("inspector")
    for content, name, media_type, status, code in REFUSED:
        problem(inspector.upload(content, name, media_type), status, code)
    problem(inspector.upload(picture(1), kind="film"), 422, "invalid")
    problem(inspector.upload(picture(1), kind="document"), 422, "file.type_unknown")
    answer = inspector.client.post(
        "/api/v1/files", {"kind": "photo"}, headers={"Authorization": f"Bearer {inspector.token}"}
    )
    assert re.search("file", problem(answer, 422, "invalid")["errors"][0]["field"])
