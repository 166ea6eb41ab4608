"""Tidies what documents bring along: spaces within Chinese, half-width marks, repeated commas, characters nobody sees."""

import re
import unicodedata

_CJK = r"㐀-鿿豈-﫿　-〿！-～“”‘’…—"
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ue000-\uf8ff]"
)
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_SPACE_WITHIN = re.compile(rf"(?<=[{_CJK}]) (?=[{_CJK}])")
_WIDE = {code: code - 0xFEE0 for first, last in ("０９", "Ａｚ") for code in range(ord(first), ord(last) + 1)}
_WIDE = {code: narrow for code, narrow in _WIDE.items() if chr(narrow).isalnum()}
_MARKS = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
_HALF = re.compile(rf"(?<=[{_CJK}])[,;:?!]")
_BRACKETS = re.compile(rf"\(([^()]*[{_CJK}][^()]*)\)")
_REPEATED = re.compile(r"([,;:，。、；：])\1+")
_WEAK_BEFORE = re.compile(r"[，、]+(?=[。；：！？，、])")
_PAGE_NUMBER = re.compile(r"[—–\-－ ]*\d{1,4}[—–\-－ ]*|第 ?\d{1,4} ?页(?:[，, ]*共 ?\d{1,4} ?页)?")


def tidy(text: str) -> str:
    """One line or several; line ends are kept, each line is tidied by itself."""
    return "\n".join(filter(None, (_line(one) for one in re.split(r"\r\n?|[\n\u2028\u2029]", text))))


def _line(text: str) -> str:
    text = unicodedata.normalize("NFC", _UNSEEN.sub("", text)).translate(_WIDE)
    text = _SPACE_WITHIN.sub("", _SPACES.sub(" ", text).strip())
    text = _HALF.sub(lambda found: _MARKS[found[0]], _REPEATED.sub(r"\1", text))
    text = _BRACKETS.sub(r"（\1）", text)
    return _WEAK_BEFORE.sub("", _REPEATED.sub(r"\1", text))


def is_page_number(text: str) -> bool:
    """A line that holds nothing but a page's number, as footers leave it in the text: `— 3 —`."""
    return bool(re.search(r"[—–\-－页]", text)) and _PAGE_NUMBER.fullmatch(text) is not None
