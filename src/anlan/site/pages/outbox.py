"""
What went out of the platform. In the demo everybody sees it, codes and all, for nothing in it leaves the machine; elsewhere
system administrators see that messages went and what was in the way, never what they said or to whom.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from anlan.channels import queries
from anlan.channels.models import Outgoing
from anlan.channels.outgoing import masked
from anlan.channels.templates import said, title
from anlan.identity.roles import SYSTEM_ADMIN
from anlan.kernel.cursor import read_cursor, write_cursor
from anlan.kernel.errors import NotFound

WORDS = {
    "not accepted": gettext_lazy("The citizen accepted no such message."),
    "acceptance spent": gettext_lazy("The citizen's acceptance is spent."),
    "too many today": gettext_lazy("The number got as many messages today as any may get."),
    "too late": gettext_lazy("It came too late to be of use."),
    "channel.not_set_up": gettext_lazy("The service is not set up."),
    "channel.unreachable": gettext_lazy("The service did not answer in time."),
    "channel.trouble": gettext_lazy("The service had trouble of its own."),
    "sms.refused": gettext_lazy("The gateway refused it."),
    "wechat.refused": gettext_lazy("WeChat refused it."),
    "wechat.busy": gettext_lazy("WeChat took no more requests."),
    "wechat.bad_template": gettext_lazy("The template or its fields do not fit."),
}
TONES = {"waiting": "waiting", "sent": "done", "failed": "late", "lapsed": "muted"}


@never_cache
@login_not_required
@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    administers = getattr(getattr(request, "actor", None), "role", "") == SYSTEM_ADMIN
    if not settings.DEMO and not administers:
        raise NotFound
    chosen = request.GET.get("channel", "")
    channel = chosen if chosen in dict(Outgoing.CHANNELS) else ""
    after = read_cursor(request.GET.get("after"))
    page = queries.outbox(channel=channel, after=after)
    context: dict[str, Any] = {
        "title": _("Outbox"),
        "crumbs": [{"label": _("Workbench"), "url": "/"}, {"label": _("Outbox")}],
        "tabs": _tabs(channel),
        "table": _table(page),
        "figures": _figures() if not settings.DEMO else None,
        "fresh": after is None,
        "here": request.get_full_path(),
    }
    return render(request, "site/outbox_demo.html" if settings.DEMO else "list.html", context)


def _tabs(channel: str) -> list[dict[str, Any]]:
    here = reverse("outbox")
    found = [{"label": _("All"), "url": here, "active": not channel}]
    return found + [
        {"label": words, "url": f"{here}?channel={code}", "active": code == channel}
        for code, words in Outgoing.CHANNELS
    ]


def _figures() -> list[dict[str, Any]]:
    counted = queries.figures()
    return [
        {"label": words, "value": counted[code], "tone": "late" if code == "failed" and counted[code] else ""}
        for code, words in Outgoing.STATES
    ]


def _table(page: queries.Page) -> dict[str, Any]:
    columns: list[dict[str, Any]] = [
        {"key": "at", "label": _("Time"), "kind": "datetime", "width": "narrow"},
        {"key": "channel", "label": _("Way")},
    ]
    if settings.DEMO:
        columns += [
            {"key": "to", "label": _("Recipient"), "width": "narrow"},
            {"key": "words", "label": _("Message"), "template": "site/_outbox_cell.html", "lead": True},
        ]
    else:
        columns += [
            {"key": "template", "label": _("Message"), "lead": True},
            {"key": "tries", "label": _("Tries"), "kind": "number"},
            {"key": "problem", "label": _("In the way")},
        ]
    return {
        "id": "outbox",
        "label": _("Outbox"),
        "columns": [*columns, {"key": "state", "label": _("State"), "kind": "state"}],
        "rows": [{"id": row.pk, "cells": _cells(row)} for row in page.rows],
        "page": {"next": write_cursor(page.after), "previous": None},
        "empty": {
            "title": _("Nothing went out yet."),
            "text": _("Text messages and WeChat messages to citizens are listed here."),
            "icon": "message",
        },
    }


def _in_words(problem: str) -> str:
    """What was in the way, with the service's own code behind it."""
    if problem in WORDS:
        return str(WORDS[problem])
    code, _space, theirs = problem.partition(" ")
    return f"{WORDS[code]} ({theirs})" if code in WORDS and theirs else str(WORDS.get(code, problem))


def _cells(row: Outgoing) -> dict[str, Any]:
    found: dict[str, Any] = {
        "at": row.at,
        "channel": row.get_channel_display(),
        "template": title(row.template),
        "tries": row.tries,
        "problem": _in_words(row.problem),
        "state": {"code": row.state, "label": row.get_state_display(), "tone": TONES[row.state]},
    }
    if settings.DEMO:
        found["to"] = masked(row.to)
        found["words"] = {"text": said(row.template, row.facts), "code": row.facts.get("code", "")}
    return found
