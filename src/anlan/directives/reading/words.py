"""The reader's knowledge, all of it data: `directives/data/*.toml`, read once a process."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    return tomllib.loads(files("anlan.directives").joinpath("data", f"{name}.toml").read_text(encoding="utf-8"))


def either(words: list[str]) -> str:
    """One of these words, the longest that fits, as a regular expression."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=lambda one: (-len(one), one))) + ")"
