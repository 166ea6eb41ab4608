"""Headings as people change them: spaces, width, capitals, stars and line breaks do not count. Pure, used on both sides."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

_IDLE = re.compile(r"[\s*＊:：\u200b\ufeff]+")
_REMARK = re.compile(r"\((?:必填|选填|required|optional)\)$")


def fold_heading(text: object) -> str:
    """The same for ` 企业 名称＊`, `企业名称` and `企业名称（必填）`."""
    return _REMARK.sub("", _IDLE.sub("", unicodedata.normalize("NFKC", str(text)).casefold()))


def closest(text: str, known: Iterable[str]) -> str | None:
    """Did you mean?"""
    by_fold = {fold_heading(name): name for name in known}
    matches = get_close_matches(fold_heading(text), by_fold, n=1, cutoff=0.5)
    return by_fold[matches[0]] if matches else None


def find_heading_row(rows: Iterable[list[str]], known: Mapping[str, object]) -> int | None:
    """The row with most known headings, at least one; the first of equals."""
    best, most = None, 0
    for number, row in enumerate(rows):
        hits = sum(fold_heading(cell) in known for cell in row if cell)
        if hits > most:
            best, most = number, hits
    return best
