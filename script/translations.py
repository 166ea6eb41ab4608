#!/usr/bin/env python3
"""Compile the translation catalogues that are newer than their compiled form; needs no gettext tools."""

from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    for source in sorted((ROOT / "src").glob("**/locale/*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime <= source.stat().st_mtime:
            fresh = compiled.with_suffix(".mo.new")  # a server may be reading the old one
            polib.pofile(str(source)).save_as_mofile(str(fresh))
            fresh.replace(compiled)


if __name__ == "__main__":
    main()
