"""The room's verbs. Everything else that writes an instrument, a case or an organ goes through one of these."""

from anlan.enforcement.actions.cases import open_case, take_case_step
from anlan.enforcement.actions.drafting import draft, take_step
from anlan.enforcement.actions.organs import set_organ
from anlan.enforcement.actions.templates import load_template, remove_template

__all__ = ["draft", "load_template", "open_case", "remove_template", "set_organ", "take_case_step", "take_step"]
