"""What every test stands on: a real PostgreSQL with its real roles, and a small city on request."""

import pytest

from anlan.site.testing import django_db_setup, fresh_caches
from tests.factories import City, make_city

__all__ = ["django_db_setup", "fresh_caches"]


@pytest.fixture
def city(db: None) -> City:
    return make_city()
