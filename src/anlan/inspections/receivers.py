"""What is heard from upstream: plans of an enterprise that moved go along; what was done stays where it was done."""

from typing import Any

from django.db.models import Q, QuerySet

from anlan.inspections.actions.self_check import move_plan
from anlan.inspections.actions.visit import follow
from anlan.inspections.models import SelfCheckPlan, Visit
from anlan.inspections.states import BEFORE
from anlan.kernel import clock
from anlan.kernel.events import hears
from anlan.registry.events import EnterpriseMoved, SiteMoved, following


@hears(EnterpriseMoved)
def bring_plans(event: EnterpriseMoved) -> None:
    """Cycles still kept, and visits nobody has arrived for; a visit of a site stays with the site."""
    firm = event.enterprise
    with following():
        kept = SelfCheckPlan.objects.select_for_update(of=("self",)).filter(enterprise=firm)
        for plan in kept.filter(Q(ends_on=None) | Q(ends_on__gte=clock.today())).order_by("id"):
            move_plan(actor=event.actor, plan=plan, enterprise=firm)
        for visit in _before(enterprise=firm):
            follow(actor=event.actor, visit=visit, region=visit.site.region if visit.site else firm.region)


@hears(SiteMoved)
def bring_visits_of_site(event: SiteMoved) -> None:
    with following():
        for visit in _before(site=event.site):
            follow(actor=event.actor, visit=visit, region=event.site.region)


def _before(**of: Any) -> QuerySet[Visit]:
    """Locked at once: a visit whose officers arrive meanwhile is under way then, and stays."""
    rows = Visit.objects.select_for_update(of=("self",)).filter(state__in=BEFORE, **of)
    return rows.select_related("site").order_by("id")
