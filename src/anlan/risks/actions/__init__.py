from anlan.risks.actions.points import edit_point, register_point, rename_unit, retire_point
from anlan.risks.actions.reports import answer_report, file_report, photo_for_hazard, settle_with_hazard
from anlan.risks.actions.sources import (
    add_control,
    add_source,
    assess,
    edit_control,
    edit_source,
    retire_control,
    retire_source,
)

__all__ = [
    "add_control",
    "add_source",
    "answer_report",
    "assess",
    "edit_control",
    "edit_point",
    "edit_source",
    "file_report",
    "photo_for_hazard",
    "register_point",
    "rename_unit",
    "retire_control",
    "retire_point",
    "retire_source",
    "settle_with_hazard",
]
