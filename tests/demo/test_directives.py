"""The demo city's documents from above: tasks in every state, as the rooms' own verbs leave them."""

import time

import pytest

from anlan.demo.city.directives import directives_from_above
from anlan.demo.city.people import Staff
from anlan.directives.flow import DIRECTIVE_TASK
from anlan.directives.models import Digest, DigestDraft, Directive, DirectiveTask, Proposal, Recurrence
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from tests.directives.conftest import Desk, desk
from tests.factories import CITY, COUNTY, NEIGHBOUR

__all__ = ["desk"]
pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_documents_with_tasks_in_every_state(desk: Desk):
    staff = Staff()
    staff.offices[CITY] = desk.office
    staff.regulators = {(COUNTY, 0): desk.member, (NEIGHBOUR, 0): desk.n_member}
    begun = time.monotonic()
    given = directives_from_above(staff, now=clock.now())
    assert time.monotonic() - begun < 60
    with scope.acting(SYSTEM):
        assert Directive.objects.count() == 6
        assert DirectiveTask.objects.count() == given
        states = set(DirectiveTask.objects.values_list("state", flat=True))
        assert states == {one.code for one in DIRECTIVE_TASK.states}
        assert DirectiveTask.objects.filter(late=True).exclude(state__in=["done", "withdrawn"]).exists()
        assert Recurrence.objects.count() >= 4
        assert Proposal.objects.filter(ruling="").count() == 1
        assert (Digest.objects.count(), DigestDraft.objects.count()) == (1, 1)
