"""The room's verbs: loading what is shipped, and the life of checklists."""

from anlan.standards.actions.criteria import load_criteria

__all__ = ["load_criteria"]
