from anlan.hazards.forms.filters import FilterForm
from anlan.hazards.forms.nouns import makers, picker, search
from anlan.hazards.forms.steps import complete, known_at, register_form, step_form

__all__ = ["FilterForm", "complete", "known_at", "makers", "picker", "register_form", "search", "step_form"]
