"""A town whose reports stand on the plaza."""

from typing import Any

import pytest

from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.reports.models import PublicReport, Report, ReportPhoto
from anlan.reports.plaza.keeping import PLAZA
from anlan.reports.plaza.serving import kept
from tests.factories import make_city
from tests.reports.conftest import Town, make_town

WORDS, PLACE = "安全出口上锁", "幸福小区"
SECRET = "我是三号楼的韩小满"
"""Words of a report that nobody may find on an open page."""


class Plaza(Town):
    """The town, and how a report comes onto the plaza."""

    def shown(self, words: str = WORDS, *, photos: int = 0, place: str = PLACE, **over: Any) -> Report:
        given = [self.photo(self.reporter) for _each in range(photos)]
        data = {
            "words": SECRET,
            "photos": given,
            "lon": "111.518912",
            "lat": "36.088437",
            "address": "三号楼二单元",
        } | over
        report = self.send(**data)
        with scope.acting(SYSTEM):
            pictures = list(ReportPhoto.objects.filter(report=report).values_list("pk", flat=True))
        return self.do(
            self.city.dispatcher, report, "screen", category=over.get("category", "fire_exit"), public_words=words,
            public_place=place, shown=pictures,
        )  # fmt: skip

    def edit(self, report: Report, **facts: Any) -> Report:
        return self.do(
            self.city.dispatcher,
            report,
            "edit_public",
            **({"public_words": WORDS, "public_place": PLACE, "public": True} | facts),
        )


@pytest.fixture
def plaza(db: Any) -> Plaza:
    kept.forget()
    town = make_town(make_city())
    return Plaza(**vars(town))


def on_the_plaza() -> set[str]:
    with scope.acting(PLAZA):
        return set(PublicReport.objects.values_list("number", flat=True))
