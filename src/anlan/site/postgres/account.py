"""PostgreSQL refuses to run as root: find an account it may run as, and ask what that account can reach."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from anlan.site.postgres.trouble import DatabaseTrouble

CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True, kw_only=True)
class Account:
    name: str
    uid: int
    gid: int
    borrowed: bool  # True when we are root and step down to it


@cache
def server_account() -> Account:
    """The account the embedded server runs as: ourselves, or an ordinary one when we are root."""
    if os.geteuid() != 0:
        return Account(name=str(os.geteuid()), uid=os.geteuid(), gid=os.getegid(), borrowed=False)
    wished = os.environ.get("ANLAN_PG_USER")
    for name in (wished,) if wished else CANDIDATES:
        entry = _entry(name)
        if entry and entry.pw_uid != 0 and _may_become(entry):
            return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid, borrowed=True)
    raise DatabaseTrouble(
        "PostgreSQL refuses to run as root, and no ordinary account could be used instead"
        f" ({wished or ' or '.join(CANDIDATES)}). Run this command as an ordinary user,"
        " name an account in ANLAN_PG_USER, or point DATABASE_URL at a server that is already running."
    )


def spawn_options(account: Account) -> dict[str, Any]:
    """Keyword arguments for `subprocess`: the account, a directory it can enter, and no PG* variable to mislead it."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_", "ANLAN_"))}
    environment |= {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "HOME": "/"}
    options: dict[str, Any] = {"cwd": "/", "env": environment, "stdin": subprocess.DEVNULL}
    if account.borrowed:
        options |= {"user": account.uid, "group": account.gid, "extra_groups": []}
    return options


def reaches(account: Account, path: Path, *, test: str) -> bool:
    """Whether the account passes `test -<test> path`: asked by trying, since rights depend on every directory above."""
    if not account.borrowed:
        return os.access(path, {"x": os.X_OK, "w": os.W_OK | os.X_OK}[test])
    question = ["/bin/sh", "-c", f'test -{test} "$1"', "sh", str(path)]
    return subprocess.run(question, check=False, **spawn_options(account)).returncode == 0  # noqa: S603


def give(account: Account, path: Path) -> None:
    if account.borrowed:
        os.chown(path, account.uid, account.gid)


def _entry(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _may_become(entry: pwd.struct_passwd) -> bool:
    """A container may call us root and still forbid changing user."""
    try:
        subprocess.run(
            ["/bin/sh", "-c", ":"], user=entry.pw_uid, group=entry.pw_gid, extra_groups=[], cwd="/", check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return False
    return True
