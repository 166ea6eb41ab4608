"""Small duties that run for ever beside the job queue: the sequencer, the clock, what rooms add.

Each runs in a thread of the worker; a failure is logged and the duty goes on. Every duty is safe to run twice at once.
"""

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from django.db import connection

from anlan.kernel import clock
from anlan.kernel.models import Pulse

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Duty:
    name: str
    run: Callable[[], object]
    every: float
    """Seconds between the end of one run and the begin of the next."""


duties: dict[str, Duty] = {}


def duty(name: str, *, every: float) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Register the decorated function as a duty."""

    def register(run: Callable[[], object]) -> Callable[[], object]:
        duties[name] = Duty(name=name, run=run, every=every)
        return run

    return register


PULSE_SECONDS = 30


def serve(one: Duty, stop: threading.Event) -> None:
    """Run a duty until told to stop."""
    last_pulse = 0.0
    while not stop.is_set():
        try:
            one.run()
            moment = clock.now()
            if moment.timestamp() - last_pulse > PULSE_SECONDS:
                Pulse.objects.update_or_create(
                    name=one.name, defaults={"at": moment, "host": socket.gethostname()[:80]}
                )
                last_pulse = moment.timestamp()
        except Exception:
            log.exception("duty.failed", duty=one.name)
            connection.close()
            stop.wait(1.0)
        stop.wait(one.every)
    connection.close()


def start_all(stop: threading.Event) -> list[threading.Thread]:
    threads = [
        threading.Thread(target=serve, args=(one, stop), name=f"duty-{one.name}", daemon=True)
        for one in duties.values()
    ]
    for thread in threads:
        thread.start()
    return threads
