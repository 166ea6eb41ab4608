"""The worker's part of a photo's arrival, in tests: what waits is drawn."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection

from anlan.files.drawing import draw
from anlan.files.models import File
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM


def waiting() -> list[UUID]:
    with scope.acting(SYSTEM):
        return list(File.objects.filter(undrawn=True).order_by("uploaded_at").values_list("pk", flat=True))


def draw_waiting() -> int:
    """Draw what waits; returns how many."""
    found = waiting()
    for one in found:
        draw(one, last=True)
    return len(found)


@contextmanager
def drawn_beside() -> Iterator[None]:
    """Photos are drawn all the while, in a thread of their own, as beside a server that runs."""
    over = threading.Event()

    def work() -> None:
        while not over.wait(0.2):
            draw_waiting()
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(60)
