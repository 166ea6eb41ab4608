"""A task that is late and told of to the office gets its supervise letter (督促函) drafted: a person reviews it, nobody sends it unseen."""

from anlan.directives.models import DirectiveTask
from anlan.enforcement.actions import draft
from anlan.kernel import clock
from anlan.kernel.actor import SYSTEM
from anlan.kernel.calendar import working_days
from anlan.kernel.codes import level

KIND, SUBJECT = "supervise_letter", "directive_task"
ANSWER_DAYS = 5
"""Working days the unit is given [K]."""
LEVELS = {"county": "county", "city": "city", "province": "province"}


def draft_letter(task: DirectiveTask, rung: int) -> None:
    """One open letter a task and rung, in Chinese as it is issued; asked again the platform finds the one it has."""
    day = clock.day_of(working_days().add(clock.now(), ANSWER_DAYS))
    document = f"《{task.directive.title}》" + (f"（{task.directive.reference}）" if task.directive.reference else "")
    due = f"，应于{task.due:%Y年%-m月%-d日}前完成" if task.due else ""
    draft(
        actor=SYSTEM,
        kind=KIND,
        unit=task.unit_id,
        fields={
            "matter": f"{task.what.rstrip('。')}（{task.number}）",
            "level": LEVELS.get(level(task.issued_region), "county"),
            "facts": f"{document}要求：{task.quote or task.what}{due}。截至{clock.today():%Y年%-m月%-d日}，该项任务尚未办结。",
            "demands": "请说明未按期完成的原因，明确责任人和完成日期，立即组织办理。",
            "due": day.isoformat(),
            "feedback": "办理情况通过平台报告，并按来文要求附佐证材料。",
        },
        source=(SUBJECT, task.pk, task.number),
        region=task.issued_region,
        rung=rung,
    )
