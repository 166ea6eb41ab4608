import os

from anlan.site.postgres.provision import APP, MAINTENANCE, OWNER, maintenance_connection, provision, rights
from anlan.site.postgres.standing import ensure_embedded, passwords
from anlan.site.postgres.trouble import DatabaseTrouble
from anlan.site.postgres.urls import Urls, answers, connect, parts, shown, with_parts

OLDEST = 15


def ensure_database(*, owner_needed: bool = True) -> Urls:
    """
    Addresses of a running database with its roles, whatever the environment gives.

    Nothing set: the embedded server. `DATABASE_URL` and `DATABASE_OWNER_URL`: taken as they are. `DATABASE_URL` alone,
    with a login that may make roles: roles and database are made. `DATABASE_URL` alone with a plain login: good for
    serving (`owner_needed=False`), not for migrations.
    """
    url, owner = os.environ.get("DATABASE_URL"), os.environ.get("DATABASE_OWNER_URL")
    if not url and not owner:
        return ensure_embedded()
    if not url:
        raise DatabaseTrouble(f"DATABASE_OWNER_URL is set and DATABASE_URL is not: it must be the login of {APP}.")
    if owner:
        for address in (url, owner) if owner_needed else (url,):
            _check_version(address)
        return Urls(app=url, owner=owner, backup=os.environ.get("DATABASE_BACKUP_URL"))
    if _makes_roles(url):
        return _provisioned(url)
    if owner_needed:
        raise DatabaseTrouble(
            f"{shown(url)} is a plain login, as the running application should use, but this command needs the owner"
            f" of the database. Set DATABASE_OWNER_URL to the login of {OWNER} (deploy/README.md says how to make it),"
            " or give DATABASE_URL once as an administrator, who then makes both roles."
        )
    _check_version(url)
    return Urls(app=url, owner=None, backup=os.environ.get("DATABASE_BACKUP_URL"))


def _makes_roles(url: str) -> bool:
    # The database may not exist yet; a plain login may be barred from all but its own.
    reachable = url if answers(url) else with_parts(url, dbname="postgres")
    with connect(reachable) as connection:
        return rights(connection).makes_roles


def _provisioned(admin: str) -> Urls:
    with maintenance_connection(admin) as connection:
        _refuse_old(connection.info.server_version, admin)
    named = str(parts(admin).get("dbname", ""))
    return provision(admin=admin, passwords=passwords(), database="anlan" if named in MAINTENANCE else named)


def _check_version(url: str) -> None:
    with connect(url) as connection:
        _refuse_old(connection.info.server_version, url)


def _refuse_old(version: int, url: str) -> None:
    if version < OLDEST * 10000:
        raise DatabaseTrouble(f"{shown(url)} is PostgreSQL {version // 10000}; Anlan needs {OLDEST} or newer.")
