"""The JSON shapes of citizens' accounts."""

from uuid import UUID

from pydantic import Field

from anlan.identity.citizens import Known
from anlan.kernel.api import Output, Question


class CitizenMe(Output):
    id: UUID
    name: str
    phone: str = Field(description="With the middle hidden; empty when none is known.")
    guest: bool
    named: bool = Field(description="A real name was given.")
    verified: bool = Field(description="Somebody vouched for the real name.")
    wechat: bool
    large_type: bool
    language: str


class CitizenEntered(Output):
    """A session began; `csrf` is what its writes carry as `X-CSRFToken`."""

    person: CitizenMe
    csrf: str


class CitizenToken(Output):
    token: str = Field(description="Bearer token, for 30 days.")
    person: CitizenMe


class CodeSent(Output):
    wait_seconds: int = Field(description="Until another code may be asked for.")
    valid_seconds: int


class ClosingCode(Output):
    number: str = Field(description="Of the report.")
    code: str = Field(description="The claim code that opens it, and what it earned, from now on.")


class AccountClosed(Output):
    """What whoever leaves takes along."""

    codes: list[ClosingCode]


class CitizenTemplates(Output):
    templates: dict[str, str] = Field(description="Name of the message → template id for wx.requestSubscribeMessage.")


class GuestQuestion(Question):
    token: bool = False


def citizen_me(found: Known) -> CitizenMe:
    return CitizenMe(
        id=found.person,
        name=found.name,
        phone=found.masked_phone,
        guest=found.guest,
        named=found.named,
        verified=found.verified,
        wechat=bool(found.openid),
        large_type=found.large_type,
        language=found.language,
    )
