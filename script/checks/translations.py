#!/usr/bin/env python3
"""
Every text of the pages is in every translation catalogue, and translated.

Gathers the texts itself, from Python's syntax tree and through Django's own reading of templates, so it needs no gettext
tools and no database.
"""

import ast
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

os.environ["ANLAN_MODE"] = "test"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.site.settings")

import polib
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "src" / "anlan"
# name of the function → places of (context, text)
PLURALS: dict[str, str] = {}
"""By singular: gettext finds a counted text only under both its forms."""
SHAPES: dict[str, tuple[int | None, int]] = {
    name + lazy: shape
    for name, shape in {"gettext": (None, 0), "ngettext": (None, 0), "pgettext": (0, 1), "npgettext": (0, 1)}.items()
    for lazy in ("", "_lazy", "_noop")
} | {"_": (None, 0)}
CALL = re.compile(
    r"\b(_|gettext|ngettext|pgettext|npgettext)\(\s*((?:u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")\s*,?\s*)+)"
)
Text = tuple[str | None, str]


def in_python(path: Path) -> Iterator[Text]:
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in SHAPES:
            yield from _constants(name, node.args)


def in_template(path: Path) -> Iterator[Text]:
    for name, arguments in CALL.findall(templatize(path.read_text(), origin=str(path))):
        call = ast.parse(f"f({arguments.strip().rstrip(',')})", mode="eval").body
        if isinstance(call, ast.Call):
            yield from _constants(name, call.args)


def _constants(name: str, arguments: list[ast.expr]) -> Iterator[Text]:
    values = [
        node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None for node in arguments
    ]
    context, text = SHAPES[name]
    if len(values) > text and (words := values[text]):
        if "ngettext" in name or "npgettext" in name:
            PLURALS[words] = values[text + 1] or ""
        yield (values[context] if context is not None else None, words)


def gathered() -> dict[Text, Path]:
    found: dict[Text, Path] = {}
    for path in sorted(SOURCES.rglob("*.py")):
        found |= dict.fromkeys(in_python(path), path)
    for path in sorted(SOURCES.rglob("*.html")) + sorted(SOURCES.rglob("*.txt")):
        found |= dict.fromkeys(in_template(path), path)
    return found


def complaints(catalogue: Path, texts: dict[Text, Path]) -> list[str]:
    entries = polib.pofile(str(catalogue))
    known = {(entry.msgctxt, entry.msgid): entry for entry in entries if not entry.obsolete}
    wrong = [
        f"missing: {text!r} ({path.relative_to(ROOT)})"
        for (context, text), path in texts.items()
        if (context, text) not in known
    ]
    wrong += [
        f"without its plural: {text!r}"
        for (context, text) in texts
        if (context, text) in known and known[context, text].msgid_plural != PLURALS.get(text, "")
    ]
    wrong += [
        f"{'fuzzy' if entry.fuzzy else 'untranslated'}: {entry.msgid!r}"
        for entry in known.values()
        if not entry.translated()
    ]
    return sorted(wrong)


def main() -> None:
    texts, failed = gathered(), False
    for catalogue in sorted((ROOT / "src").glob("**/locale/*/LC_MESSAGES/django.po")):
        wrong = complaints(catalogue, texts)
        failed |= bool(wrong)
        for line in wrong:
            sys.stdout.write(f"{catalogue.parents[1].name}: {line}\n")
    if failed:
        sys.exit("Translations are not complete.")


if __name__ == "__main__":
    main()
