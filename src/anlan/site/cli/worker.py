import argparse

HELP = "Work off the queue: reminders, escalation, sealing the ledger, messages, imports."
DATABASE = "app"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    del parser


def run(args: argparse.Namespace) -> int:
    del args
    from anlan.site import worker

    worker.run()
    return 0
