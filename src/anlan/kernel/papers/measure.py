"""How wide text is and how it is counted: in characters of the body, before any face is known."""

import re
from unicodedata import east_asian_width

NUMERALS = "零一二三四五六七八九"
# What may not begin a line, and what may not end one (GB/T 15834 [K]).
_NO_START = "、。，．；：？！…—）》」』】〉〕］｝”’％%),.;:?!]}"
_NO_END = "（《「『【〈〔［｛“‘(["
# After which a word begins, as far as the letters alone show; the beginning of the text is one.
_BOUNDARY = re.compile(r"^|关于|公司|人民政府|委员会|办公室|[对的和与及、，：；《》（）“”〔〕0-9A-Za-z年月日省市县区]")
_TOGETHER = re.compile(r"[0-9A-Za-z.%‰]{2}")


def width(text: str) -> float:
    """Characters of full width; letters and figures count as half of one."""
    return sum(1.0 if east_asian_width(char) in "WFA" else 0.5 for char in text)


def chinese_number(number: int) -> str:
    """一 … 九十九 九百九十九; `number` from 1 to 999."""
    if not 1 <= number <= 999:
        raise ValueError(f"not counted in Chinese: {number}")
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    said = f"{NUMERALS[hundreds]}百" if hundreds else ""
    if tens:
        said += "十" if tens == 1 and not hundreds else f"{NUMERALS[tens]}十"
    elif hundreds and ones:
        said += "零"
    return said + (NUMERALS[ones] if ones else "")


def may_break(text: str, at: int) -> bool:
    """Whether a line may end before `text[at]`."""
    before, after = text[at - 1], text[at]
    return after not in _NO_START and before not in _NO_END and not _TOGETHER.fullmatch(before + after)


def divided(text: str, most: float) -> list[str]:
    """A text in lines of at most `most` characters, each as full as it may be."""
    lines: list[str] = []
    while width(text) > most:
        end = next(at for at in range(len(text), 0, -1) if width(text[:at]) <= most)
        end = next((at for at in range(end, 0, -1) if may_break(text, at)), end)
        lines.append(text[:end])
        text = text[end:]
    return [*lines, text]


def balanced(text: str, most: float) -> list[str]:
    """
    A title in as few lines of at most `most` characters as it needs, of lengths as equal as words allow.

    A line end in the text is kept: who knows the words divides them best.
    """
    return [line for part in text.split("\n") for line in _balanced(part.strip(), most)]


def _balanced(text: str, most: float) -> list[str]:
    count = max(1, -int(-width(text) // most))
    while True:
        lines = _divided(text, count, most)
        if lines or count > len(text):
            return lines or [text]
        count += 1


def _divided(text: str, count: int, most: float) -> list[str]:
    """Into exactly `count` lines, or nothing when none of the ways fits."""
    ideal = width(text) / count
    # Costs of the best way to set text[:end] in a number of lines, and where its last line begins.
    best: dict[int, tuple[float, int]] = {0: (0.0, 0)}
    steps: list[dict[int, tuple[float, int]]] = [best]
    for _line in range(count):
        reached: dict[int, tuple[float, int]] = {}
        for start, (cost, _before) in steps[-1].items():
            for end in range(start + 1, len(text) + 1):
                wide = width(text[start:end])
                if wide > most:
                    break
                if end < len(text) and not may_break(text, end):
                    continue
                total = cost + (wide - ideal) ** 2 + _strain(text, end)
                if end not in reached or total < reached[end][0]:
                    reached[end] = (total, start)
        steps.append(reached)
    if len(text) not in steps[-1]:
        return []
    lines, end = [], len(text)
    for reached in reversed(steps[1:]):
        start = reached[end][1]
        lines.append(text[start:end])
        end = start
    return lines[::-1]


def _strain(text: str, end: int) -> float:
    """
    How badly a line ends here: particles belong to what goes before them, 关于 begins what follows.

    Most words have two characters, so an odd number of them since the last boundary that shows is likely to tear one.
    """
    if end >= len(text):
        return 0.0
    if text.startswith(("的", "和", "与", "及", "等"), end):
        return 40.0
    if text.startswith("关于", end):
        return -30.0
    since = end - max(found.end() for found in _BOUNDARY.finditer(text, 0, end))
    return (12.0 if since % 2 else 0.0) - (6.0 if text[end - 1] in "的、》）" else 0.0)
