"""
Whether words name a meeting instead of saying what it was about: a rule for the clear cases, a small learnt classifier for the rest.

Returns ask for the topic (研究燃气安全专项整治) and are given the name (市政府第三十二次常务会议). The examples are data; the classifier learns
from them when it is first asked, in a moment, and always the same.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, Literal

from anlan.campaigns.returns.expressions import Function
from anlan.campaigns.returns.template import DATA
from anlan.kernel.text import fold
from anlan.reports.sorting.learning.grams import Features, Told, features
from anlan.reports.sorting.learning.model import Model, fit

NAME: Final = "name"
TOPIC: Final = "topic"
SURE = 0.7
"""From here on the classifier is heard."""
TUNED_ON = 5
"""Every fifth example settles how sure it may be; the others are learnt."""

_END = re.compile(
    r"(?:会议|大会|例会|常务会|常委会|全会|党组会|推进会|部署会|动员会|座谈会|调度会|分析会|联席会|务虚会|约谈会|专题会|办公会|碰头会|视频会|现场会|培训会|会商会|听证会|专班会)$"
)
_TAIL = re.compile(r"(?:会议)?(?:纪要|记录|通知)$|[\s。.;；、，,!！]+$|[（(][^（）()]*[）)]$|[”\"』】》]+$")
_MARKS = re.compile(r"[，,;；。:：\s]+")
_VERBS = (
    "研究|听取|审议|讨论|部署|传达|学习|贯彻|落实|分析|通报|安排|解决|协调|推进|总结|明确|解读|审定|确定|审查|检视|调度|核查|开展|强化|"
    "加强|深化|梳理|会商|研判|决定|督促|督导|压实|排查|整治|防范|汲取|吸取|宣贯|如何|关于"
)
_LEADS = re.compile(f"^(?:专题|集中|深入|认真|再次|进一步|重点|会议)*(?:{_VERBS})")
_HEAD = re.compile(f"^(?:{_VERBS})")


@dataclass(frozen=True, kw_only=True)
class Judged:
    """`by` tells who says so: the rule, or the learnt classifier with its confidence from 0 to 1."""

    label: Literal["name", "topic"]
    by: Literal["rule", "learnt"]
    confidence: float = 1.0


@lru_cache(maxsize=4096)
def judge(words: str) -> Judged:
    """Whether it is a meeting's name or a topic."""
    text = _trimmed(words)
    if ruling := ruled(text):
        return Judged(label=ruling, by="rule")
    label, confidence = _model().guess(_features(text)).best
    return Judged(label=NAME if label == NAME else TOPIC, by="learnt", confidence=round(confidence, 3))


def ruled(text: str) -> Literal["", "name", "topic"]:
    """
    What is beyond doubt; "" is for the classifier. Words that end in a meeting and hold no other clause are its name; a clause
    that says what was done, and does not itself end in a meeting, is a topic.
    """
    clauses = [one for one in _MARKS.split(text) if one]
    if not clauses:
        return ""
    if any(_LEADS.match(one) and not _END.search(one) for one in clauses):
        return TOPIC
    ends = [bool(_END.search(one)) for one in clauses]
    small = all(end or _SMALL.fullmatch(one) for end, one in zip(ends, clauses, strict=True))
    if any(ends) and small and not _HEAD.match(clauses[-1]):
        return NAME
    return ""


_SMALL = re.compile(r"[\d年月日第次季度上下午]+|[一-龥]{2,12}(?:市|县|区|局|委|办|政府|党委|党组)")
"""A clause that only says when or whose."""


def is_name(words: str) -> bool:
    """Beyond doubt a name: an error."""
    found = judge(words) if words.strip() else None
    return bool(found and found.label == NAME and found.by == "rule")


def like_name(words: str) -> bool:
    """Learnt to look like a name, and sure enough to ask back."""
    found = judge(words) if words.strip() else None
    return bool(found and found.label == NAME and found.by == "learnt" and found.confidence >= SURE)


FUNCTIONS = (Function(name="is_meeting_name", does=is_name), Function(name="like_meeting_name", does=like_name))


def _trimmed(words: str) -> str:
    text, before = fold(words).strip(), ""
    while text != before:
        before, text = text, _TAIL.sub("", text).strip()
    return text or fold(words).strip()


def _features(text: str) -> Features:
    """Its runs of signs; and the last two by themselves, for a name shows itself at its end."""
    return features(Told(words=text, address=text[-2:]))


@cache
def _model() -> Model:
    taught = examples()
    rows = [(_features(_trimmed(words)), label) for words, label in taught]
    learnt = [one for at, one in enumerate(rows) if at % TUNED_ON]
    tuned = rows[::TUNED_ON]
    return fit(
        [one for one, _ in learnt],
        [label for _, label in learnt],
        [one for one, _ in tuned],
        [label for _, label in tuned],
    )


def examples() -> list[tuple[str, str]]:
    """Words with their label, names and topics in turn."""
    data = tomllib.loads((DATA / "meetings.toml").read_text(encoding="utf-8"))
    return [(words, label) for label in (NAME, TOPIC) for words in data[label]]
