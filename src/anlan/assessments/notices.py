"""Who is told what of an assessment."""

from typing import Any

from anlan.assessments.models import Assessment
from anlan.assessments.rules import AT_WORK
from anlan.identity import roles
from anlan.identity.holders import Whom, reach
from anlan.kernel.citysettings import value
from anlan.kernel.flow import Taking
from anlan.notify.actions import send


def _unit(record: Assessment) -> Whom:
    return Whom(roles=sorted(AT_WORK), region=record.region, enterprise=record.unit_id)


def _office(record: Assessment) -> Whom:
    return Whom(roles=[roles.OFFICE], region=record.territory, nearest=True)


def whom(record: Assessment) -> list[Whom]:
    """Whom an assessment waits for now."""
    if record.state in ("opened", "notified"):
        return [_unit(record)]
    return [_office(record)] if record.state in ("self_scored", "checked", "appealed") else []


def _tell(record: Assessment, to: list[Whom], kind: str, taking: Taking, **facts: Any) -> None:
    but = taking.actor.person
    send(
        to=[found for one in to for found in reach(one) if found[0] != but],
        done_by=but,
        kind=kind,
        facts={"number": record.number, "state": record.state, "place": record.unit_name[:60], **facts},
        url=f"/assessments/{record.pk}/",
        subject_type="assessment",
        subject_id=record.pk,
    )


def moved(taking: Taking) -> None:
    _tell(taking.record, whom(taking.record), "assessment.waits", taking, why=f"waits:{taking.record.state}")


def done(taking: Taking) -> None:
    """The unit is told what became of it."""
    _tell(taking.record, [_unit(taking.record)], "assessment.told", taking, why="assessed")


def climbed(taking: Taking) -> None:
    from anlan.assessments.rulings import LADDER

    record: Assessment = taking.record
    ladder = value(LADDER.key, record.territory)
    to = [_office(record)] if ladder[taking.data.level - 1]["to"] == "office" else whom(record)
    kind = "assessment.late" if record.late else "assessment.remind"
    _tell(record, to, kind, taking, level=taking.data.level, why="waited_for")
