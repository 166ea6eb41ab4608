"""Laws and their clauses, by words."""

from datetime import date

from anlan.kernel.errors import NotFound
from anlan.kernel.text import fold
from anlan.kernel.text import words as words_of
from anlan.standards.models import Law, LawClause


def laws() -> list[Law]:
    """All that are known: laws, then regulations, rules, local ones, standards and documents."""
    order = [kind for kind, _words in Law.KINDS]
    return sorted(Law.objects.all(), key=lambda row: (order.index(row.kind), row.code))


def law(code: str) -> Law:
    found = Law.objects.filter(code=code).first()
    if found is None:
        raise NotFound
    return found


def law_clauses(*, words: str = "", code: str = "") -> list[LawClause]:
    """The present wording of clauses that hold all the words; a few hundred at most."""
    rows = LawClause.objects.filter(superseded_in=None).select_related("law").order_by("law_id", "place")
    if code:
        rows = rows.filter(law_id=code)
    wanted = words_of(words)
    return [row for row in rows if not wanted or _holds(row, wanted)]


def _holds(clause: LawClause, wanted: list[str]) -> bool:
    law_words = [clause.law.zh, clause.law.en, clause.article]
    text = fold(" ".join([clause.zh, clause.en, *clause.keywords, *law_words]))
    return all(word in text for word in wanted)


def law_standing(row: Law, day: date) -> str:
    if row.in_force_from is None:
        return "undated"
    if row.in_force_to is not None and row.in_force_to < day:
        return "ended"
    return "in_force" if row.in_force_from <= day else "not_yet"
