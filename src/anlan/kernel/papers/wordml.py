"""What python-docx has no words for, and what every Word document here does alike."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from docx.document import Document as Doc
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Emu, Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from anlan.kernel.papers.layout import FACES, LAYOUT

FANG, HEI = FACES["fang"].names[0], FACES["hei"].names[0]
TWIPS_PER_POINT = 20


def element(tag: str, /, *children: Any, **attributes: str | float) -> Any:
    """`element("w:jc", val="both")`; attributes take the prefix of their tag."""
    made: Any = OxmlElement(tag)
    prefix = tag.split(":", maxsplit=1)[0]
    for name, value in attributes.items():
        made.set(qn(f"{prefix}:{name}"), str(value))
    for child in children:
        made.append(child)
    return made


def official_page(section: Section) -> None:
    """A4 with the margins of official documents."""
    section.page_width, section.page_height = Mm(LAYOUT.page_width), Mm(LAYOUT.page_height)
    section.top_margin, section.bottom_margin = Mm(LAYOUT.top), Mm(LAYOUT.bottom)
    section.left_margin, section.right_margin = Mm(LAYOUT.left), Mm(LAYOUT.right)


def typeface(holder: Any, name: str) -> None:
    """For letters of every script. `holder` is a run or a style."""
    holder.font.name = name
    fonts = holder.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), name)
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    # Else quotation marks and dashes, which Latin has too, are set half as wide.
    fonts.set(qn("w:hint"), "eastAsia")


def say(
    paragraph: Paragraph, text: str, *, size: float | None = None, face: str | None = None, bold: bool | None = None
) -> Run:
    """A run in a face by its name; what is None comes from the paragraph's style."""
    run = paragraph.add_run(text)
    if size is not None:
        run.font.size = Pt(size)
    if bold is not None:
        run.bold = bold
    if face is not None:
        typeface(run, face)
    return run


def field(paragraph: Paragraph, instruction: str) -> None:
    """What Word counts itself: PAGE, NUMPAGES."""
    paragraph._p.append(element("w:fldSimple", element("w:r", element("w:t")), instr=instruction))  # noqa: SLF001 -- python-docx has no word for a field


def grid(document: Doc, widths: Sequence[float], *, rows: int) -> Table:
    """A ruled table with columns of these widths in millimetres: WPS and LibreOffice read the grid, Word the cells."""
    table = document.add_table(rows=rows, cols=len(widths))
    table.style, table.autofit = "Table Grid", False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    return table


def fit(cells: Iterable[_Cell], widths: Sequence[float]) -> None:
    for cell, width in zip(cells, widths, strict=True):
        cell.width = Mm(width)
        cell.paragraphs[0].paragraph_format.space_after = Pt(0)


def repeat_first_row(table: Table) -> None:
    """At the top of every page the table goes over to."""
    table.rows[0]._tr.get_or_add_trPr().append(element("w:tblHeader"))  # noqa: SLF001 -- python-docx has no word for a heading row


def border(side: str, *, millimetres: float, colour: str = "auto", kind: str = "single", space: int = 0) -> Any:
    """One side of a paragraph's or cell's frame; `space` in points."""
    eighths = max(2, round(millimetres / 25.4 * 72 * 8))
    return element(f"w:{side}", val=kind, sz=eighths, space=space, color=colour)


_ORDER = (
    "pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr", "suppressLineNumbers",
    "pBdr", "shd", "tabs", "suppressAutoHyphens", "kinsoku", "wordWrap", "overflowPunct", "topLinePunct", "autoSpaceDE",
    "autoSpaceDN", "bidi", "adjustRightInd", "snapToGrid", "spacing", "ind", "contextualSpacing", "mirrorIndents",
    "suppressOverlap", "jc", "textDirection", "textAlignment", "textboxTightWrap", "outlineLvl", "divId", "cnfStyle",
    "rPr", "sectPr", "pPrChange",
)  # fmt: skip
"""Of what a paragraph's properties hold (ECMA-376, 17.3.1): Word refuses them in another."""


def settle(properties: Any, made: Any) -> None:
    """Put an element among a paragraph's properties, in place of one of its name, where Word expects it."""
    name = made.tag.rsplit("}", maxsplit=1)[1]
    for old in properties.findall(made.tag):
        properties.remove(old)
    properties.insert_element_before(made, *(f"w:{after}" for after in _ORDER[_ORDER.index(name) + 1 :]))


def rule_below(paragraph: Paragraph, **line: Any) -> None:
    settle(paragraph._p.get_or_add_pPr(), element("w:pBdr", border("bottom", **line)))  # noqa: SLF001 -- python-docx has no word for a rule


def centred(paragraph: Paragraph) -> Paragraph:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return paragraph


def behind_text(
    run: Run, image: Any, *, width: float, right: float, down: float, origin: Literal["column", "character"] = "column"
) -> None:
    """
    A picture under the text: `width` millimetres wide, so many to the right of its origin and down from the paragraph's top.

    Behind, because a picture that is not transparent would else hide what it is pressed upon.
    """
    run.add_picture(image, width=Mm(width))
    inline = run._r.drawing_lst[0][0]  # noqa: SLF001 -- python-docx has no word for a picture that floats
    anchor: Any = OxmlElement("wp:anchor")
    places: Mapping[str, str | int] = {
        "distT": 0, "distB": 0, "distL": 0, "distR": 0, "simplePos": 0, "relativeHeight": 1, "behindDoc": 1,
        "locked": 0, "layoutInCell": 1, "allowOverlap": 1,
    }  # fmt: skip
    for name, value in places.items():
        anchor.set(name, str(value))
    corner: Any = OxmlElement("wp:simplePos")
    corner.set("x", "0")
    corner.set("y", "0")
    anchor.append(corner)
    for tag, base, offset in (("wp:positionH", origin, Mm(right)), ("wp:positionV", "paragraph", Mm(down))):
        place: Any = OxmlElement(tag)
        place.set("relativeFrom", base)
        by: Any = OxmlElement("wp:posOffset")
        by.text = str(Emu(offset))
        place.append(by)
        anchor.append(place)
    size, *rest = list(inline)
    anchor.extend([size, OxmlElement("wp:wrapNone"), *rest])
    inline.getparent().replace(inline, anchor)
