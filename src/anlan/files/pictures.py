"""How a photo stands on a page: drawn, being prepared, or one that could not be opened; a film is a link."""

from typing import Any, Literal
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from anlan.files.models import File

State = Literal["drawn", "waiting", "flawed", "film"]
LONGEST = 120
"""Signs of the words beside a picture that are handed back when it is asked for again."""


def picture(id_: UUID, file: File | None, *, alt: str = "", group: str = "", caption: str = "") -> dict[str, Any]:
    """
    What `files/_picture.html` takes. `group`: the photos one walks through when it is opened; without one it is no link.

    `file` is None for one that the reader's scope does not show: its address then answers as for everybody.
    """
    words = {"alt": alt[:LONGEST], "group": group[:LONGEST], "caption": caption[:LONGEST]}
    return words | {
        "state": state_of(file),
        "url": reverse("files:show", args=[id_, "display"]),
        "thumb": reverse("files:show", args=[id_, "thumb"]),
        "again": f"{reverse('files:picture', args=[id_])}?{urlencode({name: said for name, said in words.items() if said})}",
    }


def state_of(file: File | None) -> State:
    if file is None:
        return "drawn"
    if file.kind == "video":
        return "film"
    return "waiting" if file.undrawn else "flawed" if file.flaw else "drawn"
