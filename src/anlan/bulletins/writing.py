"""
The text of a bulletin: sections of blocks, whose texts name figures as `{code}`. A section is edited as lines: `## ` begins a
heading, `[[table]]` stands for a table, anything else is a paragraph.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.bulletins.figures import declared, showing
from anlan.kernel.errors import Invalid
from anlan.kernel.text import clean_text

NAMED = re.compile(r"\{([a-z][a-z0-9_]{0,39})(!?)\}")
HEADING, TABLE = "## ", re.compile(r"\[\[([a-z][a-z0-9_]{0,39})\]\]")
LONGEST_HEADING = 60
Section = dict[str, Any]


def begun(figures: Mapping[str, Any], tables: Mapping[str, Any], facts: Mapping[str, str]) -> list[Section]:
    """The sections of a new draft: of the shipped text what can be said with these figures."""
    return [one for section in declared.text().section if (one := _section(section, figures, tables, facts))["blocks"]]


def title(facts: Mapping[str, str]) -> str:
    return _filled(declared.text().title, facts)


def addressees() -> str:
    return declared.text().addressees


def _section(
    section: declared.Section, figures: Mapping[str, Any], tables: Mapping[str, Any], facts: Mapping[str, str]
) -> Section:
    blocks: list[dict[str, str]] = []
    for block in section.block:
        if block.table:
            blocks += [{"kind": "table", "table": block.table}] if block.table in tables else []
            continue
        if block.needs_table and not tables:
            continue
        said = "".join(_filled(one, facts) for one in block.text if _sayable(one, figures, facts))
        if said:
            blocks += [{"kind": "heading", "text": block.heading}] if block.heading else []
            blocks.append({"kind": "paragraph", "text": NAMED.sub(r"{\1}", said)})
    return {"code": section.code, "title": section.title, "attached": section.attached, "blocks": blocks}


def _sayable(sentence: str, figures: Mapping[str, Any], facts: Mapping[str, str]) -> bool:
    """Nothing is said of what is not known, of nobody, or of a nought that needs no word."""
    for code, needed in NAMED.findall(sentence):
        if code in facts:
            continue
        value = figures.get(code, {}).get("value")
        names = code in figures and "names" in figures[code]
        if value is None or (not value and (needed or names)):
            return False
    return True


def _filled(text: str, facts: Mapping[str, str]) -> str:
    return NAMED.sub(lambda found: facts.get(found[1], found[0]), text)


def lines_of(section: Section) -> str:
    """A section as it is edited."""
    return "\n".join(_line(block) for block in section["blocks"])


def _line(block: Mapping[str, str]) -> str:
    if block["kind"] == "table":
        return f"[[{block['table']}]]"
    return f"{HEADING}{block['text']}" if block["kind"] == "heading" else block["text"]


def blocks_of(text: str, *, figures: Mapping[str, Any], tables: Mapping[str, Any]) -> list[dict[str, str]]:
    """
    Back from lines. Raises Invalid for a figure or a table that the bulletin does not have, for braces that name nothing, and for
    a heading as long as a paragraph.
    """
    blocks: list[dict[str, str]] = []
    wrong: list[Any] = []
    for line in filter(None, map(str.strip, clean_text(text).split("\n"))):
        if table := TABLE.fullmatch(line):
            blocks.append({"kind": "table", "table": table[1]})
            if table[1] not in tables:
                wrong.append(_("There is no table “%(name)s”.") % {"name": table[1]})
            continue
        heading = line.startswith(HEADING)
        words = line.removeprefix(HEADING).strip()
        wrong += _wrong(words, figures)
        if heading and len(words) > LONGEST_HEADING:
            wrong.append(_("A heading has at most %(n)s characters.") % {"n": LONGEST_HEADING})
        if words:
            blocks.append({"kind": "heading" if heading else "paragraph", "text": words})
    if wrong:
        raise Invalid(fields={"text": wrong})
    return blocks


def _wrong(words: str, figures: Mapping[str, Any]) -> list[Any]:
    found: list[Any] = [
        _("There is no figure “%(name)s”.") % {"name": code}
        for code, _mark in NAMED.findall(words)
        if code not in figures
    ]
    rest = NAMED.sub("", words)
    if "{" in rest or "}" in rest:
        found.append(_("Braces name a figure, as in {inspected}; nothing else may stand in them."))
    return found


def named(content: Sequence[Section]) -> list[str]:
    """The figures that a text names, each once, in its order."""
    texts = (block["text"] for section in content for block in section["blocks"] if "text" in block)
    return list(dict.fromkeys(code for text in texts for code, _mark in NAMED.findall(text)))


def pieces(text: str, words: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The text cut at its figures: (words, code), the code empty between them."""
    at = 0
    for found in NAMED.finditer(text):
        if found.start() > at:
            yield text[at : found.start()], ""
        yield words.get(found[1], found[0]), found[1]
        at = found.end()
    if at < len(text):
        yield text[at:], ""


def said(text: str, words: Mapping[str, str]) -> str:
    """The text as it is printed."""
    return "".join(part for part, _code in pieces(text, words))


def printed(content: Sequence[Section], figures: Mapping[str, Any], typed: Mapping[str, Any]) -> list[Section]:
    """The whole text with its figures in place, for the digest and for whoever reads it as text."""
    words = showing.texts(figures, typed)
    return [
        section
        | {
            "blocks": [
                block | {"text": said(block["text"], words)} if "text" in block else block
                for block in section["blocks"]
            ]
        }
        for section in content
    ]
