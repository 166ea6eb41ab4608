"""The named styles of an official Word document, its grid and its settings."""

from dataclasses import dataclass
from functools import cache
from io import BytesIO
from math import floor
from typing import Any

from docx import Document
from docx.document import Document as Doc
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Length, Pt, RGBColor, Twips
from docx.text.paragraph import Paragraph

from anlan.kernel.papers.layout import FACES, LAYOUT, LEVELS
from anlan.kernel.papers.wordml import TWIPS_PER_POINT, element, official_page, settle, typeface

# Rounded down: a line that is a fiftieth of a point too high costs the page its last line.
PITCH = Twips(int(LAYOUT.pitch * TWIPS_PER_POINT))
RED = RGBColor(0xE6, 0x00, 0x00)
FOURTHS = 4096
"""The grid states what a character is wider or narrower than its type in 1/4096 of a point."""
# Down to the next whole twip and one more: LibreOffice makes the line of a page with a grid a point shorter than it is.
# Lines are spread to the edge, so that nothing of it is seen.
NARROWER = floor((LAYOUT.advance - LAYOUT.body_size) * TWIPS_PER_POINT) - 1


@dataclass(frozen=True, kw_only=True)
class Look:
    name: str
    face: str = "fang"
    size: float = LAYOUT.body_size
    first: float = 0
    """Characters the first line is indented by."""
    side: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY
    pitch: Length = PITCH


_TABLES = {"TableNormal", "TableGrid"}
_CENTRE = WD_ALIGN_PARAGRAPH.CENTER
_INDENT = LAYOUT.paragraph_indent_chars
LOOKS = {
    "corner": Look(name="版头标注", face="hei"),
    "organ": Look(name="发文机关标志", face="song", side=_CENTRE),
    "number": Look(name="发文字号", side=_CENTRE),
    "title": Look(name="Title", face="song", size=LAYOUT.title_size, side=_CENTRE),
    "addressees": Look(name="主送机关"),
    "body": Look(name="公文正文", first=_INDENT),
    **{
        f"heading{level}": Look(name=f"Heading {level}", face=facts.face, first=_INDENT)
        for level, facts in enumerate(LEVELS, start=1)
    },
    "list": Look(name="附件说明"),
    "closing": Look(name="署名和成文日期"),
    "note": Look(name="附注", first=LAYOUT.note_indent_chars),
    "annex_mark": Look(name="附件标识", face="hei"),
    "annex_title": Look(name="附件标题", face="song", size=LAYOUT.title_size, side=_CENTRE),
    "caption": Look(name="表题", face="hei", side=_CENTRE),
    "cell": Look(name="表格", size=LAYOUT.table_size, side=WD_ALIGN_PARAGRAPH.LEFT, pitch=Pt(LAYOUT.table_pitch)),
    "record": Look(name="版记", size=LAYOUT.record_size, pitch=Pt(LAYOUT.record_size * 1.5)),
    "page_number": Look(name="页码", face="figures", size=LAYOUT.page_number_size, pitch=Pt(LAYOUT.page_number_size)),
}


def chars(count: float) -> Length:
    """So many characters of the body, as the grid sets them."""
    return Twips(round(count * LAYOUT.advance * TWIPS_PER_POINT))


def wear(paragraph: Paragraph, role: str) -> Paragraph:
    """Give it a style, as python-docx does, but without looking through all styles for every paragraph."""
    paragraph._p.style = LOOKS[role].name.replace(" ", "")  # noqa: SLF001 -- python-docx sets a style by its name only
    return paragraph


def blank() -> Doc:
    """An empty document with the official page, grid and styles."""
    return Document(BytesIO(_made()))


@cache
def _made() -> bytes:
    document = Document()
    _clean(document)
    _grid(document)
    _base(document)
    for look in LOOKS.values():
        _style(document, look)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _grid(document: Doc) -> None:
    section = document.sections[0]
    official_page(section)
    properties: Any = section._sectPr  # noqa: SLF001 -- python-docx has no word for the grid
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    narrower = round((LAYOUT.advance - LAYOUT.body_size) * FOURTHS)
    properties.append(element("w:docGrid", type="linesAndChars", linePitch=round(PITCH / Twips(1)), charSpace=narrower))


def _base(document: Doc) -> None:
    """What every style begins from: the body's type, one line after the other, figures as close as characters."""
    normal = document.styles["Normal"]
    typeface(normal, FACES["fang"].names[0])
    normal.font.size = Pt(LAYOUT.body_size)
    plain = normal.paragraph_format
    plain.space_before = plain.space_after = Pt(0)
    plain.line_spacing = PITCH
    plain.widow_control = False
    # The page states the grid; lines and characters keep to it by measures of their own, because LibreOffice gives a
    # character that is wider than its cell two of them.
    for name in ("overflowPunct", "autoSpaceDE", "autoSpaceDN", "adjustRightInd", "snapToGrid"):
        settle(normal.element.get_or_add_pPr(), element(f"w:{name}", val=0))
    properties = normal.element.get_or_add_rPr()
    properties.insert_element_before(
        element("w:snapToGrid", val=0), "w:vanish", "w:color", "w:spacing", "w:sz", "w:szCs"
    )
    properties.append(element("w:lang", val="zh-CN", eastAsia="zh-CN"))
    _spacing(normal, NARROWER)


def _style(document: Doc, look: Look) -> None:
    known = look.name in {style.name for style in document.styles}
    style: Any = document.styles[look.name] if known else document.styles.add_style(look.name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    style.next_paragraph_style = document.styles["公文正文"] if look.name.startswith("Heading") else style
    style.quick_style, style.hidden = True, False
    face = FACES[look.face]
    typeface(style, face.names[0])
    style.font.size, style.font.bold, style.font.italic = Pt(look.size), False, False
    style.font.color.rgb = RED if look.name == LOOKS["organ"].name else RGBColor(0, 0, 0)
    form = style.paragraph_format
    form.alignment = look.side
    form.space_before = form.space_after = Pt(0)
    form.line_spacing = look.pitch
    form.first_line_indent = chars(look.first)
    # Said again in each style: LibreOffice does not take it from the style it is based on.
    settle(style.element.get_or_add_pPr(), element("w:overflowPunct", val=0))
    for spare in ("w:pBdr", "w:contextualSpacing"):  # the shipped Title has a rule of its own
        for old in style.element.get_or_add_pPr().findall(qn(spare)):
            style.element.pPr.remove(old)
    for old in style.element.get_or_add_rPr().findall(qn("w:kern")):
        style.element.rPr.remove(old)
    _spacing(style, NARROWER if look.size == LAYOUT.body_size else 0)


def _spacing(style: Any, twips: int) -> None:
    """How much farther from each other its characters stand than their type is wide."""
    properties = style.element.get_or_add_rPr()
    for old in properties.findall(qn("w:spacing")):
        properties.remove(old)
    after = ("w", "kern", "position", "sz", "szCs", "highlight", "u", "effect", "bdr", "shd", "fitText", "vertAlign", "rtl", "cs", "em", "lang")  # fmt: skip
    properties.insert_element_before(element("w:spacing", val=twips), *(f"w:{name}" for name in after))


def _clean(document: Doc) -> None:
    """Take out what the shipped blank document says of itself, and say what stands in for a face that is missing."""
    package: Any = document.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            del package.rels[key]
    for key, relation in list(document.part.rels.items()):
        if relation.reltype.endswith(("/stylesWithEffects", "/customXml")):
            del document.part.rels[key]
    sheet: Any = document.styles.element
    for style in sheet.findall(qn("w:style")):
        if style.get(qn("w:type")) == "table" and style.get(qn("w:styleId")) not in _TABLES:
            sheet.remove(style)  # a hundred looks that nobody here wears, most of the file
    facts = document.core_properties
    facts.author = facts.title = facts.comments = facts.keywords = ""
    settings: Any = document.settings.element
    document.settings.odd_and_even_pages_header_footer = True
    for one in settings.iter(qn("w:compatSetting")):
        if one.get(qn("w:name")) == "compatibilityMode":
            one.set(qn("w:val"), "15")  # a document of today, which Word opens without a mode of its own
    for tongue in settings.findall(qn("w:themeFontLang")):
        tongue.set(qn("w:val"), "zh-CN")
        tongue.set(qn("w:eastAsia"), "zh-CN")
    fonts = next(part for part in package.iter_parts() if part.partname == "/word/fontTable.xml")
    fonts._blob = _font_table(fonts.blob)  # noqa: SLF001 -- python-docx keeps this part as it came


def _font_table(shipped: bytes) -> bytes:
    others = "".join(
        f'<w:font w:name="{face.names[0]}"><w:altName w:val="{",".join(face.names[1:])}"/><w:charset w:val="86"/>'
        f'<w:family w:val="{"swiss" if key == "hei" else "roman"}"/></w:font>'
        for key, face in FACES.items()
    )
    return shipped.replace(b"</w:fonts>", f"{others}</w:fonts>".encode())
