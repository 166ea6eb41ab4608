import argparse

HELP = "Run one of Django's own management commands."
DATABASE = "any"
PASSTHROUGH = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("rest", nargs="*", metavar="COMMAND", help="for example: makemigrations, shell, showmigrations")


def run(args: argparse.Namespace) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["anlan manage", *args.rest])
    return 0
