"""The inbox: what was sent to me, why, and where it leads."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from anlan.identity.asking import actor_of
from anlan.kernel.cursor import read_cursor, write_cursor
from anlan.kernel.errors import Invalid
from anlan.notify import queries
from anlan.notify.actions import mark_read
from anlan.notify.models import Message
from anlan.notify.words import words_of

MOST_AT_ONCE = 200


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    unread = request.GET.get("show") == "unread"
    page = queries.inbox(
        actor,
        unread=unread,
        after=read_cursor(request.GET.get("after")),
        before=read_cursor(request.GET.get("before")),
    )
    here = reverse("notify:inbox")
    context: dict[str, Any] = {
        "title": _("Inbox"),
        "crumbs": [{"label": _("Workbench"), "url": "/"}, {"label": _("Inbox")}],
        "tabs": [
            {"label": _("All"), "url": here, "active": not unread},
            {"label": _("Unread"), "url": f"{here}?show=unread", "active": unread},
        ],
        "table": _table(page, unread=unread),
    }
    return render(request, "notify/inbox.html", context)


def _table(page: queries.Page, *, unread: bool) -> dict[str, Any]:
    return {
        "id": "inbox",
        "label": _("Messages"),
        "columns": [
            {"key": "words", "label": _("Message"), "template": "notify/_words.html", "lead": True, "always": True},
            {"key": "at", "label": _("Sent"), "kind": "datetime", "width": "narrow"},
        ],
        "rows": [_row(message) for message in page.rows],
        "page": {"next": write_cursor(page.after), "previous": write_cursor(page.before)},
        "bulk": [{"name": "read", "label": _("Mark as read"), "url": reverse("notify:read")}],
        "empty": {
            "title": _("Nothing unread.") if unread else _("No messages yet."),
            "text": _("What waits for you and what was decided over you arrives here."),
            "icon": "bell",
        },
    }


def _row(message: Message) -> dict[str, Any]:
    return {
        "id": str(message.pk),
        "url": reverse("notify:open", args=[message.pk]),
        "cells": {"words": {"words": words_of(message), "unread": message.read_at is None}, "at": message.at},
        "tone": "" if message.read_at is None else "muted",
    }


@require_GET
def open_message(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Opening a message reads it, and leads to what it tells of."""
    actor = actor_of(request)
    message = queries.message(actor, message_id)
    mark_read(actor=actor, ids=[message.pk])
    inside = message.url.startswith("/") and not message.url.startswith("//")
    return redirect(message.url if inside else reverse("notify:inbox"))


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Marks the chosen messages, or all."""
    actor = actor_of(request)
    everything = request.POST.get("act") == "all"
    try:
        chosen = [UUID(one) for one in request.POST.getlist("ids")[:MOST_AT_ONCE]]
    except ValueError:
        raise Invalid(_("One of the chosen messages cannot be found.")) from None
    count = mark_read(actor=actor, ids=None if everything else chosen)
    messages.success(
        request, ngettext("%(n)s message marked as read", "%(n)s messages marked as read", count) % {"n": count}
    )
    return redirect("notify:inbox")
