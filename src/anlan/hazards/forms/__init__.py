from anlan.hazards.forms.filters import FilterForm
from anlan.hazards.forms.nouns import makers, picker, search
from anlan.hazards.forms.steps import complete, register_form, step_form

__all__ = ["FilterForm", "complete", "makers", "picker", "register_form", "search", "step_form"]
