"""A sub-plan with its documents."""

from uuid import UUID

from anlan.files.models import File
from anlan.kernel.errors import NotFound
from anlan.plans.models import SubPlan


def sub_plan(sub_plan_id: UUID) -> SubPlan:
    """Raises NotFound for what does not exist and for what may not be read alike."""
    found = SubPlan.objects.select_related("plan__campaign").filter(pk=sub_plan_id).first()
    if found is None:
        raise NotFound
    return found


def documents(found: SubPlan) -> list[File]:
    return list(File.objects.filter(subject_type="sub_plan", subject_id=found.pk).order_by("uploaded_at", "id"))
