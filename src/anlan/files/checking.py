"""Are the bytes there, and still those of their name: for the check of the whole ledger."""

from collections.abc import Iterator

from anlan.files.actions import store
from anlan.files.models import File


def what_is_wrong(mentioned: set[str]) -> Iterator[str]:
    """Every digest the ledger names or a file's row points to. Call inside a scope that sees all."""
    shelf = store()
    rows = File.objects.values_list("sha256", "display_sha256", "thumb_sha256")
    known = {digest for row in rows.iterator() for digest in row if digest}
    for digest in sorted(mentioned | known):
        if digest not in shelf:
            yield f"The file {digest} is missing."
        elif not shelf.verify(digest):
            yield f"The file {digest} is not what it was: its bytes were changed."
