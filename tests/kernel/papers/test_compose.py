"""The pieces of a page and their places, before anybody sets them."""

from dataclasses import fields
from datetime import date
from typing import Any

import pytest

from anlan.kernel.errors import Invalid
from anlan.kernel.papers.compose import Closing, Ends, Gap, Hanging, Line, compose, day_words, labelled
from anlan.kernel.papers.layout import EVIDENCE, FACES, LAYOUT, MM_PER_POINT, Layout
from anlan.kernel.papers.paper import Attachment, Heading, Paragraph, Seal, Table, official_number, require
from tests.kernel.papers.samples import SENTENCE, paper, seal


def closing(**changes: Any) -> tuple[Gap, Closing]:
    pieces = compose(paper(**changes)).text
    at = next(place for place, piece in enumerate(pieces) if isinstance(piece, Closing))
    gap, found = pieces[at - 1], pieces[at]
    assert isinstance(gap, Gap)
    assert isinstance(found, Closing)
    return gap, found


def test_the_page_adds_up() -> None:
    assert (LAYOUT.text_width, LAYOUT.text_height) == (156, 225)
    assert LAYOUT.left + LAYOUT.text_width + LAYOUT.right == 210
    assert LAYOUT.chars * LAYOUT.advance * MM_PER_POINT == pytest.approx(156)
    assert LAYOUT.lines * LAYOUT.pitch * MM_PER_POINT == pytest.approx(225)
    assert LAYOUT.advance < LAYOUT.body_size, "28 characters of 16 points would be wider than the text"


def test_every_rule_says_how_well_it_is_known() -> None:
    assert {field.name for field in fields(Layout)} | set(FACES) == set(EVIDENCE)
    assert {one.mark for one in EVIDENCE.values()} <= {"V", "B+", "B", "W", "K"}


def test_headings_are_counted_anew_below_each_other() -> None:
    levels = [1, 2, 2, 3, 4, 4, 3, 1, 2, 3]
    found = [
        one.label for one in labelled(Heading(level=level, text="甲") for level in levels) if isinstance(one, Heading)
    ]
    assert found == ["一、", "（一）", "（二）", "1.", "（1）", "（2）", "2.", "二、", "（一）", "1."]


def test_a_heading_keeps_the_label_it_brings() -> None:
    (found,) = labelled([Heading(level=1, text="甲", label="七、")])
    assert isinstance(found, Heading)
    assert found.label == "七、"


def test_a_heading_with_text_on_its_line_ends_with_a_stop_once() -> None:
    for text in ("加强领导", "加强领导。"):
        pieces = compose(paper(blocks=(Heading(level=2, text=text, body="各单位要重视。"),))).text
        line = next(piece for piece in pieces if isinstance(piece, Line) and piece.role == "body")
        assert [(span.face, span.text) for span in line.spans] == [("kai", "（一）加强领导。"), ("", "各单位要重视。")]


def test_name_and_date_stand_under_the_middle_of_the_seal() -> None:
    gap, found = closing()
    assert found.date == "2026年10月9日", "no noughts"
    line = LAYOUT.pitch * MM_PER_POINT
    between = gap.lines * line - found.seal_above
    assert 0 <= between < line, "the seal's top is within one line of the text"
    middle_of_seal = -found.seal_above + LAYOUT.seal_width / 2
    assert middle_of_seal < line, "the two lines stand a little below its middle"
    assert found.centre >= LAYOUT.sealed_date_right_chars + 3


@pytest.mark.parametrize("width", [38, 42, 45, 50])
def test_a_seal_of_any_size_leaves_less_than_a_line(width: float) -> None:
    gap, found = closing(seal=Seal(image=seal(), width=width))
    assert 0 <= gap.lines * LAYOUT.pitch * MM_PER_POINT - found.seal_above < LAYOUT.pitch * MM_PER_POINT


def test_a_long_name_does_not_leave_the_page() -> None:
    name = "安澜市应对突发事件和安全生产工作委员会办公室"
    _gap, found = closing(signature=name)
    assert found.centre == len(name) / 2


def test_without_a_seal_the_date_begins_two_to_the_right_of_the_name() -> None:
    gap, found = closing(seal=None)
    assert gap.lines == 1
    assert found.name_left == 28 - 2 - 13
    assert found.date_left == found.name_left + 2


def test_a_date_longer_than_the_name_stands_two_from_the_right() -> None:
    _gap, found = closing(seal=None, signature="安委办", date=date(2026, 11, 22))
    assert found.date_left + 7 == 28 - 2
    assert found.name_left == found.date_left - 2


def test_nothing_parts_the_signature_from_the_text() -> None:
    pieces = compose(paper(attachments=())).text
    at = next(place for place, piece in enumerate(pieces) if isinstance(piece, Closing))
    assert all(piece.keep for piece in pieces[at - 2 : at] if isinstance(piece, Line | Gap))


def test_one_attachment_is_not_numbered_several_are() -> None:
    one = [
        piece.label
        for piece in compose(paper(attachments=(Attachment(title="甲"),))).text
        if isinstance(piece, Hanging)
    ]
    assert one == ["附件："]
    many = compose(paper(attachments=(Attachment(title="甲"), Attachment(title="乙"))))
    hanging = [piece for piece in many.text if isinstance(piece, Hanging)]
    assert [piece.label for piece in hanging] == ["附件：1.", "2."]
    assert len({piece.left + piece.label_width for piece in hanging}) == 1, "the names begin below each other"


def test_only_attachments_with_content_are_bound_in() -> None:
    annexes = compose(paper()).annexes
    assert len(annexes) == 1
    first = annexes[0][0]
    assert isinstance(first, Line)
    assert (first.spans[0].text, first.opens_page) == ("附件1", True)


def test_to_a_higher_organ_the_signer_stands_beside_the_number() -> None:
    number = compose(paper(signer="李某")).number
    assert isinstance(number, Ends)
    assert [span.text for span in number.end] == ["签发人：", "李某"]


def test_a_letter_names_no_printer() -> None:
    assert len(compose(paper()).record) == 2
    assert len(compose(paper(form="letter")).record) == 1
    assert compose(paper(form="letter")).organ == "安澜市安全生产委员会办公室", "without 文件"


def test_days_and_numbers_are_written_as_the_standard_has_them() -> None:
    assert day_words(date(2026, 3, 5)) == "2026年3月5日"
    assert official_number("安安办发", 2026, 12) == "安安办发〔2026〕12号"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", " "),
        ("organ", ""),
        ("number", "安安办发[2026]12号"),
        ("number", "安安办发〔2026〕012号"),
        ("number", "安安办发〔2026〕第12号"),
        ("number", "安安办发〔26〕12号"),
        ("urgency", "很急"),
        ("copy_number", "1234567"),
        ("printed_on", None),
        ("blocks", ()),
        ("blocks", (Heading(level=5, text="甲"),)),
        ("blocks", (Table(rows=(("甲", "乙"), ("丙",))),)),
        ("blocks", (Table(rows=()),)),
        ("blocks", (Table(rows=(("甲", "乙"),), widths=(1,)),)),
        ("blocks", (Table(rows=(("甲", "乙"),), widths=(1, 0)),)),
        ("blocks", (Paragraph(text="a\x00b"),)),
        ("attachments", (Attachment(title="甲\x1b", blocks=()),)),
        ("seal", Seal(image=b"", width=400)),
    ],
)
def test_what_cannot_be_written_is_named_at_its_field(field: str, value: Any) -> None:
    with pytest.raises(Invalid) as caught:
        require(paper(**{field: value}))
    assert set(caught.value.fields) == {field}
    assert all(caught.value.fields[field])


def test_a_paper_in_order_passes() -> None:
    require(paper(blocks=(Paragraph(text=SENTENCE),)))
