"""What organisations and people have in common: some thousand rows, judged one by one in memory."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from django.utils.translation import gettext as _

from anlan.kernel.actor import Actor
from anlan.kernel.errors import Invalid
from anlan.kernel.exchange.reading import open_reading
from anlan.kernel.exchange.report import Report
from anlan.registry.loading.faults import Marker
from anlan.registry.models import Industry
from anlan.registry.workbooks import reading_choices, spec

MOST = 5_000
_BETWEEN = re.compile(r"[,，、;；\n]+")


class SmallLoading:
    """Keeps the rows; the kinds say what to check and write."""

    kind: str

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.marker = Marker(spec(self.kind).sheets[0])
        self.rows: list[tuple[int, dict[str, Any]]] = []
        self.fields = {word.casefold(): row for row in Industry.objects.all() for word in (row.zh, row.en, row.code)}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self.rows.clear()

    def read(self, path: Path, progress: Callable[[int], None]) -> Report:
        with open_reading(path, spec(self.kind), choices=reading_choices(self.kind)) as reading:
            for batch in reading:
                self.marker.title, self.marker.places = batch.title, batch.places
                keys = list(batch.columns)
                found = zip(batch.rows, batch.tuples(), strict=True)
                self.rows += [(row, dict(zip(keys, values, strict=True))) for row, values in found]
                if len(self.rows) > MOST:
                    raise Invalid(_("At most %(limit)s rows are taken in one file. Split it."), limit=MOST)
                progress(len(self.rows))
        return reading.report

    def check(self, report: Report) -> None:
        """Inside the actor's transaction: what only the database knows to be wrong."""
        raise NotImplementedError

    def write(self) -> dict[str, int]:
        """Inside the same transaction, when nothing is wrong."""
        raise NotImplementedError

    def check_region(self, report: Report, row: int, region: int | None) -> bool:
        if region is None or self.actor.covers(region):
            return True
        self.marker.add(report, row, "region", "registry.outside", region)
        return False

    def mask(self, report: Report, row: int, words: str | None, *, empty: int) -> int:
        """The bits of industries listed in one cell."""
        if not words:
            return empty
        mask = 0
        for word in filter(None, (one.strip() for one in _BETWEEN.split(words))):
            field = self.fields.get(word.casefold())
            if field is None:
                self.marker.add(report, row, "industries", "registry.unknown_industry", words, word=word)
            else:
                mask |= 1 << field.bit
        return mask
