#!/usr/bin/env python3
"""
Keep the Chinese catalogue in step with the sources; needs no gettext tools.

    script/catalogue.py              add new texts, drop those no longer used
    script/catalogue.py --missing    print what is untranslated, as one JSON object {text: ""}
    script/catalogue.py --fill F     put in the translations of a JSON object {text: translation}; --again replaces what is there
"""

import importlib.util
import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PYTHON = ROOT / ".venv" / "bin" / "python"
if PYTHON.exists() and Path(sys.prefix) != ROOT / ".venv":
    import os

    os.execv(PYTHON, [str(PYTHON), *sys.argv])  # noqa: S606 -- ourselves, in the project's environment

import polib  # noqa: E402 -- only in the project's environment

CATALOGUE = ROOT / "src/anlan/site/locale/zh_Hans/LC_MESSAGES/django.po"
PLACES = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")


def _check() -> Any:
    spec = importlib.util.spec_from_file_location("translations", ROOT / "script/checks/translations.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def opened() -> polib.POFile:
    if CATALOGUE.exists():
        return polib.pofile(str(CATALOGUE), wrapwidth=120)
    made = polib.POFile(wrapwidth=120)
    made.metadata = {
        "Language": "zh_Hans",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    return made


def update(catalogue: polib.POFile) -> None:
    check = _check()
    texts = check.gathered()
    known = {(entry.msgctxt, entry.msgid): entry for entry in catalogue}
    for (context, text), path in texts.items():
        place = [(str(path.relative_to(ROOT)), "")]
        if (context, text) in known:
            known[context, text].occurrences = place
        else:
            entry = polib.POEntry(msgid=text, msgctxt=context, occurrences=place)
            if "%(" in text or "%s" in text:
                entry.flags.append("python-format")
            catalogue.append(entry)
    for key, entry in known.items():
        if key not in texts:
            catalogue.remove(entry)
    for entry in catalogue:
        entry.msgid_plural = check.PLURALS.get(entry.msgid, "")
        if entry.msgid_plural and not entry.msgstr_plural:
            entry.msgstr_plural, entry.msgstr = {0: entry.msgstr}, ""
        elif entry.msgstr_plural and not entry.msgid_plural:
            entry.msgstr, entry.msgstr_plural = entry.msgstr_plural[0], {}
    catalogue.sort(key=lambda entry: (entry.occurrences[0][0] if entry.occurrences else "", entry.msgid))


def fill(catalogue: polib.POFile, given: dict[str, str], *, again: bool) -> list[str]:
    """Words of one room never change those of another unasked: the same English may stand in both."""
    wrong = []
    for entry in catalogue:
        translation = given.get(entry.msgid)
        if not translation:
            continue
        if entry.translated() and not again:
            if translation not in (entry.msgstr, *entry.msgstr_plural.values()):
                wrong.append(f"has another translation, kept (--again replaces it): {entry.msgid!r} → {translation!r}")
            continue
        if sorted(PLACES.findall(entry.msgid)) != sorted(PLACES.findall(translation)):
            wrong.append(f"places differ: {entry.msgid!r} → {translation!r}")
            continue
        if entry.msgid_plural:
            entry.msgstr_plural = {0: translation}
        else:
            entry.msgstr = translation
    return wrong


def main() -> None:
    catalogue = opened()
    update(catalogue)
    if "--fill" in sys.argv:
        given = json.loads(Path(sys.argv[sys.argv.index("--fill") + 1]).read_text())
        for line in fill(catalogue, given, again="--again" in sys.argv):
            sys.stderr.write(line + "\n")
    missing = {entry.msgid: "" for entry in catalogue if not entry.translated()}
    catalogue.save(str(CATALOGUE))
    if "--missing" in sys.argv:
        sys.stdout.write(json.dumps(missing, ensure_ascii=False, indent=0) + "\n")
    else:
        sys.stderr.write(f"{len(catalogue)} texts, {len(missing)} untranslated\n")


if __name__ == "__main__":
    main()
