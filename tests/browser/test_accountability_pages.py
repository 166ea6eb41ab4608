"""Every list, board and record of the six rooms of accountability, at a desk and on a phone: nothing too wide, nothing that bars anybody, no complaint."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password

from anlan.identity.models import Person
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from tests.assessments.conftest import IN_JANUARY, make_yearly
from tests.browser.conftest import DESK, PASSWORD, PHONE, Visitor, Visitors, browser, lacking, player, visitors
from tests.bulletins.conftest import hand_in, make_desk
from tests.campaigns.conftest import IN_MAY
from tests.directives.conftest import Desk, desk
from tests.enforcement.conftest import Bench, make_bench
from tests.factories import City
from tests.plans.conftest import Office, office

__all__ = ["browser", "desk", "office", "player", "visitors"]
pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
AXE = Path(__file__).parents[2] / "clients/node_modules/axe-core/axe.min.js"
JUDGE = """rules => axe.run(document, {runOnly: rules}).then(found => found.violations
  .filter(one => one.impact === 'serious' || one.impact === 'critical')
  .flatMap(one => one.nodes.map(node => `${one.id}: ${node.target} ${node.failureSummary}`)))"""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture
def bench(db: None) -> Bench:
    return make_bench()


@pytest.fixture
def city(bench: Bench) -> City:
    return bench.city


def _let_everybody_in() -> None:
    with scope.acting(SYSTEM):
        Person.objects.update(password=make_password(PASSWORD))


def _look(visitor: Visitor, paths: Iterable[str]) -> list[str]:
    """What is wrong on these pages, at both widths."""
    if not AXE.exists():
        lacking("The tests of accessibility need axe-core: cd clients && npm ci")
    page, wrong = visitor.page, []
    script = AXE.read_text(encoding="utf-8")
    for path in paths:
        visitor.open(path)
        page.evaluate(script)
        for name, screen in (("desk", DESK), ("phone", PHONE)):
            page.set_viewport_size(screen)
            wide = visitor.overflow()
            wrong += [f"{path} ({name}) is {wide} px too wide"] if wide > 0 else []
            found: Any = page.evaluate(JUDGE, RULES)
            wrong += [f"{path} ({name}) {one}" for one in found]
        page.set_viewport_size(DESK)
    return wrong + [one for one in visitor.complaints if "GL Driver" not in one]


def test_pages_of_instruments(bench: Bench, visitors: Visitors) -> None:
    draft, answered, case = bench.draft(), bench.answered(), bench.case()
    wrong = _look(
        visitors("inspector", DESK),
        ["/", "/instruments/", f"/instruments/{draft.pk}/", f"/instruments/{answered.pk}/", "/instruments/cases/", f"/instruments/cases/{case.pk}/"],
    )  # fmt: skip
    wrong += _look(visitors("principal", DESK), ["/", "/instruments/", f"/instruments/{answered.pk}/"])
    assert not wrong, "\n".join(wrong)


def test_pages_of_directives(desk: Desk, visitors: Visitors) -> None:
    task = desk.reported()
    _let_everybody_in()
    wrong = _look(
        visitors("city_office", DESK),
        [
            "/", "/directives/", f"/directives/{task.directive_id}/", "/directives/tasks/", f"/directives/tasks/{task.pk}/",
            "/directives/units/", "/directives/comb/", "/directives/digests/", "/directives/recurring/",
        ],
    )  # fmt: skip
    wrong += _look(visitors("member", DESK), ["/", "/directives/tasks/", f"/directives/tasks/{task.pk}/"])
    assert not wrong, "\n".join(wrong)


def test_pages_of_plans(office: Office, visitors: Visitors) -> None:
    item = office.reported()
    _let_everybody_in()
    plan = f"/plans/{office.plan.pk}/"
    boards = [f"{plan}{one}/" for one in ("units", "regions", "calendar", "items", "checks")]
    wrong = _look(visitors("city_office", DESK), ["/", "/plans/", plan, *boards, f"/plans/items/{item.pk}/"])
    assert not wrong, "\n".join(wrong)


def test_pages_of_returns_and_bulletins(city: City, visitors: Visitors) -> None:
    with clock.at(IN_MAY):
        made = make_desk(city)
        hand_in(made.month)
        bulletin = made.draft()
    _let_everybody_in()
    campaign, row = made.month.campaign, made.month.of("county")
    pages = [f"/campaigns/returns/{one}/" for one in ("all", "board", "reconciliation", "quality", row.pk)]
    wrong = _look(
        visitors("r-city", DESK),
        [
            "/", "/campaigns/", f"/campaigns/{campaign.pk}/", "/campaigns/returns/", *pages, "/campaigns/leaders/", "/campaigns/leaders/deeds/",
            "/bulletins/", f"/bulletins/{bulletin.pk}/", f"/bulletins/{bulletin.pk}/figures/",
        ],
    )  # fmt: skip
    wrong += _look(visitors("r-county", DESK), ["/", "/campaigns/returns/", f"/campaigns/returns/{row.pk}/"])
    wrong += _look(visitors("auditor", DESK), ["/", "/campaigns/returns/all/"])
    assert not wrong, "\n".join(wrong)


def test_pages_of_assessments(city: City, visitors: Visitors) -> None:
    with clock.at(IN_JANUARY):
        yearly = make_yearly(city)
        record = yearly.notified("county")
    _let_everybody_in()
    base = "/assessments/"
    wrong = _look(
        visitors("k-city", DESK),
        ["/", base, f"{base}cards/", f"{base}cards/{yearly.card.pk}/", f"{base}rounds/{yearly.round.pk}/", f"{base}{record.pk}/"],
    )  # fmt: skip
    assert not wrong, "\n".join(wrong)
