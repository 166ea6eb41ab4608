"""The accounts a visitor may sign in with: one a post, written to `var/demo/accounts.json`."""

import json
import os
from pathlib import Path
from typing import Any

from django.utils import translation

from anlan.demo.city.people import PASSWORD, Staff
from anlan.identity.actions import issue_token
from anlan.identity.roles import ROLES
from anlan.kernel import scope
from anlan.kernel.actor import Actor

TOKEN_DAYS = 366
FIRST_PAGE = "/"
"""The workbench: what waits for the post that one acts as."""


def listed(staff: Staff, *, city: int, county: int, firm: Any, bit: int) -> list[Actor]:
    """One a post. From the inspector to the principal they belong to one county and one enterprise: one loop."""
    return [
        staff.offices[city],
        staff.others["checker"],  # of the city's office too: who drafts or checks is not who decides
        staff.offices[county],
        staff.regulators[county, bit],
        staff.inspectors[county][0],
        staff.group_leaders[county],
        staff.leaders[county],
        staff.experts[county],
        staff.principals[firm],
        staff.managers[firm],
        staff.dispatchers[county],
        staff.cashiers[county],
        staff.others["citizen"],
        staff.others["auditor"],
        staff.others["system_admin"],
        staff.others["security_admin"],
        staff.others["audit_admin"],
        staff.others["two_posts"],
    ]


def account(actor: Actor, staff: Staff, *, regions: dict[int, str]) -> dict[str, Any]:
    """The account with a fresh token of its post."""
    post = staff.post(actor)
    person = post.person
    with scope.acting(actor):
        _, secret = issue_token(actor=actor, data={"name": "demo", "days": TOKEN_DAYS})
    return {
        "post": actor.role,
        "label": {"zh": _label(actor.role, "zh-hans"), "en": _label(actor.role, "en")},
        "title": actor.post_label,
        "name": person.name,
        "username": person.username,
        "password": PASSWORD,
        "token": secret,
        "region": {"code": post.region, "name": regions.get(post.region, "")},
        "posts": 2 if actor is staff.others["two_posts"] else 1,
        "url": FIRST_PAGE,
    }


def _label(role: str, language: str) -> str:
    with translation.override(language):
        return str(ROLES[role].label)


def write(path: Path, accounts: list[dict[str, Any]]) -> None:
    """For this user's eyes only: the tokens act."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(accounts, file, ensure_ascii=False, indent=2)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)
