"""The code on a risk notice proves the arrival: read by a running camera, from a photo of it, or typed."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import segno
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Page, expect

from anlan.inspections.models import Visit
from anlan.risks.models import RiskPoint
from anlan.site import phone
from tests.browser.conftest import FLAGS, Visitor, Visitors, chromium, lacking, quiet
from tests.browser.phone import deliver, fits, go_out, only, step
from tests.inspections.conftest import Field, make_field
from tests.inspections.self_checks import make_point

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "owner"])]
WIDE, HIGH = 640, 480


@pytest.fixture
def city(db: None) -> Field:
    if not (phone.BUILT / "phone" / "index.html").exists():
        lacking("The phone app's tests need it built: cd clients && npm ci && npm run build")
    return make_field()


@pytest.fixture
def point(city: Field) -> RiskPoint:
    return make_point(city.enterprise)


def code(point: RiskPoint, base: str) -> str:
    """What the notice's code says, as its page makes it."""
    return base + reverse("risks:scan", args=[point.pk])


def drawn(text: str) -> Image.Image:
    """The code as it hangs on a wall: a little turned, on grey."""
    buffer = BytesIO()
    segno.make(text, error="m").save(buffer, kind="png", scale=6, border=4)
    square = Image.open(buffer).convert("RGB").resize((330, 330)).rotate(7, expand=True, fillcolor="#9a9a9a")
    wall = Image.new("RGB", (WIDE, HIGH), "#9a9a9a")
    wall.paste(square, ((WIDE - square.width) // 2, (HIGH - square.height) // 2))
    return wall


def filmed(picture: Image.Image, where: Path) -> Path:
    """The picture as a film that Chromium plays as its camera: YUV4MPEG2, 4:2:0."""
    luma, blue, red = picture.convert("YCbCr").split()
    half = (WIDE // 2, HIGH // 2)
    frame = b"FRAME\n" + luma.tobytes() + blue.resize(half).tobytes() + red.resize(half).tobytes()
    where.write_bytes(f"YUV4MPEG2 W{WIDE} H{HIGH} F10:1 Ip A1:1 C420mpeg2\n".encode() + frame * 10)
    return where


def at_the_gate(visitors: Visitors, city: Field) -> tuple[Visitor, Page]:
    visitor = go_out(visitors, "inspector", city.enterprise.name)
    step(visitor.page, "到场")
    expect(visitor.page.get_by_role("button", name="到场，开始检查")).to_be_disabled()
    visitor.page.get_by_role("button", name="扫门口二维码").click()
    return visitor, visitor.page


def checked_in(visitor: Visitor, visit: Visit) -> None:
    page = visitor.page
    expect(page.get_by_text("二维码与该企业相符。")).to_be_visible()
    fits(visitor, "arrive")
    page.get_by_role("button", name="到场，开始检查").click()
    expect(page.get_by_role("heading", name="检查清单")).to_be_visible()
    deliver(visitor)
    arrived = only(Visit, pk=visit.pk)
    assert (arrived.state, arrived.arrived_by_code) == ("under_way", True)


@pytest.fixture
def cameramen(city: Field, point: RiskPoint, live_server: Any, player: Any, tmp_path: Path) -> Iterator[Visitors]:
    """Visitors whose camera looks at the notice's code."""
    film = filmed(drawn(code(point, live_server.url)), tmp_path / "code.y4m")
    flags = (
        *FLAGS,
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    )
    launched = player.chromium.launch(executable_path=chromium(), args=list(flags))
    yield Visitors(launched, live_server.url)
    launched.close()
    quiet()


def test_a_camera_reads_the_notice_without_a_network(city: Field, cameramen: Visitors) -> None:
    visit = city.ready()
    visitor, page = at_the_gate(cameramen, city)
    # No further tap: what the camera sees is taken, and it is switched off.
    expect(page.locator(".sheet-body:visible")).to_have_count(0)
    checked_in(visitor, visit)
    assert cameramen.complaints == []


def test_a_photo_of_the_code_where_no_camera_can_be_used(city: Field, point: RiskPoint, visitors: Visitors) -> None:
    visit = city.ready()
    visitor, page = at_the_gate(visitors, city)
    sheet = page.locator(".sheet-body:visible")
    expect(sheet.get_by_role("alert")).to_contain_text("可拍下二维码来识别，或手工填写")
    fits(visitor, "no-camera")
    photo = sheet.locator("input[capture]")
    plain = BytesIO()
    Image.new("RGB", (WIDE, HIGH), "#777777").save(plain, "JPEG")
    photo.set_input_files({"name": "wall.jpg", "mimeType": "image/jpeg", "buffer": plain.getvalue()})
    expect(sheet.get_by_text("照片里没有认出二维码")).to_be_visible()
    taken = BytesIO()
    far = Image.new("RGB", (2400, 3200), "#777777")  # small in a large photo, as one takes it from the gate
    far.paste(drawn(code(point, visitors.base)), (900, 1300))
    far.save(taken, "JPEG", quality=85)
    photo.set_input_files({"name": "gate.jpg", "mimeType": "image/jpeg", "buffer": taken.getvalue()})
    checked_in(visitor, visit)
    assert visitors.complaints == []


def test_a_typed_code_and_one_of_another_place(city: Field, point: RiskPoint, visitors: Visitors) -> None:
    visit = city.ready()
    stranger = make_point(city.n_enterprise)
    visitor, page = at_the_gate(visitors, city)
    page.get_by_role("button", name="关闭，手工填写").click()
    page.get_by_label("二维码内容").fill(code(stranger, visitors.base))
    expect(page.get_by_text("二维码不属于该企业")).to_be_visible()
    page.get_by_label("二维码内容").fill(code(point, visitors.base))
    checked_in(visitor, visit)
    assert visitors.complaints == []
