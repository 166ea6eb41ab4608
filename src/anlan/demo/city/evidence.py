"""Photos and signatures for the demo city: drawn once, dated and placed for each hazard, decoded ahead on the other core."""

from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self
from uuid import UUID

from anlan.demo.city import darkroom
from anlan.files.actions import take_photo
from anlan.files.images import Derived, already_derived
from anlan.kernel.actor import Actor

WORKERS = 2


class Shot:
    """One photo on its way: drawn, dated and decoded in the background."""

    def __init__(self, work: Future[tuple[bytes, Derived]]) -> None:
        self.work = work

    def upload(self, actor: Actor) -> UUID:
        """Take it in as this actor's upload, now."""
        source, derived = self.work.result()
        with already_derived({derived.sha256: derived}):
            return take_photo(actor=actor, source=source, name="现场照片.jpg", media_type="image/jpeg").pk


class Studio:
    """Draws and decodes in processes of its own, while the city's days go on."""

    def __init__(self) -> None:
        self._pool = ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn"))
        self._kept = TemporaryDirectory(prefix="anlan-demo-")
        self._folder = Path(self._kept.name)
        self._plain: dict[tuple[str, bool, int], Future[tuple[bytes, Derived]]] = {}
        self._signatures: dict[str, Future[tuple[bytes, Derived]]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._kept.cleanup()

    def forwarded(self, kind: str, *, after: bool, variant: int) -> Shot:
        """A photo without time and place. The same picture is decoded once."""
        key = kind, after, variant
        if key not in self._plain:
            self._plain[key] = self._pool.submit(darkroom.photo, self._folder, kind, after=after, variant=variant)
        return Shot(self._plain[key])

    def taken(self, kind: str, *, after: bool, variant: int, at: datetime, lonlat: tuple[float, float]) -> Shot:
        """A photo from a phone, a few minutes before it is handed in."""
        moment = at - timedelta(minutes=5, seconds=len(kind) * 7)
        return Shot(
            self._pool.submit(
                darkroom.photo, self._folder, kind, after=after, variant=variant, at=moment, lonlat=lonlat
            )
        )

    def prepare_signature(self, name: str) -> None:
        if name not in self._signatures:
            self._signatures[name] = self._pool.submit(darkroom.signature, name)

    @contextmanager
    def signature(self, name: str) -> Iterator[str]:
        """The drawing as the pad sends it; while the block runs it needs no second decoding."""
        self.prepare_signature(name)
        source, derived = self._signatures[name].result()
        with already_derived({derived.sha256: derived}):
            yield "data:image/png;base64," + b64encode(source).decode()
