"""What the platform counts for a return: its own records of the unit's territory, field and month, and no others."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils.translation import override

from anlan.campaigns import counters
from anlan.campaigns.behind import finders
from anlan.campaigns.beside import asked_of, beside
from anlan.campaigns.queries.filling import told_of
from anlan.campaigns.returns.counting import Asked
from anlan.chain.models import DutyCard
from anlan.identity.models import Post
from anlan.inspections.models import Member, Visit
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.ids import new_id
from anlan.registry.models import Enterprise
from tests.campaigns.conftest import IN_MAY, UNITS, Month, make_month
from tests.factories import make_uscc
from tests.inspections.conftest import make_field

pytestmark = [pytest.mark.django_db(databases=["default", "owner"])]
IN_APRIL = datetime(2026, 4, 14, 2, tzinfo=UTC)


EARLY = datetime(2026, 3, 31, 15, tzinfo=UTC)
"""An hour before April begins in the city."""


@pytest.fixture
def visited(db: None) -> Month:
    """Two visits of one enterprise and one of another in April, others before, after, cancelled, and of duties."""
    with clock.at(EARLY - timedelta(days=60)):
        field = make_field()
    other = field.other_enterprise()
    month = make_month(field)
    ways = {"style": "unannounced", "reason": "follow_up", "reason_words": "复查整改情况"}
    for at, over in (
        (EARLY, {}),
        (EARLY + timedelta(hours=2), {}),
        (IN_APRIL, {"enterprise": other.pk}),
        (IN_APRIL + timedelta(days=1), {}),
        (IN_MAY, {}),
    ):
        with clock.at(at):
            field.under_way(**ways, **over)
    with clock.at(IN_APRIL):
        field.under_way(**ways, kind="supervision")
        field.do(field.regulator, field.assigned(**ways), "cancel", reason="企业停产。")
    return month


def _asked(month: Month, unit: str) -> Asked:
    with scope.acting(SYSTEM):
        return asked_of(month.of(unit))


def test_inspections_of_the_month_the_territory_and_the_field(visited: Month) -> None:
    with clock.at(IN_MAY), scope.acting(SYSTEM):
        counted = {unit: counters.inspections(_asked(visited, unit)) for unit in UNITS if UNITS[unit][3]}
        assert counted == {"county": 3, "neighbour": 0, "department": 3, "town": 3, "far_town": 0}
        assert counters.inspected_enterprises(_asked(visited, "county")) == 2
        another_field = replace(_asked(visited, "department"), industries=0b010)
        assert counters.inspections(another_field) == 0


def test_major_hazards_found_and_fixed(month: Month) -> None:
    city = month.city
    with clock.at(IN_APRIL):
        city.found(grade="major")
        city.found(grade="general")
        city.dismissed(grade="major")
        city.closed(grade="major")
    with clock.at(IN_MAY), scope.acting(SYSTEM):
        county = _asked(month, "county")
        assert (counters.major_found(county), counters.major_fixed(county)) == (2, 1)
        assert counters.major_found(_asked(month, "neighbour")) == 0


def test_a_leaders_visit_is_known_and_named(visited: Month) -> None:
    leader = visited.city.posts["leader"]
    with scope.acting(SYSTEM):
        visit = Visit.objects.get(kind="supervision")
        Member.objects.create(visit=visit, role="leader", person_id=leader.person_id, name="县长赵某")
    with clock.at(IN_MAY):
        record = visited.of("county")
        found = beside(record)
        assert found.known["leader_visits"] == 1
        assert found.known["leader_visits_list"] == "2026-04-14 县长赵某 翠岭铸造有限公司"
        assert found.counted == {
            "checks.units": 2, "checks.visits": 3, "hazards.found": 0, "hazards.fixed": 0,
        }  # fmt: skip
        told = visited.do("county", record, "save", nothing={"visits": True}).troubles
        assert "leader_visit_not_entered" in {one["check"] for one in told}
        assert beside(visited.of("neighbour")).known["leader_visits"] == 0


def test_the_register_is_the_roster(month: Month) -> None:
    with clock.at(IN_MAY):
        assert beside(month.of("county")).known["enterprises"] == 1
        assert beside(month.of("department")).known == {
            "enterprises": 2, "principals": 2, "leader_visits": 0, "leader_visits_list": "",
        }  # fmt: skip


def test_principals_are_people(month: Month) -> None:
    """Two enterprises, each with a principal who has an account."""
    with clock.at(IN_MAY), scope.acting(SYSTEM):
        firm, county = month.city.enterprise, _asked(month, "county")

        def names() -> list[str]:
            told = [one.title for one in finders["principals"](county)]
            assert counters.principals(county) == (len(told) or None)
            return told

        own = Post.objects.get(role="principal", organisation_id=firm.pk)
        assert names() == [own.person.name]
        Enterprise.objects.filter(pk=firm.pk).update(principal_name=own.person.name, principal_phone="0351-1")
        assert names() == [own.person.name]  # the same person, told of twice
        Enterprise.objects.filter(pk=firm.pk).update(principal_name="钱某")
        assert names() == sorted([own.person.name, "钱某"])
        one_more = Enterprise.objects.get(pk=firm.pk)
        one_more.pk, one_more.uscc, one_more.name = (
            new_id(),
            make_uscc(7, region=firm.region // 1_000_000),
            "翠岭模具厂",
        )
        one_more.save(force_insert=True)
        assert len(names()) == 2  # leads both, is one
        card = {
            "enterprise": firm,
            "region": firm.region,
            "industry_bit": 0,
            "level": "principal",
            "changed_at": IN_MAY,
        }
        for title, holder in (("法定代表人", "孙某"), ("总经理", "钱某")):
            DutyCard.objects.create(title=title, holder_name=holder, **card)
        assert len(names()) == 3  # one card names nobody new
        Enterprise.objects.filter(pk=firm.pk).update(status="closed")
        assert names() == ["钱某"]
        Post.objects.filter(pk=own.pk).update(valid_to=date(2026, 3, 31))
        Enterprise.objects.filter(pk=firm.pk).update(status="active", principal_name="")
        Enterprise.objects.filter(pk=one_more.pk).update(principal_name="")
        assert names() == ["孙某", "钱某"]  # the post ended before the month
        DutyCard.objects.all().delete()
        assert names() == []
        assert "principals" not in beside(month.of("county")).known  # a register of nobody is no roster


def test_more_trained_than_there_are_principals_is_said_with_the_people(month: Month) -> None:
    with clock.at(IN_MAY):
        record = month.saved("county", cells={"training.principals": 40})
        with scope.acting(month.actors["county"]), override("zh-hans"):
            told = next(one for one in told_of(record) if one.check == "principals_in_roster")
        assert "最多填 1" in told.instead
        assert (told.facts, told.stops) == (("principals",), True)
        assert month.do("county", record, "hand_in").state == "bounced"
        for words in ("。", "123456", "无无无无无"):
            month.do("county", record, "save", reasons={"principals_in_roster": words})
            assert month.do("county", record, "hand_in").state == "bounced", words
        month.do("county", record, "save", reasons={"principals_in_roster": "含外县来训企业负责人"})
        assert month.do("county", record, "hand_in").state == "passed"


def test_how_long_ago_the_chief_leader_presided(month: Month) -> None:
    row = {
        "date": "2026-04-08",
        "body": "party",
        "rank": "chief",
        "topic": "研究燃气安全专项整治资金",
        "decision": "拨付",
    }
    with clock.at(IN_MAY):
        month.passed("county", rows={"studies": [row]}, nothing={"studies": False})
        month.passed("neighbour")
        with scope.acting(SYSTEM):
            county, neighbour = _asked(month, "county"), _asked(month, "neighbour")
            assert counters.months_since_chief_heard(county) is None  # nothing before April
            september = date(2026, 9, 1)
            assert counters.months_since_chief_heard(replace(county, month=september)) == 5
            assert counters.months_since_chief_heard(replace(neighbour, month=september)) == 6  # not even in April
