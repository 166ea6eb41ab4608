"""From cells to values, a column at a time: what is in order passes in a few C-level sweeps, only the rest is looked at singly."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from anlan.kernel.clock import SHANGHAI
from anlan.kernel.codes import tidy
from anlan.kernel.exchange.headings import closest, fold_heading
from anlan.kernel.exchange.report import shown
from anlan.kernel.exchange.spec import BIGINT, Choices, Column
from anlan.kernel.exchange.wire import Cell
from anlan.kernel.text import TextError, clean_line, clean_text, is_clean

CACHED = 200_000

_EXACT = 10**15  # Excel keeps 15 digits
_EPOCH = date(1899, 12, 30)  # serial 61 is 1 March 1900; before it Excel counts a day that never was
_GUARDED = re.compile(r"'(?=[=+\-@])")
_DATE = re.compile(r"(\d{4})(?:[-/.年])(\d{1,2})(?:[-/.月])(\d{1,2})日?|(\d{4})(\d{2})(\d{2})")
_TIME = re.compile(r"(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})秒?|分)?")
_YES = frozenset({"是", "有", "yes", "y", "true", "1", "√", "✓"})
_NO = frozenset({"否", "无", "no", "n", "false", "0", "×"})


class _Wrong(Exception):
    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class Bad:
    """`index` within the batch."""

    index: int
    value: str
    code: str
    params: dict[str, Any]


class Converter:
    """One for each column of a file; remembers what it saw, since columns repeat themselves."""

    def __init__(self, column: Column, choices: Choices) -> None:
        self.column = column
        self.labels = column.labels(choices) if column.kind == "choice" else {}
        self.folded = {fold_heading(label): value for label, value in self.labels.items()}
        self.seen: dict[type, dict[Any, Any]] = {}
        self.judged: dict[Any, Any] = {}
        self.single: Callable[[Any], Any] = getattr(self, f"_{column.kind}")

    def convert(self, cells: Sequence[Cell]) -> tuple[list[Any], list[Bad]]:
        values = self._swept(cells)
        bad: list[Bad] = []
        if values is None:
            values = self._one_by_one(cells, bad)
        if self.column.validate:
            self._judge(values, cells, bad)
        if self.column.required and None in values:
            wrong = {fault.index for fault in bad}
            bad += [Bad(n, "", "required", {}) for n, value in enumerate(values) if value is None and n not in wrong]
        return values, bad

    # A whole column at once; None when it needs a closer look.

    def _swept(self, cells: Sequence[Cell]) -> list[Any] | None:
        types = set(map(type, cells)) - {type(None)}
        if not types:
            return list(cells)
        if len(types) > 1:
            return None
        kind = self.column.kind
        if types == {str} and kind in {"text", "code"}:
            return self._swept_text(cells)
        if types == {float} and kind == "int":
            return self._swept_ints(cells)
        if types == {date} and kind == "date":
            return list(cells)
        if types == {float} and kind == "decimal":
            return self._swept_decimals(cells)
        return None

    def _swept_text(self, cells: Sequence[Any]) -> list[Any] | None:
        filled = [cell for cell in cells if cell is not None]
        joined = "".join(filled)
        if not _tidy(joined, filled):
            return None
        lengths = list(map(len, filled))
        column = self.column
        if column.max_length is not None and max(lengths) > column.max_length:
            return None
        if column.kind == "code":
            if not joined.isascii() or joined != joined.upper():
                return None
            if column.exact_length is not None and {*lengths} != {column.exact_length}:
                return None
        return list(cells)

    def _swept_ints(self, cells: Sequence[Any]) -> list[Any] | None:
        filled = [cell for cell in cells if cell is not None]
        if not all(map(float.is_integer, filled)) or not (min(filled) > -_EXACT and max(filled) < _EXACT):
            return None
        low, high = self._range()
        if min(filled) < low or max(filled) > high:
            return None
        return list(map(int, filled)) if len(filled) == len(cells) else [None if c is None else int(c) for c in cells]

    def _swept_decimals(self, cells: Sequence[Any]) -> list[Any] | None:
        filled = [cell for cell in cells if cell is not None]
        low, high = self._range()
        if min(filled) < low or max(filled) > min(high, _EXACT):
            return None
        places = self.column.places
        # By way of the shortest text, as 2.675 in the cell is no binary fraction.
        return [None if cell is None else round(Decimal(repr(cell)), places) for cell in cells]

    # Value by value: each different one once.

    def _one_by_one(self, cells: Sequence[Cell], bad: list[Bad]) -> list[Any]:
        if sum(map(len, self.seen.values())) > CACHED:
            self.seen.clear()
        by_kind: dict[type, set[Any]] = {}
        for kind in set(map(type, cells)) - {type(None)}:
            # True == 1.0 == 1, so each kind remembers its own.
            by_kind[kind] = {cell for cell in cells if type(cell) is kind}
        wrong = False
        for kind, found in by_kind.items():
            seen = self.seen.setdefault(kind, {})
            seen.update((cell, self._tried(cell)) for cell in found - seen.keys())
            wrong = wrong or any(isinstance(seen[cell], _Wrong) for cell in found)
        if len(by_kind) == 1 and not wrong:
            return list(map(self.seen[next(iter(by_kind))].get, cells))
        return [self._remembered(index, cell, bad) for index, cell in enumerate(cells)]

    def _remembered(self, index: int, cell: Cell, bad: list[Bad]) -> Any:
        value = None if cell is None else self.seen[type(cell)][cell]
        if isinstance(value, _Wrong):
            bad.append(Bad(index, shown(cell), value.code, value.params))
            return None
        return value

    def _tried(self, cell: Cell) -> Any:
        try:
            return self.single(cell)
        except _Wrong as wrong:
            if self.column.meant and isinstance(cell, str) and (value := self.column.meant(cell)) is not None:
                return value
            return wrong

    def _judge(self, values: list[Any], cells: Sequence[Cell], bad: list[Bad]) -> None:
        validate, judged = self.column.validate, self.judged
        if validate is None:
            return
        if len(judged) > CACHED:
            judged.clear()
        fresh = set(values) - judged.keys()
        fresh.discard(None)
        judged.update((value, validate(value)) for value in fresh)
        if len(fresh) == len(values) and not any(judged[value] for value in fresh):
            return
        for index, value in enumerate(values):
            if value is not None and (message := judged[value]):
                bad.append(Bad(index, shown(cells[index]), "rule", {"message": str(message)}))
                values[index] = None

    def _range(self) -> tuple[int, int]:
        column = self.column
        return (
            -BIGINT if column.minimum is None else column.minimum,
            BIGINT - 1 if column.maximum is None else column.maximum,
        )

    def _text(self, cell: Any) -> str | None:
        text = _written(cell)
        try:
            text = (clean_text if self.column.multiline else clean_line)(
                _GUARDED.sub("", text, count=1) if text[:1] == "'" else text
            )
        except TextError as error:
            unfit = next(letter for letter in text if not is_clean(letter))
            raise _Wrong("unfit", name=f"U+{ord(unfit):04X}") from error
        self._check_length(text)
        return text or None

    def _code(self, cell: Any) -> str | None:
        if isinstance(cell, float | int) and not isinstance(cell, bool):
            if abs(cell) >= _EXACT:
                raise _Wrong("lost_digits")
            if cell != int(cell) or cell < 0:
                raise _Wrong("not_a_code")
            text = str(int(cell))
            if self.column.exact_length is not None and len(text) < self.column.exact_length:
                raise _Wrong("lost_zeros", count=self.column.exact_length)
        elif isinstance(cell, bool | date):
            raise _Wrong("not_a_code")
        else:
            text = tidy(self._text(cell) or "")
        if text and self.column.exact_length is not None and len(text) != self.column.exact_length:
            raise _Wrong("wrong_length", count=len(text), limit=self.column.exact_length)
        self._check_length(text)
        return text or None

    def _check_length(self, text: str) -> None:
        if self.column.max_length is not None and len(text) > self.column.max_length:
            raise _Wrong("too_long", count=len(text), limit=self.column.max_length)

    def _number(self, cell: Any) -> Decimal | None:
        if isinstance(cell, bool | date):
            raise _Wrong("not_a_number")
        text = (
            repr(cell) if isinstance(cell, float) else unicodedata.normalize("NFKC", str(cell)).replace(",", "").strip()
        )
        if not text:
            return None
        try:
            number = Decimal(text) if text.isascii() and "_" not in text else Decimal("nan")
        except InvalidOperation:
            number = Decimal("nan")
        if not number.is_finite() or number.adjusted() > 30:
            raise _Wrong("not_a_number")
        return number

    def _checked_range(self, number: Any) -> Any:
        low, high = self._range()
        if number < low:
            raise _Wrong("too_small", limit=low)
        if number > high:
            raise _Wrong("too_large", limit=high)
        return number

    def _int(self, cell: Any) -> int | None:
        number = self._number(cell)
        if number is None:
            return None
        if number != number.to_integral_value():
            raise _Wrong("not_whole")
        self._checked_range(number)
        if isinstance(cell, float) and abs(cell) >= _EXACT:
            raise _Wrong("lost_digits")
        return int(number)

    def _decimal(self, cell: Any) -> Decimal | None:
        number = self._number(cell)
        return None if number is None else self._checked_range(round(number, self.column.places))

    def _date(self, cell: Any) -> date | None:
        if isinstance(cell, datetime):
            return cell.date()
        if isinstance(cell, date):
            return cell
        if isinstance(cell, float) and 61 <= cell < 2_958_466:
            return _EPOCH + timedelta(days=int(cell))
        found = _DATE.fullmatch(_written(cell).strip()) if not isinstance(cell, bool) else None
        day = _day(found)
        if day is None:
            raise _Wrong("not_a_date")
        return day

    def _datetime(self, cell: Any) -> datetime | None:
        """A moment in Shanghai, given back as UTC."""
        if isinstance(cell, float) and 61 <= cell < 2_958_466:
            cell = datetime.combine(_EPOCH, time()) + timedelta(seconds=round(cell * 86_400))
        if not isinstance(cell, date):
            words = (
                []
                if isinstance(cell, bool)
                else unicodedata.normalize("NFKC", _written(cell)).replace("T", " ").split()
            )
            day = _day(_DATE.fullmatch(words[0])) if words else None
            clock = _TIME.fullmatch(words[1]) if len(words) == 2 else None
            if day is None or len(words) > 2 or (len(words) == 2 and clock is None):
                raise _Wrong("not_a_moment")
            hour, minute, second = (int(part or 0) for part in clock.groups()) if clock else (0, 0, 0)
            try:
                cell = datetime.combine(day, time(hour, minute, second))
            except ValueError as error:
                raise _Wrong("not_a_moment") from error
        elif not isinstance(cell, datetime):
            cell = datetime.combine(cell, time())
        return cell.replace(tzinfo=SHANGHAI).astimezone(UTC)

    def _choice(self, cell: Any) -> Any:
        text = _written(cell)
        if text in self.labels:
            return self.labels[text]
        folded = fold_heading(text)
        if not folded:
            return None
        if folded in self.folded:
            return self.folded[folded]
        if suggestion := closest(text[:100], self.labels):
            raise _Wrong("not_a_choice_but", suggestion=suggestion)
        raise _Wrong("not_a_choice")

    def _bool(self, cell: Any) -> bool | None:
        if isinstance(cell, bool):
            return cell
        folded = fold_heading(_written(cell))
        if folded in _YES:
            return True
        if folded in _NO:
            return False
        if folded:
            raise _Wrong("not_yes_or_no")
        return None


def _tidy(joined: str, filled: Sequence[str]) -> bool:
    """Nothing for `clean_line` to do or to refuse; may err on the side of no."""
    if not joined.isprintable() or "'" in joined or not unicodedata.is_normalized("NFC", joined):
        return False
    if " " not in joined:
        return True
    apart = "\x1f".join(["", *filled, ""])
    return not ("  " in apart or "\x1f " in apart or " \x1f" in apart)


def _day(found: re.Match[str] | None) -> date | None:
    if found is None:
        return None
    try:
        return date(*(int(part) for part in found.groups() if part))
    except ValueError:
        return None


def _written(cell: Any) -> str:
    """A cell as the text a person sees: 12.0 is 12, a day is 2026-01-31."""
    if isinstance(cell, float) and not isinstance(cell, bool):
        if abs(cell) >= _EXACT:
            raise _Wrong("lost_digits")
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    return cell if isinstance(cell, str) else str(cell)
