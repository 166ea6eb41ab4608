"""Bulletins issued at once: each has a number of its own and none is missing."""

import pytest

from anlan.bulletins.models import Bulletin
from anlan.kernel import clock
from anlan.kernel.errors import WrongState
from tests.bulletins.conftest import Desk, hand_in, make_desk
from tests.campaigns.conftest import IN_MAY
from tests.together import at, outcomes_of


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
class TestTogether:
    @pytest.fixture
    def desk(self, transactional_db: None) -> Desk:
        with clock.at(IN_MAY):
            found = make_desk()
            hand_in(found.month)
        return found

    def test_numbers_are_taken_once_and_in_a_row(self, desk: Desk) -> None:
        with clock.at(IN_MAY):
            waiting = [self._approved(desk) for _ in range(3)]

        first, second, third = waiting
        outcomes = outcomes_of(
            *(
                at(IN_MAY, lambda who=who, one=one: desk.do(who, one, "issue"))
                for who, one in (("writer", first), ("checker", first), ("writer", second), ("chief", third))
            )
        )
        issued = [one for one in outcomes if isinstance(one, Bulletin)]
        assert [type(one) for one in outcomes if not isinstance(one, Bulletin)] == [WrongState]
        assert {one.pk for one in issued} == {one.pk for one in waiting}
        assert sorted(one.order for one in issued) == [1, 2, 3]
        assert len({one.number for one in issued}) == 3

    def _approved(self, desk: Desk) -> Bulletin:
        bulletin = desk.draft()
        desk.do("checker", bulletin, "review")
        return desk.do("chief", bulletin, "approve")
