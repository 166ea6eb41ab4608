"""The menu of each post: only what its role needs, in the order of its work."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.identity import roles
from anlan.kernel.actor import Actor
from anlan.site.pages.access import address

FINDERS = frozenset({roles.INSPECTOR, roles.GROUP_LEADER, roles.EXPERT, roles.REGULATOR, roles.OFFICE})
WATCHERS = frozenset({roles.OFFICE, roles.REGULATOR, roles.LEADER, roles.GROUP_LEADER, roles.AUDITOR})
READERS = frozenset({*roles.OFFICIALS, *roles.ENTERPRISE_POSTS})
DRAWERS = frozenset({roles.OFFICE, roles.REGULATOR, roles.AUDITOR})
IN_THE_FIELD = frozenset({roles.INSPECTOR, roles.GROUP_LEADER, roles.EXPERT, *roles.ENTERPRISE_POSTS})
EVERYBODY = frozenset(roles.ROLES)


@dataclass(frozen=True, kw_only=True)
class Entry:
    label: Any
    name: str
    icon: str
    roles: frozenset[str]
    query: str = ""
    count: str = ""
    """Which of the frame's counts stands beside it."""


ENTRIES = (
    Entry(label=_("Workbench"), name="workbench", icon="layout-dashboard", roles=EVERYBODY),
    Entry(label=_("New finding"), name="hazards:new", icon="camera-plus", roles=FINDERS | roles.ENTERPRISE_POSTS),
    Entry(label=_("Hazards"), name="hazards:list", icon="alert-triangle", roles=READERS),
    Entry(label=_("Phone app"), name="phone", icon="device-mobile", roles=IN_THE_FIELD),
    Entry(label=_("Visits"), name="inspections:visits", icon="clipboard-check", roles=READERS),
    Entry(
        label=_("Own checks"),
        name="inspections:self-checks",
        icon="checklist",
        roles=roles.ENTERPRISE_POSTS | {roles.OFFICE, roles.REGULATOR, roles.INSPECTOR},
    ),
    Entry(label=_("Draws"), name="inspections:draws", icon="arrows-shuffle", roles=DRAWERS),
    Entry(label=_("Risk map"), name="risks:map", icon="map-2", roles=READERS),
    Entry(label=_("Risk points"), name="risks:points", icon="map-pin", roles=READERS),
    Entry(label=_("Checklists"), name="standards:checklists", icon="list-check", roles=roles.OFFICIALS),
    Entry(label=_("Overdue board"), name="board", icon="chart-bar", roles=WATCHERS),
    Entry(label=_("Enterprises"), name="registry:enterprises", icon="building-factory-2", roles=roles.OFFICIALS),
    Entry(
        label=_("My enterprise"), name="registry:enterprises", icon="building-factory-2", roles=roles.ENTERPRISE_POSTS
    ),
    Entry(label=_("Criteria"), name="standards:criteria", icon="book", roles=READERS),
    Entry(label=_("Responsibility chain"), name="chain:matrix", icon="hierarchy-2", roles=WATCHERS),
    Entry(label=_("Duty lists"), name="chain:cards", icon="id", roles=roles.ENTERPRISE_POSTS),
    Entry(label=_("Experts"), name="experts:experts", icon="school", roles=WATCHERS | {roles.EXPERT}),
    Entry(
        label=_("People and posts"),
        name="identity:people",
        icon="users",
        roles=roles.ADMINISTRATORS | {roles.AUDITOR},
    ),
    Entry(
        label=_("Organisations"),
        name="identity:organisations",
        icon="sitemap",
        roles=frozenset({roles.SYSTEM_ADMIN, roles.SECURITY_ADMIN}),
    ),
    Entry(
        label=_("Imports"),
        name="registry:imports",
        icon="file-upload",
        roles=frozenset({roles.SYSTEM_ADMIN, roles.SECURITY_ADMIN}),
    ),
    Entry(label=_("Ledger"), name="audit", icon="shield-check", roles=frozenset({roles.AUDITOR, roles.AUDIT_ADMIN})),
    Entry(
        label=_("Refused access"),
        name="identity:refusals",
        icon="ban",
        roles=frozenset({roles.AUDITOR, roles.AUDIT_ADMIN}),
    ),
    Entry(
        label=_("Sign-ins"),
        name="identity:sign-ins",
        icon="history",
        roles=frozenset({roles.AUDITOR, roles.AUDIT_ADMIN}),
    ),
    Entry(
        label=_("Changes of rights"),
        name="identity:rights",
        icon="user-check",
        roles=frozenset({roles.AUDITOR, roles.AUDIT_ADMIN, roles.SECURITY_ADMIN}),
    ),
    Entry(label=_("Inbox"), name="notify:inbox", icon="bell", roles=EVERYBODY, count="unread"),
    Entry(label=_("Working days"), name="calendar", icon="calendar", roles=EVERYBODY - {roles.CITIZEN}),
    Entry(
        label=_("Settings"),
        name="settings",
        icon="settings",
        roles=frozenset({roles.SYSTEM_ADMIN, roles.OFFICE, roles.REGULATOR, roles.AUDITOR}),
    ),
)


def menu_for(actor: Actor, path: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    """The entries as the menu component shows them; one whose page does not exist is left out."""
    found = []
    for entry in ENTRIES:
        if actor.role not in entry.roles:
            continue
        url = address(entry.name, query=entry.query)
        if url:
            found.append(
                {"label": entry.label, "url": url, "icon": entry.icon, "count": counts.get(entry.count, 0) or None}
            )
    active = _active((item["url"] for item in found), path)
    return [item | {"active": item["url"] == active} for item in found]


def _active(urls: Iterable[str], path: str) -> str:
    """The longest address the path lies under: one entry is lit, never two."""
    fitting = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(fitting, key=len, default="")
