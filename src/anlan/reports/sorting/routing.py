"""
The routing table: category × territory × industry → unit, the first line that fits wins. Pure functions over lines and facts, so that
a table can be tried over past reports before it is kept.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from anlan.identity.models import Organisation
from anlan.kernel import scope
from anlan.kernel.codes import CodeError, ancestors, is_region, subtree
from anlan.reports.models import Category, Report, Rule, Sending


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the table, as kept or as about to be."""

    id: UUID | None
    place: int
    region: int
    category: str | None
    industry: str | None
    unit: UUID
    active: bool = True
    unit_active: bool = True

    @property
    def works(self) -> bool:
        return self.active and self.unit_active

    def fits(self, facts: "Facts") -> bool:
        if self.category is not None and self.category != facts.category:
            return False
        if self.industry is not None and self.industry != facts.industry:
            return False
        low, high = reach(self.region)
        return low <= facts.region < high


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a line looks at. `sent_back` are the units that said it is not theirs: they do not get it again by a rule."""

    region: int
    category: str | None
    industry: str | None
    sent_back: frozenset[UUID] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Routed:
    """The line that takes a report, and those before it that fit but could not."""

    line: Line | None
    closed: tuple[Line, ...] = ()
    """Their unit is closed: a fault of the table."""
    refused: tuple[Line, ...] = ()
    """Their unit sent this report back."""


def reach(region: int) -> tuple[int, int]:
    """A region with all below it; nothing for what is no region."""
    try:
        return subtree(region)
    except CodeError:
        return (0, 0)


def order(line: Line) -> tuple[int, int, str]:
    """Lowest place first; of one place the smaller territory, then the older line."""
    low, high = reach(line.region)
    return (line.place, high - low, str(line.id or ""))


def first(lines: Iterable[Line], facts: Facts) -> Routed:
    """The first working line that fits, of lines in their order."""
    closed, refused = [], []
    for line in lines:
        if not line.active or not line.fits(facts):
            continue
        if not line.unit_active:
            closed.append(line)
        elif line.unit in facts.sent_back:
            refused.append(line)
        else:
            return Routed(line=line, closed=tuple(closed), refused=tuple(refused))
    return Routed(line=None, closed=tuple(closed), refused=tuple(refused))


def lines_for(regions: Collection[int] | None = None) -> list[Line]:
    """The lines in force, in order; with `regions`, those that can reach one of them. Call it where they can be seen."""
    rows = Rule.objects.filter(active=True).select_related("unit")
    if regions is not None:
        above = {code for one in regions for code in (one, *_above(one))}
        rows = rows.filter(region__in=above)
    return sorted((line_of(row) for row in rows), key=order)


def _above(region: int) -> list[int]:
    return ancestors(region) if is_region(region) else []


def line_of(rule: Rule) -> Line:
    return Line(
        id=rule.pk,
        place=rule.place,
        region=rule.region,
        category=rule.category_id,
        industry=rule.industry_id,
        unit=rule.unit_id,
        active=rule.active,
        unit_active=rule.unit.active,
    )


def facts_of(report: Report, industries: dict[str, str | None], sent_back: Collection[UUID] = ()) -> Facts:
    """A report without a field of its own counts in its category's."""
    return Facts(
        region=report.region,
        category=report.category_id,
        industry=report.industry_id or industries.get(report.category_id or ""),
        sent_back=frozenset(sent_back),
    )


def industries_of_categories() -> dict[str, str | None]:
    return dict(Category.objects.values_list("code", "industry_id"))


def sent_back_by(reports: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """The units that returned each report."""
    found: dict[UUID, set[UUID]] = {}
    rows = Sending.objects.filter(report_id__in=list(reports), way="returned")
    for report, unit in rows.values_list("report_id", "unit_id"):
        found.setdefault(report, set()).add(unit)
    return found


def routed(report: Report) -> Routed:
    """Which line takes a report, and what stood in the way of those before."""
    with scope.elevated("the lines of the territories above hold for a report too"):
        lines = lines_for([report.region])
        back = sent_back_by([report.pk]).get(report.pk, ())
        return first(lines, facts_of(report, industries_of_categories(), back))


def route(report: Report) -> Rule | None:
    """The line of the routing table that takes a report; None when none does."""
    line = routed(report).line
    if line is None or line.id is None:
        return None
    with scope.elevated("the lines of the territories above hold for a report too"):
        return Rule.objects.select_related("unit").get(pk=line.id)


@dataclass(frozen=True, kw_only=True)
class Try:
    """One past report under the table as it stands and as it would be."""

    report: Report
    now: Routed
    then: Routed

    @property
    def changes(self) -> bool:
        return (self.now.line.unit if self.now.line else None) != (self.then.line.unit if self.then.line else None)

    @property
    def really(self) -> bool | None:
        """Whether the new line leads to the unit that handled it in the end; None while that is not settled."""
        if self.report.unit_id is None:
            return None
        return self.then.line is not None and self.then.line.unit == self.report.unit_id


def tried(reports: Sequence[Report], now: Sequence[Line], then: Sequence[Line]) -> list[Try]:
    """Both tables over past reports. Who sent one back is left out of account: it is the table that is tried."""
    industries = industries_of_categories()
    now, then = sorted(now, key=order), sorted(then, key=order)
    found = []
    for report in reports:
        facts = facts_of(report, industries)
        found.append(Try(report=report, now=first(now, facts), then=first(then, facts)))
    return found


def units_of(lines: Iterable[Line]) -> dict[UUID, Organisation]:
    """The units that lines name, those beyond one's own territory too."""
    with scope.elevated("a line may name a unit above one's own territory"):
        return {one.pk: one for one in Organisation.objects.filter(pk__in={line.unit for line in lines})}
