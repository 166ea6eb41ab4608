"""The menu of each post: only what its role needs, in the order of its work."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.identity import roles
from anlan.identity.roles import READERS
from anlan.kernel.actor import Actor
from anlan.site.pages.access import address

FINDERS = frozenset({roles.INSPECTOR, roles.GROUP_LEADER, roles.EXPERT, roles.REGULATOR, roles.OFFICE})
WATCHERS = frozenset({roles.OFFICE, roles.REGULATOR, roles.LEADER, roles.GROUP_LEADER, roles.AUDITOR})
DRAWERS = frozenset({roles.OFFICE, roles.REGULATOR, roles.AUDITOR})
IN_THE_FIELD = frozenset(code for code, role in roles.ROLES.items() if role.device == "phone" and code in READERS)
REPORT_READERS = frozenset(
    {roles.DISPATCHER, roles.OFFICE, roles.REGULATOR, roles.INSPECTOR, roles.LEADER, roles.AUDITOR, roles.FINANCE}
)
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
    Entry(
        label=_("Dispatch desk"), name="reports:desk", icon="inbox", roles=frozenset({roles.DISPATCHER, roles.OFFICE})
    ),
    Entry(label=_("Citizens' reports"), name="reports:list", icon="message-report", roles=REPORT_READERS),
    Entry(
        label=_("Routing rules"), name="reports:rules", icon="route", roles=frozenset({roles.DISPATCHER, roles.OFFICE})
    ),
    Entry(label=_("Rewards"), name="rewards:list", icon="gift", roles=roles.INTAKE | {roles.OFFICE, roles.AUDITOR}),
    Entry(
        label=_("Documents from above"),
        name="directives:documents",
        icon="file-text",
        roles=frozenset({roles.OFFICE, roles.REGULATOR, roles.LEADER, roles.AUDITOR}),
    ),
    Entry(
        label=_("Tasks from above"),
        name="directives:tasks",
        icon="checklist",
        roles=frozenset({roles.OFFICE, roles.REGULATOR, roles.LEADER, roles.AUDITOR}),
    ),
    Entry(
        label=_("Campaigns"),
        name="campaigns:list",
        icon="flag",
        roles=frozenset({roles.OFFICE, roles.REGULATOR, roles.LEADER, roles.AUDITOR}),
    ),
    Entry(
        label=_("Monthly returns"),
        name="campaigns:mine",
        icon="clipboard-list",
        roles=frozenset({roles.OFFICE, roles.REGULATOR}),
    ),
    Entry(
        label=_("All returns"),  # who audits fills none in and begins with the list
        name="campaigns:returns",
        icon="clipboard-list",
        roles=frozenset({roles.AUDITOR}),
    ),
    Entry(
        label=_("Leaders' duties"),
        name="campaigns:leaders",
        icon="users",
        roles=frozenset({roles.OFFICE, roles.LEADER, roles.AUDITOR}),
    ),
    Entry(
        label=_("Instruments"),
        name="enforcement:list",
        icon="gavel",
        roles=roles.ENTERPRISE_POSTS
        | {roles.OFFICE, roles.REGULATOR, roles.INSPECTOR, roles.GROUP_LEADER, roles.LEADER, roles.AUDITOR},
    ),
    Entry(
        label=_("Campaign plans"),
        name="plans:list",
        icon="target",
        roles=frozenset(
            {roles.OFFICE, roles.REGULATOR, roles.LEADER, roles.GROUP_LEADER, roles.INSPECTOR, roles.AUDITOR}
        ),
    ),
    Entry(
        label=_("Bulletins"),
        name="bulletins:list",
        icon="file-text",
        roles=frozenset({roles.OFFICE, roles.REGULATOR, roles.LEADER, roles.GROUP_LEADER, roles.AUDITOR}),
    ),
    Entry(
        label=_("Yearly assessments"),
        name="assessments:list",
        icon="trophy",
        roles=frozenset({roles.OFFICE, roles.REGULATOR, roles.LEADER, roles.AUDITOR}),
    ),
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
    Entry(label=_("Outbox"), name="outbox", icon="send", roles=frozenset({roles.SYSTEM_ADMIN})),
    Entry(
        label=_("Settings"),
        name="settings",
        icon="settings",
        roles=frozenset({roles.SYSTEM_ADMIN, roles.OFFICE, roles.REGULATOR, roles.AUDITOR}),
    ),
)


@dataclass(frozen=True, kw_only=True)
class Group:
    """Pages of one kind of work, folded under one heading for posts that have many."""

    label: Any
    icon: str
    names: frozenset[str]


GROUPS = (
    Group(
        label=_("Checking"),
        icon="clipboard-check",
        names=frozenset(
            {
                "inspections:visits", "inspections:self-checks", "inspections:draws", "experts:experts",
                "standards:checklists", "standards:criteria",
            }
        ),
    ),
    Group(label=_("Risks and map"), icon="map-2", names=frozenset({"risks:map", "risks:points"})),
    Group(
        label=_("From citizens"),
        icon="message-report",
        names=frozenset({"reports:desk", "reports:list", "reports:rules", "rewards:list"}),
    ),
    Group(
        label=_("Campaign work"),
        icon="flag",
        names=frozenset(
            {
                "assessments:list", "bulletins:list", "campaigns:list", "campaigns:mine", "campaigns:returns",
                "campaigns:leaders", "plans:list",
            }
        ),
    ),
    Group(
        label=_("Supervision and enforcement"),
        icon="gavel",
        names=frozenset({"board", "directives:documents", "directives:tasks", "enforcement:list"}),
    ),
    Group(
        label=_("Registers"),
        icon="building-factory-2",
        names=frozenset({"registry:enterprises", "chain:matrix", "chain:cards", "identity:people", "registry:imports"}),
    ),
)  # fmt: skip
MANY = 12
"""Entries above which they are folded into groups."""


def menu_for(actor: Actor, path: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    """The entries as the menu component shows them; one whose page does not exist is left out."""
    found: list[tuple[str, dict[str, Any]]] = []
    for entry in ENTRIES:
        if actor.role not in entry.roles:
            continue
        url = address(entry.name, query=entry.query)
        if url:
            item = {"label": entry.label, "url": url, "icon": entry.icon, "count": counts.get(entry.count, 0) or None}
            found.append((entry.name, item))
    active = _active((item["url"] for _name, item in found), path)
    lit = [(name, item | {"active": item["url"] == active}) for name, item in found]
    return _grouped(lit) if len(lit) > MANY else [item for _name, item in lit]


def _grouped(items: list[tuple[str, dict[str, Any]]]) -> list[dict[str, Any]]:
    """Each group stands where its first entry stood; one entry alone needs no heading."""
    shown: list[dict[str, Any]] = []
    made: set[int] = set()
    for name, item in items:
        place = next((at for at, group in enumerate(GROUPS) if name in group.names), None)
        children = [one for other, one in items if place is not None and other in GROUPS[place].names]
        if place is None or len(children) == 1:
            shown.append(item)
        elif place not in made:
            made.add(place)
            group = GROUPS[place]
            is_open = any(one["active"] for one in children)
            shown.append({"label": group.label, "icon": group.icon, "children": children, "open": is_open})
    return shown


def _active(urls: Iterable[str], path: str) -> str:
    """The longest address the path lies under: one entry is lit, never two."""
    fitting = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(fitting, key=len, default="")
