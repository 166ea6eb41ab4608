"""The database: version, rights, guards, migrations, encoding, safety on disk, clock."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from anlan.kernel import clock, guards
from anlan.site.doctor import Answer, check, fail, ok, warn
from anlan.site.postgres.ensure import OLDEST

SKEW_SECONDS = 2.0
UNSAFE = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


def _one(statement: str) -> tuple[object, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return tuple(cursor.fetchone())


@check("database.version", database=True)
def version() -> Answer:
    (number,) = _one("SHOW server_version_num")
    major = int(str(number)) // 10000
    if major < OLDEST:
        return fail(f"PostgreSQL {major} is too old.", f"Use PostgreSQL {OLDEST} or newer.")
    return ok(f"PostgreSQL {major} answers.")


@check("database.guards", database=True)
def guarded() -> Answer:
    found = guards.problems()
    if found:
        return fail(
            "; ".join(found) + ".",
            "Connect the services as anlan_app (deploy/roles.sql) and run anlan migrate as the owner.",
        )
    return ok("The role owns nothing and cannot pass row security; grants, policies and triggers are this version's.")


@check("database.migrations", database=True)
def migrations() -> Answer:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        names = ", ".join(f"{one.app_label}.{one.name}" for one, _backwards in waiting[:5])
        return fail(f"{len(waiting)} migrations are not applied: {names}.", "Run anlan migrate as the owner.")
    return ok("All migrations are applied.")


@check("database.encoding", database=True)
def encoding() -> Answer:
    name, ctype = _one(
        "SELECT pg_encoding_to_char(encoding), datctype FROM pg_database WHERE datname = current_database()"
    )
    if name != "UTF8" or ctype in ("C", "POSIX"):
        return fail(
            f"The database has encoding {name} and character type {ctype}; Chinese words are not found in it.",
            "Make a new one with ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0, and restore a backup into it.",
        )
    return ok(f"Encoding {name}, character type {ctype}.")


@check("database.durable", database=True)
def durable() -> Answer:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(UNSAFE)])
        off = sorted(name for name, value in cursor.fetchall() if UNSAFE[name] == value)
    if off:
        return fail(f"{', '.join(off)}: off. A power cut loses what was acknowledged.", "Switch them on.")
    return ok("What is committed is on disk.")


@check("database.clock", database=True)
def same_clock() -> Answer:
    (server,) = _one("SELECT extract(epoch FROM clock_timestamp())")
    skew = abs(clock.now().timestamp() - float(str(server)))
    if skew > SKEW_SECONDS:
        return warn(
            f"The clocks of this machine and of the database differ by {skew:.1f} seconds.",
            "Keep both by NTP (chrony or systemd-timesyncd).",
        )
    return ok(f"The clocks of this machine and of the database differ by {skew:.1f} seconds.")
