"""Hazard categories as data: code → words."""

import tomllib
from functools import lru_cache
from pathlib import Path

from anlan.kernel.phrases import chinese

DATA = Path(__file__).parent / "data" / "categories.toml"


@lru_cache(maxsize=1)
def categories() -> dict[str, dict[str, str]]:
    """{code: {"zh": …, "en": …}} in the file's order."""
    rows = tomllib.loads(DATA.read_text(encoding="utf-8"))["category"]
    return {row["code"]: {"zh": row["zh"], "en": row["en"]} for row in rows}


def category_name(code: str) -> str:
    words = categories().get(code)
    if words is None:
        return code
    return words["zh" if chinese() else "en"]
