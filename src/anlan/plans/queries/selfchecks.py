"""The stored tree as the self-checks look at it."""

from anlan.kernel import clock
from anlan.plans.models import Plan, PlanItem, PlanNode, SubPlan
from anlan.plans.selfcheck import Line, Sub, Tree, Trouble, troubles
from anlan.plans.states import DONE

WITHDRAWN = "withdrawn"


def node_line(row: PlanNode) -> Line:
    return Line(
        ref=row.pk,
        code=row.code,
        name=row.name,
        unit_name=row.unit_name,
        unit_known=row.unit_id is not None,
        target=row.target,
        target_unit=row.target_unit,
        starts_on=row.starts_on,
        due=row.due,
    )


def item_line(row: PlanItem, sub_plan: str) -> Line:
    return Line(
        ref=row.pk,
        code=row.code,
        name=row.name,
        sub_plan=sub_plan,
        year=row.year,
        unit_name=row.unit_name,
        unit_known=row.unit_id is not None,
        target=row.target,
        target_unit=row.target_unit,
        unit_gone=row.unit is not None and not row.unit.active and row.state not in DONE,
        starts_on=row.starts_on,
        due=row.due,
    )


def sub_line(row: SubPlan) -> Sub:
    return Sub(
        ref=row.pk, code=row.code, name=row.name, year=row.year, kind=row.kind, unit_known=row.unit_id is not None,
        document=row.document,
    )  # fmt: skip


def tree_of(plan: Plan, year: int | None = None) -> Tree:
    subs = list(SubPlan.objects.filter(plan=plan).order_by("year", "code"))
    codes = {one.pk: "" if one.kind == "own" else one.code for one in subs}
    items = PlanItem.objects.filter(plan=plan).exclude(state=WITHDRAWN).select_related("unit").order_by("order", "id")
    lines = [node_line(one) for one in PlanNode.objects.filter(plan=plan).order_by("order")]
    lines += [item_line(one, codes[one.sub_plan_id]) for one in items]
    return Tree.of(
        lines,
        [sub_line(one) for one in subs],
        from_day=plan.campaign.from_day,
        to_day=plan.campaign.to_day,
        year=year or clock.today().year,
    )


def troubles_of(plan: Plan, year: int | None = None) -> list[Trouble]:
    return troubles(tree_of(plan, year))
