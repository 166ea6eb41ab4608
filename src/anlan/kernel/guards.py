"""What the database itself refuses: derived from the models' declarations and installed after every migration.

A new table has no grants for the application until this ran, so a forgotten guard closes a door instead of opening one.
The statements are idempotent; `drift()` tells what the catalogue lacks, for `anlan doctor` and the tests.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator

from django.apps import apps
from django.db import connections

from anlan.kernel.flow.guard import flow_guards
from anlan.kernel.ledger.guard import entry_seen, ledger_guards, subject_seen
from anlan.kernel.scope import Scoped, Unscoped, append_only, scopes

APP_ROLE = "anlan_app"
UNSEEN = ("django_migrations",)
"""Tables the running application has no business with."""

INFRASTRUCTURE = {
    "django_content_type": "names of models",
    "django_session": "opaque session keys",
    "auth_permission": "unused by our posts, created by Django",
    "auth_group": "unused by our posts, created by Django",
    "auth_group_permissions": "unused by our posts, created by Django",
}
LIBRARIES = ("procrastinate_", "axes_", "account_", "mfa_", "usersessions_", "socialaccount_")
"""Tables of libraries: they hold jobs, attempts and factors of sign-in, keyed by person, read before a scope exists."""

_REGIONS = "(SELECT nullif(current_setting('anlan.regions', true), '')::int8multirange)"
_LOW, _HIGH = (f"(SELECT nullif(current_setting('anlan.{end}', true), '')::bigint)" for end in ("low", "high"))
"""The ends of a scope that is one range, as nearly all are: comparing integers costs less than asking a multirange."""
_INDUSTRIES = "(SELECT nullif(current_setting('anlan.industries', true), '')::bigint)"
_ENTERPRISES = "(SELECT nullif(current_setting('anlan.enterprises', true), ''))::uuid[]"
_PERSON = "(SELECT nullif(current_setting('anlan.person', true), '')::uuid)"
_AUDITS = "(SELECT current_setting('anlan.audits', true) = 'yes')"
room_guards: list[Callable[[], Iterable[str]]] = []
"""Statements a room adds: functions that look past the policies and apply the scope themselves."""

EVERYWHERE = (
    "(SELECT nullif(current_setting('anlan.regions', true), '')::int8multirange) @> '[0,1000000000000)'::int8range"
)


def seen_when(rule: Scoped) -> str:
    """The policy's condition. A CASE has a fixed selectivity and cannot be split by the planner."""
    arms = []
    if rule.region:
        fits = f" AND (({_INDUSTRIES} >> {rule.industry}) & 1) = 1" if rule.industry else ""
        fits += f" AND ({rule.once})" if rule.once else ""
        arms.append(f"{rule.region} >= {_LOW} AND {rule.region} < {_HIGH}{fits}")
        arms.append(f"{_LOW} IS NULL AND {rule.region} <@ {_REGIONS}{fits}")
    if rule.region and rule.industry and rule.of_none:
        # A row of no industry and no enterprise (an account, a setting) is for those who administer or audit the region.
        nobodys = f"{rule.industry} IS NULL" + (f" AND {rule.enterprise} IS NULL" if rule.enterprise else "")
        arms.append(f"{nobodys} AND {rule.region} <@ {_REGIONS} AND {_AUDITS}")
    if rule.enterprise:
        arms.append(f"{rule.enterprise} = ANY({_ENTERPRISES})")
    if rule.person:
        arms.append(f"{rule.person} = {_PERSON}")
    if rule.through:
        table, column = rule.through.split(".")
        arms.append(f"EXISTS (SELECT 1 FROM {table} parent WHERE parent.id = {column})")
    if rule.extra:
        arms.append(rule.extra)
    if rule.nowhere:
        arms.append(EVERYWHERE)  # the system itself also sees rows that lie nowhere
    whens = " ".join(f"WHEN {arm} THEN true" for arm in arms)
    return f"CASE {whens} ELSE false END"


def owners_function(sql: str, signature: str, *, table: str) -> Iterator[str]:
    """
    A function that looks past the policy of a table and applies its condition itself, at `{seen}` inside a quoted text.

    Array operators are not leakproof, so under a policy they never choose the index.
    """
    rule = scopes[table]
    if not isinstance(rule, Scoped):
        raise TypeError(f"{table} must be scoped")
    yield sql.replace("{seen}", quoted(seen_when(rule)))
    yield f"REVOKE EXECUTE ON FUNCTION {signature} FROM PUBLIC"
    yield f"GRANT EXECUTE ON FUNCTION {signature} TO {APP_ROLE}"


def quoted(sql: str) -> str:
    """As part of a quoted text."""
    return sql.replace("'", "''")


def _policies(table: str, rule: Scoped) -> Iterator[str]:
    seen = seen_when(rule)
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
    for name, clause in {
        "seen": f"FOR SELECT TO {APP_ROLE} USING ({seen})",
        "added": f"FOR INSERT TO {APP_ROLE} WITH CHECK ({rule.writable or seen})",
        "changed": f"FOR UPDATE TO {APP_ROLE} USING ({seen}) WITH CHECK ({rule.writable or seen})",
        "removed": f"FOR DELETE TO {APP_ROLE} USING ({seen})",
    }.items():
        yield f"DROP POLICY IF EXISTS {name} ON {table}"
        yield f"CREATE POLICY {name} ON {table} {clause}"
    # The owner migrates and backs up; forced policies bind it too, so it is let through by name.
    yield f"DROP POLICY IF EXISTS owner ON {table}"
    yield f"CREATE POLICY owner ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)"


_NEVER = """
CREATE OR REPLACE FUNCTION anlan_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'AN001';
END $$
"""


def _append_only(table: str) -> Iterator[str]:
    yield f"DROP TRIGGER IF EXISTS never_changed ON {table}"
    yield (
        f"CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION anlan_never_changed()"
    )
    yield f"DROP TRIGGER IF EXISTS never_emptied ON {table}"
    yield (
        f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION anlan_never_changed()"
    )


def _own_tables() -> list[str]:
    return sorted(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("anlan.") and model._meta.managed
    )


def undeclared() -> list[str]:
    """Tables of ours that say neither how they are scoped nor why they are not."""
    return [table for table in _own_tables() if table not in scopes]


def statements() -> Iterator[str]:
    yield _NEVER
    yield subject_seen()
    yield entry_seen()
    yield f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}"
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE}"
    yield f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {APP_ROLE}"
    # Imports stage a workbook's rows in a temporary table before anything is theirs to keep.
    yield f"DO $$ BEGIN EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO {APP_ROLE}', current_database()); END $$"
    for table in UNSEEN:
        yield f"REVOKE INSERT, UPDATE, DELETE ON {table} FROM {APP_ROLE}"
    for table in _own_tables():
        rule = scopes.get(table)
        if rule is None:
            raise RuntimeError(f"{table} declares no scope: add @scoped(…) or @unscoped(reason)")
        if isinstance(rule, Scoped):
            yield from _policies(table, rule)
        else:
            yield f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"  # it may have been scoped once
        if table in append_only:
            yield f"REVOKE UPDATE, DELETE ON {table} FROM {APP_ROLE}"
            yield from _append_only(table)
    yield from flow_guards()
    yield from ledger_guards()
    for guards in room_guards:
        yield from guards()


def fingerprint() -> str:
    return hashlib.sha256("\n".join(statements()).encode()).hexdigest()


def install(using: str = "owner") -> None:
    """Install every guard over the owner's connection, in one transaction."""
    connection = connections[using]
    from django.db import transaction

    with transaction.atomic(using=using), connection.cursor() as cursor:
        for statement in statements():
            cursor.execute(statement)
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS anlan_guards (only_one boolean PRIMARY KEY, fingerprint text NOT NULL)"
        )
        cursor.execute(
            "INSERT INTO anlan_guards VALUES (true, %s) ON CONFLICT (only_one) DO UPDATE SET fingerprint = excluded.fingerprint",
            [fingerprint()],
        )
        cursor.execute(f"REVOKE ALL ON anlan_guards FROM {APP_ROLE}")  # a second run grants it with all the others
        cursor.execute(f"GRANT SELECT ON anlan_guards TO {APP_ROLE}")


def problems(using: str = "default") -> list[str]:
    """What is wrong with the database as this connection sees it; empty when all guards stand."""
    found: list[str] = []
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        superuser, bypasses = cursor.fetchone()
        if superuser or bypasses:
            found.append("the application's database role can bypass row security; connect as a plain role")
        cursor.execute(
            "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
            " WHERE nspname = 'public' AND relkind IN ('r', 'p') AND pg_has_role(current_user, relowner, 'USAGE')"
        )
        found += [f"the application's role owns table {name}" for (name,) in cursor.fetchall()]
        cursor.execute(
            "SELECT relname, relrowsecurity AND relforcerowsecurity,"
            " (SELECT count(DISTINCT polcmd) FROM pg_policy WHERE polrelid = c.oid AND polcmd <> '*')"
            " FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'public' AND relkind = 'r'"
        )
        state = {name: (forced, commands) for name, forced, commands in cursor.fetchall()}
        for table in _own_tables():
            rule = scopes.get(table)
            forced, commands = state.get(table, (False, 0))
            if rule is None:
                found.append(f"table {table} declares no scope")
            elif isinstance(rule, Scoped) and not (forced and commands == 4):
                found.append(f"table {table} lacks forced policies for all four commands; run `anlan migrate`")
        cursor.execute("SELECT to_regclass('anlan_guards')")
        if cursor.fetchone()[0] is None:
            found.append("guards were never installed; run `anlan migrate`")
        else:
            cursor.execute("SELECT fingerprint FROM anlan_guards")
            row = cursor.fetchone()
            if row is None or row[0] != fingerprint():
                found.append("the installed guards are older than this code; run `anlan migrate`")
    return found


def unscoped_tables() -> dict[str, str]:
    """Table → the stated reason why it carries no policy."""
    return {table: rule.reason for table, rule in scopes.items() if isinstance(rule, Unscoped)} | INFRASTRUCTURE
