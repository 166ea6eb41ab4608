"""What an alert says as the ground of an instrument: its rows in words; and an instrument as the ground of the one that follows it."""

from uuid import UUID

from django.urls import reverse

from anlan.enforcement.filling.grounds import Grounds, Officer, Problem, grounds_of, known_sources, source_by
from anlan.enforcement.models import Instrument
from anlan.enforcement.queries.alerts import Alert
from anlan.kernel import clock
from anlan.kernel.reading import read_day


@source_by("instrument")
def instrument(record: UUID) -> Grounds | None:
    """An earlier instrument: its facts, its numbered problems, its officers."""
    row = Instrument.objects.filter(pk=record).first()
    if row is None:
        return None
    fields = row.fields
    served = f"{row.served_on.isoformat()}送达" if row.served_on else "未送达"
    return Grounds(
        source="instrument",
        id=row.pk,
        number=row.number,
        title=f"{row.title} {row.number}".strip(),
        url=reverse("enforcement:record", args=[row.pk]),
        region=row.place,
        industry_bit=row.industry_bit,
        enterprise=row.enterprise_id,
        organisation=row.unit_id,
        place=str(fields.get("place", "")),
        day=row.served_on or clock.day_of(row.created_at),
        facts=str(fields.get("facts") or fields.get("risk") or f"《{row.title}》（{row.number}）{served}。"),
        problems=tuple(
            Problem(text=str(one.get("text", "")), basis=str(one.get("basis", "")), due_on=read_day(one.get("due")))
            for one in fields.get("problems", ())
        ),
        officers=tuple(
            Officer(name=str(one.get("name", "")), certificate=str(one.get("certificate", "")))
            for one in fields.get("officers", ())
        ),
        state=row.state,
    )


def grounds_of_alert(alert: Alert) -> Grounds:
    """
    The record that the next instrument is drafted from, with the alert's own words as its facts.

    Raises NotFound when that record lies out of sight.
    """
    kind, record = _source(alert)
    found = grounds_of(kind, record)
    if alert.sort == "recheck":
        return found
    facts = {"title": _title(alert), "facts": _facts(alert), "enterprise": alert.enterprise}
    return Grounds(**{name: getattr(found, name) for name in Grounds.__dataclass_fields__} | facts)


def _source(alert: Alert) -> tuple[str, UUID]:
    """A record of a room downstream, which nobody registered, gives way to the instrument drafted from it."""
    if alert.source and alert.source[0] in known_sources():
        return alert.source
    line = next(one for one in alert.lines if one.model == "instrument")
    return line.model, line.id


def _title(alert: Alert) -> str:
    return {
        "closure": "多次受到行政处罚且存在重大事故隐患",
        "key": "一年内多次受到行政处罚",
        "repeat": "重大事故隐患反复出现",
    }[alert.sort]


def _facts(alert: Alert) -> str:
    penalties = _numbers(alert, "instrument")
    hazards = _numbers(alert, "hazard")
    span = "一年" if alert.days >= 365 else f"{alert.days}日"
    if alert.sort == "repeat":
        return f"近{span}内同一条款的重大事故隐患出现{alert.count}次（{hazards}）。"
    said = f"近{span}内受到行政处罚{alert.count}次（{penalties}）"
    return f"{said}，且仍存在未整改完毕的重大事故隐患（{hazards}）。" if hazards else f"{said}。"


def _numbers(alert: Alert, model: str) -> str:
    return "、".join(f"{one.number}，{one.day.isoformat()}" for one in alert.lines if one.model == model)
