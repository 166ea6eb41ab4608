"""Drafts of a department: read by it, by who decides them and by the office; by no other department until they are served."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from anlan.enforcement import queries
from anlan.enforcement.models import Instrument, Text
from anlan.enforcement.queries import Filters
from anlan.enforcement.queries.alerts import alerts
from anlan.identity.acting import actor_for
from anlan.identity.models import Organisation, Post
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import Forbidden, NotFound, NotNow
from anlan.kernel.ids import new_id
from anlan.kernel.models import Entry
from anlan.notify.models import Message
from tests.enforcement.conftest import Bench
from tests.factories import COUNTY, City
from tests.sessions import SignedIn

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
BUREAU = ("inspector", "regulator")
OTHERS = ("inspector2", "regulator2")


@pytest.fixture
def city(bench: Bench) -> City:
    return bench.city


def body(name: str, kind: str = "department", parent: Organisation | None = None) -> Organisation:
    with scope.acting(SYSTEM):
        return Organisation.objects.create(id=new_id(), name=name, kind=kind, region=COUNTY, parent=parent)


def sit(city: City, of: Organisation, *names: str, industries: int = -1) -> None:
    """Give posts of the small city a department."""
    for name in names:
        with scope.acting(SYSTEM):
            Post.objects.filter(pk=city.posts[name].pk).update(organisation=of, industries=industries)
            held = Post.objects.select_related("person", "organisation").get(pk=city.posts[name].pk)
        city.posts[name], city.actors[name] = held, actor_for(held)


@pytest.fixture
def other(bench: Bench) -> Organisation:
    """The county's government with two departments below it; the leader has the post of the government."""
    government = body("翠岭县人民政府", "government")
    sit(bench.city, government, "leader")
    sit(bench.city, body("翠岭县应急管理局", parent=government), *BUREAU)
    found = body("翠岭县城管局", parent=government)
    sit(bench.city, found, *OTHERS)
    return found


def reads(actor: Actor, record: Instrument) -> bool:
    """By the list, the page's query and the versions of its words, which must agree."""
    with scope.acting(actor):
        listed = record.pk in {one.pk for one in queries.instruments(actor, Filters()).rows}
        words = Text.objects.filter(instrument=record).exists()
        entries = Entry.objects.filter(subject_id=record.pk, step="draft").exists()
        try:
            queries.instrument(record.pk)
            opened = True
        except NotFound:
            opened = False
    assert listed == opened == words == entries
    return opened


def readers(bench: Bench, record: Instrument) -> set[str]:
    names = (*BUREAU, *OTHERS, "leader", "office", "auditor", "city_office")
    return {one for one in names if reads(bench.city.actors[one], record)}


@pytest.mark.parametrize("subject", ["enterprise", "unit"])
def test_a_draft_is_read_by_its_department_who_approves_it_and_the_office(
    bench: Bench, other: Organisation, subject: str
) -> None:
    over: dict[str, Any] = {}
    if subject == "unit":
        over = {"kind": "criticism", "unit": bench.unit.pk, "fields": bench.fields("criticism")}
    record = bench.draft(**over)
    inside = {*BUREAU, "leader", "office", "auditor", "city_office"}
    assert readers(bench, record) == inside
    record = bench.do(bench.regulator, record, "review")
    record = bench.do(bench.leader, record, "approve")
    assert readers(bench, record) == inside
    record = bench.do(bench.office, record, "number", sealed=True)
    assert readers(bench, record) == inside
    record = bench.do(bench.inspector, record, "serve", **bench.handing())
    with scope.acting(bench.regulator2):
        assert queries.instrument(record.pk).number == record.number
        assert not Entry.objects.filter(subject_id=record.pk, step="draft").exists(), "how it came about stays theirs"
    with pytest.raises(Forbidden):
        bench.do(bench.inspector2, record, "put_to_file")


def status(client: Client, path: str) -> int:
    answer = client.get(path)
    if answer.streaming:
        b"".join(answer.streaming_content)  # type: ignore[arg-type]
    return answer.status_code


def test_neither_page_nor_document_nor_program_shows_it_to_another_department(
    bench: Bench, other: Organisation, signed_in: SignedIn
) -> None:
    record = bench.numbered()
    paths = [
        f"/instruments/{record.pk}/", f"/instruments/{record.pk}/document.docx", f"/instruments/{record.pk}/document.pdf",
        f"/instruments/{record.pk}/steps/serve/", f"/api/v1/instruments/{record.pk}", f"/files/{record.docx_id}/original/",
    ]  # fmt: skip
    mine, theirs = signed_in("inspector"), signed_in("regulator2")
    assert {path: status(theirs, path) for path in paths} == dict.fromkeys(paths, 404)
    assert {path: status(mine, path) for path in paths} == dict.fromkeys(paths, 200)
    for path in ("/instruments/", "/api/v1/instruments", f"/enterprises/{bench.city.enterprise.pk}/"):
        assert str(record.pk) in mine.get(path).content.decode(), path
        assert str(record.pk) not in theirs.get(path).content.decode(), path


def test_the_departments_that_supervise_its_field_by_name_read_it(bench: Bench, other: Organisation) -> None:
    field = 1 << (bench.city.enterprise.industry_bit or 0)
    sit(bench.city, other, "regulator2", industries=field)
    record = bench.draft()
    assert reads(bench.regulator2, record)
    assert bench.do(bench.regulator2, record, "review").state == "reviewed"


def test_a_draft_that_only_others_could_decide_is_read_by_them(bench: Bench, other: Organisation) -> None:
    """One office with one person in it: somebody else must review what they wrote."""
    sit(bench.city, bench.organ.organisation, "office")
    sit(bench.city, body("翠岭县司法局"), "leader")
    with scope.acting(SYSTEM):
        Post.objects.filter(pk=bench.city.posts["city_office"].pk).update(valid_to=clock.today() - timedelta(days=1))
    record = bench.draft(bench.office)
    assert reads(bench.regulator2, record)
    assert bench.do(bench.regulator2, record, "review").state == "reviewed"


def test_another_department_is_not_told_to_review_it(bench: Bench, other: Organisation) -> None:
    record = bench.draft(bench.office)
    with scope.acting(SYSTEM):
        told = set(Message.objects.filter(subject_id=record.pk).values_list("person_id", flat=True))
    assert bench.regulator2.person not in told


def test_whoever_edits_it_joins_and_nobody_loses_it(bench: Bench, other: Organisation) -> None:
    record = bench.draft()
    sit(bench.city, body("翠岭县消防救援大队"), "office")
    record = bench.do(bench.office, record, "amend", fields=bench.fields("warning_letter"))
    assert reads(bench.inspector, record)
    assert not reads(bench.regulator2, record)


def test_what_the_platform_drafted_waits_for_whoever_reviews_first(bench: Bench, other: Organisation) -> None:
    record = bench.draft(SYSTEM)
    assert reads(bench.regulator2, record)
    assert not reads(bench.city.actors["n_regulator"], record)


def test_a_case_stays_open_for_what_another_department_has_under_way(bench: Bench, other: Organisation) -> None:
    case = bench.case()
    notice = bench.served(kind="penalty_notice", case=case.pk)
    bench.do(bench.principal, notice, "answer", words="无异议。", waives=True)
    first = bench.draft(kind="penalty_decision", case=case.pk)
    with pytest.raises(NotNow):
        bench.case_step(bench.regulator2, case, "drop", reason="另案处理。")
    first = bench.do(bench.leader, bench.do(bench.regulator, first, "review"), "approve")
    bench.do(bench.office, first, "number", sealed=True)
    assert not reads(bench.regulator2, first)
    third = bench.draft(bench.regulator2, kind="penalty_decision", case=case.pk)
    with pytest.raises(NotNow) as told:
        bench.do(bench.office, third, "review")
    assert "decision already" in str(told.value.detail)


def test_a_recheck_that_another_department_writes_silences_the_alert(bench: Bench, other: Organisation) -> None:
    order = bench.served(kind="rectification_order")
    with clock.at(clock.now() + timedelta(days=90)):
        with scope.acting(bench.regulator2):
            (before,) = [one for one in alerts(bench.regulator2) if one.sort == "recheck"]
        assert before.after == order.pk
        recheck = bench.draft(kind="recheck_opinion", after=order.pk)
        assert not reads(bench.regulator2, recheck)
        with scope.acting(bench.regulator2):
            assert not [one for one in alerts(bench.regulator2) if one.sort == "recheck"]
