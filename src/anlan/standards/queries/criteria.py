"""Criteria for those who grade: which lists and clauses were in force on a day."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Q, QuerySet

from anlan.kernel.errors import NotFound
from anlan.kernel.text import fold
from anlan.kernel.text import words as words_of
from anlan.standards.models import Clause, CriteriaList
from anlan.standards.rules import Standing, standing


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A list as it stands on a day; only one in force with its clauses here can be cited."""

    criteria: CriteriaList
    standing: Standing

    @property
    def citable(self) -> bool:
        return self.standing == "in_force" and self.criteria.clauses_loaded


def lists(day: date, *, industry: str | None = None) -> list[Listed]:
    """Every list known, those in force first, then by number of loaded clauses and first day."""
    rows = CriteriaList.objects.order_by("-clauses_loaded", F("in_force_from").desc(nulls_last=True), "code")
    if industry:
        rows = rows.filter(industries__contains=[industry])
    found = [Listed(criteria=row, standing=standing(row, day)) for row in rows]
    return sorted(found, key=lambda one: one.standing != "in_force")


def criteria_list(code: str) -> CriteriaList:
    found = CriteriaList.objects.filter(code=code).first()
    if found is None:
        raise NotFound
    return found


def _in_force(day: date) -> Q:
    ends = Q(criteria__in_force_to=None) | Q(criteria__in_force_to__gte=day)
    return Q(superseded_in=None, criteria__clauses_loaded=True, criteria__in_force_from__lte=day) & ends


def clauses_in_force(day: date, industry: str | None = None, words: str = "") -> list[Clause]:
    """Clauses that may be cited for what was found on `day`; a few hundred at most."""
    return _matching(Clause.objects.filter(_in_force(day)), industry, words)


def clauses_of(code: str, *, industry: str | None = None, words: str = "") -> list[Clause]:
    """The present wording of one list, in its order, in force or not."""
    return _matching(Clause.objects.filter(criteria_id=code, superseded_in=None), industry, words)


def _matching(rows: QuerySet[Clause], industry: str | None, words: str) -> list[Clause]:
    if industry:
        rows = rows.filter(scope__industry__contains=[industry])
    wanted = words_of(words)
    found = rows.select_related("criteria").order_by("criteria_id", "place")
    return [clause for clause in found if not wanted or _holds(clause, wanted)]


def _holds(clause: Clause, wanted: list[str]) -> bool:
    article = clause.scope.get("article", {})
    text = fold(" ".join([clause.zh, clause.en, *clause.keywords, article.get("zh", ""), article.get("en", "")]))
    return all(word in text for word in wanted)


def clause(clause_id: UUID) -> Clause:
    found = Clause.objects.select_related("criteria").filter(pk=clause_id).first()
    if found is None:
        raise NotFound
    return found


def is_in_force(clause: Clause, day: date) -> bool:
    """Whether a grade of something found on `day` may rest on this clause; the later wording replaces the earlier."""
    criteria = clause.criteria
    return clause.superseded_in is None and criteria.clauses_loaded and standing(criteria, day) == "in_force"
