"""The double random draw: it gives the same result from its record alone, keeps apart who must not meet, and is never changed."""

import json
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from anlan.experts.models import Avoidance
from anlan.inspections import drawing
from anlan.inspections.actions.draws import NoHeadYet, announce_draw, hold_draw, plan_drawn
from anlan.inspections.actions.visit import take_step
from anlan.inspections.models import Draw, DrawNotice, Visit
from anlan.inspections.queries.draws import record_of
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.codes import make_uscc
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.evidence import seal_all
from anlan.kernel.ledger.read import acts
from anlan.kernel.ledger.sequencer import signing_key
from anlan.kernel.models import Head, Leaf
from anlan.registry.models import Enterprise
from anlan.site.cli import main
from anlan_verify import canonical, heads
from tests.factories import CITY, COUNTY, TOWN
from tests.hazards.conftest import SignedIn
from tests.inspections.conftest import Field

database = pytest.mark.django_db(
    databases=["default", "owner"], transaction=True
)  # a head is signed over what is committed


def published(**over: Any) -> dict[str, Any]:
    firms = [{"id": f"e{n}", "name": f"企业{n}", "uscc": "", "county": "141002000000"} for n in range(20)]
    people = [
        {"id": f"p{n}", "name": f"人{n}", "county": "141002000000" if n % 2 else "141021000000"} for n in range(8)
    ]
    asked = {"enterprises": 6, "officers_each": 2, "most_each_officer": 3, "other_region": False}
    return {
        "rule": drawing.RULE, "seed": "ab12", "asked": asked, "enterprises": firms, "officers": people, "avoidances": [],
    } | over  # fmt: skip


def test_the_result_is_known_for_all_time() -> None:
    """Computed apart from this program with `sha256sum` and `sort`; another result means that published draws cannot be replayed."""
    assert [(one["enterprise"], one["officers"]) for one in drawing.draw(published())] == GOLDEN


GOLDEN = [
    ("e1", ["p3", "p0"]),
    ("e9", ["p1", "p5"]),
    ("e3", ["p2", "p6"]),
    ("e12", ["p0", "p1"]),
    ("e16", ["p7", "p3"]),
    ("e15", ["p6", "p3"]),
]


@given(seed=st.text(min_size=1, max_size=40), order=st.randoms(use_true_random=False))
def test_the_order_of_the_lists_changes_nothing(seed: str, order: Any) -> None:
    plain, shuffled = published(seed=seed), deepcopy(published(seed=seed))
    order.shuffle(shuffled["enterprises"])
    order.shuffle(shuffled["officers"])
    assert drawing.draw(plain) == drawing.draw(shuffled)


@given(
    seed=st.text(min_size=1, max_size=20),
    away=st.sets(st.tuples(st.integers(0, 7), st.integers(0, 19)), max_size=60),
    most=st.integers(1, 4),
    abroad=st.booleans(),
)
def test_nobody_goes_who_must_not(seed: str, away: set[tuple[int, int]], most: int, abroad: bool) -> None:
    pairs = [{"officer": f"p{p}", "enterprise": f"e{e}", "reason": "kin"} for p, e in sorted(away)]
    asked = {"enterprises": 6, "officers_each": 2, "most_each_officer": most, "other_region": abroad}
    result = drawing.draw(published(seed=seed, avoidances=pairs, asked=asked))
    assert len({one["enterprise"] for one in result}) == 6
    everybody = [officer for one in result for officer in one["officers"]]
    assert all(everybody.count(officer) <= most for officer in everybody)
    for one in result:
        assert len(one["officers"]) == len(set(one["officers"])) <= 2
        for officer in one["officers"]:
            assert (int(officer[1:]), int(one["enterprise"][1:])) not in away
            assert not abroad or int(officer[1:]) % 2 == 0
        if len(one["officers"]) < 2:
            assert len(one["passed_over"]) == 8 - len(one["officers"]), "whoever could go was taken"


def test_every_enterprise_is_drawn_about_as_often() -> None:
    counts = dict.fromkeys((f"e{n}" for n in range(20)), 0)
    for seed in range(400):
        for one in drawing.draw(published(seed=str(seed))):
            counts[one["enterprise"]] += 1
    assert sum(counts.values()) == 2400
    assert all(80 <= count <= 160 for count in counts.values()), counts  # 120 expected, 4 standard deviations


@pytest.mark.parametrize(
    "wrong", [{"rule": "other"}, {"seed": None, "enterprises": 3}, {"asked": {}}, {"officers": [{}]}]
)
def test_what_is_no_draw_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(drawing.NotADrawError):
        drawing.draw(published(**wrong))


@pytest.fixture
def ready(city: Field) -> Field:
    """Five foundries in the county, their two certified officers, and a neighbour that must not be drawn."""
    now = datetime.now(UTC)
    with scope.acting(SYSTEM):
        for number in range(10, 14):
            Enterprise.objects.create(
                id=new_id(), uscc=make_uscc(number, region=141002), name=f"试验铸造{number}厂", region=TOWN,
                industry_id="gongmao", industry_bit=0, created_at=now, changed_at=now,
            )  # fmt: skip
    return city


def asked(**over: Any) -> dict[str, Any]:
    return {
        "title": "粉尘涉爆双随机", "region": COUNTY, "industry": "gongmao", "enterprises": 3,
        "planned_on": clock.today() + timedelta(days=7), "purpose": "年度双随机抽查",
    } | over  # fmt: skip


def held(actor: Actor, **over: Any) -> Draw:
    """Announced, sealed by the sequencer, drawn."""
    with scope.acting(actor):
        notice = announce_draw(actor=actor, data=asked(**over))
    seal_all()
    with scope.acting(actor):
        return hold_draw(actor=actor, notice=notice.pk)


@database
def test_a_draw_is_held_recorded_and_done_again(
    ready: Field, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made, again = held(ready.regulator), held(ready.regulator)
    with scope.acting(ready.regulator):
        assert len(made.result) == 3
        assert all(len(one["officers"]) == 2 for one in made.result)
        assert {one["id"] for one in made.published["enterprises"]}.isdisjoint({str(ready.n_enterprise.pk)})
        assert again.number != made.number
        assert again.seed != made.seed
        with pytest.raises(DatabaseError), transaction.atomic():
            Draw.objects.filter(pk=made.pk).update(seed="mine")
        record = json.loads(json.dumps(record_of(made), ensure_ascii=False))
    file = tmp_path / "draw.json"
    file.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    assert main(["draw", "replay", str(file)]) == 0
    assert made.digest in capsys.readouterr().out
    for spoil in (
        lambda one: one["published"].update(seed="ff" * 32),
        lambda one: one["published"]["head"].update(root="00" * 32),
        lambda one: one["published"]["head"].update(size=one["published"]["head_size"]),
        lambda one: one["published"].update(announcement="00" * 32),
        lambda one: one["result"].reverse(),
        lambda one: one["result"].pop(),
        lambda one: one["published"]["enterprises"].pop(),
        lambda one: one["published"].update(title="别的"),
    ):
        wrong = deepcopy(record)
        spoil(wrong)
        file.write_text(json.dumps(wrong), encoding="utf-8")
        assert main(["draw", "replay", str(file)]) == 1
        assert "NOT the published result" in capsys.readouterr().out
    file.write_text("{}", encoding="utf-8")
    assert main(["draw", "replay", str(file)]) == 1
    with scope.acting(ready.n_regulator):
        assert not Draw.objects.exists()


@database
def test_who_may_be_drawn_and_who_is_left_out_and_why(ready: Field) -> None:
    with clock.at(clock.now() - timedelta(days=10)):
        ready.filed()
    with scope.acting(SYSTEM):
        closed = Enterprise.objects.exclude(pk=ready.enterprise.pk).filter(region=TOWN).order_by("name")[0]
        Enterprise.objects.filter(pk=closed.pk).update(status="closed")
        kin = (
            Enterprise.objects.filter(region=TOWN, status="active").exclude(pk=ready.enterprise.pk).order_by("name")[0]
        )
        Avoidance.objects.create(
            id=new_id(), person_id=ready.inspector2.person, enterprise=kin, region=COUNTY, kind="kin",
            since=date(2026, 1, 1),
        )  # fmt: skip
    made, again = held(ready.regulator), held(ready.regulator, not_visited_days=0, enterprises=4)
    with scope.acting(ready.regulator):
        outside = {one["id"]: one["reason"] for one in made.published["left_out"]["enterprises"]}
        assert outside == {str(ready.enterprise.pk): "visited", str(closed.pk): "closed"}
        missing = next(one for one in made.result if one["enterprise"] == str(kin.pk))
        assert str(ready.inspector2.person) not in missing["officers"]
        assert {"officer": str(ready.inspector2.person), "reason": "kin"} in missing["passed_over"]
        own = next(one for one in again.result if one["enterprise"] == str(ready.enterprise.pk))
        assert own["officers"] == []
        assert {away["reason"] for away in own["passed_over"]} == {"last_visitor"}
        with pytest.raises(Invalid) as wrong:
            announce_draw(actor=ready.regulator, data=asked(enterprises=5))
        assert "enterprises" in wrong.value.fields
        with pytest.raises(Invalid) as wrong:
            announce_draw(actor=ready.regulator, data=asked(officers_each=3))
        assert "officers_each" in wrong.value.fields


@database
def test_abroad_nobody_checks_at_home(ready: Field) -> None:
    made = held(ready.city_regulator, other_region=True)
    with scope.acting(ready.city_regulator):
        home = {str(ready.posts[name].person_id) for name in ("inspector", "inspector2")}
        assert all(len(one["officers"]) == 2 and home.isdisjoint(one["officers"]) for one in made.result)


@database
def test_who_may_hold_a_draw(ready: Field) -> None:
    for post in (ready.inspector, ready.leader, ready.auditor, ready.principal):
        with scope.acting(post), pytest.raises(Forbidden):
            announce_draw(actor=post, data=asked())
    for post, field in ((ready.n_regulator, "region"), (ready.other_field, "industry")):
        with scope.acting(post), pytest.raises(Invalid) as wrong:
            announce_draw(actor=post, data=asked())
        assert field in wrong.value.fields
    with scope.acting(ready.city_regulator), pytest.raises(Invalid) as wrong:
        announce_draw(actor=ready.city_regulator, data=asked(region=CITY, facility="nonsense"))
    assert "facility" in wrong.value.fields


@database
def test_the_visits_of_a_draw_are_planned_once_each_with_its_officers(ready: Field) -> None:
    day = clock.today() + timedelta(days=7)
    facts = {"check": "county", "planned_on": day, "organisation": ready.department.pk}
    made, later = held(ready.regulator), held(ready.regulator, enterprises=2)
    with scope.acting(ready.regulator):
        visits = plan_drawn(actor=ready.regulator, draw=made.pk, data=facts)
        assert {str(visit.enterprise_id) for visit in visits} == {one["enterprise"] for one in made.result}
        for visit, one in zip(visits, made.result, strict=True):
            assert {str(member.person_id) for member in visit.members.all()} == set(one["officers"])
            assert (visit.state, visit.style, visit.known_to_id) == ("unannounced", "unannounced", None)
        with pytest.raises(Conflict):
            plan_drawn(actor=ready.regulator, draw=made.pk, data=facts)
        closed = later.result[0]["enterprise"]
    with scope.acting(SYSTEM):
        Enterprise.objects.filter(pk=closed).update(status="closed")
    with scope.acting(ready.regulator):
        with pytest.raises(Invalid) as wrong:
            plan_drawn(actor=ready.regulator, draw=later.pk, data=facts)
        assert len(wrong.value.fields["leave_out"]) == 1
        assert not Visit.objects.filter(draw=later).exists(), "all or none"
        assert len(plan_drawn(actor=ready.regulator, draw=later.pk, data=facts | {"leave_out": True})) == 1
    with scope.acting(ready.inspector), pytest.raises(Forbidden):
        plan_drawn(actor=ready.inspector, draw=later.pk, data=facts)
    with scope.acting(ready.principal):
        assert not Visit.objects.exists()


@database
def test_the_pages_show_and_publish_it(ready: Field, signed_in: SignedIn) -> None:
    desk = signed_in("regulator")
    bad = desk.post("/draws/new/", data={"title": "试", "region": COUNTY, "industry": "gongmao"})
    assert bad.status_code == 422
    typed = asked(planned_on=(clock.today() + timedelta(days=3)).isoformat(), other_region="false")
    made = desk.post("/draws/new/", data=typed)
    assert made.status_code == 302, made.content.decode()
    announced = desk.get(made["Location"]).content.decode()
    assert "粉尘涉爆双随机" in desk.get("/draws/").content.decode()
    early = desk.post(made["Location"] + "hold/")
    assert (early.status_code, early["Retry-After"]) == (409, "2")
    assert "Wait a moment" in early.content.decode()
    assert "the same result" not in announced
    before = desk.get(made["Location"] + "record/").json()
    assert drawing.digest(before["announced"]) == before["digest"]
    for who, status in (("auditor", 403), ("principal", 403), ("n_regulator", 404)):
        assert signed_in(who).post(made["Location"] + "hold/").status_code == status, who
    seal_all()
    drawn = desk.post(made["Location"] + "hold/")
    assert (drawn.status_code, drawn["Location"]) == (302, made["Location"])
    assert desk.post(made["Location"] + "hold/").status_code == 409
    page = desk.get(made["Location"]).content.decode()
    assert "the same result" in page
    record = desk.get(made["Location"] + "record/").json()
    assert drawing.replay(record).same
    assert record["published"]["announcement"] == before["digest"]
    assert desk.get("/draws/").status_code == 200
    plan = made["Location"] + "visits/"
    assert desk.get(plan).status_code == 200
    sent = {"check": "county", "planned_on": typed["planned_on"], "style": "notified", "leave_out": "false"}
    done = desk.post(plan, data=sent)
    assert done.status_code == 302, done.content.decode()
    assert desk.post(plan, data=sent).status_code == 422
    assert signed_in("auditor").get(made["Location"]).status_code == 200
    assert signed_in("principal").get("/draws/").status_code == 403
    assert signed_in("n_regulator").get(made["Location"]).status_code == 404


@database
def test_the_announcement_binds_and_the_seed_comes_after_it(ready: Field) -> None:
    regulator = ready.regulator
    ready.filed()
    seal_all()
    with scope.acting(regulator):
        before = Head.objects.order_by("-size").first()
        assert before is not None
        notice = announce_draw(actor=regulator, data=asked())
        assert notice.published["head_size"] == before.size
        with pytest.raises(DatabaseError), transaction.atomic():
            DrawNotice.objects.filter(pk=notice.pk).update(published={})
        with pytest.raises(NoHeadYet):
            hold_draw(actor=regulator, notice=notice.pk)
    with scope.acting(regulator), pytest.raises(NoHeadYet):
        hold_draw(actor=regulator, notice=notice.pk)
    seal_all()
    with scope.acting(SYSTEM):
        index = Leaf.objects.get(entry_id=notice.entry_id).index
        first = Head.objects.filter(size__gt=index).order_by("size").first()
        Enterprise.objects.filter(pk=notice.published["enterprises"][0]["id"]).update(status="closed")
    with scope.acting(regulator):
        announce_draw(actor=regulator, data=asked())  # the ledger grows: a later head changes nothing
    seal_all()
    for post in (ready.inspector, ready.auditor, ready.principal):
        with scope.acting(post), pytest.raises(Forbidden):
            hold_draw(actor=post, notice=notice.pk)
    with scope.acting(ready.n_regulator), pytest.raises(NotFound):
        hold_draw(actor=ready.n_regulator, notice=notice.pk)
    with scope.acting(ready.office):
        made = hold_draw(actor=ready.office, notice=notice.pk)
        assert made.seed == sha256(bytes(first.root) + bytes.fromhex(notice.digest)).hexdigest()
        assert heads.verify_head(
            heads.parse_head(canonical.dumps(made.published["head"])),
            {heads.key_id(signing_key().public_key()): signing_key().public_key()},
        )
        kept = {key: value for key, value in made.published.items() if key not in drawing.HELD}
        assert kept == notice.published, "nothing was looked up again"
        assert [act.step for act in acts(made.pk)] == ["announce_draw", "hold_draw"]
        with pytest.raises(Conflict):
            hold_draw(actor=ready.office, notice=notice.pk)


@database
def test_a_draw_is_held_once_by_two_at_once(ready: Field) -> None:
    with scope.acting(ready.regulator):
        notice = announce_draw(actor=ready.regulator, data=asked())
    seal_all()

    def one(actor: Actor) -> bool:
        try:
            with scope.acting(actor):
                hold_draw(actor=actor, notice=notice.pk)
        except Conflict:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(one, (ready.regulator, ready.office))) == [False, True]


def test_draws_of_the_first_rule_are_done_again_and_told_apart() -> None:
    old = published(rule=drawing.FIRST_RULE)
    record = {"published": old, "result": drawing.draw(old), "digest": drawing.digest(old)}
    found = drawing.replay(record)
    assert (found.same, found.bound) == (True, False)
    with pytest.raises(drawing.NotADrawError):  # no announcement, no head: not the second rule
        drawing.replay(record | {"published": published()})


@database
def test_whoever_was_drawn_is_replaced_only_for_a_reason_that_is_shown(ready: Field, signed_in: SignedIn) -> None:
    made = held(ready.regulator)
    facts = {"check": "county", "planned_on": clock.today() + timedelta(days=7), "organisation": ready.department.pk}
    with scope.acting(ready.regulator):
        visit = plan_drawn(actor=ready.regulator, draw=made.pk, data=facts)[0]
        leader, officer = (ready.posts[name].pk for name in ("inspector2", "inspector"))
        named = {"leader": leader, "officers": [officer]}
        for reason in ("", " "):
            with pytest.raises(Invalid) as wrong:
                take_step(actor=ready.regulator, visit=visit.pk, step="reassign", data=named | {"reason": reason})
            assert "reason" in wrong.value.fields
        take_step(actor=ready.regulator, visit=visit.pk, step="reassign", data=named | {"reason": "原组长住院"})
    page = signed_in("regulator").get(f"/draws/{made.pk}/").content.decode()
    assert "原组长住院" in page
