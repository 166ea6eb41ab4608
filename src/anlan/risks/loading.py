"""A hundred thousand rows of points and sources: read by columns, staged by COPY, judged and inserted as sets."""

import json
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from math import prod
from pathlib import Path
from typing import Any, Self, cast

from django.db import connection
from django.utils.translation import gettext_lazy as _
from uuid_utils import uuid7

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.codes import format_region
from anlan.kernel.exchange.reading import Batch, open_reading
from anlan.kernel.exchange.report import REASONS, Report
from anlan.kernel.geo import to_wgs84
from anlan.kernel.numbering import take_numbers
from anlan.registry.loading.faults import Marker
from anlan.registry.loading.staging import copy, staging
from anlan.registry.workbooks import reading_choices, spec
from anlan.risks.actions.points import COUNTER, PREFIX
from anlan.risks.grading import level_of, methods, scale_words
from anlan.risks.morton import morton
from anlan.risks.rulings import SCORED, WORST_FIRST, bands_of, months_of, tiers_of
from anlan.risks.wording import risk_words
from anlan.risks.workbook import CONTROLS, FACTORS, words_of_accidents

KIND, TABLE, RULES = "risk_points", "staged_risks", "staged_risk_rules"
WORDS = {
    "risks.unknown_accident": _(
        "“%(word)s” is no kind of accident of GB 6441. Choose from the list on the page of instructions."
    ),
    "risks.off_scale": _("Only these values are on the scale of %(method)s: %(scale)s."),
    "risks.no_such_factor": _("%(method)s has no such factor. Leave it empty."),
    "risks.no_reason": _("Say what makes it a major risk without a score."),
    "risks.other_colour": _(
        "By the rules in force here it is %(colour)s. Mend the factors, or leave the colour empty."
    ),
    "risks.taken": _("The enterprise has a risk point of this name already."),
    "risks.unlike": _("In another row of the same point stands “%(first)s”."),
    "risks.no_tier": _("Measures need the tier that answers for them."),
    "risks.future": _("The date lies in the future."),
    "risks.closed": _("The enterprise is closed; its record is kept as it was."),
    "risks.no_ground": _("The enterprise has no site in this county."),
}
REASONS.update(WORDS)
_BETWEEN = re.compile(r"[,，、;；\n]+")
_POINT = ("unit", "kind", "place", "region", "industry", "given_lon", "given_lat", "system", "emergency_phone")
"""What rows of one point may say once, and never differently."""
_AT = {"given_lon": "lon", "given_lat": "lat"}
_TEXTS = ("uscc", "unit", "name", "kind", "place", "industry", "system", "source", "method", "direct_reason", "colour", "tier",
          "holder", "cycle", "emergency_phone", *CONTROLS)  # fmt: skip
COLUMNS = (
    {"line": "int", "point_id": "uuid", "source_id": "uuid", "judged_id": "uuid"}
    | dict.fromkeys(_TEXTS, "text")
    | dict.fromkeys(("lon", "lat", "given_lon", "given_lat"), "numeric(9, 6)")
    | {"region": "int8", "morton": "int8", "accidents": "text[]", "factors": "text", "score": "numeric(8, 2)"}
    | {"assessed_on": "date"}
    | {f"{code}_id": "uuid" for code in CONTROLS}
    # What the check fills in.
    | {"enterprise_id": "uuid", "at_region": "int8", "industry_code": "text", "bit": "smallint", "judged": "text"}
)


class RiskPointLoading:
    """`read` stages the file, `check` finds what only the database knows, `write` inserts."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.marker = Marker(spec(KIND).sheets[0])
        self.points: dict[tuple[Any, Any], str] = {}
        self.kinds = {word.casefold(): code for word, code in words_of_accidents().items()}
        self.judgements: dict[tuple[Any, ...], tuple[str, str | None, list[tuple[str, str, dict[str, Any]]]]] = {}
        rules = {
            "region": "int8",
            "method": "text",
            "colour": "text",
            "low": "numeric",
            "tier": "text",
            "months": "int",
        }
        self._stagings = (staging(TABLE, COLUMNS), staging(RULES, rules))

    def __enter__(self) -> Self:
        for one in self._stagings:
            one.__enter__()
        return self

    def __exit__(self, *failure: object) -> None:
        for one in self._stagings:
            one.__exit__(*failure)  # type: ignore[arg-type]

    def read(self, path: Path, progress: Callable[[int], None]) -> Report:
        done = 0
        with open_reading(path, spec(KIND), choices=reading_choices(KIND)) as reading:
            for batch in reading:
                self.marker.title, self.marker.places = batch.title, batch.places
                copy(TABLE, self._staged(batch, reading.report))
                done += len(batch.rows)
                progress(done)
        _run(f"ANALYZE {TABLE}")
        return reading.report

    def _staged(self, batch: Batch, report: Report) -> dict[str, Sequence[Any]]:
        given = dict(batch.columns)
        raw = [given.pop(letter) for letter in FACTORS]
        judged = [
            self._judged(report, row, method, reason, values)
            for row, method, reason, values in zip(
                batch.rows, given["method"], given["direct_reason"], zip(*raw, strict=True), strict=True
            )
        ]
        given["accidents"] = [
            self._accidents(report, row, words) for row, words in zip(batch.rows, given["accidents"], strict=True)
        ]
        given_lon, given_lat = given.pop("lon"), given.pop("lat")
        spots = [
            _spot(lon, lat, system) for lon, lat, system in zip(given_lon, given_lat, given["system"], strict=True)
        ]
        lon, lat, keys = zip(*spots, strict=True)
        own: dict[str, Sequence[Any]] = {
            "line": batch.rows,
            "point_id": [self._point(uscc, name) for uscc, name in zip(given["uscc"], given["name"], strict=True)],
            "source_id": [str(uuid7()) for _row in batch.rows],
            "judged_id": [str(uuid7()) for _row in batch.rows],
            "lon": lon, "lat": lat, "given_lon": given_lon, "given_lat": given_lat, "morton": keys,
            "factors": [factors for factors, _score in judged],
            "score": [score for _factors, score in judged],
        }  # fmt: skip
        for code in CONTROLS:
            own[f"{code}_id"] = [str(uuid7()) if words else None for words in given[code]]
        return given | own

    def _point(self, uscc: Any, name: Any) -> str:
        return self.points.setdefault((uscc, name), str(uuid7()))

    def _accidents(self, report: Report, row: int, words: str | None) -> str:
        codes = []
        for word in filter(None, (one.strip() for one in _BETWEEN.split(words or ""))):
            code = self.kinds.get(word.casefold())
            if code is None:
                self.marker.add(report, row, "accidents", "risks.unknown_accident", words, word=word)
            elif code not in codes:
                codes.append(code)
        return "{" + ",".join(codes) + "}"

    def _judged(
        self, report: Report, row: int, method: Any, reason: Any, values: tuple[Any, ...]
    ) -> tuple[str, str | None]:
        """Factors as kept, and the score; each combination is worked out once."""
        key = (method, bool(reason), values)
        if key not in self.judgements:
            self.judgements[key] = _judge(method, bool(reason), dict(zip(FACTORS, values, strict=True)))
        factors, score, faults = self.judgements[key]
        for place, code, params in faults:
            self.marker.add(
                report, row, place, code, values[FACTORS.index(place)] if place in FACTORS else "", **params
            )
        return factors, score

    def check(self, report: Report) -> None:
        """Inside the actor's transaction."""
        _run(
            f"UPDATE pg_temp.{TABLE} s SET enterprise_id = e.id, at_region = coalesce(s.region, e.region),"
            " industry_code = coalesce(s.industry, e.industry_id)"
            " FROM registry_enterprise e WHERE e.uscc = s.uscc"
            " AND (cardinality(%(own)s::uuid[]) = 0 OR e.id = ANY (%(own)s::uuid[]))",
            own=list(self.actor.enterprises),
        )
        # A point's own facts may stand in one of its rows alone.
        _run(
            f"UPDATE pg_temp.{TABLE} s SET at_region = p.region FROM (SELECT point_id, min(region) AS region"
            f" FROM pg_temp.{TABLE} GROUP BY point_id HAVING min(region) IS NOT NULL) p WHERE p.point_id = s.point_id"
        )
        _run(
            f"UPDATE pg_temp.{TABLE} s SET industry_code = p.industry FROM (SELECT point_id, min(industry) AS industry"
            f" FROM pg_temp.{TABLE} GROUP BY point_id HAVING min(industry) IS NOT NULL) p WHERE p.point_id = s.point_id"
        )
        _run(f"UPDATE pg_temp.{TABLE} s SET bit = i.bit FROM registry_industry i WHERE i.code = s.industry_code")
        mark = self.marker
        mark.add_all(
            report,
            self._rows("uscc", "WHERE enterprise_id IS NULL AND uscc IS NOT NULL"),
            "uscc",
            "registry.no_enterprise",
        )
        closed = self._rows("s.uscc", "JOIN registry_enterprise e ON e.id = s.enterprise_id WHERE e.status = 'closed'")
        mark.add_all(report, closed, "uscc", "risks.closed")
        self._check_ground(report)
        taken = self._rows(
            "s.name", "JOIN risks_riskpoint p ON p.enterprise_id = s.enterprise_id AND p.name = s.name AND p.active"
        )
        mark.add_all(report, taken, "name", "risks.taken")
        half = self._rows("coalesce(given_lon, given_lat)", "WHERE (given_lon IS NULL) <> (given_lat IS NULL)")
        mark.add_all(report, half, "lat" if "lat" in mark.places else "lon", "registry.half_point")
        some = " OR ".join(f"{code} IS NOT NULL" for code in CONTROLS)
        mark.add_all(report, self._rows("''", f"WHERE tier IS NULL AND ({some})"), "tier", "risks.no_tier")
        late = self._rows("assessed_on", "WHERE assessed_on > %(today)s", today=clock.today())
        mark.add_all(report, late, "assessed_on", "risks.future")
        self._check_alike(report)
        self._check_colours(report)

    def _check_ground(self, report: Report) -> None:
        mark = self.marker
        if self.actor.enterprises:
            away = self._rows(
                "at_region",
                "WHERE enterprise_id IS NOT NULL AND at_region / 1000000 NOT IN (SELECT e.region / 1000000 FROM registry_enterprise e"
                " WHERE e.id = s.enterprise_id UNION SELECT t.region / 1000000 FROM registry_site t WHERE t.enterprise_id = s.enterprise_id)",
            )
            mark.add_all(report, ((row, format_region(code)) for row, code in away), "region", "risks.no_ground")
            return
        ranges = "{" + ",".join(f"[{low},{high})" for low, high in self.actor.regions) + "}"
        outside = self._rows("at_region", "WHERE NOT at_region <@ %(ranges)s::int8multirange", ranges=ranges)
        mark.add_all(report, ((row, format_region(code)) for row, code in outside), "region", "registry.outside")
        other = self._rows(
            "i.zh",
            "JOIN registry_industry i ON i.code = s.industry_code WHERE (%(mask)s::int8 >> i.bit) & 1 = 0",
            mask=self.actor.industries,
        )
        mark.add_all(report, other, "industry", "registry.other_field")

    def _check_alike(self, report: Report) -> None:
        for name in _POINT:
            window = f"first_value({name}) OVER (PARTITION BY point_id ORDER BY {name} IS NULL, line)"
            rows = _ask(
                f"SELECT line, said::text, first::text FROM (SELECT line, {name} AS said, {window} AS first"
                f" FROM pg_temp.{TABLE}) AS every WHERE said <> first ORDER BY line"
            )
            for row, said, first in rows:
                self.marker.add(report, row, _AT.get(name, name), "risks.unlike", said, first=first)

    def _check_colours(self, report: Report) -> None:
        """The rules in force where each point lies; what the file says of a colour is compared and never believed."""
        regions = [
            row[0] for row in _ask(f"SELECT DISTINCT at_region FROM pg_temp.{TABLE} WHERE at_region IS NOT NULL")
        ]
        rows: list[tuple[Any, ...]] = []
        for region in regions:
            facts = {colour: (tiers_of(colour, region)[0], months_of(colour, region)) for colour in WORST_FIRST}
            for method in SCORED:
                rows += [(region, method, colour, low, *facts[colour]) for colour, low in bands_of(method, region)]
            rows.append((region, "direct", WORST_FIRST[0], 0, *facts[WORST_FIRST[0]]))
        _run(f"TRUNCATE pg_temp.{RULES}")
        if rows:
            names = ("region", "method", "colour", "low", "tier", "months")
            copy(RULES, dict(zip(names, zip(*rows, strict=True), strict=True)))
        # Asked for each row, of a table with some lines for each township: without it the judging takes most of the time.
        _run(f"CREATE INDEX ON pg_temp.{RULES} (region, method)")
        _run(f"ANALYZE {RULES}")
        order = " ".join(f"WHEN '{colour}' THEN {rank}" for rank, colour in enumerate(WORST_FIRST))
        _run(
            f"UPDATE pg_temp.{TABLE} s SET judged = CASE WHEN direct_reason IS NOT NULL THEN '{WORST_FIRST[0]}' ELSE"
            f" (SELECT r.colour FROM pg_temp.{RULES} r WHERE r.region = s.at_region AND r.method = s.method"
            f" AND r.low <= s.score ORDER BY CASE r.colour {order} END LIMIT 1) END"
        )
        for row, colour, judged in _ask(
            f"SELECT line, colour, judged FROM pg_temp.{TABLE} WHERE colour <> judged ORDER BY line"
        ):
            self.marker.add(report, row, "colour", "risks.other_colour", risk_words(colour), colour=risk_words(judged))

    def write(self) -> dict[str, int]:
        """Inside the actor's transaction: the policies judge every row once more."""
        facts = {"now": clock.now(), "today": clock.today(), "person": self.actor.person, "by": self.actor.name[:60]}
        _run(_SETTLE, **facts)
        _run(_UNITS)
        self._number()
        points = _run(_POINTS, **facts)
        sources = _run(_SOURCES, **facts)
        _run(_ASSESSMENTS.replace("{bands}", self._bands()), **facts)
        controls = sum(_run(_CONTROLS.replace("{kind}", code)) for code in CONTROLS)
        return {"points": points, "sources": sources, "controls": controls}

    def _number(self) -> None:
        """A block of numbers for each county, given in one statement: a city has many counties, the table many rows."""
        _run(f"ALTER TABLE pg_temp.{TABLE} ADD COLUMN number text")
        year = clock.today().year
        wanted = _ask(
            f"SELECT at_region / 1000000, count(DISTINCT point_id) FROM pg_temp.{TABLE} GROUP BY 1 ORDER BY 1"
        )
        firsts = {
            county: take_numbers(COUNTER, region=county * 1_000_000, year=year, count=count) for county, count in wanted
        }
        _run(
            f"UPDATE pg_temp.{TABLE} s SET number = format('{PREFIX}-%%s-%%s-%%s', p.county, %(year)s::text,"
            " lpad((f.first + p.n)::text, 6, '0')) FROM (SELECT point_id, at_region / 1000000 AS county,"
            " row_number() OVER (PARTITION BY at_region / 1000000 ORDER BY min(line)) - 1 AS n"
            f" FROM pg_temp.{TABLE} GROUP BY 1, 2) p JOIN unnest(%(counties)s::int8[], %(firsts)s::int8[]) AS f(county, first)"
            " ON f.county = p.county WHERE p.point_id = s.point_id",
            year=year, counties=list(firsts), firsts=list(firsts.values()),
        )  # fmt: skip

    def _bands(self) -> str:
        return (
            "(SELECT jsonb_agg(jsonb_build_array(b.colour, b.low::text) ORDER BY b.low DESC)"
            f" FROM pg_temp.{RULES} b WHERE b.region = s.at_region AND b.method = s.method AND s.method <> 'direct')"
        )

    def _rows(self, value: str, condition: str, **params: Any) -> Sequence[tuple[int, Any]]:
        rows = _ask(f"SELECT line, {value} FROM pg_temp.{TABLE} s {condition} ORDER BY line", **params)
        return cast("list[tuple[int, Any]]", rows)


_WORST = "(ARRAY['red', 'orange', 'yellow', 'blue'])[min(array_position(ARRAY['red', 'orange', 'yellow', 'blue'], s.judged))]"
_SETTLE = f"UPDATE pg_temp.{TABLE} SET assessed_on = coalesce(assessed_on, %(today)s)"
_UNITS = f"""
INSERT INTO risks_riskunit (id, enterprise_id, name, region, industry_bit)
SELECT gen_random_uuid(), e.id, u.unit, e.region, e.industry_bit
FROM (SELECT DISTINCT enterprise_id, unit FROM pg_temp.{TABLE} WHERE unit IS NOT NULL) u
JOIN registry_enterprise e ON e.id = u.enterprise_id
ON CONFLICT (enterprise_id, name) DO NOTHING
"""
_DUE = """(s.assessed_on + make_interval(months => (SELECT max(r.months) FROM pg_temp.staged_risk_rules r
  WHERE r.region = s.at_region AND r.colour = s.judged)))::date"""
_POINTS = f"""
INSERT INTO risks_riskpoint (id, number, enterprise_id, unit_id, name, kind, place, region, county, industry_id, industry_bit,
  colour, tier, assessed_on, reassess_by, morton, lon, lat, original_lon, original_lat, original_system, emergency_phone,
  emergency_measures, active, version, created_at, changed_at)
SELECT p.point_id, p.number, p.enterprise_id, u.id, p.name, p.kind, p.place, p.at_region, p.at_region - p.at_region %% 1000000,
  p.industry_code, p.bit, p.colour,
  (SELECT max(r.tier) FROM pg_temp.{RULES} r WHERE r.region = p.at_region AND r.colour = p.colour),
  p.assessed_on, p.due, p.morton, p.lon, p.lat, p.given_lon, p.given_lat, p.system, p.emergency_phone, '', true, 1, %(now)s, %(now)s
FROM (
  SELECT s.point_id, min(s.number) AS number, min(s.enterprise_id::text)::uuid AS enterprise_id, min(s.unit) AS unit, min(s.name) AS name,
    coalesce(min(s.kind), 'place') AS kind, coalesce(min(s.place), '') AS place, min(s.at_region) AS at_region,
    min(s.industry_code) AS industry_code, min(s.bit) AS bit, {_WORST} AS colour, max(s.assessed_on) AS assessed_on,
    min({_DUE}) AS due, min(s.morton) AS morton, min(s.lon) AS lon, min(s.lat) AS lat, min(s.given_lon) AS given_lon,
    min(s.given_lat) AS given_lat, coalesce(min(s.system), 'wgs84') AS system, coalesce(min(s.emergency_phone), '') AS emergency_phone
  FROM pg_temp.{TABLE} s GROUP BY s.point_id
) p LEFT JOIN risks_riskunit u ON u.enterprise_id = p.enterprise_id AND u.name = p.unit
"""
_SOURCES = f"""
INSERT INTO risks_hazardsource (id, point_id, name, description, accidents, colour, assessed_on, reassess_by, active)
SELECT s.source_id, s.point_id, s.source, '', s.accidents, s.judged, s.assessed_on, {_DUE}, true FROM pg_temp.{TABLE} s
"""
_ASSESSMENTS = f"""
INSERT INTO risks_assessment (id, source_id, method, factors, score, colour, bands, direct_reason, remark, assessed_on, next_by,
  person_id, person_name, at)
SELECT s.judged_id, s.source_id, s.method, s.factors::jsonb, s.score, s.judged, coalesce({{bands}}, '[]'), coalesce(s.direct_reason, ''),
  '', s.assessed_on, {_DUE}, %(person)s, %(by)s, %(now)s FROM pg_temp.{TABLE} s
"""
_CONTROLS = f"""
INSERT INTO risks_control (id, source_id, kind, words, tier, holder_name, cycle, active)
SELECT s.{{kind}}_id, s.source_id, '{{kind}}', s.{{kind}}, s.tier, coalesce(s.holder, ''), coalesce(s.cycle, 'monthly'), true
FROM pg_temp.{TABLE} s WHERE s.{{kind}} IS NOT NULL
"""


def _judge(
    method: Any, direct: bool, values: dict[str, Any]
) -> tuple[str, str | None, list[tuple[str, str, dict[str, Any]]]]:
    """Factors as JSON, the score, and what is wrong: (column, code, params)."""
    faults: list[tuple[str, str, dict[str, Any]]] = []
    if method is None:  # told already
        return "{}", None, faults
    known = methods().get(method)
    letters = known.letters if known else ()
    label = method.upper() if known else str(_("direct determination"))
    if known is None and not direct:
        faults.append(("direct_reason", "risks.no_reason", {}))
    kept: dict[str, str] = {}
    found: list[Decimal] = []
    for letter, value in values.items():
        if letter not in letters:
            if value is not None:
                faults.append((letter, "risks.no_such_factor", {"method": label}))
            continue
        level = level_of(method, letter, value) if value is not None else None
        if level is None:
            faults.append((letter, "risks.off_scale", {"method": label, "scale": scale_words(method, letter)}))
        else:
            kept[letter] = level.text
            found.append(level.value)
    score = str(Decimal(prod(found)).quantize(Decimal("0.01"))) if known and len(found) == len(letters) else None
    return json.dumps({letter: kept[letter] for letter in letters if letter in kept}), score, faults


def _spot(lon: Any, lat: Any, system: Any) -> tuple[Any, Any, Any]:
    """WGS 84 and its key."""
    if lon is None or lat is None:
        return None, None, None
    x, y = to_wgs84(float(lon), float(lat), system or "wgs84")
    lon, lat = f"{x:.6f}", f"{y:.6f}"
    return lon, lat, morton(float(lon), float(lat))


def _run(statement: str, **params: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, params or None)
        return int(cursor.rowcount)


def _ask(statement: str, **params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params or None)
        return list(cursor.fetchall())
