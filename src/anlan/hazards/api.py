"""Hazards for programs: the list, the record, one operation for each step of the flow, the ledger and the evidence."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Body, Query, Router
from ninja.responses import Status
from pydantic import BeforeValidator, Field

from anlan.files.actions import store
from anlan.hazards import needs
from anlan.hazards.actions import register_hazard, take_step
from anlan.hazards.flow import HAZARD
from anlan.hazards.ledger_schemas import LedgerPage, ledger_of
from anlan.hazards.queries import BoardFilters, HazardFilters, board, count_hazards, detail, hazards
from anlan.hazards.queries.list import COUNTED
from anlan.hazards.schemas import HazardFacts, HazardPage, HazardRow, facts_of, rows_of
from anlan.identity.asking import actor_of
from anlan.identity.roles import OFFICIALS
from anlan.kernel.api import (
    MOST,
    CursorText,
    Output,
    Question,
    as_moment,
    cursor,
    in_english,
    known_region,
    read_cursor,
)
from anlan.kernel.errors import Forbidden
from anlan.kernel.flow.operations import add_operations
from anlan.kernel.inputs import Code, Day, NewId, RegionCode, without_id
from anlan.kernel.ledger.evidence import export_evidence

router = Router(tags=["hazards"])
StateName = Literal[
    "open", "found", "dispatched", "disputed", "claimed", "rectifying", "rectified", "accepted", "closed", "dismissed",
    "transferred",
]  # fmt: skip
SourceName = Literal["self", "county", "group", "expert", "citizen", "system", "document"]


def _listed(asked: Any) -> str:
    """Programs that ask whether it is listed still may; another word is refused."""
    word = str(asked).lower()
    return {"true": "yes", "1": "yes", "false": "", "0": ""}.get(word, word)


class HazardsQuestion(Question):
    """The list's filters; the same words as in the address of the list page."""

    state: list[StateName] = Field(default=[], description="`open` means every state that waits for something.")
    grade: Literal["general", "major"] | None = None
    source: SourceName | None = None
    industry: Code = ""
    region: RegionCode | None = Field(default=None, description="With all below it.")
    own: bool = Field(default=False, description="Filed under the region itself, not below it.")
    category: Code = ""
    late: bool = False
    listed: Annotated[Literal["", "yes", "no", "unpublished"], BeforeValidator(_listed)] = Field(
        default="",
        description="`no` is never listed; `unpublished` is listed, but not made public. `true` means `yes`.",
    )
    mine: bool = Field(default=False, description="What waits for this post.")
    enterprise: UUID | None = None
    q: Annotated[str, Field(max_length=100)] = Field(default="", description="Words in place, description or number.")
    found_from: Day | None = None
    found_to: Day | None = None
    order: Literal["newest", "due"] = "newest"
    limit: Annotated[int, Field(ge=1, le=MOST)] = 50
    cursor: CursorText = ""


class HazardBoardQuestion(Question):
    by: Literal["region", "industry", "source"] = "region"
    region: RegionCode | None = None
    industry: Code = ""
    source: SourceName | None = None
    grade: Literal["general", "major"] | None = None


class HazardLedgerQuestion(Question):
    proof: bool = Field(default=False, description="With the inclusion proof of each sealed act and the signed head.")


class HazardRegistration(needs.Register):
    """A finding."""

    id: NewId


class HazardBoardRow(Output):
    """found = open + closed + dismissed + transferred; late and major are among the open ones."""

    key: str
    label: str
    found: int
    open: int
    late: int
    major: int
    major_late: int
    closed: int
    dismissed: int
    transferred: int
    queries: dict[str, str] = Field(
        description="Figure → query string of `GET /hazards` that lists exactly those rows."
    )


class HazardBoardFacts(Output):
    rows: list[HazardBoardRow]
    total: HazardBoardRow


@router.get("hazards", response=HazardPage, operation_id="hazards", summary="List hazards")
def list_hazards(request: HttpRequest, asked: Query[HazardsQuestion]) -> HazardPage:
    """Newest first, or by what is due soonest. Pages by cursor; only what this post may see."""
    actor = actor_of(request)
    filters = HazardFilters(
        words=asked.q.strip(),
        states=tuple(asked.state),
        grade=asked.grade or "",
        source=asked.source or "",
        industry=asked.industry,
        region=known_region(asked.region),
        own=asked.own,
        category=asked.category,
        late=asked.late,
        listed=asked.listed,
        mine=asked.mine,
        found_from=asked.found_from,
        found_to=asked.found_to,
        enterprise=asked.enterprise,
    )
    after = read_cursor(asked.cursor, as_moment, UUID) if asked.cursor else None
    page = hazards(actor, filters, order=asked.order, after=after, limit=asked.limit)
    count = count_hazards(actor, filters, order=asked.order)
    return HazardPage(
        items=[HazardRow(**row) for row in rows_of(page.rows)],
        next=cursor(page.after[0].isoformat(), page.after[1]) if page.after else None,
        count=min(count, COUNTED),
        count_is_exact=count <= COUNTED,
    )


@router.get("hazards/board", response=HazardBoardFacts, operation_id="hazard_board", summary="Figures that reconcile")
def hazard_board(request: HttpRequest, asked: Query[HazardBoardQuestion]) -> HazardBoardFacts:
    """By the territories below one's own, by supervision field, or by source."""
    filters = BoardFilters(
        region=known_region(asked.region), industry=asked.industry, source=asked.source or "", grade=asked.grade or ""
    )
    found = board(actor_of(request), asked.by, filters)
    return HazardBoardFacts(
        rows=[HazardBoardRow(**vars(row)) for row in found.rows], total=HazardBoardRow(**vars(found.total))
    )


@router.post(
    "hazards",
    response={201: HazardFacts, 200: HazardFacts},
    operation_id="hazard_register",
    summary="Register a finding",
    description=str(in_english(lambda: HAZARD.step("register").who)),
)
def register(request: HttpRequest, data: Body[HazardRegistration]) -> Status[HazardFacts]:
    """The same place and category open already: the finding joins that hazard (200, `joined`), else 201."""
    actor = actor_of(request)
    finding = without_id(needs.Register, data)
    hazard = register_hazard(actor=actor, data=finding, id=data.id)
    joined = hazard.version > 1
    return Status(200 if joined else 201, facts_of(actor, hazard, joined=joined))


@router.get(
    "hazards/{uuid:hazard_id}", response=HazardFacts, operation_id="hazard", summary="One hazard, and what I may do"
)
def hazard_facts(request: HttpRequest, hazard_id: UUID, response: HttpResponse) -> HazardFacts:
    """All facts, the evidence, and every step of the present state with why it is not yours if it is not."""
    hazard = detail.hazard(hazard_id)
    response["ETag"] = f'"{hazard.version}"'
    return facts_of(actor_of(request), hazard)


@router.get("hazards/{uuid:hazard_id}/ledger", response=LedgerPage, operation_id="hazard_ledger", summary="The history")
def hazard_ledger(request: HttpRequest, hazard_id: UUID, asked: Query[HazardLedgerQuestion]) -> LedgerPage:
    """Every act from the hashed bytes of the ledger, oldest first, with its leaf and its place in the tree."""
    return ledger_of(actor_of(request), detail.hazard(hazard_id).pk, proofs=asked.proof)


@router.get(
    "hazards/{uuid:hazard_id}/evidence",
    operation_id="hazard_evidence",
    summary="The evidence bundle",
    openapi_extra={
        "responses": {200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}}
    },
)
def hazard_evidence(request: HttpRequest, hazard_id: UUID) -> FileResponse:
    """A zip that `anlan-verify` judges without this platform. For officials who see the hazard."""
    actor, hazard = actor_of(request), detail.hazard(hazard_id)
    if actor.role not in OFFICIALS:
        raise Forbidden(_("Only officials may take the evidence bundle."))
    with TemporaryDirectory(prefix="anlan-evidence-") as folder:
        path = Path(folder) / f"{hazard.number}.zip"
        export_evidence(actor=actor, flow_name=HAZARD.name, record_id=hazard.pk, path=path, files=store())
        file = path.open("rb")  # stays readable when its folder is gone
    return FileResponse(file, as_attachment=True, filename=f"{hazard.number}.zip", content_type="application/zip")


add_operations(
    router,
    HAZARD,
    under="hazards",
    response=HazardFacts,
    take=lambda actor, hazard, step, data, version: facts_of(
        actor, take_step(actor=actor, hazard=hazard, step=step, data=data, version=version)
    ),
)
