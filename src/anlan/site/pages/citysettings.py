"""The city's settings: what is in force where, on whose word, and its administrator's changes."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings as django_settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anlan.identity import roles
from anlan.identity.models import Region
from anlan.kernel import citysettings
from anlan.kernel.actor import Actor
from anlan.kernel.citysettings import Declared, declared, may_change
from anlan.kernel.codes import CodeError, ancestors, subtree
from anlan.kernel.errors import NotFound
from anlan.kernel.ledger.read import acts
from anlan.kernel.models import CitySetting
from anlan.kernel.pages import form_page
from anlan.kernel.timeline import entry
from anlan.site.pages.access import open_to
from anlan.site.pages.forms import attempt

READERS = (roles.SYSTEM_ADMIN, roles.OFFICE, roles.REGULATOR, roles.AUDITOR)
MARKS = {
    "V": gettext_lazy("verified"),
    "B": gettext_lazy("clause base of a third party"),
    "B+": gettext_lazy("clause base and an independent page agree"),
    "W": gettext_lazy("secondary page"),
    "K": gettext_lazy("own knowledge, to be confirmed"),
    "S0": gettext_lazy("given by the city"),
}
GROUPS = (
    ("hazards.days", gettext_lazy("Time limits, in working days")),
    ("hazards.signers", gettext_lazy("Who signs, by source")),
    ("risks.bands", gettext_lazy("Risk bands: the score from which a colour counts")),
    ("risks.months", gettext_lazy("Months until a risk is assessed again")),
    ("risks.tiers", gettext_lazy("Tiers that answer for a risk colour")),
    ("reports", gettext_lazy("Citizens' reports")),
    ("rewards", gettext_lazy("Rewards of reports")),
    ("enforcement", gettext_lazy("Instruments and penalties")),
    ("returns", gettext_lazy("Monthly returns")),
    ("directives", gettext_lazy("Documents from above")),
    ("bulletins", gettext_lazy("Bulletins")),
    ("assessments", gettext_lazy("Yearly assessments")),
    ("", gettext_lazy("Reminders, escalation and officers")),
)
SPARE_RUNGS = 2


@dataclass(frozen=True, kw_only=True)
class Place:
    """A territory whose settings are looked at."""

    code: int
    name: str


@require_GET
@open_to(*READERS)
def settings_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    places = _places()
    place = _chosen(request.GET.get("region"), places)
    stored = {(row.region, row.key): row for row in CitySetting.objects.all()}
    names = {one.code: one.name for one in places}
    left = dict(declared)
    groups = []
    for prefix, label in GROUPS:
        ours = [left.pop(key) for key in sorted(left) if key.startswith(prefix)]
        if ours:
            groups.append({"label": label, "rows": [_row(one, place, stored, names) for one in ours]})
    context = {
        "title": _("Settings of the city"),
        "crumbs": [{"label": _("Workbench"), "url": "/"}, {"label": _("Settings of the city")}],
        "places": [{"code": one.code, "name": one.name, "active": one == place} for one in places],
        "place": place,
        "groups": groups,
        "editable": may_change(actor, place.code),
    }
    return render(request, "site/settings.html", context)


def _places() -> list[Place]:
    """The city and its counties."""
    low, high = subtree(django_settings.ANLAN_CITY)
    rows = Region.objects.filter(code__gte=low, code__lt=high, level__in=("city", "county"), valid_to=None)
    found = [Place(code=code, name=name) for code, name in rows.order_by("code").values_list("code", "name")]
    if not found or found[0].code != low:
        found.insert(0, Place(code=low, name=_("The whole city")))
    return found


def _chosen(asked: str | None, places: list[Place]) -> Place:
    return next((one for one in places if str(one.code) == asked), places[0])


def _row(
    one: Declared, place: Place, stored: dict[tuple[int, str], CitySetting], names: dict[int, str]
) -> dict[str, Any]:
    above = [place.code, *ancestors(place.code)]
    row = next((stored[code, one.key] for code in above if (code, one.key) in stored), None)
    below = [names.get(region, str(region)) for region, key in stored if key == one.key and region not in above]
    return {
        "label": one.label,
        "key": one.key,
        "url": f"{reverse('setting', args=[one.key])}?region={place.code}",
        "value": words(one, row.value if row else one.default),
        "default": words(one, one.default),
        "changed": row is not None,
        "own": row is not None and row.region == place.code,
        "from": names.get(row.region, str(row.region)) if row else "",
        "basis": (row.basis if row else "") or one.basis,
        "mark": one.evidence,
        "mark_words": MARKS.get(one.evidence, ""),
        "elsewhere": below,
    }


def words(one: Declared, value: Any) -> list[str]:
    """A value as lines people read."""
    known = {code: str(label) for code, label in one.choices}
    if kind_of(one) == "ladder":
        return [f"{days_words(rung['days'])} → {known.get(rung['to'], rung['to'])}" for rung in value]
    if kind_of(one) == "choices":
        return [" · ".join(known.get(code, code) for code in value)]
    if kind_of(one) == "switch":
        return [_("yes") if value else _("no")]
    return [str(value)]


def days_words(days: int) -> str:
    if days == 0:
        return _("on the due day")
    if days < 0:
        return ngettext("%(n)s working day before", "%(n)s working days before", -days) % {"n": -days}
    return ngettext("%(n)s working day after", "%(n)s working days after", days) % {"n": days}


def kind_of(one: Declared) -> str:
    if isinstance(one.default, list):
        return "ladder" if one.default and isinstance(one.default[0], dict) else "choices"
    if isinstance(one.default, str):
        return "text"
    return "switch" if isinstance(one.default, bool) else "number"


class SettingForm(forms.Form):
    """One value, by what it is: a number, words, yes or no, boxes to tick, or the rungs of a ladder."""

    def __init__(self, one: Declared, value: Any, data: Any = None) -> None:
        super().__init__(data, use_required_attribute=False)
        self.one = one
        self.kind = kind_of(one)
        if self.kind == "number":
            self.fields["value"] = forms.IntegerField(label=one.label, initial=value)
        elif self.kind == "text":
            self.fields["value"] = forms.CharField(label=one.label, initial=value, max_length=200)
        elif self.kind == "switch":
            self.fields["value"] = forms.TypedChoiceField(
                label=one.label,
                choices=[("yes", _("yes")), ("no", _("no"))],
                coerce=lambda typed: typed == "yes",
                initial="yes" if value else "no",
                widget=forms.RadioSelect,
            )
        elif self.kind == "choices":
            self.fields["value"] = forms.MultipleChoiceField(
                label=one.label, choices=one.choices, initial=value, required=False, widget=forms.CheckboxSelectMultiple
            )
        else:
            self._rungs(one, value, data)
        self.fields["basis"] = forms.CharField(
            label=_("On what basis"),
            max_length=300,
            required=False,
            help_text=_("The document and article, or the decision, that says so."),
        )

    def _rungs(self, one: Declared, value: list[dict[str, Any]], data: Any) -> None:
        count = len(value) + SPARE_RUNGS
        if data is not None and str(data.get("rungs", "")).isdigit():
            count = min(int(data["rungs"]), 30)
        for number in range(count):
            rung = value[number] if number < len(value) else {}
            self.fields[f"days_{number}"] = forms.IntegerField(
                label=_("Working days from the due day"), initial=rung.get("days"), required=False
            )
            self.fields[f"to_{number}"] = forms.ChoiceField(
                label=_("Told"), choices=[("", "–"), *one.choices], initial=rung.get("to"), required=False
            )
        self.fields["value"] = forms.Field(required=False, widget=forms.HiddenInput())
        self.rungs = count

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        return [(self[f"days_{number}"], self[f"to_{number}"]) for number in range(getattr(self, "rungs", 0))]

    def new_value(self) -> Any:
        """What was typed, as the setting takes it; an empty rung is left out, the rest put in order of days."""
        typed = self.cleaned_data
        if self.kind != "ladder":
            return typed["value"]
        found = [
            {"days": typed[f"days_{number}"], "to": typed[f"to_{number}"]}
            for number in range(self.rungs)
            if typed.get(f"days_{number}") is not None or typed.get(f"to_{number}")
        ]
        return sorted(found, key=lambda rung: rung["days"]) if all(r["days"] is not None for r in found) else found


@require_http_methods(["GET", "POST"])
@open_to(*READERS)
def setting(request: HttpRequest, actor: Actor, key: str) -> HttpResponse:
    one, places = declared.get(key), _places()
    if one is None:
        raise NotFound
    place = _chosen(request.GET.get("region"), places)
    value = citysettings.value(key, place.code)
    own = CitySetting.objects.filter(region=place.code, key=key).first()
    form = SettingForm(one, value, request.POST or None)
    if form.is_bound and attempt(
        form,
        lambda typed: citysettings.change(
            actor=actor, key=key, region=place.code, new=form.new_value(), basis=typed["basis"]
        ),
    ):
        messages.success(request, _("The setting is changed for %(place)s.") % {"place": place.name})
        return redirect(f"{reverse('settings')}?region={place.code}")
    back = f"{reverse('settings')}?region={place.code}"
    return form_page(
        request,
        form,
        template="site/setting.html",
        title=one.label,
        action=f"{request.path}?region={place.code}",
        crumbs=[
            {"label": _("Workbench"), "url": "/"},
            {"label": _("Settings of the city"), "url": back},
            {"label": one.label},
        ],
        back_url=back,
        place=place,
        one=one,
        kind=form.kind,
        default=words(one, one.default),
        present=words(one, value),
        mark_words=MARKS.get(one.evidence, ""),
        own=own,
        editable=may_change(actor, place.code),
        consequences=[_("It counts for what begins from now on; dates already given do not move.")],
        history=_history(one, place),
    )


def _history(one: Declared, place: Place) -> list[dict[str, Any]]:
    return [
        entry(
            act,
            what=_("Setting changed") if act.step == "change_setting" else _("Setting put back"),
            note=act.data.get("basis", ""),
            changes=[{"label": one.label, "before": _said(one, before), "after": _said(one, after)}],
            linked=False,
        )
        for act in reversed(acts(citysettings.setting_id(place.code, one.key)))
        for before, after in [act.changes.get(one.key, [None, None])]
    ]


def _said(one: Declared, value: Any) -> str:
    return "; ".join(words(one, value)) if value is not None else _("default")


@require_POST
@open_to(roles.SYSTEM_ADMIN)
def put_back(request: HttpRequest, actor: Actor, key: str) -> HttpResponse:
    try:
        region = int(request.POST.get("region", ""))
        subtree(region)
    except (ValueError, CodeError):
        raise NotFound from None
    citysettings.put_back(actor=actor, key=key, region=region)
    messages.success(request, _("The setting is put back."))
    return redirect(f"{reverse('settings')}?region={region}")
