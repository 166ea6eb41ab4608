"""The criteria as they are shipped, read without a database."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def shipped() -> tuple[dict[str, Any], ...]:
    """Every list of the catalogue, joined with its own file where its clauses are here."""
    folder = files("anlan.standards") / "data"
    found = []
    for entry in tomllib.loads((folder / "catalogue.toml").read_text(encoding="utf-8"))["document"]:
        whole: dict[str, Any] = {"document": {}, "article": {}, "item": []}
        if entry["clauses_loaded"]:
            whole |= tomllib.loads((folder / entry["file"]).read_text(encoding="utf-8"))
        found.append(entry | whole["document"] | {"articles": whole["article"], "items": whole["item"]})
    return tuple(found)
