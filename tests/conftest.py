"""What every test stands on: a real PostgreSQL with its real roles, and a small city on request."""

import pytest
from hypothesis import HealthCheck, settings

from anlan.site.testing import django_db_setup, fresh_caches
from tests.factories import City, make_city

__all__ = ["django_db_setup", "fresh_caches"]

# Nothing is judged by the clock of a busy machine.
settings.register_profile("anlan", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("anlan")


@pytest.fixture
def city(db: None) -> City:
    return make_city()
