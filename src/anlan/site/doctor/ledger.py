"""The ledger's key, the heads kept outside the database, and whether sealing keeps up."""

import os
from pathlib import Path
from time import time

from django.conf import settings

from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.ledger.sequencer import witness_file
from anlan.kernel.models import Head, Pending
from anlan.site.doctor import Answer, check, fail, ok, warn
from anlan_verify import heads

LATE_SECONDS, TOO_LATE_SECONDS = 60, 600
RESTORE_KEY = "Put back keys/ledger.pem from a backup; with another key the log cannot be continued credibly."


@check("ledger.key", database=True)
def key() -> Answer:
    path = Path(settings.ANLAN_KEYS) / "ledger.pem"
    newest = Head.objects.order_by("-size").first()
    if not path.exists():
        if newest is None:
            return ok(f"The sealing key will be made on first use: {path}.")
        return fail(f"The sealing key is gone: {path}.", RESTORE_KEY)
    if path.stat().st_mode & 0o077:
        return fail(f"Others on this machine may read the sealing key {path}.", f"chmod 600 {path}")
    found = heads.key_id(heads.load_or_create_key(path).public_key())
    if newest is not None and newest.document["key_id"] != found:
        return fail(
            f"The sealing key {found} is not the one of the newest head, {newest.document['key_id']}.", RESTORE_KEY
        )
    return ok(f"The sealing key {found} is there and private.")


@check("ledger.witness", database=True)
def witness() -> Answer:
    file = witness_file()
    newest = Head.objects.order_by("-size").first()
    last = file.last()
    if newest is None:
        return ok("Nothing is sealed yet.")
    if last is None:
        return fail(
            f"No head is kept in {file.path}; a rewritten log would not be noticed.", "Put the file back from a backup."
        )
    if not os.access(file.path, os.W_OK):
        return fail(f"{file.path} cannot be written.", f"Give it to the account of the worker: chown anlan {file.path}")
    if last.size > newest.size:
        return fail(
            f"A head of {last.size} entries was kept, the database has {newest.size}: it was cut, or is an older one.",
            "Run anlan ledger verify, and keep both for the inquiry.",
        )
    same = Head.objects.filter(size=last.size).first()
    if same is None or bytes(same.root).hex() != last.root:
        return fail(
            "The newest kept head is not one of the database's: the log was rewritten.", "Run anlan ledger verify."
        )
    return ok(f"The head of {last.size} entries is kept in {file.path}; keep copies elsewhere too.")


@check("ledger.sealing", database=True)
def sealing() -> Answer:
    with scope.acting(SYSTEM):
        waiting = Pending.objects.order_by("entry_id").values_list("entry_id", flat=True)
        oldest, count = waiting.first(), waiting.count()
    age = time() - (oldest.int >> 80) / 1000 if oldest else 0.0  # a UUIDv7 begins with its birth in milliseconds
    words = f"{count} entries wait to be sealed, the oldest for {age:.0f} seconds."
    remedy = "See that the worker runs, and that no transaction stays open for hours (pg_stat_activity)."
    if age > TOO_LATE_SECONDS:
        return fail(words, remedy)
    if age > LATE_SECONDS:
        return warn(words, remedy)
    return ok(words)
