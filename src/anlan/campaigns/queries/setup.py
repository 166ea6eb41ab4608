"""What an office looks at while it sets a campaign up: campaigns, who takes part, what was published, how the months stand."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Q

from anlan.campaigns import rules, rulings
from anlan.campaigns.models import Campaign, Participant, Return, ReturnTemplate
from anlan.campaigns.returns.checking import Checker
from anlan.campaigns.returns.rulebook import implied
from anlan.campaigns.returns.shipped import SHIPPED, checker_of, shipped
from anlan.campaigns.returns.texts import check_data, checks_text, template_data, template_text
from anlan.campaigns.versions import checker_for
from anlan.identity.models import Organisation, Region
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.codes import ancestors, subtree
from anlan.kernel.errors import NotFound

MOST = 1_000
"""Units of a territory that are offered, participants that are listed: a city has some hundred."""


def campaigns(actor: Actor) -> list[Campaign]:
    """Those of one's own territory, of what lies in it and of what stands above it; what runs first, then the newest."""
    above = [*ancestors(actor.region), actor.region] if actor.region else []
    near = Q(region__in=above)
    for low, high in actor.regions:
        near |= Q(region__gte=low, region__lt=high)
    rows = list(Campaign.objects.filter(near).order_by("-from_day", "id")[:MOST])
    return sorted(rows, key=over)


def over(row: Campaign) -> bool:
    return bool(row.to_day and row.to_day < clock.today())


def campaign(actor: Actor, key: UUID) -> Campaign:
    """Raises NotFound for one of another territory, as for one that does not exist."""
    row = Campaign.objects.filter(pk=key).first()
    near = row and actor.region and (actor.covers(row.region) or row.region in ancestors(actor.region))
    if row is None or not near:
        raise NotFound
    return row


def participants(row: Campaign) -> list[Participant]:
    """Those in the actor's sight, in the order of their regions."""
    rows = Participant.objects.filter(campaign=row).select_related("unit", "reviewer")
    return list(rows.order_by("filler", "region", "unit__name", "id")[:MOST])


@dataclass(frozen=True, kw_only=True)
class Version:
    row: ReturnTemplate
    checker: Checker


def counts(checker: Checker) -> dict[str, int]:
    """How much is asked and checked."""
    return {
        "panels": len(checker.template.panels),
        "elements": sum(len(panel.elements) for panel in checker.template.panels),
        "checks": len(checker.checks),
        "examples": sum(len(one.passes) + len(one.fails) for one in checker.checks),
    }


def checker(found: ReturnTemplate) -> Checker:
    return checker_for(found.pk)


def versions(row: Campaign) -> list[Version]:
    """Newest first."""
    rows = ReturnTemplate.objects.filter(campaign=row).order_by("-from_month", "-version")
    return [Version(row=one, checker=checker_for(one.pk)) for one in rows]


def version(row: Campaign, key: UUID) -> ReturnTemplate:
    found = ReturnTemplate.objects.filter(campaign=row, pk=key).first()
    if found is None:
        raise NotFound
    return found


@dataclass(kw_only=True)
class MonthRow:
    """How the returns of a month stand, of those in the actor's sight."""

    month: date
    states: dict[str, int] = field(default_factory=dict)
    late: int = 0
    missing: int = 0

    @property
    def expected(self) -> int:
        return sum(self.states.values())

    def of(self, *states: str) -> int:
        return sum(self.states.get(one, 0) for one in states)


def months(row: Campaign) -> list[MonthRow]:
    """Newest first."""
    found: dict[date, MonthRow] = {}
    rows = Return.objects.filter(campaign=row).values("month", "state")
    for one in rows.annotate(
        n=Count("id"), n_late=Count("id", filter=Q(was_late=True)), n_missing=Count("id", filter=Q(missing=True))
    ):
        month = found.setdefault(one["month"], MonthRow(month=one["month"]))
        month.states[one["state"]] = one["n"]
        month.late += one["n_late"]
        month.missing += one["n_missing"]
    return sorted(found.values(), key=lambda one: one.month, reverse=True)


def openable(row: Campaign) -> list[date]:
    """Months that may be opened: begun, in the campaign's time, newest first, at most two years back."""
    first = rulings.first_of(row.from_day)
    month = rulings.first_of(min(clock.today(), row.to_day or clock.today()))
    found: list[date] = []
    while month >= first and len(found) < 24:
        found.append(month)
        month = rulings.first_of(month - timedelta(days=1))
    return found


def units(row: Campaign) -> list[Organisation]:
    """Who may take part: all bodies of the territory but enterprises."""
    low, high = subtree(row.region)
    rows = Organisation.objects.filter(active=True, region__gte=low, region__lt=high)
    return list(rows.exclude(kind__in=["enterprise", "group"]).order_by("region", "name")[:MOST])


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A unit that usually takes part, as what, and who would look at its returns first (None: the office itself)."""

    unit: Organisation
    filler: str
    reviewer: Organisation | None
    enrolled: bool


def proposals(row: Campaign) -> dict[str, list[Proposal]]:
    """
    By what they hand in as: the committee offices (without one, the government) of the divisions right below the territory; the departments
    of the territory with an industry; governments and departments below a division, reviewed by its office.
    """
    bodies = units(row)
    taking = set(Participant.objects.filter(campaign=row).values_list("unit_id", flat=True))
    divisions = set(Region.objects.filter(parent=row.region).values_list("code", flat=True))
    heads: dict[int, Organisation] = {}
    for kind in ("government", "committee"):
        heads |= {one.region: one for one in bodies if one.kind == kind and one.region in divisions}
    found: dict[str, list[Proposal]] = {"district": [], "system": [], "unit": []}
    for one in bodies:
        filler, reviewer = "", None
        if one in heads.values():
            filler = "district"
        elif one.region == row.region and one.kind == "department" and one.industries:
            filler = "system"
        elif one.region != row.region and one.kind in ("government", "department"):
            reviewer = next((head for code, head in heads.items() if _below(one.region, code)), None)
            fielded = one.kind == "government" or one.industries
            filler = "unit" if reviewer and fielded else ""
        if filler:
            found[filler].append(Proposal(unit=one, filler=filler, reviewer=reviewer, enrolled=one.pk in taking))
    return found


def _below(region: int, division: int) -> bool:
    low, high = subtree(division)
    return low <= region < high


def runs(actor: Actor, row: Campaign) -> bool:
    return rules.runs(actor, row.region)


def starting(row: Campaign, source: str) -> Checker:
    """
    What a new version begins with: the last one published (`last`) or a shipped template by its code, with the next number and month.

    Raises NotFound for anything else.
    """
    newest = ReturnTemplate.objects.filter(campaign=row).order_by("-from_month", "-version").first()
    if source == "last" and newest:
        begun = checker_for(newest.pk)
    elif source in SHIPPED:
        begun = shipped(source)
    else:
        raise NotFound
    template = begun.template
    last = ReturnTemplate.objects.filter(campaign=row, code=template.code).order_by("-version").first()
    this = rulings.first_of(clock.today())
    facts = {"version": 1, "from_month": f"{rulings.first_of(min(row.from_day, this)):%Y-%m}", "to_month": ""}
    if last:
        following = rulings.first_of(max(this, last.from_month) + timedelta(days=31))
        facts = {"version": last.version + 1, "from_month": f"{following:%Y-%m}", "to_month": template.to_month}
    follow = {one.id for one in implied(template)}
    own = [check_data(one) for one in begun.checks if one.id not in follow]
    return checker_of(template_text(template_data(template.model_copy(update=facts))), checks_text(own))
