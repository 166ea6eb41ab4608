"""The checker finds what was planted, all of it and nothing else."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anlan.chain import queries
from anlan.chain.models import Duty, DutyCard
from anlan.chain.queries import checker
from anlan.chain.wording import GROUPS, MEND, SEVERITIES, WORDS, checks
from anlan.identity.models import Organisation, Person, Post
from anlan.kernel import citysettings, clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.codes import make_uscc
from anlan.kernel.errors import NotFound
from anlan.kernel.ids import new_id
from anlan.kernel.models import CitySetting
from anlan.registry.models import Enterprise
from tests.chain.conftest import PLACES, TOWNS, Chain
from tests.factories import CITY, COUNTY, NEIGHBOUR, NEIGHBOUR_TOWN, TOWN

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
FIELDS = {"gongmao": 0, "hazchem": 1, "construction": 2}
YESTERDAY = clock.today() - timedelta(days=1)
Found = tuple[Any, ...]


def found(who: Any, **asked: Any) -> list[Found]:
    """Each fault with all that makes it: name, place, field, part, causing rows, enterprises."""
    with scope.acting(who):
        faults = queries.check(who, **asked)
    return [
        (one.name, one.region, one.industry_bit, one.part, frozenset(one.duties), one.enterprises) for one in faults
    ]


def test_a_whole_chain_has_no_fault(chain: Chain) -> None:
    assert found(chain.city.city_office) == []
    assert found(SYSTEM, region=CITY) == []


class Planter:
    """Breaks one slot in one way and says what must then be found."""

    def __init__(self, chain: Chain, rng: Random) -> None:
        self.chain, self.rng = chain, rng

    def duty(self, kind: str, part: str, region: int, industry: str = "") -> Duty:
        return self.chain.slots[kind, part, region, industry]

    def again(self, duty: Duty, **over: Any) -> Duty:
        """Another row of the same slot."""
        names = ("kind", "part", "region", "industry_id", "industry_bit", "valid_from")
        return Duty.objects.create(
            id=new_id(), **{name: getattr(duty, name) for name in names},
            **({"organisation": self.chain.body(duty.region, f"另{self.rng.random()}"), "person_name": "另一人"} | over),
        )  # fmt: skip

    def firms(self, region: int, industry: str) -> int:
        """What a field without a lead leaves uncovered."""
        rows = Enterprise.objects.filter(region__gte=region, region__lt=region + 1_000_000, industry_id=industry)
        return rows.count() if region != CITY and not Duty.objects.filter(
            kind="sector", part="lead", region=CITY, industry_id=industry).exists() else 0  # fmt: skip

    # Each plant takes a place and a field of its own, so that no two meet.

    def no_lead(self, region: int, industry: str) -> list[Found]:
        self.duty("sector", "lead", region, industry).delete()
        return [("no_lead", region, FIELDS[industry], "lead", frozenset(), 0)]

    def only_helpers(self, region: int, industry: str) -> list[Found]:
        lead = self.duty("sector", "lead", region, industry)
        lead.part = "cooperate"
        lead.save()
        return [("no_lead", region, FIELDS[industry], "lead", frozenset([lead.pk]), 0)]

    def no_leader(self, region: int, industry: str) -> list[Found]:
        self.duty("sector", "leader", region, industry).delete()
        return [("no_leader", region, FIELDS[industry], "leader", frozenset(), 0)]

    def ended(self, region: int, industry: str) -> list[Found]:
        part = self.rng.choice(["lead", "leader"])
        duty = self.duty("sector", part, region, industry)
        Duty.objects.filter(pk=duty.pk).update(valid_to=YESTERDAY)
        return [("ended_without_successor", region, FIELDS[industry], part, frozenset([duty.pk]), 0)]

    def not_yet(self, region: int, industry: str) -> list[Found]:
        Duty.objects.filter(pk=self.duty("sector", "lead", region, industry).pk).update(
            valid_from=clock.today() + timedelta(days=1)
        )
        return [("no_lead", region, FIELDS[industry], "lead", frozenset(), 0)]

    def two_leads(self, region: int, industry: str) -> list[Found]:
        first = self.duty("sector", "lead", region, industry)
        second = self.again(first)
        return [("two_leads", region, FIELDS[industry], "lead", frozenset([first.pk, second.pk]), 0)]

    def two_leaders(self, region: int, industry: str) -> list[Found]:
        first = self.duty("sector", "leader", region, industry)
        second = self.again(first)
        return [("two_holders", region, FIELDS[industry], "leader", frozenset([first.pk, second.pk]), 0)]

    def divided_with_rest(self, region: int, industry: str) -> list[Found]:
        """In order: one has a part, the other the rest."""
        self.again(self.duty("sector", "lead", region, industry), matter="餐饮用气")
        return []

    def part_twice(self, region: int, industry: str) -> list[Found]:
        first = self.duty("sector", "lead", region, industry)
        twice = [self.again(first, matter="餐饮 用气"), self.again(first, matter="餐饮用气。")]
        return [("part_overlap", region, FIELDS[industry], "lead", frozenset(one.pk for one in twice), 0)]

    def part_gap(self, region: int, industry: str) -> list[Found]:
        first = self.duty("sector", "lead", region, industry)
        Duty.objects.filter(pk=first.pk).update(matter="生产")
        other = self.again(first, matter="经营")
        return [("part_gap", region, FIELDS[industry], "lead", frozenset([first.pk, other.pk]), 0)]

    def body_gone(self, region: int, industry: str) -> list[Found]:
        duty = self.duty("sector", "lead", region, industry)
        Organisation.objects.filter(pk=duty.organisation_id).update(active=False)
        return [("body_gone", region, FIELDS[industry], "lead", frozenset([duty.pk]), 0)]

    def holder_left(self, region: int, industry: str) -> list[Found]:
        duty = self.duty("sector", "leader", region, industry)
        person = Person.objects.create(
            id=new_id(), username=f"p{self.rng.random()}", name="某", created_at=datetime.now(UTC)
        )
        gone = self.rng.random() < 0.5
        post = Post.objects.create(
            id=new_id(), person=person, role="leader", region=region, valid_from=date(2020, 1, 1),
            valid_to=YESTERDAY if gone else None, created_at=datetime.now(UTC),
        )  # fmt: skip
        Person.objects.filter(pk=person.pk).update(is_active=gone)
        Duty.objects.filter(pk=duty.pk).update(post=post, person_name="")
        return [("holder_left", region, FIELDS[industry], "leader", frozenset([duty.pk]), 0)]


SECTOR: list[Callable[[Planter, int, str], list[Found]]] = [
    Planter.no_lead, Planter.only_helpers, Planter.no_leader, Planter.ended, Planter.not_yet, Planter.two_leads,
    Planter.two_leaders, Planter.divided_with_rest, Planter.part_twice, Planter.part_gap, Planter.body_gone, Planter.holder_left,
]  # fmt: skip


def plant(chain: Chain, rng: Random) -> list[Found]:
    planter = Planter(chain, rng)
    expected: list[Found] = []
    for region in PLACES:
        for industry in FIELDS:
            if rng.random() < 0.7:
                expected += rng.choice(SECTOR)(planter, region, industry)
    for region in (*PLACES, *TOWNS):
        if rng.random() < 0.4:
            duty = planter.duty("territorial", "lead", region)
            match rng.randrange(3):
                case 0:
                    duty.delete()
                    expected.append(("no_territorial", region, None, "lead", frozenset(), 0))
                case 1:
                    Duty.objects.filter(pk=duty.pk).update(valid_to=YESTERDAY)
                    expected.append(("ended_without_successor", region, None, "lead", frozenset([duty.pk]), 0))
                case _:
                    other = planter.again(duty)
                    expected.append(("two_holders", region, None, "lead", frozenset([duty.pk, other.pk]), 0))
    for region in PLACES:
        for part in ("director_party", "director_government"):
            if rng.random() < 0.3:
                planter.duty("committee", part, region).delete()
                expected.append(("one_director_missing", region, None, part, frozenset(), 0))
    return expected + uncovered() + plant_firms(chain, rng)


def uncovered() -> list[Found]:
    """Plainly: each enterprise, and whether any place on its way up leads its field today."""
    today = clock.today()
    leads = {
        (one.region, one.industry_bit)
        for one in Duty.objects.filter(kind="sector", part="lead", valid_from__lte=today).exclude(valid_to__lt=today)
    }
    bare: Counter[tuple[int, int]] = Counter()
    for firm in Enterprise.objects.exclude(status="closed"):
        county = firm.region - firm.region % 1_000_000
        if not any((place, firm.industry_bit) in leads for place in (firm.region, county, CITY)):
            bare[county, firm.industry_bit] += 1
    return [("uncovered", region, bit, "lead", frozenset(), count) for (region, bit), count in bare.items()]


def plant_firms(chain: Chain, rng: Random) -> list[Found]:
    counts: Counter[tuple[str, int]] = Counter()
    for firm in Enterprise.objects.exclude(status="closed"):
        county = firm.region - firm.region % 1_000_000
        card = DutyCard.objects.get(enterprise=firm)
        match rng.randrange(6):
            case 0:
                Enterprise.objects.filter(pk=firm.pk).update(principal_name="")
                counts["no_principal", county] += 1
            case 1:
                Enterprise.objects.filter(pk=firm.pk).update(safety_manager_name="")
                counts["no_safety_manager", county] += 1
            case 2:
                DutyCard.objects.filter(pk=card.pk).update(active=False)
                counts["no_principal_card", county] += 1
            case 3:
                DutyCard.objects.filter(pk=card.pk).update(signed_on=None)
                counts["card_unsigned", county] += 1
            case 4:
                chain.card(firm, level="worker", title="工人", holder_name="", risks=[str(new_id())])
                counts["risk_without_holder", county] += 1
    return [(name, county, None, "", frozenset(), count) for (name, county), count in counts.items()]


def more_firms(chain: Chain, rng: Random, count: int) -> None:
    now = datetime.now(UTC)
    for number in range(count):
        industry = rng.choice(list(FIELDS))
        firm = Enterprise.objects.create(
            id=new_id(), uscc=make_uscc(1000 + number, region=COUNTY), name=f"第{number}号厂", region=rng.choice([*TOWNS, COUNTY]),
            industry_id=industry, industry_bit=FIELDS[industry], principal_name="赵", safety_manager_name="钱",
            status=rng.choice(["active", "active", "suspended", "closed"]), created_at=now, changed_at=now,
        )  # fmt: skip
        chain.card(firm)


@pytest.mark.parametrize("seed", range(12))
def test_planted_faults_and_only_those_are_found(chain: Chain, seed: int) -> None:
    rng = Random(seed)
    with scope.acting(SYSTEM):
        more_firms(chain, rng, 8)
        expected = plant(chain, rng)
    assert Counter(found(SYSTEM, region=CITY)) == Counter(expected)
    assert Counter(found(chain.city.city_office)) == Counter(expected)
    for who, county in ((chain.city.office, COUNTY), (chain.city.n_office, NEIGHBOUR)):
        own = [one for one in expected if county <= one[1] < county + 1_000_000]
        assert Counter(found(who)) == Counter(own), "a county sees its own faults and no neighbour's"


def test_a_department_is_told_of_its_own_field_and_of_the_whole_territory(chain: Chain) -> None:
    with scope.acting(SYSTEM):
        for industry in FIELDS:
            chain.slots["sector", "lead", COUNTY, industry].delete()
        chain.slots["committee", "director_party", COUNTY, ""].delete()
    seen = {(name, bit) for name, _region, bit, *_rest in found(chain.city.other_field)}
    assert seen == {("no_lead", 1), ("one_director_missing", None)}


def test_a_place_outside_is_as_if_it_were_not(chain: Chain) -> None:
    with scope.acting(chain.city.office):
        for region in (NEIGHBOUR, CITY, 999999000000):
            with pytest.raises(NotFound):
                queries.check(chain.city.office, region=region)
            with pytest.raises(NotFound):
                queries.matrix(chain.city.office, region=region)
            with pytest.raises(NotFound):
                queries.firms(chain.city.office, "no_principal", region=region)


def test_a_blind_spot_names_its_enterprises_and_a_town_or_the_city_may_cover_them(chain: Chain) -> None:
    city = chain.city
    with scope.acting(SYSTEM):
        for region in (CITY, COUNTY):
            chain.slots["sector", "lead", region, "gongmao"].delete()
    assert ("uncovered", COUNTY, 0, "lead", frozenset(), 1) in found(city.city_office)
    with scope.acting(city.office):
        rows, onward = queries.firms(city.office, "uncovered", region=COUNTY, bit=0)
        assert ([one.name for one in rows], onward) == ([city.enterprise.name], None)
    for region in (TOWN, CITY):
        with scope.acting(SYSTEM):
            cover = chain.give(
                kind="sector", part="lead", region=region, industry="gongmao", organisation=chain.body(region, "站").pk
            )
        assert "uncovered" not in {one[0] for one in found(city.city_office)}
        with scope.acting(SYSTEM):
            cover.delete()
    with scope.acting(SYSTEM):
        chain.give(
            kind="sector",
            part="lead",
            region=NEIGHBOUR_TOWN,
            industry="gongmao",
            organisation=chain.body(NEIGHBOUR_TOWN, "站").pk,
        )
    assert "uncovered" in {one[0] for one in found(city.office)}, "a neighbour's town covers nobody here"


def test_the_enterprises_behind_a_fault_go_page_by_page(chain: Chain) -> None:
    with scope.acting(SYSTEM):
        more_firms(chain, Random(1), 9)
        Enterprise.objects.update(safety_manager_name="")
        expected = set(
            Enterprise.objects.exclude(status="closed").filter(region__lt=NEIGHBOUR).values_list("pk", flat=True)
        )
    office, seen, at = chain.city.office, [], ("", checker.UUID(int=0))
    with scope.acting(office):
        while at:
            rows, at = queries.firms(office, "no_safety_manager", region=COUNTY, after=at, limit=2)
            seen += [one.id for one in rows]
    assert len(seen) == len(set(seen))
    assert set(seen) == expected


def test_what_is_expected_is_the_citys_to_set(chain: Chain) -> None:
    with scope.acting(SYSTEM):
        for region in (COUNTY, NEIGHBOUR):
            for part in ("lead", "leader"):
                chain.slots["sector", part, region, "construction"].delete()
        chain.slots["territorial", "lead", TOWN, ""].delete()
        CitySetting.objects.create(
            id=new_id(),
            region=CITY,
            key="chain.city_led",
            value=["construction"],
            basis="",
            changed_at=datetime.now(UTC),
        )
        CitySetting.objects.create(
            id=new_id(),
            region=CITY,
            key="chain.territorial_levels",
            value=["city", "county"],
            basis="",
            changed_at=datetime.now(UTC),
        )
    citysettings.forget()
    try:
        assert found(chain.city.city_office) == []
        with scope.acting(chain.city.city_office):
            grid = queries.matrix(chain.city.city_office)
        assert {cell.state for row in grid.rows for cell in row.cells if cell.column == "construction"} == {
            "ok",
            "above",
        }
    finally:
        citysettings.forget()


def test_a_day_in_the_past_is_judged_by_what_ran_then(chain: Chain) -> None:
    with scope.acting(SYSTEM):
        lead = chain.slots["sector", "lead", COUNTY, "hazchem"]
        Duty.objects.filter(pk=lead.pk).update(valid_to=YESTERDAY)
    assert found(chain.city.city_office, day=YESTERDAY) == []
    assert [one[0] for one in found(chain.city.city_office)] == ["ended_without_successor"]


def test_the_matrix_says_the_same_as_the_checker(chain: Chain) -> None:
    rng = Random(5)
    with scope.acting(SYSTEM):
        plant(chain, rng)
    with scope.acting(chain.city.city_office):
        actor = chain.city.city_office
        with CaptureQueriesContext(connection) as asked:
            grid = queries.matrix(actor)
        faults = [one for one in queries.check(actor, enterprises=False) if one.region in PLACES]
        assert sum(len(cell.faults) for row in grid.rows for cell in row.cells) == len(faults)
        bad = {
            (cell.region, cell.column) for row in grid.rows for cell in row.cells if cell.state not in ("ok", "above")
        }
        columns = {bit: name for name, bit in FIELDS.items()} | {None: ""}
        special = {"territorial": "territory", "committee": "committee"}
        assert bad == {(one.region, special.get(one.slot, columns[one.industry_bit])) for one in faults}
        assert sum(grid.totals.values()) == 3 * 5
        alone = [
            queries.one_cell(actor, region=cell.region, column=cell.column) for row in grid.rows for cell in row.cells
        ]
        assert [one.state for one in alone] == [cell.state for row in grid.rows for cell in row.cells]
    assert len(asked) < 25, "the matrix of a city costs a handful of questions"


def test_every_kind_has_its_words_and_ground() -> None:
    assert set(checks()) == set(WORDS)
    for one in checks().values():
        assert one.group in GROUPS
        assert one.group in MEND
        assert one.severity in SEVERITIES
        assert one.basis
        assert one.evidence in {"V", "B+", "B", "W", "K"}
