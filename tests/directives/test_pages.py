"""The room's pages over HTTP: who sees what, and the whole way of a document in plain forms, without a script."""

from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from anlan.directives.actions.intake import read_waiting
from anlan.directives.models import Digest, DigestDraft, Directive, DirectiveTask, Intake, Proposal
from anlan.identity.models import Post
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from tests.directives.conftest import TEXT, Desk
from tests.factories import CITY, picture

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
OF_THE_OFFICE = ("/directives/new/", "/directives/units/", "/directives/comb/")
OF_ALL = ("/directives/", "/directives/tasks/", "/directives/digests/", "/directives/recurring/")


def browser(actor: Actor) -> Client:
    with scope.acting(SYSTEM):
        post = Post.objects.select_related("person").get(pk=actor.post)
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(post.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def words(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def office(desk: Desk) -> Client:
    return browser(desk.office)


@pytest.fixture
def member(desk: Desk) -> Client:
    return browser(desk.member)


def bring_in(client: Client, **over: Any) -> str:
    answer = client.post("/directives/new/", {"region": CITY, "text": TEXT} | over)
    assert answer.status_code == 302, words(answer)
    return str(answer["Location"])


def register(client: Client, place: str, **over: Any) -> Any:
    asked = client.get(place)
    head = {
        name: asked.context["form"][name].value() or "" for name in ("title", "reference", "issuer", "dated", "limit")
    }
    return client.post(place, head | {"received_on": clock.today().isoformat()} | over)


def document(desk: Desk) -> Directive:
    with scope.acting(SYSTEM):
        return Directive.objects.latest("created_at")


def test_the_pages_open_for_those_who_have_business_there(desk: Desk, office: Client, member: Client):
    desk.accept(2)
    for address in (*OF_ALL, *OF_THE_OFFICE):
        assert office.get(address).status_code == 200, address
    for address in OF_ALL:
        assert member.get(address).status_code == 200, address
    for address in OF_THE_OFFICE:
        assert member.get(address).status_code == 403, address
    for name in ("inspector", "principal", "citizen", "dispatcher"):
        stranger = browser(desk.city.actors[name])
        for address in (*OF_ALL, *OF_THE_OFFICE):
            assert stranger.get(address).status_code == 403, (name, address)


def test_a_pasted_text_is_read_looked_at_and_registered(desk: Desk, office: Client):
    place = bring_in(office)
    asked = office.get(place)
    form = asked.context["form"]
    assert form["reference"].value() == "澜安办〔2026〕40号"
    assert form["issuer"].value() == "安澜市安全生产委员会办公室"
    assert form["dated"].value() == "2026-11-18"
    assert form["limit"].value() == "2026-12-20"
    assert "The reader proposes 4 tasks." in words(asked)
    with scope.acting(SYSTEM):
        assert not Directive.objects.exists()  # nothing is registered before a person looked
    answer = register(office, place, title="关于加强冬季安全生产工作的通知")
    made = document(desk)
    assert answer["Location"] == f"/directives/{made.pk}/"
    assert (made.title, made.limit.isoformat()) == ("关于加强冬季安全生产工作的通知", "2026-12-20")
    with scope.acting(SYSTEM):
        assert not Intake.objects.exists()
    assert office.get(place).status_code == 404


def test_the_same_number_of_the_same_issuer_is_told(desk: Desk, office: Client):
    first = desk.register()
    place = bring_in(office, text=TEXT.replace("加油站", "烟花爆竹店"))
    asked = office.get(place)
    assert first.number in words(asked)
    refused = register(office, place)
    assert refused.status_code == 422
    assert first.title in words(refused)
    assert register(office, place, another="true").status_code == 302
    again = bring_in(office)  # the very same text is the very same document, whatever is ticked
    assert register(office, again, another="true").status_code == 422
    with scope.acting(SYSTEM):
        assert Directive.objects.count() == 2


def test_a_file_waits_for_the_job_and_says_what_was_wrong(desk: Desk, office: Client, monkeypatch: pytest.MonkeyPatch):
    broken = SimpleUploadedFile("通知.jpg", picture(3), content_type="image/jpeg")
    monkeypatch.setattr("anlan.directives.reading.sources.recognition", lambda: None)
    place = bring_in(office, text="", file=broken)
    key = UUID(place.split("/")[3])
    assert "waits for its turn" in words(office.get(place))
    polled = office.get(place, headers={"HX-Request": "true"})
    assert "every 2s" in words(polled)
    read_waiting(key)
    assert "tesseract-ocr" in words(office.get(place))
    assert office.get(place, headers={"HX-Request": "true"})["HX-Redirect"] == place
    assert office.post(place).status_code == 200  # it cannot be registered
    assert office.post(f"{place}give-up/").status_code == 302
    with scope.acting(SYSTEM):
        assert not Intake.objects.exists()
        assert not Directive.objects.exists()
    read_waiting(key)  # a job that comes late finds nothing to do


@pytest.mark.parametrize("given", [{"text": ""}, {"text": "  \n"}])
def test_nothing_is_no_document(desk: Desk, office: Client, given: dict[str, str]):
    answer = office.post("/directives/new/", {"region": CITY} | given)
    assert answer.status_code == 422


def test_a_text_file_in_an_old_encoding_is_read(desk: Desk, office: Client):
    file = SimpleUploadedFile("通知.txt", TEXT.encode("gb18030"), content_type="text/plain")
    assert office.get(bring_in(office, text="", file=file)).context["form"]["reference"].value() == "澜安办〔2026〕40号"


def test_only_the_territorys_office_brings_in(desk: Desk):
    county = browser(desk.city.actors["n_office"])
    answer = county.post("/directives/new/", {"region": CITY, "text": TEXT})
    assert answer.status_code == 422  # the city is no choice of a county's office
    with scope.acting(SYSTEM):
        assert not Intake.objects.exists()


def test_proposals_are_decided_on_in_plain_forms(desk: Desk, office: Client):
    made = desk.register()
    page = words(office.get(f"/directives/{made.pk}/"))
    first, second, third, fourth = (desk.proposal(made, n) for n in range(1, 5))
    assert all(f'id="m-{one.pk}"' in page and f'id="p-{one.pk}"' in page for one in (first, second, third, fourth))
    answer = office.post(f"/directives/proposals/{first.pk}/accept/", {"units": [desk.unit.pk, desk.n_unit.pk]})
    assert answer["Location"] == f"/directives/{made.pk}/#p-{second.pk}"  # on to the next
    assert office.post(f"/directives/proposals/{second.pk}/accept/", {})["Location"].endswith("/mend/")
    mended = {
        "units": [desk.unit.pk], "what": "每半年报送一次", "rhythm_every": "halfyear", "rhythm_times": "1",
        "rhythm_day": "", "evidence": "报告\n照片", "partners": "县公安局",
    }  # fmt: skip
    assert office.post(f"/directives/proposals/{second.pk}/mend/", mended).status_code == 302
    assert office.post(f"/directives/proposals/{third.pk}/refuse/", {"reason": ""}).status_code == 422
    assert office.post(f"/directives/proposals/{third.pk}/refuse/", {"reason": "不属于本市事权。"}).status_code == 302
    again = office.post(f"/directives/proposals/{third.pk}/refuse/", {"reason": "再来一次。"})
    assert again.status_code == 422
    with scope.acting(SYSTEM):
        rulings = list(Proposal.objects.filter(directive=made).order_by("position").values_list("ruling", flat=True))
        tasks = list(DirectiveTask.objects.filter(directive=made).order_by("created_at"))
    assert rulings == ["accepted", "mended", "refused", ""]
    assert [one.unit_id for one in tasks] == [desk.unit.pk, desk.n_unit.pk, desk.unit.pk]
    assert (tasks[2].wanted, tasks[2].evidence, tasks[2].partners) == (1, ["报告", "照片"], "县公安局")
    assert "不属于本市事权。" in words(office.get(f"/directives/{made.pk}/"))


def test_a_day_that_does_not_exist_is_asked_for_on_the_card_and_in_the_form(desk: Desk, office: Client):
    made = desk.register(text=TEXT.replace("12月20日前", "2月30日前"))
    row = desk.proposal(made, 1)
    card = office.get(f"/directives/{made.pk}/").context["cards"][0]
    assert (card["due"], "2月30日前" in card["unsettled"]) == (None, True)
    answer = office.post(f"/directives/proposals/{row.pk}/accept/", {"units": [desk.unit.pk]})
    assert answer["Location"] == f"/directives/proposals/{row.pk}/mend/"
    asked = office.get(answer["Location"])
    assert words(asked).count("“2月30日前” is no day that exists") == 2  # what was just said, and above the form
    assert asked.context["form"]["due"].value() == ""
    with scope.acting(SYSTEM):
        assert not DirectiveTask.objects.exists()


def test_a_task_is_added_from_marked_words(desk: Desk, office: Client):
    made = desk.register()
    at = made.normalised.index("现将有关事项通知如下")
    asked = office.get(f"/directives/{made.pk}/add/?start={at}&end={at + 10}")
    assert asked.context["form"]["what"].value() == "现将有关事项通知如下"
    sent = {"units": [desk.unit.pk], "what": "转发本通知", "due": "2099-01-01", "start": at, "end": at + 10}
    assert office.post(f"/directives/{made.pk}/add/", sent).status_code == 302
    quoted = {"units": [desk.unit.pk], "what": "再次转发", "quote": "现将有关事项通知如下"}
    assert office.post(f"/directives/{made.pk}/add/", quoted).status_code == 302
    nowhere = {"units": [desk.unit.pk], "what": "无中生有", "quote": "文中没有的话"}
    assert office.post(f"/directives/{made.pk}/add/", nowhere).status_code == 422
    with scope.acting(SYSTEM):
        added = list(Proposal.objects.filter(directive=made, ruling="added").order_by("position"))
        assert [(one.start, one.end, one.fields["text"]) for one in added] == [
            (at, at + 10, "现将有关事项通知如下")
        ] * 2
        assert set(DirectiveTask.objects.values_list("what", "quote")) == {
            ("转发本通知", "现将有关事项通知如下"),
            ("再次转发", "现将有关事项通知如下"),
        }


def test_the_unit_reads_the_document_and_nothing_that_was_only_proposed(desk: Desk, office: Client, member: Client):
    made = desk.register()
    assert member.get(f"/directives/{made.pk}/").status_code == 404
    desk.accept(1, directive=made)
    page = words(member.get(f"/directives/{made.pk}/"))
    assert "加油站隐患排查" in page
    other = desk.proposal(made, 2)
    assert str(other.pk) not in page
    for name in ("accept", "mend", "refuse"):
        assert member.post(f"/directives/proposals/{other.pk}/{name}/", {"units": [desk.unit.pk]}).status_code == 403
    assert member.get(f"/directives/{made.pk}/add/").status_code == 403
    neighbour = browser(desk.city.actors["n_office"])
    assert neighbour.get(f"/directives/{made.pk}/").status_code == 404
    assert neighbour.post(f"/directives/proposals/{other.pk}/accept/", {"units": [desk.unit.pk]}).status_code == 404


def test_the_text_as_it_came_is_one_press_away(desk: Desk, office: Client):
    made = desk.register(text=TEXT.replace("有关事项", "有關事項").replace("，", ",,"))
    plain, original = (words(office.get(f"/directives/{made.pk}/{query}")) for query in ("", "?text=original"))
    assert ",,排查报告" in original.replace("\n", "")
    assert ",,排查报告" not in plain
    assert 'data-mark="' in original


def test_a_unit_reports_with_files_and_the_office_verifies(desk: Desk, office: Client, member: Client):
    task = desk.under_way()
    url = f"/directives/tasks/{task.pk}/"
    assert "Report it done" in words(member.get(url))
    fresh = desk.fresh(task)
    sent = {"words": "全部加油站已排查完毕。", "finished_on": clock.today().isoformat(), "version": fresh.version}
    bare = member.post(f"{url}steps/report/", sent)
    assert bare.status_code == 422  # the document asks for a report to be shown
    text = SimpleUploadedFile("说明.docx", b"not a document", content_type="application/msword")
    assert member.post(f"{url}steps/report/", sent | {"files": [text]}).status_code == 422
    photos = [SimpleUploadedFile(f"{n}.jpg", picture(n), content_type="image/jpeg") for n in (1, 2)]
    done = member.post(f"{url}steps/report/", sent | {"files": photos})
    assert done.status_code == 302, words(done)
    assert desk.fresh(task).state == "reported"
    assert words(office.get(url)).count("/thumb/") == 2
    assert member.post(f"{url}steps/verify/", {"version": fresh.version + 1}).status_code == 403
    assert office.post(f"{url}steps/verify/", {"version": fresh.version + 1}).status_code == 302
    assert office.post(f"{url}steps/close/", {"version": fresh.version + 2}).status_code == 302
    assert desk.fresh(task).state == "done"


def test_the_comb_goes_from_task_to_task(desk: Desk, office: Client):
    made = desk.register()
    tasks = [desk.accept(n, directive=made)[0] for n in (1, 2, 3)]
    page = office.get("/directives/comb/")
    assert (page.context["all"], page.context["done"]) == (3, 0)
    here = page.context["here"]["action"]
    answer = office.post(here, {"words": "已电话催办。", "version": page.context["here"]["version"]})
    assert answer.status_code == 302
    assert answer["Location"] != here
    page = office.get("/directives/comb/")
    assert (page.context["all"], page.context["done"]) == (3, 1)
    noted = next(one for one in tasks if desk.fresh(one).comb_note)
    assert desk.fresh(noted).combed_on == clock.today()
    assert desk.fresh(noted).state == noted.state
    assert "已电话催办。" in words(browser(desk.member).get(f"/directives/tasks/{noted.pk}/"))
    assert office.post(here, {"words": ""}).status_code == 422
    assert (
        office.post("/directives/comb/?at=01900000-0000-7000-8000-00000000dead", {"words": "无此任务。"}).status_code
        == 404
    )


def test_a_digest_is_drafted_edited_issued_and_never_changed(desk: Desk, office: Client, member: Client):
    desk.accept(1)
    begun = office.post("/directives/digests/drafts/", {"week": ""})
    place = begun["Location"]
    page = office.get(place)
    assert office.post("/directives/digests/drafts/", {"week": ""})["Location"] == place  # the draft is kept
    sections = page.context["sections"]
    sent = {
        "title": "督办事项周通报（第一期）", "reference": "", "version": page.context["draft"].version,
        "heading": [one["heading"] for one in sections],
        "text": ["本周总体平稳。\n请各单位抓紧。", *(one["text"] for one in sections[1:])],
    }  # fmt: skip
    assert office.post(place, sent | {"save": "1"}).status_code == 302
    assert office.post(place, sent | {"save": "1"}).status_code == 422  # somebody saved meanwhile: oneself
    sent["version"] += 1
    issued = office.post(place, sent | {"issue": "1"})
    assert issued.status_code == 302, words(issued)
    url = issued["Location"]
    year = clock.today().year
    assert f"安督〔{year}〕1号" in words(office.get(url))
    assert "请各单位抓紧。" in words(member.get(url))  # who was given a task reads it
    assert browser(desk.city.actors["n_office"]).get(url).status_code == 404
    file = member.get(f"{url}docx/")
    assert b"".join(file.streaming_content).startswith(b"PK")
    assert office.get(f"{url}odt/").status_code == 404
    with scope.acting(SYSTEM):
        assert not DigestDraft.objects.exists()
    with pytest.raises(Exception, match=r"permission denied|never"), scope.acting(SYSTEM):
        Digest.objects.update(title="改过的标题")


def test_a_recurring_duty_is_left_out_once_and_ended(desk: Desk, office: Client, member: Client):
    (task,) = desk.accept(2)
    url = f"/directives/recurring/{task.recurrence_id}/"
    assert member.post(f"{url}skip/", {"reason": "不应成功。"}).status_code == 403
    assert office.post(f"{url}skip/", {"reason": "当月专项行动代替。"}).status_code == 302
    page = words(office.get("/directives/recurring/"))
    assert "当月专项行动代替。" in page
    assert office.post(f"{url}end/", {"reason": "文件已废止。"}).status_code == 302
    assert office.post(f"{url}end/", {"reason": "再次终止。"}).status_code == 422
