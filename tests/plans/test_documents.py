"""Documents of sub-plans and evidence that is no photo: who adds them, who fetches them, who does not; the history shows them."""

import re
from io import BytesIO
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse
from docx import Document

from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import Forbidden, Invalid
from anlan.kernel.exchange.export import export_rows
from anlan.kernel.exchange.spec import Column
from anlan.kernel.ledger.read import acts
from anlan.plans import actions
from anlan.plans.models import Plan, SubPlan
from anlan.plans.queries.documents import documents
from anlan.plans.queries.history import changes_of
from tests.plans.conftest import Office
from tests.plans.test_pages import visit

OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES = {"docx": f"{OFFICE}.wordprocessingml.document", "xlsx": f"{OFFICE}.spreadsheetml.sheet"}
pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def word() -> bytes:
    made, kept = Document(), BytesIO()
    made.add_paragraph("县实施方案（印发稿）")
    made.save(kept)
    return kept.getvalue()


def sheet() -> bytes:
    kept = BytesIO()
    export_rows(kept, [Column(key="name", title="企业")], [["某某公司"]], title="台账")
    return kept.getvalue()


def upload(actor: Actor, content: bytes | None = None, name: str = "县实施方案.docx") -> UUID:
    sent = SimpleUploadedFile(name, content or word(), content_type=TYPES[name.rpartition(".")[2]])
    answer = visit(actor).post(reverse("files:upload"), {"file": sent})
    assert answer.status_code == 201, answer.content
    return UUID(answer.json()["id"])


def sub_of(office: Office) -> SubPlan:
    with scope.acting(SYSTEM):
        return SubPlan.objects.select_related("plan").get(code="Q01")


def add(office: Office, actor: Actor, file: UUID) -> HttpResponse:
    address = reverse("plans:sub-plan", args=[sub_of(office).pk])
    return visit(actor).post(address, {"files": str(file)})  # type: ignore[return-value]


def fetched(actor: Actor, file: UUID) -> int:
    answer = visit(actor).get(reverse("files:show", args=[file, "original"]))
    if answer.streaming:
        assert b"".join(answer)  # read to its end, else the file stays open
    return int(answer.status_code)


@pytest.mark.parametrize("who", ["keeper", "member", "county"])
def test_a_sub_plans_document_is_added_by_whom_it_concerns(office: Office, who: str):
    actor = office.city.actors["office"] if who == "county" else getattr(office, who)
    office.assigned()
    file = upload(actor)
    assert add(office, actor, file).status_code == 302
    with scope.acting(SYSTEM):
        assert [one.pk for one in documents(sub_of(office))] == [file]
        told = acts(sub_of(office).pk)
    assert [(one.step, one.data["files"][0][0]) for one in told] == [("attach_documents", "县实施方案.docx")]
    page = visit(office.member).get(reverse("plans:sub-plan", args=[sub_of(office).pk])).content.decode()
    assert "县实施方案.docx" in page
    assert str(file) in page


def test_others_add_nothing_and_are_not_asked(office: Office):
    office.assigned()
    address = reverse("plans:sub-plan", args=[sub_of(office).pk])
    for actor in (office.n_member, office.city.actors["n_office"], office.city.actors["auditor"]):
        assert "Add to the sub-plan" not in visit(actor).get(address).content.decode()
        file = upload(office.n_member)
        assert add(office, actor, file).status_code == 403
        with scope.acting(actor), pytest.raises(Forbidden):
            actions.attach_documents(actor=actor, sub_plan=sub_of(office).pk, data={"files": [file]})
    for stranger in ("principal", "dispatcher"):
        assert visit(office.city.actors[stranger]).get(address).status_code == 403
    with scope.acting(SYSTEM):
        assert documents(sub_of(office)) == []


def test_whoever_sees_the_sub_plan_fetches_its_document_and_nobody_else(office: Office):
    office.item()
    file = upload(office.keeper)
    assert add(office, office.keeper, file).status_code == 302
    # Not published: those below see neither the one nor the other.
    assert fetched(office.keeper, file) == 200
    assert fetched(office.member, file) == 404
    assert visit(office.member).get(reverse("plans:sub-plan", args=[sub_of(office).pk])).status_code == 404
    office.publish()
    assert fetched(office.member, file) == 200
    assert fetched(office.n_member, file) == 200  # a published plan is everybody's below it
    assert fetched(office.city.actors["principal"], file) == 404
    with scope.acting(SYSTEM):
        Plan.objects.filter(pk=office.plan.pk).update(published_at=None)
    assert fetched(office.member, file) == 404


def test_another_persons_file_is_not_taken_and_none_is_not_enough(office: Office):
    theirs = upload(office.n_member)
    for files in ([theirs], []):
        with scope.acting(office.keeper), pytest.raises(Invalid):
            actions.attach_documents(actor=office.keeper, sub_plan=sub_of(office).pk, data={"files": files})
    assert add(office, office.keeper, theirs).status_code == 422


def test_evidence_may_be_a_document_and_stays_with_its_report(office: Office):
    item = office.under_way()
    files = [upload(office.member, sheet(), "企业台账.xlsx"), upload(office.member, word(), "工作总结.docx")]
    client = visit(office.member)
    address = reverse("plans:step", args=[item.pk, "report"])
    form = client.get(address).content.decode()
    assert 'accept="image/*,.pdf,.docx,.xlsx"' in form
    assert re.search(r'<input type="checkbox" name="corrects"', form)
    sent = {
        "words": "全部排查完毕。",
        "finished_on": str(clock.today()),
        "achieved": "40",
        "files": [str(one) for one in files],
    }
    assert client.post(address, sent).status_code == 302
    page = client.get(reverse("plans:item", args=[item.pk])).content.decode()
    history = client.get(reverse("plans:history", args=[item.pk])).content.decode()
    assert reverse("plans:history", args=[item.pk]) in page
    for name, file in zip(("企业台账.xlsx", "工作总结.docx"), files, strict=True):
        assert name in page
        assert name in history
        assert fetched(office.keeper, file) == 200
        assert fetched(office.n_member, file) == 404


def test_the_history_says_who_changed_which_figure_from_what_to_what(office: Office):
    item = office.under_way()
    office.do(office.member, item, "progress", words="已排查三十家。", achieved=30)
    office.do(office.member, item, "progress", words="前次重复统计。", achieved=10, corrects=True)
    day = clock.today().replace(day=28, month=12)
    office.do(office.keeper, item, "change_due", due=day, reason="上级调整时限。")
    office.report(office.fresh(item))
    with scope.acting(office.member):
        found = changes_of(office.fresh(item))
    moves = [(one.name, one.share_before, one.share, one.corrects) for one in found if one.moved_figure]
    assert moves == [("member员", 0, 750, False), ("member员", 750, 250, True), ("member员", 250, 1000, False)]
    assert [(one.due_before, one.due) for one in found if one.moved_day] == [(item.due, day)]
    assert [len(one.files) for one in found] == [0] * (len(found) - 1) + [1]
    client = visit(office.member)
    narrow = client.get(reverse("plans:history", args=[item.pk]), {"only": "figures"}).content.decode()
    assert "前次重复统计。" in narrow
    assert "Sign for it" not in narrow
    assert visit(office.n_member).get(reverse("plans:history", args=[item.pk])).status_code == 404
    assert visit(office.city.actors["principal"]).get(reverse("plans:history", args=[item.pk])).status_code == 403
