import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from anlan.site.postgres import binaries
from anlan.site.postgres.account import Account, give, reaches, server_account
from anlan.site.postgres.cluster import SUPERUSER, Cluster
from anlan.site.postgres.trouble import DatabaseTrouble

NAME = "anlan-throwaway"
PLACES = (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp"))  # noqa: S108


@contextmanager
def throwaway(programs: Path | None = None) -> Iterator[str]:
    """
    A running cluster of its own, gone afterwards; yields the superuser's URL.

    `programs` is the `bin` directory of another PostgreSQL (Debian's 15); without it the embedded 18 is used.
    The server dies with the process that made it, even when that is killed; what it leaves on disk then is swept next time.
    """
    account = server_account()
    home = _home(account)
    cluster = Cluster(home=home, programs=programs or binaries.embedded(), account=account, durable=False)
    password = secrets.token_urlsafe(18)
    try:
        cluster.make(password=password)
        cluster.start()
        yield cluster.url(user=SUPERUSER, password=password, database="postgres")
    finally:
        cluster.stop(at_once=True)
        shutil.rmtree(home, ignore_errors=True)


def _home(account: Account) -> Path:
    for place in PLACES:
        try:
            home = Path(tempfile.mkdtemp(prefix=f"{NAME}-{os.getpid()}-", dir=place))
        except OSError:
            continue
        _sweep(place)
        give(account, home)
        if reaches(account, home, test="w"):
            return home
        home.rmdir()
    raise DatabaseTrouble(f"The account {account.name} can write in none of {', '.join(map(str, PLACES))}.")


def _sweep(place: Path) -> None:
    """Remove what killed runs left behind: the maker's process number is in the name."""
    for left in place.glob(f"{NAME}-*"):
        maker = re.match(rf"{NAME}-(\d+)-", left.name)
        if maker and left.is_dir() and not left.is_symlink() and not psutil.pid_exists(int(maker[1])):
            shutil.rmtree(left, ignore_errors=True)
