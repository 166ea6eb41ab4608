"""
Pages that look over every enterprise of a city, at 100,000 enterprises against the same page at 10,000.

Such a report may grow with the city, but not faster than it: `ratio` is the worst page's growth divided by the city's. Who
is behind with own checks is read from kept counts and may not grow at all beyond its own figures. No page may take ten seconds.
"""

import re
from typing import Any

from bench.common import arguments, cluster, finish, median_ms, say, use
from bench.flat import signed_in

SMALL, LARGE = 10_000, 100_000
SLOWEST_MS = 10_000
DAYS = 10
"""Checks of each enterprise in the month: one in three of the tenth day is missed."""
PAGES = {
    "coverage report": "/checklists/coverage/",
    "coverage, one county": "/checklists/coverage/?county=141002000000",
    "uncovered, by name": "/checklists/coverage/enterprises/",
    "check of the chain": "/chain/check/",
    "duty lists": "/chain/coverage/",
    "without a principal's card": "/chain/check/no_principal_card/?region=141002000000",
    "behind with own checks": "/self-checks/?month=2026-10",
    "behind, one county": "/self-checks/?month=2026-10&region=141002000000",
    "behind, with everybody": "/self-checks/?month=2026-10&every=on",
}

FIRMS = """
INSERT INTO registry_enterprise (id, uscc, name, region, industry_id, industry_bit, address, principal_name, principal_phone,
  safety_manager_name, safety_manager_phone, scale, grade, facilities, status, created_at, changed_at, original_system)
SELECT gen_random_uuid(), 'B' || n, '企业' || n, places.code[1 + n %% cardinality(places.code)], fields.code[f.place], fields.bit[f.place], '',
  CASE WHEN n %% 10 = 0 THEN '' ELSE '赵' END, '', '钱', '', '', '', kinds.code[1 + n %% 7 : 1 + n %% 7 + n %% 3], 'active', now(),
  now(), 'wgs84'
FROM generate_series(1, %s) n,
  (SELECT array_agg(code ORDER BY code) AS code FROM identity_region WHERE level = 'township') places,
  (SELECT array_agg(code ORDER BY bit) AS code, array_agg(bit ORDER BY bit) AS bit FROM registry_industry) fields,
  (SELECT %s::text[] AS code) kinds,
  LATERAL (SELECT 1 + n %% cardinality(fields.code) AS place) f
"""
CARDS = """
INSERT INTO chain_dutycard (id, enterprise_id, region, industry_bit, level, title, holder_name, duties, risks, emergency, active,
  changed_at)
SELECT gen_random_uuid(), id, region, industry_bit, 'principal', '主要负责人', principal_name, '[]', '[]', '', true, now()
FROM registry_enterprise WHERE uscc LIKE 'B%' AND right(uscc, 1) <> '3'
"""
PLANS = """
INSERT INTO inspections_selfcheckplan (id, enterprise_id, region, industry_bit, cycle, begins_on, holder_name, on_rest_days)
SELECT gen_random_uuid(), id, region, industry_bit, 'daily', '2026-01-01', '', false FROM registry_enterprise WHERE uscc LIKE 'B%'
"""
CHECKS = """
INSERT INTO inspections_selfcheck (id, plan_id, enterprise_id, region, industry_bit, cycle, period, state, version, answers,
  nothing_found, words, files, excuse, person_name)
SELECT gen_random_uuid(), p.id, p.enterprise_id, p.region, p.industry_bit, 'daily', day::date,
  CASE WHEN random() < 0.03 THEN 'missed' ELSE 'done' END, 1, '[]', true, '', '[]', '', ''
FROM inspections_selfcheckplan p, generate_series('2026-10-09'::date, '2026-10-09'::date + %s, interval '1 day') day
"""


def main() -> None:
    options = arguments(__doc__ or "")
    sizes = {"small": round(SMALL * options.scale), "large": round(LARGE * options.scale)}
    times: dict[str, dict[str, float]] = {}
    with cluster(*sizes) as urls:
        for name, rows in sizes.items():
            use(urls[name])
            client = populate(urls[name].admin, rows)
            times[name] = {}
            first = client.get(PAGES["behind with own checks"]).content.decode()
            onward = PAGES["behind with own checks"] + "&after=" + re.findall(r"after=([\w-]+)", first)[0]
            for label, path in {**PAGES, "behind, second page": onward}.items():
                answer = client.get(path)
                if answer.status_code != 200:
                    raise SystemExit(f"{path}: {answer.status_code} {answer.content[:300]!r}")
                took = median_ms(lambda c=client, p=path: c.get(p), rounds=min(options.rounds, 3))
                times[name][label] = round(took, 1)
    growth = sizes["large"] / sizes["small"]
    parts = {key: round(times["large"][key] / times["small"][key] / growth, 2) for key in times["large"]}
    for key, value in parts.items():
        say(f"{value:6.2f}  {times['small'][key]:8.1f} → {times['large'][key]:8.1f} ms  {key}")
    slow = [key for key, taken in times["large"].items() if taken > SLOWEST_MS]
    finish(
        {
            "bench": "coverage",
            "ratio": max(parts.values()),
            "enterprises": sizes["large"],
            "parts": parts,
            "ms": times["large"],
            "over_ten_seconds": slow,
        },
        as_json=options.json,
    )


def populate(admin: str, rows: int) -> Any:
    """A city with its real townships, shipped checklists, enterprises with cards and a month of own checks; its office signed in."""
    import csv
    from importlib.resources import files

    import psycopg
    from tests.factories import make_city

    from anlan.identity.regions import load_regions
    from anlan.kernel import scope
    from anlan.kernel.actor import SYSTEM
    from anlan.registry.actions import load_industries
    from anlan.registry.facilities import facilities
    from anlan.standards.actions import load_checklists, load_criteria, load_laws

    table = (files("anlan.registry") / "data" / "regions_141000.csv").read_text(encoding="utf-8")
    load_industries()
    with scope.acting(SYSTEM):
        load_regions(csv.DictReader(table.splitlines()), actor=SYSTEM)
    city = make_city()
    with scope.acting(SYSTEM):
        load_laws()
        load_criteria()
    load_checklists(region=141000000000)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(FIRMS, [rows, list(facilities())])
        connection.execute(CARDS)
        connection.execute(PLANS)
        connection.execute(CHECKS, [DAYS - 1])
        connection.execute("VACUUM ANALYZE")
    return signed_in(city.posts["city_office"])


if __name__ == "__main__":
    main()
