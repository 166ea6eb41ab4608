"""
A citizen's photo is kept at once and drawn afterwards.

The request looks at what needs no decoder, stores the untouched original and writes a row that is `undrawn`. A job, asked for
in the same transaction, decodes it in the limited child and fills in the pictures, what the photo says of itself and its
likeness. One that turns out hostile or broken keeps its original as evidence and names its `flaw`; nothing of it is shown.
"""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog

from anlan.files.actions import drawn_columns, store
from anlan.files.events import PhotoDrawn
from anlan.files.images import inspect_and_derive, look_over
from anlan.files.jobs import ask_again, ask_to_draw
from anlan.files.models import File
from anlan.files.refusals import RefusedFile
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.duties import duty
from anlan.kernel.ids import new_id
from anlan.kernel.sandbox import Limits

log = structlog.get_logger(__name__)

AFTERWARDS = Limits(behind=True, wall_seconds=60)
"""It yields to whoever waits, so it may take longer; what it may reckon stays the same."""
BUSY = "file.busy"
MAY_PASS = frozenset({BUSY, "file.timeout", "file.memory"})
OVERDUE = timedelta(minutes=15)
MOST = 1000


def receive_photo(*, actor: Actor, source: bytes | Path, name: str = "", media_type: str = "") -> File:
    """Keep a photo and ask for its pictures; raises RefusedFile for what can be told without decoding it."""
    arrived = look_over(source, declared_name=name, declared_type=media_type)
    file = File.objects.create(
        id=new_id(),
        kind="photo",
        name=arrived.name,
        media_type=arrived.mime,
        size=len(arrived.data),
        sha256=store().put(arrived.data),
        undrawn=True,
        uploader_id=actor.person,
        uploaded_at=clock.now(),
    )
    ask_to_draw(file.pk)
    return file


def draw(file: UUID, *, last: bool = False) -> None:
    """
    Draw a photo that waits, and tell. Opens its own transactions; none is open while it decodes.

    Done again it only tells again, so it may break off anywhere. Raises RefusedFile for what may pass, unless it is the `last` try.
    """
    with scope.acting(SYSTEM):
        found = File.objects.filter(pk=file).first()
    if found is None:
        return
    if found.undrawn:
        columns = _drawn(found, AFTERWARDS, last=last)
        with scope.acting(SYSTEM):
            File.objects.filter(pk=file, undrawn=True).update(**columns)
    # A transaction of its own: whoever hears it locks the record first and its files then, as everybody does.
    with scope.acting(SYSTEM):
        for known in File.objects.filter(pk=file):
            PhotoDrawn(known).emit()


def drawn(ids: Iterable[UUID]) -> list[UUID]:
    """
    Those of these photos that the actor sees and that have pictures, in the same order; one that still waits is drawn now.

    Inside the caller's transaction, which holds the record they belong to. Raises RefusedFile when the machine is too busy.
    """
    wanted = list(ids)
    seen = File.objects.filter(pk__in=wanted, kind="photo")
    for file in seen.filter(undrawn=True).order_by("pk").select_for_update():
        seen.filter(pk=file.pk).update(**_drawn(file, Limits(), last=True))
        PhotoDrawn(seen.get(pk=file.pk)).emit()
    pictured = set(seen.exclude(display_sha256="").values_list("pk", flat=True))
    return [one for one in wanted if one in pictured]


def _drawn(file: File, limits: Limits, *, last: bool) -> dict[str, Any]:
    """What its row learns."""
    with store().open(file.sha256) as original:
        data = original.read()
    try:
        learnt = drawn_columns(inspect_and_derive(data, limits=limits))
    except RefusedFile as refused:
        if refused.code == BUSY or (refused.code in MAY_PASS and not last):
            raise
        log.warning("files.flawed", file=str(file.pk), code=refused.code)
        learnt = {"flaw": refused.code}
    return learnt | {"undrawn": False}


@duty("drawings", every=300.0)
def ask_for_overdue() -> int:
    """What was given up, as when the disk was full for long, is asked for anew; returns how many."""
    with scope.acting(SYSTEM):
        overdue = File.objects.filter(undrawn=True, uploaded_at__lt=clock.now() - OVERDUE).order_by("uploaded_at")
        return sum(ask_again(file) for file in overdue.values_list("pk", flat=True)[:MOST])
