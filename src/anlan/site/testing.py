"""
A pytest plugin: test mode, a throw-away PostgreSQL with its real roles, and a clean database for every test.

Loaded by `-p anlan.site.testing` before settings are read. `DATABASE_ADMIN_URL` names another server to test against;
`ANLAN_PG_BIN` another PostgreSQL's programs (Debian's 15).
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

os.environ["ANLAN_MODE"] = "test"
os.environ["ANLAN_VAR"] = tempfile.mkdtemp(prefix="anlan-test-")
Path(os.environ["ANLAN_VAR"], "static").mkdir()
os.environ["DATABASE_URL"] = "postgresql://anlan_app@127.0.0.1:1/unset"
os.environ["DATABASE_OWNER_URL"] = "postgresql://anlan_owner@127.0.0.1:1/unset"


def _point(alias: str, url: str) -> None:
    from django.db import connections

    from anlan.site.settings import _database

    connections[alias].settings_dict.update(_database(url))


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[Any]:
    """One cluster a test process: provisioned, migrated by the owner, guarded; tests connect as the plain role."""
    from django.core.management import call_command
    from django.db import connections

    from anlan.kernel import guards
    from anlan.site.postgres import Passwords, provision, throwaway

    with ExitStack() as stack, django_db_blocker.unblock():
        admin = os.environ.get("DATABASE_ADMIN_URL")
        if not admin:
            programs = os.environ.get("ANLAN_PG_BIN")
            admin = stack.enter_context(throwaway(Path(programs) if programs else None))
        database = f"anlan_test_{os.getpid()}"
        secret = Passwords(owner="owner-of-tests", app="app-of-tests", backup="backup-of-tests")
        urls = provision(admin=admin, passwords=secret, database=database, may_reset=True)
        if urls.owner is None:
            pytest.exit("the test server gave no owner login")
        _point("default", urls.app)
        _point("owner", urls.owner)
        os.environ["DATABASE_URL"], os.environ["DATABASE_OWNER_URL"] = urls.app, urls.owner
        _flush_as_owner()
        call_command("migrate", database="owner", verbosity=0)
        guards.install()
        yield urls
        for connection in connections.all():
            connection.close()


@pytest.fixture(autouse=True)
def fresh_caches() -> Iterator[None]:
    """Nothing kept from the test before; words outside requests in the source language, whatever the default is."""
    from django.utils import translation

    from anlan.kernel import calendar, citysettings

    calendar.forget()
    citysettings.forget()
    with translation.override("en"):
        yield
    calendar.forget()
    citysettings.forget()


def _flush_as_owner() -> None:
    """Django empties tables after a committing test; our plain role may not, so the owner does it."""
    from django.test import TransactionTestCase

    def teardown(self: Any) -> None:
        wipe()

    setattr(TransactionTestCase, "_fixture_teardown", teardown)  # noqa: B010 -- a private name, the one hook there is


def wipe() -> None:
    """Empty every table as the owner; tests that really commit call this afterwards."""
    from django.db import connections, transaction

    from anlan.kernel.scope import append_only

    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(format('%I', relname), ', ') FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
            " WHERE nspname = 'public' AND relkind = 'r' AND relname NOT IN ('django_migrations', 'anlan_guards',"
            " 'django_content_type', 'procrastinate_version')"
        )
        tables = cursor.fetchone()[0]
        for verb in ("DISABLE", "ENABLE"):
            for table in sorted(append_only):
                cursor.execute(f"ALTER TABLE {table} {verb} TRIGGER never_emptied")
            if verb == "DISABLE":
                cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
