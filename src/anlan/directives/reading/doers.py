"""Who is asked, in one clause: at its front, behind 由, in brackets behind a heading, or as the one who speaks for a unit."""

import re
from dataclasses import dataclass
from functools import cache

from anlan.directives.reading.organs import is_organ, parts
from anlan.directives.reading.words import either, table

LONGEST = 90
_PARTNERS = re.compile(
    r"^(?:要|应|负责)?(?:会同|联合)(?P<with>[^，。；\d]{2,40}?)(?=\d|每|推进|开展|组织|制定|建立|完成|对|在|于|加强|实施|研究|督促|检查|排查|指导|做好|落实|$)"
)
_BRACKET = re.compile(
    r"（(?P<words>[^（）]*(?:（[^（）]*）[^（）]*)*(?:单位|科室|处室|牵头|负责|配合|部门)[^（）]*(?:（[^（）]*）[^（）]*)*)）"
)
_LEADS = re.compile(r"(?:责任|牵头|主办)?(?:单位|部门|科室|处室|领导|人)[:：](?P<who>[^；;）]+)")
_LEADING = re.compile(r"(?P<who>[^，；]+?)(?:牵头|负责)(?:$|[，；])")
_HELPING = re.compile(
    r"(?:^|[，；])(?P<who>[^，；：]+?)(?:等)?(?:配合|参与|协助)$|配合(?:单位|部门)[:：](?P<also>[^；;）]+)"
)


@dataclass(frozen=True, slots=True)
class Doer:
    """`end` is where the demand itself begins, behind the name; `role` is lead, with (only helps) or "" (plainly asked)."""

    who: str
    end: int
    role: str = ""
    partners: str = ""


@cache
def _first_words() -> re.Pattern[str]:
    words = table("verbs")
    return re.compile(
        either([*words["act"], *words["wide"], *words["stance"], *words["adverbs"], *words["leads"], *words["result"]])
    )


@cache
def _ends() -> re.Pattern[str]:
    return re.compile("(?=(" + either(table("organs")["ends"]) + "(?:之间)?))")


@cache
def _never() -> re.Pattern[str]:
    return re.compile(table("organs")["never"]["match"])


def _named(words: str) -> bool:
    """Units throughout; a unit's name does not begin with a verb unless the whole of it is such a name (检查组, 建设单位)."""
    ends = table("organs")["ends"]
    named = parts(words)
    # Fields of work may stand before the departments they name: 公安、交通部门.
    while len(named) > 1 and named[0] in table("organs")["fields"]:
        named = named[1:]
    return bool(named) and all(
        len(one) <= 30
        and is_organ(one)
        and (one in ends or bool(_of_field().fullmatch(one)) or not _first_words().match(one.removeprefix("应急")))
        for one in named
    )


@cache
def _of_field() -> re.Pattern[str]:
    """教育部门: its field of work is a verb as well, and none here."""
    return re.compile(either(table("organs")["fields"]) + "(?:行政|主管|监管)*(?:部门|系统|局)")


def doer(clause: str, times: list[tuple[int, int]]) -> Doer | None:
    """Of a clause without its number; `times` are the places of its time expressions, which may stand before the name."""
    begin = 0
    for low, high in sorted(times):
        if low <= begin + 1:
            begin = max(begin, high)
    while clause[begin : begin + 1] in ("，", "、", "由", "请", "并"):
        begin += 1
    best = 0
    for found in _ends().finditer(clause, begin, begin + LONGEST):
        end = found.end(1)
        if found[1] in _PLACES and not _obliged(clause[end:], end, times):
            continue
        if end > best and _follows(clause[end:], end, times) and _named(clause[begin:end]):
            best = end
    if not best:
        return _handed(clause, begin, times)
    who, after = clause[begin:best].removesuffix("之间"), clause[best:]
    if partners := _PARTNERS.match(after):
        return Doer(who, best + partners.end(), "lead", partners["with"])
    if after.startswith(("配合", "参与", "协助")) and len(after) <= 4:
        return Doer(who, len(clause), "with")
    if after.startswith("牵头"):
        return Doer(who, best + 2, "lead")
    return Doer(who, best)


_PLACES = tuple("县区市州省旗")


def _obliged(after: str, place: int, times: list[tuple[int, int]]) -> bool:
    """The name of a place names its government only where something is demanded of it."""
    return bool(re.match("要(?!求)|应当|须|必须|务|分别要", after)) or any(
        low <= place + 1 < high for low, high in times
    )


def _handed(clause: str, begin: int, times: list[tuple[int, int]]) -> Doer | None:
    """Further in, behind 由: 评估由市安委办组织."""
    place = clause.find("由", begin + 1)
    if place < 0 or clause[place : place + 2] in ("由于", "由此"):
        return None
    shifted = [(low - place - 1, high - place - 1) for low, high in times if low > place]
    named = doer(clause[place + 1 :], shifted)
    return Doer(named.who, 0, named.role, named.partners) if named else None


def _follows(after: str, place: int, times: list[tuple[int, int]]) -> bool:
    """What may stand behind the one who is asked: an obligation, a verb, a time, or nothing."""
    if not after or after.startswith(
        ("牵头", "负责", "配合", "参与", "协助", "会同", "要", "应", "须", "必须", "请", "务")
    ):
        return not after.startswith(("要求", "负责人", "负责同志", "应急"))
    if any(low <= place + 1 < high for low, high in times):
        return True
    return bool(_first_words().match(after) or re.match("(?:回去|接到|收到)[^，]{0,12}后", after))


def bracketed(words: str) -> Doer | None:
    """（责任单位：…） or （…牵头，…配合） behind a heading or a task."""
    for found in _BRACKET.finditer(words):
        inside = found["words"]
        helping = _HELPING.search(inside)
        partners = (helping["who"] or helping["also"] or "") if helping else ""
        asked = _LEADS.search(inside) or _LEADING.match(inside)
        if asked:
            return Doer(asked["who"].strip("，、 "), found.end(), "lead", partners)
    return None


def speaker(words: str) -> str:
    """The unit for which somebody speaks, or ""."""
    found = re.search(table("verbs")["speaker"]["match"], words)
    return found["who"] if found else ""
