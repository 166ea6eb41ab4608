"""What the verbs of citizens' accounts ask for."""

from typing import Annotated, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, Field

from anlan.kernel.api import example
from anlan.kernel.codes import CodeError, id_card_fault, parse_mobile, tidy
from anlan.kernel.inputs import Input, Line, asks


def _mobile(text: str) -> str:
    try:
        return parse_mobile(text)
    except CodeError as fault:
        raise ValueError(str(fault)) from None


def _id_card(text: str) -> str:
    digits = tidy(text)
    if fault := id_card_fault(digits):
        raise ValueError(fault)
    return digits


Mobile = Annotated[str, Field(max_length=30), AfterValidator(_mobile)]
Secret = Annotated[str, Field(min_length=1, max_length=200)]


class CodeAsked(Input):
    """A code for a phone. `proof`: only when one was asked for (`rate.proof_needed`)."""

    model_config = example(phone="13800001234")
    phone: Mobile = asks(_("Mobile phone number"))
    proof: str = Field(default="", max_length=200)


class PhoneSignIn(Input):
    model_config = example(phone="13800001234", code="123456")
    phone: Mobile = asks(_("Mobile phone number"))
    code: str = asks(_("Code from the text message"), max_length=20)


class WechatSignIn(Input):
    """`code` of wx.login; `phone_code` of the phone button."""

    model_config = example(code="0e3XYZ")
    code: Secret
    phone_code: str = Field(default="", max_length=200)


class GuestSignIn(Input):
    model_config = example(proof="1795000000.14.9f2c41d07a3be655.0b5e…:20931")
    proof: str = Field(default="", max_length=200)


class MyFacts(Input):
    """What is sent is set."""

    name: Annotated[Line, Field(max_length=30)] | None = asks(_("Name"), default=None)
    language: Literal["zh-hans", "en"] | None = None
    large_type: bool | None = None


class RealName(Input):
    """The number is compared and forgotten; a keyed digest and its last four characters stay."""

    model_config = example(name="王小明", id_number="11010519491231002X")
    name: Annotated[Line, Field(min_length=2, max_length=30)] = asks(_("Real name"))
    id_number: Annotated[str, Field(max_length=30), AfterValidator(_id_card)] = asks(_("Identity number"))


class Subscription(Input):
    """One acceptance is one message; `long_term` where WeChat granted it for good."""

    model_config = example(template="report.answered", accepted=True)
    template: str = Field(max_length=64)
    accepted: bool
    long_term: bool = False
