"""What nobody needs to read on the plaza: telephone numbers, identity numbers, plates, long figures; and what finds whoever wrote."""

import re

from anlan.kernel.text import fold

STAR = "＊"
_NUMBERS = re.compile(r"(?<![0-9])[0-9][0-9 .·—\-]{5,}[0-9xX](?![0-9])")
_WRITTEN = re.compile(r"[一幺壹][〇零一二两三四五六七八九幺壹贰叁肆伍陆柒捌玖]{10}")
_PLATES = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][ ·.]?[A-Z0-9]{5,6}", re.IGNORECASE
)
_HANDLES = re.compile(r"(?:微信|QQ|qq|VX|vx)[号：: ]{0,2}[A-Za-z0-9_\-]{5,}")

_CONTACTS = re.compile(
    r"(?<![0-9])(?:1[3-9](?:[ .·—\-]?[0-9]){9}|0[0-9]{2,3}[ \-)]?[0-9]{7,8}|[0-9]{17}[0-9xX])(?![0-9])",
)
_NAMES = re.compile(r"(?<=我叫|姓名|名字)[是为:： ]{0,2}[\u4e00-\u9fff]{2,3}")


def redacted(words: str) -> str:
    """The words with such parts starred out, sign for sign."""
    return _starred(words, _HANDLES, _PLATES, _NUMBERS, _WRITTEN, _NAMES)


def without_contacts(words: str) -> str:
    """The same for officials who look on the spot: plates and figures may be what they look for, the writer's phone and name are not."""
    return _starred(words, _HANDLES, _CONTACTS, _WRITTEN, _NAMES)


def _starred(words: str, *patterns: "re.Pattern[str]") -> str:
    found = words
    for pattern in patterns:
        for match in reversed(list(pattern.finditer(_narrow(found)))):
            found = found[: match.start()] + STAR * (match.end() - match.start()) + found[match.end() :]
    return found


def _narrow(words: str) -> str:
    """Full-width signs as narrow ones, each in its place; a text that would change its length is compared as it is."""
    narrow = "".join(fold(sign) if len(fold(sign)) == 1 else sign for sign in words)
    return narrow if len(narrow) == len(words) else words
