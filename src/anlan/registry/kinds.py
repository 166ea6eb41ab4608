"""The kinds of workbooks taken in. A room downstream registers its own in `AppConfig.ready`; no import runs back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from anlan.kernel.actor import Actor
from anlan.kernel.exchange import Choices, WorkbookSpec
from anlan.kernel.exchange.report import Report


class Loading(Protocol):
    """`read` takes the file in, `check` finds what only the database knows, `write` inserts and counts."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...
    def read(self, path: Path, progress: Callable[[int], None]) -> Report: ...
    def check(self, report: Report) -> None: ...
    def write(self) -> dict[str, int]: ...


def _no_choices(_actor: Actor | None = None) -> Choices:
    return {}


@dataclass(frozen=True, kw_only=True)
class ImportKind:
    """`importers` are roles; `choices` are drop-downs of the template, `reading` what a cell may say, beside the common ones."""

    name: str
    label: Any
    importers: frozenset[str]
    loading: Callable[[Actor], Loading]
    spec: Callable[[], WorkbookSpec]
    choices: Callable[[Actor], Choices] = _no_choices
    reading: Callable[[], Choices] = _no_choices
    counted: Mapping[str, Any] | None = None
    """Words for what `write` counted."""


kinds: dict[str, ImportKind] = {}


def register_import(kind: ImportKind) -> None:
    kinds[kind.name] = kind
