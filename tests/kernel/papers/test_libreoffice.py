"""Our Word documents as another program sets them: LibreOffice, where it is installed."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from anlan.kernel.papers import merge, word
from anlan.kernel.papers.layout import LAYOUT
from anlan.kernel.papers.paper import Paragraph, Seal
from tests.kernel.papers import pages
from tests.kernel.papers.samples import BODY, SENTENCE, paper, seal
from tests.kernel.papers.templates import LETTER, good
from tests.kernel.papers.test_merge import VALUES

OFFICE = shutil.which("soffice")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed (Debian: libreoffice-writer-nogui)"),
]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """All documents in one run of the program, which takes seconds to start."""
    place = tmp_path_factory.mktemp("office")
    single: dict[str, Any] = {
        "blocks": (Paragraph(text=SENTENCE),),
        "attachments": (),
        "copies_to": (),
        "printed_by": "",
    }
    documents = {
        "whole": word.write(paper()),
        "full": word.write(paper(blocks=(Paragraph(text=BODY * 40),))),
        "sealed": word.write(paper(**single)),
        "letter": word.write(paper(form="letter", seal=None, blocks=(Paragraph(text=BODY * 40),))),
        "merged": merge.fill(good("落款{{ 印章 }}"), LETTER, VALUES, seal=Seal(image=seal())),
    }
    for name, data in documents.items():
        Path(place, f"{name}.docx").write_bytes(data)
    command = [str(OFFICE), f"-env:UserInstallation=file://{place}/profile", "--headless", "--convert-to", "pdf"]
    names = [f"{name}.docx" for name in documents]
    subprocess.run([*command, *names], cwd=place, check=True, timeout=240, capture_output=True)
    return {name: Path(place, f"{name}.pdf").read_bytes() for name in documents}


def test_a_full_page_has_22_lines_of_28_characters(printed: dict[str, bytes]) -> None:
    page = [one for one in pages.pages(printed["full"])[1] if not one.text.startswith("—")]
    rows = pages.lines([one for one in page if one.baseline < 262])
    assert [len(text) for text in rows.values()] == [28] * 22
    first, *_rest, last = rows
    assert (last - first) / 21 == pytest.approx(225 / 22, abs=0.03)


def test_the_first_page_shows_text(printed: dict[str, bytes]) -> None:
    for name in ("whole", "full", "letter"):
        texts = [one.text for one in pages.pages(printed[name])[0]]
        assert any("为扎实推进" in text or "各部门" in text for text in texts), name


def test_as_many_pages_as_our_own(printed: dict[str, bytes]) -> None:
    from anlan.kernel.papers import pdf

    assert len(pages.pages(printed["whole"])) == len(pages.pages(pdf.write(paper())))


def test_page_numbers_stand_outside(printed: dict[str, bytes]) -> None:
    lefts = []
    for page in pages.pages(printed["full"])[:2]:
        foot = [one for one in page if one.baseline > 264]
        assert foot, "a page number"
        lefts.append(foot[0].left)
    assert lefts[0] > 140
    assert lefts[1] == pytest.approx(28 + 14 * pages.MM, abs=1)


def test_the_organs_name_stands_35_mm_below_the_edge_of_the_text(printed: dict[str, bytes]) -> None:
    organ = next(one for one in pages.pages(printed["whole"])[0] if one.text.endswith("文件"))
    assert organ.baseline - 0.88 * organ.size * pages.MM == pytest.approx(37 + 35, abs=2)


def test_the_seal_lies_over_name_and_date(printed: dict[str, bytes]) -> None:
    (stamp,) = [one for one in pages.pictures(printed["sealed"], 0) if one.width > 40]
    rows = pages.lines(pages.pages(printed["sealed"])[0])
    day = next(baseline for baseline, text in rows.items() if text.replace(" ", "") == "2026年10月9日")
    last = next(baseline for baseline, text in rows.items() if text.endswith("销号一处。"))
    assert stamp.width == pytest.approx(42, abs=0.5)
    assert stamp.top + 21 < day < stamp.top + 42
    assert -2 < stamp.top - last < 225 / 22, "its top within a line of the text"
    right = 210 - LAYOUT.right - (stamp.left + 21)
    assert right == pytest.approx((4 + 3.5) * LAYOUT.advance * pages.MM, abs=4)


def test_the_foot_closes_the_last_page(printed: dict[str, bytes]) -> None:
    found = pages.pages(printed["whole"])
    assert not any("抄送" in one.text for page in found[:-1] for one in page)
    rows = pages.lines(found[-1])
    last = next(baseline for baseline, text in rows.items() if text.endswith("印发"))
    assert 252 < last < 262


def test_a_letters_head(printed: dict[str, bytes]) -> None:
    first, second = pages.pages(printed["letter"])[:2]
    organ = next(one for one in first if one.text == "安澜市安全生产委员会办公室")
    assert organ.baseline < 45
    assert not any("—" in one.text for one in first)
    assert any("—" in one.text for one in second)


def test_a_filled_template_opens_with_its_seal(printed: dict[str, bytes]) -> None:
    texts = "".join(one.text for page in pages.pages(printed["merged"]) for one in page)
    assert "甲公司" in texts
    assert "通道堵塞" in texts
    assert [round(one.width) for one in pages.pictures(printed["merged"], 0)] == [42]
