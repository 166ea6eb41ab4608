"""Where everything lives that is made at run time, and the secrets among it."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]


def var_directory() -> Path:
    """`ANLAN_VAR`, else `var` in the project."""
    path = Path(os.environ.get("ANLAN_VAR") or PROJECT / "var").absolute()
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def secrets_file() -> Path:
    return var_directory() / "secrets.env"


def read_secrets() -> dict[str, str]:
    """The lines `NAME=value` of `secrets.env`."""
    try:
        lines = secrets_file().read_text().splitlines()
    except FileNotFoundError:
        return {}
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def remember_secret(name: str, value: str | None = None) -> str:
    """The secret of that name; made and written down (mode 600) when there is none yet, or replaced by `value`."""
    with locked("secrets"):
        known = read_secrets()
        if value is None and known.get(name):
            return known[name]
        known[name] = value or secrets.token_urlsafe(48)
        _write(known)
        return known[name]


@contextmanager
def locked(name: str) -> Iterator[None]:
    """One process at a time; the lock goes with its holder, even a killed one."""
    with (var_directory() / f".{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _write(known: dict[str, str]) -> None:
    final = secrets_file()
    fresh = final.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write("# Made by Anlan for this installation. Keep it secret, keep it backed up.\n")
        file.writelines(f"{name}={value}\n" for name, value in sorted(known.items()))
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(final)
