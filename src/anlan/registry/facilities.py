"""Kinds of equipment, processes and places an enterprise may have: what decides which items of a checklist apply."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from anlan.kernel.phrases import chinese

_BETWEEN = re.compile(r"[,，、;；\n]+")


@cache
def _catalogue() -> dict[str, dict[str, str]]:
    text = (files("anlan.registry") / "data" / "facilities.toml").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = tomllib.loads(text)["facility"]
    return found


def facilities() -> dict[str, str]:
    """Code → name in the reader's language, in the order of the catalogue."""
    language = "zh" if chinese() else "en"
    return {code: facts[language] for code, facts in _catalogue().items()}


def facility_words() -> dict[str, str]:
    """Every word a workbook may name a facility by → its code."""
    return {word.casefold(): code for code, facts in _catalogue().items() for word in (code, facts["zh"], facts["en"])}


def split_words(text: str) -> list[str]:
    """Several words in one cell, separated as people separate them."""
    return [word for word in (one.strip() for one in _BETWEEN.split(text)) if word]


def facility_names(codes: Iterable[str]) -> list[str]:
    """Their names in the reader's language; one that the catalogue no longer has keeps its code."""
    names = facilities()
    return [names.get(code, code) for code in codes]
