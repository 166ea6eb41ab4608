"""What is heard from upstream: where risk points go when their enterprise or site moves. Retired ones stay as they were."""

from django.db.models import Q

from anlan.kernel.events import hears
from anlan.registry.events import EnterpriseMoved, SiteMoved, following
from anlan.risks.actions.points import move_point
from anlan.risks.models import RiskPoint, RiskUnit


@hears(EnterpriseMoved)
def bring_points(event: EnterpriseMoved) -> None:
    """
    A point that names no site lies at the enterprise's own address, one at a site stays there; a point whose industry is
    another than the enterprise's keeps it. Units are names to group by: they have no place of their own.
    """
    firm = event.enterprise
    with following():
        RiskUnit.objects.filter(enterprise=firm).update(region=firm.region, industry_bit=firm.industry_bit)
        here = Q(site=None, region=event.region)
        points = RiskPoint.objects.select_for_update(of=("self",)).filter(enterprise=firm, active=True)
        for point in points.filter(here | Q(industry_bit=event.industry_bit)).order_by("id"):
            move_point(
                actor=event.actor,
                point=point,
                region=firm.region if point.site_id is None and point.region == event.region else point.region,
                industry=firm.industry if point.industry_bit == event.industry_bit else point.industry,
            )


@hears(SiteMoved)
def bring_points_of_site(event: SiteMoved) -> None:
    site = event.site
    with following():
        points = RiskPoint.objects.select_for_update(of=("self",)).filter(site=site, region=event.region, active=True)
        for point in points.select_related("industry").order_by("id"):
            move_point(actor=event.actor, point=point, region=site.region, industry=point.industry)
