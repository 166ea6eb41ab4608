"""What the field leaves behind at an enterprise: a cycle with a missed check, an upload, a done command."""

from datetime import date, timedelta
from uuid import UUID

from anlan.files.models import Upload
from anlan.inspections.models import SelfCheck, SelfCheckPlan
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.ids import new_id
from anlan.kernel.models import DoneCommand
from anlan.registry.models import Enterprise


def fieldwork_of(enterprise: Enterprise, actor: Actor) -> dict[str, UUID]:
    """By the names that addresses use for them."""
    place = {"enterprise": enterprise, "region": enterprise.region, "industry_bit": enterprise.industry_bit}
    moment, day = clock.now(), date(2026, 11, 2)
    with scope.acting(SYSTEM):
        plan = SelfCheckPlan.objects.create(id=new_id(), cycle="daily", begins_on=day, settled_to=day, **place)
        check = SelfCheck.objects.create(
            id=new_id(), plan=plan, cycle="daily", period=day, state="missed", excuse="机密", **place
        )
        upload = Upload.objects.create(
            id=new_id(), person_id=actor.person, name="机密.jpg", length=9, sha256="0" * 64, began_at=moment,
            expires_at=moment + timedelta(days=7),
        )  # fmt: skip
        done = DoneCommand.objects.create(
            id=new_id(), person_id=actor.person, post_id=actor.post, device=new_id(), seq=1, kind="hazard.step",
            subject=check.pk, digest="0" * 64, answer={"version": 1, "record": {"secret": "机密"}}, client_at=moment, at=moment,
        )  # fmt: skip
    return {"check_id": check.pk, "plan_id": plan.pk, "upload_id": upload.pk, "command_id": done.pk}
