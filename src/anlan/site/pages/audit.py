"""The ledger, read-only: every entry with its exact bytes and its proof, the signed heads, a check of the newest entries."""

import json
import tempfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from anlan.files.actions import store
from anlan.hazards.flow import HAZARD
from anlan.hazards.models import Hazard
from anlan.identity import roles
from anlan.identity.models import Person
from anlan.kernel.actor import Actor
from anlan.kernel.clock import SHANGHAI
from anlan.kernel.cursor import read_cursor, write_cursor
from anlan.kernel.errors import NotFound
from anlan.kernel.flow.declare import flows
from anlan.kernel.ids import new_id
from anlan.kernel.keyset import page
from anlan.kernel.ledger import proofs
from anlan.kernel.ledger.evidence import export_evidence
from anlan.kernel.ledger.write import write_note
from anlan.kernel.models import Entry, Head
from anlan.site.menu import EVERYBODY
from anlan.site.pages.access import address, open_to
from anlan.site.pages.ledger_words import head_view, rows_of
from anlan.site.pages.words import STEPS, SUBJECTS, step_label, subject_label
from anlan_verify import canonical

AUDITORS = (roles.AUDITOR, roles.AUDIT_ADMIN)
EXPORTERS = (roles.AUDITOR, roles.OFFICE, roles.REGULATOR)
EVERY_READER = EVERYBODY - {roles.CITIZEN}
ROWS = 50
MOST_PEOPLE = 50
VERIFIED = 500


class Narrowing(forms.Form):
    person = forms.CharField(label=gettext_lazy("Person"), required=False, max_length=60)
    record = forms.CharField(
        label=gettext_lazy("Record"), required=False, max_length=40, widget=forms.TextInput({"placeholder": "YH-…"})
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    step = forms.ChoiceField(label=gettext_lazy("Step"), required=False)
    since = forms.DateField(label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=gettext_lazy("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = [("", _("All"))]
        declared = {step.name: str(step.label) for flow in flows.values() for step in flow.steps}
        self.fields["kind"].choices = [*every, *((kind, subject_label(kind)) for kind in (*flows, *SUBJECTS))]  # type: ignore[attr-defined]
        self.fields["step"].choices = [*every, *declared.items(), *((code, _(words)) for code, words in STEPS.items())]  # type: ignore[attr-defined]


@require_GET
@open_to(*AUDITORS)
def ledger(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = Narrowing(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    after, before = read_cursor(request.GET.get("after")), read_cursor(request.GET.get("before"))
    found = page(
        Entry.objects.defer("body").filter(_matching(asked)), ("-at", "-id"), after=after, before=before, limit=ROWS
    )
    context = {
        "title": _("Ledger"),
        "crumbs": [{"label": _("Workbench"), "url": "/"}, {"label": _("Ledger")}],
        "filter_form": form,
        "head": head_view(),
        "verify_url": reverse("audit-verify"),
        "heads_url": reverse("audit-heads"),
        "refusals_url": address("identity:refusals"),
        "table": {
            "id": "ledger",
            "label": _("Entries"),
            "columns": [
                {"key": "at", "label": _("When"), "kind": "datetime", "width": "narrow"},
                {"key": "what", "label": _("What"), "kind": "link", "lead": True, "always": True},
                {"key": "actor", "label": _("Who")},
                {"key": "subject", "label": _("Record"), "template": "site/_code_cell.html"},
                {"key": "version", "label": _("Version"), "kind": "number", "hidden": True},
                {"key": "index", "label": _("Place in the tree"), "template": "site/_index_cell.html"},
            ],
            "rows": [_row(one) for one in rows_of(found.rows)],
            "page": {"next": write_cursor(found.after), "previous": write_cursor(found.before)},
        },
    }
    return render(request, "site/audit.html", context)


def _matching(asked: dict[str, Any]) -> Q:
    found = Q()
    if name := asked.get("person"):
        people = Person.objects.filter(Q(name__startswith=name) | Q(username=name.lower()))
        found &= Q(person_id__in=list(people.values_list("pk", flat=True)[:MOST_PEOPLE]))
    if record := asked.get("record", "").strip():
        found &= Q(subject_id__in=_records(record))
    if kind := asked.get("kind"):
        found &= Q(subject_type=kind)
    if step := asked.get("step"):
        found &= Q(step=step)
    if since := asked.get("since"):
        found &= Q(at__gte=_midnight(since))
    if until := asked.get("until"):
        found &= Q(at__lt=_midnight(until + timedelta(days=1)))
    return found


def _records(words: str) -> list[UUID]:
    """A record by its id, or a hazard by its number as far as the reader may see it."""
    try:
        return [UUID(words)]
    except ValueError:
        return list(Hazard.objects.filter(number=words.upper()).values_list("pk", flat=True))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def _row(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": one["id"],
        "url": one["url"],
        "cells": {
            "at": one["at"],
            "what": f"{one['subject']} · {one['step']}",
            "actor": one["actor"],
            "subject": str(one["subject_id"]),
            "version": one["version"],
            "index": one["index"],
        },
    }


def _entry(entry_id: UUID) -> Entry:
    found = Entry.objects.filter(pk=entry_id).first()
    if found is None:
        raise NotFound
    return found


@require_GET
@open_to(*EVERY_READER)
def entry(request: HttpRequest, actor: Actor, entry_id: UUID) -> HttpResponse:
    """One entry: in words, as its exact bytes, and with the proof of its place, checked now."""
    found = _entry(entry_id)
    raw = bytes(found.body)
    body = canonical.loads(raw)
    around = Entry.objects.filter(subject_id=found.subject_id, version__in=[found.version - 1, found.version + 1])
    beside = {other.version: reverse("audit-entry", args=[other.pk]) for other in around.only("id", "version")}
    title = f"{subject_label(found.subject_type)} · {step_label(found.subject_type, found.step)}"
    context = {
        "title": title,
        "crumbs": [
            {"label": _("Workbench"), "url": "/"},
            {"label": _("Ledger"), "url": reverse("audit") if actor.role in AUDITORS else ""},
            {"label": title},
        ],
        "entry": found,
        "body": body,
        "record_url": address("hazards:record", found.subject_id) if found.subject_type == HAZARD.name else "",
        "evidence_url": _evidence_url(found, actor),
        "person_url": _person_url(found, actor),
        "changes": [
            {"field": key, "before": _plain(pair[0]), "after": _plain(pair[1])} for key, pair in body["changes"].items()
        ],
        "pretty": json.dumps(body, ensure_ascii=False, indent=2, sort_keys=True),
        "hex": [raw[start : start + 32].hex(" ") for start in range(0, len(raw), 32)],
        "size": len(raw),
        "proof": proofs.inclusion(found),
        "earlier": beside.get(found.version - 1),
        "later": beside.get(found.version + 1),
    }
    return render(request, "site/audit_entry.html", context)


def _person_url(found: Entry, actor: Actor) -> str:
    if found.person_id is None or actor.role not in AUDITORS:
        return ""
    return f"{reverse('audit')}?{urlencode({'person': found.actor_name})}"


def _evidence_url(found: Entry, actor: Actor) -> str:
    if found.subject_type != HAZARD.name or actor.role not in EXPORTERS:
        return ""
    return reverse("audit-evidence", args=[found.subject_id])


def _plain(value: Any) -> str:
    if value in (None, "", [], {}):
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@require_GET
@open_to(*EVERY_READER)
def entry_bytes(request: HttpRequest, actor: Actor, entry_id: UUID) -> HttpResponse:
    """Exactly what was hashed, to be hashed again elsewhere."""
    found = _entry(entry_id)
    response = HttpResponse(bytes(found.body), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="entry-{found.pk}.json"'
    return response


@require_GET
@open_to(*AUDITORS)
def heads_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Signed heads, newest first, each with its signature checked and compared with the file outside the database."""
    asked = request.GET.get("below", "")
    rows = Head.objects.order_by("-size")
    if asked.isascii() and asked.isdigit() and len(asked) < 18:
        rows = rows.filter(size__lt=int(asked))
    found = list(rows[: ROWS + 1])
    context = {
        "title": _("Signed heads"),
        "crumbs": [
            {"label": _("Workbench"), "url": "/"},
            {"label": _("Ledger"), "url": reverse("audit")},
            {"label": _("Signed heads")},
        ],
        "heads": [{"checked": one, "root": bytes(one.head.root).hex()} for one in proofs.checked(found[:ROWS])],
        "more": found[ROWS - 1].size if len(found) > ROWS else None,
    }
    return render(request, "site/audit_heads.html", context)


@require_GET
@open_to(*AUDITORS)
def verify(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Hash the newest entries again, now."""
    asked = request.GET.get("n", "")
    count = min(int(asked), proofs.MOST) if asked.isascii() and asked.isdigit() and 0 < len(asked) < 6 else VERIFIED
    context = {
        "title": _("Check of the newest entries"),
        "crumbs": [
            {"label": _("Workbench"), "url": "/"},
            {"label": _("Ledger"), "url": reverse("audit")},
            {"label": _("Check of the newest entries")},
        ],
        "found": proofs.verify_recent(count),
        "count": count,
        "choices": (100, 500, 2000),
    }
    return render(request, "site/audit_verify.html", context)


@require_GET
@open_to(*EXPORTERS)
def evidence(request: HttpRequest, actor: Actor, record_id: UUID) -> HttpResponse:
    """The evidence bundle of a hazard, as `anlan-verify` judges it. That it was taken is itself an entry."""
    hazard = Hazard.objects.filter(pk=record_id).only("id", "number", "region", "industry_bit").first()
    if hazard is None:
        raise NotFound
    with tempfile.TemporaryDirectory(prefix="anlan-evidence-") as folder:
        path = Path(folder) / "evidence.zip"
        export_evidence(actor=actor, flow_name=HAZARD.name, record_id=record_id, path=path, files=store())
        bundle = path.read_bytes()
    write_note(
        actor=actor,
        subject_type="evidence",
        subject_id=new_id(),
        step="export_evidence",
        data={"hazard": record_id, "number": hazard.number},
        region=hazard.region,
        industry_bit=hazard.industry_bit,
    )
    response = HttpResponse(bundle, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="evidence-{hazard.number}.zip"'
    return response
