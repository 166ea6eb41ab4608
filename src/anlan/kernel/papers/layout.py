"""The rules of the page as data (`data/gbt9704.toml`): every figure with its clause and how well it is known."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).with_name("data") / "gbt9704.toml"
MM_PER_POINT = 25.4 / 72


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Millimetres; `…_size` and `…_pitch` in points, `…_lines` in lines of the body, `…_chars` in its characters."""

    page_width: float
    page_height: float
    top: float
    left: float
    right: float
    bottom: float
    lines: int
    chars: int
    body_size: float
    title_size: float
    record_size: float
    page_number_size: float
    table_size: float
    table_pitch: float
    organ_below_top: float
    organ_size_most: float
    organ_size_least: float
    number_below_lines: int
    number_indent_chars: float
    rule_below: float
    rule_weight: float
    title_below_lines: int
    addressees_below_lines: int
    paragraph_indent_chars: float
    list_below_lines: int
    list_indent_chars: float
    sealed_date_right_chars: float
    seal_drop: float
    seal_width: float
    plain_below_lines: int
    plain_right_chars: float
    plain_date_shift_chars: float
    note_indent_chars: float
    annex_title_line: int
    record_indent_chars: float
    record_outer_rule: float
    record_inner_rule: float
    page_number_below: float
    page_number_indent_chars: float
    letter_organ_from_edge: float
    letter_organ_size_most: float
    letter_rule_below: float
    letter_rule_from_bottom: float
    letter_rule_length: float
    letter_thick_rule: float
    letter_thin_rule: float
    letter_number_below_chars: float
    letter_title_below_lines: int

    @property
    def text_width(self) -> float:
        return self.page_width - self.left - self.right

    @property
    def text_height(self) -> float:
        return self.page_height - self.top - self.bottom

    @property
    def pitch(self) -> float:
        """Points from line to line: the lines fill the height of the text."""
        return self.text_height / MM_PER_POINT / self.lines

    @property
    def advance(self) -> float:
        """Points from character to character: a little less than the type is wide, so that the characters fill a line."""
        return self.text_width / MM_PER_POINT / self.chars

    def chars_of(self, size: float) -> int:
        """How many characters of a size, in points, a line holds."""
        return int(self.text_width / MM_PER_POINT / size + 1e-6)


@dataclass(frozen=True, kw_only=True)
class Face:
    names: tuple[str, ...]
    """The first is asked for; the others may stand in for it."""
    bold: bool
    """Whether a stand-in needs to be set bold to look like it."""


@dataclass(frozen=True, kw_only=True)
class Level:
    """How headings of one level are counted and set."""

    label: str
    face: str


@dataclass(frozen=True, kw_only=True)
class Evidence:
    clause: str
    mark: str


@cache
def _shipped() -> dict[str, Any]:
    return tomllib.loads(SHIPPED.read_text(encoding="utf-8"))


LAYOUT = Layout(**{name: rule["is"] for name, rule in _shipped()["rules"].items()})
FACES = {
    name: Face(names=tuple(face["names"]), bold=face.get("bold", False)) for name, face in _shipped()["faces"].items()
}
LEVELS = tuple(Level(label=level["label"], face=level["face"]) for level in _shipped()["headings"])
WORDS: dict[str, str] = {name: word for name, word in _shipped()["words"].items() if isinstance(word, str)}
URGENCY: tuple[str, ...] = tuple(_shipped()["words"]["urgency"])
EVIDENCE = {
    name: Evidence(clause=rule["clause"], mark=rule["mark"])
    for table in ("rules", "faces")
    for name, rule in _shipped()[table].items()
}
