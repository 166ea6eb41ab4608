import argparse
import os

from anlan.site.supervisor import Supervisor, anlan_child

HELP = "Run everything on one machine: the embedded database, migrations, web and worker; Ctrl-C stops all."
DATABASE = "owner"
DJANGO = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default %(default)s)")
    parser.add_argument("--workers", type=int, default=0, help="web processes (default: one per core, at most 4)")


def run(args: argparse.Namespace) -> int:
    supervisor = Supervisor(environment=dict(os.environ))
    supervisor.once(anlan_child("migrate", "--quiet"))
    web = anlan_child("serve", "--host", args.host, "--port", str(args.port), "--workers", str(args.workers))
    supervisor.add("web", web)
    supervisor.add("worker", anlan_child("worker"))
    return supervisor.run()
