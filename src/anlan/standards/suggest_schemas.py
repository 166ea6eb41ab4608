"""The JSON shapes of the criteria helper."""

from typing import Annotated

from pydantic import Field

from anlan.kernel.api import Output, Question
from anlan.standards.queries.suggestions import Suggestion
from anlan.standards.schemas import ClauseFacts, Code, Day, clause_facts

Facilities = Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=50)]


class SuggestQuestion(Question):
    q: Annotated[str, Field(min_length=1, max_length=400, description="What was seen, as one would write it down.")]
    on: Day | None = Field(default=None, description="Day of finding; today when absent.")
    industry: Code = ""
    facility: Facilities = Field(default=[], description="What the enterprise has; may be repeated.")
    n: Annotated[int, Field(ge=1, le=20)] = 3


class SuggestionFacts(Output):
    """One clause that may apply. It never decides: the person who grades does."""

    list: str
    document: str
    article: str
    item: int
    score: float = Field(description="0 to 1, how often such a suggestion proved right.")
    confident: bool
    why: tuple[str, ...] = Field(description="The words that led to it.")
    clause: ClauseFacts


class SuggestionList(Output):
    items: list[SuggestionFacts]
    confident: bool = Field(description="False for words of an ordinary fault: then nothing here should be leant on.")


def suggestion_list(found: list[Suggestion]) -> SuggestionList:
    items = [
        SuggestionFacts(
            list=one.clause.criteria_id,
            document=one.clause.criteria.zh,
            article=one.clause.article,
            item=one.clause.item,
            score=round(one.score, 3),
            confident=one.confident,
            why=one.why,
            clause=clause_facts(one.clause),
        )
        for one in found
    ]
    return SuggestionList(items=items, confident=any(one.confident for one in found))
