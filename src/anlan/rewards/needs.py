"""What each step asks for: the form, the API schema and the validation."""

from typing import Annotated, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from anlan.kernel.inputs import Input, Line, Prose, asks
from anlan.rewards.computing import STATED

Fen = Annotated[int, Field(ge=0, le=100_000_000_00)]
StatedName = Literal["kin", "penalised", "malicious"]
if set(StatedName.__args__) != set(STATED):  # type: ignore[attr-defined]
    raise RuntimeError("what may be stated is said in two ways")


class Stated(Input):
    """What an official knows and the platform cannot look up."""

    fine_fen: Fen | None = asks(
        _("Fine imposed (yuan)"),
        widget="money",
        help=_("Where the reward is a share of the fine. Empty: none so far, the least amount counts."),
        default=None,
    )
    fine_document: Line = asks(
        _("Number of the decision"),
        help=_("Needed where a fine is stated: the approver looks it up."),
        default="",
        validate_default=True,
    )
    excludes: list[StatedName] = asks(_("Excluded because"), widget="excludes", default=[])

    @field_validator("fine_document")
    @classmethod
    def _with_its_decision(cls, document: str, info: ValidationInfo) -> str:
        if info.data.get("fine_fen") and not document:
            raise ValueError(gettext_lazy("A fine is stated with the number of its decision."))
        return document


class Propose(Stated):
    """A verified and answered report earns something."""

    report: UUID = asks(_("Report"), widget="hidden")
    remark: Prose = asks(_("Remark"), widget="prose", default="")


class Recompute(Stated):
    reason: Prose = asks(_("Why it is computed again"), widget="prose", min_length=2)


class Approve(Input):
    remark: Prose = asks(_("Remark"), widget="prose", default="")


class Refuse(Input):
    reason: Annotated[Prose, Field(min_length=2, max_length=300)] = asks(
        _("Reason"),
        widget="prose",
        help=_("The office and the dispatcher read it; the reporter is not told of amounts."),
    )


class Offer(Input):
    """The platform's own: the reporter is told and may claim."""


def _openid(text: str) -> str:
    if text and not all(one.isascii() and (one.isalnum() or one in "-_") for one in text):
        raise ValueError(gettext_lazy("This is not an openid."))
    return text


class Claim(Input):
    way: Literal["wechat", "voucher"] = asks(_("How to be paid"))
    openid: Annotated[str, Field(max_length=64), AfterValidator(_openid)] = asks(_("openid"), default="")
    name: Annotated[Line, Field(max_length=60)] = asks(
        _("Name as WeChat knows it"), help=_("Needed from 2,000 yuan on."), default=""
    )


class Settle(Input):
    """The platform's own: how the bill ended."""

    bill: UUID
    state: Literal["SUCCESS", "FAIL", "CANCELLED"]
    words: Line = ""


class PayOut(Input):
    """A voucher is paid in cash or by bank transfer."""

    code: Annotated[Line, Field(min_length=8, max_length=40)] = asks(_("Code on the voucher"))
    means: Literal["cash", "bank"] = asks(_("Paid by"))
    receipt: Annotated[Line, Field(min_length=2, max_length=60)] = asks(_("Number of the receipt or bank slip"))


class Confirm(Input):
    correct: bool = asks(_("Receipt and amount are right"), widget="yesno")
    remark: Prose = asks(_("Remark"), widget="prose", default="")


class TakeBack(Input):
    reason: Annotated[Prose, Field(min_length=2, max_length=300)] = asks(_("Reason"), widget="prose")


class Dispute(Input):
    """The platform's own: a payment contradicts itself."""

    bill: UUID
    why: Line


class Resolve(Input):
    """What is true of a payment that contradicts itself."""

    bill: UUID | None = asks(_("Payment"), widget="hidden", default=None)
    finding: Literal["paid", "not_paid"] = asks(_("What is true of this payment"))
    fen: Annotated[int, Field(ge=1, le=100_000_000_00)] | None = asks(
        _("What was really paid (yuan)"),
        widget="money",
        help=_("Where money went out. Empty: the amount of the bill."),
        default=None,
    )
    document: Annotated[Line, Field(min_length=2, max_length=100)] = asks(
        _("Evidence"), help=_("The service's written answer, the bank's statement: its number and date.")
    )
    reason: Annotated[Prose, Field(min_length=5, max_length=300)] = asks(_("Reason"), widget="prose")


class Recover(Input):
    """What was paid beyond what was owed came back."""

    receipt: Annotated[Line, Field(min_length=2, max_length=60)] = asks(_("Number of the receipt or bank slip"))
    reason: Annotated[Prose, Field(min_length=2, max_length=300)] = asks(_("Reason"), widget="prose")


class SetBudget(Input):
    year: Annotated[int, Field(ge=2000, le=2199)] = asks(_("Year"))
    fen: Annotated[int, Field(ge=0, le=10_000_000_000_00)] = asks(_("Budget (yuan)"), widget="money")
    basis: Line = asks(_("Document"), help=_("By which it was granted."), default="")
