"""
Who reported is found by nobody: not in any table a post can read, not in the ledger's bytes, not in the evidence bundle, not over
HTTP. The posts the city names open the seal with a reason, and that stays for ever.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from anlan.files.actions import may_have_original, store, take_photo
from anlan.files.models import File, Upload
from anlan.identity.models import ApiToken, Post
from anlan.identity.tokens import issue_token
from anlan.kernel import citysettings, clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import Forbidden, Invalid, NotFound
from anlan.kernel.ledger.evidence import export_evidence
from anlan.kernel.ledger.read import acts
from anlan.kernel.models import CitySetting, Entry
from anlan.kernel.scope import Unscoped, scopes
from anlan.reports.actions import join, open_seal
from anlan.reports.models import Report, Seal, SealOpening
from anlan.reports.seals import digest_of
from tests.factories import picture
from tests.reports.conftest import NAME, PHONE, Town

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
JOINT = "钱联名"
POSTS = (
    "dispatcher", "office", "city_office", "finance", "leader", "auditor", "regulator", "inspector", "group_leader", "expert",
    "principal", "safety_manager", "citizen", "system_admin", "security_admin", "audit_admin", "other_field", "n_office",
    "n_dispatcher",
)  # fmt: skip
OF_ACCOUNTS = {"identity_apitoken": "a token says which account signs in; it names no report"}
"""The only tables in sight of a post that may hold the reporter's account; none of them may name the report."""


def watched(town: Town) -> dict[str, Actor]:
    found = {name: town.city.actors[name] for name in POSTS}
    return found | {
        "unit's inspector": town.inspector, "unit's regulator": town.regulator, "another unit": town.other_inspector,
        "another citizen": town.second, "a guest": town.guest,
    }  # fmt: skip


def secrets_of(town: Town) -> list[str]:
    with scope.acting(SYSTEM):
        person = Post.objects.select_related("person").get(pk=town.reporter.post).person
    return [str(person.pk), person.username, NAME, PHONE, JOINT, str(town.reporter.post), str(town.guest.person)]


def a_reported_case(town: Town) -> Report:
    """With a photo whose file name and upload tell who sent it, joined by another, checked, reviewed, answered."""
    with scope.acting(town.reporter):
        photo = take_photo(actor=town.reporter, source=picture(7), name=f"{NAME}的手机.jpg", media_type="image/jpeg")
        Upload.objects.create(
            person_id=town.reporter.person, name=f"{NAME}.jpg", length=photo.size, received=photo.size,
            sha256=photo.sha256, file=photo, began_at=clock.now(), expires_at=clock.now(),
        )  # fmt: skip
    report = town.dispatched(
        photos=[photo.pk], joint=[JOINT], employee_of=town.city.enterprise.pk, category="machinery"
    )
    with scope.acting(town.guest):
        join(actor=town.guest, report=report.pk, data={"words": "我也看见了", "photos": [town.city.photo(town.guest)]})
    town.do(
        town.inspector, report, "unfounded", reason="现场查看，通道畅通。", words="门锁已开。",
        photos=[town.photo(town.inspector)],
    )  # fmt: skip
    return town.do(town.city.office, report, "review", answer="经现场核查，感谢您的监督。")


def said(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", "replace")
    return str(value)


def in_sight() -> Iterator[tuple[str, str]]:
    """Every row of every table as far as the present scope reaches, as one text each."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            for row in model._default_manager.values():
                yield model._meta.db_table, " ".join(said(value) for value in row.values())


def test_no_post_finds_the_reporter_in_any_table(town: Town) -> None:
    report = a_reported_case(town)
    secrets = secrets_of(town)
    leaks = []
    for name, actor in watched(town).items():
        own = {str(actor.person), str(actor.post)}
        with scope.acting(actor):
            for table, text in in_sight():
                found = [one for one in secrets if one in text and one not in own]
                if table in OF_ACCOUNTS:
                    assert str(report.pk) not in text
                elif found and not (name == "a guest" and str(actor.person) in text):
                    leaks.append((name, table, found))
    assert leaks == []


def test_the_search_would_find_it(town: Town) -> None:
    """The same search as the platform itself: the seal and the account, and nothing that ties a person to the report but the seal."""
    report = a_reported_case(town)
    secrets = secrets_of(town)
    with scope.acting(SYSTEM):
        rows = [(table, text) for table, text in in_sight() if any(one in text for one in secrets)]
    assert {"reports_seal", "identity_person", "identity_post", "identity_citizen"} <= {table for table, _text in rows}
    both = {table for table, text in rows if str(report.pk) in text or report.number in text}
    assert both - {"channels_outgoing"} == {"reports_seal"}


def test_the_exempt_tables_are_what_they_are_called(town: Town) -> None:
    assert all(isinstance(scopes[table], Unscoped) for table in OF_ACCOUNTS)
    assert ApiToken._meta.db_table in OF_ACCOUNTS


def test_the_ledger_names_no_citizen(town: Town) -> None:
    report = a_reported_case(town)
    with scope.acting(SYSTEM):
        entries = list(Entry.objects.filter(subject_id=report.pk))
        seal = Seal.objects.get(report_id=report.pk, first=True, place=0)
        history = acts(report.pk)
    by_citizens = [one for one in entries if one.step in ("submit", "join")]
    assert len(by_citizens) == 2
    assert all((one.person_id, one.post_id, one.actor_name) == (None, None, "") for one in by_citizens)
    assert not any("203.0.113.7" in said(one.body) for one in entries)
    submit = next(act for act in history if act.step == "submit")
    assert seal.digest in submit.data["seal"]
    assert not {"name", "phone", "joint", "employee_of"} & set(submit.data)


def test_the_evidence_bundle_names_nobody(town: Town, tmp_path: Path) -> None:
    report = a_reported_case(town)
    path = tmp_path / "bundle.zip"
    from anlan.kernel.ledger.evidence import seal_all

    with scope.acting(SYSTEM):
        seal_all()
    with scope.acting(town.city.office):
        export_evidence(actor=town.city.office, flow_name="report", record_id=report.pk, path=path, files=store())
    with zipfile.ZipFile(path) as bundle:
        text = "\n".join(bundle.read(name).decode("utf-8", "replace") for name in bundle.namelist())
    assert report.number in text
    assert not [one for one in secrets_of(town) if one in text]


def test_nothing_of_it_over_http(town: Town) -> None:
    report = a_reported_case(town)
    secrets = secrets_of(town)
    with scope.acting(SYSTEM):
        files = list(File.objects.filter(subject_id=report.pk).values_list("pk", flat=True))
    for actor in (
        town.city.dispatcher,
        town.city.office,
        town.inspector,
        town.city.auditor,
        town.city.finance,
        town.city.leader,
    ):
        with scope.acting(SYSTEM):
            post = Post.objects.select_related("person").get(pk=actor.post)
            token = issue_token(post=post, name="test")
        client = Client(headers={"Authorization": f"Bearer {token}"})
        paths = [
            "/api/v1/reports", f"/api/v1/reports/{report.pk}", *(f"/api/v1/files/{one}" for one in files),
            f"/api/v1/citizen/reports/{report.pk}", "/api/v1/citizen/reports", "/api/v1/me",
        ]  # fmt: skip
        for path in paths:
            text = client.get(path).content.decode()
            assert not [one for one in secrets if one in text], path


def test_what_a_citizen_sent_says_no_more_who_sent_it(town: Town) -> None:
    report = a_reported_case(town)
    with scope.acting(SYSTEM):
        files = list(File.objects.filter(subject_id=report.pk).order_by("uploaded_at", "id"))
        assert not Upload.objects.exists()
    sent = [one for one in files if one.purpose == "citizen"]
    assert len(sent) == 2
    assert {(one.uploader_id, one.name) for one in sent} == {(None, "photo.jpg")}
    may = {name for name, actor in watched(town).items() if may_have_original(actor, sent[0])}
    assert may == {"dispatcher", "office", "city_office", "n_office", "n_dispatcher"}


def test_only_the_named_posts_open_it_with_a_reason_and_for_ever_noted(town: Town) -> None:
    report = a_reported_case(town)
    for name, actor in watched(town).items():
        with scope.acting(actor):
            assert Seal.objects.exclude(person_id=actor.person).count() == 0
            if name in ("office", "city_office"):
                continue
            with pytest.raises((Forbidden, NotFound)):
                open_seal(actor=actor, report=report.pk, reason="为了核实情况")
    office = town.city.office
    with scope.acting(office), pytest.raises(Invalid):
        open_seal(actor=office, report=report.pk, reason="")
    with scope.acting(office):
        found = open_seal(actor=office, report=report.pk, reason="公安机关依法调取")
    assert [(one.name, one.phone) for one in found][:2] == [(NAME, PHONE), (JOINT, "")]
    with scope.acting(SYSTEM):
        (opening,) = SealOpening.objects.filter(report=report.pk)
        last = acts(report.pk)[-1]
    assert (opening.person_id, opening.reason) == (office.person, "公安机关依法调取")
    assert (last.step, last.actor_name, last.data["reason"]) == ("open_seal", office.name, "公安机关依法调取")
    assert last.data["seal"][0] == digest_of(report.pk, town.reporter.person, NAME, PHONE, 0)
    with scope.acting(office):
        assert Seal.objects.count() == 0  # what was shown once stays sealed


def test_a_city_may_let_its_dispatchers_open_seals_or_nobody(town: Town) -> None:
    report = town.send()
    with scope.acting(SYSTEM):
        CitySetting.objects.create(
            region=141002000000, key="reports.seal.openers", value=["dispatcher"], changed_at=clock.now()
        )
    citysettings.forget()
    with scope.acting(town.city.dispatcher):
        assert open_seal(actor=town.city.dispatcher, report=report.pk, reason="核实举报内容")[0].name == NAME
    with scope.acting(town.city.office), pytest.raises(Forbidden):
        open_seal(actor=town.city.office, report=report.pk, reason="核实举报内容")
