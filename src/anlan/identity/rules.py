"""Who may do what here: one table, read by the verbs, the pages and the tests."""

from django.utils.translation import gettext_lazy as _

from anlan.identity.roles import ADMINISTRATORS, AUDIT_ADMIN, AUDITOR, ROLES, SECURITY_ADMIN, SYSTEM_ADMIN
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Forbidden

_SECURITY = frozenset({SECURITY_ADMIN})
_SYSTEM = frozenset({SYSTEM_ADMIN})
_AUDIT = frozenset({AUDIT_ADMIN, AUDITOR})
_EVERYBODY = frozenset(ROLES)

MAY: dict[str, frozenset[str]] = {
    "open_account": _SECURITY,
    "edit_account": _SECURITY,
    "give_post": _SECURITY,
    "end_post": _SECURITY,
    "reset_password": _SECURITY,
    "reset_second_factor": _SECURITY,
    "unlock": _SECURITY,
    "deactivate": _SECURITY,
    "reactivate": _SECURITY,
    "end_sessions": _SECURITY,
    "revoke_tokens_of": _SECURITY,
    "create_organisation": _SYSTEM,
    "edit_organisation": _SYSTEM,
    "load_regions": _SYSTEM,
    "issue_token": _EVERYBODY,
    "revoke_token": _EVERYBODY,
    "read_people": ADMINISTRATORS | {AUDITOR},
    "read_organisations": ADMINISTRATORS | {AUDITOR},
    "read_sign_ins": _AUDIT,
    "read_refusals": _AUDIT,
    "read_rights": _AUDIT | _SECURITY,
}
"""Verb → roles. The platform itself (imports, the demo city) may do everything."""


def may(actor: Actor, verb: str) -> bool:
    return actor.is_system or actor.role in MAY[verb]


def require(actor: Actor, verb: str) -> None:
    """Raise Forbidden with the words of those who may."""
    if not may(actor, verb):
        who = ", ".join(str(role.label) for code, role in ROLES.items() if code in MAY[verb])
        raise Forbidden(_("Only %(who)s may do this."), who=who, code="identity.not_yours")
