"""
Checking a return: everything that is wrong with it at once, each with its place.

A checker is made once of a template and its checks. It refuses at load what names an unknown element, compares what does not
compare, loops, or shows its message where nothing is.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.campaigns.returns.expressions import KINDS, Expression, ExpressionError, Function, Language
from anlan.campaigns.returns.filled import Eyes, Filled, RowEyes, Seen, Value, View
from anlan.campaigns.returns.rulebook import LEVELS, PAIRS, Check, Level, Missing, Severity, implied
from anlan.campaigns.returns.template import Cell, Panel, Template

PARTS = {
    "expression": gettext_lazy("expression"),
    "left": gettext_lazy("left side"),
    "right": gettext_lazy("right side"),
}
PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """
    Something wrong. `check` is a check's id, or a word of the form itself: `empty`, `blank`, `no_rows`, `not_none`, `none_and_written`. `cells` are the
    cells and panels where it shows, `row` the row of a panel counted from one. `values` are what its words name.
    """

    check: str
    level: Level
    severity: Severity
    cells: tuple[str, ...]
    row: int = 0
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Names it among all of a return: a reason given for it keeps to it."""
        return f"{self.check}#{self.row}" if self.row else self.check


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """`faults` are checks that could not be computed on these values: theirs, not the return's, so nobody is stopped by them."""

    troubles: tuple[Trouble, ...]
    faults: tuple[str, ...] = ()

    def stopping(self, reasons: Iterable[str] = ()) -> tuple[Trouble, ...]:
        """What must be mended before it passes, given the keys of those for which a reason was stated."""
        given = set(reasons)
        return tuple(
            one
            for one in self.troubles
            if one.severity == "error" or (one.severity == "reason" and one.key not in given)
        )


class CheckError(ValueError):
    """A check that is refused when it is loaded; the words name it, the part and the place."""


@dataclass(frozen=True, kw_only=True)
class _Side:
    """The names of one side that may be missing, and what that means for it."""

    names: frozenset[str]
    missing: Missing

    def absent(self, missing: set[str]) -> bool:
        if self.missing == "never" or not self.names:
            return False
        if self.missing == "skip_all":
            return self.names <= missing
        return not self.names.isdisjoint(missing)


@dataclass(frozen=True, kw_only=True)
class _Rule:
    """A check, compiled."""

    check: Check
    sides: tuple[_Side, ...]
    expression: Expression | None
    words: frozenset[str]
    reads: frozenset[str]

    def broken_pair(self, missing: set[str]) -> bool:
        left, right = (not one.absent(missing) for one in self.sides)
        return left != right if self.check.operator == "compulsory_pair" else left and right

    def skipped(self, missing: set[str]) -> bool:
        return any(one.absent(missing) for one in self.sides)


class Checker:
    """Checks returns of one template. Raises CheckError for a check that cannot be."""

    def __init__(self, template: Template, checks: Sequence[Check], functions: tuple[Function, ...] = ()) -> None:
        self.template = template
        self.view = View(template)
        self._functions = functions
        self._languages: dict[str, Language] = {}
        self.checks = (*checks, *implied(template))
        seen: set[str] = set()
        for check in self.checks:
            if check.id in seen:
                raise CheckError(_("%(code)s stands twice.") % {"code": check.id})
            seen.add(check.id)
        self._rules = [self._compiled(check) for check in self.checks]
        self._suites: dict[tuple[str, str], _Suite] = {}

    @cached_property
    def by_id(self) -> dict[str, Check]:
        return {check.id: check for check in self.checks}

    def check(self, filled: Filled) -> Verdict:
        """All that is wrong with a return, in the order of its panels' form and then of the checks."""
        troubles = list(self._of_form(filled))
        faults: list[str] = []
        for panel in ("", *(panel.code for panel in self.template.asked_of(filled.filler) if panel.repeats)):
            suite = self._suite(filled.filler, panel)
            if suite.rules and (not panel or filled.rows.get(panel)):
                suite.ask(filled, troubles, faults)
        return Verdict(troubles=tuple(troubles), faults=tuple(faults))

    def _suite(self, filler: str, panel: str) -> "_Suite":
        key = (filler, panel)
        if key not in self._suites:
            asked = {one.code for one in self.template.asked_of(filler)}
            rules = [
                rule
                for rule in self._rules
                if rule.check.each == panel and filler in rule.check.fills and self._panels(rule) <= asked
            ]
            self._suites[key] = _Suite(self._language(panel), self.view, panel, rules)
        return self._suites[key]

    def _panels(self, rule: _Rule) -> set[str]:
        """The panels whose cells a rule reads."""
        found = {rule.check.each} if rule.check.each else set()
        return found | {panel for name in rule.reads if (panel := _panel_of(name, self.template))}

    def _language(self, panel: str) -> Language:
        if panel not in self._languages:
            names = self.view.row(panel) if panel else self.view.top
            self._languages[panel] = Language(names, self._functions)
        return self._languages[panel]

    def _compiled(self, check: Check) -> _Rule:
        panels = {panel.code: panel for panel in self.template.panels}
        if check.each and (check.each not in panels or not panels[check.each].repeats):
            raise _refusal(check, _("“%(panel)s” is no panel with rows.") % {"panel": check.each})
        language = self._language(check.each)
        may_miss = self.view.row_may_miss(check.each) if check.each else self.view.may_miss
        sides, reads = [], frozenset[str]()
        for part, source, missing in _parts(check):
            expression = _compile(check, part, source, language)
            reads |= expression.names
            sides.append(_Side(names=expression.names & may_miss, missing=missing))
        whole = None
        if check.source_text:
            whole = _compile(check, "expression", check.source_text, language)
            if whole.yields != "BOOL":
                raise _refusal(
                    check,
                    _("The expression gives %(kind)s, not yes or no.")
                    % {"kind": KINDS.get(whole.yields.lower(), whole.yields)},
                )
        for place in check.shows:
            if place not in self.template.cells and place not in panels:
                raise _refusal(check, _("It shows at %(place)s, which is no element and no panel.") % {"place": place})
        words = frozenset(
            name
            for text in (check.zh, check.en, check.instead_zh, check.instead_en)
            for name in PLACEHOLDER.findall(text)
        )
        if unknown := words - language.variables.keys():
            raise _refusal(
                check, _("Its words name %(names)s, which nothing is called.") % {"names": ", ".join(sorted(unknown))}
            )
        rule = _Rule(check=check, sides=tuple(sides), expression=whole, words=words, reads=reads)
        self._prove_level(rule)
        return rule

    def _prove_level(self, rule: _Rule) -> None:
        """What a check reads decides how far it looks; its data must say the same."""
        words = {name.split(".")[0] for name in rule.reads}
        if "below" in words:
            least = {"cross_unit"}
        elif "last" in words:
            least = {"cross_month"}
        elif len(self._panels(rule)) > 1:
            least = {"cross_panel"}
        else:
            least = {"field", "panel"}
        if rule.check.level not in least:
            read = " / ".join(str(LEVELS[one]) for one in LEVELS if one in least)
            told = {"said": LEVELS[rule.check.level], "read": read}
            raise _refusal(rule.check, _("It says “%(said)s”, but reads as “%(read)s”.") % told)

    def _of_form(self, filled: Filled) -> Iterator[Trouble]:
        if filled.empty:
            yield Trouble(check="empty", level="panel", severity="error", cells=())
        for panel in self.template.asked_of(filled.filler):
            if panel.code in filled.nothing:
                if not panel.none:
                    yield _formal("not_none", panel.code)
                elif filled.rows.get(panel.code) or any(cell.name in filled.values for cell in self._cells(panel)):
                    yield _formal("none_and_written", panel.code)
            elif panel.repeats:
                yield from self._rows(panel, filled)
            else:
                for cell in self.template.by_panel[panel.code]:
                    if cell.name not in filled.values:
                        if cell.needed:
                            yield _formal("blank", cell.name)
                    elif filled.values[cell.name] is None and not cell.element.none:
                        yield _formal("not_none", cell.name)

    def _cells(self, panel: Panel) -> tuple[Cell, ...]:
        return self.template.by_panel[panel.code]

    def _rows(self, panel: Panel, filled: Filled) -> Iterator[Trouble]:
        rows = filled.rows.get(panel.code, ())
        if not rows and panel.needed:
            yield _formal("no_rows", panel.code)
        for number, row in enumerate(rows, 1):
            for cell in self.template.by_panel[panel.code]:
                code = cell.element.code
                if code not in row:
                    if cell.needed:
                        yield _formal("blank", cell.name, number)
                elif row[code] is None and not cell.element.none:
                    yield _formal("not_none", cell.name, number)


class _Suite:
    """The checks that are asked together: those of a whole return, or those of each row of a panel."""

    def __init__(self, language: Language, view: View, panel: str, rules: list[_Rule]) -> None:
        self.rules, self._panel, self._language = rules, panel, language
        self._computed = [rule for rule in rules if rule.expression]
        self._pairs = [rule for rule in rules if rule.check.operator in PAIRS]
        wanted = frozenset(name for rule in rules for name in rule.reads | rule.words)
        self._eyes: Eyes | RowEyes = RowEyes(view, panel, wanted) if panel else Eyes(view, wanted)
        self._together = language.together([rule.expression for rule in self._computed if rule.expression])

    def ask(self, filled: Filled, troubles: list[Trouble], faults: list[str]) -> None:
        for row, seen in self._seen(filled):
            answers = self._together.values(self._language.activation(seen.values))
            for rule, answer in zip(self._computed, answers, strict=True):
                if answer is True or rule.skipped(seen.missing):
                    continue
                if answer is False:
                    troubles.append(_broken(rule, seen, row))
                else:
                    faults.append(f"{rule.check.id}: {answer}")
            troubles += [_broken(rule, seen, row) for rule in self._pairs if rule.broken_pair(seen.missing)]

    def _seen(self, filled: Filled) -> list[tuple[int, Seen]]:
        if isinstance(self._eyes, Eyes):
            return [(0, self._eyes.look(filled))]
        rows: Sequence[Mapping[str, Value | None]] = filled.rows.get(self._panel, ())
        return list(enumerate(self._eyes.look(filled, rows), 1))


def _broken(rule: _Rule, seen: Seen, row: int) -> Trouble:
    check = rule.check
    named = {name: seen.values[name] for name in sorted(rule.words) if name not in seen.missing}
    return Trouble(check=check.id, level=check.level, severity=check.severity, cells=check.shows, row=row, values=named)


def _formal(check: str, place: str, row: int = 0) -> Trouble:
    return Trouble(check=check, level="field", severity="error", cells=(place,), row=row)


def _parts(check: Check) -> Iterator[tuple[str, str, Missing]]:
    if check.left and check.right:
        yield "left", check.left.expression, check.left.missing
        yield "right", check.right.expression, check.right.missing
    else:
        yield "expression", check.expression, check.missing


def _refusal(check: Check, reason: str) -> CheckError:
    return CheckError(f"{check.id}: {reason}")


def _compile(check: Check, part: str, source: str, language: Language) -> Expression:
    try:
        return language.compile(source)
    except ExpressionError as error:
        place = {"part": PARTS[part], "line": error.line, "column": error.column, "reason": error.reason}
        words = _("%(part)s, line %(line)s, sign %(column)s: %(reason)s") % place
        raise _refusal(check, words) from None


def _panel_of(name: str, template: Template) -> str:
    """The panel of which a name speaks, "" for months, facts and the like."""
    words = name.split(".")
    codes = {panel.code for panel in template.panels}
    return next((word for word in words[:2] if word in codes), "")
