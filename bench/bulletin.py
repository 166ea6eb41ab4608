"""
`bulletin`: a bulletin of three months drafted for a city of 3,000 units with twelve months of returns, 39 of which hand in at the top.

The draft computes the months, the months before and those of a year ago, ranks, names, writes the text and keeps every row
behind every figure. The reference is one plain statement, without policy, that adds up the same boxes of the same returns.
"""

import json
import time
from datetime import UTC, date, datetime
from random import Random
from statistics import median
from typing import Any
from uuid import UUID

import psycopg

from bench.common import arguments, cluster, finish, say

CITY, DISTRICTS, SYSTEMS, UNITS, MONTHS = 141000000000, 5, 34, 3_000, 12
NOW = datetime(2026, 5, 11, 2, tzinfo=UTC)
FIRST, LAST = date(2026, 2, 1), date(2026, 4, 1)


def main() -> None:
    options = arguments(__doc__ or "")
    with cluster("bench") as urls:
        from anlan.kernel import clock
        from anlan.site import reference

        reference.load()
        dice = Random(7 if options.seed is None else options.seed)
        with psycopg.connect(urls["bench"].admin, autocommit=True) as admin:
            campaign = _load(admin, dice, max(60, round(UNITS * options.scale)))
            admin.execute("VACUUM ANALYZE")
            actor = _office()
            with clock.at(NOW):
                _draft(actor, campaign)  # warms template and catalogue
                drafts = [_draft(actor, campaign) for _ in range(min(options.rounds, 7))]
            sums, plain = _plain(admin, campaign, min(options.rounds, 7))
    ours, rows, figures = median(one[0] for one in drafts), drafts[-1][1], drafts[-1][2]
    for name, value in sums.items():
        if figures[name] != value:
            raise SystemExit(f"the draft says {figures[name]} for {name}, the returns say {value}")
    finish(
        {
            "bench": "bulletin",
            "seconds": round(ours, 3),
            "plain_sql_seconds": round(plain, 4),
            "ratio": round(ours / plain, 1),
            "units": max(60, round(UNITS * options.scale)),
            "returns": max(60, round(UNITS * options.scale)) * MONTHS,
            "rows_kept": rows,
        },
        as_json=options.json,
    )


def _load(admin: psycopg.Connection[Any], dice: Random, units: int) -> UUID:
    """Straight into the tables: no bench waits for half a million steps."""
    from anlan.bulletins.figures.rows import month_after
    from anlan.campaigns.returns.shipped import texts
    from anlan.kernel.ids import new_id

    admin.execute("SET session_replication_role = replica")
    campaign, template, asked = new_id(), new_id(), texts("2024-campaign")
    admin.execute(
        "INSERT INTO campaigns_campaign (id, code, zh, en, region, from_day, basis, created_at) VALUES (%s, 'b', '行动', 'b', %s, '2024-01-01', '', %s)",
        [campaign, CITY, NOW],
    )
    admin.execute(
        "INSERT INTO campaigns_returntemplate (id, campaign_id, code, version, from_month, template, checks, published_at)"
        " VALUES (%s, %s, '2024-campaign', 1, '2024-01-01', %s, %s, %s)",
        [template, campaign, *asked, NOW],
    )
    ids = [new_id() for _ in range(units)]
    fillers = ["district"] * DISTRICTS + ["system"] * SYSTEMS + ["unit"] * (units - DISTRICTS - SYSTEMS)
    with admin.cursor() as cursor:
        with cursor.copy(
            "COPY identity_organisation (id, name, kind, region, industries, phone, active) FROM STDIN"
        ) as copy:
            for number, key in enumerate(ids):
                copy.write_row((key, f"单位{number}", "department", CITY + (number % 17 + 1) * 1_000_000, 0, "", True))
        with cursor.copy(
            "COPY campaigns_participant (id, campaign_id, unit_id, region, filler, reviewer_id, from_month) FROM STDIN"
        ) as copy:
            for number, (key, filler) in enumerate(zip(ids, fillers, strict=True)):
                above = None if filler != "unit" else ids[number % (DISTRICTS + SYSTEMS)]
                copy.write_row((new_id(), campaign, key, CITY + 1_000_000, filler, above, date(2024, 1, 1)))
        with cursor.copy(
            "COPY campaigns_return (id, state, version, clock, state_since, late, level, campaign_id, template_id, unit_id, filler,"
            ' reviewer_id, region, territory, month, hand_in_by, "values", counted, troubles, faults, round, bounced, sent_back, amended,'
            " reason, missing, was_late, handed_in_at, created_at) FROM STDIN"
        ) as copy:
            for back in range(MONTHS):
                month = month_after(LAST, -back)
                due = datetime.combine(month_after(month, 1), datetime.min.time(), UTC)
                for number, (key, filler) in enumerate(zip(ids, fillers, strict=True)):
                    above = None if filler != "unit" else ids[number % (DISTRICTS + SYSTEMS)]
                    copy.write_row(
                        (
                            new_id(), "locked", 9, new_id(), NOW, False, 0, campaign, template, key, filler, above, CITY + 1_000_000, CITY,
                            month, due, json.dumps(_values(dice)), "{}", "[]", "[]", 1, dice.randrange(3), 0, 0, "", False,
                            dice.random() < 0.1, due, NOW,
                        )
                    )  # fmt: skip
    admin.execute("SET session_replication_role = origin")
    say(f"{units} units, {units * MONTHS} returns")
    return campaign


def _values(dice: Random) -> dict[str, Any]:
    """As a return keeps its boxes: typed, read, by whom, when."""
    entry = {"way": "page", "by": "张某", "at": "2026-05-03T01:02:03.000000Z"}
    found = {}
    for name in _numbers():
        value = dice.randrange(500)
        found[name] = entry | {"typed": str(value), "value": value}
    return {"cells": found, "rows": {"studies": [], "visits": []}, "nothing": {}, "reasons": {}}


def _numbers() -> list[str]:
    from anlan.campaigns.returns.shipped import shipped

    cells = shipped("2024-campaign").template.cells.values()
    return [one.name for one in cells if one.element.is_number and not one.panel.repeats]


def _office() -> Any:
    from dataclasses import replace

    from anlan.identity import roles
    from anlan.kernel.actor import SYSTEM
    from anlan.kernel.ids import new_id

    return replace(
        SYSTEM, role=roles.OFFICE, name="bench", person=new_id(), regions=((CITY, CITY + 100_000_000),), post=None
    )


def _draft(actor: Any, campaign: UUID) -> tuple[float, int, dict[str, int]]:
    from anlan.bulletins import actions
    from anlan.bulletins.models import FigureRow
    from anlan.kernel import scope

    began = time.perf_counter()
    with scope.acting(actor):
        made = actions.draft(actor=actor, data={"campaign": campaign, "first_month": FIRST, "last_month": LAST})
    taken = time.perf_counter() - began
    with scope.acting(actor):
        rows = FigureRow.objects.filter(of=made).count()
    return taken, rows, {code: one["value"] for code, one in made.figures.items()}


def _plain(admin: psycopg.Connection[Any], campaign: UUID, rounds: int) -> tuple[dict[str, int], float]:
    from psycopg import sql

    from anlan.bulletins.figures.declared import catalogue

    figures = [one for one in catalogue().of("returns") if one.how == "sum"]
    sums = [
        sql.SQL("sum(({} #>> {})::bigint)").format(sql.Identifier("values"), sql.Literal(["cells", one.asks[0], "value"]))
        for one in figures
    ]  # fmt: skip
    query = sql.SQL(
        "SELECT {} FROM campaigns_return WHERE campaign_id = %s AND month BETWEEN %s AND %s AND reviewer_id IS NULL"
    ).format(sql.SQL(", ").join(sums))
    times, row = [], ()
    for _ in range(rounds + 2):
        began = time.perf_counter()
        row = admin.execute(query, [campaign, FIRST, LAST]).fetchone() or ()
        times.append(time.perf_counter() - began)
    return dict(zip((one.code for one in figures), row, strict=True)), median(times[2:])


if __name__ == "__main__":
    main()
