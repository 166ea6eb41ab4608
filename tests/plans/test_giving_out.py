"""A plan of thousands of items is given out by a job: the first part at once, the rest as the post that published it."""

from datetime import timedelta

import pytest
from django.db import connection

from anlan.identity.models import Post
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.notify.models import Message
from anlan.plans import actions
from anlan.plans.actions.publishing import give_out_rest
from anlan.plans.models import PlanItem
from tests.plans.conftest import Office

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def states(office: Office) -> list[str]:
    with scope.acting(SYSTEM):
        return list(PlanItem.objects.filter(plan=office.plan).order_by("order").values_list("state", flat=True))


def jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'plans.give_out'")
        return int(cursor.fetchone()[0])


def publish(office: Office, at_once: int) -> None:
    with scope.acting(office.keeper):
        actions.publish(actor=office.keeper, plan=office.plan.pk, at_once=at_once)


def rest(office: Office) -> None:
    assert office.keeper.post is not None
    give_out_rest(office.plan.pk, office.keeper.post, clock.now())


@pytest.fixture
def many(office: Office) -> Office:
    for number in range(1, 4):
        office.item(f"1.1.1.{number}")
    return office


def test_the_rest_is_given_out_by_a_job_and_every_unit_is_told_once(many: Office) -> None:
    publish(many, 1)
    assert (states(many), jobs()) == (["assigned", "planned", "planned"], 1)
    rest(many)
    rest(many)
    assert states(many) == ["assigned"] * 3
    with scope.acting(SYSTEM):
        assert Message.objects.filter(person_id=many.member.person, kind="task.waits").count() == 3


def test_few_items_need_no_job(many: Office) -> None:
    publish(many, 3)
    assert (states(many), jobs()) == (["assigned"] * 3, 0)


def test_what_came_after_the_button_was_pressed_waits_for_the_next_time(many: Office) -> None:
    publish(many, 1)
    asked = clock.now()
    with clock.at(asked + timedelta(minutes=1)):
        many.item("1.1.1.4")
        give_out_rest(many.plan.pk, many.keeper.post, asked)  # type: ignore[arg-type]
    assert states(many) == ["assigned", "assigned", "assigned", "planned"]


def test_a_plan_spoilt_meanwhile_and_a_post_that_is_held_no_more_give_out_nothing(many: Office) -> None:
    publish(many, 1)
    many.put("1.1.1", due=clock.today() + timedelta(days=5))
    rest(many)
    assert states(many) == ["assigned", "planned", "planned"]
    many.put("1.1.1", due=clock.today() + timedelta(days=90))
    with scope.acting(SYSTEM):
        Post.objects.filter(pk=many.keeper.post).update(valid_to=clock.today() - timedelta(days=1))
    rest(many)
    assert states(many) == ["assigned", "planned", "planned"]
