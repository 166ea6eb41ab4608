"""Connection addresses: taken apart, put together, shown without their password."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict

from anlan.site.postgres.trouble import DatabaseTrouble


@dataclass(frozen=True, kw_only=True)
class Urls:
    app: str  # the running application: a plain role that owns nothing
    owner: str | None  # migrations; None when this process was not given it
    admin: str | None = None  # superuser or role maker; only when we made the roles ourselves
    backup: str | None = None  # reads past row security, writes nothing
    embedded: bool = False

    def environment(self) -> dict[str, str]:
        """For this process's and its children's environment. The administrator's address stays here."""
        named = {"DATABASE_URL": self.app, "DATABASE_OWNER_URL": self.owner, "DATABASE_BACKUP_URL": self.backup}
        return {name: url for name, url in named.items() if url}


def parts(url: str) -> dict[str, Any]:
    try:
        return {key: value for key, value in conninfo_to_dict(url).items() if value is not None}
    except psycopg.ProgrammingError as error:
        raise DatabaseTrouble(f"The database address cannot be read: {error}") from error


def with_parts(url: str, **changes: str) -> str:
    """The same server, another `user`, `password` or `dbname`."""
    known = parts(url) | changes
    user, password, name = (quote(str(known.pop(key, "")), safe="") for key in ("user", "password", "dbname"))
    host, port = str(known.pop("host", "")), str(known.pop("port", ""))
    if host.startswith("/") or "," in host or "," in port:
        known |= {"host": host} | ({"port": port} if port else {})
        host = port = ""
    netloc = (
        f"{user}{':' + password if password else ''}@{f'[{host}]' if ':' in host else host}{':' + port if port else ''}"
    )
    return f"postgresql://{netloc}/{name}{'?' + urlencode(known) if known else ''}"


def shown(url: str) -> str:
    """`user@host:port/name`, for messages."""
    known = parts(url)
    where = f"{known.get('host', 'local socket')}{':' + str(known['port']) if 'port' in known else ''}"
    return f"{known.get('user', '')}@{where}/{known.get('dbname', '')}"


def django_database(url: str) -> dict[str, Any]:
    """NAME, USER, PASSWORD, HOST, PORT and OPTIONS of an entry in Django's DATABASES."""
    known = parts(url)
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    return {ours: str(known.pop(theirs, "")) for ours, theirs in names.items()} | {"OPTIONS": known}


def connect(url: str, *, autocommit: bool = True) -> "psycopg.Connection[Any]":
    try:
        return psycopg.connect(url, connect_timeout=10, autocommit=autocommit)
    except psycopg.OperationalError as error:
        raise DatabaseTrouble(f"The database {shown(url)} cannot be reached: {str(error).strip()}") from error


def answers(url: str) -> bool:
    try:
        connect(url).close()
    except DatabaseTrouble:
        return False
    return True


def refuses_password(url: str) -> bool:
    try:
        connect(url).close()
    except DatabaseTrouble as trouble:
        return "password authentication failed" in str(trouble)
    return False
