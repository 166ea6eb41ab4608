"""
`map`: tiles of 1,000,000 clustered points, ours against PostGIS `ST_AsMVT`, on one cluster, one table and in one run.

Ours is what the page's function does, as the application's role with row security on: content version, query, encoding, gzip.
Cold keeps nothing; warm is the same tile asked for again. PostGIS has no content version, so each of its readings computes the tile,
as the superuser past row security, with a GiST index of its own. It is asked for two things: the same features as ours (far out
the same cells, near the same points), which is what the ratios are of, and, to be known, every single point of the tile.
"""

import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from bench.common import arguments, cluster, finish, say

CLUSTERS = 60
CITY = (111.5, 36.1)
ZOOMS = (8, 12, 14, 16)
TILES = 12
PROGRAMS = Path("/usr/lib/postgresql/15/bin")
EXTENSION = Path("/usr/share/postgresql/15/extension/postgis.control")
COLOURS = (("red", 3), ("orange", 8), ("yellow", 25), ("blue", 60), ("", 4))

POINTS = """
WITH tile AS (SELECT ST_TileEnvelope({z}, {x}, {y}) AS box)
SELECT ST_AsMVT(feature, 'points', 4096) FROM (
  SELECT ST_AsMVTGeom(geom, box, 4096, 0, false) AS geom, id::text AS id, colour, name
  FROM risks_riskpoint, tile WHERE geom && box AND active LIMIT {most}
) AS feature
"""
CELLS = """
WITH tile AS (SELECT ST_TileEnvelope({z}, {x}, {y}) AS box)
SELECT ST_AsMVT(feature, 'cells', 4096) FROM (
  SELECT ST_AsMVTGeom(ST_Transform(ST_SetSRID(ST_MakePoint(lon, lat), 4326), 3857), box, 4096, 0, false) AS geom,
    red + orange + yellow + blue + grey AS total,
    CASE WHEN red > 0 THEN 'red' WHEN orange > 0 THEN 'orange' WHEN yellow > 0 THEN 'yellow' WHEN blue > 0 THEN 'blue' ELSE 'none' END AS worst,
    nullif(red, 0) AS red, nullif(orange, 0) AS orange, nullif(yellow, 0) AS yellow, nullif(blue, 0) AS blue, nullif(grey, 0) AS none
  FROM (
    SELECT sum(lon_sum) / sum(red + orange + yellow + blue + grey) / 1000000 AS lon,
      sum(lat_sum) / sum(red + orange + yellow + blue + grey) / 1000000 AS lat,
      sum(red) AS red, sum(orange) AS orange, sum(yellow) AS yellow, sum(blue) AS blue, sum(grey) AS grey
    FROM risks_mapcell WHERE level = {z} AND cell >= {low} AND cell < {high} GROUP BY cell
  ) AS counted, tile
) AS feature
"""
CROWDED = """
WITH tile AS (SELECT ST_TileEnvelope({z}, {x}, {y}) AS box)
SELECT ST_AsMVT(feature, 'cells', 4096) FROM (
  SELECT ST_AsMVTGeom((array_agg(geom))[1], box, 4096, 0, false) AS geom, count(*) AS total,
    count(*) FILTER (WHERE colour = 'red') AS red, count(*) FILTER (WHERE colour = 'orange') AS orange,
    count(*) FILTER (WHERE colour = 'yellow') AS yellow, count(*) FILTER (WHERE colour = 'blue') AS blue
  FROM risks_riskpoint, tile WHERE geom && box AND active GROUP BY morton >> {grid}, box
) AS feature
"""


def main() -> None:
    options = arguments(__doc__ or "")
    if not (PROGRAMS / "initdb").exists() or not EXTENSION.exists():
        raise SystemExit(
            "Skipped: the bench needs Debian's PostgreSQL 15 with PostGIS (apt-get install postgresql-15-postgis-3)."
        )
    with cluster("bench", programs=str(PROGRAMS)) as urls:
        from anlan.site import reference as reference_data

        reference_data.load()
        began = time.perf_counter()
        load(urls["bench"].admin, options.rows)
        say(f"{options.rows:,} points loaded in {time.perf_counter() - began:.0f} s, triggers included")
        from anlan.risks.cells import keep_map

        began = time.perf_counter()
        keep_map()
        say(f"folded into cells in {time.perf_counter() - began:.0f} s")
        with psycopg.connect(urls["bench"].admin, autocommit=True) as admin:
            prepare(admin)
            parts = {f"z{zoom}": measure(admin, zoom, options.rounds) for zoom in ZOOMS}
    finish(
        {
            "bench": "map",
            "ratio": max(part["warm"] for part in parts.values()),
            "cold": max(part["cold"] for part in parts.values()),
            "rows": options.rows,
            "parts": parts,
        },
        as_json=options.json,
    )


def load(admin_url: str, rows: int) -> None:
    """Clustered as enterprises are: three of four points near one of sixty centres, the rest strewn over the city."""
    from anlan.identity.models import Region
    from anlan.kernel import scope
    from anlan.kernel.actor import SYSTEM
    from anlan.registry.models import Industry
    from anlan.risks.morton import morton

    rng = random.Random(20261122)
    with scope.acting(SYSTEM):
        industries = list(Industry.objects.order_by("bit").values_list("code", "bit"))
        Region.objects.get_or_create(code=141000000000, defaults={"name": "临汾市", "level": "city"})
    centres = [
        (CITY[0] + rng.gauss(0, 0.35), CITY[1] + rng.gauss(0, 0.3), 141002000000 + 1_000_000 * rng.randrange(17))
        for _ in range(CLUSTERS)
    ]
    enterprise = UUID(int=1)
    colours, weights = zip(*COLOURS, strict=True)
    with psycopg.connect(admin_url) as admin, admin.cursor() as cursor:
        cursor.execute(
            "INSERT INTO registry_enterprise (id, uscc, name, region, industry_id, industry_bit, address, principal_name, principal_phone,"
            " safety_manager_name, safety_manager_phone, scale, grade, facilities, status, original_system, created_at, changed_at)"
            " VALUES (%s, 'bench', 'bench', 141002001000, %s, %s, '', '', '', '', '', '', '', '{}', 'active', 'wgs84', now(), now())",
            [enterprise, *industries[0]],
        )
        columns = "id, number, enterprise_id, name, kind, place, region, county, industry_id, industry_bit, colour, tier, lon, lat, original_system, morton, emergency_phone, emergency_measures, active, version, created_at, changed_at"
        with cursor.copy(f"COPY risks_riskpoint ({columns}) FROM STDIN") as copy:
            for number in range(rows):
                lon, lat, county = rng.choice(centres)
                spread = 0.012 if number % 4 else 0.25
                lon, lat = round(rng.gauss(lon, spread), 6), round(rng.gauss(lat, spread * 0.8), 6)
                code, bit = rng.choice(industries)
                region = county + 1_000 * (1 + (int(lon * 25) * 7 + int(lat * 25)) % 10)  # a place lies in one township
                colour = rng.choices(colours, weights)[0]
                copy.write_row((
                    UUID(int=2**64 + number), f"FX-{number}", enterprise, f"{number}号风险点 熔炼区", "place", "", region, county, code, bit,
                    colour, "", lon, lat, "wgs84", morton(lon, lat), "", "", True, 1, "2026-01-01", "2026-01-01",
                ))  # fmt: skip


def prepare(admin: Any) -> None:
    """PostGIS's own column and index, and statistics for both."""
    began = time.perf_counter()
    for statement in (
        "CREATE EXTENSION postgis",
        "ALTER TABLE risks_riskpoint DISABLE TRIGGER USER",
        "ALTER TABLE risks_riskpoint ADD COLUMN geom geometry(Point, 3857)",
        "UPDATE risks_riskpoint SET geom = ST_Transform(ST_SetSRID(ST_MakePoint(lon, lat), 4326), 3857)",
        "CREATE INDEX bench_geom ON risks_riskpoint USING gist (geom) WHERE active",
        "VACUUM (FULL, ANALYZE) risks_riskpoint",
        "VACUUM (ANALYZE) risks_mapcell",
        "VACUUM (ANALYZE) risks_mapdelta",
    ):
        admin.execute(statement)
    say(f"PostGIS column and index in {time.perf_counter() - began:.0f} s")


def measure(admin: Any, zoom: int, rounds: int) -> dict[str, float]:
    """Medians over tiles that hold points, the fullest of them included, readings of all sides interleaved."""
    from anlan.identity import roles
    from anlan.kernel import scope
    from anlan.kernel.actor import Actor
    from anlan.kernel.codes import subtree
    from anlan.risks import tiles
    from anlan.risks.morton import BITS, separate, tile_range
    from anlan.risks.narrowing import Narrowing

    office = Actor(role=roles.OFFICE, region=141000000000, regions=(subtree(141000000000),), industries=-1)
    everything = Narrowing()
    rows = admin.execute(
        f"SELECT morton >> {2 * (BITS - zoom)} AS tile, count(*) FROM risks_riskpoint GROUP BY 1 ORDER BY 2 DESC"
    ).fetchall()
    picked = [rows[0], *random.Random(zoom).sample(rows[1:], min(TILES - 1, len(rows) - 1))]
    times: dict[str, list[float]] = {"cold": [], "warm": [], "theirs": [], "raw": []}
    ratios: dict[str, list[float]] = {"cold": [], "warm": []}
    for number, count in picked:
        x, y = separate(number)
        low, high = tile_range(zoom, x, y)
        shift = 2 * (BITS - zoom - 4)
        marks = {
            "z": zoom,
            "x": x,
            "y": y,
            "low": low >> shift,
            "high": high >> shift,
            "grid": shift,
            "most": tiles.MOST,
        }
        same = CELLS if zoom <= 12 else CROWDED if count > tiles.MOST else POINTS

        def ours(x: int = x, y: int = y) -> Any:
            return tiles.tile(office, everything, zoom, x, y)

        def theirs(text: str = same, marks: dict[str, Any] = marks) -> Any:
            return admin.execute(text.format(**marks)).fetchone()

        def raw(marks: dict[str, Any] = marks) -> Any:
            return admin.execute(POINTS.format(**marks).replace(f"LIMIT {tiles.MOST}", "")).fetchone()

        few = rounds if count < 50_000 else 3
        with scope.acting(office):  # a request has its transaction and scope before its view begins
            found = timed({"cold": ours, "theirs": theirs, "raw": raw}, few, before={"cold": tiles.kept.forget})
            found |= timed({"warm": ours}, rounds)
        for side, value in found.items():
            times[side].append(value)
        for side, kept in ratios.items():
            kept.append(found[side] / found["theirs"])
        if number == picked[0][0]:
            say(
                f"  z{zoom} fullest tile, {count:,} points: "
                + ", ".join(f"{side} {value * 1000:.1f}" for side, value in found.items())
                + " ms"
            )
    medians = {side: statistics.median(values) * 1000 for side, values in times.items()}
    part = {side: round(medians[side] / medians["theirs"], 3) for side in ratios}
    say(
        f"z{zoom}: cold {part['cold']:.2f}, warm {part['warm']:.2f} of PostGIS | ours {medians['cold']:.1f} / {medians['warm']:.1f} ms,"
        f" PostGIS {medians['theirs']:.1f} ms for the same features, {medians['raw']:.1f} ms for every point"
    )
    return {**part, "worst_cold": round(max(ratios["cold"]), 3), "worst_warm": round(max(ratios["warm"]), 3),
            **{f"{side}_ms": round(value, 2) for side, value in medians.items()}}  # fmt: skip


def timed(
    sides: dict[str, Callable[[], Any]], rounds: int, before: dict[str, Callable[[], None]] | None = None
) -> dict[str, float]:
    taken: dict[str, list[float]] = {side: [] for side in sides}
    for turn in range(rounds + 1):
        for side, run in sides.items():
            if before and side in before:
                before[side]()
            began = time.perf_counter()
            run()
            if turn:  # the first fills the server's buffers
                taken[side].append(time.perf_counter() - began)
    return {side: statistics.median(values) for side, values in taken.items()}


if __name__ == "__main__":
    main()
