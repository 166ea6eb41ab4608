"""What this room tells downstream."""

from dataclasses import dataclass

from anlan.files.models import File
from anlan.kernel.events import Event


@dataclass(frozen=True)
class PhotoDrawn(Event):
    """A photo that was kept undrawn has its pictures and likeness now, or names its flaw. May be said more than once."""

    file: File
