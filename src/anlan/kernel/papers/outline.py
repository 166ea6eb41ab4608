"""Plain paragraphs as headings of the four levels and text: pure, from the words and what the file says of their style."""

import re
from collections.abc import Iterable, Iterator

from anlan.kernel.papers.layout import LEVELS
from anlan.kernel.papers.paper import Block, Heading, Paragraph, Side

LONGEST, LONGEST_LEAD = 40, 30
"""Characters of a heading on a line of its own, and of one the text goes on after."""
_CHINESE = "[一二三四五六七八九十百零〇]{1,5}"
_LABELS = (
    re.compile(rf"({_CHINESE})[、．.] ?"),
    re.compile(rf"[（(] ?({_CHINESE}) ?[）)][、．.]? ?"),
    re.compile(r"(\d{1,3}) ?[.．、](?!\d) ?"),
    re.compile(r"[（(] ?(\d{1,3}) ?[）)][、．.]? ?"),
)
_LEAD = re.compile(rf"([^。]{{2,{LONGEST_LEAD}}})。(.+)", re.DOTALL)
_ENDS = "。；：！？，、"


def structured(text: str, *, style: int = 0, side: Side = "left") -> Heading | Paragraph:
    """`style`: the level of a heading's style, or 0. A style without a label of that level still makes a heading."""
    for level, pattern in enumerate(_LABELS, start=1):
        if found := pattern.match(text):
            count = found[1]
            label = LEVELS[level - 1].label.format(chinese=count, figure=count)
            return _heading(level, label, text[found.end() :].strip())
    if 1 <= style <= len(LEVELS) and len(text) <= LONGEST:
        return Heading(level=style, text=text)
    return Paragraph(text=text, side=side)


def _heading(level: int, label: str, said: str) -> Heading:
    if len(said) <= LONGEST and not said.endswith(tuple(_ENDS)) and "。" not in said:
        return Heading(level=level, text=said, label=label)
    if (lead := _LEAD.match(said)) and lead[2].strip():
        return Heading(level=level, text=lead[1], body=lead[2].strip(), label=label)
    return Heading(level=level, text="", body=said, label=label)


def without_lists_of_attachments(blocks: Iterable[Block]) -> Iterator[Block]:
    """附件：1.…, 2.… below each other: what looks like headings there is the list going on."""
    expected = 0
    for block in blocks:
        if isinstance(block, Paragraph) and re.match(r"附件：1[.．、]", block.text):
            expected = 2
        elif isinstance(block, Heading) and block.label == f"{expected}.":
            expected += 1
            yield Paragraph(text=block.label + block.text + block.body)
            continue
        else:
            expected = 0
        yield block
