"""The words of identity's entries, for timelines and the list of changed rights."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.identity.roles import ROLES
from anlan.kernel.ledger.read import Act
from anlan.kernel.timeline import entry

STEPS: dict[str, Any] = {
    "open_account": gettext_lazy("Account opened"),
    "edit_account": gettext_lazy("Account corrected"),
    "reset_password": gettext_lazy("Password reset"),
    "change_password": gettext_lazy("Password changed"),
    "add_second_factor": gettext_lazy("Second factor added"),
    "remove_second_factor": gettext_lazy("Second factor removed"),
    "reset_second_factor": gettext_lazy("Second factors removed by the administrator"),
    "unlock": gettext_lazy("Account unlocked"),
    "deactivate": gettext_lazy("Account closed"),
    "reactivate": gettext_lazy("Account opened again"),
    "end_sessions": gettext_lazy("Signed out everywhere"),
    "issue_token": gettext_lazy("API token made"),
    "revoke_token": gettext_lazy("API token revoked"),
    "revoke_tokens": gettext_lazy("All API tokens revoked"),
    "give_post": gettext_lazy("Post given"),
    "end_post": gettext_lazy("Post ended"),
    "create_organisation": gettext_lazy("Organisation added"),
    "edit_organisation": gettext_lazy("Organisation changed"),
    "load_regions": gettext_lazy("Regions loaded"),
    "change_setting": gettext_lazy("Setting changed"),
}
FIELDS: dict[str, Any] = {
    "name": gettext_lazy("Name"),
    "phone": gettext_lazy("Phone"),
    "email": gettext_lazy("E-mail"),
    "certificate": gettext_lazy("Enforcement certificate"),
    "is_active": gettext_lazy("Open"),
    "valid_to": gettext_lazy("Last day"),
    "kind": gettext_lazy("Kind"),
    "region": gettext_lazy("Region"),
    "parent_id": gettext_lazy("Stands below"),
    "industries": gettext_lazy("Supervision fields"),
    "active": gettext_lazy("Active"),
}


def step_words(step: str) -> str:
    return str(STEPS.get(step, step))


def about(act: Act) -> str:
    """Whom or what the entry is about: a name, with the post's label or the reason."""
    data = act.data
    role = str(ROLES[data["role"]].label) if data.get("role") in ROLES else ""
    parts = [data.get("name", ""), data.get("label", "") or role, data.get("token_name", ""), data.get("reason", "")]
    if "rows" in data:
        parts.append(_("%(count)s rows") % {"count": data["rows"]})
    return " · ".join(str(part) for part in parts if part)


def timeline_entry(act: Act) -> dict[str, Any]:
    """An entry as the timeline component shows it."""
    changes = [
        {"label": str(FIELDS.get(field, field)), "before": _plain(before), "after": _plain(after)}
        for field, (before, after) in act.changes.items()
    ]
    return entry(act, what=step_words(act.step), note=about(act), changes=changes, linked=False)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value is None else str(value)
