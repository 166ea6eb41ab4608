"""Words as the ranker compares them: width, traditional signs and synonyms folded, cut into single signs and pairs."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from anlan.kernel.text import fold, words
from anlan.standards.suggest.library import table

_RUN = re.compile("[0-9a-z]+")


@cache
def _words() -> tuple[dict[int, str], dict[str, str], "re.Pattern[str]"]:
    data: dict[str, Any] = table("words.toml")
    signs = {ord(pair[0]): pair[1] for pair in data["simplified"].split()}
    same = {variant: row[0] for row in data["same"] for variant in row[1:]}
    longest_first = sorted(same, key=len, reverse=True)
    return signs, same, re.compile("|".join(map(re.escape, longest_first)))


def plain(text: str) -> str:
    """Half width, small letters, simplified signs: what people compare with their eyes."""
    return fold(text).translate(_words()[0])


def settled(text: str) -> str:
    """One word for what means the same. Replaced where it stands, so that a fault and its clause meet."""
    _signs, same, pattern = _words()
    return pattern.sub(lambda found: same[found[0]], plain(text))


@dataclass(frozen=True)
class Terms:
    pairs: frozenset[str]
    singles: frozenset[str]


@lru_cache(maxsize=4096)
def terms(text: str) -> Terms:
    """The text both as it is typed and with its synonyms settled: what either shares counts."""
    pairs: set[str] = set()
    singles: set[str] = set()
    for form in {plain(text), settled(text)}:
        for word in words(form):
            pairs.update(word[i : i + 2] for i in range(len(word) - 1))
            singles.update(word)
            singles.update(_RUN.findall(word))
    return Terms(frozenset(pairs), frozenset(singles))
