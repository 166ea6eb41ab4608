"""Nobody around the assessed unit reads the check before it is notified: not on the page, by the API, nor in the ledger."""

import json
from hashlib import sha256
from typing import Any

import pytest

from anlan.assessments import queries
from anlan.assessments.models import CheckNote
from anlan.identity import roles
from anlan.identity.acting import actor_for
from anlan.identity.models import Organisation, Person, Post
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.ids import new_id
from anlan.kernel.models import Entry
from anlan_verify import canonical
from tests.assessments.conftest import LOCKED_PASSWORD, Yearly
from tests.factories import COUNTY, City
from tests.sessions import SignedIn

pytestmark = [pytest.mark.django_db(databases=["default", "owner"]), pytest.mark.usefixtures("in_january")]
SECRETS = ("有两次无记录", "因整改不力", "通报7号", "虚假一例", "重新核一遍", "90.5", "13.25", "暂不外传")


@pytest.fixture
def city(yearly: Yearly) -> City:
    """Beside the assessed committee its county has an office in another organisation."""
    with scope.acting(SYSTEM):
        beside = Organisation.objects.create(
            id=new_id(), name="county府办", kind="government", region=COUNTY, industries=0
        )
        person = Person(id=new_id(), username="k-beside", name="旁某", created_at=clock.now())
        person.password = LOCKED_PASSWORD
        person.save()
        post = Post.objects.create(
            id=new_id(), person=person, role=roles.OFFICE, region=COUNTY, industries=-1, organisation=beside,
            valid_from=clock.today().replace(year=2020), created_at=clock.now(),
        )  # fmt: skip
    yearly.posts["beside"], yearly.actors["beside"] = post, actor_for(post)
    yearly.city.posts |= yearly.posts
    return yearly.city


def _checked(yearly: Yearly) -> Any:
    record = yearly.examined("county")
    yearly.do("city", record, "examine", item="visits", points="13.25", words="有两次无记录。")
    yearly.do("city", record, "examine", item="visits", points="16", words="有两次无记录。")
    yearly.do("city", record, "mark", code="criticised", words="因整改不力被通报批评。", document="通报7号")
    yearly.do("city", record, "mark", code="criticised", words="虚假一例。", document="通报8号")
    wrong = yearly.cases(record)[1]
    yearly.do("city", record, "strike", case=wrong.pk, reason="虚假一例，予以剔除。")
    yearly.do("city", record, "check")
    yearly.do("city", record, "reopen", reason="重新核一遍材料。")
    return yearly.do("city", record, "check", remark="分数有争议，暂不外传。")


def _entries(yearly: Yearly, who: str, record: Any) -> list[Entry]:
    with scope.acting(yearly.actors[who]):
        return list(Entry.objects.filter(subject_id=record.pk).order_by("version"))


@pytest.mark.parametrize("who", ["county", "beside", "auditor"])
def test_the_check_is_secret_until_the_unit_is_notified(
    yearly: Yearly, city: City, signed_in: SignedIn, who: str
) -> None:
    record = _checked(yearly)
    client = signed_in(who)
    assert not yearly.actors[who].covers(record.territory)
    paths = [
        f"/assessments/{record.pk}/",
        f"/assessments/rounds/{yearly.round.pk}/",
        f"/api/v1/assessments/{record.pk}",
    ]
    paths.append(f"/api/v1/assessments/rounds/{yearly.round.pk}")
    entries = _entries(yearly, who, record)
    assert len(entries) >= 9
    for one in entries:
        paths += [f"/audit/entries/{one.pk}/", f"/audit/entries/{one.pk}/bytes/"]
        assert not [secret for secret in SECRETS if secret in bytes(one.body).decode()], one.step
    for path in paths:
        sent = client.get(path)
        body = b"".join(sent.streaming_content) if sent.streaming else sent.content
        assert not [secret for secret in SECRETS if secret in body.decode()], path
    yearly.do("city", record, "notify")
    told = client.get(f"/assessments/{record.pk}/").content.decode()
    assert "因整改不力" in told
    assert "90.5" in told


def test_what_the_ledger_withholds_is_proven_by_its_digest(yearly: Yearly) -> None:
    record = _checked(yearly)
    with scope.acting(yearly.actors["city"]):
        notes = {one.version: one for one in CheckNote.objects.filter(assessment=record)}
        told = {act.version: act for act in queries.history(yearly.actors["city"], record)}
    bodies = {one.version: json.loads(bytes(one.body)) for one in _entries(yearly, "city", record)}
    sealed = [body for body in bodies.values() if body["step"] in ("examine", "mark", "strike", "reopen")]
    assert len(sealed) == len(notes) - 1 == 8
    for body in sealed:
        note = notes[body["version"]]
        facts = {"id": str(note.pk), "assessment": str(record.pk), "version": note.version, "data": note.data}
        assert body["digest"] == sha256(canonical.dumps(facts)).hexdigest()
        assert told[note.version].data.items() >= note.data.items()
    changed = [one.data for one in notes.values() if one.data.get("item") == "visits"]
    assert {(one["before"], one["points"]) for one in changed} == {(None, "16"), ("16.00", "13.25"), ("13.25", "16")}


def test_at_the_notice_the_ledger_says_what_was_checked(yearly: Yearly) -> None:
    record = yearly.do("city", _checked(yearly), "notify")
    body = json.loads(bytes(_entries(yearly, "county", record)[-1].body))
    assert (body["step"], body["digest"]) == ("notify", record.digest)
    assert body["data"]["check_total"] == str(record.check_total)
    assert body["data"]["lines"]["visits"] == "16.00"
