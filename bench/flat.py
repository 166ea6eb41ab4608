"""`flat`: every page at 1,000,000 hazards against the same page at 10,000: a page's cost does not grow with the table."""

from typing import Any

from bench.common import arguments, cluster, finish, median_ms, say, use
from bench.loader import load

SMALL = 10_000
# Filters that fill the page at ten thousand too: a ratio of pages with more rows drawn would say nothing of the table.
PAGES = {
    "list": "/hazards/",
    "list, filtered": "/hazards/?state=closed&grade=general",
    "list, county": "/hazards/?region=141002000000",
    "list, by due": "/hazards/?order=due",
    "search": "/hazards/?q=报警器失效",
    "workbench": "/",
    "board": "/board/",
    "api list": "/api/v1/hazards?state=closed",
}


def main() -> None:
    options = arguments(__doc__ or "")
    with cluster("small", "large") as urls:
        times: dict[str, dict[str, float]] = {}
        for name, rows in (("small", SMALL), ("large", options.rows)):
            use(urls[name])
            posts, page = populate()
            load(urls[name].admin, rows)
            times[name] = {}
            for who, post in posts.items():
                client = signed_in(post)
                for label, path in {**PAGES, "hazard page": page}.items():
                    answer = client.get(path)
                    if answer.status_code != 200:
                        raise SystemExit(f"{who} {path}: {answer.status_code} {answer.content[:300]!r}")
                    times[name][f"{label} ({who})"] = round(
                        median_ms(lambda c=client, p=path: c.get(p), rounds=options.rounds), 2
                    )
    parts = {key: round(times["large"][key] / times["small"][key], 2) for key in times["large"]}
    for key, value in parts.items():
        say(f"{value:6.2f}  {times['small'][key]:8.1f} → {times['large'][key]:8.1f} ms  {key}")
    finish(
        {"bench": "flat", "ratio": max(parts.values()), "rows": options.rows, "parts": parts, "ms": times["large"]},
        as_json=options.json,
    )


def populate() -> tuple[dict[str, Any], str]:
    """The small city of the tests, and one hazard that walked the whole loop."""
    from tests.factories import make_city

    from anlan.registry.actions import load_industries

    load_industries()
    city = make_city()
    hazard = city.closed()
    posts = {"city office": city.posts["city_office"], "county regulator": city.posts["regulator"]}
    return posts, f"/hazards/{hazard.pk}/"


def signed_in(post: Any) -> Any:
    from django.test import Client

    client = Client()
    client.force_login(post.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session["post"] = str(post.pk)
    session.save()
    return client


if __name__ == "__main__":
    main()
