#!/usr/bin/env python3
"""Has the API changed without its committed document? `--write` brings `docs/generated/openapi.json` up to date."""

import difflib
import json
import os
import sys
from pathlib import Path

KEPT = Path(__file__).resolve().parents[2] / "docs" / "generated" / "openapi.json"
SHOWN = 60

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.site.settings")
os.environ["ANLAN_MODE"] = "test"

import django  # noqa: E402 -- settings first

django.setup()

from anlan.site.api import api  # noqa: E402

now = json.dumps(api.get_openapi_schema(), ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"
if "--write" in sys.argv:
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    KEPT.write_text(now, encoding="utf-8")
    raise SystemExit
kept = KEPT.read_text(encoding="utf-8") if KEPT.exists() else ""
if now != kept:
    lines = difflib.unified_diff(kept.splitlines(), now.splitlines(), "committed", "now", n=1, lineterm="")
    for line in list(lines)[:SHOWN]:
        print(line)  # noqa: T201
    raise SystemExit("The API changed: look at it, then run script/checks/openapi.py --write and commit the document.")
