"""A bulletin as an official document (通报): its text with figures in place, the rankings bound in as attachments."""

from typing import Any

from anlan.bulletins import queries, writing
from anlan.bulletins.figures import showing
from anlan.bulletins.models import Bulletin
from anlan.bulletins.rulings import stem
from anlan.bulletins.steps import period_words
from anlan.kernel import clock
from anlan.kernel.papers.paper import Attachment, Block, Heading, Paper, Paragraph, Table, official_number

DRAFT = "（送审稿）"


def paper_of(bulletin: Bulletin) -> Paper:
    """One without a number yet says that it is a draft, and shows the number that is the next now."""
    words = showing.texts(bulletin.figures, bulletin.typed)
    tables = queries.tables(bulletin)
    day = bulletin.issued_on or clock.today()
    text = [section for section in bulletin.content if not section["attached"] and section["blocks"]]
    attached = [section for section in bulletin.content if section["attached"] and section["blocks"]]
    blocks: list[Block] = []
    for section in text:
        blocks.append(Heading(level=1, text=section["title"]))
        blocks += _blocks(section, words, tables)
    return Paper(
        organ=bulletin.organ,
        number=bulletin.number
        or official_number(stem(bulletin.region), day.year, queries.next_order(bulletin, day.year)),
        title=_title(bulletin),
        blocks=tuple(blocks),
        signature=bulletin.organ,
        date=day,
        addressees=(bulletin.addressees,),
        attachments=tuple(
            Attachment(title=section["title"], blocks=tuple(_blocks(section, words, tables))) for section in attached
        ),
        printed_by=bulletin.organ,
        printed_on=day,
    )


def _title(bulletin: Bulletin) -> str:
    """Divided before the months, where it names them, so that no year is torn apart."""
    period = period_words(bulletin)
    title = (
        bulletin.title.replace(period, f"\n{period}", 1) if not bulletin.title.startswith(period) else bulletin.title
    )
    return title if bulletin.number else f"{title}{DRAFT}"


def _blocks(section: dict[str, Any], words: dict[str, str], tables: dict[str, Any]) -> list[Block]:
    found: list[Block] = []
    for block in section["blocks"]:
        if block["kind"] == "table":
            found.append(_table(tables[block["table"]]))
            found.append(Paragraph(text=_how(tables[block["table"]])))
        elif block["kind"] == "heading":
            found.append(Heading(level=2, text=writing.said(block["text"], words)))
        else:
            found.append(Paragraph(text=writing.said(block["text"], words)))
    return found


def _table(table: dict[str, Any]) -> Table:
    heads = [f"{one['label']}（{one['unit']}）" for one in table["heads"]]
    rows = [("名次", "单位", *heads, "得分")]
    rows += [(str(row["place"]), row["name"], *row["cells"], row["points"]) for row in table["rows"]]
    return Table(rows=tuple(rows), widths=(1.0, 2.6, *(1.7 for _one in heads), 1.1))


def _how(table: dict[str, Any]) -> str:
    parts = "、".join(f"{one['label']}{one['weight']}" for one in table["heads"])
    return f"说明：各项权重为{parts}，得分按权重折合为满分100分。比率按实际值计分，数量按与最高单位之比计分，差错率越低得分越高。"
