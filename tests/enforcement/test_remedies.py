"""An instrument that tells of its remedies says within which time, from the city's settings; what was issued keeps its own."""

import pytest

from anlan.enforcement.kinds import kinds
from anlan.enforcement.pages.record import sheet
from anlan.enforcement.papers import wording
from anlan.enforcement.queries.detail import instrument
from anlan.enforcement.rulings import REVIEW_DAYS, SUE_MONTHS
from anlan.enforcement.templating import wanted
from anlan.kernel import citysettings, clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.models import CitySetting
from tests.enforcement.conftest import Bench
from tests.factories import CITY

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def said(bench: Bench, key: object) -> str:
    with scope.acting(bench.inspector):
        return str(sheet(instrument(key))["blocks"])  # type: ignore[arg-type]


def test_the_time_stands_in_the_words_and_stays_as_it_was_issued(bench: Bench) -> None:
    issued = bench.numbered(kind="rectification_order")
    assert "自收到本指令书之日起六十日内向" in said(bench, issued.pk)
    assert "六个月内向" in said(bench, issued.pk)
    with scope.acting(SYSTEM):
        CitySetting.objects.create(region=CITY, key=REVIEW_DAYS.key, value=75, changed_at=clock.now())
    citysettings.forget()
    draft = bench.draft(kind="rectification_order")
    assert "七十五日内向" in said(bench, draft.pk)
    assert "六十日内向" in said(bench, issued.pk)
    citysettings.forget()


def test_every_kind_with_remedies_names_both_times_and_their_law() -> None:
    found = [one for one in kinds().values() if one.remedy]
    assert {one.code for one in found} >= {"penalty_decision", "rectification_order", "site_measures"}
    for kind in found:
        words = " ".join(str(part.get("text", "")) for part in wording(kind.code)["body"])
        assert "{review_time}" in words, kind.code
        assert "{sue_time}" in words, kind.code
        assert {"review_time", "sue_time"} <= {one.key for one in wanted(kind.code) if one.required}
    for one in (REVIEW_DAYS, SUE_MONTHS):
        assert "条" in one.basis
        assert one.evidence == "K"
