"""Make the roles and the database Anlan wants, given a login that may."""

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from anlan.site.postgres.trouble import DatabaseTrouble
from anlan.site.postgres.urls import Urls, answers, connect, parts, shown, with_parts

OWNER = "anlan_owner"
APP = "anlan_app"
BACKUP = "anlan_backup"
MAINTENANCE = ("postgres", "template1", "")

Connection = psycopg.Connection[Any]


@dataclass(frozen=True, kw_only=True)
class Passwords:
    owner: str
    app: str
    backup: str


@dataclass(frozen=True, kw_only=True)
class Rights:
    superuser: bool
    makes_roles: bool
    makes_databases: bool


def rights(connection: Connection) -> Rights:
    row = connection.execute(
        "SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    superuser, roles, databases = row or (False, False, False)
    return Rights(superuser=superuser, makes_roles=roles or superuser, makes_databases=databases or superuser)


def maintenance_connection(admin: str) -> Connection:
    """A connection to the server's own database, since ours may not exist yet."""
    return connect(with_parts(admin, dbname="postgres"))


def provision(*, admin: str, passwords: Passwords, database: str = "anlan", may_reset: bool = False) -> Urls:
    """
    Roles `anlan_owner`, `anlan_app` (and `anlan_backup` where allowed), and the database. Safe to repeat.

    `may_reset`: a role that exists with another password gets ours. Only for a server that is ours alone; elsewhere
    another installation may be using the role, so that is refused.
    """
    with maintenance_connection(admin) as connection:
        allowed = rights(connection)
        doors = (with_parts(admin, dbname=database), with_parts(admin, dbname="postgres"))
        _role(connection, OWNER, passwords.owner, may_reset=may_reset, doors=doors)
        _role(connection, APP, passwords.app, may_reset=may_reset, doors=doors)
        backup = None
        if allowed.superuser:
            _role(connection, BACKUP, passwords.backup, may_reset=may_reset, doors=doors, extra="BYPASSRLS")
            connection.execute(sql.SQL("GRANT pg_read_all_data TO {}").format(sql.Identifier(BACKUP)))
            backup = with_parts(admin, user=BACKUP, password=passwords.backup, dbname=database)
        else:
            # To hand a database to a role one must belong to it, unless one is superuser.
            connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(OWNER)))
        _database(connection, admin, database, allowed)
    return Urls(
        app=with_parts(admin, user=APP, password=passwords.app, dbname=database),
        owner=with_parts(admin, user=OWNER, password=passwords.owner, dbname=database),
        admin=with_parts(admin, dbname=database),
        backup=backup,
    )


def _role(
    connection: Connection, name: str, password: str, *, may_reset: bool, doors: tuple[str, ...], extra: str = ""
) -> None:
    role, secret = sql.Identifier(name), sql.Literal(password)
    if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [name]).rowcount:
        options = sql.SQL("LOGIN NOCREATEDB NOCREATEROLE " + extra)
        connection.execute(sql.SQL("CREATE ROLE {} {} PASSWORD {}").format(role, options, secret))
    elif any(answers(with_parts(door, user=name, password=password)) for door in doors):
        return
    elif may_reset:
        connection.execute(sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(role, secret))
    else:
        raise DatabaseTrouble(
            f"The role {name} exists on {shown(doors[0])} already, and its password is not in var/secrets.env."
            " If this server serves another installation too, give DATABASE_URL and DATABASE_OWNER_URL with the"
            f" passwords in use. If nobody uses the role, remove it (DROP ROLE {name}) and start again."
        )


def _database(connection: Connection, admin: str, name: str, allowed: Rights) -> None:
    database, owner = sql.Identifier(name), sql.Identifier(OWNER)
    found = connection.execute(
        "SELECT pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datctype FROM pg_database WHERE datname = %s",
        [name],
    ).fetchone()
    if found is None:
        if not allowed.makes_databases:
            raise DatabaseTrouble(
                f"The database {name} does not exist and {shown(admin)} may not make it. Ask for:\n"
                f"  CREATE DATABASE {name} OWNER {OWNER} ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0;"
            )
        made = sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0")
        connection.execute(made.format(database, owner))
    else:
        current, encoding, ctype = found
        if encoding != "UTF8" or ctype in ("C", "POSIX"):
            raise DatabaseTrouble(
                f"The database {name} has encoding {encoding} and character type {ctype}; Chinese text needs UTF8 with"
                f" C.UTF-8 (similarity search finds nothing otherwise). Make a new one:\n"
                f"  CREATE DATABASE {name}2 OWNER {OWNER} ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0;"
            )
        if current != OWNER and current == parts(admin).get("user"):
            connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(database, owner))
        elif current != OWNER:
            raise DatabaseTrouble(f"The database {name} belongs to {current}; it must belong to {OWNER}.")
    if allowed.superuser or found is None:
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
        for role in (APP, BACKUP) if allowed.superuser else (APP,):
            connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, sql.Identifier(role)))
