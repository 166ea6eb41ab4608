"""Ordinals: `1` an action, `1.1` a task, `1.1.1` a work, `1.1.1.1` an item."""

import re

LEVELS = ("action", "task", "work", "item")
MOST = 4
FORM = re.compile(r"[1-9]\d{0,2}(\.[1-9]\d{0,2}){0,3}")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．。、", "0123456789...")


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
