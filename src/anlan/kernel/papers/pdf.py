"""A composed paper as PDF: the same pieces as Word's, as HTML of our own that the page setter takes."""

from base64 import b64encode
from functools import cache
from pathlib import Path
from string import Template

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from anlan.kernel.papers.compose import Closing, Composed, Ends, Gap, Hanging, Line, Piece, Span, compose
from anlan.kernel.papers.layout import FACES, LAYOUT, MM_PER_POINT, Face
from anlan.kernel.papers.paper import Paper, Seal, Table
from anlan.kernel.papers.printing import printed

MIME = "application/pdf"
STYLE = Path(__file__).with_name("data") / "paper.css"
RED = "#e60000"


def write(paper: Paper) -> bytes:
    """The paper as PDF. Raises Invalid for one that cannot be written, NoPdf where pages cannot be set."""
    return printed(_html(compose(paper), paper), _style())


@cache
def _style() -> str:
    number_top = LAYOUT.page_number_below - LAYOUT.page_number_size / 2 * MM_PER_POINT
    values = {
        **{name: f"{getattr(LAYOUT, name):g}" for name in LAYOUT.__dataclass_fields__},
        **{name: _family(face) for name, face in FACES.items()},
        "weight": "700" if FACES["song"].bold else "400",
        "red": RED,
        # A hair less than the grid, else rounding costs a page its last line and a line its last character.
        "pitch": f"{LAYOUT.pitch - 0.001:.3f}",
        "narrower": f"{LAYOUT.advance - LAYOUT.body_size - 0.004:.3f}",
        "paragraph_indent": f"{LAYOUT.paragraph_indent_chars * LAYOUT.advance:.3f}",
        "record_indent": f"{LAYOUT.record_indent_chars * LAYOUT.record_size:g}",
        "letter_beyond": f"{(LAYOUT.text_width - LAYOUT.letter_rule_length) / 2:g}",
        "letter_foot": f"{LAYOUT.bottom - LAYOUT.letter_rule_from_bottom:g}",
        "letter_number_below": f"{LAYOUT.letter_number_below_chars * LAYOUT.body_size:g}",
        "page_number": f"vertical-align: top; padding: {number_top:.2f}mm {LAYOUT.page_number_size:g}pt 0;"
        f" font: {LAYOUT.page_number_size:g}pt/1 {_family(FACES['figures'])}; letter-spacing: 0;",
    }
    return Template(STYLE.read_text(encoding="utf-8")).substitute(values)


def _family(face: Face) -> str:
    return ", ".join(f'"{name}"' for name in face.names) + ", serif"


def _html(composed: Composed, paper: Paper) -> str:
    pieces = [*composed.text, *(piece for annex in composed.annexes for piece in annex)]
    head = _letter_head(composed) if composed.form == "letter" else _document_head(composed)
    return format_html(
        '<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8"><title>{}</title>'
        '<meta name="author" content="{}"><meta name="description" content="{}"></head>'
        '<body class="{}">{}{}{}</body></html>',
        paper.title.replace("\n", ""),
        paper.organ,
        paper.number,
        composed.form,
        head,
        format_html_join("", "{}", ((_piece(piece),) for piece in pieces)),
        _record(composed),
    )


def _gap(lines: int, *, keep: bool = False) -> SafeString:
    one = '<div class="gap keep"></div>' if keep else '<div class="gap"></div>'
    return mark_safe(one * lines)  # noqa: S308 -- nothing of it comes from outside


def _organ(composed: Composed) -> SafeString:
    return format_html('<p class="organ" style="font-size:{}pt">{}</p>', composed.organ_size, composed.organ)


def _document_head(composed: Composed) -> SafeString:
    number = composed.number
    return format_html(
        '<div class="corner">{}</div>{}{}{}<div class="rule"></div>{}',
        format_html_join("", "<p>{}</p>", ((word,) for word in composed.corner)),
        _organ(composed),
        _gap(LAYOUT.number_below_lines),
        format_html('<p class="number">{}</p>', number) if isinstance(number, str) else _ends(number),
        _gap(LAYOUT.title_below_lines),
    )


def _letter_head(composed: Composed) -> SafeString:
    number = composed.number if isinstance(composed.number, str) else composed.number.start[0].text
    return format_html(
        '{}<div class="double upper"></div><div class="double lower"></div>'
        '<div class="marks"><p class="end">{}</p>{}</div>{}',
        _organ(composed),
        number,
        format_html_join("", "<p>{}</p>", ((word,) for word in composed.corner or ("\N{NO-BREAK SPACE}",))),
        _gap(LAYOUT.letter_title_below_lines),
    )


def _spans(spans: tuple[Span, ...]) -> SafeString:
    return format_html_join(
        "", "{}", ((format_html('<span class="{}">{}</span>', one.face, one.text) if one.face else one.text,) for one in spans)
    )  # fmt: skip


def _piece(piece: Piece) -> SafeString:
    match piece:
        case Line():
            names = [piece.role, piece.side, "keep" if piece.keep else "", "opens" if piece.opens_page else ""]
            return format_html('<p class="{}">{}</p>', " ".join(filter(None, names)), _spans(piece.spans))
        case Hanging():
            return _hanging(piece)
        case Gap():
            return _gap(piece.lines, keep=piece.keep)
        case Table():
            return _table(piece)
        case Closing():
            return _closing(piece)


def _hanging(piece: Hanging, *, size: float = LAYOUT.advance) -> SafeString:
    return format_html(
        '<p class="{}{}" style="padding-left:{}pt;padding-right:{}pt;text-indent:-{}pt"><b style="width:{}pt">{}</b>{}</p>',
        piece.role,
        " keep" if piece.keep else "",
        f"{(piece.left + piece.label_width) * size:.2f}",
        f"{piece.right * size:.2f}",
        f"{piece.label_width * size:.2f}",
        f"{piece.label_width * size:.2f}",
        piece.label,
        piece.text,
    )


def _ends(piece: Ends, *, size: float = LAYOUT.advance) -> SafeString:
    indent = f"{piece.indent * size:.2f}"
    return format_html(
        '<p class="ends {}" style="padding-left:{}pt;padding-right:{}pt"><span class="end" style="right:{}pt">{}</span>{}</p>',
        piece.role, indent, indent, indent, _spans(piece.end), _spans(piece.start),
    )  # fmt: skip


def _table(piece: Table) -> SafeString:
    shares = piece.widths or (1.0,) * len(piece.rows[0])
    columns = ((f"{share / sum(shares) * 100:.3f}",) for share in shares)
    rows = list(piece.rows)
    top = _row(rows.pop(0), "th") if piece.headed else ""
    return format_html(
        "<table><colgroup>{}</colgroup><thead>{}</thead><tbody>{}</tbody></table>",
        format_html_join("", '<col style="width:{}%">', columns),
        top,
        format_html_join("", "{}", ((_row(row, "td"),) for row in rows)),
    )


def _row(texts: tuple[str, ...], tag: str) -> SafeString:
    return format_html("<tr>{}</tr>", format_html_join("", "<{0}>{1}</{0}>", ((tag, text) for text in texts)))


def _closing(piece: Closing) -> SafeString:
    if piece.seal is None:
        places = (("name", piece.name_left, piece.name), ("day", piece.date_left, piece.date))
        lines = ((name, f"{left * LAYOUT.advance:.2f}", text) for name, left, text in places)
        return format_html(
            '<div class="closing">{}</div>',
            format_html_join("", '<p class="{}" style="padding-left:{}pt">{}</p>', lines),
        )
    middle = piece.centre * LAYOUT.advance * MM_PER_POINT
    return format_html(
        '<div class="closing">{}<p class="centre" style="margin-left:{}mm">{}<br>{}</p></div>',
        _seal(piece.seal, right=middle - piece.seal.width / 2, down=-piece.seal_above),
        f"{LAYOUT.text_width - 2 * middle:.2f}",
        piece.name,
        piece.date,
    )


def _seal(seal: Seal, *, right: float, down: float) -> SafeString:
    kind = "png" if seal.image.startswith(b"\x89PNG") else "jpeg"
    return format_html(
        '<img alt="" src="data:image/{};base64,{}" style="width:{}mm;right:{}mm;top:{}mm">',
        kind, b64encode(seal.image).decode(), f"{seal.width:g}", f"{right:.2f}", f"{down:.2f}",
    )  # fmt: skip


def _record(composed: Composed) -> SafeString:
    if not composed.record:
        return SafeString()
    pieces = (
        (_hanging(one, size=LAYOUT.record_size) if isinstance(one, Hanging) else _ends(one, size=LAYOUT.record_size),)
        for one in composed.record
    )
    return format_html('<div class="foot">{}</div>', format_html_join("", "{}", pieces))
