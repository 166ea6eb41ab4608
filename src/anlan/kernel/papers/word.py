"""A composed paper as a Word document, piece by piece: no template that text could reach into."""

from datetime import UTC, datetime, time
from io import BytesIO
from typing import Any

from docx.document import Document as Doc
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.shared import Length, Mm, Pt
from docx.text.paragraph import Paragraph

from anlan.kernel.papers import wordml
from anlan.kernel.papers.compose import Closing, Composed, Ends, Gap, Hanging, Line, Piece, Span, compose
from anlan.kernel.papers.layout import FACES, LAYOUT, MM_PER_POINT
from anlan.kernel.papers.measure import divided, width
from anlan.kernel.papers.paper import Paper, Side, Table
from anlan.kernel.papers.styles import RED, blank, chars, wear

MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SIDES: dict[Side, WD_ALIGN_PARAGRAPH] = {"centre": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}
_LEADING = 1.2
"""A big line's height as a multiple of its type."""
_THIN = 8
"""Points of type whose underline is about as strong as a thin rule."""
_NUMBERS_FROM_EDGE = LAYOUT.bottom - LAYOUT.page_number_below - LAYOUT.page_number_size / 2 * MM_PER_POINT
"""Millimetres from the foot of a page number's line to the edge of the page; its dashes are half-way up the line."""
_LONGEST_KEPT = 8
"""Lines of a paragraph that is not parted from what follows: programs move it there as a whole."""


def write(paper: Paper) -> bytes:
    """The paper as .docx. Raises Invalid for one that cannot be written."""
    composed = compose(paper)
    document = blank()
    _facts(document, paper)
    _page_numbers(document)
    if composed.form == "letter":
        _letter_head(document, composed)
    else:
        _document_head(document, composed)
    for piece in composed.text:
        _piece(document, piece)
    for annex in composed.annexes:
        for piece in annex:
            _piece(document, piece)
    if composed.record:
        _record(document, composed)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _facts(document: Doc, paper: Paper) -> None:
    about = document.core_properties
    about.title, about.author, about.subject = paper.title.replace("\n", ""), paper.organ, paper.number
    about.last_modified_by, about.language = paper.organ, "zh-CN"
    about.created = about.modified = datetime.combine(paper.date, time(), UTC)


def _paragraph(holder: Any, role: str, text: str = "") -> Paragraph:
    made = wear(holder.add_paragraph(), role)
    if text:
        made.add_run(text)
    return made


def _spans(paragraph: Paragraph, spans: tuple[Span, ...]) -> None:
    for span in spans:
        wordml.say(paragraph, span.text, face=FACES[span.face].names[0] if span.face else None)


def _empty(document: Doc, lines: int, *, keep: bool = False) -> None:
    for _line in range(lines):
        document.add_paragraph().paragraph_format.keep_with_next = keep


# -- the head ----------------------------------------------------------------------------------------------------------


def _organ(holder: Any, composed: Composed) -> Paragraph:
    line = _paragraph(holder, "organ")
    wordml.say(line, composed.organ, size=composed.organ_size)
    line.paragraph_format.line_spacing = Pt(composed.organ_size * _LEADING)
    return line


def _document_head(document: Doc, composed: Composed) -> None:
    """As many empty lines as the organ's name stands below the edge of the text, the corner's words in the first of them."""
    line = LAYOUT.pitch * MM_PER_POINT
    above = int(LAYOUT.organ_below_top / line)
    for word in composed.corner:
        _paragraph(document, "corner", word)
    _empty(document, above - len(composed.corner))
    organ = _organ(document, composed)
    inside = composed.organ_size * (_LEADING - 1) / 2  # a line has room above its characters
    organ.paragraph_format.space_before = Mm(LAYOUT.organ_below_top - above * line) - Pt(inside)
    _empty(document, LAYOUT.number_below_lines)
    if isinstance(composed.number, str):
        _paragraph(document, "number", composed.number)
    else:
        _ends(_paragraph(document, "number"), composed.number)
    rule = document.add_paragraph()
    rule.paragraph_format.line_spacing = Mm(LAYOUT.rule_below)
    wordml.rule_below(rule, millimetres=LAYOUT.rule_weight, colour=str(RED))
    _empty(document, LAYOUT.title_below_lines)


def _letter_head(document: Doc, composed: Composed) -> None:
    """
    On the first page alone: the name and its rule in the header, the second rule in the footer.

    The rules are longer than the text is wide, and in the middle over it.
    """
    section = document.sections[0]
    section.different_first_page_header_footer = True
    header = section.first_page_header
    section.header_distance = Mm(LAYOUT.letter_organ_from_edge)
    organ = _organ(header, composed)
    header._element.remove(header.paragraphs[0]._p)  # noqa: SLF001 -- a header begins with an empty paragraph
    organ.paragraph_format.space_before = Pt(0)
    thick, thin = LAYOUT.letter_thick_rule, LAYOUT.letter_thin_rule
    _double_rule(header.add_paragraph(), header.add_paragraph(), Mm(LAYOUT.letter_rule_below), (thick, thin))
    # The page numbers stay where they are, though footers now begin farther down.
    for footer in (section.footer, section.even_page_footer):
        footer.paragraphs[0].paragraph_format.space_after = Mm(_NUMBERS_FROM_EDGE - LAYOUT.letter_rule_from_bottom)
    section.footer_distance = Mm(LAYOUT.letter_rule_from_bottom)
    foot = section.first_page_footer
    _double_rule(foot.paragraphs[0], foot.add_paragraph(), Pt(1), (thin, thick))
    gap = Pt(LAYOUT.letter_number_below_chars * LAYOUT.body_size)
    first = True
    number = composed.number if isinstance(composed.number, str) else composed.number.start[0].text
    for word in composed.corner or ("",):
        line = _paragraph(header, "corner", word)
        line.paragraph_format.space_before = gap if first else Pt(0)
        if first:
            line.paragraph_format.tab_stops.add_tab_stop(chars(LAYOUT.chars), WD_TAB_ALIGNMENT.RIGHT)
            wordml.say(line, f"\t{number}", face=FACES["fang"].names[0])
        first = False
    _empty(document, LAYOUT.letter_title_below_lines)


def _double_rule(upper: Paragraph, lower: Paragraph, pitch: Length, weights: tuple[float, float]) -> None:
    """Each a paragraph's border: which of the two lines of Word's own double rules is the upper one, programs disagree."""
    beyond = Mm((LAYOUT.text_width - LAYOUT.letter_rule_length) / 2)
    for line, height, weight in ((upper, pitch, weights[0]), (lower, Pt(2), weights[1])):
        line.paragraph_format.line_spacing = height
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = beyond
        wordml.rule_below(line, millimetres=weight, colour=str(RED))


# -- the text ----------------------------------------------------------------------------------------------------------


def _piece(document: Doc, piece: Piece) -> None:
    match piece:
        case Line():
            line = _paragraph(document, piece.role)
            _spans(line, piece.spans)
            if piece.side != "left":
                line.alignment, line.paragraph_format.first_line_indent = _SIDES[piece.side], Pt(0)
            line.paragraph_format.keep_with_next = (piece.keep and _few_lines(piece)) or None
            line.paragraph_format.page_break_before = piece.opens_page or None
        case Hanging():
            line = _paragraph(document, piece.role)
            _hanging(line, piece)
        case Gap():
            _empty(document, piece.lines, keep=piece.keep)
        case Table():
            _table(document, piece)
        case Closing():
            _closing(document, piece)


def _few_lines(piece: Line) -> bool:
    return sum(width(span.text) for span in piece.spans) / LAYOUT.chars <= _LONGEST_KEPT


def _hanging(line: Paragraph, piece: Hanging, *, size: float = LAYOUT.advance) -> None:
    """`size`: of one character, in points."""
    form = line.paragraph_format
    form.left_indent, form.first_line_indent = (
        Pt((piece.left + piece.label_width) * size),
        Pt(-piece.label_width * size),
    )
    form.right_indent, form.keep_with_next = Pt(piece.right * size), piece.keep or None
    form.tab_stops.add_tab_stop(Pt((piece.left + piece.label_width) * size))
    line.add_run(f"{piece.label}\t{piece.text}")


def _ends(line: Paragraph, piece: Ends) -> None:
    line.alignment = WD_ALIGN_PARAGRAPH.LEFT
    line.paragraph_format.left_indent = chars(piece.indent)
    line.paragraph_format.tab_stops.add_tab_stop(chars(LAYOUT.chars - piece.indent), WD_TAB_ALIGNMENT.RIGHT)
    _spans(line, piece.start)
    line.add_run("\t")
    _spans(line, piece.end)


def _closing(document: Doc, piece: Closing) -> None:
    name, day = _paragraph(document, "closing"), _paragraph(document, "closing")
    name.paragraph_format.keep_with_next = True
    if piece.seal is None:
        for line, left in ((name, piece.name_left), (day, piece.date_left)):
            line.alignment, line.paragraph_format.left_indent = WD_ALIGN_PARAGRAPH.LEFT, chars(left)
    else:
        for line in (name, day):
            # As far to the left of the middle as to the right of it: centred, whatever the face makes of the widths.
            wordml.centred(line).paragraph_format.left_indent = chars(LAYOUT.chars - 2 * piece.centre)
        middle = LAYOUT.text_width - piece.centre * LAYOUT.advance * MM_PER_POINT
        wordml.behind_text(
            name.add_run(),
            BytesIO(piece.seal.image),
            width=piece.seal.width,
            right=middle - piece.seal.width / 2,
            down=-piece.seal_above,
        )
    name.add_run(piece.name)
    day.add_run(piece.date)


def _table(document: Doc, piece: Table) -> None:
    count = len(piece.rows[0])
    shares = piece.widths or (1.0,) * count
    widths = [LAYOUT.text_width * share / sum(shares) for share in shares]
    table = wordml.grid(document, widths, rows=len(piece.rows))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for order, (row, texts) in enumerate(zip(table.rows, piece.rows, strict=True)):
        cells = row.cells
        wordml.fit(cells, widths)
        row._tr.get_or_add_trPr().append(wordml.element("w:cantSplit"))  # noqa: SLF001 -- python-docx has no word for it
        for cell, text in zip(cells, texts, strict=True):
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            line = wear(cell.paragraphs[0], "cell")
            if order == 0 and piece.headed:
                wordml.say(wordml.centred(line), text, face=wordml.HEI)
            else:
                line.add_run(text)
    if piece.headed:
        wordml.repeat_first_row(table)


# -- the foot ----------------------------------------------------------------------------------------------------------


def _page_numbers(document: Doc) -> None:
    """— 1 — at the outer side: odd pages at the right, even ones at the left."""
    section = document.sections[0]
    section.footer_distance = Mm(_NUMBERS_FROM_EDGE)
    indent = Pt(LAYOUT.page_number_size * LAYOUT.page_number_indent_chars)
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        footer.is_linked_to_previous = False
        line = wear(footer.paragraphs[0], "page_number")
        line.alignment = side
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = indent
        line.add_run("— ")
        wordml.field(line, "PAGE")
        line.add_run(" —")


def _record(document: Doc, composed: Composed) -> None:
    """
    Paragraphs in one frame at the foot of the page the text ends on: thick rules outside, a thin one between.

    Programs rule from the leftmost letter to the right edge, and take for one frame only paragraphs that are framed, ruled and
    indented alike: so all hang from the very edge, their room at the left is a character, and lines are divided here.
    """
    size = LAYOUT.record_size
    hanging = max((one.left + one.label_width for one in composed.record if isinstance(one, Hanging)), default=0.0)
    room = "\N{IDEOGRAPHIC SPACE}" * round(LAYOUT.record_indent_chars)
    lines: list[Paragraph] = []
    for piece in composed.record:
        if lines and composed.form == "document":
            lines.append(_thin_rule(document))
        line = _paragraph(document, "record")
        if isinstance(piece, Hanging):
            across = LAYOUT.text_width / MM_PER_POINT / size - hanging - piece.right
            line.add_run(room + piece.label + "\n".join(divided(piece.text, across)))
        else:
            end = Mm(LAYOUT.text_width) - Pt(piece.indent * size)
            line.paragraph_format.tab_stops.add_tab_stop(end, WD_TAB_ALIGNMENT.RIGHT)
            line.add_run(room)
            _spans(line, (*piece.start, Span(text="\t"), *piece.end))
        lines.append(line)
    for line in lines:
        line.alignment = WD_ALIGN_PARAGRAPH.LEFT
        line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = (
            Pt(hanging * size),
            Pt(-hanging * size),
        )
        _to_the_foot(line, ruled=composed.form == "document")
    # What floats hangs on the paragraph after it.
    document.add_paragraph().paragraph_format.line_spacing = Pt(1)


def _to_the_foot(line: Paragraph, *, ruled: bool) -> None:
    properties = line._p.get_or_add_pPr()  # noqa: SLF001 -- python-docx has no word for frames and rules
    frame = wordml.element(
        "w:framePr", w=round(Mm(LAYOUT.text_width).twips), hSpace=0, wrap="notBeside", vAnchor="margin",
        hAnchor="margin", xAlign="left", yAlign="bottom",
    )  # fmt: skip
    wordml.settle(properties, frame)
    if ruled:
        sides = (wordml.border(side, millimetres=LAYOUT.record_outer_rule, space=2) for side in ("top", "bottom"))
        wordml.settle(properties, wordml.element("w:pBdr", *sides))


def _thin_rule(document: Doc) -> Paragraph:
    """Underlined tabs across the page, to where the text hangs and to the edge: a border here would part the frame."""
    line = _paragraph(document, "record")
    line.paragraph_format.tab_stops.add_tab_stop(Mm(LAYOUT.text_width))
    rule = wordml.say(line, "\t\t", size=_THIN)
    rule.underline = True
    line.paragraph_format.line_spacing = Pt(_THIN)
    return line
