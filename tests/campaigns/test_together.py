"""Several people at one return at once: nothing typed is lost, nothing is done twice."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from anlan.campaigns.models import Confirmation, Return
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import Problem, WrongState
from anlan.kernel.ledger.read import acts
from tests.campaigns.conftest import IN_MAY, Month, make_month
from tests.together import at, outcomes_of


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
class TestTogether:
    @pytest.fixture
    def month(self, transactional_db: None) -> Month:
        return make_month()

    def run(self, *calls: Callable[[], Any]) -> list[Any]:
        return outcomes_of(*(at(IN_MAY, call) for call in calls))

    def test_what_two_clerks_type_at_once_all_arrives(self, month: Month) -> None:
        record = month.of("county")
        typed: dict[str, tuple[str, dict[str, Any]]] = {
            "checks.units": ("county", {"cells": {"checks.units": 7}}),
            "checks.visits": ("county2", {"cells": {"checks.visits": "9家次"}}),
            "drills.drills": ("county", {"cells": {"drills.drills": "3场"}}),
            "contact.phone": ("county2", {"cells": {"contact.phone": "0351-1234567"}}),
            "first": ("county", {"patches": {"major": {"a1": {"enterprise": "甲厂"}}}}),
            "second": ("county2", {"patches": {"major": {"b2": {"enterprise": "乙厂"}}}}),
        }
        outcomes = self.run(
            *(lambda who=who, data=data: month.do(who, record, "save", **data) for who, data in typed.values())
        )
        assert [type(one) for one in outcomes] == [Return] * len(typed)
        fresh = month.fresh(record)
        assert {name for name in typed if "." in name} <= set(fresh.values["cells"])
        assert {row["enterprise"]["value"] for row in fresh.values["rows"]["major"]} == {"甲厂", "乙厂"}
        assert set(fresh.values["ids"]["major"]) == {"a1", "b2"}
        with scope.acting(SYSTEM), transaction.atomic():
            assert [act.version for act in acts(record.pk)] == list(range(1, fresh.version + 1))

    def test_it_is_handed_in_once(self, month: Month) -> None:
        record = month.saved("county")
        outcomes = self.run(*(lambda who=who: month.do(who, record, "hand_in") for who in ("county", "county2")))
        assert {type(one) for one in outcomes} == {Return, WrongState}
        fresh = month.fresh(record)
        assert (fresh.state, fresh.round, fresh.bounced) == ("passed", 1, 0)

    def test_what_is_typed_while_a_colleague_hands_in_is_in_or_told(self, month: Month) -> None:
        record = month.saved("county")
        saved, handed = self.run(
            lambda: month.do("county2", record, "save", cells={"contact.name": "王某"}),
            lambda: month.do("county", record, "hand_in"),
        )
        assert isinstance(handed, Return)
        fresh = month.fresh(record)
        assert fresh.state == "passed"
        if isinstance(saved, Return):
            assert fresh.values["cells"]["contact.name"]["value"] == "王某"
        else:
            assert isinstance(saved, WrongState)
            assert fresh.values["cells"]["contact.name"]["value"] == "李某"

    def test_a_panel_is_confirmed_once_and_a_return_accepted_once(self, month: Month) -> None:
        record = month.passed("county")
        outcomes = self.run(
            *(lambda who=who: month.do(who, record, "confirm", panel="checks") for who in ("city", "city2"))
        )
        assert sorted(isinstance(one, Return) for one in outcomes) == [False, True]
        assert any(isinstance(one, Problem) for one in outcomes)
        with scope.acting(SYSTEM):
            assert Confirmation.objects.filter(of=record, panel="checks").count() == 1
