"""
`plaza`: the open pages at 1,000,000 reports against the same pages at 10,000, uncached and kept, and how many a second one process serves.

Uncached is a page whose kept copy was thrown away before: version, queries, template. Kept is the same page asked for again.
The reports are rows of the plaza's own tables, loaded by COPY past the verbs.
"""

import random
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import psycopg

from bench.common import arguments, cluster, finish, median_ms, say, use
from bench.loader import COUNTIES

SMALL = 10_000
SEEN = [
    "楼道堆满纸箱",
    "安全出口上锁",
    "电动车飞线充电",
    "燃气软管老化",
    "脚手架松动",
    "消火栓没有水",
    "电梯异响",
    "配电箱敞开",
    "路面塌陷",
    "护栏缺失",
]
WHERE = ["幸福小区", "鼓楼南路", "解放路", "平阳大厦", "尧庙市场", "滨河公园", "第三中学", "物流园", "老车站", "体育场"]
STATES = ["answered"] * 80 + ["dispatched"] * 6 + ["verified"] * 6 + ["screened"] * 5 + ["handled"] * 3
PAGES = {
    "list": "/plaza/",
    "list, county": "/plaza/?region=141002000000",
    "list, category": "/plaza/?category=gas",
    "list, open": "/plaza/?status=open",
    "list, deep": "{deep}",
    "search, common word": "/plaza/?q=安全出口",
    "search, rare words": "/plaza/?q=29号楼 体育场 护栏",
    "search, number": "/plaza/?q={number}",
    "map": "/plaza/points.json",
    "report": "/plaza/{number}/",
    "figures": "/plaza/figures/",
    "knowledge": "/knowledge/?q=燃气",
    "api": "/api/v1/citizen/plaza",
    "open311": "/open311/v2/requests.json?page_size=50",
}
NOT_KEPT = ("api", "open311")
COLUMNS = (
    "id, number, state, outcome, category_id, industry_id, county, town, words, place, lon, lat, unit, answer, joined, reported_at,"
    " verified_at, handled_at, answered_at, changed_at, cover, search"
)


def main() -> None:
    options = arguments(__doc__ or "")
    with cluster("small", "large") as urls:
        times: dict[str, dict[str, float]] = {}
        rate = 0.0
        for name, rows in (("small", SMALL), ("large", options.rows)):
            use(urls[name])
            facts = load(urls[name].admin, rows)
            times[name] = measure(facts, options.rounds)
            rate = served(facts)
    parts = {key: round(times["large"][key] / times["small"][key], 2) for key in times["large"]}
    for key, value in parts.items():
        say(f"{value:6.2f}  {times['small'][key]:8.2f} → {times['large'][key]:8.2f} ms  {key}")
    finish(
        {
            "bench": "plaza", "ratio": _worst(parts, ", uncached"), "kept": _worst(parts, ", kept"), "rows": options.rows, "kept_a_second": round(rate),
            "parts": parts, "ms": times["large"],
        },
        as_json=options.json,
    )  # fmt: skip


def _worst(parts: dict[str, float], kind: str) -> float:
    return max(value for key, value in parts.items() if key.endswith(kind))


def load(admin_url: str, count: int) -> dict[str, str]:
    """Reports over 17 counties × 12 townships, two years back from now; the version folded, figures by day."""
    from anlan.registry.actions import load_industries
    from anlan.reports.loading import load_categories
    from anlan.reports.models import Category
    from anlan.reports.plaza.serving import kept

    load_industries()
    load_categories()
    kept.forget()
    rng, now = random.Random(11), datetime.now(UTC)
    kinds = list(Category.objects.values_list("code", "industry_id"))
    number = ""
    with psycopg.connect(admin_url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        with connection.cursor() as cursor, cursor.copy(f"COPY reports_publicreport ({COLUMNS}) FROM STDIN") as copy:
            for place in range(count):
                row = _row(rng, place, now, kinds)
                number = row[1]
                copy.write_row(row)
        connection.execute(
            'INSERT INTO reports_dayfigure SELECT d::date, 3, 1400, 1380, 900, 40, 800000, \'{"3": 800, "9": 580}\', now()'
            " FROM generate_series(now() - interval '2 years', now(), interval '1 day') d"
        )
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE")
        middle = connection.execute(
            "SELECT reported_at, id FROM reports_publicreport ORDER BY reported_at DESC, id DESC OFFSET %s LIMIT 1",
            [count // 2],
        ).fetchone()
    say(f"loaded {count:,} public reports")
    from anlan.kernel.pages import write_place

    return {"number": number, "deep": f"/plaza/?after={write_place(middle)}"}


def fold(text: str) -> str:
    from anlan.kernel.text import fold as folded

    return folded(text)


def _row(rng: random.Random, place: int, now: datetime, kinds: list[tuple[str, str]]) -> tuple[Any, ...]:
    county = rng.choice(COUNTIES)
    category, industry = rng.choice(kinds)
    state = rng.choice(STATES)
    at = now - timedelta(seconds=rng.randrange(63_000_000))
    number, words, where = (
        f"SP-{county}-2026-{place:07d}",
        f"{rng.choice(SEEN)}，{rng.randrange(1, 30)}号楼",
        f"{rng.choice(WHERE)}附近",
    )
    later = [at + timedelta(days=days) for days in (2, 8, 10)]
    done = state == "answered"
    return (
        UUID(int=rng.getrandbits(128), version=4), number, state, "verified" if done else "", category, industry, county * 10**6,
        county * 10**6 + rng.randrange(1, 13) * 1000, words, where, round(rng.gauss(111.5, 0.3), 3), round(rng.gauss(36.1, 0.3), 3),
        "消防救援大队", "已整改，感谢您的监督。" if done else "", 0, at, *(later if done else (None, None, None)), at, None,
        fold(f"{number} {words} {where}"),
    )  # fmt: skip


def measure(facts: dict[str, str], rounds: int) -> dict[str, float]:
    from django.test import Client

    from anlan.reports.plaza.serving import kept

    client, found = Client(), {}
    for label, pattern in PAGES.items():
        path = pattern.format(**facts)
        answer = client.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"{path}: {answer.status_code} {answer.content[:300]!r}")

        def fresh(path: str = path) -> None:
            kept.forget()
            client.get(path)

        found[f"{label}, uncached"] = round(median_ms(fresh, rounds=rounds), 2)
        if label not in NOT_KEPT:
            client.get(path)
            found[f"{label}, kept"] = round(median_ms(partial(client.get, path), rounds=rounds), 2)
    return found


def served(facts: dict[str, str]) -> float:
    """Kept pages a second, of one process, through the whole of Django."""
    from django.test import Client

    client, count, began = Client(), 0, time.perf_counter()
    while time.perf_counter() - began < 3:
        client.get("/plaza/")
        count += 1
    return count / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
