"""A draw from its announcement to its visits: recorded, done again from its record, never changed, held once."""

import json
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import DatabaseError, connection, transaction

from anlan.inspections import drawing
from anlan.inspections.actions.draws import NoHeadYet, announce_draw, hold_draw, plan_drawn
from anlan.inspections.actions.visit import take_step
from anlan.inspections.models import Draw, DrawNotice, Visit
from anlan.inspections.queries.draws import record_of
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from anlan.kernel.ledger.evidence import seal_all
from anlan.kernel.ledger.read import acts
from anlan.kernel.ledger.sequencer import signing_key
from anlan.kernel.models import Head, Leaf
from anlan.registry.models import Enterprise
from anlan.site.cli import main
from anlan_verify import canonical, heads
from tests.factories import COUNTY
from tests.inspections.conftest import Field
from tests.inspections.lots import asked, database, held
from tests.sessions import SignedIn


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
def test_the_heads_signature_is_checked_when_a_key_is_given(
    ready: Field, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = held(ready.regulator)
    with scope.acting(ready.regulator):
        record = json.loads(json.dumps(record_of(made)))
    file, key, other, kept = (tmp_path / name for name in ("draw.json", "public.pem", "other.pem", "heads.jsonl"))
    key.write_bytes(heads.public_pem(signing_key().public_key()))
    other.write_bytes(heads.public_pem(Ed25519PrivateKey.generate().public_key()))

    def replayed(told: dict[str, Any], *options: str) -> tuple[int, str]:
        file.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        status = main(["draw", "replay", str(file), *options])
        return status, capsys.readouterr().out

    status, said = replayed(record)
    assert status == 0
    assert "Not checked: the head's own signature" in said
    status, said = replayed(record, "--key", str(other), "--key", str(key))
    assert status == 0
    assert "Checked: the head's signature" in said
    assert "Not checked: the head's own signature" not in said
    status, said = replayed(record, "--key", str(other))
    assert status == 1
    assert "NOT signed by any key given" in said
    # A whole record made of an invented head: everything follows from it but its signature.
    forged = deepcopy(record)
    published = forged["published"]
    published["head"]["root"] = "11" * 32
    published["seed"] = drawing.seed_of(published["head"]["root"], published["announcement"])
    forged |= {"result": drawing.draw(published), "digest": drawing.digest(published)}
    status, said = replayed(forged)
    assert (status, "Not checked: the head's own signature" in said) == (0, True)
    assert replayed(forged, "--key", str(key))[0] == 1
    kept.write_bytes(canonical.dumps(record["published"]["head"]) + b"\n")
    assert replayed(record, "--witness", str(kept))[0] == 0
    assert "ANOTHER head" in replayed(forged, "--witness", str(kept))[1]
    kept.write_bytes(b"")
    assert "NO head" in replayed(record, "--witness", str(kept))[1]
    status, said = replayed(record, "--key", str(key), "--json")
    assert status == 0
    assert len(json.loads(said)["checked"]) == 3


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
