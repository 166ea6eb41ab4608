"""What a phone asks for: `self_check.do`."""

from anlan.inspections.actions.self_check import do_check
from anlan.inspections.self_check_needs import CheckFinding, DoCheck, SentCheck
from anlan.inspections.wording_self_check import state_words
from anlan.kernel.actor import Actor
from anlan.kernel.commands import Command, Done, command


def _photos(data: SentCheck) -> list[str]:
    return [digest for finding in data.findings for digest in finding.photos]


@command("self_check.do", SentCheck, fact=True, names=_photos)
def do(actor: Actor, asked: Command, data: SentCheck) -> Done:
    """`subject` is the id the phone made for the check; the findings' photos are named by hash in the payload."""
    findings = [
        CheckFinding.model_construct(**vars(one) | {"photos": asked.files_of(one.photos)}) for one in data.findings
    ]
    whole = DoCheck.model_construct(**vars(data) | {"findings": findings, "photos": list(asked.files)})
    check = do_check(actor=actor, id=asked.subject, data=whole, client_at=asked.client_at)
    hazards = [
        {"finding": one.pk, "hazard": one.hazard_id, "number": one.hazard_number, "joined": one.joined}
        for one in check.findings.filter(pk__in=[one.id for one in data.findings]).order_by("found_at", "id")
    ]
    return Done(
        version=check.version,
        record={
            "id": check.pk,
            "cycle": check.cycle,
            "period": check.period,
            "state": check.state,
            "state_label": state_words(check.state),
            "findings": hazards,
        },
    )
