"""Running the examples that checks carry: a check whose examples do not come true is not published."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from anlan.campaigns.returns.checking import Checker
from anlan.campaigns.returns.filled import Filled, Value
from anlan.campaigns.returns.rulebook import Case


def filled_case(case: Case) -> Filled:
    """An example as a return: cells and panels named in `none` are answered so."""
    values: dict[str, Value | None] = {**case.values}
    values |= {name: None for name in case.none if "." in name}
    return Filled(
        filler=case.filler,
        month=case.month,
        values=values,
        rows=case.rows,
        nothing=frozenset(name for name in case.none if "." not in name),
        last=case.last,
        below=case.below,
        counted=case.counted,
        known=case.known,
    )


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """An example that does not come true: the check, `passes` or `fails`, which one counted from one, and why."""

    check: str
    outcome: str
    number: int
    words: str


def said_wrong(checker: Checker) -> Iterator[Wrong]:
    """Every example that contradicts its check."""
    for check in checker.checks:
        for outcome, cases in (("passes", check.passes), ("fails", check.fails)):
            for number, case in enumerate(cases, 1):
                verdict = checker.check(filled_case(case))
                if any(fault.startswith(f"{check.id}:") for fault in verdict.faults):
                    yield Wrong(check=check.id, outcome=outcome, number=number, words=_("It has no value."))
                elif any(one.check == check.id for one in verdict.troubles) is (outcome == "passes"):
                    words = (
                        _("It should pass and does not.") if outcome == "passes" else _("It should fail and does not.")
                    )
                    yield Wrong(check=check.id, outcome=outcome, number=number, words=words)


def disproved(checker: Checker) -> list[str]:
    """What examples contradict, in words that name the check; empty when all come true."""
    return [
        f"{one.check}: {_('example %(n)s') % {'n': one.number}} ({one.outcome}): {one.words}"
        for one in said_wrong(checker)
    ]
