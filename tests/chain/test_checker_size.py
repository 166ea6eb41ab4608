"""The checker over a whole city's enterprises."""

import time
from collections import Counter

import pytest
from django.db import connection, transaction

from anlan.identity.models import Region
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.registry.models import Industry
from tests.chain.conftest import Chain
from tests.chain.test_checker import found
from tests.factories import CITY

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.mark.slow
def test_a_city_of_a_hundred_thousand_enterprises_is_checked_within_seconds(chain: Chain) -> None:
    with transaction.atomic():
        with scope.acting(SYSTEM), connection.cursor() as cursor:
            Industry.objects.create(code="gas", zh="gas", en="gas", bit=3)
            Region.objects.bulk_create(
                Region(code=CITY + (30 + n) * 1_000_000, name=f"县{n}", level="county", parent_id=CITY)
                for n in range(15)
            )
            cursor.execute(MANY_FIRMS, [CITY])
            cursor.execute(THEIR_CARDS)
        before = time.perf_counter()
        faults = found(chain.city.city_office)
        took = time.perf_counter() - before
        transaction.set_rollback(True)  # the foreign keys of 200,000 rows need no checking
    counts = Counter[str]()
    for name, *_middle, enterprises in faults:
        counts[name] += enterprises
    assert counts["uncovered"] == 100_000
    assert counts["no_principal"] == 10_000
    assert took < 5, f"{took:.1f} s"


MANY_FIRMS = """
INSERT INTO registry_enterprise (id, uscc, name, region, industry_id, industry_bit, address, principal_name, principal_phone,
  safety_manager_name, safety_manager_phone, scale, grade, facilities, status, created_at, changed_at, original_system)
SELECT gen_random_uuid(), 'T' || n, '厂' || n, %s + (30 + n %% 15) * 1000000 + n %% 900 * 1000, 'gas', 3, '',
  CASE WHEN n %% 10 = 0 THEN '' ELSE '赵' END, '', '钱', '', '', '', '{}', 'active', now(), now(), 'wgs84'
FROM generate_series(1, 100000) n
"""
THEIR_CARDS = """
INSERT INTO chain_dutycard (id, enterprise_id, region, industry_bit, level, title, holder_name, duties, risks, emergency, active,
  changed_at)
SELECT gen_random_uuid(), id, region, 3, 'principal', '主要负责人', principal_name, '[]', '[]', '', true, now()
FROM registry_enterprise WHERE uscc LIKE 'T%'
"""
