"""A hundred thousand enterprises: read by columns, staged by COPY, judged and inserted as sets."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Self, cast

from django.db import connection
from uuid_utils import uuid7

from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.kernel.codes import format_region
from anlan.kernel.exchange.reading import Batch, open_reading
from anlan.kernel.exchange.report import Report
from anlan.kernel.geo import System, to_wgs84
from anlan.registry.inputs import facility_codes
from anlan.registry.loading.faults import Marker
from anlan.registry.loading.staging import copy, staging
from anlan.registry.workbooks import reading_choices, spec

TABLE = "staged_enterprises"
_TEXTS = (
    "name",
    "uscc",
    "industry",
    "address",
    "principal_name",
    "principal_phone",
    "safety_manager_name",
    "safety_manager_phone",
    "scale",
    "status",
    "grade",
    "facilities",
    "system",
)
_NUMBERS = ("lon", "lat", "given_lon", "given_lat")
COLUMNS = (
    {"line": "int", "id": "uuid", "region": "int8", "employees": "int"}
    | dict.fromkeys(_TEXTS, "text")
    | dict.fromkeys(_NUMBERS, "numeric(9, 6)")
)
_INSERT = f"""
INSERT INTO registry_enterprise (id, uscc, name, region, industry_id, industry_bit, address, principal_name,
  principal_phone, safety_manager_name, safety_manager_phone, employees, scale, status, lon, lat, original_lon,
  original_lat, original_system, created_at, changed_at, grade, facilities)
SELECT s.id, s.uscc, s.name, s.region, i.code, i.bit, coalesce(address, ''), coalesce(principal_name, ''),
  coalesce(principal_phone, ''), coalesce(safety_manager_name, ''), coalesce(safety_manager_phone, ''), employees,
  coalesce(scale, ''), coalesce(status, 'active'), lon, lat, given_lon, given_lat, coalesce(system, 'wgs84'),
  %(now)s, %(now)s, coalesce(grade, ''), coalesce(facilities, '{{}}')::varchar[]
FROM pg_temp.{TABLE} s JOIN registry_industry i ON i.code = s.industry
"""


class EnterpriseLoading:
    """`read` stages the file, `check` finds what only the database knows, `write` inserts."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.marker = Marker(spec("enterprises").sheets[0])
        self._staging = staging(TABLE, COLUMNS)

    def __enter__(self) -> Self:
        self._staging.__enter__()
        return self

    def __exit__(self, *failure: object) -> None:
        self._staging.__exit__(*failure)  # type: ignore[arg-type]

    def read(self, path: Path, progress: Callable[[int], None]) -> Report:
        done = 0
        with open_reading(path, spec("enterprises"), choices=reading_choices("enterprises")) as reading:
            for batch in reading:
                self.marker.title, self.marker.places = batch.title, batch.places
                copy(TABLE, _staged(batch))
                done += len(batch.rows)
                progress(done)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {TABLE}")
        return reading.report

    def check(self, report: Report) -> None:
        """Inside the actor's transaction."""
        mark = self.marker
        with scope.elevated("a credit code is unique in the whole country"):
            taken = self._rows("JOIN registry_enterprise e ON e.uscc = s.uscc", "s.uscc")
        mark.add_all(report, taken, "uscc", "registry.taken")
        ranges = "{" + ",".join(f"[{low},{high})" for low, high in self.actor.regions) + "}"
        outside = self._rows("WHERE NOT region <@ %(ranges)s::int8multirange", "region", ranges=ranges)
        mark.add_all(report, ((row, format_region(code)) for row, code in outside), "region", "registry.outside")
        other = self._rows(
            "JOIN registry_industry i ON i.code = s.industry WHERE (%(mask)s::int8 >> i.bit) & 1 = 0",
            "i.zh",
            mask=self.actor.industries,
        )
        mark.add_all(report, other, "industry", "registry.other_field")
        # A point that was half given has its half kept aside.
        half = self._rows("WHERE (given_lon IS NULL) <> (given_lat IS NULL)", "coalesce(given_lon, given_lat)")
        mark.add_all(report, half, "lat" if "lat" in mark.places else "lon", "registry.half_point")

    def write(self) -> dict[str, int]:
        """Inside the actor's transaction: the policy judges every row once more."""
        with connection.cursor() as cursor:
            cursor.execute(_INSERT, {"now": clock.now()})
            return {"enterprises": cursor.rowcount}

    def _rows(self, condition: str, value: str, **params: Any) -> Sequence[tuple[int, Any]]:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT line, {value} FROM pg_temp.{TABLE} s {condition} ORDER BY line",
                params,
            )
            return cast("list[tuple[int, Any]]", cursor.fetchall())


def _staged(batch: Batch) -> dict[str, Sequence[Any]]:
    columns = dict(batch.columns)
    given_lon, given_lat, systems = columns.pop("lon"), columns.pop("lat"), columns["system"]
    points = [
        _converted(lon, lat, system) if system not in (None, "wgs84") else (lon, lat)
        for lon, lat, system in zip(given_lon, given_lat, systems, strict=True)
    ]
    lon, lat = zip(*points, strict=True)
    columns["facilities"] = [_array(text) for text in columns["facilities"]]
    own = {"line": batch.rows, "id": [str(uuid7()) for _row in batch.rows]}
    return own | columns | {"lon": lon, "lat": lat, "given_lon": given_lon, "given_lat": given_lat}


@lru_cache(maxsize=4096)
def _array(text: str | None) -> str | None:
    """Words of one cell as PostgreSQL writes an array of codes."""
    return "{" + ",".join(facility_codes(text)) + "}" if text else None


def _converted(lon: Decimal | None, lat: Decimal | None, system: System) -> tuple[Any, Any]:
    if lon is None or lat is None:
        return lon, lat
    x, y = to_wgs84(float(lon), float(lat), system)
    return f"{x:.6f}", f"{y:.6f}"
