"""The sheets a plan comes in and goes out by: its lines, and its sub-plans."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anlan.campaigns.models import Campaign
from anlan.kernel.actor import Actor
from anlan.kernel.exchange import Choices, Column, SheetSpec, WorkbookSpec
from anlan.plans.meant import is_span
from anlan.plans.models import Plan, SubPlan
from anlan.plans.ordinals import is_code, tidy_code
from anlan.registry.workbooks import both

LINES, SUBS = "plan_lines", "plan_sub_plans"
FIRST_YEAR, LAST_YEAR = 2000, 2199


def column(key: str, title: Any, *also: str, **facts: Any) -> Column:
    """`also` are headings by which offices call the same thing."""
    return Column(key=key, title=title, aliases=(*both(title), *also), **facts)


def code_fault(text: str) -> Any:
    if is_code(tidy_code(text)):
        return None
    return _("Write the ordinal as 1, 1.1, 1.1.1 or 1.1.1.1.")


WRITTEN = _("Or as documents write it: 6月底前, 第三季度, 年底前; the year is the row's.")


def as_written(text: str) -> str | None:
    """A day as documents write it, kept as it is: what it means follows from the year of its row."""
    return text if is_span(text) else None


def campaign_column() -> Column:
    return column(
        "campaign",
        _("Campaign"),
        kind="choice",
        choices_from="campaigns",
        width=24,
        help=_("Needed only where your office keeps more than one plan."),
    )


def lines_book() -> WorkbookSpec:
    title = _("Lines of the plan")
    columns = [
        column(
            "code",
            _("Ordinal"),
            "序号",
            "编号",
            kind="code",
            required=True,
            max_length=40,
            validate=code_fault,
            width=12,
            help=_("1 an action, 1.1 one of its tasks, 1.1.1 a work, 1.1.1.1 an item of a year. As text."),
        ),
        column(
            "name", _("What is to be done"), "工作内容", "任务内容", "具体任务", "工作任务", required=True, max_length=300, multiline=True, width=48,
        ),
        column(
            "sub_plan",
            _("Sub-plan"),
            kind="code",
            max_length=20,
            help=_("The number of the sub-plan the item stands in; empty: the territory's own. Items only."),
        ),
        column("year", _("Year"), kind="int", minimum=FIRST_YEAR, maximum=LAST_YEAR, width=8, help=_("Items only; empty: this year.")),
        column("unit_name", _("Responsible unit"), "牵头单位", max_length=120, width=26),
        column("partners", _("Cooperating units"), "协同单位", "参与单位", max_length=400, width=30),
        column("method", _("Way of working"), "工作方法", "工作举措", max_length=4000, multiline=True, width=36),
        column("requirement", _("Requirement"), "有关要求", max_length=4000, multiline=True, width=36),
        column("target", _("Target"), "目标", "目标数量", kind="decimal", minimum=0, places=2, width=10),
        column("target_unit", _("Unit of the target"), "单位", max_length=20, width=10),
        column("target_text", _("Document or result"), "成果", max_length=300, width=30),
        column("starts_on", _("Begins on"), "开始时间", kind="date", meant=as_written, help=WRITTEN, width=12),
        column("due", _("Due by"), "完成时间", "截止时间", kind="date", meant=as_written, help=WRITTEN, width=12),
        column("evidence", _("To be shown"), "佐证材料", max_length=300, width=30),
        column("key", _("Key task"), kind="bool", width=10),
        campaign_column(),
    ]  # fmt: skip
    return WorkbookSpec(
        title=_("Lines of a campaign's plan"),
        sheets=[SheetSpec(name="lines", title=title, columns=columns, aliases=both(title))],
        notes=[
            _("The ordinal says what a line is. A line that is there already is changed, never doubled."),
            _(
                "What was given out keeps its unit, target and day: those are changed on the item's page, with a reason."
            ),
            _("A unit stands by its name until it is one that the platform knows."),
        ],
    )


def subs_book() -> WorkbookSpec:
    title = _("Sub-plans")
    columns = [
        column("code", _("Number of the sub-plan"), kind="code", required=True, max_length=20, example="Q01", width=16),
        column("kind", _("Kind"), kind="choice", choices_from="sub_plan_kinds", required=True, width=14),
        column("name", _("Name"), required=True, max_length=120, example="示例区实施方案", width=36),
        column("year", _("Year"), kind="int", minimum=FIRST_YEAR, maximum=LAST_YEAR, required=True, width=8),
        column("unit_name", _("Unit that made it"), max_length=120, width=26),
        column("region", _("Region"), kind="choice", choices_from="regions", width=24),
        column("document", _("Approved document"), "批准文号", max_length=120, width=26),
        column("approved_on", _("Approved on"), kind="date", width=12),
        campaign_column(),
    ]
    return WorkbookSpec(
        title=_("Sub-plans of a campaign's plan"),
        sheets=[
            SheetSpec(name="sub_plans", title=title, columns=columns, unique=[("code", "year")], aliases=both(title))
        ],
        notes=[_("Bring the sub-plans in before the items that stand in them.")],
    )


def offered(_actor: Actor) -> Choices:
    """What the drop-downs of the template offer."""
    kept = Plan.objects.select_related("campaign").order_by("-campaign__from_day")[:40]
    return {
        "campaigns": {one.campaign.zh: one.campaign.pk for one in kept},
        "sub_plan_kinds": {str(label): code for code, label in SubPlan.KINDS if code != "own"},
    }


def understood() -> Choices:
    """What a cell may say, in either language; a campaign's name may be that of several, of one territory each."""
    named: dict[str, set[UUID]] = {}
    for row in Campaign.objects.all():
        for word in filter(None, (row.zh, row.en, row.code, str(row.pk))):
            named.setdefault(word, set()).add(row.pk)
    campaigns = {word: frozenset(keys) for word, keys in named.items()}
    kinds = {word: code for code, label in SubPlan.KINDS for word in (*both(label), code)}
    return {"campaigns": campaigns, "sub_plan_kinds": kinds}
