"""The usual duties: proposed from what is registered, looked at, and given only as far as they were ticked."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from anlan.chain import actions, queries
from anlan.chain.models import Duty
from anlan.chain.pages.common import crumbs, keeper_of
from anlan.chain.queries import Proposal
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Invalid
from anlan.registry.queries import industries, industry_names, region_choices, region_names

SHOWN = 500
"""Proposals at once: what one person can look through; those that follow are proposed when these are given."""


class UsualFilter(forms.Form):
    """Of which place, and from which day."""

    region = forms.TypedChoiceField(coerce=int, required=False, empty_value=None)
    valid_from = forms.DateField(required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, actor: Actor, data: Any = None) -> None:
        super().__init__(data, initial={"region": actor.region, "valid_from": clock.today()})
        self.fields["region"].label, self.fields["valid_from"].label = _("Region"), _("From")
        self.fields["region"].choices = region_choices(actor)  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
def usual(request: HttpRequest) -> HttpResponse:
    """GET shows what would be given and writes nothing; POST gives what was ticked, as it was shown."""
    actor = keeper_of(request)
    form = UsualFilter(actor, request.POST if request.method == "POST" else request.GET or None)
    fine = not form.is_bound or form.is_valid()
    typed = form.cleaned_data if form.is_bound else {}
    region = typed.get("region") or actor.region or 0
    ticked = request.POST.getlist("slots")
    if request.method == "POST" and fine and ticked:
        try:
            counts = actions.seed_duties(
                actor=actor, region=region, valid_from=typed.get("valid_from"), only=frozenset(ticked)
            )
        except Invalid as wrong:
            form.add_error("valid_from", " ".join(str(one) for told in wrong.fields.values() for one in told))
        else:
            return _given(request, counts)
    elif request.method == "POST" and fine:
        form.add_error(None, _("Tick at least one."))
    proposal = queries.propose(actor, region)
    context = {
        "title": _("The usual duties"),
        "crumbs": crumbs(_("The usual duties")),
        "form": form,
        "rows": _rows(proposal, frozenset(ticked) if request.method == "POST" else None),
        "count": len(proposal.usual),
        "more": max(len(proposal.usual) - SHOWN, 0),
        "left": _left(proposal),
        "left_count": len(proposal.left),
    }
    return render(request, "chain/usual.html", context, status=422 if request.method == "POST" else 200)


def _given(request: HttpRequest, counts: dict[str, int]) -> HttpResponse:
    changed = counts.pop("changed", 0)
    made = sum(counts.values())
    if made:
        messages.success(request, ngettext("%(n)s duty is given.", "%(n)s duties are given.", made) % {"n": made})
    if changed:
        words = ngettext(
            "%(n)s proposal no longer stands and was not given: look at it again.",
            "%(n)s proposals no longer stand and were not given: look at them again.",
            changed,
        )
        messages.warning(request, words % {"n": changed})
    return redirect("chain:usual" if changed else "chain:matrix")


def _rows(proposal: Proposal, ticked: frozenset[str] | None) -> list[dict[str, Any]]:
    shown = proposal.usual[:SHOWN]
    places, fields = region_names(one.region for one in shown), industry_names()
    kinds, parts = dict(Duty.KINDS), dict(Duty.PARTS)
    return [
        {
            "key": one.key,
            "place": places.get(one.region, str(one.region)),
            "duty": f"{kinds[one.kind]} · {parts[one.part]}",
            "field": fields.get(one.industry, ""),
            "holder": " ".join(filter(None, (one.title, one.holder))),
            "ticked": ticked is None or one.key in ticked,
        }
        for one in shown
    ]


def _left(proposal: Proposal) -> list[dict[str, Any]]:
    """Slots that stay empty, by what is missing."""
    shown = proposal.left[:SHOWN]
    places, names, parts = region_names(one.region for one in shown), industry_names(), dict(Duty.PARTS)
    codes = {one.bit: one.pk for one in industries()} if shown else {}
    rows = []
    for one in shown:
        code = codes.get(one.industry_bit, "") if one.industry_bit is not None else ""
        asked = {"kind": one.slot, "part": one.part, "region": one.region, "industry": code}
        rows.append(
            {
                "words": one.check.words,
                "part": parts.get(one.part, ""),
                "place": places.get(one.region, str(one.region)),
                "field": names.get(code, ""),
                "url": f"{reverse('chain:give')}?{urlencode({key: value for key, value in asked.items() if value})}",
            }
        )
    return rows
