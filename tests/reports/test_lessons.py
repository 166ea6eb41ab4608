"""Learning from the territory's own settled reports, and being heard only when it earned it."""

from typing import Any

import pytest

from anlan.identity.models import Organisation
from anlan.kernel import citysettings, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import Forbidden, NotNow
from anlan.kernel.ledger.read import acts
from anlan.reports.models import Learnt
from anlan.reports.sorting import rulings, suggest
from anlan.reports.sorting.jobs import learn as learn_job
from anlan.reports.sorting.learning import lessons
from anlan.reports.sorting.learning.suggesting import advise, lesson
from tests.factories import CITY, COUNTY, NEIGHBOUR, NEIGHBOUR_TOWN, TOWN, City
from tests.reports.conftest import Town, make_town
from tests.reports.telling import heard
from tests.sessions import SignedIn, signed_in

__all__ = ["signed_in"]
pytestmark = pytest.mark.django_db(databases=["default", "owner"])
KINDS = {
    "gas": "gas", "fire": "fire_exit", "ebike": "ebike", "construction": "construction", "machinery": "machinery",
    "chemical": "chemicals", "road": "traffic", "lift": "special_equipment",
}  # fmt: skip
EBIKE = "三单元楼梯间电动车飞线充电，电瓶拿上楼充"


@pytest.fixture
def town(city: City) -> Town:
    return make_town(city)


@pytest.fixture
def past(town: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    """As if five hundred reports were settled: electric bicycles by one unit, all else by the other."""

    def examples(_region: int, target: str) -> list[lessons.Example]:
        return [
            lessons.Example(
                told=lessons.Told(
                    words=one.words,
                    address=one.address,
                    region=TOWN,
                    category="" if target == "category" else KINDS[one.kind],
                ),
                label=KINDS[one.kind]
                if target == "category"
                else str(town.unit.pk if one.kind in ("ebike", "fire") else town.other_unit.pk),
            )
            for one in heard(500, seed=5)
        ]

    monkeypatch.setattr(lessons, "examples", examples)
    return town


def _learn(actor: Actor = SYSTEM, region: int = COUNTY) -> dict[str, Any]:
    with scope.acting(actor):
        return lessons.learn_all(actor=actor, region=region)


def _ask(town: Town, **over: Any) -> dict[str, Any]:
    report = town.send(category="", words=EBIKE, **over)
    with scope.acting(town.city.dispatcher):
        return suggest(report)


def test_what_was_learnt_is_offered_with_its_reason(past: Town) -> None:
    made = _learn()
    assert isinstance(made["category"], Learnt)
    assert made["category"].held_out == 100
    found = _ask(past)
    assert found["category"] == "ebike"
    assert found["unit"] == str(past.unit.pk)
    assert 0.8 <= float(found["confidence"]) <= 1
    assert any(word in EBIKE for word in found["why"])
    with scope.acting(SYSTEM):
        told = acts(made["unit"].pk)[0]
    assert (told.step, told.data["target"]) == ("learn", "unit")


def test_a_report_keeps_what_was_proposed_as_it_came(past: Town) -> None:
    _learn()
    report = past.send(category="", words=EBIKE)
    assert report.suggested["category"] == "ebike"
    with scope.acting(SYSTEM):
        assert acts(report.pk)[0].changes["suggested"][1]["unit"] == str(past.unit.pk)


def test_nothing_is_offered_of_words_it_never_met(past: Town) -> None:
    _learn()
    for words in ("请问办理护照需要带什么材料周六上班吗", "床前明月光疑是地上霜举头望明月"):
        report = past.send(category="", words=words)
        assert (report.suggested["category"], report.suggested["unit"]) == (None, None)


def test_below_the_citys_threshold_it_is_never_applied(past: Town) -> None:
    _learn()
    with scope.acting(SYSTEM):
        citysettings.change(actor=SYSTEM, key=rulings.THRESHOLD.key, region=COUNTY, new=99)
    citysettings.forget()
    report = past.send(category="", words=EBIKE)
    with scope.acting(past.city.dispatcher):
        found = advise(report)
    assert all(one.confidence >= 0.99 for one in (*found.kinds, *found.units) if one.sure)
    citysettings.forget()


def test_one_that_was_right_too_seldom_is_never_applied_however_sure_it_is(past: Town) -> None:
    _learn()
    with scope.acting(SYSTEM):
        for row in Learnt.objects.all():
            poor = [one | {"right": int(one["answered"] * 0.7)} for one in row.figures["by_threshold"]]
            Learnt.objects.create(
                region=row.region, target=row.target, weights=row.weights, labels=row.labels, trained_on=row.trained_on,
                held_out=row.held_out, figures=row.figures | {"by_threshold": poor}, at=row.at.replace(year=row.at.year + 1),
            )  # fmt: skip
    found = _ask(past)
    assert (found["category"], found["unit"], found["confidence"]) == (None, None, None)


def test_whoever_sent_it_back_and_whoever_is_closed_is_not_suggested(past: Town) -> None:
    _learn()
    report = past.send(category="", words=EBIKE)
    past.do(past.city.dispatcher, report, "dispatch", unit=past.unit.pk)
    past.do(past.inspector, report, "send_back", reason="不属于本单位职责。")
    fresh = past.fresh(report)
    with scope.acting(past.city.dispatcher):
        assert str(past.unit.pk) not in [one.label for one in advise(fresh).units]
    with scope.acting(SYSTEM):
        Organisation.objects.filter(pk=past.other_unit.pk).update(active=False)
    with scope.acting(past.city.dispatcher):
        assert advise(fresh).units == []


def test_a_county_without_a_lesson_listens_to_its_city_and_not_to_its_neighbour(past: Town) -> None:
    _learn(region=NEIGHBOUR)
    with scope.acting(past.city.dispatcher):
        assert lesson("category", TOWN) is None
    _learn(region=CITY)
    with scope.acting(past.city.dispatcher):
        city = lesson("category", TOWN)
    _learn(region=COUNTY)
    with scope.acting(past.city.dispatcher):
        own = lesson("category", TOWN)
    assert city is not None
    assert own is not None
    assert city.id != own.id


def test_too_little_is_not_learnt_from(town: Town) -> None:
    town.answered()
    with scope.acting(SYSTEM), pytest.raises(NotNow) as few:
        lessons.learn(actor=SYSTEM, region=COUNTY, target="category")
    assert "1 settled" in few.value.detail


def test_only_settled_reports_of_the_territory_teach_and_as_they_ended(town: Town) -> None:
    town.send()
    town.dispatched()
    settled = town.do(
        town.city.dispatcher, town.send(category="gas", words="楼道电动车充电"), "screen", category="ebike"
    )
    settled = town.do(town.city.dispatcher, settled, "dispatch", unit=town.unit.pk)
    town.do(
        town.inspector,
        settled,
        "unfounded",
        reason="现场查看，没有此事。",
        words="现场已核实。",
        photos=[town.photo(town.inspector)],
    )
    foreign = town.send(region=NEIGHBOUR_TOWN)
    town.do(town.city.actors["n_dispatcher"], foreign, "dispatch", unit=town.n_unit.pk)
    town.do(
        town.n_inspector,
        foreign,
        "unfounded",
        reason="现场查看，没有此事。",
        words="现场已核实。",
        photos=[town.photo(town.n_inspector)],
    )
    with scope.acting(SYSTEM):
        kinds, units = lessons.examples(COUNTY, "category"), lessons.examples(COUNTY, "unit")
    assert [(one.told.words, one.label) for one in kinds] == [("楼道电动车充电", "ebike")]
    assert [one.label for one in units] == [str(town.unit.pk)]


@pytest.mark.parametrize("name", ["n_dispatcher", "regulator", "inspector", "citizen", "auditor"])
def test_others_do_not_make_it_learn(past: Town, name: str) -> None:
    actor = past.city.actors[name]
    with scope.acting(actor), pytest.raises(Forbidden):
        lessons.learn(actor=actor, region=COUNTY, target="category")


def test_the_job_learns_and_old_lessons_go(past: Town) -> None:
    for _time in range(lessons.KEPT + 2):
        learn_job(region=COUNTY)
    with scope.acting(SYSTEM):
        assert Learnt.objects.filter(target="unit", region=COUNTY).count() == lessons.KEPT


def test_what_is_due_is_asked_for_once_there_is_enough(town: Town) -> None:
    assert lessons.due() == []
    with scope.acting(SYSTEM):
        citysettings.change(actor=SYSTEM, key=rulings.LEAST.key, region=COUNTY, new=40)
    citysettings.forget()
    town.handled()
    assert lessons.due() == []
    citysettings.forget()


def test_the_page_shows_figures_and_only_its_keeper_sets_the_threshold(past: Town, signed_in: SignedIn) -> None:
    client = signed_in("dispatcher")
    assert "Nothing learnt yet." in client.get("/reports/learnt/").content.decode()
    _learn()
    page = client.get("/reports/learnt/").content.decode()
    assert "Figures by threshold" in page
    assert past.unit.name in page
    assert client.post("/reports/learnt/threshold/", {"threshold": "90"}).status_code == 403
    keeper = signed_in("system_admin")
    assert keeper.post("/reports/learnt/threshold/", {"threshold": "90"}).status_code == 302
    citysettings.forget()
    assert rulings.threshold(COUNTY) == 0.9
    keeper.post("/reports/learnt/threshold/", {"threshold": "20"})
    keeper.post("/reports/learnt/threshold/", {"threshold": "x"})
    citysettings.forget()
    assert rulings.threshold(COUNTY) == 0.9
    assert client.post("/reports/learnt/now/").status_code == 302
    assert client.post("/reports/learnt/now/").status_code == 302
    for name in ("regulator", "citizen", "auditor"):
        assert signed_in(name).get("/reports/learnt/").status_code == 403
    citysettings.forget()
