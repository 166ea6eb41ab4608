"""The workbooks the registry takes in: their sheets, columns and drop-downs."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from anlan.identity import roles
from anlan.identity.models import Organisation, Region
from anlan.kernel.actor import Actor
from anlan.kernel.codes import format_region, make_uscc, uscc_fault
from anlan.kernel.exchange import Choices, Column, SheetSpec, WorkbookSpec
from anlan.kernel.phrases import in_tongue
from anlan.registry.facilities import facility_names
from anlan.registry.inputs import SCALES, facilities_fault, mobile_fault, name_fault, phone_fault
from anlan.registry.kinds import kinds
from anlan.registry.models import Enterprise, Industry
from anlan.registry.queries import industries, region_choices, region_names

_GRADES = tuple(code for code, _label in Enterprise.GRADES if code)
LANGUAGES = ("zh-hans", "en")
IMPORTED_ROLES = tuple(code for code in roles.ROLES if code not in roles.ADMINISTRATORS | {roles.CITIZEN})
"""Administrators are appointed one by one on the page, citizens sign up themselves."""


def both(words: object) -> tuple[str, ...]:
    """The words in each language, so that a template fetched in one is understood in the other."""
    found = []
    for language in LANGUAGES:
        with override(language):
            found.append(str(words))
    return tuple(found)


def column(key: str, title: Any, **facts: Any) -> Column:
    return Column(key=key, title=title, aliases=both(title), **facts)


@cache
def spec(kind: str) -> WorkbookSpec:
    return kinds[kind].spec()


def enterprises_book() -> WorkbookSpec:
    title = _("Enterprises")
    columns = [
        column(
            "name",
            _("Enterprise name"),
            required=True,
            max_length=120,
            validate=name_fault,
            example="示例铸造有限公司",
            width=32,
        ),
        column(
            "uscc",
            _("Unified social credit code"),
            kind="code",
            exact_length=18,
            required=True,
            validate=uscc_fault,
            example=make_uscc(31**5, region=141002000000),
            width=24,
        ),
        _region(required=True),
        column("industry", _("Industry"), kind="choice", choices_from="industries", required=True, width=20),
        column("address", _("Address"), max_length=200, width=36),
        column("principal_name", _("Principal"), max_length=60, width=12),
        _phone("principal_phone", _("Principal's phone")),
        column("safety_manager_name", _("Safety manager"), max_length=60, width=12),
        _phone("safety_manager_phone", _("Safety manager's phone")),
        column("employees", _("Employees"), kind="int", minimum=0, maximum=10_000_000, width=10),
        column("scale", _("Scale"), kind="choice", choices_from="scales", width=10),
        column(
            "status", _("Status"), kind="choice", choices_from="statuses", width=12, help=_("Empty means in operation.")
        ),
        column("grade", _("Grade of supervision"), kind="choice", choices_from="grades", width=10),
        column(
            "facilities",
            _("Equipment, processes and places"),
            max_length=600,
            validate=facilities_fault,
            width=36,
            help=_("Several in one cell, separated by commas; words of the list of equipment, processes and places."),
        ),
        column("lon", _("Longitude"), kind="decimal", minimum=-180, maximum=180, width=14),
        column("lat", _("Latitude"), kind="decimal", minimum=-90, maximum=90, width=14),
        column(
            "system",
            _("Coordinate system"),
            kind="choice",
            choices_from="systems",
            width=14,
            help=_(
                "Of the map the point was read from; Gaode, Tencent and WeChat show GCJ-02, Baidu BD-09. Empty means WGS 84."
            ),
        ),
    ]
    return WorkbookSpec(
        title=_("Enterprises to register"),
        sheets=[SheetSpec(name="enterprises", title=title, columns=columns, unique=[("uscc",)], aliases=both(title))],
        notes=[_("Up to 100,000 enterprises in one file. Regions may be chosen or written as their 12-digit code.")],
    )


def organisations_book() -> WorkbookSpec:
    title = _("Organisations")
    columns = [
        column("name", _("Organisation name"), required=True, max_length=120, example="示例应急管理局", width=32),
        column("kind", _("Kind"), kind="choice", choices_from="kinds", required=True),
        _region(required=True),
        column(
            "parent",
            _("Superior organisation"),
            max_length=120,
            width=32,
            help=_("Its name, when it is registered or stands in this file; empty for none."),
        ),
        _industries(_("The industries it supervises, separated by commas; empty for none.")),
        _phone("phone", _("Phone")),
    ]
    return WorkbookSpec(
        title=_("Organisations to register"),
        sheets=[
            SheetSpec(
                name="organisations", title=title, columns=columns, unique=[("name", "region")], aliases=both(title)
            )
        ],
        notes=[_("An organisation that is registered already with the same name and region is left as it is.")],
    )


def people_book() -> WorkbookSpec:
    title = _("People and posts")
    columns = [
        column("username", _("Account name"), required=True, max_length=60, example="zhangsan"),
        column("name", _("Name"), required=True, max_length=60, example="张三", width=12),
        _phone("phone", _("Phone"), fault=mobile_fault),
        column("certificate", _("Enforcement certificate number"), max_length=40),
        column("role", _("Post"), kind="choice", choices_from="roles", required=True),
        column("title", _("Title"), max_length=60, help=_("As people call it, such as deputy head of section.")),
        _region(required=True),
        _industries(_("The industries of the post, separated by commas; empty means all.")),
        column(
            "organisation",
            _("Organisation"),
            max_length=120,
            width=32,
            help=_("Its name; for a post of an enterprise its unified social credit code."),
        ),
        column("valid_from", _("In office from"), kind="date", help=_("Empty means today.")),
        column("valid_to", _("In office until"), kind="date", help=_("Empty means without end.")),
    ]
    return WorkbookSpec(
        title=_("People and their posts"),
        sheets=[SheetSpec(name="people", title=title, columns=columns, aliases=both(title))],
        notes=[
            _("One row for each post; a person with several posts stands in several rows with the same account name."),
            _("Nobody can sign in with a new account until the security administrator gives it a one-time password."),
        ],
    )


def _region(*, required: bool) -> Column:
    return column("region", _("Region"), kind="choice", choices_from="regions", required=required, width=24)


def _phone(key: str, title: Any, *, fault: Callable[[str], str | None] = phone_fault) -> Column:
    return column(key, title, kind="code", max_length=20, validate=fault, width=16)


def _industries(help_: Any) -> Column:
    return column("industries", _("Industries"), max_length=400, help=help_, width=24)


def template_choices(kind: str, actor: Actor) -> Choices:
    """What the drop-downs offer: words of the reader's language, and of the actor's territory alone."""
    names = region_names(code for code, _name in region_choices(actor))
    systems = {label: code for code, label in Enterprise.SYSTEMS}
    return {
        "regions": _unlike((names[code], code) for code in sorted(names)),
        "industries": {_industry(row): row.code for row in industries(actor)},
        "scales": {str(label): code for code, label in SCALES if code},
        "grades": {code: code for code in _GRADES},
        "statuses": {str(label): code for code, label in Enterprise.STATUSES if code != "closed"},
        "systems": systems,
        "kinds": {str(label): code for code, label in Organisation.KINDS if code != "enterprise"},
        "roles": {str(roles.ROLES[code].label): code for code in IMPORTED_ROLES},
        **kinds[kind].choices(actor),
    }


def reading_choices(kind: str) -> Choices:
    """What a cell may say: the words in either language, and codes. Whether the actor may use it is judged afterwards."""
    codes = list(Region.objects.values_list("code", flat=True))
    names = region_names(codes)
    regions = dict(_unlike((names[code], code) for code in sorted(codes)))
    for code in codes:
        regions[f"{code:012d}"] = code
        regions.setdefault(format_region(code), code)
    found: dict[str, dict[str, Any]] = {
        "regions": regions,
        "systems": {label: code for code, label in Enterprise.SYSTEMS},
        "grades": {code: code for code in _GRADES},
    }
    fields = list(Industry.objects.filter(active=True))
    found["industries"] = {word: row.code for row in fields for word in (row.zh, row.en, row.code)}
    tables: list[tuple[str, Callable[[], Iterable[tuple[str, Any]]]]] = [
        ("scales", lambda: [(code, label) for code, label in SCALES if code]),
        ("statuses", lambda: [one for one in Enterprise.STATUSES if one[0] != "closed"]),
        ("kinds", lambda: [one for one in Organisation.KINDS if one[0] != "enterprise"]),
        ("roles", lambda: [(code, roles.ROLES[code].label) for code in IMPORTED_ROLES]),
    ]
    for name, rows in tables:
        found[name] = {word: code for code, label in rows() for word in (*both(label), code)}
    return found | dict(kinds[kind].reading())


def _unlike(rows: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Two regions of one name are told apart by their codes."""
    rows = list(rows)
    seen: dict[str, int] = {}
    for name, _code in rows:
        seen[name] = seen.get(name, 0) + 1
    return {name if seen[name] == 1 else f"{name} {format_region(code)}": code for name, code in rows}


def _industry(row: Industry) -> str:

    return in_tongue(row)


def export_columns() -> list[Column]:
    """An exported list can be read in again: the same columns, points as they were given."""
    return [*spec("enterprises").sheets[0].columns]


def export_row(row: Enterprise, names: dict[int, str], industry: dict[str, str]) -> list[Any]:
    scales, statuses = dict(SCALES), dict(Enterprise.STATUSES)
    systems = dict(Enterprise.SYSTEMS)
    point: list[Decimal | str | None] = [row.original_lon, row.original_lat, None]
    if row.original_lon is not None:
        point[2] = systems[row.original_system]
    return [
        row.name,
        row.uscc,
        names.get(row.region, str(row.region)),
        industry.get(row.industry_id, row.industry_id),
        row.address,
        row.principal_name,
        row.principal_phone,
        row.safety_manager_name,
        row.safety_manager_phone,
        row.employees,
        str(scales.get(row.scale, "")) if row.scale else "",
        str(statuses[row.status]),
        row.grade,
        "、".join(facility_names(row.facilities)),
        *point,
    ]
