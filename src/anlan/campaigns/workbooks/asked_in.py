"""The workbook of what is asked, back into texts of TOML, with every fault at its row."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ValidationError

from anlan.campaigns.returns import naming
from anlan.campaigns.returns.checking import Checker, CheckError
from anlan.campaigns.returns.rulebook import Case, Check
from anlan.campaigns.returns.shipped import checker_of
from anlan.campaigns.returns.template import Dimension, Element, Fact, Panel, Template, TemplateError, parse
from anlan.campaigns.returns.texts import checks_text, template_text
from anlan.campaigns.returns.trying import disproved, said_wrong
from anlan.campaigns.workbooks.asked import OPTIONAL, book, reading
from anlan.kernel.exchange.reading import open_reading
from anlan.kernel.exchange.report import Report
from anlan.kernel.wording import words
from anlan.registry.facilities import split_words

Row = dict[str, Any]
NO_PANEL = _("There is no panel of this code on its sheet.")
NO_CHECK = _("There is no check of this code on its sheet.")
ONE_ROW = _("Exactly one row stands here.")
THREE = _("Write it as: code | in Chinese | in English.")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Where, and what is wrong there. Row 0: the sheet as a whole."""

    sheet: str
    row: int
    column: str
    reason: str


@dataclass(kw_only=True)
class Read:
    """`template` and `checks` are texts once nothing is wrong."""

    faults: list[Fault] = field(default_factory=list)
    template: str = ""
    checks: str = ""
    checker: Checker | None = None

    @property
    def ok(self) -> bool:
        return not self.faults


def read(path: Path) -> Read:
    """Raises Refused for what is no workbook."""
    with open_reading(path, book(), choices=reading()) as found:
        rows: dict[str, list[Row]] = {}
        titles: dict[str, str] = {}
        for batch in found:
            titles[batch.sheet.name] = batch.title
            keys = list(batch.columns)
            rows.setdefault(batch.sheet.name, []).extend(
                {"#": number, **dict(zip(keys, values, strict=True))}
                for number, values in zip(batch.rows, batch.tuples(), strict=True)
            )
        return _Reader(rows, titles, found.report).read()


def read_texts(template: str, checks: str) -> Read:
    """The same for texts of TOML: faults name their place instead of a row."""
    result = Read()
    names = {"general": _("Template"), "checks": _("Checks"), "examples": _("Examples")}
    try:
        checker = checker_of(template, checks)
    except TemplateError as error:
        return Read(faults=[_told(names["general"], part) for part in str(error).split("; ")])
    except CheckError as error:
        return Read(faults=[_told(names["checks"], part) for part in str(error).split("; ")])
    result.faults = [_told(names["examples"], one) for one in disproved(checker)]
    if result.ok:
        result.template, result.checks, result.checker = template, checks, checker
    return result


def _told(sheet: Any, reason: str) -> Fault:
    return Fault(sheet=str(sheet), row=0, column="", reason=reason)


class _Reader:
    def __init__(self, rows: dict[str, list[Row]], titles: dict[str, str], report: Report) -> None:
        self.rows, self.titles, self.report = rows, titles, report
        self.sheets = {sheet.name: sheet for sheet in book().sheets}
        self.result = Read()

    def read(self) -> Read:
        self._cells()
        general = self._of("general")
        if len(general) != 1:
            self._fault("general", 0, "", str(ONE_ROW))
        template = self._template(general[0] if general else {})
        checks = self._checks()
        if not self.result.faults:
            self._whole(template, checks)
        return self.result

    def _of(self, sheet: str) -> list[Row]:
        return self.rows.get(sheet, [])

    def _fault(self, sheet: str, row: int, column: str, reason: str) -> None:
        spec = self.sheets[sheet]
        title = next((str(one.title) for one in spec.columns if one.key == column), column)
        self.result.faults.append(
            Fault(sheet=self.titles.get(sheet, str(spec.title)), row=row, column=title, reason=reason)
        )

    def _cells(self) -> None:
        """What each cell alone can tell; an optional sheet may be empty or absent."""
        optional = {str(self.sheets[name].title) for name in OPTIONAL} | {
            title for name, title in self.titles.items() if name in OPTIONAL
        }
        for one in self.report.faults:
            if one.row or one.code not in ("no_rows", "missing_sheet") or one.sheet not in optional:
                self.result.faults.append(Fault(sheet=one.sheet, row=one.row, column=one.column, reason=one.reason))

    def _model(self, sheet: str, row: Row, model: type[BaseModel], data: Row) -> bool:
        """Whether the row makes a sound part of the whole; each reason at its column."""
        try:
            model.model_validate(data)
        except ValidationError as error:
            for one in error.errors(include_url=False, include_input=False):
                self._fault(sheet, row["#"], str(one["loc"][0]) if one["loc"] else "", str(words(dict(one))))
            return False
        return True

    def _template(self, general: Row) -> Row:
        panels: dict[str, Row] = {}
        for row in self._of("panels"):
            data = _given(row) | {"fills": self._fillers("panels", row), "elements": []}
            if self._model("panels", row, Panel, data | {"elements": [_ANY]}):
                panels[data["code"]] = data
        for row in self._of("elements"):
            data = _given(row, leave=("panel", "options"))
            if row["options"]:
                data["options"] = self._options(row)
            if self._model("elements", row, Element, data):
                if row["panel"] in panels:
                    panels[row["panel"]]["elements"].append(data)
                else:
                    self._fault("elements", row["#"], "panel", str(NO_PANEL))
        for row in self._of("panels"):
            data = panels.get(row["code"] or "", {})
            if data:
                self._model("panels", row, Panel, data)
        facts = [_given(row) for row in self._of("facts")]
        for row, data in zip(self._of("facts"), facts, strict=True):
            self._model("facts", row, Fact, data)
        return {
            **_given(general),
            "dimensions": list(self._dimensions()),
            "facts": facts,
            "panels": list(panels.values()),
        }

    def _dimensions(self) -> Iterator[Row]:
        found: dict[str, Row] = {}
        for row in self._of("dimensions"):
            empty: Row = {"code": row["dimension"], "zh": row["dimension_zh"], "en": row["dimension_en"], "members": []}
            one = found.setdefault(row["dimension"], empty | {"#": row["#"]})
            one["members"].append({name: row[name] for name in ("code", "zh", "en")})
        for one in found.values():
            data = {name: part for name, part in one.items() if name != "#"}
            self._model("dimensions", one, Dimension, data)
            yield data

    def _options(self, row: Row) -> list[Row]:
        found = []
        for line in row["options"].splitlines():
            parts = [part.strip() for part in line.split("|")]
            if len(parts) != 3:
                self._fault("elements", row["#"], "options", str(THREE))
                continue
            found.append(dict(zip(("code", "zh", "en"), parts, strict=True)))
        return found

    def _fillers(self, sheet: str, row: Row) -> list[str]:
        known = {word.casefold(): code for word, code in reading()["fillers"].items()}
        asked = split_words(row["fills"] or "")
        if strangers := [word for word in asked if word.casefold() not in known]:
            self._fault(sheet, row["#"], "fills", _NOT_FILLERS % {"words": "、".join(strangers)})
        return list(dict.fromkeys(known[word.casefold()] for word in asked if word.casefold() in known))

    def _checks(self) -> list[Row]:
        found: dict[str, Row] = {}
        self.places: dict[str, int] = {}
        self.examples: dict[tuple[str, str, int], int] = {}
        for row in self._of("checks"):
            data = _given(row, leave=("left", "left_missing", "right", "right_missing", "fills", "shows"))
            data["shows"] = split_words(row["shows"] or "")
            if row["fills"]:
                data["fills"] = self._fillers("checks", row)
            for side in ("left", "right"):
                if row[side]:
                    data[side] = {"expression": row[side]} | _if("missing", row[f"{side}_missing"])
            if self._model("checks", row, Check, data):
                found[data["id"]] = data
                self.places[data["id"]] = row["#"]
        for row in self._of("examples"):
            self._example(row, found)
        return list(found.values())

    def _example(self, row: Row, checks: dict[str, Row]) -> None:
        try:
            data = tomllib.loads(row["content"] or "")
        except tomllib.TOMLDecodeError as error:
            self._fault("examples", row["#"], "content", str(error))
            return
        data |= _if("filler", row["filler"]) | _if("month", row["month"])
        if not self._model("examples", row, Case, data):
            return
        check = checks.get(row["check"])
        if check is None:
            self._fault("examples", row["#"], "check", str(NO_CHECK))
            return
        cases = check.setdefault(row["outcome"], [])
        cases.append(data)
        self.examples[row["check"], row["outcome"], len(cases)] = row["#"]

    def _whole(self, template: Row, checks: list[Row]) -> None:
        """What only the whole can tell: names that nothing is called, sums that compare nothing, examples that do not come true."""
        text = template_text(template)
        try:
            asked: Template = parse(text)
        except TemplateError as error:
            self._fault("general", 0, "", str(error))
            return
        sound = []
        for one in checks:
            check = Check.model_validate(one)
            try:
                Checker(asked, [check], naming.FUNCTIONS)
            except CheckError as error:
                self._fault("checks", self.places[check.id], "expression", str(error).removeprefix(f"{check.id}: "))
            else:
                sound.append(check)
        if self.result.faults:
            return
        try:
            checker = Checker(asked, sound, naming.FUNCTIONS)
        except CheckError as error:
            self._fault("checks", 0, "", str(error))
            return
        for wrong in said_wrong(checker):
            place = self.examples.get((wrong.check, wrong.outcome, wrong.number), 0)
            self._fault("examples", place, "content", wrong.words)
        if self.result.ok:
            self.result.template, self.result.checks, self.result.checker = text, checks_text(checks), checker


_ANY: Row = {"code": "x", "type": "text", "zh": "x", "en": "x"}
_NOT_FILLERS = _("Nobody fills in as: %(words)s.")


def _given(row: Row, leave: tuple[str, ...] = ()) -> Row:
    """What is written in a row; an empty cell is the default."""
    return {name: one for name, one in row.items() if name != "#" and name not in leave and one not in (None, "")}


def _if(name: str, one: Any) -> Row:
    return {} if one in (None, "") else {name: one}
