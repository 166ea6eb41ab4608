"""Workbooks of risk points: every bad cell is named, all or nothing, and no colour is believed."""

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from anlan.kernel import citysettings, clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.exchange.report import Report
from anlan.registry.loading import run
from anlan.risks import queries
from anlan.risks.actions.exports import write_rows
from anlan.risks.models import Assessment, Control, HazardSource, RiskPoint
from anlan.risks.morton import morton
from anlan.risks.queries import Filters
from tests.factories import COUNTY, City
from tests.risks.conftest import Plant

pytestmark = pytest.mark.django_db
HEAD = [
    "uscc", "unit", "name", "kind", "place", "region", "industry", "lon", "lat", "system", "source", "accidents", "method",
    "L", "E", "C", "M", "S", "direct_reason", "assessed_on", "colour", "engineering", "management", "training", "protection",
    "emergency", "tier", "holder", "cycle", "emergency_phone",
]  # fmt: skip


def book(path: Path, rows: list[dict[str, Any]]) -> Path:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as workbook:
        sheet = workbook.add_worksheet("risk_points")
        sheet.write_row(0, 0, HEAD)
        for line, row in enumerate(rows, 1):
            assert not set(row) - set(HEAD)
            for key, value in row.items():
                sheet.write(line, HEAD.index(key), value)
    return path


@pytest.fixture
def base(city: City) -> dict[str, Any]:
    return {
        "uscc": city.enterprise.uscc, "name": "1号熔炼炉", "source": "金属液喷溅", "accidents": "灼烫、火灾", "method": "LEC",
        "L": 3, "E": 6, "C": 15, "tier": "班组", "engineering": "防护挡板", "emergency": "撤离", "holder": "李某",
    }  # fmt: skip


def load(actor: Actor, path: Path, *, write: bool = True) -> tuple[Report, dict[str, int]]:
    found = run(actor=actor, kind="risk_points", path=path, write=write)
    return found.report, found.counts


def faults(report: Report) -> list[tuple[int, str, str]]:
    return [(one.row, HEAD[one.index], one.code) for one in report.faults]


def test_points_come_with_sources_assessments_and_controls(city: City, base: dict[str, Any], tmp_path: Path) -> None:
    rows = [
        base | {"unit": "熔炼车间", "lon": 111.5, "lat": 36.1, "system": "GCJ-02", "emergency_phone": "13800001111"},
        base | {"source": "起吊", "accidents": "起重伤害", "method": "LS", "L": 5, "E": None, "C": None, "S": 5, "colour": "红"},
        base | {"name": "配电室", "source": "触电", "accidents": "触电", "method": "直接判定", "L": None, "E": None, "C": None,
                "direct_reason": "曾发生死亡事故", "unit": "熔炼车间"},
    ]  # fmt: skip
    rows[1].pop("E"), rows[1].pop("C")
    for key in "LEC":
        rows[2].pop(key)
    path = book(tmp_path / "a.xlsx", rows)
    report, counts = load(city.office, path, write=False)
    assert faults(report) == []
    with scope.acting(SYSTEM):
        assert not RiskPoint.objects.exists()
    report, counts = load(city.office, path)
    assert counts == {"points": 2, "sources": 3, "controls": 6}
    with scope.acting(city.safety_manager):
        furnace, room = RiskPoint.objects.order_by("number")
        assert (furnace.name, furnace.colour, furnace.tier, furnace.county) == ("1号熔炼炉", "red", "company", COUNTY)
        assert furnace.morton == morton(float(furnace.lon), float(furnace.lat))
        assert (furnace.original_system, str(furnace.original_lon)) == ("gcj02", "111.500000")
        assert furnace.unit_id == room.unit_id
        assert (room.colour, room.number[-6:]) == ("red", "000002")
        source = HazardSource.objects.get(name="金属液喷溅")
        assert (source.colour, source.accidents) == ("orange", ["burns", "fire"])
        judged = Assessment.objects.get(source=source)
        assert (judged.score, judged.factors, judged.assessed_on) == (
            270,
            {"L": "3", "E": "6", "C": "15"},
            clock.today(),
        )
        assert judged.bands[0] == ["red", "320"]
        assert judged.next_by == source.reassess_by
        assert furnace.reassess_by == min(one.reassess_by for one in furnace.sources.all() if one.reassess_by)
        assert Control.objects.filter(source=source).values_list("kind", "tier", "holder_name", "cycle").count() == 2
        # What the import computes is what the verb computes.
        again = Plant(city).point(name="同样的炉", unit="")
    plant = Plant(city)
    same = plant.source(again)
    made = plant.assess(same)
    with scope.acting(SYSTEM):
        assert (made.colour, made.next_by, made.bands) == (judged.colour, judged.next_by, judged.bands)
        assert again.number.endswith("000003")


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"uscc": "91141002MA0000000X"}, "uscc", "rule"),
    ({"method": "LECX"}, "method", "not_a_choice_but"),
    ({"L": 4}, "L", "risks.off_scale"),
    ({"C": None}, "C", "risks.off_scale"),
    ({"S": 3}, "S", "risks.no_such_factor"),
    ({"accidents": "灼烫、爆燃"}, "accidents", "risks.unknown_accident"),
    ({"accidents": None}, "accidents", "required"),
    ({"lon": 111.5}, "lat", "registry.half_point"),
    ({"lat": 95}, "lat", "too_large"),
    ({"colour": "蓝"}, "colour", "risks.other_colour"),
    ({"tier": None}, "tier", "risks.no_tier"),
    ({"assessed_on": "2099-01-01"}, "assessed_on", "risks.future"),
    ({"region": "141021100000"}, "region", "registry.outside"),
    ({"name": "x"}, "name", "rule"),
    ({"emergency_phone": "12"}, "emergency_phone", "rule"),
    ({"method": "直接判定", "L": None, "E": None, "C": None}, "direct_reason", "risks.no_reason"),
    ({"cycle": "每世纪"}, "cycle", "not_a_choice"),
]


def test_every_planted_fault_is_named_at_its_cell_and_nothing_is_loaded(
    city: City, base: dict[str, Any], tmp_path: Path
) -> None:
    rows, wanted = [base | {"name": "已有点位"}], [(2, "name", "risks.taken")]
    Plant(city).point(name="已有点位")
    for over, key, code in BAD:
        row = {"name": f"点位{len(rows)}号"} | {
            k: v for k, v in (base | {"name": f"点位{len(rows)}号"} | over).items() if v is not None
        }
        rows.append(row)
        wanted.append((len(rows) + 1, key, code))
    rows.append(base | {"name": "别家点位", "uscc": city.n_enterprise.uscc})
    wanted.append((len(rows) + 1, "uscc", "registry.no_enterprise"))
    rows += [base | {"name": "重复点位"}, base | {"name": "重复点位"}]
    wanted.append((len(rows) + 1, "uscc", "duplicate"))
    rows += [base | {"name": "矛盾点位", "place": "东"}, base | {"name": "矛盾点位", "source": "另一源", "place": "西"}]
    wanted.append((len(rows) + 1, "place", "risks.unlike"))
    rows.append(base | {"name": "好的点位"})
    report, counts = load(city.office, book(tmp_path / "b.xlsx", rows))
    assert faults(report) == sorted(wanted, key=lambda one: one[0])
    assert counts == {}
    with scope.acting(SYSTEM):
        assert RiskPoint.objects.count() == 1
    [colour] = [one for one in report.faults if one.code == "risks.other_colour"]
    assert "considerable" in colour.reason or "较大" in colour.reason


def test_another_field_and_another_county_are_refused(city: City, base: dict[str, Any], tmp_path: Path) -> None:
    report, _counts = load(city.other_field, book(tmp_path / "c.xlsx", [base]))
    assert [code for _row, _key, code in faults(report)] == ["registry.no_enterprise"]
    report, _counts = load(city.n_safety_manager, book(tmp_path / "d.xlsx", [base]))
    assert [code for _row, _key, code in faults(report)] == ["registry.no_enterprise"]
    report, counts = load(city.safety_manager, book(tmp_path / "e.xlsx", [base | {"region": "141021100000"}]))
    assert faults(report) == [(2, "region", "risks.no_ground")]
    report, counts = load(city.safety_manager, book(tmp_path / "f.xlsx", [base]))
    assert counts["points"] == 1


def test_the_countys_own_bands_judge_the_file(city: City, base: dict[str, Any], tmp_path: Path) -> None:
    with scope.acting(SYSTEM):
        citysettings.change(actor=SYSTEM, key="risks.bands.lec.red", region=COUNTY, new=270)
    report, _counts = load(city.office, book(tmp_path / "g.xlsx", [base | {"colour": "橙"}]))
    assert faults(report) == [(2, "colour", "risks.other_colour")]
    load(city.office, book(tmp_path / "h.xlsx", [base]))
    with scope.acting(SYSTEM):
        assert RiskPoint.objects.get().colour == "red"
    citysettings.forget()


def test_what_is_exported_can_be_read_in_again(city: City, tmp_path: Path) -> None:
    plant = Plant(city)
    point = plant.point(lon="111.5", lat="36.1", place="一跨", emergency_phone="13800001111")
    source = plant.source(point)
    plant.assess(source)
    plant.control(source, holder_name="李某")
    plant.point(name="空点位")
    plant.neighbour()
    path = tmp_path / "out.xlsx"
    with path.open("wb") as stream, scope.acting(city.office):
        assert write_rows(stream, city.office, Filters(colour="orange")) == 1
    with scope.acting(SYSTEM):
        RiskPoint.objects.filter(pk=point.pk).update(active=False)
    report, counts = load(city.office, path)
    assert faults(report) == []
    assert counts == {"points": 1, "sources": 1, "controls": 1}
    with scope.acting(city.office):
        [copy] = queries.points(city.office, Filters(words="熔炼炉")).rows
        assert (copy.colour, copy.place, copy.morton) == ("orange", "一跨", point.morton)
