"""Papers to write: of a city that does not exist."""

from datetime import date
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

from anlan.kernel.papers.paper import Attachment, Block, Heading, Paper, Paragraph, Seal, Table, official_number

BODY = "各县区各部门要把排查整治作为当前工作的头等大事抓紧抓实抓出成效层层压实责任逐项对账销号"
SENTENCE = "各县区要对照清单逐条逐项排查，建立台账，明确责任、措施、资金、时限和预案，整改一处、验收一处、销号一处。"


def seal(size: int = 420) -> bytes:
    """A red ring with a star in it, transparent elsewhere."""
    picture = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((6, 6, size - 6, size - 6), outline=(216, 0, 15, 255), width=12)
    draw.regular_polygon((size / 2, size / 2, size / 7), 3, fill=(216, 0, 15, 255))
    draw.regular_polygon((size / 2, size / 2, size / 7), 3, rotation=60, fill=(216, 0, 15, 255))
    stream = BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


def blocks() -> tuple[Block, ...]:
    return (
        Paragraph(text="为扎实推进专项整治，现将2026年第三季度进展情况通报如下。"),
        Heading(level=1, text="总体进展"),
        Heading(level=2, text="检查情况"),
        Paragraph(text=SENTENCE * 3),
        Table(
            caption="各县区进展情况",
            rows=(
                ("县区", "检查单位（家）", "重大隐患（条）", "已整改（条）", "备注"),
                ("甲县", "1284", "16", "12", "两条经批准延期"),
                ("乙区", "2000", "24", "18", ""),
            ),
            widths=(2, 2, 2, 2, 3),
        ),
        Heading(level=2, text="帮扶情况", body=SENTENCE),
        Heading(level=1, text="存在问题"),
        Heading(level=3, text="排查不深入", body=SENTENCE),
        Heading(level=3, text="整改不及时", body=SENTENCE),
        Heading(level=4, text="资金未落实", body=SENTENCE),
        Heading(level=4, text="时限未明确"),
        Heading(level=1, text="下一步工作"),
        Paragraph(text=SENTENCE * 2),
    )


def paper(**changes: Any) -> Paper:
    facts: dict[str, Any] = {
        "organ": "安澜市安全生产委员会办公室",
        "number": official_number("安安办发", 2026, 12),
        "title": "安澜市安全生产委员会办公室关于2026年第三季度安全生产治本攻坚三年行动进展情况的通报",
        "urgency": "加急",
        "copy_number": "12",
        "addressees": ("各县（区）人民政府", "市直有关单位"),
        "blocks": blocks(),
        "attachments": (
            Attachment(title="各县区重大事故隐患排查整治情况统计表", blocks=(Paragraph(text=SENTENCE),)),
            Attachment(title="2026年第三季度未按期完成整改的重大事故隐患清单及责任单位、责任人名单"),
        ),
        "signature": "安澜市安全生产委员会办公室",
        "date": date(2026, 10, 9),
        "seal": Seal(image=seal()),
        "note": "此件公开发布",
        "copies_to": ("省安全生产委员会办公室", "市委办公室", "市人大常委会办公室", "市政府办公室", "市政协办公室"),
        "printed_by": "安澜市安全生产委员会办公室",
        "printed_on": date(2026, 10, 10),
    }
    return Paper(**(facts | changes))
