"""
Who reported is found on no page of any office: every post walks through what its own pages lead to, from the workbench on, and reads
lists, records, forms, exports, the desk, prints, search and messages. What it reads is looked through for the reporter.
"""

import re
from collections import deque
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID
from zipfile import ZipFile, is_zipfile

import pytest
from django.test import Client

from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.flow.clockwork import tick
from anlan.reports import claims
from anlan.reports.models import Hold, Report, Seal
from tests.reports.conftest import NAME, PHONE, Town
from tests.reports.test_office_pages import enter
from tests.reports.test_sealed import JOINT, a_reported_case, secrets_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
LINK = re.compile(r'(?:href|src|hx-get|data-url|data-href)="(/[^"#]*)"')
ROOMS = ("/reports/", "/rewards/", "/search/", "/inbox/", "/outbox/", "/audit/", "/board/", "/files/", "/plaza/")
"""Below these every link is followed; elsewhere only to what these records are."""
NOT_READ = re.compile(r"/static/|/sign-out|/act-as|/seal/$|/bytes/$")
MOST_PAGES = 45
BASE = {"/", "/reports/", "/inbox/", "/search/"}
DESK = BASE | {
    "/reports/desk/",
    "/reports/holds/",
    "/reports/rules/",
    "/reports/learnt/",
    "/reports/export/",
    "/reports/new/",
}


class Case:
    """Reports in every state whose reporter is known, anonymous, or called in; one became a hazard at an enterprise."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.reports: list[Report] = [a_reported_case(town), town.returned(), town.handled(), town.submitted()]
        anonymous = town.send(town.guest, anonymous=True, joint=[JOINT])
        called = town.send(town.city.dispatcher, channel="desk", name=NAME, phone=PHONE)
        firm = town.city.enterprise.pk
        verified = town.do(
            town.regulator, town.do(town.city.dispatcher, town.send(), "dispatch", unit=town.unit.pk), "verify",
            words="现场查看属实。", on=clock.today(), place="一车间", industry="gongmao", hazard_category="site", enterprise=firm,
        )  # fmt: skip
        contested = town.do(town.reporter, town.answered(), "contest", words="现场还是老样子。")
        self.reports += [anonymous, called, verified, contested]
        with scope.acting(SYSTEM):
            Hold.objects.create(report_id=called.pk, engine="words", label="某词", at=called.state_since)
            seals = Seal.objects.filter(report_id__in=[one.pk for one in self.reports])
            self.secrets = [*secrets_of(town), claims.code_of(anonymous.pk), *(str(one.pk) for one in seals)]
        self.hazard: UUID = town.fresh(verified).hazard_id  # type: ignore[assignment]
        self.also = (f"/hazards/{self.hazard}/", f"/enterprises/{firm}/")
        tick()

    def read(self, actor: Actor) -> set[str]:
        """Every page that this post is led to, each path once; the paths that answered."""
        client, done, read = enter(actor), set[str](), set[str]()
        words = (self.reports[0].number, "安全出口")
        ahead = deque([*sorted(DESK), *(f"/search/?q={one}" for one in words), *self.also])
        ahead += [f"/reports/{one.pk}/" for one in self.reports]
        ahead += [f"/reports/desk/?report={one.pk}" for one in self.reports[-4:]]
        asked = set(ahead)  # each of them, though only the query tells them apart; what they lead to, once a path
        while ahead and len(done) < MOST_PAGES:
            url = ahead.popleft()
            path = urlsplit(url).path
            key = url if url in asked else path
            if key in done or NOT_READ.search(path) or not (path == "/" or path.startswith((*ROOMS, *self.also))):
                continue
            done.add(key)
            text = self.text_of(client, url)
            if text is None:
                continue
            read.add(path)
            found = [one for one in self.secrets if one in text]
            assert not found, (actor.role, actor.post_label, url, found)
            ahead += [link.replace("&amp;", "&") for link in LINK.findall(text)]
        return read

    def text_of(self, client: Client, url: str) -> str | None:
        answer: Any = client.get(
            url, follow=True, headers={"x-desk": "1"} if url.startswith("/reports/desk/queue") else {}
        )
        if answer.status_code != 200:
            return None
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if is_zipfile(BytesIO(body)):
            with ZipFile(BytesIO(body)) as book:
                body = b"".join(book.read(name) for name in book.namelist())
        heads = " ".join(f"{name}: {value}" for name, value in answer.headers.items())
        return f"{heads}\n{body.decode('utf-8', 'replace')}"


@pytest.fixture
def case(town: Town) -> Case:
    return Case(town)


def test_no_page_that_a_post_is_led_to_names_the_reporter(case: Case) -> None:
    town, city = case.town, case.town.city
    records = {f"/reports/{one.pk}/" for one in case.reports}
    readers: list[tuple[Actor, set[str]]] = [
        (city.dispatcher, DESK | records),
        (city.office, DESK | records | {f"/hazards/{case.hazard}/"}),
        (town.regulator, BASE | {f"/reports/{case.reports[1].pk}/", f"/hazards/{case.hazard}/"}),
        (town.inspector, BASE | {f"/reports/{case.reports[1].pk}/"}),
        (city.leader, BASE),
        (city.auditor, BASE | {"/audit/"}),
        (city.finance, BASE | {f"/reports/{case.reports[6].pk}/"}),
        (city.principal, {"/"}),
        (city.n_office, BASE),
    ]
    for actor, expected in readers:
        read = case.read(actor)
        assert expected <= read, (actor.role, expected - read)


def test_the_walk_would_find_it(case: Case) -> None:
    """The same walk over a report in which a dispatcher wrote the name finds it: it reads what it says it reads."""
    desk = case.town.city.dispatcher
    case.town.do(desk, case.reports[3], "screen", category="fire_exit", public_words=f"{NAME}所报")
    with pytest.raises(AssertionError, match=NAME):
        case.read(desk)
