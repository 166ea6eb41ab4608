"""The announcement of a year's results, as an official document."""

from collections import Counter
from collections.abc import Sequence

from django.utils.translation import override

from anlan.assessments.models import Round, Standing
from anlan.assessments.scoring.card import Card, plain
from anlan.kernel import clock
from anlan.kernel.papers.paper import Attachment, Heading, Paper, Paragraph, Table

ORGAN = "安全生产委员会办公室"
"""Where the territory's register knows no committee."""


def announcement(row: Round, card: Card, standings: Sequence[Standing], *, organ: str) -> Paper:
    """
    What was assessed, how many reached which grade, the places, and as an attachment the points by group. Chinese, as official
    documents are; raises Invalid where the number is no document's number.
    """
    name = organ or ORGAN
    with override("zh-hans"):
        grades = {one.code: one.zh for one in card.grade}
        counts = Counter(one.grade for one in standings)
        told = "，".join(f"{grades[code]}{counts[code]}个" for code in grades if counts[code])
        intro = f"{'根据' + row.basis + '，' if row.basis else ''}对{len(standings)}个单位{row.year}年度安全生产工作进行了考核。现将结果通报如下。"
        blocks = (
            Paragraph(text=intro),
            Heading(level=1, text="总体情况"),
            Paragraph(text=f"参加考核的{len(standings)}个单位中，{told}。最高{_points(standings[0])}分，最低{_points(standings[-1])}分。"),
            Heading(level=1, text="考核结果"),
            Table(
                rows=(
                    ("名次", "单位", "得分", "等次"),
                    *((str(one.rank), one.unit_name, _points(one), grades.get(one.grade, "")) for one in standings),
                ),
                widths=(1, 5, 1.5, 1.5),
            ),
            Heading(level=1, text="有关说明"),
            Paragraph(text="各单位每一项得分的依据、计算方法和对应记录，可在平台的考核页面逐项查看。考核结果公布后不再更改。"),
        )  # fmt: skip
    heads = ("单位", *(f"{group.zh}（{plain(group.weight)}分）" for group in card.group))
    rows = tuple((one.unit_name, *(str(one.groups.get(group.code, "")) for group in card.group)) for one in standings)
    day = clock.day_of(row.published_at) if row.published_at else clock.today()
    return Paper(
        organ=name,
        number=row.document,
        title=f"关于{row.year}年度安全生产考核结果的通报",
        blocks=blocks,
        signature=name,
        date=day,
        addressees=("各有关单位",),
        attachments=(
            Attachment(
                title="分项得分表", blocks=(Table(rows=(heads, *rows), widths=(2.4, *(1.2 for _group in card.group))),)
            ),
        ),
    )


def _points(one: Standing) -> str:
    return plain(one.total)
