"""The printed page, measured: what stands where on it."""

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from anlan.kernel.errors import Invalid
from anlan.kernel.papers import pdf
from anlan.kernel.papers.layout import LAYOUT
from anlan.kernel.papers.paper import Attachment, Paragraph, Seal, Table
from anlan.kernel.papers.printing import printed
from tests.kernel.papers import pages
from tests.kernel.papers.samples import BODY, SENTENCE, paper, seal

FULL = Paragraph(text=BODY * 40)
"""Without marks, so that every line is full."""


def test_a_full_page_has_22_lines_of_28_characters() -> None:
    page = pages.pages(pdf.write(paper(blocks=(FULL,))))[1]
    rows = pages.lines([one for one in page if not one.text.startswith("—")])
    assert [len(text) for text in rows.values()] == [28] * 22
    first, *_rest, last = rows
    assert (last - first) / 21 == pytest.approx(225 / 22, abs=0.02)
    assert 37 < first < 37 + 225 / 22, "the first line is the page's first"
    assert last < 262, "the last ends above the margin"
    assert {round(one.left) for one in page if not one.text.startswith("—")} == {28}


def test_page_numbers_stand_outside() -> None:
    found = pages.pages(pdf.write(paper(blocks=(FULL,))))
    odd, even = (next(one for one in page if one.text.startswith("—")) for page in found[:2])
    assert (odd.text, even.text) == ("— 1 —", "— 2 —")
    assert even.left == pytest.approx(28 + 14 * pages.MM, abs=0.5), "one character from the left edge of the text"
    assert odd.left > 105 + 40
    for one in (odd, even):
        assert one.size == pytest.approx(14, abs=0.1)
        assert one.baseline == pytest.approx(297 - 35 + 7 + 14 * pages.MM * 0.4, abs=1), (
            "its dashes 7 mm below the text"
        )


def test_the_head_of_a_document() -> None:
    first = pages.pages(pdf.write(paper()))[0]
    rows = pages.lines(first)
    where = {text: baseline for baseline, text in rows.items()}
    organ = next(one for one in first if one.text.endswith("文件"))
    # The type's top, nearly nine tenths of its size above the baseline, is 35 mm below the edge of the text.
    assert organ.baseline - 0.88 * organ.size * pages.MM == pytest.approx(37 + 35, abs=1)
    assert organ.size <= LAYOUT.organ_size_most
    assert where["000012"] < where["加急"] < organ.baseline < where["安安办发〔2026〕12号"]
    title = [one for one in first if one.size == pytest.approx(22, abs=0.1)]
    assert len(title) == 3
    assert where["各县（区）人民政府、市直有关单位："] - title[-1].baseline == pytest.approx(2 * 225 / 22, abs=1.5)
    text = next(baseline for said, baseline in where.items() if said.startswith("为扎实推进"))
    assert text < 262, "the first page shows text"


def test_name_and_date_stand_on_the_seal() -> None:
    written = pdf.write(paper(blocks=(Paragraph(text=SENTENCE),), attachments=(), copies_to=(), printed_by=""))
    (stamp,) = pages.pictures(written, 0)
    rows = {one.text: one for one in pages.pages(written)[0]}
    name, day = rows["安澜市安全生产委员会办公室"], rows["2026年10月9日"]
    assert (stamp.width, stamp.height) == (pytest.approx(42, abs=0.1), pytest.approx(42, abs=0.1))
    middle = stamp.left + 21
    assert name.left + 13 / 2 * LAYOUT.advance * pages.MM == pytest.approx(middle, abs=1), "centred on the name"
    assert stamp.top < name.baseline < day.baseline < stamp.top + stamp.height
    assert stamp.top + 21 < day.baseline, "a little below the seal's middle"
    last = max(one.baseline for one in pages.pages(written)[0] if "销号" in one.text or "清单" in one.text)
    assert -1 < stamp.top - last < 225 / 22, "within a line of the text"
    assert 182 - (day.left + 6.5 * LAYOUT.advance * pages.MM) == pytest.approx(4 * LAYOUT.advance * pages.MM, abs=3)


def test_the_signature_never_stands_alone() -> None:
    """However long the text, on the page of the date there is some of it."""
    for count in range(1, 12):
        blocks = (Paragraph(text=BODY * 3), *[Paragraph(text="甲" * 26)] * count)
        found = pages.pages(pdf.write(paper(blocks=blocks, attachments=(), note="", copies_to=(), printed_by="")))
        page = next(page for page in found if any(one.text == "2026年10月9日" for one in page))
        assert any("甲甲" in one.text or "工作" in one.text for one in page), count


def test_the_foot_closes_the_last_page() -> None:
    found = pages.pages(pdf.write(paper()))
    assert not any("抄送" in one.text for page in found[:-1] for one in page)
    rows = pages.lines(found[-1])
    printed_line = next(baseline for baseline, text in rows.items() if text.endswith("印发"))
    copies = next(baseline for baseline, text in rows.items() if text.startswith("抄送："))
    assert copies < printed_line < 262
    assert printed_line > 262 - 8, "at the very foot of the text"
    parts = [one for one in found[-1] if abs(one.baseline - printed_line) < 0.4]
    assert parts[0].left == pytest.approx(28 + 14 * pages.MM, abs=0.5)


def test_an_attachment_begins_a_page_of_its_own() -> None:
    found = pages.pages(pdf.write(paper(attachments=(Attachment(title="名单", blocks=(Paragraph(text="张某"),)),))))
    rows = list(pages.lines(found[-1]).values())
    assert rows[:3] == ["附件", "名单", "张某"]


def test_a_letter_has_its_own_head_and_no_number_on_its_first_page() -> None:
    written = pages.pages(pdf.write(paper(form="letter", blocks=(FULL,))))
    organ = next(one for one in written[0] if one.text == "安澜市安全生产委员会办公室")
    assert organ.baseline - 0.88 * organ.size * pages.MM == pytest.approx(30, abs=1)
    assert not any(one.text.startswith("—") for one in written[0])
    assert any(one.text == "— 2 —" for one in written[1])
    number = next(one for one in written[0] if "〔2026〕" in one.text)
    assert number.text == "安安办发〔2026〕12号", "in one line, at the right"
    assert number.left > 105


def test_a_table_repeats_its_heading_and_fits() -> None:
    table = Table(rows=(("县区", "家"), *((f"第{row}县", str(row)) for row in range(90))))
    found = pages.pages(pdf.write(paper(blocks=(table,), attachments=(), copies_to=(), printed_by="")))
    with_rows = [page for page in found if any(one.text.startswith("第") for one in page)]
    assert len(with_rows) > 1
    assert all(any("县区" in one.text for one in page) for page in with_rows)


def test_text_is_text() -> None:
    said = "<img src=x> {{ 7*7 }} </p><script>"
    found = pages.pages(pdf.write(paper(blocks=(Paragraph(text=said),), title="甲 & 乙 <b>")))
    whole = "".join(one.text for page in found for one in page).replace(" ", "")
    assert said.replace(" ", "") in whole
    assert "甲&乙<b>" in whole


def test_the_file_says_what_it_is() -> None:
    about = PdfReader(BytesIO(pdf.write(paper()))).metadata
    assert about is not None
    assert about.title == paper().title
    assert about.author == paper().organ


def test_nothing_is_fetched() -> None:
    page = printed('<p>甲<img src="http://127.0.0.1:9/x.png"><img src="file:///etc/hostname"></p>', "")
    assert "甲" in pages.pages(page)[0][0].text
    assert not pages.pictures(page, 0)


def test_a_paper_that_cannot_be_written_is_refused() -> None:
    with pytest.raises(Invalid):
        pdf.write(paper(number="12号"))


def test_a_photographed_seal_is_taken_too() -> None:
    from PIL import Image

    stream = BytesIO()
    Image.open(BytesIO(seal())).convert("RGB").save(stream, "JPEG")
    written = pdf.write(paper(seal=Seal(image=stream.getvalue(), width=45), date=date(2026, 1, 1), attachments=()))
    sizes = [
        round(one.width)
        for page in range(len(PdfReader(BytesIO(written)).pages))
        for one in pages.pictures(written, page)
    ]
    assert sizes == [45]
