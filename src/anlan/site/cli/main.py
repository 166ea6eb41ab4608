import argparse
import importlib
import os
import pkgutil
import signal
import sys
from keyword import iskeyword
from pathlib import Path
from types import FrameType, ModuleType
from typing import NoReturn

from anlan.site.cli.trouble import CommandTrouble
from anlan.site.postgres import DatabaseTrouble, ensure_database
from anlan.site.var import read_secrets

OWNER_ONLY = ("DATABASE_OWNER_URL", "DATABASE_BACKUP_URL")


def main(argv: list[str] | None = None) -> int:
    arguments = sys.argv[1:] if argv is None else argv
    signal.signal(signal.SIGTERM, _leave)
    chosen = next((name for name in arguments[:1] if name in _names()), None)
    parser = argparse.ArgumentParser(prog="anlan", description="Anlan, the open platform of a city's work safety.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    # Only the chosen command is imported; all of them to list them.
    modules = {name: module for name in ([chosen] if chosen else _names()) if (module := _module(name))}
    for name, module in modules.items():
        _add(commands, name, module)
    if chosen and getattr(modules[chosen], "PASSTHROUGH", False):
        args = argparse.Namespace(command=chosen, rest=arguments[1:])
    else:
        args = parser.parse_args(arguments)
    try:
        return _run(modules[args.command], args)
    except (DatabaseTrouble, CommandTrouble) as trouble:
        print(f"anlan {args.command}: {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130


def _names() -> list[str]:
    folder = str(Path(__file__).parent)
    return sorted(
        found.name.rstrip("_")  # a command named like a keyword lives in a module with an underscore
        for found in pkgutil.iter_modules([folder])
        if found.name not in ("main", "trouble") and not found.name.startswith("_")
    )


def _module(name: str) -> ModuleType | None:
    module = importlib.import_module(f"anlan.site.cli.{name}_" if iskeyword(name) else f"anlan.site.cli.{name}")
    return module if hasattr(module, "HELP") else None


def _add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, module: ModuleType) -> None:
    parser = commands.add_parser(name, help=module.HELP, description=module.HELP)
    module.add_arguments(parser)


def _run(module: ModuleType, args: argparse.Namespace) -> int:
    if os.environ.get("ANLAN_MODE") == "demo":
        for name, value in read_secrets().items():
            os.environ.setdefault(name, value)
    prepare_database(getattr(module, "DATABASE", "app"))
    if getattr(module, "DJANGO", True):
        setup_django()
    return int(module.run(args))


def prepare_database(need: str) -> None:
    """Put the addresses a command needs, and no others, into the environment."""
    if need == "none":
        return
    urls = ensure_database(owner_needed=need == "owner")
    os.environ.update(urls.environment())
    if need == "app":
        for name in OWNER_ONLY:
            os.environ.pop(name, None)


def setup_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.site.settings")
    import django

    django.setup()


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    # As an exception, so that what was opened is closed and the last one out stops the embedded server.
    raise SystemExit(143)
