#!/usr/bin/env python3
"""The migrations say what the models say."""

import os
import sys

os.environ["ANLAN_MODE"] = "test"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.site.settings")

import django
from django.core.management import call_command

from anlan.site.postgres import Passwords, provision, throwaway


def main() -> None:
    with throwaway() as admin:
        urls = provision(admin=admin, passwords=Passwords(owner="owner", app="app", backup="backup"))
        os.environ.update(urls.environment())
        django.setup()
        try:
            call_command("makemigrations", check=True, dry_run=True, verbosity=1)
        except SystemExit as left:
            if left.code:
                sys.exit("Models changed without a migration. Run: script/anlan manage makemigrations")


if __name__ == "__main__":
    main()
