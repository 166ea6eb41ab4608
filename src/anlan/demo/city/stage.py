"""The demo city's one clock: every life acts in its turn, and what falls due in between is told as the worker would."""

import heapq
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from itertools import count

import structlog

from anlan.kernel import clock, scope
from anlan.kernel.actor import CLOCK
from anlan.kernel.clock import SHANGHAI
from anlan.kernel.errors import Problem
from anlan.kernel.flow.clockwork import tick
from anlan.kernel.models import Timer

log = structlog.get_logger()
LOOKS = (time(0, 0, 2), time(9, 0, 2))
"""When the clock is looked at: limits end with the day, reminders come in the morning."""


class Stage:
    """Lives are generators that yield the moment of their next act."""

    def __init__(self, *, begins: datetime) -> None:
        self.moment = begins.astimezone(SHANGHAI)
        self.ticks = 0
        self.left_out: list[str] = []
        """What a life was refused, by the code of the refusal: it ended there, and the city went on."""
        self._order = count()
        self._waiting: list[tuple[datetime, int, Iterator[datetime]]] = []

    def enter(self, life: Iterator[datetime]) -> None:
        """A life begins; its first moment must not lie before the stage's present one."""
        self._next(life)

    def play(self, *, until: datetime, told: Callable[[], None]) -> None:
        """Act until nothing is left, then let the clock run to `until`; `told` is called after every act."""
        while self._waiting:
            moment, _, life = heapq.heappop(self._waiting)
            self._pass_time(max(moment, self.moment))
            with clock.at(self.moment):
                self._next(life)
            told()
        self._pass_time(until)
        with clock.at(until):
            self.ticks += tick(until)

    def _next(self, life: Iterator[datetime]) -> None:
        try:
            moment = next(life, None)
        except Problem as refused:
            # Two lives can meet in a way nobody thought of on another day; one of them is no loss to a city of hundreds.
            log.warning("demo_life_ended", code=refused.code, words=str(refused))
            self.left_out.append(refused.code)
            return
        if moment is not None:
            heapq.heappush(self._waiting, (moment, next(self._order), life))

    def _pass_time(self, moment: datetime) -> None:
        if moment < self._next_look():
            self.moment = moment.astimezone(SHANGHAI)
            return
        due = _earliest()
        for look in _looks(self.moment, moment) if due else ():
            if due and due <= look:
                with clock.at(look):
                    self.ticks += tick(look)
                due = _earliest()
        self.moment = moment.astimezone(SHANGHAI)

    def _next_look(self) -> datetime:
        return next(_looks(self.moment, self.moment + timedelta(days=1)))


def _earliest() -> datetime | None:
    with scope.acting(CLOCK):
        return Timer.objects.order_by("at").values_list("at", flat=True).first()


def _looks(after: datetime, upto: datetime) -> Iterator[datetime]:
    day = after.date()
    while day <= clock.day_of(upto):
        for hour in LOOKS:
            look = datetime.combine(day, hour, SHANGHAI)
            if after < look <= upto:
                yield look
        day += timedelta(days=1)
