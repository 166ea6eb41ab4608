"""What the verbs ask for: the forms, the API schemas and the validation are these."""

from datetime import date
from typing import Annotated, Literal, TypeVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, BaseModel, Field

from anlan.identity.roles import ROLES
from anlan.kernel.codes import CodeError, is_region, parse_mobile
from anlan.kernel.inputs import Input, Line

M = TypeVar("M", bound=BaseModel)


def _username(text: str) -> str:
    name = text.lower()
    if not name or not all(sign.isalnum() or sign in "._-@" for sign in name):
        raise ValueError(_("Letters, digits and . _ - @ only."))
    return name


def _phone(text: str) -> str:
    if not text:
        return ""
    try:
        return parse_mobile(text)
    except CodeError as error:
        raise ValueError(str(error)) from None


def _email(text: str) -> str:
    from django.core.exceptions import ValidationError as Refused
    from django.core.validators import validate_email

    if text:
        try:
            validate_email(text)
        except Refused:
            raise ValueError(_("Write an address such as name@example.cn.")) from None
    return text


def _region(code: int) -> int:
    if not is_region(code):
        raise ValueError(_("Write a region code of twelve digits."))
    return code


def _role(code: str) -> str:
    if code not in ROLES:
        raise ValueError(_("Choose one of the list."))
    return code


Username = Annotated[Line, Field(min_length=2, max_length=60), AfterValidator(_username)]
Name = Annotated[Line, Field(min_length=1, max_length=60)]
Phone = Annotated[Line, AfterValidator(_phone)]
Email = Annotated[Line, AfterValidator(_email)]
Region = Annotated[int, AfterValidator(_region)]
Mask = Annotated[int, Field(ge=-1, lt=1 << 62)]


class NewAccount(Input):
    username: Username
    name: Name
    phone: Phone = ""
    email: Email = ""
    certificate: Annotated[Line, Field(max_length=40)] = ""
    language: Literal["zh-hans", "en"] = "zh-hans"


class AccountFacts(Input):
    """What may be corrected later; the username stays."""

    name: Name
    phone: Phone = ""
    email: Email = ""
    certificate: Annotated[Line, Field(max_length=40)] = ""


class NewPost(Input):
    """`industries` is a bit mask, −1 means all; the days are included."""

    role: Annotated[str, AfterValidator(_role)]
    region: Region
    title: Annotated[Line, Field(max_length=60)] = ""
    industries: Mask = -1
    organisation: UUID | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class PostEnd(Input):
    """Without a last day the post ends at once."""

    last_day: date | None = None
    reason: Annotated[Line, Field(max_length=200)] = ""


class Reason(Input):
    reason: Annotated[Line, Field(min_length=2, max_length=200)]


class OrganisationFacts(Input):
    name: Annotated[Line, Field(min_length=2, max_length=120)]
    kind: Literal["committee", "department", "government", "group", "enterprise"]
    region: Region
    parent: UUID | None = None
    industries: Mask = 0
    phone: Annotated[Line, Field(max_length=20)] = ""
    active: bool = True


class NewToken(Input):
    name: Annotated[Line, Field(min_length=1, max_length=60)]
    days: Annotated[int, Field(ge=1, le=366)] = 90
