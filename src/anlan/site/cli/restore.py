import argparse
import os
from pathlib import Path

from anlan.site import backup
from anlan.site.cli.backup import folders
from anlan.site.cli.trouble import CommandTrouble
from anlan.site.var import remember_secret

HELP = "Put a backup back, and verify the ledger."
DATABASE = "owner"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("directory", type=Path, help="a directory made by anlan backup")
    parser.add_argument("--check", action="store_true", help="only compare the backup with its manifest")
    parser.add_argument("--force", action="store_true", help="replace what is there")


def run(args: argparse.Namespace) -> int:
    source = args.directory.absolute()
    if args.check:
        manifest = backup.verify(source)
        print(f"The backup of {manifest['made']} is whole: {len(manifest['sha256'])} files agree with the manifest.")
        return 0
    done = backup.restore(source, owner=os.environ["DATABASE_OWNER_URL"], folders=folders(), force=args.force)
    for name, value in backup.saved_secrets(source).items():
        remember_secret(name, value)
    print(f"Restored the backup of {done.made}: {done.files} files, {done.size / 1e6:.1f} MB. Verifying the ledger …")
    from anlan.kernel.ledger.restore import LedgerBroken, after_restore

    aside = newest_set_aside(folders()["heads"])
    try:
        check = after_restore()
    except LedgerBroken as error:
        raise CommandTrouble(str(error)) from error
    print(f"The ledger agrees with its tree and its kept heads: {check.size} sealed entries, {check.waiting} waiting.")
    _tell_what_is_lost(aside, check.size)
    return 0


def newest_set_aside(heads: Path) -> Path | None:
    """The heads that were here before the restore and may know more."""
    found = sorted(heads.parent.glob(f"{heads.name}.before-*"))
    return found[-1] / "heads.jsonl" if found else None


def _tell_what_is_lost(aside: Path | None, size: int) -> None:
    from anlan_verify.heads import WitnessFile

    last = WitnessFile(aside).last() if aside else None
    if last is not None and last.size > size:
        print(
            f"Note: {aside} knows a head of {last.size} entries, signed {last.at}: what was sealed after entry"
            f" {size} is not in this backup. Keep that file; it shows what was lost."
        )
