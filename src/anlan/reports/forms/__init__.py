from anlan.reports.forms.filters import FilterForm
from anlan.reports.forms.nouns import SEARCHES, chosen_options, search
from anlan.reports.forms.steps import step_form

__all__ = ["SEARCHES", "FilterForm", "chosen_options", "search", "step_form"]
