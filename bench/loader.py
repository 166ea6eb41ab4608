"""Hazards by COPY, past the verbs, for figures only: believable distribution, no ledger that would verify.

Runs as the cluster's superuser with triggers off, then fills the tallies from the rows as the folding job would.
"""

import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from bench.common import say

COUNTIES = [
    141002,
    141021,
    141022,
    141023,
    141024,
    141025,
    141026,
    141027,
    141028,
    141029,
    141030,
    141031,
    141032,
    141033,
    141034,
    141081,
    141082,
]
STATES = (
    ["closed"] * 70
    + ["rectifying"] * 10
    + ["dispatched"] * 5
    + ["rectified"] * 5
    + ["found"] * 3
    + ["claimed", "accepted", "disputed", "dismissed", "dismissed", "transferred", "closed"]
)
OPEN = {"found", "dispatched", "disputed", "claimed", "rectifying", "rectified", "accepted"}
PLACES = ["熔炼车间", "喷涂车间", "配电室", "液氨机房", "原料库", "成品库", "锅炉房", "除尘间", "油品罐区", "装卸平台"]
FAULTS = [
    "防护罩缺失",
    "消防通道堵塞",
    "气瓶未固定",
    "接地不良",
    "可燃气体报警器失效",
    "临时用电不规范",
    "粉尘堆积",
    "护栏松动",
    "安全出口上锁",
    "有限空间无警示标志",
]
COLUMNS = (
    "id",
    "number",
    "state",
    "version",
    "clock",
    "state_since",
    "due_at",
    "late",
    "level",
    "region",
    "county",
    "industry_id",
    "industry_bit",
    "enterprise_id",
    "responsible_id",
    "place",
    "place_key",
    "source",
    "source_record",
    "style",
    "category",
    "description",
    "found_at",
    "finder_name",
    "registered_at",
    "grade",
    "basis",
    "regulator_name",
    "required_signers",
    "round",
    "plan",
    "asked_reason",
    "listing_level",
    "use_stopped",
    "stop_measure",
    "measure_done",
    "rectifier_ids",
    "rechecker_ids",
    "failed_rounds",
    "reopened",
    "reason",
    "transferred_to",
    "recurrence",
    "original_system",
    "closed_at",
    "search",
    "chain",
)


def industries(connection: psycopg.Connection[Any]) -> list[tuple[str, int]]:
    return connection.execute("SELECT code, bit FROM registry_industry ORDER BY bit").fetchall()


def load(admin: str, count: int, *, seed: int = 7) -> None:
    """Load `count` hazards over 17 counties × 12 townships, two years back from now."""
    rng = random.Random(seed)
    now = datetime.now(UTC)
    with psycopg.connect(admin) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        fields = industries(connection)
        indexes = connection.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'hazards_hazard' AND indexdef LIKE '%gin%'"
        ).fetchall()
        for name, _definition in indexes:
            connection.execute(f'DROP INDEX "{name}"')
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY hazards_hazard ({', '.join(COLUMNS)}) FROM STDIN") as copy,
        ):
            for number in range(count):
                copy.write_row(row(rng, number, now, fields))
        for _name, definition in indexes:
            connection.execute(definition)
        tallies(connection)
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE")
    say(f"loaded {count} hazards")


def row(rng: random.Random, number: int, now: datetime, fields: list[tuple[str, int]]) -> tuple[Any, ...]:
    county = rng.choice(COUNTIES)
    region = county * 1_000_000 + rng.randrange(1, 13) * 1_000
    code, bit = rng.choice(fields)
    state = rng.choice(STATES)
    found = now - timedelta(seconds=rng.randrange(63_000_000))
    due = found + timedelta(days=rng.randrange(5, 60)) if state in OPEN else None
    late = due is not None and due < now and rng.random() < 0.3
    if due is not None and not late:
        due = now + timedelta(days=rng.randrange(1, 40))
    place = f"{rng.randrange(1, 30)}号{rng.choice(PLACES)}"
    grade = "" if state == "found" else "major" if rng.random() < 0.03 else "general"
    return (
        UUID(int=rng.getrandbits(128), version=4),
        f"YH-{county}-2026-{number:07d}",
        state,
        1,
        UUID(int=rng.getrandbits(128), version=4),
        found,
        due,
        late,
        2 if late else 0,
        region,
        county * 1_000_000,
        code,
        bit,
        None,
        None,
        place,
        place,
        rng.choice(["self", "county", "group", "expert"]),
        "",
        "",
        "equipment",
        f"{place}{rng.choice(FAULTS)}，应立即整改。",
        found,
        "检查员",
        found,
        grade,
        "",
        "",
        json.dumps(["principal", "inspector"]),
        1,
        json.dumps({}),
        "",
        "",
        False,
        "",
        "",
        json.dumps([]),
        json.dumps([]),
        0,
        0,
        "",
        "",
        0,
        "wgs84",
        found + timedelta(days=9) if state == "closed" else None,
        "",
        json.dumps([]),
    )


def tallies(connection: psycopg.Connection[Any]) -> None:
    """The sums as the folding job keeps them."""
    connection.execute(
        "INSERT INTO hazards_tally (id, region, by_county, industry_bit, source, grade, state, late, count)"
        " SELECT gen_random_uuid(), key.region, key.by_county, industry_bit, source, grade, state, late, count(*) FROM hazards_hazard"
        " CROSS JOIN LATERAL (VALUES (region, false), (county, true)) AS key(region, by_county) GROUP BY 2, 3, 4, 5, 6, 7, 8"
    )
    connection.execute(
        "INSERT INTO hazards_monthtally (id, month, region, industry_bit, found, closed)"
        " SELECT gen_random_uuid(), month, region, industry_bit, sum(found), sum(closed) FROM ("
        "SELECT date_trunc('month', found_at AT TIME ZONE 'Asia/Shanghai')::date AS month, region - region % 1000 AS region,"
        " industry_bit, 1 AS found, 0 AS closed FROM hazards_hazard UNION ALL"
        " SELECT date_trunc('month', closed_at AT TIME ZONE 'Asia/Shanghai')::date, region - region % 1000, industry_bit, 0, 1"
        " FROM hazards_hazard WHERE closed_at IS NOT NULL) AS moves GROUP BY 2, 3, 4"
    )
