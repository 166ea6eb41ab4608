"""Scales, bands and colours: every product that can occur has exactly one colour."""

from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel import citysettings, clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.citysettings import declared
from anlan.kernel.errors import Invalid
from anlan.risks.grading import accidents, judge, methods, worst
from anlan.risks.rulings import TIER_CODES, WORST_FIRST, bands_of, colour_in, tiers_of
from tests.factories import CITY, COUNTY, NEIGHBOUR, TOWN

pytestmark = pytest.mark.django_db

LS = {"L": "4", "S": "5"}


@pytest.mark.parametrize(
    ("factors", "score", "colour"),
    [
        (("4", "5"), 20, "red"), (("5", "5"), 25, "red"), (("4", "4"), 16, "orange"), (("3", "5"), 15, "orange"),
        (("3", "4"), 12, "yellow"), (("3", "3"), 9, "yellow"), (("2", "4"), 8, "blue"), (("1", "1"), 1, "blue"),
    ],
)  # fmt: skip
def test_ls_follows_the_matrix(factors: tuple[str, str], score: int, colour: str) -> None:
    found = judge(method="ls", factors=dict(zip("LS", factors, strict=True)), region=TOWN)
    assert (found.score, found.colour) == (score, colour)


@pytest.mark.parametrize(
    ("method", "score", "colour"),
    [
        ("lec", "320", "red"), ("lec", "319.99", "orange"), ("lec", "160", "orange"), ("lec", "159.5", "yellow"),
        ("lec", "70", "yellow"), ("lec", "69.99", "blue"), ("lec", "20", "blue"), ("lec", "0.05", "blue"),
        ("mes", "180", "red"), ("mes", "179", "orange"), ("mes", "90", "orange"), ("mes", "89", "yellow"),
        ("mes", "50", "yellow"), ("mes", "49", "blue"), ("mes", "18", "blue"),
    ],
)  # fmt: skip
def test_a_band_holds_its_lower_end(method: str, score: str, colour: str) -> None:
    assert colour_in(bands_of(method, TOWN), Decimal(score)) == colour


@pytest.mark.parametrize("method", ["ls", "lec", "mes"])
def test_every_product_of_every_scale_has_a_colour_and_a_worse_factor_is_never_milder(method: str) -> None:
    scales = [sorted((level.value, level.text) for level in one.levels) for one in methods()[method].factors]
    letters = methods()[method].letters
    ranks = {}
    for combination in product(*(range(len(scale)) for scale in scales)):
        factors = {letter: scales[n][at][1] for n, (letter, at) in enumerate(zip(letters, combination, strict=True))}
        ranks[combination] = WORST_FIRST.index(judge(method=method, factors=factors, region=TOWN).colour)
    for combination, rank in ranks.items():
        for place in range(len(combination)):
            if combination[place]:
                milder = (*combination[:place], combination[place] - 1, *combination[place + 1 :])
                assert ranks[milder] >= rank


@given(st.decimals(min_value=0, max_value=10_000, places=2))
def test_no_score_falls_between_two_bands(score: Decimal) -> None:
    bands = (("red", Decimal(320)), ("orange", Decimal(160)), ("yellow", Decimal(70)), ("blue", Decimal(0)))
    assert colour_in(bands, score) in WORST_FIRST


def test_only_values_of_the_scale_count() -> None:
    with pytest.raises(Invalid) as wrong:
        judge(method="lec", factors={"L": "4", "E": "6"}, region=TOWN)
    assert set(wrong.value.fields) == {"L", "C"}
    assert "10、6、3、1、0.5、0.2、0.1" in str(wrong.value.fields["L"][0])
    with pytest.raises(Invalid) as wrong:
        judge(method="ls", factors=LS | {"E": "6"}, region=TOWN)
    assert set(wrong.value.fields) == {"E"}
    for trick in ("NaN", "Infinity", "-3", "", "三", "1e1"):
        if trick == "1e1":
            assert judge(method="lec", factors={"L": trick, "E": "1", "C": "1"}, region=TOWN).factors["L"] == "10"
        else:
            with pytest.raises(Invalid):
                judge(method="lec", factors={"L": trick, "E": "6", "C": "1"}, region=TOWN)


def test_direct_determination_is_red_whatever_the_score_and_needs_a_reason() -> None:
    mild = judge(method="ls", factors={"L": "1", "S": "1"}, direct_reason="重大危险源", region=TOWN)
    assert (mild.colour, mild.score, mild.direct) == ("red", 1, True)
    assert judge(method="direct", factors={}, direct_reason="曾发生死亡事故", region=TOWN).colour == "red"
    with pytest.raises(Invalid) as wrong:
        judge(method="direct", factors={}, region=TOWN)
    assert "direct_reason" in wrong.value.fields


def test_bands_of_one_county_leave_its_neighbour_alone() -> None:
    with scope.acting(SYSTEM):
        citysettings.change(actor=SYSTEM, key="risks.bands.ls.red", region=COUNTY, new=16)
        assert judge(method="ls", factors={"L": "4", "S": "4"}, region=TOWN).colour == "red"
        assert judge(method="ls", factors={"L": "4", "S": "4"}, region=NEIGHBOUR).colour == "orange"
        # Bands in the wrong order still leave no score without a colour: the worst that is reached counts.
        citysettings.change(actor=SYSTEM, key="risks.bands.ls.orange", region=COUNTY, new=18)
        assert judge(method="ls", factors={"L": "4", "S": "4"}, region=TOWN).colour == "red"
    citysettings.forget()


def test_a_higher_tier_never_releases_the_lower_ones() -> None:
    assert tiers_of("red", CITY) == list(TIER_CODES)
    for colour in WORST_FIRST:
        assert tiers_of(colour, CITY) == list(TIER_CODES)[-len(tiers_of(colour, CITY)) :]
    check = declared["risks.tiers.red"].check
    assert check(["company"]) is not None
    assert check(["company", "department", "post"]) is not None
    assert check(["department", "team", "post"]) is None


def test_there_are_twenty_kinds_of_accident() -> None:
    assert len(accidents()) == len(set(accidents().values())) == 20


def test_worst_and_dates() -> None:
    assert worst(["blue", "", "orange", "yellow"]) == "orange"
    assert worst([]) == ""
    assert clock.months_after(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert clock.months_after(date(2026, 12, 1), 1) == date(2027, 1, 1)
