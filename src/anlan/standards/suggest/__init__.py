"""
Which clauses may apply to what was seen: a ranking for people who grade, learnt from sentences, without a network.

It never decides. Words of an ordinary small fault get no confident suggestion. How it works: docs/explanation/criteria-helper.md.
"""

from anlan.standards.suggest.ranker import Ranked, Ranker, ranker

__all__ = ["Ranked", "Ranker", "ranker"]
