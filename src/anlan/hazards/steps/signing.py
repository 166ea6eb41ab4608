"""Signing and what happens when somebody does not: sign, refuse, arbitrate."""

from django.utils.translation import gettext_lazy as _

from anlan.files.actions import take_drawing
from anlan.files.models import File
from anlan.hazards import needs
from anlan.hazards.models import Hazard, Signature
from anlan.hazards.rules import remember, signed_kinds, signer_of
from anlan.hazards.sheet import Sheet, sheet
from anlan.hazards.steps.finding import send, set_due
from anlan.identity.actions import confirm_second_factor
from anlan.kernel.errors import Conflict, Forbidden, Invalid
from anlan.kernel.flow import Taking
from anlan.kernel.ids import new_id


def _what_was_shown(taking: Taking) -> Sheet:
    present = sheet(taking.record)
    if present.digest != taking.data.digest:
        raise Conflict(
            _("The sheet changed since you opened it. Read it again before you sign."), code="signature.sheet_changed"
        )
    taking.digest = present.digest
    return present


def _put_down(taking: Taking, present: Sheet, *, method: str, drawing: File | None, refused: bool = False) -> None:
    actor, hazard = taking.actor, taking.record
    signer = signer_of(actor, hazard)
    if signer is None or actor.person is None or actor.post is None:
        raise Forbidden
    taking.notes["signer"] = signer
    if drawing is not None:
        taking.files.append(drawing.sha256)
    remember(hazard, signer, actor.person, refused=refused)
    Signature.objects.bulk_create(
        [
            Signature(
                id=new_id(),
                hazard=hazard,
                round=hazard.round,
                signer=signer,
                person_id=actor.person,
                person_name=actor.name,
                post_id=actor.post,
                post_label=actor.post_label,
                method=method,
                drawing=drawing,
                shown=present.shown,
                digest=present.digest,
                refused=refused,
                reason=taking.data.reason if refused else "",
                at=taking.at,
            )
        ]
    )


def sign(taking: Taking) -> str:
    """One signature; with the last required one the hazard is claimed."""
    data: needs.Sign = taking.data
    hazard: Hazard = taking.record
    present = _what_was_shown(taking)
    signer = signer_of(taking.actor, hazard)
    already = signed_kinds(hazard)
    drawing = None
    if data.drawing:
        drawing = take_drawing(actor=taking.actor, drawing=data.drawing, subject=("hazard", hazard.pk))
    elif taking.actor.person is None or not confirm_second_factor(person=taking.actor.person, code=data.code):
        raise Invalid(fields={"code": [_("This code is not valid. Codes change every 30 seconds and work once.")]})
    _put_down(taking, present, method="drawn" if drawing else "factor", drawing=drawing)
    return "claimed" if set(hazard.required_signers) <= {*already, signer} else "dispatched"


def refuse(taking: Taking) -> None:
    """A refusal is a signature too: recorded, never erased."""
    _put_down(taking, _what_was_shown(taking), method="stated", drawing=None, refused=True)
    taking.record.reason = taking.data.reason


def arbitrate(taking: Taking) -> str:
    data: needs.Arbitrate = taking.data
    taking.record.reason = data.reason
    if data.decision == "uphold":
        return "claimed"
    if data.decision == "dismiss":
        taking.record.use_stopped = False
        return "dismissed"
    if data.due is not None:
        set_due(taking, data.due, reason=data.reason)
    send(taking)
    return "dispatched"
