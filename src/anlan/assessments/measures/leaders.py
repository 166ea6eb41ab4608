"""Of leaders' duties, as the register of the campaigns counts them: each leader in each period that is over or done."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from anlan.assessments.measures.measuring import Of, Row, measure
from anlan.campaigns.queries.leaders import Year, year_of


@measure(
    "chief_heard",
    label=_("Chief leaders hear the campaign each half-year"),
    part=_("heard in their half-year"),
    whole=_("hearings owed by leaders"),
)
def chief_heard(of: Of) -> Iterable[Row]:
    return _duties(of, "hear")


@measure(
    "leaders_studied",
    label=_("Leaders study their field's problems each quarter"),
    part=_("studied in their quarter"),
    whole=_("studies owed by leaders"),
)
def leaders_studied(of: Of) -> Iterable[Row]:
    return _duties(of, "study")


@measure(
    "leaders_on_site",
    label=_("Leaders go on site each quarter"),
    part=_("went on site in their quarter"),
    whole=_("visits owed by leaders"),
)
def leaders_on_site(of: Of) -> Iterable[Row]:
    return _duties(of, "visit")


def _duties(of: Of, duty: str) -> Iterator[Row]:
    """
    A district's leaders are those of its territory, a department's those with a post in it. A period that ends after the last day
    that counts, and one that may still be done, count for nothing.
    """
    first, after = of.days
    for one in year_of(of.region, first.year, unit=of.unit if of.department else None, duty=duty).rows:
        if one.period.ends < after and (one.done or one.missed):
            yield _row(one)


def _row(one: Year) -> Row:
    """By the deed that counted, else by the fact that it was missed; where nobody wrote that down yet, by the campaign."""
    label = f"{one.leader.name} {one.period.label}"
    if one.done:
        deed = one.deeds[-1]
        kind = "monthly_return" if deed.source == "return" else "leader"
        return Row(kind, deed.id, f"{label} · {deed.on:%Y-%m-%d}", good=True)
    return Row("leader", one.fact or one.campaign, label, good=False)
