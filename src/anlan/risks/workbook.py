"""The workbook of risk points, in and out: one row a point and source, as a department's list of risk control has it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.kernel.codes import make_uscc, uscc_fault
from anlan.kernel.exchange import Choices, Column, SheetSpec, WorkbookSpec
from anlan.registry.inputs import name_fault, phone_fault
from anlan.registry.models import Enterprise, Placed
from anlan.registry.queries import industry_names, region_names
from anlan.registry.workbooks import both, column
from anlan.risks.grading import accident_words, accidents, methods
from anlan.risks.models import CONTROL_KINDS, CYCLES, METHODS, TIERS, Assessment, Control, HazardSource, RiskPoint
from anlan.risks.wording import RISKS

FACTORS = ("L", "E", "C", "M", "S")
CONTROLS = tuple(code for code, _label in CONTROL_KINDS)
_MEASURES = {
    "engineering": _("Engineering measures"),
    "management": _("Management measures"),
    "training": _("Training measures"),
    "protection": _("Personal protection"),
    "emergency": _("Emergency response"),
}


def _columns() -> list[Column]:
    text: dict[str, Any] = {"max_length": 400, "multiline": True, "width": 30}
    return [
        column(
            "uscc", _("Unified social credit code"), kind="code", exact_length=18, required=True, validate=uscc_fault,
            example=make_uscc(31**5, region=141002000000), width=24,
        ),
        column("unit", _("Risk unit"), max_length=120, example="熔炼车间"),
        column("name", _("Risk point"), required=True, max_length=120, validate=name_fault, example="1号熔炼炉", width=24),
        column("kind", _("Kind of point"), kind="choice", choices_from="point_kinds", width=14,
               help=_("Empty means a facility, position, place or area.")),
        column("place", _("Place"), max_length=200, width=24),
        column("region", _("Region"), kind="choice", choices_from="regions", width=24,
               help=_("Empty means where the enterprise lies.")),
        column("industry", _("Industry"), kind="choice", choices_from="industries", width=18,
               help=_("Empty means that of the enterprise.")),
        column("lon", _("Longitude"), kind="decimal", minimum=-180, maximum=180, width=13),
        column("lat", _("Latitude"), kind="decimal", minimum=-90, maximum=90, width=13),
        column("system", _("Coordinate system"), kind="choice", choices_from="systems", width=13,
               help=_("Of the map the point was read from. Empty means WGS 84.")),
        column("source", _("Hazard source"), required=True, max_length=120, validate=name_fault, example="高温金属液喷溅", width=24),
        column("accidents", _("Accidents it may cause"), required=True, max_length=200, example="灼烫、火灾", width=24,
               help=_("Kinds of GB 6441, separated by commas.")),
        column("method", _("Method"), kind="choice", choices_from="risk_methods", required=True, width=12),
        *(column(letter, letter, kind="decimal", places=2, width=7) for letter in FACTORS),
        column("direct_reason", _("Determined directly because"), max_length=300, width=24,
               help=_("Makes it red whatever the score; needed when the method is direct determination.")),
        column("assessed_on", _("Assessed on"), kind="date", width=13, help=_("Empty means today.")),
        column("colour", _("Risk colour"), kind="choice", choices_from="risk_colours", width=12,
               help=_("May stay empty: the colour is worked out by the rules. A different one is a fault.")),
        *(column(code, _MEASURES[code], **text) for code in CONTROLS),
        column("tier", _("Tier that answers"), kind="choice", choices_from="risk_tiers", width=14),
        column("holder", _("Person"), max_length=60, width=12),
        column("cycle", _("Checked"), kind="choice", choices_from="risk_cycles", width=10, help=_("Empty means monthly.")),
        column("emergency_phone", _("Emergency phone"), kind="code", max_length=20, validate=phone_fault, width=16),
    ]  # fmt: skip


def book() -> WorkbookSpec:
    title = _("Risk points")
    sheet = SheetSpec(
        name="risk_points", title=title, columns=_columns(), unique=[("uscc", "name", "source")], aliases=both(title)
    )
    return WorkbookSpec(
        title=_("Risk points with their sources"),
        sheets=[sheet],
        notes=[
            _("One row for each source of a risk point. A point with several sources stands in several rows;"
              " its own facts may then be written once."),
            _("L, E, C, M and S take only the values of the method's scale: LS uses L and S; LEC uses L, E and C; MES uses M, E and S."),
            _("Up to 100,000 rows in one file."),
        ],
    )  # fmt: skip


def _tables() -> dict[str, list[tuple[str, Any]]]:
    return {
        "point_kinds": list(RiskPoint.KINDS),
        "risk_methods": list(METHODS),
        "risk_colours": list(RISKS.items()),
        "risk_tiers": list(TIERS),
        "risk_cycles": list(CYCLES),
    }


def template_choices(_actor: Any) -> Choices:
    return {name: {str(label): code for code, label in rows} for name, rows in _tables().items()}


def reading_choices() -> Choices:
    """The words in either language, and codes; the colours also by their bare names."""
    found = {
        name: {word: code for code, label in rows for word in (*both(label), code)} for name, rows in _tables().items()
    }
    bare = dict(RiskPoint._meta.get_field("colour").choices or ())
    found["risk_colours"] |= {word: code for code, label in bare.items() for word in both(label)}
    found["risk_colours"] |= {"红": "red", "橙": "orange", "黄": "yellow", "蓝": "blue"}
    found["risk_methods"] |= {word: code for code, one in methods().items() for word in (one.zh, one.en)}
    return found


def words_of_accidents() -> dict[str, str]:
    return accident_words()


def export_columns() -> list[Column]:
    """The import's own columns, behind number, enterprise and what was worked out."""
    more = [
        Column(key="number", title=_("Number"), width=24),
        Column(key="enterprise", title=_("Enterprise"), width=30),
        Column(key="score", title=_("Score"), kind="decimal", places=2, width=10),
        Column(key="reassess_by", title=_("Assess again by"), kind="date", width=14),
    ]
    return [*more, *_columns()]


def export_lines(points: list[RiskPoint]) -> list[list[Any]]:
    """A row for each source; a point without any has one row. Five queries whatever the number."""
    ids = [one.pk for one in points]
    sources: dict[Any, list[HazardSource]] = {}
    for source in HazardSource.objects.filter(point_id__in=ids, active=True).order_by("id"):
        sources.setdefault(source.point_id, []).append(source)
    found = [one.pk for rows in sources.values() for one in rows]
    judged: dict[Any, Assessment] = {}
    for row in Assessment.objects.filter(source_id__in=found).order_by("at", "id"):
        judged[row.source_id] = row
    held: dict[Any, list[Control]] = {}
    for control in Control.objects.filter(source_id__in=found, active=True).order_by("id"):
        held.setdefault(control.source_id, []).append(control)
    places, fields, kinds = region_names(one.region for one in points), industry_names(), accidents()
    owners = {one.enterprise_id: one.enterprise for one in points}
    return [
        _line(point, source, judged.get(source.pk) if source else None, held.get(source.pk, []) if source else [],
              owners[point.enterprise_id], places.get(point.region, ""), fields.get(point.industry_id, ""), kinds)
        for point in points
        for source in [*sources.get(point.pk, ()), *([] if point.pk in sources else [None])]
    ]  # fmt: skip


def _line(
    point: RiskPoint,
    source: HazardSource | None,
    judged: Assessment | None,
    controls: list[Control],
    owner: Enterprise,
    place: str,
    field: str,
    kinds: dict[str, str],
) -> list[Any]:
    first = controls[0] if controls else None
    factors = judged.factors if judged else {}
    placed = point.original_lon is not None
    measures = ["\n".join(one.words for one in controls if one.kind == code) for code in CONTROLS]
    return [
        point.number, owner.name, judged.score if judged else None, source.reassess_by if source else None,
        owner.uscc, point.unit.name if point.unit else "", point.name, str(dict(RiskPoint.KINDS)[point.kind]), point.place,
        place, field, point.original_lon, point.original_lat,
        dict(Placed.SYSTEMS)[point.original_system] if placed else "",
        source.name if source else "", "、".join(kinds.get(code, code) for code in source.accidents) if source else "",
        str(dict(METHODS)[judged.method]) if judged else "",
        *(float(factors[letter]) if letter in factors else None for letter in FACTORS),
        judged.direct_reason if judged else "", judged.assessed_on if judged else None,
        str(RISKS[source.colour]) if source and source.colour else "",
        *measures, str(dict(TIERS)[first.tier]) if first else "", first.holder_name if first else "",
        str(dict(CYCLES)[first.cycle]) if first else "", point.emergency_phone,
    ]  # fmt: skip
