"""What stands where on the pages of a PDF, in millimetres from the top left corner."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pypdf import PdfReader

MM = 25.4 / 72


@dataclass(frozen=True)
class Said:
    text: str
    left: float
    baseline: float
    size: float


@dataclass(frozen=True)
class Picture:
    left: float
    top: float
    width: float
    height: float


def _placed(cm: Any, x: float, y: float) -> tuple[float, float]:
    return x * cm[0] + y * cm[2] + cm[4], x * cm[1] + y * cm[3] + cm[5]


def pages(pdf: bytes) -> list[list[Said]]:
    """Per page its pieces of text, a line put together from its pieces."""
    found = []
    for page in PdfReader(BytesIO(pdf)).pages:
        height, pieces = float(page.mediabox.height), list[Said]()

        def hear(
            text: str, cm: Any, tm: Any, _font: Any, size: float, height: float = height, pieces: list[Said] = pieces
        ) -> None:
            if text.strip():
                x, y = _placed(cm, tm[4], tm[5])
                pieces.append(Said(text.strip(), x * MM, (height - y) * MM, abs(size * tm[0] * cm[0])))

        page.extract_text(visitor_text=hear)
        found.append(pieces)
    return found


def lines(pieces: list[Said]) -> dict[float, str]:
    """By baseline, rounded to a tenth: what is said there from left to right."""
    rows: dict[float, list[Said]] = {}
    for piece in sorted(pieces, key=lambda one: (round(one.baseline, 1), one.left)):
        near = next((row for row in rows if abs(row - piece.baseline) < 0.4), round(piece.baseline, 1))
        rows.setdefault(near, []).append(piece)
    return {row: "".join(piece.text for piece in said) for row, said in rows.items()}


def pictures(pdf: bytes, page: int) -> list[Picture]:
    one = PdfReader(BytesIO(pdf)).pages[page]
    height, found = float(one.mediabox.height), list[Picture]()

    def see(operator: bytes, _operands: Any, cm: Any, _tm: Any) -> None:
        if operator == b"Do":
            left, bottom = _placed(cm, 0, 0)
            right, top = _placed(cm, 1, 1)
            bottom, top = min(bottom, top), max(bottom, top)
            found.append(Picture(left * MM, (height - top) * MM, (right - left) * MM, (top - bottom) * MM))

    one.extract_text(visitor_operand_before=see)
    return found
