"""The JSON shapes of checklists."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from anlan.kernel.api import CursorText, Limit, Output, Question, example, partial
from anlan.kernel.inputs import Input, NewId
from anlan.standards import needs
from anlan.standards.models import Checklist, Edition, Item
from anlan.standards.queries.editions import Kept, ListFilters
from anlan.standards.rules import citation, law_citation
from anlan.standards.steps import PREDICATE

Code = Annotated[str, Field(max_length=40, pattern=r"^[A-Za-z0-9_.-]*$")]
Kind = Literal["self_check", "administrative", "supervision", "expert_help"]
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2199, 12, 31))]
Words = Annotated[str, Field(max_length=100)]


class NewChecklist(needs.ChecklistInput):
    """A checklist without editions yet. Left open, the territory is the post's own."""

    model_config = example(zh="有限空间作业检查清单", industry="gongmao", kinds=["administrative"])
    id: NewId


ChecklistPatch: Any = partial(
    needs.ChecklistChange, "ChecklistPatch", "What may change of a checklist; fields that are absent stay as they are."
)


class NewEdition(needs.Draft):
    """It begins with the items of the last edition that was in force."""

    model_config = example(note="按2026年修订的规程增加三项")


class NewItem(needs.ItemInput):
    """One thing to look at. Weights are 1 to 10."""

    model_config = example(
        code="YX-01", group="作业前", zh="有限空间作业前先通风、再检测、后作业", method="查作业票与检测记录",
        evidence_asked="photo", weight=3, category="operation", facilities=["confined_space"],
    )  # fmt: skip
    id: NewId


class AllItems(needs.Fill):
    """Every item of the draft in its order; those it has give way."""


ItemPatch: Any = partial(
    needs.ItemInput, "ItemPatch", "What changes of an item; fields that are absent stay as they are."
)


class ItemMove(Input):
    """One place among the items of its edition."""

    model_config = example(up=True)
    up: bool = Field(description="Towards the beginning; false: towards the end.")


class EditionStepQuestion(Question):
    version: Annotated[int, Field(ge=1, lt=2**31)] | None = Field(
        default=None, description="The version you saw: 409 when somebody else acted since. `If-Match` says the same."
    )


class ChecklistsQuestion(Question):
    q: Words = ""
    industry: Code = Field(default="", description="A field's code, or `common`.")
    campaign: Annotated[str, Field(max_length=60)] = Field(default="", description="A campaign, `any` or `none`.")
    limit: Limit = 50
    cursor: CursorText = ""

    @property
    def filters(self) -> ListFilters:
        return ListFilters(words=self.q, industry=self.industry, campaign=self.campaign)


class ItemsQuestion(Question):
    kind: Kind = "administrative"
    campaign: Annotated[str, Field(max_length=60)] = ""
    on: Day | None = Field(default=None, description="Today when absent.")


class EditionRow(Output):
    id: UUID
    number: int
    version: int = Field(description="Of the record: grows with every change; `ETag` and `If-Match` carry it.")
    state: Literal["draft", "reviewed", "published", "replaced", "withdrawn"]
    in_force_from: date | None
    in_force_to: date | None


class ChecklistRow(Output):
    id: UUID
    code: str
    zh: str
    en: str
    region: int = Field(description="It holds there and in everything below.")
    industry: str | None = Field(description="Absent: common to all industries.")
    campaign: str
    kinds: list[str] = Field(description="Kinds of visit; empty: all, self-checks too.")
    active: bool
    items: int
    current: EditionRow | None = Field(description="The edition in force today.")
    coming: EditionRow | None


class ChecklistFacts(Output):
    """One department's list for one purpose, and its editions."""

    id: UUID
    code: str
    zh: str
    en: str
    region: int = Field(description="It holds there and in everything below.")
    organisation: UUID | None = Field(description="The department that keeps it.")
    organisation_name: str
    industry: str | None = Field(description="Absent: common to all industries.")
    campaign: str
    kinds: list[str] = Field(description="Kinds of visit; empty: all, self-checks too.")
    active: bool
    editions: list[EditionRow] = Field(description="Newest first; enterprises see those that are or were in force.")


class ChecklistPage(Output):
    items: list[ChecklistRow]
    next: str | None


class ItemFacts(Output):
    """`applies`: every key given must fit by any of its values; empty applies to all."""

    id: UUID
    edition: UUID
    code: str
    group: str
    zh: str
    en: str
    method: str
    evidence_asked: Literal["none", "photo", "document", "number", "interview"]
    weight: int
    basis: str
    law_clause: UUID | None
    major_clause: UUID | None = Field(description="A “no” may be a major hazard by it.")
    major_citation: str
    category: str
    applies: dict[str, list[str]]


class EditionFacts(EditionRow):
    checklist: UUID
    code: str
    zh: str
    en: str
    note: str
    digest: str = Field(description="SHA-256 of its items once published.")
    items: list[ItemFacts]


class ItemList(Output):
    items: list[ItemFacts]


def checklist_facts(row: Checklist, editions: list[Edition]) -> ChecklistFacts:
    same = ("code", "zh", "en", "region", "organisation_name", "campaign", "kinds", "active")
    return ChecklistFacts(
        id=row.pk,
        organisation=row.organisation_id,
        industry=row.industry_id,
        editions=[edition_row(one) for one in editions],
        **{name: getattr(row, name) for name in same},
    )


def edition_row(edition: Edition) -> EditionRow:
    return EditionRow.model_validate({name: getattr(edition, name) for name in EditionRow.model_fields})


def checklist_row(kept: Kept) -> ChecklistRow:
    row: Checklist = kept.checklist
    return ChecklistRow(
        id=row.pk,
        code=row.code,
        zh=row.zh,
        en=row.en,
        region=row.region,
        industry=row.industry_id,
        campaign=row.campaign,
        kinds=row.kinds,
        active=row.active,
        items=kept.items,
        current=edition_row(kept.current) if kept.current else None,
        coming=edition_row(kept.coming) if kept.coming else None,
    )


def item_facts(item: Item) -> ItemFacts:
    plain = ("code", "group", "zh", "en", "method", "evidence_asked", "weight", "category", "applies")
    return ItemFacts(
        id=item.pk,
        edition=item.edition_id,
        basis=law_citation(item.law_clause) if item.law_clause else item.basis,
        law_clause=item.law_clause_id,
        major_clause=item.major_clause_id,
        major_citation=citation(item.major_clause) if item.major_clause else "",
        **{name: getattr(item, name) for name in plain},
    )


def item_input(item: Item) -> dict[str, Any]:
    """An item in the words of its input, so that a partial change is judged as a whole."""
    plain = ("code", "group", "zh", "en", "method", "evidence_asked", "weight", "basis", "category")
    given: dict[str, Any] = {name: getattr(item, name) for name in plain}
    given |= {name: item.applies.get(key, []) for key, name in PREDICATE.items()}
    return given | {"law_clause": item.law_clause_id, "major_clause": item.major_clause_id}


def edition_facts(edition: Edition, items: list[Item]) -> EditionFacts:
    row = edition.checklist
    return EditionFacts(
        **edition_row(edition).model_dump(),
        checklist=row.pk,
        code=row.code,
        zh=row.zh,
        en=row.en,
        note=edition.note,
        digest=edition.digest,
        items=[item_facts(one) for one in items],
    )
