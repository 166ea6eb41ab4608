from anlan.registry.queries.enterprises import (
    COUNTED,
    Filters,
    Page,
    count_enterprises,
    enterprise,
    enterprises,
    posts_of_enterprise,
    site,
    sites_of,
    walk,
)
from anlan.registry.queries.places import industries, industry_names, region_choices, region_names

__all__ = [
    "COUNTED",
    "Filters",
    "Page",
    "count_enterprises",
    "enterprise",
    "enterprises",
    "industries",
    "industry_names",
    "posts_of_enterprise",
    "region_choices",
    "region_names",
    "site",
    "sites_of",
    "walk",
]
