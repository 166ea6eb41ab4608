"""A new instrument: its kind, whom it goes to, and its fields as the records fill them, for a person to review."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from anlan.enforcement import actions
from anlan.enforcement.filling import Grounds, filled, grounds_of, grounds_of_alert
from anlan.enforcement.forms import KindForm
from anlan.enforcement.kinds import FAMILIES, Kind, kinds
from anlan.enforcement.models import Case, Instrument
from anlan.enforcement.pages.common import crumb, url_of
from anlan.enforcement.queries.alerts import alerts
from anlan.enforcement.rules import DRAFTERS
from anlan.enforcement.rulings import kind_of
from anlan.enforcement.states import SERVED
from anlan.enforcement.wording import name_of
from anlan.identity.asking import reader_of
from anlan.identity.models import Organisation
from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Conflict, Invalid, NotFound
from anlan.kernel.forms import Option, Pick, Source
from anlan.kernel.pages import form_page, offered, picker_name
from anlan.kernel.reading import read_id, read_ids
from anlan.kernel.refusals import Refused
from anlan.registry.models import Enterprise
from anlan.registry.queries import Filters, enterprises, region_names

KEPT = ("source", "id", "alert", "enterprise", "unit", "after", "case")
FOUND = 12
FAMILY_NAMES = {
    "letter": gettext_lazy("Letters"),
    "order": gettext_lazy("Orders"),
    "decision": gettext_lazy("Decisions"),
    "minutes": gettext_lazy("Minutes"),
    "record": gettext_lazy("Records"),
    "bulletin": gettext_lazy("Bulletins"),
}


def drafter(request: HttpRequest) -> Actor:
    return reader_of(request, DRAFTERS)


@dataclass(frozen=True)
class Asked:
    """What the address says: on what it rests, to whom, after which instrument, in which case."""

    kind: Kind | None
    grounds: Grounds | None
    enterprise: Enterprise | None
    unit: Organisation | None
    after: Instrument | None
    case: Case | None

    @property
    def addressed(self) -> bool:
        return self.enterprise is not None or self.unit is not None


def read(request: HttpRequest, actor: Actor) -> Asked:
    """Raises NotFound for records that do not exist and for those out of sight alike."""
    query = request.GET
    kind = kinds().get(query.get("kind", ""))
    if kind is not None and kind.elsewhere:
        raise NotFound
    grounds = _grounds(request, actor)
    enterprise = _one(Enterprise.objects.all(), query.get("enterprise"))
    unit = _one(units(actor), query.get("unit"))
    after = _one(Instrument.objects.filter(state__in=SERVED), query.get("after"))
    case = _one(open_cases(), query.get("case"))
    if after is not None and enterprise is None and unit is None:
        enterprise, unit = _to_same(after)
    if grounds is not None and enterprise is None and unit is None and kind is not None:
        if (
            grounds.enterprise
            and "enterprise" in kind.subject
            and not (grounds.organisation and kind.subject[0] == "unit")
        ):
            enterprise = Enterprise.objects.filter(pk=grounds.enterprise).first()
        elif grounds.organisation and "unit" in kind.subject:
            unit = units(actor).filter(pk=grounds.organisation).first()
    if kind is not None:
        enterprise = enterprise if "enterprise" in kind.subject else None
        unit = unit if "unit" in kind.subject and enterprise is None else None
    found = Asked(kind=kind, grounds=grounds, enterprise=enterprise, unit=unit, after=after, case=case)
    return _supposed(found) if kind is not None and found.addressed else found


def _one(rows: Any, key: str | None) -> Any:
    """The record that an address names; an address without one names none."""
    if not key:
        return None
    wanted = read_id(key)
    found = rows.filter(pk=wanted).first() if wanted else None
    if found is None:
        raise NotFound
    return found


def open_cases() -> Any:
    return Case.objects.exclude(state__in=("closed", "dropped"))


def _to_same(after: Instrument) -> tuple[Enterprise | None, Organisation | None]:
    return after.enterprise, after.unit


def _grounds(request: HttpRequest, actor: Actor) -> Grounds | None:
    query = request.GET
    if sort := query.get("alert"):
        about = read_id(query.get("enterprise"))
        after = read_id(query.get("after"))
        found = [
            one for one in alerts(actor, sort=sort, enterprise=about) if one.sort == sort and one.after in (None, after)
        ]
        if not found:
            raise NotFound(_("This alert is over: its records no longer meet the condition."))
        return grounds_of_alert(found[0])
    if kind := query.get("source"):
        record = read_id(query.get("id"))
        if record is None:
            raise NotFound
        return grounds_of(kind, record)
    return None


def _supposed(found: Asked) -> Asked:
    """The latest instrument that its gates ask for, and the only open case, unless the address names others."""
    if found.kind is None:
        return found
    if found.case is None and found.kind.penalty and found.enterprise is not None:
        open_ones = list(open_cases().filter(enterprise=found.enterprise)[:2])
        if len(open_ones) == 1:
            found = replace(found, case=open_ones[0])
    if found.after is None and (before := candidates(found)):
        found = replace(found, after=before[0])
    return found


def candidates(found: Asked) -> list[Instrument]:
    """The addressee's instruments that this one may follow, those of the same source first, then the latest."""
    if found.kind is None or not found.addressed:
        return []
    wanted = {code for gate in found.kind.gates for code in gate.kinds}
    if not wanted:
        return []
    rows = Instrument.objects.filter(kind__in=wanted, state__in=SERVED, enterprise=found.enterprise, unit=found.unit)
    if found.case is not None:
        rows = rows.filter(case=found.case)
    same = found.grounds.id if found.grounds else None
    return sorted(rows.order_by("-served_on", "-id")[:20], key=lambda one: one.source_id != same)


def units(actor: Actor) -> Any:
    """The bodies of the actor's territory that a letter may go to."""
    rows = Organisation.objects.filter(scope.within(actor, industry=None), active=True)
    return rows.exclude(kind__in=("enterprise", "group")).order_by("region", "name", "id")


# -- the pages ---------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    actor = drafter(request)
    asked = read(request, actor)
    if asked.kind is None:
        return _choose(request, asked)
    if not asked.addressed:
        return _address(request, actor, asked)
    return _draft(request, actor, asked)


def _choose(request: HttpRequest, asked: Asked) -> HttpResponse:
    kept = {key: one for key in KEPT if (one := request.GET.get(key))}
    base = reverse("enforcement:new")
    rows = [one for one in kinds().values() if not one.elsewhere]
    groups = [
        {
            "name": FAMILY_NAMES[family],
            "kinds": [
                {
                    "name": one.label,
                    "basis": one.basis,
                    "mark": one.mark,
                    "to": _subjects(one),
                    "before": " / ".join(str(kinds()[code].label) for gate in one.gates for code in gate.kinds),
                    "url": f"{base}?{urlencode(kept | {'kind': one.code})}",
                }
                for one in rows
                if one.family == family
            ],
        }
        for family in FAMILIES
    ]
    context = {
        "title": _("New instrument"),
        "crumbs": crumb({"label": _("New instrument")}),
        "groups": [one for one in groups if one["kinds"]],
        "grounds": asked.grounds,
    }
    return render(request, "enforcement/new.html", context)


def _subjects(kind: Kind) -> str:
    words = {"enterprise": _("to an enterprise"), "unit": _("to a unit")}
    return " · ".join(words[one] for one in kind.subject)


class AddressForm(forms.Form):
    """Whom it goes to: an enterprise found as one types, or a body of the territory."""

    def __init__(self, actor: Actor, kind: Kind, data: Any = None) -> None:
        super().__init__(data)
        self.fields["kind"] = forms.CharField(widget=forms.HiddenInput, initial=kind.code)
        if "enterprise" in kind.subject:
            source = Source(
                url=reverse("enforcement:pick", args=["enterprise"]),
                search=lambda words: find_enterprises(actor, words),
                chosen=chosen_enterprises,
                words=_("Name or unified social credit code"),
            )
            self.fields["enterprise"] = forms.CharField(label=_("Enterprise"), required=False, widget=Pick(source))
        if "unit" in kind.subject:
            found = list(units(actor)[:200])
            places = region_names(one.region for one in found)
            choices = [("", "—"), *((str(one.pk), f"{one.name}（{places.get(one.region, '')}）") for one in found)]
            self.fields["unit"] = forms.ChoiceField(label=_("Organisation"), required=False, choices=choices)


def find_enterprises(actor: Actor, words: str) -> list[Option]:
    if not words:
        return []
    return _options(enterprises(actor, Filters(words=words), limit=FOUND).rows)


def chosen_enterprises(values: Iterable[str]) -> list[Option]:
    return _options(Enterprise.objects.filter(pk__in=read_ids(values)))


def _options(rows: Iterable[Enterprise]) -> list[Option]:
    found = list(rows)
    places = region_names(one.region for one in found)
    return [
        Option(value=str(one.pk), label=one.name, note=f"{one.uscc} · {places.get(one.region, '')}") for one in found
    ]


@require_GET
def pick(request: HttpRequest, kind: str) -> HttpResponse:
    actor = drafter(request)
    name = picker_name(request, kind, ("enterprise",))
    source = Source(url=request.path, search=lambda words: find_enterprises(actor, words), chosen=chosen_enterprises)
    return offered(request, source, name)


def _address(request: HttpRequest, actor: Actor, asked: Asked) -> HttpResponse:
    if asked.kind is None:
        raise NotFound
    context = {
        "title": _("%(kind)s: to whom") % {"kind": asked.kind.label},
        "crumbs": crumb({"label": _("New instrument"), "url": reverse("enforcement:new")}, {"label": asked.kind.label}),
        "form": AddressForm(actor, asked.kind, request.GET if "searched" in request.GET else None),
        "kept": {key: one for key in KEPT if key not in ("enterprise", "unit") and (one := request.GET.get(key))},
    }
    return render(request, "enforcement/address.html", context)


class DraftForm(KindForm):
    """The fields of the kind; and for a penalty without a case, what the case is about."""

    def __init__(self, asked: Asked, data: Any = None, *, fields: dict[str, Any] | None = None) -> None:
        if asked.kind is None:
            raise NotFound
        super().__init__(asked.kind, data, fields=fields)
        if asked.kind.penalty and asked.case is None:
            matter = forms.CharField(
                label=_("What the case is about"),
                required=True,
                max_length=300,
                help_text=_("No case is open against this enterprise: one is filed together with this draft."),
                initial=asked.grounds.title if asked.grounds else "",
            )
            self.fields = {"matter": matter, **self.fields}


def _draft(request: HttpRequest, actor: Actor, asked: Asked) -> HttpResponse:
    if asked.kind is None:
        raise NotFound
    known = filled(asked.kind.code, _told(asked), actor, follows=asked.after.fields if asked.after else None)
    form = DraftForm(asked, request.POST if request.method == "POST" else None, fields=known)
    if request.method == "POST" and (made := _made(actor, asked, form)):
        messages.success(request, _("Drafted. Somebody else reviews it next."))
        return redirect(url_of(made))
    kind = asked.kind
    context = {
        "title": _("Draft: %(kind)s") % {"kind": kind.label},
        "crumbs": crumb({"label": _("New instrument"), "url": reverse("enforcement:new")}, {"label": kind.label}),
        "submit_label": _("Save the draft"),
        "back_url": asked.grounds.url if asked.grounds else reverse("enforcement:list"),
        "action": request.get_full_path(),
        "kind": kind,
        "asked": asked,
        "addressee": asked.enterprise.name if asked.enterprise else asked.unit.name if asked.unit else "",
        "after": name_of(asked.after, kind_of(asked.after)) if asked.after else "",
        "after_url": url_of(asked.after) if asked.after else "",
        "others": _others(request, asked),
        "unknown": [str(one.label) for one in kind.required if one.code not in known],
        "draft": f"instrument-{kind.code}-{asked.grounds.id if asked.grounds else 'new'}",
    }
    return form_page(request, form, "enforcement/draft.html", **context)


def _told(asked: Asked) -> Grounds:
    """Without a source the addressee itself is what is known."""
    enterprise, unit = asked.enterprise, asked.unit
    if asked.grounds is not None:
        return replace(asked.grounds, enterprise=enterprise.pk if enterprise else asked.grounds.enterprise)
    if asked.after is not None:
        return grounds_of("instrument", asked.after.pk)
    to = enterprise or unit
    if to is None:
        raise NotFound
    return Grounds(
        source="",
        id=to.pk,
        number="",
        title="",
        url="",
        region=to.region,
        enterprise=enterprise.pk if enterprise else None,
        organisation=unit.pk if unit else None,
    )


def _others(request: HttpRequest, asked: Asked) -> list[dict[str, str]]:
    """Other instruments that it could follow instead."""
    kept = {key: one for key in KEPT if (one := request.GET.get(key))} | {"kind": request.GET.get("kind", "")}
    base = reverse("enforcement:new")
    return [
        {"label": name_of(one, kind_of(one)), "url": f"{base}?{urlencode(kept | {'after': str(one.pk)})}"}
        for one in candidates(asked)
        if asked.after is None or one.pk != asked.after.pk
    ]


def _made(actor: Actor, asked: Asked, form: DraftForm) -> Instrument | None:
    """None when it was refused: the reasons stand at the fields."""
    if asked.kind is None:
        return None
    grounds = asked.grounds
    source = (grounds.source, grounds.id, grounds.number) if grounds else None
    try:
        typed = form.typed()
        with scope.acting(actor):
            case = asked.case.pk if asked.case else None
            if asked.kind.penalty and case is None:
                case = _filed(actor, asked, form, typed)
            return actions.draft(
                actor=actor,
                kind=asked.kind.code,
                enterprise=asked.enterprise.pk if asked.enterprise else None,
                unit=asked.unit.pk if asked.unit else None,
                fields=typed,
                source=source,
                after=asked.after.pk if asked.after else None,
                case=case,
            )
    except (Invalid, Refused, Conflict) as problem:
        form.refuse(problem)
        return None


def _filed(actor: Actor, asked: Asked, form: DraftForm, typed: dict[str, Any]) -> UUID:
    grounds = asked.grounds
    data: dict[str, Any] = {
        "enterprise": asked.enterprise.pk if asked.enterprise else None,
        "matter": (form["matter"].data or "").strip(),
        "handlers": typed.get("officers", []),
    }
    if grounds:
        data |= {"source_type": grounds.source, "source_id": grounds.id, "source_number": grounds.number}
    try:
        return actions.open_case(actor=actor, data=data).pk
    except Invalid as wrong:
        at = {"handlers": "officers"}
        raise Invalid(fields={at.get(name.split(".")[0], name): why for name, why in wrong.fields.items()}) from wrong
