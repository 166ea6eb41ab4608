"""Ordinals: `1` an action, `1.1` a task, `1.1.1` a work, `1.1.1.1` an item; and as official documents count: 一、（一）1.（1）."""

import re
import unicodedata

LEVELS = ("action", "task", "work", "item")
MOST = 4
FORM = re.compile(r"[1-9]\d{0,2}(\.[1-9]\d{0,2}){0,3}")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．。、", "0123456789...")
_FIGURES_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")
_FIGURES = {figure: number for number, figure in enumerate("一二三四五六七八九", start=1)}
_CHINESE = "[一二三四五六七八九十百]{1,5}"
_OFFICIAL = (
    re.compile(rf"(?P<cn>{_CHINESE})[、.．]?"),
    re.compile(rf"[（(](?P<cn>{_CHINESE})[)）]"),
    re.compile(r"(?P<n>[1-9]\d{0,2})[、.．]?"),
    re.compile(r"[（(](?P<n>[1-9]\d{0,2})[)）]|(?P<b>[1-9]\d{0,2})[)）]|(?P<ring>[①-⑳])"),
)
"""One form for each level, as GB/T 9704 orders them; a number in a ring stands for one in brackets."""
_LEADING = re.compile(
    rf"(?P<mark>{_CHINESE}、|[（(]{_CHINESE}[)）]|[1-9]\d{{0,2}}(?:\.[1-9]\d{{0,2}})+)[、.．]?\s*(?P<rest>\S.*)",
    re.DOTALL,
)


def tidy_code(text: str) -> str:
    """As people type it: full-width figures, a dot too many at the end."""
    return re.sub(r"\s", "", text).translate(_FULL_WIDTH).strip(".")


def is_code(text: str) -> bool:
    return bool(FORM.fullmatch(text))


def level_of(code: str) -> str:
    return LEVELS[code.count(".")]


def parent_of(code: str) -> str:
    """`1.2.3` → `1.2`; of an action nothing."""
    return code.rpartition(".")[0]


def order_of(code: str, sub_plan: str = "") -> str:
    """Text that sorts as the numbers do: `1.10` comes after `1.9`."""
    return ".".join(part.zfill(3) for part in code.split(".")) + (f"~{sub_plan}" if sub_plan else "")


def chinese_number(text: str) -> int:
    """`二十三` → 23; `一百零` is none, and nought."""
    hundreds, _hundred, rest = text.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    found = _FIGURES.get(hundreds, 0) * 100 + (_FIGURES.get(tens, 1 if not tens else 0) * 10 if ten else 0)
    return found + (_FIGURES.get(ones, 0) if ones else 0)


def is_chinese(text: str) -> bool:
    """`一、` or `（一）`: the document counts as official ones do."""
    return any(form.fullmatch(_bare(text)) for form in _OFFICIAL[:2])


def leading(text: str) -> tuple[str, str]:
    """The ordinal a heading begins with and what follows it; without one nothing and the whole."""
    found = _LEADING.fullmatch(text.strip())
    return (found["mark"], found["rest"].strip()) if found else ("", text)


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text).translate(_FIGURES_WIDE)


class Official:
    """Makes whole ordinals of those that say only their own place: `一、` then `（二）` then `3.` is `1.2.3`."""

    def __init__(self) -> None:
        self.path: list[int] = []

    def code(self, text: str) -> str:
        """What cannot be placed is left as it is, to be told at its cell."""
        plain = _bare(text)
        if "." in (tidy := tidy_code(plain)) and is_code(tidy):
            self.path = [int(part) for part in tidy.split(".")]
            return tidy
        for level, form in enumerate(_OFFICIAL):
            if (found := form.fullmatch(plain)) and level <= len(self.path):
                number = _number(found)
                if number:
                    self.path = [*self.path[:level], number]
                    return ".".join(map(str, self.path))
        return text


def _number(found: re.Match[str]) -> int:
    parts = found.groupdict()
    if parts.get("cn"):
        return chinese_number(parts["cn"])
    if parts.get("ring"):
        return int(unicodedata.numeric(parts["ring"]))
    return int(parts.get("n") or parts.get("b") or 0)
