import argparse
import os

from anlan.site.cli.trouble import CommandTrouble

HELP = "Serve the pages and the API."
DATABASE = "app"

DRAIN_SECONDS = 20
# Requests in Python at a time and worker; each holds a database connection while it runs.
THREADS = min(8, 2 * (os.cpu_count() or 1) + 1)
# Granian counts open connections here, idle ones too: as few as there are threads, and a handful of browsers that keep
# theirs open would keep everybody else out.
CONNECTIONS = 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default %(default)s)")
    parser.add_argument("--workers", type=int, default=0, help="processes (default: one per core, at most 4)")


def run(args: argparse.Namespace) -> int:
    from granian.constants import Interfaces
    from granian.server import Server

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.site.settings")
    refuse_unguarded()
    server = Server(
        "anlan.site.wsgi:application",
        address=args.host,
        port=args.port,
        interface=Interfaces.WSGI,
        workers=args.workers or min(4, os.cpu_count() or 1),
        blocking_threads=THREADS,
        backpressure=CONNECTIONS,
        respawn_failed_workers=True,
        workers_kill_timeout=DRAIN_SECONDS,
        websockets=False,
        log_access=False,  # the application logs requests itself, without personal data
    )
    server.serve()
    return 0


def refuse_unguarded() -> None:
    """
    Never serve from a database that can be read past row security.

    One that does not answer yet is no reason to refuse: `/readyz` tells of it until it does.
    """
    from django.db import DatabaseError, connection

    from anlan.kernel.guards import problems

    try:
        found = problems()
    except DatabaseError:
        found = []
    finally:
        connection.close()
    if found:
        raise CommandTrouble("The web server does not start: " + "; ".join(found))
