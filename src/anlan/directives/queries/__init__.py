from anlan.directives.queries.board import SILENT_DAYS, UnitRow, comb, monday, units_board
from anlan.directives.queries.detail import (
    directive,
    files_of,
    intake,
    intakes,
    latest_of,
    proposal,
    proposals,
    recurrence,
    recurrences,
    task,
    tasks_of,
)
from anlan.directives.queries.digest import Section, weekly
from anlan.directives.queries.drafting import Drafted, draft
from anlan.directives.queries.issued import digest, digest_draft, digest_drafts, digests
from anlan.directives.queries.lists import (
    COUNTED,
    TaskFilters,
    count_directives,
    count_tasks,
    directives,
    overdue,
    read_task_filters,
    tasks,
)
from anlan.directives.queries.tone import Tone, tone
from anlan.directives.queries.twins import twin_of
from anlan.directives.queries.units import likely_units, likely_units_of
from anlan.directives.queries.waiting import waiting_for

__all__ = [
    "COUNTED",
    "SILENT_DAYS",
    "Drafted",
    "Section",
    "TaskFilters",
    "Tone",
    "UnitRow",
    "comb",
    "count_directives",
    "count_tasks",
    "digest",
    "digest_draft",
    "digest_drafts",
    "digests",
    "directive",
    "directives",
    "draft",
    "files_of",
    "intake",
    "intakes",
    "latest_of",
    "likely_units",
    "likely_units_of",
    "monday",
    "overdue",
    "proposal",
    "proposals",
    "read_task_filters",
    "recurrence",
    "recurrences",
    "task",
    "tasks",
    "tasks_of",
    "tone",
    "twin_of",
    "units_board",
    "waiting_for",
    "weekly",
]
