"""What the audit administrator and the auditor read: sign-ins, refusals, changes of rights."""

from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.identity import queries
from anlan.identity.asking import actor_of
from anlan.identity.models import SignIn
from anlan.identity.pages.common import asked, list_page
from anlan.identity.paging import Page
from anlan.identity.roles import ROLES
from anlan.identity.wording import about, step_words
from anlan.kernel.ledger.read import acts_of
from anlan.kernel.models import Entry, Refusal

TONES = {
    "in": "done",
    "out": "muted",
    "idle": "muted",
    "expired": "muted",
    "failed": "disputed",
    "code_failed": "disputed",
    "locked": "late",
}


class SignInFilter(forms.Form):
    outcome = forms.ChoiceField(
        label=gettext_lazy("What happened"), required=False, choices=[("", "—"), *SignIn.OUTCOMES]
    )
    person = forms.UUIDField(required=False, widget=forms.HiddenInput)


class RefusalFilter(forms.Form):
    status = forms.TypedChoiceField(
        label=gettext_lazy("Answer"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", "—"),
            (401, gettext_lazy("not signed in")),
            (403, gettext_lazy("forbidden")),
            (404, gettext_lazy("not found or out of sight")),
            (429, gettext_lazy("too many tries")),
        ],
    )
    person = forms.UUIDField(required=False, widget=forms.HiddenInput)


def _person_link(person: UUID | None, name: str) -> dict[str, Any]:
    return {"name": name, "url": reverse("identity:person", args=[person]) if person else ""}


def sign_ins(request: HttpRequest) -> HttpResponse:
    form = SignInFilter(request.GET or None)
    fetch = partial(queries.sign_ins, actor_of(request), **asked(form))
    return list_page(request, title=_("Sign-ins"), form=form, fetch=fetch, table=_sign_ins_table)


def _sign_ins_table(page: Page[SignIn]) -> dict[str, Any]:
    words = dict(SignIn.OUTCOMES)
    return {
        "id": "sign-ins",
        "label": _("Sign-ins"),
        "columns": [
            {"key": "at", "label": _("Time"), "kind": "datetime", "always": True},
            {"key": "who", "label": _("Person"), "template": "identity/_person_cell.html", "lead": True},
            {"key": "what", "label": _("What happened"), "kind": "state"},
            {"key": "ip", "label": _("Address")},
            {"key": "agent", "label": _("Program")},
        ],
        "rows": [
            {
                "id": row.pk,
                "cells": {
                    "at": row.at,
                    "who": _person_link(row.person_id, row.name or _("no such account")),
                    "what": {"label": words[row.outcome], "tone": TONES[row.outcome]},
                    "ip": row.ip or "",
                    "agent": browser(row.agent),
                },
            }
            for row in page.rows
        ],
    }


def refusals(request: HttpRequest) -> HttpResponse:
    form = RefusalFilter(request.GET or None)
    fetch = partial(queries.refusals, actor_of(request), **asked(form))
    return list_page(request, title=_("Refused accesses"), form=form, fetch=fetch, table=_refusals_table)


def _refusals_table(page: Page[Refusal]) -> dict[str, Any]:
    return {
        "id": "refusals",
        "label": _("Refused accesses"),
        "columns": [
            {"key": "at", "label": _("Time"), "kind": "datetime", "always": True},
            {"key": "who", "label": _("Person"), "template": "identity/_person_cell.html", "lead": True},
            {"key": "role", "label": _("Post")},
            {"key": "path", "label": _("Tried")},
            {"key": "status", "label": _("Answer")},
            {"key": "detail", "label": _("Reason")},
            {"key": "ip", "label": _("Address")},
        ],
        "rows": [
            {
                "id": row.pk,
                "cells": {
                    "at": row.at,
                    "who": _person_link(row.person_id, row.actor_name or _("not signed in")),
                    "role": ROLES[row.role].label if row.role in ROLES else "",
                    "path": f"{row.method} {row.path}",
                    "status": row.status,
                    "detail": row.detail or row.code,
                    "ip": row.ip or "",
                },
            }
            for row in page.rows
        ],
    }


def rights(request: HttpRequest) -> HttpResponse:
    fetch = partial(queries.rights_changes, actor_of(request))
    return list_page(request, title=_("Changes of rights"), fetch=fetch, table=_rights_table)


def _rights_table(page: Page[Entry]) -> dict[str, Any]:
    return {
        "id": "rights",
        "label": _("Changes of rights"),
        "columns": [
            {"key": "at", "label": _("Time"), "kind": "datetime", "always": True},
            {"key": "what", "label": _("What happened"), "lead": True},
            {"key": "about", "label": _("About")},
            {"key": "who", "label": _("By")},
            {"key": "post", "label": _("As")},
            {"key": "index", "label": _("Ledger no.")},
        ],
        "rows": [
            {
                "id": act.id,
                "cells": {
                    "at": act.at,
                    "what": step_words(act.step),
                    "about": about(act),
                    "who": act.actor_name,
                    "post": act.post_label,
                    "index": "" if act.index is None else act.index,
                },
            }
            for act in acts_of(page.rows)
        ],
    }


def browser(agent: str) -> str:
    """The browser and the system of a User-Agent, for people; the rest of it says nothing."""
    names = (
        ("MicroMessenger", "WeChat"),
        ("Edg/", "Edge"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    )
    systems = (
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    )
    name = next((word for sign, word in names if sign in agent), agent[:30])
    system = next((word for sign, word in systems if sign in agent), "")
    return f"{name} · {system}" if system else name
