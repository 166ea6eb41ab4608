"""The figures of a city's bulletin of April 2024, as records: the draft says every one of them exactly, and each adds up."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum

from anlan.bulletins import writing
from anlan.bulletins.figures import showing
from anlan.bulletins.models import FigureRow
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.plans import actions as plans
from anlan.plans.actions.writing import Writer, store_sub_plan
from anlan.plans.models import Plan
from anlan.plans.needs import PutLine, PutSubPlan
from anlan.plans.units import Units
from tests.bulletins.conftest import Desk

TREE = {"actions": 10, "tasks": 27, "works": 111, "districts": 5, "systems": 34, "items": 408, "key": 66}
SAYS = {
    "inspected": "3284家",
    "major_found": "40处",
    "major_fixed": "30处",
    "helped": "255家",
    "fines": "1万元",
    "pressed": "20家",
    "letters": "11份",
    "officer_trainings": "28次",
    "principal_trainings": "224次",
    "principals": "12877人",
    "criteria_events": "196次",
    "criteria_people": "9481人",
    "worker_trainings": "139次",
    "drilled": "197家",
    "plan_actions": "10项",
    "plan_tasks": "27项",
    "plan_works": "111项",
    "plan_districts": "5个",
    "plan_systems": "34个",
    "plan_items": "408项",
    "plan_key": "66项",
}
"""What the seed says, in its own units."""


def plant(desk: Desk) -> None:
    """A plan as large as the seed's."""
    office = desk.actors["writer"]
    with scope.acting(office):
        plan = plans.open_plan(actor=office, data={"campaign": desk.month.campaign.pk})
        units, writer = Units(plan.region), None
        kinds = ["district"] * TREE["districts"] + ["system"] * TREE["systems"]
        for number, kind in enumerate(kinds, 1):
            unit = desk.month.units["county" if number == 1 else "department"].name if number in (1, 6) else ""
            facts: dict[str, Any] = {"code": f"Z{number:02}", "kind": kind, "name": f"子方案{number}", "year": 2026}
            store_sub_plan(plan, PutSubPlan(**facts, unit_name=unit, document=f"安委〔2026〕{number}号"), units)
        writer = Writer(office, plan)
        codes: list[str] = [str(one) for one in range(1, TREE["actions"] + 1)]
        tasks = [f"{codes[n % len(codes)]}.{n // len(codes) + 1}" for n in range(TREE["tasks"])]
        works = [f"{tasks[n % len(tasks)]}.{n // len(tasks) + 1}" for n in range(TREE["works"])]
        for code in (*codes, *tasks, *works):
            writer.put(PutLine(code=code, name=f"第{code}项"))
        for number in range(TREE["items"]):
            work = works[number % len(works)]
            writer.put(
                PutLine(
                    code=f"{work}.{number // len(works) + 1}", name=f"具体任务{number}", year=2026, key=number < TREE["key"],
                    sub_plan=f"Z{number % len(kinds) + 1:02}", due=date(2026, 3 if number < 4 else 12, 20),
                    unit_name=desk.month.units["county"].name if number < 4 else "",
                )
            )  # fmt: skip
    with scope.acting(SYSTEM):
        Plan.objects.filter(pk=plan.pk).update(published_at=clock.now())


@pytest.fixture(scope="module")
def planned(stage: Desk, django_db_blocker: Any) -> Iterator[Desk]:
    from tests.campaigns.conftest import IN_MAY

    with django_db_blocker.unblock(), clock.at(IN_MAY), transaction.atomic():
        plant(stage)
        yield stage
        transaction.set_rollback(True)


@pytest.fixture
def desk(planned: Desk, django_db_blocker: Any) -> Iterator[Desk]:
    from tests.campaigns.conftest import IN_MAY

    with django_db_blocker.unblock(), clock.at(IN_MAY), transaction.atomic():
        yield planned
        transaction.set_rollback(True)


def test_the_draft_says_the_seeds_figures(desk: Desk) -> None:
    bulletin = desk.draft()
    words = showing.texts(bulletin.figures, bulletin.typed)
    assert {code: words[code] for code in SAYS} == SAYS
    assert set(SAYS) <= set(writing.named(bulletin.content))
    text = " ".join(
        block["text"]
        for section in writing.printed(bulletin.content, bulletin.figures, bulletin.typed)
        for block in section["blocks"]
        if "text" in block
    )
    assert "10项行动、27项任务、111项重点工作，5个区县、开发区和34个行业系统制定子方案" in text
    assert "具体工作任务408项，其中重点任务66项" in text
    assert "检查生产经营单位3284家，发现重大事故隐患40处，已整改30处，整改率75%" in text


def test_each_of_them_adds_up(desk: Desk) -> None:
    bulletin = desk.draft()
    with scope.acting(desk.actors["writer"]):
        rows = FigureRow.objects.filter(of=bulletin).values_list("figure")
        sums = dict(rows.annotate(sum=Sum("value")).order_by())
    for code in SAYS:
        assert sums[code] == bulletin.figures[code]["value"], code


def test_who_is_behind_the_plan_is_named(desk: Desk) -> None:
    bulletin = desk.draft()
    assert bulletin.figures["plan_behind"]["value"] >= 4  # due in March, not even given out
    names = bulletin.figures["who_behind"][
        "names"
    ]  # items without a unit are of the whole city, which is no unit of it
    assert sorted(names) == ["county单位", "department单位"]
    table = bulletin.tables["districts"]
    assert "plan_rate" in [one["figure"] for one in table["criteria"]]
    assert sum(one["weight"] for one in table["criteria"]) == 100
