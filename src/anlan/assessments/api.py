"""Yearly assessments for programs: cards, rounds, the record with its lines, one operation for each step."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Body, Query, Router
from ninja.responses import Status

from anlan.assessments import needs, queries
from anlan.assessments.actions import open_round, publish_card, publish_round, take_step
from anlan.assessments.flow import ASSESSMENT
from anlan.assessments.rules import READERS
from anlan.assessments.schemas import (
    AssessmentCardFacts,
    CardRow,
    Cards,
    RoundFacts,
    RoundRow,
    Rounds,
    RowsBehind,
    YearlyAssessmentFacts,
    card_row,
    facts_of,
    round_facts,
    round_row,
)
from anlan.identity.asking import reader_of
from anlan.kernel.api import CursorText, Question, cursor, read_cursor
from anlan.kernel.flow.operations import add_operations
from anlan.kernel.inputs import NewId, without_id

router = Router(tags=["assessments"])
PAGE = 50


class AssessmentsQuestion(Question):
    cursor: CursorText = ""


class CardInput(needs.Publish):
    id: NewId


class RoundInput(needs.OpenRound):
    id: NewId


@router.get("assessments/cards", response=Cards, operation_id="score_cards", summary="Score cards")
def list_cards(request: HttpRequest, asked: Query[AssessmentsQuestion]) -> Cards:
    """Newest year first, of the own territory and of those above it."""
    actor = reader_of(request, READERS)
    after = read_cursor(asked.cursor, int, UUID) if asked.cursor else None
    found = queries.cards(actor, after=after, limit=PAGE + 1)
    more, found = len(found) > PAGE, found[:PAGE]
    return Cards(
        items=[CardRow(**card_row(one)) for one in found],
        next=cursor(found[-1].year, found[-1].pk) if more else None,
    )


@router.post(
    "assessments/cards",
    response={201: AssessmentCardFacts},
    operation_id="score_card_publish",
    summary="Publish a card",
)
def publish(request: HttpRequest, data: Body[CardInput]) -> Status[AssessmentCardFacts]:
    """The whole card as JSON; 422 names every place that is wrong, and nothing is kept then."""
    actor = reader_of(request, READERS)
    made = publish_card(actor=actor, data=without_id(needs.Publish, data), id=data.id)
    return Status(201, AssessmentCardFacts(**card_row(made), definition=made.definition))


@router.get(
    "assessments/cards/{uuid:score_card_id}",
    response=AssessmentCardFacts,
    operation_id="score_card",
    summary="One score card",
)
def one_card(request: HttpRequest, score_card_id: UUID) -> AssessmentCardFacts:
    found = queries.one_card(reader_of(request, READERS), score_card_id)
    return AssessmentCardFacts(**card_row(found), definition=found.definition)


@router.get("assessments/rounds", response=Rounds, operation_id="assessment_rounds", summary="Rounds of assessments")
def list_rounds(request: HttpRequest, asked: Query[AssessmentsQuestion]) -> Rounds:
    actor = reader_of(request, READERS)
    after = read_cursor(asked.cursor, int, UUID) if asked.cursor else None
    found = queries.rounds(actor, after=after, limit=PAGE + 1)
    more, found = len(found) > PAGE, found[:PAGE]
    return Rounds(
        items=[RoundRow(**round_row(one)) for one in found],
        next=cursor(found[-1].year, found[-1].pk) if more else None,
    )


@router.post(
    "assessments/rounds",
    response={201: RoundFacts},
    operation_id="assessment_round_open",
    summary="Open a year's round",
)
def open_one(request: HttpRequest, data: Body[RoundInput]) -> Status[RoundFacts]:
    """Opened again, units that are new are added to it."""
    actor = reader_of(request, READERS)
    made = open_round(actor=actor, data=without_id(needs.OpenRound, data), id=data.id)
    return Status(201, round_facts(actor, made))


@router.get(
    "assessments/rounds/{uuid:assessment_round_id}",
    response=RoundFacts,
    operation_id="assessment_round",
    summary="One round with its units",
)
def one_round(request: HttpRequest, assessment_round_id: UUID) -> RoundFacts:
    actor = reader_of(request, READERS)
    return round_facts(actor, queries.one_round(actor, assessment_round_id))


@router.post(
    "assessments/rounds/{uuid:assessment_round_id}/publication",
    response=RoundFacts,
    operation_id="assessment_round_publish",
    summary="Publish all results of a round",
)
def publish_all(request: HttpRequest, assessment_round_id: UUID, data: Body[needs.Announce]) -> RoundFacts:
    """In one act, with their places; 409 while a unit is not decided or when it was done before."""
    actor = reader_of(request, READERS)
    return round_facts(actor, publish_round(actor=actor, round=assessment_round_id, data=data))


@router.get(
    "assessments/{uuid:assessment_id}",
    response=YearlyAssessmentFacts,
    operation_id="assessment",
    summary="One assessment",
)
def one(request: HttpRequest, assessment_id: UUID, response: HttpResponse) -> YearlyAssessmentFacts:
    """Every line with inputs, formula and points, and the result computed again from what was frozen."""
    actor = reader_of(request, READERS)
    found = queries.assessment(assessment_id)
    response["ETag"] = f'"{found.version}"'
    return facts_of(actor, found)


@router.get(
    "assessments/{uuid:assessment_id}/rows/{slug:measure}",
    response=RowsBehind,
    operation_id="assessment_rows",
    summary="The records behind a figure",
)
def behind(request: HttpRequest, assessment_id: UUID, measure: str) -> RowsBehind:
    reader_of(request, READERS)
    rows, left = queries.rows_behind(queries.assessment(assessment_id), measure)
    return RowsBehind(measure=measure, rows=rows, left=left)


add_operations(
    router,
    ASSESSMENT,
    under="assessments",
    response=YearlyAssessmentFacts,
    take=lambda actor, record, step, data, version: facts_of(
        actor,
        queries.assessment(take_step(actor=actor, record=record, step=step, data=data, version=version).pk),
    ),
)
