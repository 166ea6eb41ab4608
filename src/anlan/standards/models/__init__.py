"""What is right: criteria for major hazards, laws, and the checklists made of them."""

from anlan.standards.models.checklists import Checklist, Edition, Item
from anlan.standards.models.criteria import Clause, CriteriaList
from anlan.standards.models.laws import Law, LawClause

__all__ = ["Checklist", "Clause", "CriteriaList", "Edition", "Item", "Law", "LawClause"]
