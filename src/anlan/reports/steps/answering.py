"""The office's review, the answer, and what the reporter says of it."""

from anlan.kernel import scope
from anlan.kernel.errors import Forbidden
from anlan.kernel.flow import Taking
from anlan.kernel.ids import new_id
from anlan.reports import seals
from anlan.reports.models import Opinion, Report, Seal, SealOpening
from anlan.reports.steps.evidence import bring_photos


def review(taking: Taking) -> None:
    taking.record.answer = taking.data.answer


def answer(taking: Taking) -> None:
    taking.record.answered_at = taking.at


def contest(taking: Taking) -> None:
    """Once: it goes back to the desk, which sends it out again. What followed another report stands on its own from now on."""
    report: Report = taking.record
    report.contested += 1
    report.reopened += 1
    report.satisfied, report.outcome, report.duplicate_of_id = None, "", None
    report.handled_at = report.answered_at = report.verified_at = None
    _said(taking, "contest", None, taking.data.words)
    bring_photos(taking, taking.data.photos, phase="report")


def rate(taking: Taking) -> None:
    taking.record.satisfied = taking.data.satisfied
    _said(taking, "rating", taking.data.satisfied, taking.data.words)


def _said(taking: Taking, kind: str, satisfied: bool | None, words: str) -> None:
    opinion = Opinion(
        id=new_id(), report_id=taking.record.pk, kind=kind, satisfied=satisfied, words=words[:500], at=taking.at
    )

    def keep() -> None:
        with scope.elevated("a reporter by claim code has no account that could see the report"):
            opinion.save(force_insert=True)

    taking.later.append(keep)


def join(taking: Taking) -> None:
    """Somebody else saw the same: they follow it from now on, sealed like the first."""
    report: Report = taking.record
    report.joined += 1
    seal = seals.seal_of_joiner(report.pk, taking.actor, taking.at)
    taking.notes["seal"] = seal.digest
    taking.later.append(lambda: seals.keep([seal]))
    bring_photos(taking, taking.data.photos, phase="report")


def open_seal(taking: Taking) -> None:
    report: Report = taking.record
    actor = taking.actor
    if actor.person is None:
        raise Forbidden
    opening = SealOpening(
        id=new_id(),
        report_id=report.pk,
        person_id=actor.person,
        name=actor.name,
        post_label=actor.post_label[:120],
        reason=taking.data.reason,
        at=taking.at,
    )
    with scope.elevated("which seals are opened is noted by their digests"):
        taking.notes["seal"] = list(
            Seal.objects.filter(report_id=report.pk).order_by("at", "id").values_list("digest", flat=True)
        )
    taking.later.append(lambda: SealOpening.objects.bulk_create([opening]))


def anonymise(taking: Taking) -> None:
    """Names, phones and employers of a report answered long ago go; by whom it was sent, the account alone still knows."""
    report: Report = taking.record
    report.anonymised_at = taking.at
    seals_of = Seal.objects.filter(report_id=report.pk)
    taking.later.append(
        lambda: seals_of.update(name="", phone="", verified=False, employee_of=None, retry="", anonymised_at=taking.at)
    )
