"""The checker of a published template: made once a process, for a version never changes."""

from functools import lru_cache
from uuid import UUID

from anlan.campaigns.models import ReturnTemplate
from anlan.campaigns.returns.checking import Checker
from anlan.campaigns.returns.shipped import checker_of


@lru_cache(maxsize=64)
def checker_for(version: UUID) -> Checker:
    found = ReturnTemplate.objects.get(pk=version)
    return checker_of(found.template, found.checks)
