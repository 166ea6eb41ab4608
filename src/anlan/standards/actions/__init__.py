"""The room's verbs: loading what is shipped, and the life of checklists."""

from anlan.standards.actions.checklists import (
    add_item,
    create_checklist,
    draft_edition,
    edit_checklist,
    edit_item,
    fill_edition,
    move_item,
    remove_item,
    take_step,
)
from anlan.standards.actions.criteria import load_criteria
from anlan.standards.actions.laws import load_laws
from anlan.standards.actions.shipped import load_checklists

__all__ = [
    "add_item",
    "create_checklist",
    "draft_edition",
    "edit_checklist",
    "edit_item",
    "fill_edition",
    "load_checklists",
    "load_criteria",
    "load_laws",
    "move_item",
    "remove_item",
    "take_step",
]
