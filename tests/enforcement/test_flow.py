"""An instrument's life: drafted, reviewed, approved, numbered, served, answered, filed; by whom, and by whom not."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from anlan.enforcement import actions
from anlan.enforcement.events import InstrumentAnswered, InstrumentServed
from anlan.enforcement.models import Answer, Instrument, Service, Text
from anlan.files.actions import store
from anlan.files.models import File
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import Forbidden, Invalid, NotFound, NotNow, WrongState
from anlan.kernel.events import _hearers, hears
from anlan.kernel.flow.clockwork import tick
from anlan.kernel.ledger.read import acts
from anlan.notify.models import Message
from tests.enforcement.conftest import Bench
from tests.factories import COUNTY, DRAWING

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def refused(bench: Bench, actor: Actor, record: Instrument, step: str, **data: Any) -> str:
    """The code of the rule that stood in the way."""
    with pytest.raises(NotNow) as told:
        bench.do(actor, record, step, **data)
    return told.value.code


def test_a_warning_letter_from_draft_to_file(bench: Bench) -> None:
    record = bench.filed()
    assert record.state == "filed"
    year = clock.today().year
    assert record.number == f"翠安办警函〔{year}〕1号"
    enterprise = bench.city.enterprise
    assert (record.addressee, record.region, record.known_to_id) == (enterprise.name, enterprise.region, enterprise.pk)
    with scope.acting(SYSTEM):
        steps = [act.step for act in acts(record.pk)]
        assert steps == ["draft", "review", "approve", "number", "serve", "answer", "put_to_file"]
        service = Service.objects.get(instrument=record)
        assert (service.way, service.receiver, service.drawing is not None) == ("direct", "王厂长", True)
        assert Answer.objects.get(instrument=record).words == "已按要求整改完毕。"
        docx, pdf = File.objects.get(pk=record.docx_id), File.objects.get(pk=record.pdf_id)
    assert (docx.sha256, pdf.sha256) == (record.docx_digest, record.pdf_digest)
    with store().open(pdf.sha256) as source:
        assert source.read(5) == b"%PDF-"
    with store().open(docx.sha256) as source:
        assert source.read(2) == b"PK"


def test_who_may_draft(bench: Bench) -> None:
    for name in ("office", "regulator", "inspector", "group_leader"):
        assert bench.draft(bench.city.actors[name]).state == "drafted"
    for name in ("leader", "expert", "auditor", "principal"):
        with pytest.raises(Forbidden):
            bench.draft(bench.city.actors[name])
    for name in ("n_inspector", "dispatcher", "finance", "system_admin"):  # who sees no such enterprise
        with pytest.raises(Invalid) as told:
            bench.draft(bench.city.actors[name])
        assert set(told.value.fields) == {"enterprise"}


def test_wrong_values_are_said_at_the_field_and_missing_ones_at_the_review(bench: Bench) -> None:
    with pytest.raises(Invalid) as told:
        bench.draft(fields={"risk": "x" * 7000, "nonsense": "1", "reply_due": "tomorrow"})
    assert set(told.value.fields) >= {"risk", "nonsense"}
    record = bench.draft(fields={})
    assert refused(bench, bench.regulator, record, "review") == "check.Complete"
    with pytest.raises(Invalid) as told:
        bench.draft(kind="rectification_order", fields={"problems": [{"text": "无防护罩", "due": "下周"}]})
    assert any(path.startswith("problems.0.") for path in told.value.fields)


def test_one_addressee_of_the_right_sort(bench: Bench) -> None:
    with pytest.raises(Invalid):
        bench.draft(unit=bench.unit.pk, kind="rectification_order", fields={})
    with scope.acting(bench.inspector), pytest.raises(Invalid):
        actions.draft(actor=bench.inspector, kind="warning_letter")
    with pytest.raises(Invalid) as told:
        bench.draft(kind="site_record", fields={})
    assert set(told.value.fields) == {"kind"}


def test_the_drafter_neither_reviews_nor_approves(bench: Bench) -> None:
    record = bench.draft(bench.regulator)
    assert refused(bench, bench.regulator, record, "review") == "check.NotDrafter"
    assert bench.do(bench.office, record, "review").state == "reviewed"
    assert refused(bench, bench.regulator, record, "approve") == "check.NotDrafter"
    assert bench.do(bench.leader, record, "approve").approver_id == bench.leader.person


def test_whoever_edits_is_a_drafter_too_and_every_version_is_kept(bench: Bench) -> None:
    record = bench.draft()
    record = bench.do(bench.regulator, record, "amend", fields=bench.fields("warning_letter", risk="另一处风险。"))
    assert (record.text_version, record.fields["risk"]) == (2, "另一处风险。")
    assert refused(bench, bench.regulator, record, "review") == "check.NotDrafter"
    with scope.acting(bench.office):
        versions = list(Text.objects.filter(instrument=record).order_by("version"))
    assert [one.version for one in versions] == [1, 2]
    assert versions[1].digest == record.text_digest != versions[0].digest


def test_other_posts_take_no_step(bench: Bench) -> None:
    record = bench.draft()
    for name in ("inspector", "leader", "auditor", "expert"):
        with pytest.raises(Forbidden):
            bench.do(bench.city.actors[name], record, "review")
    record = bench.do(bench.regulator, record, "review")
    for name in ("inspector2", "auditor"):
        with pytest.raises(Forbidden):
            bench.do(bench.city.actors[name], record, "approve")
    record = bench.do(bench.leader, record, "approve")
    for name in ("inspector", "regulator", "leader"):  # no keeper is named: the office keeps the seal
        with pytest.raises(Forbidden):
            bench.do(bench.city.actors[name], record, "number")
    record = bench.do(bench.office, record, "number")
    with pytest.raises(Forbidden):
        bench.do(bench.leader, record, "serve", **bench.handing())
    with pytest.raises(NotFound):
        bench.do(bench.office, record, "withdraw", by=record.pk)


def test_a_returned_draft_goes_through_both_again(bench: Bench) -> None:
    record = bench.approved()
    record = bench.do(bench.office, record, "send_back", reason="期限写得太短。")
    assert (record.state, record.reason, record.approved_digest) == ("returned", "期限写得太短。", "")
    with pytest.raises(WrongState):
        bench.do(bench.regulator, record, "review")
    with scope.acting(SYSTEM):
        told = Message.objects.filter(subject_id=record.pk, kind="instrument.waits").order_by("-at")[0]
        assert told.person_id == bench.inspector.person
    record = bench.do(bench.inspector, record, "amend", fields=bench.fields("warning_letter"))
    assert record.state == "drafted"
    assert bench.do(bench.leader, bench.do(bench.regulator, record, "review"), "approve").state == "approved"


def test_named_keepers_alone_use_the_seal(bench: Bench) -> None:
    with scope.acting(bench.office):
        facts = {"name": "翠岭县安委办", "word": "翠安办", "keepers": [bench.regulator2.person]}
        kept = actions.set_organ(actor=bench.office, organisation=bench.organ.organisation_id, data=facts)
    assert kept.seal_id == bench.organ.seal_id
    record = bench.approved()
    with pytest.raises(Forbidden):
        bench.do(bench.office, record, "number")
    assert bench.do(bench.regulator2, record, "number").sealed


def test_a_seal_is_a_square_picture_of_ones_own(bench: Bench) -> None:
    facts = {"name": "翠岭县安委办", "word": "翠安办"}
    body = bench.organ.organisation_id

    def keep(actor: Actor, seal: Any) -> Any:
        with scope.acting(actor):
            return actions.set_organ(actor=actor, organisation=body, data=facts | {"seal": seal})

    with pytest.raises(Invalid) as told:  # 64 wide, 48 high
        keep(bench.office, bench.photo(bench.office))
    assert set(told.value.fields) == {"seal"}
    with pytest.raises(Invalid):  # somebody else's picture
        keep(bench.office, bench.photo(bench.inspector))
    with pytest.raises(Forbidden):
        keep(bench.inspector, bench.photo(bench.inspector))


def test_without_an_organ_nothing_is_approved_and_a_later_one_is_found(bench: Bench) -> None:
    regulator = bench.city_regulator
    record = bench.draft(regulator)  # the city has no organ yet
    assert record.organ_id is None
    record = bench.do(bench.city_office, record, "review")
    other = replace(bench.city_regulator, person=bench.city.actors["group_leader"].person)
    assert refused(bench, other, record, "approve") == "check.HasOrgan"


def test_service_needs_its_proof(bench: Bench) -> None:
    record = bench.numbered()
    today = clock.today().isoformat()
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"way": "direct", "outcome": "received", "on": today, "receiver": "王厂长"}, "files"),
        ({"way": "direct", "outcome": "received", "on": today, "signature": DRAWING}, "receiver"),
        ({"way": "left", "outcome": "refused", "on": today, "receiver": "王厂长"}, "witnesses"),
        ({"way": "left", "outcome": "received", "on": today, "receiver": "王厂长", "witnesses": "村干部李某"}, "outcome"),
        ({"way": "post", "outcome": "received", "on": today}, "post_number"),
        ({"way": "electronic", "outcome": "received", "on": today}, "consent"),
        ({"way": "announcement", "outcome": "received", "on": today, "post_number": "县政府网站"}, "files"),
        ({**bench.handing(), "on": bench.city.day(1).isoformat()}, "on"),
        ({**bench.handing(), "on": bench.city.day(-1).isoformat()}, "on"),
    ]  # fmt: skip
    for data, field in wrong:
        with pytest.raises(Invalid) as told:
            bench.do(bench.inspector, record, "serve", **data)
        assert field in told.value.fields, data
    assert bench.fresh(record).state == "numbered"


def test_a_refused_one_is_left_before_witnesses_and_counts_as_served(bench: Bench) -> None:
    record = bench.numbered()
    photo = bench.photo(bench.inspector)
    record = bench.do(
        bench.inspector, record, "serve", way="left", outcome="refused", on=clock.today().isoformat(), receiver="王厂长",
        witnesses="镇政府李某、村委会赵某", files=[photo], place="厂区门卫室",
    )  # fmt: skip
    assert (record.state, record.refused, record.way) == ("served", True, "left")
    with scope.acting(SYSTEM):
        assert Service.objects.get(instrument=record).files == [photo]


def test_what_reached_nobody_is_tried_again_and_only_then_announced(bench: Bench) -> None:
    record = bench.numbered()
    photo = bench.photo(bench.inspector)
    announced: dict[str, Any] = {
        "way": "announcement", "outcome": "received", "post_number": "县政府网站", "on": clock.today().isoformat(), "files": [photo],
    }  # fmt: skip
    with pytest.raises(Invalid) as told:
        bench.do(bench.inspector, record, "serve", **announced)
    assert set(told.value.fields) == {"way"}
    failed = {"way": "post", "outcome": "failed", "post_number": "EMS1", "on": clock.today().isoformat()}
    record = bench.do(bench.inspector, record, "serve", **failed)
    assert record.state == "numbered"
    with pytest.raises(Invalid) as told:  # thirty days must have passed
        bench.do(bench.inspector, record, "serve", **announced)
    assert set(told.value.fields) == {"on"}
    with clock.at(clock.now() + timedelta(days=31)):
        assert bench.do(bench.inspector, record, "serve", **announced).state == "served"


def test_the_addressee_confirms_once_and_answers(bench: Bench) -> None:
    record = bench.served()
    with scope.acting(SYSTEM):
        told = set(
            Message.objects.filter(subject_id=record.pk, kind="instrument.served").values_list("person_id", flat=True)
        )
    assert told == {bench.principal.person, bench.safety_manager.person}
    for name in ("inspector", "office"):
        with pytest.raises(Forbidden):
            bench.do(bench.city.actors[name], record, "confirm")
    record = bench.do(bench.principal, record, "confirm", signature=DRAWING)
    assert record.confirmed_at is not None
    assert refused(bench, bench.safety_manager, record, "confirm") == "check.NotConfirmed"
    record = bench.do(bench.safety_manager, record, "answer", words="正在整改，七日内完成。")
    record = bench.do(bench.inspector, record, "answer", words="企业书面补充材料。")
    with scope.acting(bench.office):
        assert [one.on_paper for one in Answer.objects.filter(instrument=record).order_by("at")] == [False, True]
    with pytest.raises(Invalid):  # a letter gives no such days
        bench.do(bench.principal, record, "answer", words="放弃听证。", waives=True)


def test_it_is_put_to_file_when_the_answer_is_in_or_its_day_has_passed(bench: Bench) -> None:
    record = bench.served()
    assert record.answer_due is not None
    assert refused(bench, bench.inspector, record, "put_to_file") == "check.AnswerNotOwed"
    with clock.at(clock.end_of(record.answer_due) + timedelta(hours=1)):
        assert bench.do(bench.inspector, record, "put_to_file").state == "filed"


def test_a_later_one_withdraws_it_when_served_and_not_before(bench: Bench) -> None:
    old = bench.filed()
    new = bench.draft(withdraws=old.pk)
    with pytest.raises(Invalid):  # what was never served cannot be withdrawn
        bench.draft(withdraws=new.pk)
    new = bench.do(bench.office, bench.do(bench.leader, bench.do(bench.regulator, new, "review"), "approve"), "number")
    assert bench.fresh(old).state == "filed"
    bench.do(bench.inspector, new, "serve", **bench.handing())
    assert bench.fresh(old).state == "withdrawn"
    with pytest.raises(WrongState):
        bench.do(bench.principal, old, "answer", words="还想答复。")


def test_a_numbered_one_may_be_discarded_and_its_number_stays_used(bench: Bench) -> None:
    first = bench.do(bench.inspector, bench.numbered(), "discard", reason="受文单位有误。")
    assert (first.state, first.order) == ("discarded", 1)
    assert bench.numbered().order == 2


def test_a_letter_to_a_unit_is_answered_by_its_own_posts(bench: Bench) -> None:
    record = bench.draft(kind="supervise_letter", unit=bench.unit.pk, fields=bench.fields("supervise_letter"))
    record = bench.do(
        bench.office, bench.do(bench.leader, bench.do(bench.regulator, record, "review"), "approve"), "number"
    )
    record = bench.do(bench.inspector, record, "serve", **bench.handing())
    assert (record.known_to_id, record.enterprise_id) == (None, None)
    member = replace(bench.regulator2, organisation=bench.unit.pk)
    assert bench.do(member, record, "confirm").confirmed_at is not None
    record = bench.do(member, record, "answer", words="已按要求督办到位。")
    with scope.acting(SYSTEM):
        assert not Answer.objects.get(instrument=record).on_paper
    with pytest.raises(NotFound):
        bench.do(bench.principal, record, "answer", words="与我无关。")


def test_the_platform_drafts_one_a_source_and_rung(bench: Bench) -> None:
    hazard = bench.city.found()

    def draft(rung: int) -> Instrument:
        with scope.acting(SYSTEM):
            return actions.draft(
                actor=SYSTEM, kind="supervise_letter", unit=bench.unit.pk, fields={"matter": "逾期隐患"},
                source=("hazard", hazard.pk, hazard.number), region=COUNTY, rung=rung,
            )  # fmt: skip

    first = draft(3)
    assert (first.organ_id, first.drafter_ids) == (bench.organ.pk, [])
    assert draft(3).pk == first.pk
    assert draft(4).pk != first.pk
    bench.do(bench.inspector, first, "discard", reason="已另行处理。")
    assert draft(3).pk != first.pk


def test_rooms_downstream_hear_of_service_and_answer(bench: Bench) -> None:
    heard: list[str] = []
    hears(InstrumentServed)(lambda event: heard.append(f"served {event.instrument.pk}"))
    hears(InstrumentAnswered)(lambda event: heard.append(f"answered {event.answer.words}"))
    try:
        record = bench.answered()
    finally:
        _hearers[InstrumentServed].pop()
        _hearers[InstrumentAnswered].pop()
    assert heard == [f"served {record.pk}", "answered 已按要求整改完毕。"]


def test_the_clock_reminds_and_says_what_is_late(bench: Bench) -> None:
    record = bench.draft()
    assert record.due_at is not None
    tick(record.due_at + timedelta(minutes=1))
    late = bench.fresh(record)
    assert (late.late, late.state) == (True, "drafted")
    with scope.acting(SYSTEM):
        assert Message.objects.filter(subject_id=record.pk, kind="instrument.late").exists()
