"""What a bulletin says holds: a number keeps its rows, nothing is said of nobody, nobody's words are written over unseen."""

import json
from datetime import date
from uuid import UUID

import pytest
from django.test import Client

from anlan.bulletins import queries
from anlan.bulletins.figures import computing
from anlan.bulletins.models import Bulletin, FigureRow
from anlan.identity.tokens import issue_token
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import Conflict, NotNow
from anlan.kernel.ids import new_id
from tests.bulletins.conftest import Desk
from tests.factories import COUNTY, NEIGHBOUR


def _sum(desk: Desk, bulletin: Bulletin, code: str) -> int:
    with scope.acting(desk.actors["writer"]):
        rows = FigureRow.objects.filter(of=bulletin, edition=bulletin.edition, figure=code)
        return sum(row.value for row in rows)


def test_a_figure_that_is_known_no_more_keeps_its_rows(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    bulletin = desk.draft()
    monkeypatch.setitem(computing.sources, "returns", lambda asked, figures: {})
    for edition in (2, 3):
        bulletin = desk.do("writer", bulletin, "refresh")
        assert (bulletin.edition, bulletin.figures["inspected"]["value"]) == (edition, 3284)
        assert _sum(desk, bulletin, "inspected") == 3284
        with scope.acting(desk.actors["writer"]):  # the page of a share leads to both of its parts
            for part in ("major_fixed", "major_found"):
                assert queries.figure_view(bulletin, part).stale
    with pytest.raises(NotNow) as refused:
        desk.do("checker", bulletin, "review")
    assert "检查生产经营单位" in str(refused.value.detail) or "Enterprises inspected" in str(refused.value.detail)


def test_a_sentence_about_nobody_is_not_passed(desk: Desk) -> None:
    bulletin = desk.draft()
    desk.do("writer", bulletin, "write", section="next", title="下步工作", text="{who_missing}要立即补报。")
    with pytest.raises(NotNow):
        desk.do("checker", bulletin, "review")
    desk.do("writer", bulletin, "state_figure", figure="who_missing", text="个别单位", reason="系统外报送的单位。")
    assert desk.do("checker", bulletin, "review").state == "reviewed"


def test_two_tabs_of_one_person_do_not_write_over_each_other(desk: Desk) -> None:
    bulletin = desk.draft()
    seen = bulletin.content[0]["version"]
    bulletin = desk.do(
        "writer", bulletin, "write", section="overview", title="总体进展", text="第一个窗口。", seen=seen
    )
    with pytest.raises(Conflict) as refused:
        desk.do("writer", bulletin, "write", section="overview", title="总体进展", text="第二个窗口。", seen=seen)
    assert refused.value.code == "bulletin.written"
    # sent again because the answer was lost, it is the same
    desk.do("writer", bulletin, "write", section="overview", title="总体进展", text="第一个窗口。", seen=seen)
    new = bulletin.content[0]["version"]
    desk.do("writer", bulletin, "write", section="overview", title="总体进展", text="第一个窗口，接着写。", seen=new)


def test_months_without_returns_rank_nobody(desk: Desk) -> None:
    bulletin = desk.draft(first_month=date(2024, 7, 1), last_month=date(2024, 9, 1))
    assert bulletin.tables == {}
    text = json.dumps(bulletin.content, ensure_ascii=False)
    assert "见附件" not in text
    assert "排名" not in text
    assert bulletin.content[0]["code"] == "overview"
    assert desk.issued(bulletin).digest


POSTS = {"writer": "city", "county": "county", "neighbour": "neighbour", "department": "department"}


@pytest.fixture
def clients(desk: Desk) -> dict[str, dict[str, Client]]:
    """Of each its browser and its program."""
    found: dict[str, dict[str, Client]] = {}
    for name, post in POSTS.items():
        browser = Client()
        browser.force_login(
            desk.month.posts[post].person, backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        with scope.acting(SYSTEM):
            token = issue_token(post=desk.month.posts[post], name="t")
        found[name] = {"page": browser, "api": Client(headers={"Authorization": f"Bearer {token}"})}
    return found


def test_a_row_tells_of_anothers_record_its_number_alone(desk: Desk, clients: dict[str, dict[str, Client]]) -> None:
    bulletin = desk.draft()
    secrets = {"hazard": "东升木业：喷漆房未设防爆灯", "task": "查处东升木业", "instrument": "东升木业有限公司"}
    with scope.acting(SYSTEM):
        for place, (kind, words) in enumerate(secrets.items()):
            label, note = (words, "DB-7") if kind == "task" else (f"{kind}-7", words)
            FigureRow.objects.create(
                id=new_id(), of=bulletin, edition=1, figure="inspected", place=90 + place, kind=kind, key=UUID(int=7),
                label=label, note=note, region=NEIGHBOUR, value=0,
            )  # fmt: skip
        FigureRow.objects.create(
            id=new_id(), of=bulletin, edition=1, figure="inspected", place=99, kind="hazard", key=UUID(int=8),
            label="hazard-8", note="西关超市：安全出口上锁", region=COUNTY, value=0,
        )  # fmt: skip
    desk.issued(bulletin)
    paths = {
        "page": f"/bulletins/{bulletin.pk}/figures/inspected/",
        "api": f"/api/v1/bulletins/{bulletin.pk}/figures/inspected",
    }
    for way, path in paths.items():
        told = {name: ways[way].get(path).content.decode() for name, ways in clients.items()}
        for words in secrets.values():
            assert {name for name, body in told.items() if words in body} == {"writer", "neighbour"}, words
        assert {name for name, body in told.items() if "西关超市" in body} == {"writer", "county"}
        assert all("hazard-7" in body and "DB-7" in body for body in told.values())
