import argparse

HELP = "Bring the database to this version: tables, grants, row policies and triggers, reference data."
DATABASE = "owner"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--quiet", action="store_true", help="say nothing but errors")


def run(args: argparse.Namespace) -> int:
    from django.core.management import call_command

    from anlan.kernel import guards
    from anlan.site import reference

    call_command("migrate", database="owner", interactive=False, verbosity=0 if args.quiet else 1)
    guards.install()
    reference.load()
    if not args.quiet:
        print(
            "The database is at this version, and its grants, policies and triggers are in place. Supervision fields, criteria and calendar are loaded."
        )
    return 0
