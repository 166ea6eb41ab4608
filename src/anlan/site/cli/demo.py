import argparse
import http.client
import json
import os
import shutil
import socket
import sys
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from anlan.site.cli.trouble import CommandTrouble
from anlan.site.postgres import ensure_database, standing
from anlan.site.supervisor import Done, Supervisor, anlan_child, last_words
from anlan.site.var import read_secrets, remember_secret, var_directory

HELP = "The demo city: load it, or set everything up and serve it."
DATABASE = "none"  # asked for below, after the port was seen to be free
DJANGO = False

READY_SECONDS = 120
SECRETS = ("ANLAN_SECRET_KEY",)
CODE = Path(__file__).resolve().parents[2]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("load", help="fill the database with the demo city")
    run_ = actions.add_parser("run", help="set everything up and serve it until Ctrl-C")
    run_.add_argument("--port", type=int, default=8000, help="port on 127.0.0.1 (default %(default)s)")
    run_.add_argument("--fresh", action="store_true", help="throw the demo city away and build a new one")
    run_.add_argument("--once", action="store_true", help="start, prove that it answers, stop")


def run(args: argparse.Namespace) -> int:
    if os.environ.get("ANLAN_MODE") != "demo":
        raise CommandTrouble(
            "This is only done with ANLAN_MODE=demo, so that no real city is ever mixed with the demo."
        )
    return _load() if args.action == "load" else _run(args)


def _load() -> int:
    from anlan.site.cli.main import prepare_database, setup_django

    prepare_database("owner")
    setup_django()
    from anlan.demo import load

    try:
        load.main(progress=_progress(), hazards=int(os.environ.get("ANLAN_DEMO_HAZARDS", "1200")))
    except load.HalfLoadedError as trouble:
        raise CommandTrouble(str(trouble)) from trouble
    return 0


def _run(args: argparse.Namespace) -> int:
    _refuse_taken_port(args.port)
    if args.fresh or _half_loaded():
        _throw_away()
    for name in SECRETS:
        remember_secret(name)
    started = time.monotonic()
    print("Starting the database …", flush=True)
    urls = ensure_database()
    sandbox = _free_port()
    environment = dict(os.environ) | read_secrets() | urls.environment() | {"ANLAN_MODE": "demo"}
    environment["ANLAN_SANDBOX_URL"] = f"http://127.0.0.1:{sandbox}"  # what the environment names itself comes first
    environment.setdefault("ANLAN_PUBLIC_URL", f"http://127.0.0.1:{args.port}")
    supervisor = Supervisor(environment=environment, logs=True, say=lambda words: print(words, flush=True))
    _bring_up_to_date(supervisor)
    supervisor.add(
        "sandbox",
        anlan_child(
            "sandbox",
            *("--port", str(sandbox)),
            *("--callback", f"http://127.0.0.1:{args.port}"),
            *("--state", str(var_directory() / "sandbox" / "state.json")),
        ),
    )
    supervisor.add("web", anlan_child("serve", "--port", str(args.port)))
    supervisor.add("worker", anlan_child("worker"))
    print("Starting web and worker …", flush=True)
    status = supervisor.run(started=_announcement(args, started))
    print("Stopped. Everything is kept; start again with script/demo.", flush=True)
    return status


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _bring_up_to_date(supervisor: Supervisor) -> None:
    state = var_directory() / "demo"
    state.mkdir(exist_ok=True)
    migrated, loading, loaded = (state / name for name in ("migrated", "loading", "loaded"))
    version = _version()
    if not migrated.exists() or migrated.read_text() != version:
        print("Bringing the database to this version …", flush=True)
        supervisor.once(anlan_child("migrate", "--quiet"))
        migrated.write_text(version)
    if loaded.exists():
        return
    loading.touch()
    print("Building the demo city (once) …", flush=True)
    supervisor.once(anlan_child("demo", "load"))
    loading.rename(loaded)


def _version() -> str:
    """Changes with the code and with the database: then migrations are looked at again."""
    digest = sha256()
    for path in sorted(CODE.rglob("*.py")):
        seen = path.stat()
        digest.update(f"{path}:{seen.st_size}:{seen.st_mtime_ns}\n".encode())
    home = var_directory() / "pg"
    digest.update(str(home.resolve().stat().st_ino if home.exists() else os.environ.get("DATABASE_URL")).encode())
    return digest.hexdigest()


def _half_loaded() -> bool:
    """A load that was interrupted is of no use: it is done again, from the beginning."""
    return (var_directory() / "demo" / "loading").exists()


def _throw_away() -> None:
    var = var_directory()
    if os.environ.get("DATABASE_URL"):
        raise CommandTrouble(
            "A demo city on a server of your own (DATABASE_URL) is not thrown away from here."
            f" Drop the database and remove {var / 'demo'}, then start again."
        )
    if standing.in_use_by_others():
        raise CommandTrouble(
            "The demo is still running. Stop it first (Ctrl-C in its window), then start with --fresh."
        )
    standing.remove_embedded()
    for name in ("demo", "files", "keys", "heads", "log"):
        shutil.rmtree(var / name, ignore_errors=True)
    (var / "sandbox" / "state.json").unlink(missing_ok=True)  # bills of a city that is gone


def _refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CommandTrouble(
                f"Port {port} on 127.0.0.1 cannot be used ({error.strerror}). Is the demo running already?"
                f" Choose another port: script/demo --port {port + 1}"
            ) from error


def _announcement(args: argparse.Namespace, began: float) -> Callable[[], bool]:
    deadline = time.monotonic() + READY_SECONDS

    def ready() -> bool:
        status, words = _readyz(args.port)
        if status == 200:
            print(f"\nAnlan is ready after {time.monotonic() - began:.0f} seconds: http://127.0.0.1:{args.port}/\n")
            _print_accounts()
            print(f"Messages that leave the demo arrive at http://127.0.0.1:{args.port}/outbox/\n", flush=True)
            if args.once:
                print("/readyz answered 200.", flush=True)
                raise Done(0)
            print("Stop with Ctrl-C.", flush=True)
            return True
        if time.monotonic() > deadline:
            print(
                f"/readyz does not answer 200 ({status} {words}). The web process says:\n{last_words('web')}",
                flush=True,
            )
            raise Done(1)
        return False

    return ready


def _readyz(port: int) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        return answer.status, answer.read(500).decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return 0, str(error)
    finally:
        connection.close()


def _print_accounts() -> None:
    """`var/demo/accounts.json`: a list of objects with post, name, username, password (and token)."""
    path = var_directory() / "demo" / "accounts.json"
    if not path.exists():
        return
    accounts = json.loads(path.read_text())
    accounts = accounts if isinstance(accounts, list) else accounts["accounts"]
    columns = [name for name in ("post", "name", "username", "password") if any(name in row for row in accounts)]
    widths = {name: max(_width(str(row.get(name, ""))) for row in [*accounts, {name: name}]) for name in columns}
    for row in [{name: name for name in columns}, *accounts]:
        cells = [str(row.get(name, "")) for name in columns]
        line = [cell + " " * (widths[name] - _width(cell)) for name, cell in zip(columns, cells, strict=True)]
        print("  " + "  ".join(line).rstrip())
    print(f"\nThe same, with a token each for the API: {path}\n", flush=True)


def _width(text: str) -> int:
    """Columns on a terminal, where a Chinese character takes two."""
    from unicodedata import east_asian_width

    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _progress() -> Callable[[str, int, int], None]:
    """`progress(what, done, total)`: one line that fills on a terminal, one line per tenth elsewhere."""
    said: dict[str, int] = {}

    def progress(what: str, done: int, total: int) -> None:
        tenth = 10 * done // max(total, 1)
        if sys.stdout.isatty():
            end = "\n" if done >= total else ""
            print(f"\r  {what:<40} [{'█' * tenth:<10}] {done:>6}/{total}", end=end, flush=True)
        elif said.get(what) != tenth:
            said[what] = tenth
            print(f"  {what}: {done}/{total}", flush=True)

    return progress
