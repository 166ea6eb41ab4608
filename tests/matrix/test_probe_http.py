"""
Every page and every reading operation of the API, as every post, against a neighbour county's records.

First what a post sees is noted, then the county next door fills with hazards, enterprises, people and messages, then the
same is asked again: not one byte may differ. Addresses that name a record answer alike whether it is next door or nowhere.
The second round switches the code's own ranges off, so that row security alone must hold.
"""

import io
import re
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.db.models import Q
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from anlan.files.models import File
from anlan.hazards.models import Export, Hazard, SavedView
from anlan.identity.models import ApiToken, Person, Post
from anlan.identity.tokens import issue_token
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.ids import new_id
from anlan.kernel.models import Entry
from anlan.notify.models import Message
from anlan.registry.models import Export as RegistryExport
from anlan.registry.models import Import, Site
from tests.api.fieldwork import fieldwork_of
from tests.api.ground import JOINED, PUBLIC, ground_of, lists_of, meant
from tests.factories import COUNTY, TOWN, City, _enterprise, _post

pytestmark = [pytest.mark.django_db(databases=["default", "owner"]), pytest.mark.slow]
MOMENT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
ABSENT = UUID("01900000-0000-7000-8000-00000000dead")
PROBERS = (
    "n_inspector", "n_regulator", "n_office", "n_group_leader", "n_leader", "n_expert", "n_auditor", "n_citizen",
    "n_principal", "n_safety_manager", "n_system_admin", "n_security_admin", "n_audit_admin", "n_dispatcher", "n_finance",
)  # fmt: skip
LEFT_OUT = re.compile(
    r"^(metrics|healthz|readyz|kitchen|i18n|sign-in|account|act-as|static|api/v1/(docs|openapi))"  # public, or one's own session
    r"|refusals|sign-ins"  # the probing itself is written down there
    r"|^r/"  # a risk point's notice hangs at the point for everybody to read
    r"|^(plaza|knowledge|open311)/|^api/v1/citizen/(plaza|knowledge|units|places|settings)"  # what the public reads
    rf"|{JOINED}$"
)
WITHOUT_RANGES = ("n_inspector", "n_office", "n_principal", "n_auditor", "n_security_admin", "n_dispatcher")
NAMES_A_RECORD = re.compile(r"_id$|^(person|post|organisation|token|expert)$")
WORDS = "机密"
"""Begins each secret name; searched for, while the whole names must not come back."""
QUESTION = {"q": WORDS, "region": str(COUNTY), "state": "open", "subject_type": "hazard", "late": "1", "next": "/"}
KINDS = {
    "kind": ["thumb", "display", "original", "enterprises", "organisations", "people", "hazard", "enterprise", "officers", "unit", "report"],
    "name": ["grade", "submit", "merge", "screen", "verify", "edit_public"],
    "key": ["hazards.days.sign"],
    "code": ["gongmao-2023"],
}  # fmt: skip


def addresses(patterns: Any = None, prefix: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Every route with the kinds of its parameters, as `hazards/{hazard_id}/`."""
    for one in patterns if patterns is not None else get_resolver().url_patterns:
        route = prefix + str(one.pattern).removeprefix("^").removesuffix("$").removesuffix("\\Z")
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, route)
        elif isinstance(one, URLPattern):
            kinds = {name: type(converter).__name__ for name, converter in one.pattern.converters.items()}
            if not LEFT_OUT.search(route) and "(?P" not in route:
                yield re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route), kinds


def plain() -> list[str]:
    """Addresses that name no record."""
    found = []
    for route, kinds in addresses():
        if any(converter.startswith("UUID") or NAMES_A_RECORD.search(name) for name, converter in kinds.items()):
            continue
        found += [
            "/" + route.format(**dict(zip(kinds, values, strict=True)))
            for values in product(*(KINDS.get(name, ["1"]) for name in kinds))
        ]
    return sorted(set(found))


def naming(secrets: dict[str, UUID]) -> list[tuple[str, str]]:
    """Pairs of addresses: with a neighbour's id, and with one of nothing."""
    pairs = []
    for route, kinds in addresses():
        ids = [name for name in kinds if meant(route, name) in secrets]
        if not ids or PUBLIC & set(ids):
            continue
        others = [name for name in kinds if name not in ids]
        for values in product(*(KINDS.get(name, ["1"]) for name in others)):
            more = dict(zip(others, values, strict=True))
            pairs.append(
                (
                    "/" + route.format(**more, **{name: secrets[meant(route, name)] for name in ids}),
                    "/" + route.format(**more, **dict.fromkeys(ids, ABSENT)),
                )
            )
    return sorted(pairs)


NOISE = re.compile(
    r"[A-Za-z0-9]{64}"  # proof against forged requests, new in every answer
    r'|nonce="[^"]+"|"request_id":\s*"[^"]+"|value="[0-9a-f]{8}-[0-9a-f-]{27}"|data-(key|draft)="[^"]*"'
    r'|<code>[A-Z]+ [^<]*</code></p><p class="task-small muted"><span>[^<]*</span>'  # refusals, which the probing makes
)


def text_of(response: Any) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"\n".join(book.read(name) for name in sorted(book.namelist()) if name != "docProps/core.xml")
    return NOISE.sub("", body.decode("utf-8", "replace"))


def answer(client: Client, address: str, method: str = "GET", **question: str) -> tuple[int, str, str]:
    response = client.generic(method, address, query_params=question) if method == "GET" else client.post(address, {})
    return response.status_code, response.headers.get("Location", ""), text_of(response)


def clients(city: City, name: str) -> dict[str, Client]:
    post: Post = city.posts[name]
    browser = Client(headers={"Accept-Language": "en"}, raise_request_exception=True)
    browser.force_login(post.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    with scope.acting(SYSTEM):
        token = issue_token(post=post, name="probe")
    program = Client(headers={"Accept-Language": "en", "Authorization": f"Bearer {token}"})
    return {"browser": browser, "program": program}


NOT_ASKED = (0, "", "")


def view_of(by: dict[str, Client]) -> dict[str, tuple[int, str, str]]:
    """All that a post is shown without naming a record, asked plainly and, where that is not refused, for the neighbour's."""
    seen = {}
    for address in plain():
        client = by["program" if address.startswith("/api/") else "browser"]
        seen[address] = plainly = answer(client, address)
        if plainly[0] < 400:
            seen[f"{address} {sorted(QUESTION)}"] = answer(client, address, **QUESTION)
    return seen


def fill_next_door(city: City, lists: dict[str, UUID] | None = None) -> dict[str, UUID]:
    """The county fills with everything that could leak; returns an id for each kind an address may name."""
    hazard = city.rectified(grade="major", place="机密车间甲", description="机密：传动部位缺少防护罩，人员可触及。")
    city.do(city.office, hazard, "list", level="county")
    city.found(place="机密车间乙")
    city.closed(place="机密车间丙")
    with scope.acting(SYSTEM):
        enterprise = _enterprise(77, "机密铸造有限公司", TOWN)
        site = Site.objects.create(enterprise=enterprise, name="机密一厂", region=TOWN, industry_bit=0)
        Person.objects.create(id=new_id(), username="secret", name="机密某", region=COUNTY, created_at=clock.now())
        _post(city, "secret-inspector", "inspector", COUNTY, enterprise)
        post = city.posts["inspector"]
        own = {"person_id": post.person_id, "created_at": clock.now()}
        issue_token(post=post, name="机密")
        common = own | {"post_id": post.pk}
        export, old_export = Export.objects.create(**common), RegistryExport.objects.create(**common)
        incoming = Import.objects.create(
            kind="enterprises",
            file_name="机密.xlsx",
            sha256="0" * 64,
            size=1,
            actor_name="某",
            changed_at=clock.now(),
            **common,
        )
        view = SavedView.objects.create(person_id=post.person_id, page="hazards", name="机密", query="state=open")
        message = Message.objects.filter(person_id=city.regulator.person).first()
        entry = Entry.objects.filter(subject_id=hazard.pk).order_by("-version")[0]
        file = File.objects.filter(subject_id=hazard.pk)[0]
        token = ApiToken.objects.get(name="机密")
    assert message is not None
    return fieldwork_of(enterprise, city.inspector) | ground_of(city, "", name=WORDS, lists=lists) | {
        "hazard_id": hazard.pk, "record_id": hazard.pk, "view_id": view.pk, "export_id": export.pk, "file_id": file.pk,
        "entry_id": entry.pk, "message_id": message.pk, "enterprise_id": enterprise.pk, "site_id": site.pk,
        "import_id": incoming.pk, "person_id": post.person_id, "person": post.person_id, "post_id": post.pk, "post": post.pk,
        "organisation_id": city.enterprise.pk, "organisation": city.enterprise.pk, "token": token.pk,
        "registry_export_id": old_export.pk,
    }  # fmt: skip


def open_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    """Switch the code's own ranges off wherever they were imported."""
    assert plain()  # every page's module is loaded before the switch
    changed = 0
    for name, module in list(sys.modules.items()):
        if name.startswith("anlan.") and getattr(module, "within", None) is scope_within:
            monkeypatch.setattr(module, "within", lambda actor, **columns: Q())
            changed += 1
    assert changed >= 4, "the kernel's own and those of the rooms"


scope_within = scope.within


def test_the_probe_reaches_pages_and_api(city: City) -> None:
    routes = dict(addresses())
    assert {
        "hazards/{hazard_id}/",
        "audit/",
        "api/v1/hazards",
        "api/v1/hazards/{hazard_id}/ledger",
        "files/{file_id}/{kind}/",
    } <= set(routes)
    assert len(plain()) > 45
    named = {
        meant(route, name) for route, kinds in routes.items() for name, kind in kinds.items() if kind == "UUIDConverter"
    }
    assert named <= set(fill_next_door(city)), "a new kind of id: give the probe one of the neighbour's"


@pytest.mark.parametrize("ranges", ["ranges on", "ranges off"])
def test_nothing_comes_through_from_next_door(city: City, monkeypatch: pytest.MonkeyPatch, ranges: str) -> None:
    probers = PROBERS
    if ranges == "ranges off":
        open_ranges(monkeypatch)
        probers = WITHOUT_RANGES
    with time_machine.travel(MOMENT, tick=False):
        city.found(city.n_inspector, region=141021100000, enterprise=city.n_enterprise.pk, place="自家车间")
        signed_in = {name: clients(city, name) for name in probers}
        public = lists_of(city, "", name=WORDS)
        before = {name: view_of(by) for name, by in signed_in.items()}
        secrets = fill_next_door(city, public)
        leaks = []
        for name, by in signed_in.items():
            after = view_of(by)
            leaks += [
                f"{name} {key}: {_differing(before[name].get(key, NOT_ASKED), after.get(key, NOT_ASKED))}"
                for key in sorted(after.keys() | before[name].keys())
                if after.get(key) != before[name].get(key)
            ]
        for name, by in signed_in.items():
            for (foreign, absent), method in product(naming(secrets), ("GET", "POST")):
                client = by["program" if foreign.startswith("/api/") else "browser"]
                other = answer(client, absent, method)
                if other[0] == 405:
                    continue
                one = answer(client, foreign, method)
                for secret in set(secrets.values()):
                    one = (one[0], *(part.replace(str(secret), str(ABSENT)) for part in one[1:]))
                if method == "POST" and 302 in (one[0], other[0]) and client is by["browser"]:
                    client.get("/about/")  # shows what the post had to say, so that the next page does not
                if one != other:
                    leaks.append(f"{name} {method} {foreign}: {_differing(one, other)}")
    assert leaks == []


def _differing(one: tuple[int, str, str], other: tuple[int, str, str]) -> str:
    if one[0] != other[0]:
        return f"{one[0]} against {other[0]}"
    place = next((at for at, (a, b) in enumerate(zip(one[2], other[2], strict=False)) if a != b), 0)
    return f"{one[2][max(0, place - 60) : place + 60]!r} against {other[2][max(0, place - 60) : place + 60]!r}"


def test_a_leak_would_be_seen(city: City) -> None:
    """The county's own regulator sees the county fill: the comparison is not blind."""
    with time_machine.travel(MOMENT, tick=False):
        by = clients(city, "regulator")
        before = view_of(by)
        secrets = fill_next_door(city)
        after = view_of(by)
        changed = {key.split()[0] for key in after if after[key] != before.get(key, NOT_ASKED)}
        assert {
            "/",
            "/hazards/",
            "/board/",
            "/api/v1/hazards",
            "/api/v1/hazards/board",
            "/enterprises/",
            "/api/v1/workbench",
            "/reports/",
            "/api/v1/reports",
        } <= changed
        assert answer(by["browser"], f"/hazards/{secrets['hazard_id']}/")[0] == 200
    assert new_id() != ABSENT
    assert Hazard.objects.count() == 0
