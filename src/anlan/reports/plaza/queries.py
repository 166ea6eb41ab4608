"""Reading the plaza: one page by keyset, one report, what a map shows, and what was found by words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, DateTimeField, F, Q, QuerySet
from django.db.models.expressions import RawSQL

from anlan.kernel import scope
from anlan.kernel.codes import CodeError, parse_record_number, subtree, tidy
from anlan.kernel.errors import NotFound
from anlan.kernel.keyset import Page, cut
from anlan.kernel.text import search_terms
from anlan.kernel.text import words as words_of
from anlan.reports import beside
from anlan.reports.models import PublicPhoto, PublicReport, Report

Place = tuple[datetime, UUID]
PAGE = 20
ON_THE_MAP = 800
"""Newest reports that a map shows: a picture of the present, whose size does not grow with the table."""
WALKED = 4_000
"""Rows read in the list's order before the index of words is asked: a common word fills the page from them."""
STATUSES = {
    "open": ("screened", "dispatched", "returned", "verified"),
    "handled": ("handled", "reviewed"),
    "closed": ("answered",),
}
"""What readers can choose: not yet handled, handled and being looked over, answered."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the reader narrowed the plaza to."""

    category: str = ""
    region: int | None = None
    status: str = ""
    words: str = ""

    @property
    def terms(self) -> list[str]:
        return search_terms(self.words)

    @property
    def number(self) -> str:
        """When what was typed is a report's number."""
        try:
            parse_record_number(self.words)
        except CodeError:
            return ""
        return tidy(self.words)

    @property
    def searches(self) -> bool:
        return bool(words_of(self.words)) and not self.number


def reports(asked: Asked | None = None, *, after: Place | None = None, limit: int = PAGE) -> Page[PublicReport, Place]:
    """One page, newest first."""
    asked = asked or Asked()
    rows = _narrowed(asked)
    if after:
        moment, key = after
        # The first comparison chooses the index, the second settles rows of one moment.
        rows = rows.filter(reported_at__lte=moment).filter(Q(reported_at__lt=moment) | Q(pk__lt=key))
    found = _found(rows, asked, limit + 1) if asked.searches else list(_ordered(rows)[: limit + 1])
    return cut(found, lambda row: (row.reported_at, row.pk), after=after, limit=limit)


def report(number: str) -> PublicReport:
    found = PublicReport.objects.select_related("category").filter(number=number).first()
    if found is None:
        raise NotFound
    return found


def progress(row: PublicReport) -> list[dict[str, Any]]:
    """
    How what was made of a public report goes on: lines {at, label, words, tone} without names, oldest first.

    The only thing here that is not in the plaza's own tables: nothing but these lines leaves the elevated reading.
    """
    if row.outcome != "verified":
        return []
    with scope.elevated("how a public report's hazard goes on is public, in the public's words"):
        found = Report.objects.filter(pk=row.pk).first()
        return beside.progress(found) if found else []


def photos(report_id: UUID) -> list[PublicPhoto]:
    return list(PublicPhoto.objects.filter(report_id=report_id).order_by("at", "id"))


def photo(photo_id: UUID) -> PublicPhoto:
    found = PublicPhoto.objects.filter(pk=photo_id).first()
    if found is None:
        raise NotFound
    return found


def points(asked: Asked) -> list[PublicReport]:
    """The newest ones that have a place."""
    rows = _narrowed(asked).filter(lon__isnull=False)
    if asked.searches:
        return _found(rows, asked, ON_THE_MAP)
    return list(_ordered(rows)[:ON_THE_MAP])


def cases(words: str = "", category: str = "", limit: int = 12) -> list[PublicReport]:
    """Reports that were true, were put right and answered: what others may learn from."""
    asked = Asked(words=words, category=category)
    rows = _narrowed(asked).filter(state="answered", outcome="verified")
    return _found(rows, asked, limit) if asked.searches else list(_ordered(rows)[:limit])


def _narrowed(asked: Asked) -> QuerySet[PublicReport]:
    rows = PublicReport.objects.select_related("category")
    if asked.category:
        rows = rows.filter(category_id=asked.category)
    if asked.region is not None:
        rows = rows.filter(_inside(asked.region))
    if asked.status:
        rows = rows.filter(state__in=STATUSES.get(asked.status, ()))
    if asked.number:
        rows = rows.filter(number=asked.number)
    return rows


def _inside(region: int) -> Q:
    """A county by its own column, so that the index led by it gives the order too."""
    try:
        low, high = subtree(region)
    except CodeError:
        return Q(pk__in=[])
    if high - low == 1_000_000:
        return Q(county=low)
    return Q(town__gte=low, town__lt=high)


def _ordered(rows: QuerySet[PublicReport]) -> QuerySet[PublicReport]:
    return rows.order_by(F("reported_at").desc(), F("id").desc())


def _found(rows: QuerySet[PublicReport], asked: Asked, cap: int) -> list[PublicReport]:
    """
    Rows that hold every word, newest first. A common word is found among the newest at once, and by its index only after
    reading every row that holds it; a rare word the other way round.
    """
    whole = _condition(
        "NOT EXISTS (SELECT 1 FROM unnest(%s::text[]) AS word WHERE strpos(reports_publicreport.search, word) = 0)",
        words_of(asked.words),
    )
    near = PublicReport.objects.filter(pk__in=_ordered(rows).values("pk")[:WALKED])
    found = list(_ordered(near.filter(whole)).values_list("pk", flat=True)[:cap])
    if len(found) < cap and asked.terms:
        held = rows.filter(_condition("anlan_bigrams(reports_publicreport.search) @> %s::text[]", asked.terms), whole)
        # An order that no index gives: otherwise a rare word would be looked for along all rows of the list.
        moment = RawSQL("reports_publicreport.reported_at + interval '0'", [], output_field=DateTimeField())
        found = list(held.order_by(moment.desc(), "-id").values_list("pk", flat=True)[:cap])
    return list(_ordered(PublicReport.objects.select_related("category").filter(pk__in=found))) if found else []


def _condition(text: str, value: list[str]) -> RawSQL:
    return RawSQL(text, [value], output_field=BooleanField())  # noqa: S611 -- what a reader typed is a parameter
