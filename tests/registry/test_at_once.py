"""Two who change the register at the same moment: neither's change is lost, and what begins meanwhile begins where the enterprise is."""

from contextlib import suppress

import pytest

from anlan.inspections.models import Visit
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import Invalid
from anlan.registry.actions import add_site, edit_enterprise, edit_site
from anlan.registry.models import Enterprise, Site
from tests.factories import NEIGHBOUR_TOWN
from tests.inspections.conftest import make_field
from tests.together import acting, one_after_the_other

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def test_two_change_one_site() -> None:
    field = make_field()
    mine, yours = field.safety_manager, field.office
    with scope.acting(mine):
        site = add_site(actor=mine, enterprise=field.enterprise.pk, data={"name": "一厂区", "address": "旧址"})
    one_after_the_other(
        mine,
        lambda: edit_site(actor=mine, site=site.pk, data={"address": "工业路1号"}),
        acting(yours, lambda: edit_site(actor=yours, site=site.pk, data={"name": "东厂区"})),
    )
    with scope.acting(SYSTEM):
        found = Site.objects.get(pk=site.pk)
    assert (found.name, found.address) == ("东厂区", "工业路1号")


def test_a_visit_planned_while_its_enterprise_moves_is_planned_where_it_is_then() -> None:
    field = make_field()
    mover, planner = field.city_office, field.regulator

    def plan() -> None:
        with suppress(Invalid):  # the planner's territory ends where it went
            field.plan(planner)

    to = {"region": NEIGHBOUR_TOWN}
    one_after_the_other(
        mover,
        lambda: edit_enterprise(actor=mover, enterprise=field.enterprise.pk, data=to),
        plan,
    )
    with scope.acting(SYSTEM):
        regions = set(Visit.objects.values_list("region", flat=True))
    assert regions <= {NEIGHBOUR_TOWN}, "not at the place it left"


def test_a_visit_that_begins_while_its_enterprise_moves_stays_and_stops_nobody() -> None:
    field = make_field()
    visit, mover, goer = field.ready(), field.city_office, field.inspector
    to = {"region": NEIGHBOUR_TOWN}
    one_after_the_other(
        goer,
        lambda: field.do(goer, visit, "arrive"),
        acting(mover, lambda: edit_enterprise(actor=mover, enterprise=field.enterprise.pk, data=to)),
    )
    with scope.acting(SYSTEM):
        found = Visit.objects.get(pk=visit.pk)
        assert Enterprise.objects.get(pk=field.enterprise.pk).region == NEIGHBOUR_TOWN
    assert (found.state, found.region) == ("under_way", visit.region)
