"""The posts a city knows, what kind of scope each carries, and what people call them."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, kw_only=True)
class Role:
    """`scope`: territory (regions × industries), enterprise, person, or none (administers a territory, sees no records)."""

    code: str
    label: Any
    scope: str = "territory"
    desk: str = ""
    """Which citizens' reports of its territory it sees whatever their field."""
    fieldless: bool = False
    """Has a territory and no supervision field: enterprises, visits and hazards do not exist for it."""
    device: str = "desk"
    duty: Any = ""


OFFICE = "office"
REGULATOR = "regulator"
INSPECTOR = "inspector"
GROUP_LEADER = "group_leader"
LEADER = "leader"
EXPERT = "expert"
PRINCIPAL = "principal"
SAFETY_MANAGER = "safety_manager"
DISPATCHER = "dispatcher"
FINANCE = "finance"
CITIZEN = "citizen"
AUDITOR = "auditor"
SYSTEM_ADMIN = "system_admin"
SECURITY_ADMIN = "security_admin"
AUDIT_ADMIN = "audit_admin"

ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        Role(
            code=OFFICE,
            label=_("Committee office"),
            desk="all",
            duty=_("Reconciles, lists, escalates; sees its whole territory."),
        ),
        Role(
            code=REGULATOR,
            label=_("Department regulator"),
            duty=_("Grades, dispatches and closes off in its industries."),
        ),
        Role(code=INSPECTOR, label=_("Inspector"), device="phone", duty=_("Finds hazards and rechecks them on site.")),
        Role(
            code=GROUP_LEADER,
            label=_("Inspection group leader"),
            device="phone",
            duty=_("Leads a group and signs for it."),
        ),
        Role(code=LEADER, label=_("County leader"), device="phone", duty=_("Signs for the territory.")),
        Role(code=EXPERT, label=_("Expert"), device="phone", duty=_("Finds hazards through a group; advises.")),
        Role(
            code=PRINCIPAL,
            label=_("Enterprise principal"),
            scope="enterprise",
            device="phone",
            duty=_("Signs for the enterprise and rectifies."),
        ),
        Role(
            code=SAFETY_MANAGER,
            label=_("Enterprise safety manager"),
            scope="enterprise",
            device="phone",
            duty=_("Searches daily, registers and rectifies."),
        ),
        Role(
            code=DISPATCHER,
            label=_("Dispatcher"),
            desk="all",
            fieldless=True,
            duty=_("Receives citizens' reports, sends each to the unit that must look."),
        ),
        Role(
            code=FINANCE,
            label=_("Finance officer"),
            desk="verified",
            fieldless=True,
            duty=_("Approves rewards, pays them and reconciles the bills."),
        ),
        Role(code=CITIZEN, label=_("Citizen"), scope="person", device="phone", duty=_("Reports what they see.")),
        Role(code=AUDITOR, label=_("Auditor"), duty=_("Reads the ledger with its proofs; changes nothing.")),
        Role(
            code=SYSTEM_ADMIN,
            label=_("System administrator"),
            scope="none",
            duty=_("Keeps regions, organisations, calendar and settings; gives nobody rights."),
        ),
        Role(
            code=SECURITY_ADMIN,
            label=_("Security administrator"),
            scope="none",
            duty=_("Gives and ends posts, unlocks accounts; sees no hazards."),
        ),
        Role(
            code=AUDIT_ADMIN,
            label=_("Audit administrator"),
            scope="none",
            duty=_("Reads who signed in, who was refused, who changed rights; changes nothing."),
        ),
    )
}

ROLE_CHOICES = [(role.code, role.label) for role in ROLES.values()]
OFFICIALS = frozenset({OFFICE, REGULATOR, INSPECTOR, GROUP_LEADER, LEADER, EXPERT, AUDITOR})
INTAKE = frozenset({DISPATCHER, FINANCE})
"""Officials of the citizens' service: they have no business with enterprises' hazards."""
ENTERPRISE_POSTS = frozenset({PRINCIPAL, SAFETY_MANAGER})
READERS = OFFICIALS | ENTERPRISE_POSTS
"""Those whose work safety is; citizens and administrators have no business with enterprises."""
ADMINISTRATORS = frozenset({SYSTEM_ADMIN, SECURITY_ADMIN, AUDIT_ADMIN})
