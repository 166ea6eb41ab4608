"""What every test stands on: a real PostgreSQL with its real roles."""

from anlan.site.testing import django_db_setup, fresh_caches

__all__ = ["django_db_setup", "fresh_caches"]
