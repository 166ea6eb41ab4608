"""Leaders' duties: who has not yet, what was done, writing down what was done."""

from collections import Counter
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from anlan.campaigns import actions, needs
from anlan.campaigns.actions.leaders import SUBJECT, WRITERS
from anlan.campaigns.leaders.deeds import Deed
from anlan.campaigns.leaders.duties import duties, period_of
from anlan.campaigns.leaders.people import Leader
from anlan.campaigns.models import Campaign, LeaderAct
from anlan.campaigns.pages.setup import asker, crumbs
from anlan.campaigns.queries import leaders, setup
from anlan.files.models import File
from anlan.identity import roles
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Forbidden, NotFound
from anlan.kernel.forms import Asked, InputForm, Question
from anlan.kernel.pages import attempt, form_page
from anlan.kernel.phrases import in_tongue
from anlan.kernel.reading import read_code, read_day, read_id
from anlan.registry.queries import region_names

KINDS = dict(LeaderAct.KINDS)
TONES = {"done": "done", "open": "waiting", "soon": "late", "missed": "late"}


def _campaign(request: HttpRequest, actor: Actor) -> Campaign:
    """The one asked for, or the first that runs here."""
    if key := read_id(request.GET.get("campaign")):
        return setup.campaign(actor, key)
    rows = setup.campaigns(actor)
    if not rows:
        raise NotFound(_("No campaign runs here yet."))
    return rows[0]


def _region(request: HttpRequest, actor: Actor, row: Campaign) -> int:
    """Of the campaign's territory the part that the actor may see."""
    asked = read_code(request.GET.get("region"))
    whole = row.region if actor.covers(row.region) else actor.region
    if whole is None:
        raise NotFound
    return asked if asked and actor.covers(asked) else whole


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """A line a leader, a column a duty; who has not yet stands out."""
    actor = asker(request)
    row = _campaign(request, actor)
    region, day = _region(request, actor, row), read_day(request.GET.get("day")) or clock.today()
    lines = leaders.lines(row, region, day)
    only = request.GET.get("owes") == "1"
    shown = [line for line in lines if line.owes] if only else lines
    places = region_names([region, *(line.leader.region for line in lines)])
    base = f"{reverse('campaigns:leaders')}?campaign={row.pk}&region={region}&day={day}"
    nobody = leaders.deeds_of(row, region, day, duty="nobody")
    context = {
        "title": _("Leaders' duties"),
        "crumbs": crumbs(row, _("Leaders' duties")),
        "row": row,
        "place": places.get(region, ""),
        "figures": _figures(lines, base),
        "tabs": [
            {"label": _("All leaders"), "url": base, "active": not only},
            {"label": _("Who has not yet"), "url": f"{base}&owes=1", "active": only},
        ],
        "duties": [
            {
                "label": in_tongue(duty),
                "period": period_of(duty.period, day).label,
                "source": duty.source,
                "evidence": duty.evidence,
            }
            for duty in duties()
        ],
        "lines": [_line(line, places, row, region, day) for line in shown],
        "nobody": len(nobody),
        "nobody_url": f"{reverse('campaigns:leader-deeds')}?campaign={row.pk}&region={region}&day={day}&duty=nobody",
        "owed": [_owed(one, places) for one in leaders.owed(row, region)],
        "may_record": actor.role in WRITERS,
        "record_url": reverse("campaigns:record-act", args=[row.pk]),
    }
    return render(request, "campaigns/leaders.html", context)


def _figures(lines: list[leaders.Line], base: str) -> list[dict[str, Any]]:
    counts = Counter(
        "done" if not mark.left else mark.standing for line in lines for mark in line.marks.values() if mark
    )
    whole = sum(counts.values())
    return [
        {"label": _("Leaders"), "value": len(lines), "url": base},
        {"label": _("Duties done in this period"), "value": counts["done"], "unit": f"/ {whole}", "url": base},
        {"label": _("Still owed, the period soon over"), "value": counts["soon"], "tone": "late" if counts["soon"] else "", "url": f"{base}&owes=1"},
        {"label": _("Missed since the campaign began"), "value": sum(line.missed for line in lines), "url": "#owed"},
    ]  # fmt: skip


def _line(line: leaders.Line, places: dict[int, str], row: Campaign, region: int, day: Any) -> dict[str, Any]:
    leader = line.leader
    base = f"{reverse('campaigns:leader-deeds')}?campaign={row.pk}&region={region}&day={day}&leader={leader.key}"
    return {
        "name": leader.name,
        "title": leader.title,
        "place": places.get(leader.region, ""),
        "chief": leader.chief,
        "missed": line.missed,
        "marks": [
            {
                "n": mark.done,
                "least": mark.duty.least,
                "url": f"{base}&duty={code}",
                "state": {"code": mark.standing, "label": _standing(mark), "tone": TONES[mark.standing]},
                "label": in_tongue(mark.duty),
            }
            if mark
            else None
            for code, mark in line.marks.items()
        ],
    }


def _standing(mark: leaders.Mark) -> str:
    if mark.standing == "done":
        return _("done")
    words = {
        "open": _("%(n)s to go, until %(day)s"),
        "soon": _("%(n)s owed, until %(day)s"),
        "missed": _("%(n)s missed, until %(day)s"),
    }
    return words[mark.standing] % {"n": mark.left, "day": f"{mark.period.ends:%Y-%m-%d}"}  # fmt: skip


def _owed(one: Any, places: dict[int, str]) -> dict[str, Any]:
    duty = next((found for found in duties() if found.code == one.duty), None)
    return {
        "name": f"{one.title} {one.name}".strip(),
        "place": places.get(one.region) or region_names([one.region]).get(one.region, ""),
        "duty": in_tongue(duty) if duty else one.duty,
        "period": f"{one.begins:%Y-%m}–{one.ends:%Y-%m}",
        "done": f"{one.done} / {one.least}",
        "at": one.missed_at,
    }


@require_GET
def deeds(request: HttpRequest) -> HttpResponse:
    """The rows behind a figure."""
    actor = asker(request)
    row = _campaign(request, actor)
    region, day = _region(request, actor, row), read_day(request.GET.get("day")) or clock.today()
    leader, duty = request.GET.get("leader", "")[:80], request.GET.get("duty", "")[:20]
    found = leaders.deeds_of(row, region, day, leader, duty)
    name = next((line.leader.name for line in leaders.lines(row, region, day) if line.leader.key == leader), "")
    label = next((in_tongue(one) for one in duties() if one.code == duty), "")
    if duty == "nobody":
        label = _("Rows of returns that name no leader")
    context = {
        "title": " · ".join(part for part in (name, label) if part) or _("Leaders' duties"),
        "crumbs": crumbs(row, _("Leaders' duties")),
        "nobody": duty == "nobody",
        "rows": [_deed(one) for one in found[:200]],
    }
    return render(request, "campaigns/leader_deeds.html", context)


def _deed(one: Deed) -> dict[str, Any]:
    urls = {
        "act": lambda: reverse("campaigns:leader-act", args=[one.id]),
        "return": lambda: reverse("campaigns:return", args=[one.id]),
        "visit": lambda: reverse("inspections:visit", args=[one.id]),
    }
    sources = {"act": _("written down by hand"), "return": _("monthly return"), "visit": _("visit on the platform")}
    return {
        "on": one.on,
        "kind": str(KINDS[one.kind]),
        "what": one.what,
        "where": one.where,
        "source": sources[one.source],
        "url": urls[one.source](),
    }


def _leaders_field(known: list[Leader]) -> Any:
    names = region_names(one.region for one in known)

    def make(question: Question) -> forms.Field:
        choices = [(one.key, f"{one.name}（{names.get(one.region, '')} {one.title}）") for one in known]
        widget = forms.CheckboxSelectMultiple(choices=choices)
        return Asked(label=question.label, help_text=question.help, widget=widget, required=True)

    return make


@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
    actor = asker(request)
    row = setup.campaign(actor, campaign_id)
    if actor.role not in WRITERS:
        raise Forbidden(_("The committee office writes down what leaders did, or the leader."))
    known = leaders.leaders_of(actor, row, clock.today())
    if actor.role == roles.LEADER:
        known = [one for one in known if one.person == actor.person]
    form = InputForm(
        needs.RecordAct,
        request.POST if request.method == "POST" else None,
        initial={"on": clock.today(), "people": [known[0].key] if len(known) == 1 else []},
        options={"kind": list(KINDS.items())},
        makers={"people": _leaders_field(known)},
    )
    if request.method == "POST":
        made = attempt(form, lambda sent: actions.record_act(actor=actor, campaign=row.pk, data=sent))
        if made is not None:
            messages.success(request, _("Written down."))
            return redirect(f"{reverse('campaigns:leaders')}?campaign={row.pk}")
    return form_page(
        request,
        form,
        title=_("Write down what a leader did"),
        submit_label=_("Save"),
        back_url=f"{reverse('campaigns:leaders')}?campaign={row.pk}",
        crumbs=crumbs(row, _("Leaders' duties")),
        intro=_(
            "Visits on the platform and what monthly returns say count by themselves; write down what stands nowhere yet."
        ),
    )


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, act_id: UUID) -> HttpResponse:
    """What was written down; the office withdraws what does not stand."""
    actor = asker(request)
    row = leaders.act(actor, act_id)
    may = row.withdrawn_at is None and (actor.role == roles.OFFICE or actor.person == row.person_id)
    form = InputForm(needs.WithdrawAct, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        done = attempt(form, lambda sent: actions.withdraw_act(actor=actor, act=row.pk, data=sent))
        if done is not None:
            messages.success(request, _("It does not count any more."))
            return redirect("campaigns:leader-act", row.pk)
    files = list(File.objects.filter(subject_type=SUBJECT, subject_id=row.pk).order_by("id"))
    shown = [
        (_("What the leader did"), str(KINDS[row.kind])),
        (_("Day"), f"{row.on:%Y-%m-%d}"),
        (_("Leaders that took part"), "、".join(f"{one['title']} {one['name']}".strip() for one in row.people)),
        (_("Topic"), row.topic),
        (_("Place"), row.place),
        (_("Minutes or document"), row.document),
        (_("Written down by"), f"{row.recorded_by} {clock.day_of(row.created_at):%Y-%m-%d}"),
        (_("Withdrawn"), row.withdrawn_why),
    ]
    context = {
        "title": row.topic,
        "crumbs": crumbs(row.campaign, _("Leaders' duties")),
        "facts": [{"label": label, "value": value, "wide": label == _("Topic")} for label, value in shown if value],
        "groups": [{"label": _("Photos and documents"), "photos": [_photo(one) for one in files]}] if files else [],
        "form": form if may else None,
        "withdrawn": row.withdrawn_at,
    }  # fmt: skip
    return render(request, "campaigns/leader_act.html", context, status=422 if form.is_bound and form.errors else 200)


def _photo(file: File) -> dict[str, str]:
    show = "display" if file.kind == "photo" else "original"
    return {
        "url": reverse("files:show", args=[file.pk, show]),
        "thumb": reverse("files:show", args=[file.pk, "thumb"]),
        "caption": file.name,
    }
