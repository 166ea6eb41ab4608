"""The built mini-program against the real server: what its own tests only tell of a server, this one has."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from anlan.files.models import File
from anlan.identity.models import Citizen, Region
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.reports.claims import digest_of
from anlan.reports.models import Report, ReportPhoto, Seal
from anlan.site.settings import PROJECT
from tests.browser.conftest import lacking, quiet
from tests.channels.twin import Twin, twin, twin_process
from tests.drawing import drawn_beside
from tests.factories import TOWN, make_city, picture
from tests.reports.conftest import make_town

__all__ = ["twin", "twin_process"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "owner"])]
CLIENTS = Path(PROJECT) / "clients"
PLACE = {"longitude": 111.506, "latitude": 36.0815}
"""As a phone in China says it, in GCJ-02."""
SECONDS = 180


def test_reports_arrive_once_and_sealed(twin: Twin, live_server: Any, tmp_path: Path) -> None:
    make_town(make_city())
    Region.objects.filter(pk=TOWN).update(lon="111.5", lat="36.08")
    httpx.get(f"{live_server.url}/api/v1/citizen/settings", timeout=60, trust_env=False)  # the first answer takes long
    with drawn_beside():
        told = run(live_server.url, tmp_path)
    quiet()
    with scope.acting(SYSTEM), scope.elevated("the test looks at everything"):
        nameless, named = Report.objects.order_by("reported_at")
        assert (nameless.number, nameless.channel, nameless.anonymous) == (told["number"], "miniprogram", True)
        assert (named.channel, named.anonymous, named.words) == ("miniprogram", False, "配电箱门掉了，电线露在外面")
        for report in (nameless, named):
            assert (report.original_system, float(report.original_lon)) == ("gcj02", PLACE["longitude"])
            assert 0.001 < PLACE["longitude"] - float(report.lon) < 0.01
            (photo,) = ReportPhoto.objects.filter(report=report)
            assert File.objects.get(pk=photo.file_id).uploader_id is None
        seal, other = Seal.objects.get(report=nameless), Seal.objects.get(report=named)
        assert (seal.person_id, seal.claim) == (None, digest_of(told["claim"]))
        owner = Citizen.objects.get(pk=other.person_id)
        assert (owner.phone, owner.guest) == ("13835712345", False)


def run(address: str, folder: Path) -> dict[str, str]:
    """Its pages on a phone; what they showed."""
    npx = shutil.which("npx") or lacking("The mini-program's tests need Node.")
    if not (CLIENTS / "node_modules" / "miniprogram-simulate").exists():
        lacking("The mini-program's packages must be there: cd clients && npm ci")
    photos = []
    for seed in (71, 72):
        photos.append(str(folder / f"{seed}.jpg"))
        Path(photos[-1]).write_bytes(picture(seed))
    live = {"address": address, "photos": photos, "place": PLACE, "kept": str(folder / "told.json")}
    done = subprocess.run(
        [npx, "vitest", "run", "miniprogram/test/live.test.ts"],
        cwd=CLIENTS, env=dict(os.environ) | {"ANLAN_LIVE": json.dumps(live)}, timeout=SECONDS, check=False,
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    told: dict[str, str] = json.loads((folder / "told.json").read_text(encoding="utf-8"))
    return told
