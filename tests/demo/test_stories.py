"""What the demo city's stories may hold together, whatever the day and the number of hazards."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from anlan.demo.city.enterprises import Firm
from anlan.demo.city.stage import Stage
from anlan.demo.city.stories import Story, Teller
from anlan.demo.words import WordBank
from anlan.kernel import clock
from anlan.kernel.clock import SHANGHAI
from anlan.kernel.errors import WrongState

FIRM = Firm(
    id=UUID(int=1), name="安澜铸造厂", region=330183001, county=330183, industry="gongmao", bit=0, trade=None, sites=(),
    point=(120.0, 30.0), principal="王某", manager="李某",
)  # fmt: skip
START = datetime(2026, 11, 23, 10, tzinfo=SHANGHAI)


def test_what_was_opened_again_is_not_found_once_more():
    rng = random.Random(7)
    bank = WordBank(rng)
    teller = Teller(rng, bank, hours=None, firms=[FIRM], first=0)
    words = bank.hazard("gongmao", trade=None, grade="general")
    told = Counter()
    for _ in range(12_000):
        story = Story(firm=FIRM, stop="closed", source="county", words=words, start=START, gaps={}, span=9)
        teller._peculiarities(story)
        told[story.look_back, story.again] += 1
    assert told["holds", True]
    assert told["closed", True]
    assert told["rectifying", False]
    assert not told["rectifying", True], "an open hazard takes a new finding in; nobody grades it a second time"


@pytest.mark.django_db
def test_a_refused_step_ends_its_own_story_alone():
    stage, acts = Stage(begins=START), []

    def refused() -> Iterator[datetime]:
        yield START + timedelta(hours=1)
        raise WrongState("already graded")

    def goes_on() -> Iterator[datetime]:
        for hours in (1, 2, 3):
            yield START + timedelta(hours=hours)
            acts.append(clock.now())

    stage.enter(refused())
    stage.enter(goes_on())
    stage.play(until=START + timedelta(days=1), told=lambda: None)
    assert len(acts) == 3
    assert stage.left_out == [WrongState.code]


@pytest.mark.django_db
def test_a_fault_of_ours_is_not_taken_for_a_refusal():
    def broken() -> Iterator[datetime]:
        yield START + timedelta(hours=1)
        raise ZeroDivisionError

    stage = Stage(begins=START)
    stage.enter(broken())
    with pytest.raises(ZeroDivisionError):
        stage.play(until=START + timedelta(days=1), told=lambda: None)
