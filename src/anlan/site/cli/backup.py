import argparse
import json
import os
from pathlib import Path

from anlan.site import backup
from anlan.site.cli.trouble import CommandTrouble
from anlan.site.var import read_secrets, var_directory

HELP = "Save database, files, sealing keys and kept heads into a new directory."
DATABASE = "any"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("directory", type=Path, help="the new directory; keep it as safe as the server itself")


def run(args: argparse.Namespace) -> int:
    database = os.environ.get("DATABASE_BACKUP_URL") or os.environ.get("DATABASE_OWNER_URL")
    if not database:
        raise CommandTrouble("Set DATABASE_BACKUP_URL to a login that reads past row security (see deploy/README.md).")
    # The server's own passwords belong to this machine and are made anew elsewhere.
    secrets = {name: value for name, value in read_secrets().items() if not name.startswith("ANLAN_PG_")}
    done = backup.backup(args.directory.absolute(), database=database, folders=folders(), secrets=secrets)
    (var_directory() / backup.STAMP).write_text(
        json.dumps({"made": done.made, "directory": str(args.directory.absolute())})
    )
    print(
        f"Saved {done.files} files, {done.size / 1e6:.1f} MB, to {args.directory}. Check it with: anlan restore --check {args.directory}"
    )
    if "ANLAN_SECRET_KEY" not in secrets:
        print("ANLAN_SECRET_KEY comes from the environment and is not in the backup: keep the environment file too.")
    return 0


def folders() -> dict[str, Path]:
    from django.conf import settings

    return {"files": settings.ANLAN_FILES, "keys": settings.ANLAN_KEYS, "heads": settings.ANLAN_HEADS}
