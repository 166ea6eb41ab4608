"""Who is named: units one by one, collectives ("各区、各部门"), posts."""

import re
from functools import cache

from anlan.directives.reading.words import either, table

_NAME = r"[\u4e00-\u9fffA-Z（）、]"


@cache
def _ends() -> str:
    return either(table("organs")["ends"])


@cache
def _one() -> re.Pattern[str]:
    """One organ's name: at most a score of characters before its ending, brackets whole."""
    return re.compile(rf"(?:[\u4e00-\u9fffA-Z“”]|（[\u4e00-\u9fff、]{{1,8}}）){{0,22}}?(?:{_ends()})(?:之间)?$")


def ends_like_organ(words: str) -> bool:
    return bool(re.search(rf"{_ends()}$", words))


def is_organ(words: str) -> bool:
    """Whether these words, and nothing else, name somebody."""
    return (
        bool(_one().match(words))
        and not _within().search(words)
        and not re.search(table("organs")["never"]["match"], words)
    )


@cache
def _within() -> re.Pattern[str]:
    return re.compile(table("organs")["within"]["match"])


def parts(words: str) -> list[str]:
    """The units of an enumeration; what stands in brackets is not taken apart."""
    found = re.split(r"[、，；]|以及|(?<=[局委办部会府室队])和|(?<=[局委办部会府室队])及", _hidden(words))
    return [one.replace("\0", "、") for one in found if one]


def _hidden(words: str) -> str:
    return re.sub(r"（[^（）]*）", lambda found: found[0].replace("、", "\0"), words)


def addressees_in(line: str) -> list[str]:
    """The addressees of a line that ends in a colon; [] when it addresses nobody."""
    named = parts(re.sub(r"^【[^】]*】", "", line).rstrip("：:"))
    known = [one for one in named if ends_like_organ(one) or one in table("organs")["fields"]]
    return named if named and len(known) * 2 > len(named) else []


def is_doer(words: str) -> bool:
    """Whether an enumeration names doers throughout."""
    named = parts(words)
    return bool(named) and all(len(one) <= 30 and is_organ(one) for one in named)
