"""The verbs: the only code that writes."""

from anlan.plans.actions.documents import attach_documents
from anlan.plans.actions.items import take_step
from anlan.plans.actions.publishing import publish
from anlan.plans.actions.writing import open_plan, put_line, put_sub_plan

__all__ = ["attach_documents", "open_plan", "publish", "put_line", "put_sub_plan", "take_step"]
