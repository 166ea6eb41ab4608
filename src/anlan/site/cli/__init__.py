"""The command line `anlan`. Every module here that has HELP is a command; README.md says what it may declare."""

from anlan.site.cli.main import main

__all__ = ["main"]
