"""What every city starts from: supervision fields, criteria, laws, checklists, the calendar."""

from django.conf import settings

from anlan.identity.models import Region
from anlan.kernel import calendar_seed, clock
from anlan.kernel.holidays import FESTIVALS, last_official_year
from anlan.registry.actions import load_industries
from anlan.reports.loading import load_categories
from anlan.rewards.actions import load_rules
from anlan.standards.actions import load_checklists, load_criteria, load_laws


def load(*, provisional: bool = False) -> None:
    """
    Bring the reference data to this release; safe at every start, over the application's own connection.

    `provisional` adds the years to come by the statutory days off, so that a demo in December still counts time limits.
    """
    load_industries()
    load_categories()
    load_criteria()
    load_laws()
    load_rules()
    if Region.objects.filter(pk=settings.ANLAN_CITY).exists():
        load_checklists(region=settings.ANLAN_CITY)
    calendar_seed.seed()
    if provisional:
        for year in sorted(FESTIVALS):
            if last_official_year() < year <= clock.today().year + 1:
                calendar_seed.seed_provisional(year)
