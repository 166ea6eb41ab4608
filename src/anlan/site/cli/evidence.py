import argparse
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from anlan.site.cli.trouble import CommandTrouble

if TYPE_CHECKING:
    from anlan.kernel.actor import Actor

HELP = "Export a hazard's evidence as a bundle that anybody can verify, or verify one."
SEAL_SECONDS = 20  # for transactions that were in flight when the export began


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    export = actions.add_parser("export", help="write the bundle of one hazard")
    export.add_argument("record", metavar="HAZARD", help="its number or id")
    export.add_argument("-o", "--output", type=Path, required=True, help="the bundle to write (zip)")
    export.add_argument("--as", dest="username", help="only what this person's posts may see")
    export.add_argument("--system", action="store_true", help="whatever the platform sees (the default)")
    export.add_argument("--witness", type=Path, help="further heads kept elsewhere (JSON lines), to be proved too")
    verify = actions.add_parser("verify", help="judge a bundle; the same as anlan-verify, which needs no platform")
    verify.add_argument("rest", nargs=argparse.REMAINDER, metavar="BUNDLE", help="and what anlan-verify takes")


def run(args: argparse.Namespace) -> int:
    if args.action == "verify":
        from anlan_verify.cli import main

        return main(args.rest)
    return _export(args)


def _export(args: argparse.Namespace) -> int:
    from anlan.files.actions import store
    from anlan.kernel import scope
    from anlan.kernel.errors import NotFound
    from anlan.kernel.ledger.evidence import export_evidence

    if args.username and args.system:
        raise CommandTrouble("Give --as or --system, not both.")
    if args.witness and not args.witness.is_file():
        raise CommandTrouble(f"There is no file {args.witness}.")
    for actor in _actors(args.username):
        with scope.acting(actor):
            record = _find(args.record)
        if record is None:
            continue
        _seal(record)
        draft = args.output.with_name(f".{args.output.name}.{os.getpid()}")
        try:
            with scope.acting(actor):
                entries = export_evidence(
                    actor=actor,
                    flow_name="hazard",
                    record_id=record,
                    path=draft,
                    files=store(),
                    extra_witness=args.witness,
                )
            draft.replace(args.output)
        finally:
            draft.unlink(missing_ok=True)
        print(f"Wrote {entries} entries with their proofs to {args.output}. Verify with: anlan-verify {args.output}")
        return 0
    raise CommandTrouble(str(NotFound()))


def _actors(username: str | None) -> "list[Actor]":
    from anlan.identity.acting import actor_for, posts_of
    from anlan.identity.models import Person
    from anlan.kernel import scope
    from anlan.kernel.actor import SYSTEM

    if not username:
        return [SYSTEM]
    with scope.acting(SYSTEM):
        person = Person.objects.filter(username__iexact=username, is_active=True).first()
        actors = [actor_for(post) for post in posts_of(person.pk)] if person else []
    if not actors:
        raise CommandTrouble(f"There is no active account {username} with a post.")
    return actors


def _find(wanted: str) -> UUID | None:
    from anlan.hazards.models import Hazard

    found: Any = Hazard.objects.filter(number=wanted)
    with suppress(ValueError):
        found |= Hazard.objects.filter(pk=UUID(wanted))
    return found.values_list("pk", flat=True).first()


def _seal(record: UUID) -> None:
    """Everything that happened to the record so far gets its place in the tree, here or by the worker."""
    from anlan.kernel import scope
    from anlan.kernel.actor import SYSTEM
    from anlan.kernel.ledger.evidence import seal_all
    from anlan.kernel.models import Entry, Pending

    deadline = time.monotonic() + SEAL_SECONDS
    while True:
        seal_all()
        with scope.acting(SYSTEM):
            entries = Entry.objects.filter(subject_id=record).values("pk")
            if not Pending.objects.filter(entry_id__in=entries).exists():
                return
        if time.monotonic() > deadline:
            raise CommandTrouble(
                "The newest entries could not be sealed: a transaction has been open for too long"
                " (see pg_stat_activity). Try again when it has ended."
            )
        time.sleep(0.2)
