"""The room's tables."""

from anlan.plans.models.item import PlanItem, Progress
from anlan.plans.models.tree import Plan, PlanNode, SubPlan

__all__ = ["Plan", "PlanItem", "PlanNode", "Progress", "SubPlan"]
