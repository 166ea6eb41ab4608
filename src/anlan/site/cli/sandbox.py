import argparse
import os
from pathlib import Path

from anlan.site.cli.trouble import CommandTrouble

HELP = "Play the services outside (WeChat, WeChat Pay, text messages) for the demo and for trying things out."
DATABASE = "none"
DJANGO = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    parser.add_argument("--port", type=int, default=8090, help="port to listen on (default %(default)s)")
    parser.add_argument("--callback", default="", help="where the platform listens, such as http://127.0.0.1:8000")
    parser.add_argument(
        "--state", type=Path, default=None, help="file in which bills and messages survive a restart (default: none)"
    )


def run(args: argparse.Namespace) -> int:
    if os.environ.get("ANLAN_MODE", "production") == "production":
        raise CommandTrouble("The sandbox plays with money and messages. Set ANLAN_MODE=demo to use it.")
    if args.callback:
        os.environ["ANLAN_SANDBOX_CALLBACK"] = args.callback
    from anlan.channels.sandbox.app import serve
    from anlan.channels.sandbox.state import Unreadable

    try:
        serve(host=args.host, port=args.port, state=args.state)
    except Unreadable as trouble:
        raise CommandTrouble(f"What an earlier sandbox left cannot be read: {trouble}. Remove the file.") from trouble
    return 0
