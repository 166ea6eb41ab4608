"""The JSON shapes of checklists."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from anlan.kernel.api import CursorText, Limit, Output, Question
from anlan.standards.models import Checklist, Edition, Item
from anlan.standards.queries.editions import Kept, ListFilters
from anlan.standards.rules import citation, law_citation

Code = Annotated[str, Field(max_length=40, pattern=r"^[A-Za-z0-9_.-]*$")]
Kind = Literal["self_check", "administrative", "supervision", "expert_help"]
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2199, 12, 31))]
Words = Annotated[str, Field(max_length=100)]


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
