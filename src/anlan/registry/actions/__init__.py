from anlan.registry.actions.enterprises import (
    close_enterprise,
    edit_enterprise,
    ensure_organisation,
    register_enterprise,
)
from anlan.registry.actions.industries import load_industries
from anlan.registry.actions.sites import add_site, edit_site

__all__ = [
    "add_site",
    "close_enterprise",
    "edit_enterprise",
    "edit_site",
    "ensure_organisation",
    "load_industries",
    "register_enterprise",
]
