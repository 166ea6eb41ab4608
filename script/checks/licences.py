#!/usr/bin/env python3
"""Every package that is installed with Anlan carries a licence that goes with Apache-2.0 (`--all` prints each)."""

import json
import re
import sys
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FITS = re.compile(
    r"\b(MIT|BSD|Apache|ISC|PSF|Python Software Foundation|Python-2\.0|MPL|Mozilla|LGPL|Lesser General Public"
    r"|Zlib|HPND|Historical Permission|Unlicense|0BSD|CC0|CC-BY-4\.0|BlueOak|PostgreSQL|OFL|WTFPL)",
    re.IGNORECASE,
)
"""Permissive ones, and those whose copyleft ends at the package's own files or at dynamic linking."""
TOOLS = {"anlan", "djlint"}
"""Ourselves, and programs run over our sources in development that are neither imported nor shipped."""
STATED = {"pyxform": "BSD-2-Clause"}
"""What the package's own LICENSE file says where its metadata says nothing."""


def python() -> Iterator[tuple[str, str]]:
    for found in distributions():
        facts = found.metadata
        classed = [one.rpartition("::")[2] for one in facts.get_all("Classifier") or [] if one.startswith("License")]
        stated = facts.get("License-Expression") or " ".join(classed) or (facts.get("License") or "").splitlines()[:1]
        words = stated if isinstance(stated, str) else " ".join(stated)
        yield facts["Name"], words or STATED.get(facts["Name"], "")


def npm() -> Iterator[tuple[str, str]]:
    for file in ROOT.glob("*/node_modules/**/package.json"):
        facts = json.loads(file.read_text(encoding="utf-8"))
        if facts.get("name") and facts.get("version"):
            stated = facts.get("license") or facts.get("licenses") or ""
            yield facts["name"], stated if isinstance(stated, str) else json.dumps(stated)


def main() -> int:
    found = sorted({*python(), *npm()})
    if "--all" in sys.argv:
        sys.stdout.writelines(f"{name}: {licence}\n" for name, licence in found)
    wrong = [(name, licence) for name, licence in found if name not in TOOLS and not FITS.search(licence)]
    sys.stderr.writelines(f"{name}: {licence or 'no licence stated'}\n" for name, licence in wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
