"""Who sees an instrument: the issuing side its drafts, the addressee what it was served, the neighbours nothing."""

import pytest

from anlan.enforcement import queries
from anlan.enforcement.models import Case, Instrument, Organ, Service, Text
from anlan.enforcement.queries import Filters
from anlan.files.models import File
from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from tests.enforcement.conftest import Bench

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def sees(actor: Actor, record: Instrument) -> bool:
    """Through the query, and past it through row security alone; both must agree."""
    with scope.acting(actor):
        listed = record.pk in {one.pk for one in queries.instruments(actor, Filters()).rows}
        alone = Instrument.objects.filter(pk=record.pk).exists()
        try:
            queries.instrument(record.pk)
            opened = True
        except NotFound:
            opened = False
    assert alone == opened
    assert not (listed and not alone)
    return opened


@pytest.mark.parametrize("state", ["draft", "approved", "numbered"])
def test_the_enterprise_knows_nothing_before_it_is_served(bench: Bench, state: str) -> None:
    record = getattr(bench, state)()
    for name in ("principal", "safety_manager", "n_principal"):
        assert not sees(bench.city.actors[name], record)
    for name in ("office", "regulator", "inspector", "leader", "city_office"):
        assert sees(bench.city.actors[name], record)
    for name in ("n_office", "n_regulator", "dispatcher", "finance", "citizen", "other_field"):
        assert not sees(bench.city.actors[name], record)


def test_a_served_one_is_seen_by_its_enterprise_with_only_the_words_it_was_served(bench: Bench) -> None:
    record = bench.draft()
    record = bench.do(bench.inspector, record, "amend", fields=bench.fields("warning_letter", risk="改过的风险。"))
    record = bench.do(bench.regulator, record, "review")
    record = bench.do(bench.office, bench.do(bench.leader, record, "approve"), "number")
    record = bench.do(bench.inspector, record, "serve", **bench.handing())
    assert sees(bench.principal, record)
    assert not sees(bench.city.actors["n_principal"], record)
    with scope.acting(bench.principal):
        assert list(Text.objects.filter(instrument=record).values_list("version", flat=True)) == [2]
        assert Service.objects.filter(instrument=record).count() == 1
        assert File.objects.filter(pk__in=[record.docx_id, record.pdf_id]).count() == 2
        assert not Organ.objects.exists()
    with scope.acting(bench.city.actors["n_principal"]):
        assert not Text.objects.exists()
        assert not File.objects.filter(pk=record.pdf_id).exists()
    with scope.acting(bench.inspector):
        assert Text.objects.filter(instrument=record).count() == 2


def test_the_citys_draft_to_a_county_unit_is_not_the_countys_to_read_until_it_is_served(bench: Bench) -> None:
    from anlan.enforcement import actions
    from anlan.identity.models import Organisation
    from anlan.kernel.actor import SYSTEM
    from anlan.kernel.ids import new_id
    from tests.factories import CITY

    with scope.acting(SYSTEM):
        body = Organisation.objects.create(id=new_id(), name="市安委办", kind="committee", region=CITY)
    with scope.acting(bench.city_office):
        actions.set_organ(actor=bench.city_office, organisation=body.pk, data={"name": "市安委办", "word": "临安办"})
    record = bench.draft(
        bench.city_regulator, kind="supervise_letter", unit=bench.unit.pk, fields=bench.fields("supervise_letter")
    )
    assert record.region == CITY
    assert not sees(bench.office, record)
    record = bench.do(bench.city_office, record, "review")
    other = bench.city.actors["city_office"]
    assert sees(other, record)
    assert not sees(bench.regulator, record)


def test_the_file_of_a_case_is_the_issuing_sides_own(bench: Bench) -> None:
    case = bench.case()
    bench.served(kind="penalty_notice", case=case.pk)
    with scope.acting(bench.principal):
        assert not Case.objects.exists()
    with scope.acting(bench.city.actors["n_office"]):
        assert not Case.objects.exists()
        with pytest.raises(NotFound):
            queries.case(case.pk)
    with scope.acting(bench.office):
        assert queries.case(case.pk).pk == case.pk


def test_the_seal_is_shown_to_nobody(bench: Bench) -> None:
    for name in ("office", "city_office", "auditor"):
        with scope.acting(bench.city.actors[name]):
            assert not File.objects.filter(pk=bench.organ.seal_id).exists()
