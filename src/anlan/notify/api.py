"""One's own messages for programs."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Body, Query, Router
from pydantic import Field

from anlan.identity.asking import actor_of
from anlan.kernel.api import MOST, CursorText, Output, Question, as_moment, cursor, read_cursor
from anlan.kernel.inputs import Input
from anlan.notify.actions import mark_read
from anlan.notify.queries import COUNTED, inbox, unread_count

router = Router(tags=["messages"])


class MessagesQuestion(Question):
    unread: bool = False
    limit: Annotated[int, Field(ge=1, le=MOST)] = 50
    cursor: CursorText = ""


class MessageFacts(Output):
    """A code and its facts; `facts.why` says why it was sent to you."""

    id: UUID
    kind: str
    facts: dict[str, Any]
    url: str
    subject_type: str
    subject: UUID | None
    at: datetime
    read_at: datetime | None


class MessagePage(Output):
    items: list[MessageFacts]
    next: str | None = Field(description="Cursor of the next page; null on the last one.")
    unread: int = Field(description=f"Unread in all, counted up to {COUNTED}.")


class WhichMessages(Input):
    ids: Annotated[list[UUID], Field(max_length=MOST)] | None = Field(default=None, description="All when left out.")


class HowMany(Output):
    marked: int


@router.get("messages", response=MessagePage, operation_id="messages", summary="My messages, newest first")
def messages(request: HttpRequest, asked: Query[MessagesQuestion]) -> MessagePage:
    actor = actor_of(request)
    after: Any = read_cursor(asked.cursor, as_moment, UUID) if asked.cursor else None
    page = inbox(actor, unread=asked.unread, after=after, limit=asked.limit)
    return MessagePage(
        items=[
            MessageFacts(
                id=one.pk,
                kind=one.kind,
                facts=one.facts,
                url=one.url,
                subject_type=one.subject_type,
                subject=one.subject_id,
                at=one.at,
                read_at=one.read_at,
            )
            for one in page.rows
        ],
        next=cursor(page.after[0].isoformat(), page.after[1]) if page.after else None,
        unread=unread_count(actor),
    )


@router.post("messages/read", response=HowMany, operation_id="messages_read", summary="Mark messages as read")
def read(request: HttpRequest, data: WhichMessages = Body(default_factory=WhichMessages)) -> HowMany:  # noqa: B008
    """Only one's own; ids of others are passed over like absent ones."""
    return HowMany(marked=mark_read(actor=request.actor, ids=data.ids))  # type: ignore[attr-defined]
