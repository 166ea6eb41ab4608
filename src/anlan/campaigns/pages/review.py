"""Reviewing a return: one panel after the other, each opened, looked at and confirmed by itself."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from anlan.campaigns import actions, rules
from anlan.campaigns.flow import RETURN
from anlan.campaigns.models import Return
from anlan.campaigns.pages import shapes
from anlan.campaigns.pages.common import asker, due_view, state_view, title_of, url_of
from anlan.campaigns.queries import filling, standing
from anlan.campaigns.returns.kept import digest
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Forbidden, Problem
from anlan.kernel.flow.offers import offer


@require_GET
def review(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """`open` names the panel that is open; else it is the first that nobody confirmed."""
    actor = asker(request)
    found = filling.one(return_id)
    if not (rules.is_reviewer(actor, found) or rules.is_office(actor, found)):
        raise Forbidden(_("Only %(who)s may do this."), who=RETURN.step("confirm").who, code="flow.not_yours")
    if found.state not in ("passed", "accepted"):
        return redirect(url_of(found))
    sheet = filling.sheet(found)
    confirmed = standing.confirmations(found)
    codes = [one.code for one in sheet.sections]
    left = [code for code in codes if code not in confirmed]
    asked = request.GET.get("open", "")
    opened = asked if asked in codes else (left[0] if left else "")
    offered = offer(RETURN.step("confirm"), found, actor) if found.state == "passed" else None
    sections: list[dict[str, Any]] = []
    for one in sheet.sections:
        vouched = confirmed.get(one.code)
        sections.append(
            shapes.figures(sheet, one)
            | {
                "open": one.code == opened,
                "vouched": {"name": vouched.name, "at": vouched.at, "remark": vouched.remark} if vouched else None,
                "seen": digest(found.values, one.code),
                "confirm_url": reverse("campaigns:confirm", args=[found.pk, one.code]),
            }
        )
    context = {
        "title": title_of(found),
        "crumbs": [
            {"label": _("My returns"), "url": reverse("campaigns:mine")},
            {"label": found.number, "url": url_of(found)},
            {"label": _("Review")},
        ],
        "url": url_of(found),
        "state": state_view(found),
        "due": due_view(found),
        "sections": sections,
        "may": bool(offered and offered.allowed),
        "why_not": offered.reason if offered and not offered.allowed else "",
        "done": len(codes) - len(left),
        "all": len(codes),
        "steps": _steps(found, actor, len(left)),
        "version": found.version,
    }
    return render(request, "campaigns/review.html", context)


def _steps(found: Return, actor: Actor, left: int) -> list[dict[str, Any]]:
    shown = []
    for name in ("accept", "send_back", "lock"):
        step = RETURN.step(name)
        if found.state not in step.source or not step.by(actor, found):
            continue
        one = offer(step, found, actor)
        waits = ngettext("%(n)s panel is not confirmed yet.", "%(n)s panels are not confirmed yet.", left) % {"n": left}
        shown.append(
            {
                "name": name,
                "label": one.label,
                "allowed": one.allowed,
                "reason": waits if name == "accept" and left else one.reason,
                "url": reverse("campaigns:step", args=[found.pk, name]),
                "tone": "danger" if name == "send_back" else "",
            }
        )
    return shown


@require_POST
def confirm(request: HttpRequest, return_id: UUID, panel: str) -> HttpResponse:
    """Vouch for one panel as it was shown, and go on to the next."""
    actor = asker(request)
    found = filling.one(return_id)
    data = {"panel": panel, "seen": request.POST.get("seen", ""), "remark": request.POST.get("remark", "")}
    try:
        actions.take_step(actor=actor, record=found.pk, step="confirm", data=data)
    except Problem as problem:
        if problem.code in ("forbidden", "not_found", "flow.not_yours"):
            raise
        messages.error(
            request, " ".join(str(one) for some in problem.fields.values() for one in some) or problem.detail
        )
        return redirect(f"{reverse('campaigns:review', args=[return_id])}?open={panel}#p:{panel}")
    codes = [one.code for one in filling.sheet(found).sections]
    confirmed = standing.confirmations(found)
    left = [code for code in codes if code not in confirmed]
    after = next((code for code in [*codes[codes.index(panel) + 1 :], *codes] if code in left), "")
    return redirect(
        f"{reverse('campaigns:review', args=[return_id])}{f'?open={after}#p:{after}' if after else '#done'}"
    )
