"""What is published of instruments: by another than its drafter, after its days, without names and numbers, taken back with a reason."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from anlan.enforcement.models import Instrument, Publication
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import Forbidden, NotNow, WrongState
from anlan.registry.models import Enterprise
from anlan.reports.plaza.keeping import PLAZA
from tests.enforcement.conftest import Bench

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
WORDS = "厂长王大锤（电话１３８ 0013 8000，身份证 142701198001011234）拒不整改配电箱隐患。"


def exposed(bench: Bench, **over: Any) -> Instrument:
    fields = bench.fields("exposure", publish_on=clock.today().isoformat(), **over)
    with scope.acting(SYSTEM):
        Enterprise.objects.filter(pk=bench.city.enterprise.pk).update(principal_name="王大锤")
    return bench.served(kind="exposure", fields=fields)


def published(bench: Bench) -> tuple[Instrument, str]:
    record = bench.do(bench.leader, exposed(bench), "publish", words=WORDS)
    with scope.acting(PLAZA):
        return record, Publication.objects.get().code


def test_anybody_reads_the_public_words_and_nothing_else(bench: Bench) -> None:
    record, code = published(bench)
    anybody = Client()
    for path in ("/notices/", f"/notices/{code}/"):
        answer = anybody.get(path)
        assert answer.status_code == 200
        page = answer.content.decode()
        assert record.number in page
        assert bench.city.enterprise.name in page
        for secret in (
            "王大锤",
            "王厂长",
            "8000",
            "142701",
            "1380013",
            str(record.pk),
            str(bench.city.enterprise.pk),
            bench.leader.name,
        ):
            assert secret not in page, secret
    assert "王某某" in page
    assert "拒不整改配电箱隐患" in page
    with scope.acting(PLAZA):
        assert not Instrument.objects.exists()


def test_who_publishes_and_when(bench: Bench) -> None:
    record = bench.numbered(kind="exposure", fields=bench.fields("exposure", publish_on=bench.city.day(3).isoformat()))
    with pytest.raises(WrongState):
        bench.do(bench.leader, record, "publish", words=WORDS)
    record = bench.do(bench.inspector, record, "serve", **bench.handing())
    for actor in (bench.inspector, bench.principal, bench.city.actors["auditor"]):
        with pytest.raises(Forbidden):
            bench.do(actor, record, "publish", words=WORDS)
    with pytest.raises(NotNow) as told:
        bench.do(bench.leader, record, "publish", words=WORDS)
    assert told.value.code == "check.MayBeRead"
    with clock.at(clock.now() + timedelta(days=4)):
        record = bench.do(bench.leader, record, "publish", words=WORDS)
        with pytest.raises(NotNow):
            bench.do(bench.leader, record, "publish", words=WORDS)
    mine = bench.draft(bench.regulator, kind="warning_letter")
    for actor, step in ((bench.office, "review"), (bench.leader, "approve"), (bench.office, "number")):
        mine = bench.do(actor, mine, step)
    mine = bench.do(bench.inspector, mine, "serve", **bench.handing())
    with pytest.raises(Forbidden):  # a letter is for its addressee alone
        bench.do(bench.leader, mine, "publish", words=WORDS)


def test_joint_punishment_waits_for_the_days_of_the_addressee(bench: Bench) -> None:
    record = bench.served(kind="joint_punishment")
    with pytest.raises(NotNow) as told:
        bench.do(bench.leader, record, "publish", words=WORDS)
    assert told.value.code == "check.MayBeRead"
    assert record.answer_due is not None
    with clock.at(clock.end_of(record.answer_due) + timedelta(hours=1)):
        assert bench.do(bench.leader, record, "publish", words=WORDS).publication_id


def test_what_is_taken_back_says_why_and_keeps_no_words(bench: Bench) -> None:
    record, code = published(bench)
    bench.do(bench.office, record, "retract", reason="经复核，事实有误。")
    assert Client().get("/notices/").content.decode().count(record.number) == 0
    answer = Client().get(f"/notices/{code}/")
    page = answer.content.decode()
    assert answer.status_code == 410
    assert "经复核，事实有误。" in page
    assert "配电箱" not in page
    with scope.acting(PLAZA):
        assert Publication.objects.get(code=code).words == ""
    assert bench.do(bench.leader, record, "publish", words="更正后的公开内容，供社会监督。").publication_id


def test_a_withdrawn_one_is_public_no_more(bench: Bench) -> None:
    record, code = published(bench)
    later = bench.numbered(kind="exposure", withdraws=record.pk, fields=bench.fields("exposure"))
    bench.do(bench.inspector, later, "serve", **bench.handing())
    assert bench.fresh(record).publication_id is None
    assert Client().get(f"/notices/{code}/").status_code == 410
    assert Client().get("/notices/0123456789ab/").status_code == 404
