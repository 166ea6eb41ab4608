"""Words that make the demo city sound like one: invented enterprises and people, hazards, decisions."""

from anlan.demo.words.bank import WordBank
from anlan.demo.words.records import ClauseRef, EnterpriseWords, HazardWords, PlanWords, hazard_rows, industries

__all__ = ["ClauseRef", "EnterpriseWords", "HazardWords", "PlanWords", "WordBank", "hazard_rows", "industries"]
