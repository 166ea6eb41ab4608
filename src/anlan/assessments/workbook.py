"""A score card as a workbook: fetched, changed in Excel, sent back; the same columns both ways."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.assessments.measures import measures
from anlan.assessments.scoring.card import Card, CardError, plain, read_card
from anlan.kernel.exchange.reading import open_reading
from anlan.kernel.exchange.spec import Column, SheetSpec, WorkbookSpec
from anlan.kernel.exchange.writing import Pen, new_workbook, sheet_name

MARKS = ("V", "B+", "B", "W", "K")
COMPUTED, HAND, DEDUCT, BONUS, VETO = "computed", "hand", "deduct", "bonus", "veto"


def _ways() -> dict[str, str]:
    return {
        str(gettext_lazy("computed")): COMPUTED,
        str(gettext_lazy("scored by hand")): HAND,
        str(gettext_lazy("deduction")): DEDUCT,
        str(gettext_lazy("bonus")): BONUS,
        str(gettext_lazy("veto")): VETO,
    }


def _measures() -> dict[str, str]:
    """By their words in the reader's language, and by their names."""
    return {str(one.label): name for name, one in measures.items()}


def _points(key: str, title: Any, **more: Any) -> Column:
    return Column(key=key, title=title, kind="decimal", places=2, minimum=0, maximum=100, width=10, **more)


def book() -> WorkbookSpec:
    """Made anew for each reader: choices are in the reader's language."""
    marks = Column(key="mark", title=_("Evidence mark"), kind="choice", choices={one: one for one in MARKS}, width=8)
    facts = [
        Column(key="code", title=_("Code"), required=True, max_length=40, width=14),
        Column(key="year", title=_("Year"), kind="int", required=True, minimum=2000, maximum=2199, width=8),
        Column(key="version", title=_("Version"), kind="int", required=True, minimum=1, maximum=999, width=8),
        Column(key="zh", title=_("Name in Chinese"), required=True, max_length=120, width=36),
        Column(key="en", title=_("Name in English"), required=True, max_length=120, width=36),
        _points("bonus_most", _("All bonuses at most")),
        Column(key="basis", title=_("Basis"), max_length=300, width=50),
        marks,
    ]
    lines = [
        Column(key="group", title=_("Code of the group"), max_length=40, width=14, help=_("Empty for bonuses and vetoes.")),
        Column(key="group_zh", title=_("Group in Chinese"), max_length=120, width=18),
        Column(key="group_en", title=_("Group in English"), max_length=120, width=18),
        Column(key="code", title=_("Code"), required=True, max_length=40, width=16),
        Column(key="zh", title=_("Name in Chinese"), required=True, max_length=120, width=34),
        Column(key="en", title=_("Name in English"), required=True, max_length=120, width=34),
        Column(key="way", title=_("How it is scored"), kind="choice", required=True, choices=_ways(), width=12),
        _points("weight", _("Weight"), help=_("Of items; together they make 100. The cap of a bonus; a veto's “at most”.")),
        Column(key="measure", title=_("Measure"), kind="choice", choices=_measures(), width=30),
        Column(key="bands", title=_("Bands"), max_length=300, width=26, help=_("Rate in percent and points: 95:10; 90:8")),
        Column(key="formula", title=_("Formula"), max_length=500, width=30, help=_("CEL over part, whole, permille and most; hundredths of a point.")),
        Column(key="none", title=_("Nothing to measure"), kind="choice", choices={_("full points"): "full", _("no points"): "zero"}, width=12),
        _points("per_case", _("Points a case")),
        Column(key="grade", title=_("Grade at best"), max_length=40, width=12, help=_("The code of a grade, for vetoes.")),
        Column(key="asks", title=_("Evidence asked for"), max_length=300, width=40),
        Column(key="basis", title=_("Basis"), max_length=300, width=40),
        marks,
    ]  # fmt: skip
    grades = [
        Column(key="code", title=_("Code"), required=True, max_length=40, width=14),
        Column(key="zh", title=_("Name in Chinese"), required=True, max_length=120),
        Column(key="en", title=_("Name in English"), required=True, max_length=120),
        _points("points", _("From so many points"), required=True),
    ]
    return WorkbookSpec(
        title=_("Score card"),
        sheets=[
            SheetSpec(name="card", title=_("Score card"), columns=facts, aliases=("评分表",)),
            SheetSpec(name="lines", title=_("Items"), columns=lines, unique=[("code",)], aliases=("考核项目",)),
            SheetSpec(
                name="grades", title=_("Grades of the result"), columns=grades, unique=[("code",)], aliases=("等次",)
            ),
        ],
    )


def write_card(card: Card, stream: IO[bytes]) -> None:
    """The whole card, ready to be changed and sent back."""
    spec = book()
    rows = {"card": [_facts(card)], "lines": list(_lines(card)), "grades": [one.model_dump() for one in card.grade]}
    taken: set[str] = set()
    with new_workbook(stream, streaming=False) as made:
        pen = Pen(made)
        for sheet in spec.sheets:
            page = made.add_worksheet(sheet_name(sheet.title, taken))
            page.freeze_panes(1, 0)
            page.set_row(0, 30)
            labels = {
                column.key: {value: label for label, value in column.labels({}).items()} for column in sheet.columns
            }
            for index, column in enumerate(sheet.columns):
                page.set_column(index, index, column.width)
                page.write_string(0, index, str(column.title), pen.must if column.required else pen.head)
                if column.help:
                    page.write_comment(0, index, str(column.help), {"x_scale": 2})
                if labels[column.key]:
                    choice = {"validate": "list", "source": [str(one) for one in labels[column.key].values()]}
                    if sum(len(one) + 1 for one in choice["source"]) <= 255:  # Excel's bound of a list in the cell
                        page.data_validation(1, index, 400, index, choice)
            for line, row in enumerate(rows[sheet.name], start=1):
                for index, column in enumerate(sheet.columns):
                    value = row.get(column.key)
                    pen.write(
                        page, line, index, labels[column.key].get(value, value) if value not in (None, "") else None
                    )


def _facts(card: Card) -> dict[str, Any]:
    return {
        name: getattr(card, name) for name in ("code", "year", "version", "zh", "en", "bonus_most", "basis", "mark")
    }


def _lines(card: Card) -> Iterator[dict[str, Any]]:
    for group in card.group:
        for item in group.item:
            yield item.model_dump(exclude={"bands"}) | {
                "group": group.code,
                "group_zh": group.zh,
                "group_en": group.en,
                "per_case": item.per_case or None,
                "none": item.none if item.way == COMPUTED else None,
                "bands": "; ".join(f"{one.rate:f}:{plain(one.points)}" for one in item.bands),
            }
    for bonus in card.bonus:
        yield bonus.model_dump() | {"way": BONUS, "weight": bonus.cap}
    for veto in card.veto:
        yield veto.model_dump() | {"way": VETO, "weight": veto.at_most}


def read_workbook(path: Path) -> tuple[Card | None, list[dict[str, str]]]:
    """The card of a workbook and everything that is wrong with it: where and why. Raises Refused for what is no workbook."""
    spec = book()
    rows: dict[str, list[tuple[int, dict[str, Any]]]] = {sheet.name: [] for sheet in spec.sheets}
    with open_reading(path, spec, listed=200) as reading:
        for batch in reading:
            for number, values in zip(batch.rows, batch.tuples(), strict=True):
                rows[batch.sheet.name].append((number, dict(zip(batch.columns, values, strict=True))))
        faults = [{"where": f"{one.sheet} {one.cell}".strip(), "reason": one.reason} for one in reading.report.faults]
    if faults:
        return None, faults
    if len(rows["card"]) != 1:
        return None, [{"where": str(spec.sheets[0].title), "reason": _("This sheet holds one row.")}]
    places = {values["code"]: f"{spec.sheets[1].title} {number}" for number, values in rows["lines"]}
    try:
        return read_card(_card(rows), measures=frozenset(measures)), []
    except CardError as error:
        return None, [{"where": _where(place, places), "reason": reason} for place, reason in error.faults]


def _where(place: str, rows: dict[str, str]) -> str:
    """The sheet's row of what a fault names, else the card's own words for it."""
    return next((rows[part] for part in reversed(place.split(".")) if part in rows), place)


def _card(rows: dict[str, list[tuple[int, dict[str, Any]]]]) -> dict[str, Any]:
    facts = _filled(rows["card"][0][1])
    groups: dict[str, dict[str, Any]] = {}
    bonuses, vetoes = [], []
    for _number, values in rows["lines"]:
        one = _filled({key: value for key, value in values.items() if not key.startswith("group")})
        way = one.pop("way")
        if way == BONUS:
            bonuses.append({("cap" if key == "weight" else key): value for key, value in one.items()})
        elif way == VETO:
            vetoes.append({("at_most" if key == "weight" else key): value for key, value in one.items()})
        else:
            named = {"zh": values["group_zh"], "en": values["group_en"]}
            group = groups.setdefault(values["group"] or "", {"code": values["group"] or "", "item": []})
            group.update({key: value for key, value in named.items() if value})
            group["item"].append(one | {"way": way} | _bands(one))
    grades = [_filled(values) for _number, values in rows["grades"]]
    return facts | {"group": list(groups.values()), "bonus": bonuses, "veto": vetoes, "grade": grades}


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _bands(one: dict[str, Any]) -> dict[str, Any]:
    """“95:10; 90:8” as bands; what cannot be read stays as it is, so that the card refuses it at its place."""
    text = one.get("bands")
    if not text:
        return {}
    parts = [part.split(":") for part in str(text).replace("；", ";").replace("：", ":").split(";") if part.strip()]
    try:
        return {"bands": [{"rate": Decimal(rate.strip()), "points": Decimal(points.strip())} for rate, points in parts]}
    except (ValueError, ArithmeticError):
        return {"bands": text}
