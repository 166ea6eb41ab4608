from anlan.directives.models.digest import Digest, DigestDraft
from anlan.directives.models.directive import Directive, Proposal
from anlan.directives.models.intake import Intake
from anlan.directives.models.task import DirectiveTask, Recurrence

__all__ = ["Digest", "DigestDraft", "Directive", "DirectiveTask", "Intake", "Proposal", "Recurrence"]
