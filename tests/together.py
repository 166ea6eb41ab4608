"""Things done at the same moment, each on a thread and a connection of its own."""

from collections.abc import Callable
from datetime import datetime
from threading import Barrier, Event, Thread
from typing import Any

from django.db import connection

from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor


def outcomes_of(*calls: Callable[[], Any]) -> list[Any]:
    """What each call answered, or the exception that it ended with, in the order of the calls."""
    outcomes: list[Any] = [None] * len(calls)
    gate = Barrier(len(calls))

    def run(place: int, call: Callable[[], Any]) -> None:
        try:
            gate.wait()
            outcomes[place] = call()
        except Exception as error:
            outcomes[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What each call answered; the first exception is raised."""
    outcomes = outcomes_of(*calls)
    for one in outcomes:
        if isinstance(one, Exception):
            raise one
    return outcomes


def acting(actor: Actor, call: Callable[[], Any]) -> Callable[[], Any]:
    """A call in an actor's scope."""

    def act() -> Any:
        with scope.acting(actor):
            return call()

    return act


def at(moment: datetime, call: Callable[[], Any]) -> Callable[[], Any]:
    """A call at a moment: a thread has the clock of nobody else."""

    def act() -> Any:
        with clock.at(moment):
            return call()

    return act


LONGEST = 10.0
"""Seconds."""
BETWEEN = 1.0
"""Seconds in which the second reads what the first has not ended yet."""


def one_after_the_other(actor: Actor, first: Callable[[], Any], second: Callable[[], Any]) -> None:
    """The second begins when the first, as the actor, has acted and its transaction still stands."""
    acted, begun = Event(), Event()

    def lead() -> None:
        with scope.acting(actor):
            first()
            acted.set()
            begun.wait(LONGEST)
            Event().wait(BETWEEN)

    def follow() -> None:
        acted.wait(LONGEST)
        begun.set()
        second()

    at_once(lead, follow)
