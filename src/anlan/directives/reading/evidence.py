"""What is to be handed in or shown: the nouns behind verbs of handing in and drawing up."""

import re
from functools import cache

from anlan.directives.reading.words import either, table

_EDGE = re.compile(r"[，。；：、（）]|将|把|并|于|前|内|的|向|次|后")


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = table("verbs")
    return re.compile(either(words["evidence_verbs"])), re.compile(either(words["evidence_nouns"]) + "(?:”)?")


def evidence_in(words: str) -> tuple[str, ...]:
    """The things asked for, each with at most eight characters of what kind it is, as they stand."""
    verbs, nouns = _patterns()
    out: list[str] = []
    for clause in re.split("[，。；]", words):
        if not verbs.search(clause):
            continue
        for found in nouns.finditer(clause):
            front = clause[max(0, found.start() - 8) : found.start()]
            edges = [edge.end() for edge in _EDGE.finditer(front)] + [edge.end() for edge in verbs.finditer(front)]
            named = front[max(edges, default=0) :] + found[0]
            if named not in out:
                out.append(named)
    return tuple(out)
