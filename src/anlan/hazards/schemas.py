"""A hazard as programs read it: shapes of answers, and how they are made from rows."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import Field

from anlan.chain.wording import chain_links
from anlan.hazards.categories import category_name
from anlan.hazards.flow import HAZARD
from anlan.hazards.models import GRADES, SIGNERS, SOURCES, Hazard, Photo
from anlan.hazards.queries import detail, enterprise_names
from anlan.hazards.queries.detail import Signed
from anlan.hazards.rules import signer_of
from anlan.hazards.sheet import sheet
from anlan.identity.roles import OFFICIALS
from anlan.kernel.actor import Actor
from anlan.kernel.api import Output
from anlan.kernel.flow.operations import step_offers
from anlan.registry.queries import industry_names, region_names


class Word(Output):
    """A code with its word in the language asked for."""

    code: str
    label: str


class Place(Output):
    code: int
    name: str


class EnterpriseRef(Output):
    id: UUID
    name: str


class HazardRef(Output):
    id: UUID
    number: str


class HazardRow(Output):
    """A hazard in a list."""

    id: UUID
    number: str
    state: Word
    version: int
    grade: Word
    source: Word
    category: Word
    industry: Word
    region: Place
    place: str
    description: str
    enterprise: EnterpriseRef | None
    responsible: EnterpriseRef | None
    found_at: datetime
    due_at: datetime | None = Field(description="When what it waits for now is due.")
    rectify_due: date | None
    late: bool
    level: int = Field(description="Highest rung of escalation reached while waiting.")
    recurrence: int
    listing_level: str
    use_stopped: bool


class HazardPage(Output):
    items: list[HazardRow]
    next: str | None = Field(description="Cursor of the next page; null on the last one.")
    count: int = Field(description="How many there are, counted up to a bound.")
    count_is_exact: bool


class PhotoFacts(Output):
    file: UUID
    phase: str
    at: datetime
    taken_at: datetime | None
    sha256: str
    original: str
    display: str
    thumb: str


class SignatureFacts(Output):
    signer: Word
    round: int
    name: str
    post: str
    method: str
    refused: bool
    reason: str
    at: datetime
    digest: str
    drawing: str | None
    bound: bool = Field(description="The sheet still says exactly what was signed.")
    changed: list[str] = Field(description="Facts of the sheet that differ from what was signed.")


class DueDateFacts(Output):
    due: date
    set_at: datetime
    step: str
    name: str
    reason: str


class RecheckFacts(Output):
    number: int
    passed: bool
    remark: str
    officers: list[str]
    on_site: bool
    at: datetime


class SheetFacts(Output):
    facts: dict[str, Any]
    digest: str = Field(description="Send it with `sign` or `refuse`: the signature is bound to these facts.")


class StepOffer(Output):
    """One step of the present state as this post sees it."""

    name: str
    label: str
    allowed: bool
    reason: str = Field(description="Why not, in words; empty when allowed.")
    who: str
    consequence: str
    needs: dict[str, Any] = Field(description="JSON schema of what to send.")


class ChainLink(Output):
    """One link of who answered when the hazard was registered; `missing` when nobody was named."""

    kind: str
    part: str
    label: str
    organisation: str
    title: str
    person: str
    matter: str
    basis: str
    duty: UUID | None
    missing: bool
    vacant: bool


class HazardFacts(HazardRow):
    """All facts of one hazard, and what this post may do now."""

    source_record: str
    style: str
    registered_at: datetime
    state_since: datetime
    finder: str | None
    regulator: str
    lon: Decimal | None
    lat: Decimal | None
    clause: UUID | None
    basis: str
    round: int
    required_signers: list[Word]
    plan: dict[str, Any]
    asked_due: date | None
    asked_reason: str
    listed_at: datetime | None
    published_at: datetime | None
    delisted_at: datetime | None
    stop_measure: str
    measure_done: str
    finished_on: date | None
    cost_fen: int | None
    submitted_at: datetime | None
    rechecked_at: datetime | None
    failed_rounds: int
    closed_at: datetime | None
    looked_back_at: datetime | None
    reopened: int
    reason: str
    transferred_to: str
    previous: HazardRef | None
    survivor: HazardRef | None
    photos: list[PhotoFacts]
    signatures: list[SignatureFacts]
    due_dates: list[DueDateFacts]
    rechecks: list[RecheckFacts]
    sheet: SheetFacts | None = Field(description="For those whose signature is wanted now: what they sign.")
    waits_for: list[str] = Field(description="Who is next, by name and post.")
    chain: list[ChainLink] = Field(description="Who answered for place, field and enterprise at registration.")
    steps: list[StepOffer]
    joined: bool = Field(default=False, description="Registering found this hazard open already and joined it.")


def _word(choices: list[tuple[str, Any]], code: str) -> Word:
    return Word(code=code, label=str(dict(choices).get(code, code)))


def rows_of(hazards: list[Hazard]) -> list[dict[str, Any]]:
    """The facts a list shows, with names looked up once for all."""
    regions = region_names({one.region for one in hazards})
    industries = industry_names()
    names = enterprise_names(id_ for one in hazards for id_ in (one.enterprise_id, one.responsible_id))

    def enterprise(id_: UUID | None) -> EnterpriseRef | None:
        return EnterpriseRef(id=id_, name=names[id_]) if id_ else None

    return [
        {
            "id": one.pk,
            "number": one.number,
            "state": Word(code=one.state, label=str(HAZARD.state(one.state).label)),
            "version": one.version,
            "grade": _word(GRADES, one.grade),
            "source": _word(SOURCES, one.source),
            "category": Word(code=one.category, label=category_name(one.category)),
            "industry": Word(code=one.industry_id, label=industries.get(one.industry_id, one.industry_id)),
            "region": Place(code=one.region, name=regions[one.region]),
            "place": one.place,
            "description": one.description,
            "enterprise": enterprise(one.enterprise_id),
            "responsible": enterprise(one.responsible_id),
            "found_at": one.found_at,
            "due_at": one.due_at,
            "rectify_due": one.rectify_due,
            "late": one.late,
            "level": one.level,
            "recurrence": one.recurrence,
            "listing_level": one.listing_level,
            "use_stopped": one.use_stopped,
        }
        for one in hazards
    ]


SAME = (
    "source_record", "style", "registered_at", "state_since", "lon", "lat", "basis", "round", "plan", "asked_due",
    "asked_reason", "listed_at", "published_at", "delisted_at", "stop_measure", "measure_done", "finished_on", "cost_fen",
    "submitted_at", "rechecked_at", "failed_rounds", "closed_at", "looked_back_at", "reopened", "reason", "transferred_to",
)  # fmt: skip


def facts_of(actor: Actor, hazard: Hazard, *, joined: bool = False) -> HazardFacts:
    """One hazard as its page shows it."""
    return HazardFacts(
        **rows_of([hazard])[0],
        **{name: getattr(hazard, name) for name in SAME},
        finder=_finder(actor, hazard),
        regulator=hazard.regulator_name,
        clause=hazard.clause_id,
        required_signers=[_word(SIGNERS, kind) for kind in hazard.required_signers],
        previous=_ref(hazard.previous_id),
        survivor=_ref(hazard.survivor_id),
        photos=[_photo(one) for one in detail.photos(hazard)],
        signatures=[_signature(one) for one in detail.signatures(hazard)],
        due_dates=[
            DueDateFacts(due=one.due, set_at=one.set_at, step=one.step, name=one.person_name, reason=one.reason)
            for one in detail.due_dates(hazard)
        ],
        rechecks=[
            RecheckFacts(
                number=one.number,
                passed=one.passed,
                remark=one.remark,
                officers=[f"{officer['name']} ({officer['label']})" for officer in one.officers],
                on_site=one.on_site,
                at=one.at,
            )
            for one in detail.rechecks(hazard)
        ],
        sheet=_sheet(hazard) if _signs(actor, hazard) else None,
        waits_for=[f"{one.name} ({one.label})" for one in detail.waited_for(hazard)],
        chain=_chain(hazard),
        steps=[StepOffer(**one) for one in step_offers(HAZARD, hazard, actor)],
        joined=joined,
    )


def _chain(hazard: Hazard) -> list[ChainLink]:
    names = ("kind", "part", "organisation", "title", "person", "matter", "basis", "duty", "missing", "vacant")
    labels = [link.label for link in chain_links(hazard.chain)]
    return [
        ChainLink(label=label, **{name: link[name] for name in names})
        for label, link in zip(labels, hazard.chain, strict=True)
    ]


def _finder(actor: Actor, hazard: Hazard) -> str | None:
    """Who reported as a citizen is not told to the enterprise."""
    return hazard.finder_name if hazard.source != "citizen" or actor.role in OFFICIALS else None


def _signs(actor: Actor, hazard: Hazard) -> bool:
    return hazard.state == "dispatched" and signer_of(actor, hazard) is not None


def _sheet(hazard: Hazard) -> SheetFacts:
    present = sheet(hazard)
    return SheetFacts(facts=present.facts, digest=present.digest)


def _ref(id_: UUID | None) -> HazardRef | None:
    """Another hazard, when this post sees it."""
    found = Hazard.objects.filter(pk=id_).values_list("id", "number").first() if id_ else None
    return HazardRef(id=found[0], number=found[1]) if found else None


def file_url(id_: UUID, kind: str) -> str:
    return f"/api/v1/files/{id_}/{kind}"


def _photo(one: Photo) -> PhotoFacts:
    return PhotoFacts(
        file=one.file_id,
        phase=one.phase,
        at=one.at,
        taken_at=one.file.taken_at,
        sha256=one.file.sha256,
        original=file_url(one.file_id, "original"),
        display=file_url(one.file_id, "display"),
        thumb=file_url(one.file_id, "thumb"),
    )


def _signature(signed: Signed) -> SignatureFacts:
    one = signed.signature
    return SignatureFacts(
        signer=_word(SIGNERS, one.signer),
        round=one.round,
        name=one.person_name,
        post=one.post_label,
        method=one.method,
        refused=one.refused,
        reason=one.reason,
        at=one.at,
        digest=one.digest,
        drawing=file_url(one.drawing_id, "display") if one.drawing_id else None,
        bound=signed.bound,
        changed=signed.changed,
    )
