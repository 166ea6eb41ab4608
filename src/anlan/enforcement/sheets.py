"""A paper as the page shows it: the same pieces in the same order as in Word and PDF, for one style sheet to set."""

from typing import Any

from django.utils.translation import override

from anlan.kernel.papers.compose import day_words, labelled
from anlan.kernel.papers.paper import Heading, Paper, Table


def sheet_of(paper: Paper, *, sealed: bool, draft: bool) -> dict[str, Any]:
    """For `enforcement/_sheet.html`."""
    return {
        "organ": paper.organ,
        "number": "" if draft else paper.number,
        "draft": draft,
        "title": paper.title,
        "addressees": "、".join(paper.addressees),
        "blocks": [_block(one) for one in labelled(paper.blocks)],
        "signature": paper.signature,
        "day": day_words(paper.date),
        "sealed": sealed,
    }


def issued_sheet(paper: Paper, *, sealed: bool) -> dict[str, Any]:
    """The page to be kept with what is numbered: Chinese, whatever the language of who numbers it."""
    with override("zh-hans"):
        return sheet_of(paper, sealed=sealed, draft=False)


def _block(block: Any) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading", "level": block.level, "text": f"{block.label}{block.text}", "body": block.body}
    if isinstance(block, Table):
        head, *rows = block.rows
        return {"kind": "table", "head": head, "rows": rows}
    return {"kind": "paragraph", "text": block.text, "side": block.side}
