"""Words of the room: what codes and fields are called where people read them."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.kernel.ledger.read import Act
from anlan.kernel.phrases import NOTHING
from anlan.kernel.timeline import entry
from anlan.risks.grading import accidents, methods
from anlan.risks.models import COLOURS, CONTROL_KINDS, CYCLES, METHODS, TIERS, RiskPoint, WorkerReport

RISKS = {
    "red": gettext_lazy("major risk"),
    "orange": gettext_lazy("considerable risk"),
    "yellow": gettext_lazy("general risk"),
    "blue": gettext_lazy("low risk"),
}
SHAPES = {"red": "■", "orange": "▲", "yellow": "◆", "blue": "●"}
"""A colour is never the only sign."""
SYSTEMS = [("wgs84", "WGS 84"), ("gcj02", "GCJ-02"), ("bd09", "BD-09")]
OPTIONS: dict[str, list[tuple[Any, Any]]] = {
    "kind": CONTROL_KINDS,
    "tier": TIERS,
    "cycle": CYCLES,
    "system": SYSTEMS,
}
POINT_KINDS = RiskPoint.KINDS
STEPS = {
    "register_risk_point": gettext_lazy("Risk point registered"),
    "edit_risk_point": gettext_lazy("Risk point changed"),
    "follow_enterprise": gettext_lazy("Moved along with its enterprise or site"),
    "retire_risk_point": gettext_lazy("Risk point retired"),
    "rename_risk_unit": gettext_lazy("Risk unit renamed"),
    "add_source": gettext_lazy("Hazard source added"),
    "edit_source": gettext_lazy("Hazard source changed"),
    "retire_source": gettext_lazy("Hazard source retired"),
    "assess_source": gettext_lazy("Risk assessed"),
    "add_control": gettext_lazy("Control added"),
    "edit_control": gettext_lazy("Control changed"),
    "retire_control": gettext_lazy("Control retired"),
    "file_report": gettext_lazy("Reported on the spot"),
    "settle_report": gettext_lazy("Report settled"),
}
FIELDS = {
    "name": gettext_lazy("Name"),
    "kind": gettext_lazy("Kind"),
    "place": gettext_lazy("Place"),
    "unit": gettext_lazy("Risk unit"),
    "colour": gettext_lazy("Risk colour"),
    "tier": gettext_lazy("Tier that answers"),
    "assessed_on": gettext_lazy("Assessed on"),
    "reassess_by": gettext_lazy("Assess again by"),
    "emergency_phone": gettext_lazy("Emergency phone"),
    "emergency_measures": gettext_lazy("Emergency measures"),
    "description": gettext_lazy("How it comes about"),
    "accidents": gettext_lazy("Accidents it may cause"),
    "words": gettext_lazy("Control measure"),
    "cycle": gettext_lazy("Checked"),
    "holder_name": gettext_lazy("Person"),
    "lon": gettext_lazy("Longitude"),
    "lat": gettext_lazy("Latitude"),
    "region": gettext_lazy("Region"),
}
REPORT_TONES = {"waiting": "waiting", "hazard": "done", "answered": "done"}


def risk_words(colour: str) -> str:
    """重大风险: the legal name of a colour."""
    return str(RISKS[colour]) if colour else _("not assessed")


def risk_view(colour: str) -> dict[str, Any] | None:
    """As the risk badge takes it."""
    return {"colour": colour, "label": f"{SHAPES[colour]} {risk_words(colour)}"} if colour else None


def tier_words(tier: str) -> str:
    return str(dict(TIERS).get(tier, ""))


def method_words(method: str) -> str:
    return methods()[method].words if method in methods() else str(dict(METHODS)[method])


def accident_list(codes: list[str]) -> str:
    names = accidents()
    return _(", ").join(names.get(code, code) for code in codes)


def factors_words(factors: dict[str, str]) -> str:
    """L 3 × E 6 × C 15."""
    # JSON columns forget the order; in this one every method reads as its name says.
    ordered = sorted(factors, key="LMESC".index)
    return " × ".join(f"{letter} {factors[letter]}" for letter in ordered)


def score_words(score: Decimal | None) -> str:
    return f"{score.normalize():f}" if score is not None else "–"


def report_state(report: WorkerReport) -> dict[str, Any]:
    return {"code": report.state, "label": dict(WorkerReport.STATES)[report.state], "tone": REPORT_TONES[report.state]}


def timeline(history: list[Act]) -> list[dict[str, Any]]:
    """Newest first, as the timeline component takes it."""
    return [
        entry(
            act,
            what=str(STEPS.get(act.step, act.step)),
            note=_note(act),
            changes=[
                {"label": FIELDS[field], "before": _said(field, old), "after": _said(field, new)}
                for field, (old, new) in act.changes.items()
                if field in FIELDS
            ],
        )
        | {"who": act.actor_name or _("somebody at the point")}
        for act in reversed(history)
    ]


def _note(act: Act) -> str:
    data = act.data
    if act.step == "assess_source":
        how = factors_words(data.get("factors") or {})
        total = f" = {score_words(Decimal(data['score']))}" if data.get("score") else ""
        lines = [f"{data['name']}: {risk_words(data['colour'])}", f"{how}{total}", str(data.get("direct_reason") or "")]
        return "\n".join(line for line in lines if line)
    if act.step == "settle_report":
        return str(data.get("answer") or data.get("number") or "")
    return str(data.get("reason") or data.get("words") or data.get("name") or "")


def _said(field: str, value: Any) -> str:
    if value in (None, "", []):
        return NOTHING
    tables: dict[str, dict[str, Any]] = {
        "colour": dict(COLOURS),
        "tier": dict(TIERS),
        "cycle": dict(CYCLES),
        "kind": dict(POINT_KINDS) | dict(CONTROL_KINDS),
    }
    if field == "accidents":
        return accident_list(value)
    return str(tables.get(field, {}).get(value, value))
