"""The embedded cluster under `var/pg`: started by whoever needs it first, stopped by whoever leaves last."""

import atexit
import fcntl
import os
import pwd
import shutil
import sys
import time
from hashlib import sha256
from pathlib import Path
from typing import IO

from anlan.site.postgres import binaries
from anlan.site.postgres.account import Account, give, reaches, server_account
from anlan.site.postgres.cluster import SUPERUSER, Cluster
from anlan.site.postgres.provision import Passwords, provision
from anlan.site.postgres.trouble import DatabaseTrouble
from anlan.site.postgres.urls import Urls, refuses_password
from anlan.site.var import locked, read_secrets, remember_secret, var_directory

SUPERUSER_SECRET = "ANLAN_PG_SUPERUSER_PASSWORD"  # noqa: S105  a name

USERS_LOCK = ".pg-users.lock"

_users: dict[Path, IO[str]] = {}  # held as long as this process uses the cluster


def passwords() -> Passwords:
    """Of the roles we make, kept in `var/secrets.env`."""
    return Passwords(
        owner=remember_secret("ANLAN_PG_OWNER_PASSWORD"),
        app=remember_secret("ANLAN_PG_APP_PASSWORD"),
        backup=remember_secret("ANLAN_PG_BACKUP_PASSWORD"),
    )


def ensure_embedded() -> Urls:
    """Have the embedded server running with roles and database, until this process and all others using it are gone."""
    _join()
    with locked("pg"):
        cluster = standing_cluster()
        lost = cluster.made and SUPERUSER_SECRET not in read_secrets()
        secret = remember_secret(SUPERUSER_SECRET)
        if not cluster.made:
            cluster.make(password=secret)
        elif lost:
            cluster.stop()
            cluster.set_superuser_password(secret)
        cluster.start()
        admin = cluster.url(user=SUPERUSER, password=secret, database="postgres")
        if refuses_password(admin):  # secrets.env and var/pg come from different days
            cluster.stop()
            cluster.set_superuser_password(secret)
            cluster.start()
        made = provision(admin=admin, passwords=passwords(), may_reset=True)
    return Urls(app=made.app, owner=made.owner, admin=made.admin, backup=made.backup, embedded=True)


def revive() -> bool:
    """For a supervisor: start the server again if it died. True when it had."""
    with locked("pg"):
        return standing_cluster().start()


def in_use() -> bool:
    """Whether this process uses the embedded server."""
    return var_directory() in _users


def in_use_by_others() -> bool:
    with (var_directory() / USERS_LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def alive() -> bool:
    """The server lives, be it starting or stopping; cheap enough to ask several times a second."""
    return standing_cluster().alive()


def standing_cluster() -> Cluster:
    """The cluster at `var/pg`, which may be a link to where the server's account can reach."""
    link = var_directory() / "pg"
    home = _home(link) if not link.exists() else link.resolve()
    return Cluster(home=home, programs=binaries.embedded(), account=_account_of(home))


def remove_embedded() -> None:
    """Stop the server and delete its data: for `--fresh`."""
    link = var_directory() / "pg"
    with locked("pg"):
        if not link.exists():
            link.unlink(missing_ok=True)
            return
        cluster = standing_cluster()
        cluster.stop()
        shutil.rmtree(cluster.home)
        if link.is_symlink():
            link.unlink()


def leave() -> None:
    """Done with the server: the last one out stops it."""
    file = _users.pop(var_directory(), None)
    if file is None:
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        if (var_directory() / "pg").exists():
            standing_cluster().stop()


def _join() -> None:
    """Every user holds a shared lock; it goes with the process, so even killed ones are counted rightly."""
    var = var_directory()
    if var in _users:
        return
    file = (var / USERS_LOCK).open("w")
    fcntl.flock(file, fcntl.LOCK_SH)
    _users[var] = file
    atexit.register(_leave_at_exit, os.getpid())


def _leave_at_exit(pid: int) -> None:
    if os.getpid() == pid:  # a forked child inherits the hook but not the duty
        leave()


def _account_of(home: Path) -> Account:
    """Root serves a cluster as whoever owns it; anybody else must own it."""
    seen = home.stat()
    if os.geteuid() == 0 and seen.st_uid != 0:
        try:
            name = pwd.getpwuid(seen.st_uid).pw_name
        except KeyError:
            name = str(seen.st_uid)
        return Account(name=name, uid=seen.st_uid, gid=seen.st_gid, borrowed=True)
    if seen.st_uid not in (os.geteuid(), 0):
        raise DatabaseTrouble(
            f"The database in {home} belongs to another user (it was made by root?). Run this command as the same user"
            " as before, or start afresh with `script/demo --fresh` as that user."
        )
    return server_account()


def _home(link: Path) -> Path:
    account = server_account()
    link.unlink(missing_ok=True)  # a link to nowhere
    link.mkdir(mode=0o700)
    give(account, link)
    if reaches(account, link, test="w"):
        return link
    # The project lies where the account cannot go (/root, a private home): the data is laid down outside, a link here.
    link.rmdir()
    place = binaries.shared_place(account) / f"pg-{sha256(os.fsencode(link)).hexdigest()[:12]}"
    if place.exists():
        _set_aside(place)
    place.mkdir(mode=0o700)
    give(account, place)
    link.symlink_to(place)
    _note(f"PostgreSQL runs as {account.name}, which cannot enter {link.parent}. Its data is kept in {place}.")
    return place


def _set_aside(place: Path) -> None:
    """`var` was deleted but the data outside stayed: never delete what may be wanted, never reuse it unasked."""
    Cluster(home=place, programs=binaries.embedded(), account=_account_of(place)).stop()
    aside = place.with_name(f"{place.name}.old-{time.strftime('%Y%m%d%H%M%S')}")
    place.rename(aside)
    _note(f"An earlier database without its project was set aside as {aside}; delete it if unwanted.")


def _note(sentence: str) -> None:
    sys.stderr.write(f"Note: {sentence}\n")
