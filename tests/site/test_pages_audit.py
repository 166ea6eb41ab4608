"""The ledger's pages: proofs are made and checked while one looks, and a tampered row shows at once."""

import io
import zipfile

import pytest
from django.db import connections, transaction

from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.ledger import proofs
from anlan.kernel.ledger.sequencer import seal, witness_file
from anlan.kernel.models import Entry, Head, Leaf
from tests.factories import COUNTY, City
from tests.site.pages import client_of, words

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def sealed(city: City) -> City:
    witness_file().path.unlink(missing_ok=True)
    city.accepted()
    seal()
    city.found()
    seal()
    return city


def entry_at(index: int) -> Entry:
    with scope.acting(SYSTEM):
        return Entry.objects.get(pk=Leaf.objects.get(pk=index).entry_id)


def tamper(statement: str, parameters: list[object]) -> None:
    """As a database superuser would: the triggers out of the way."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        for table in ("kernel_entry", "kernel_head"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER never_changed")
        cursor.execute(statement, parameters)
        for table in ("kernel_entry", "kernel_head"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER never_changed")


def test_every_entry_proves_its_place_in_one_query_for_its_nodes(sealed: City) -> None:
    with scope.acting(SYSTEM):
        size = Head.objects.order_by("-size")[0].size
        assert size > 5
        for index in range(size):
            proof = proofs.inclusion(entry_at(index))
            assert proof is not None
            assert proof.holds
            assert proof.index == index
        recent = proofs.verify_recent(4)
        assert recent is not None
        assert (recent.holds, recent.first, recent.read) == (True, size - 4, 4)
        assert all(
            one.signed and one.stored_agrees and one.witnessed for one in proofs.checked(list(Head.objects.all()))
        )


def test_a_record_is_found_by_its_number_and_leads_to_its_entries(sealed: City) -> None:
    hazard = sealed.found()
    seal()
    auditor = client_of(sealed, "auditor")
    for asked in (hazard.number, f" {hazard.number.lower()} ", str(hazard.pk)):
        rows = auditor.get("/audit/", {"record": asked}).context["table"]["rows"]
        assert {row["cells"]["subject"] for row in rows} == {str(hazard.pk)}
    assert auditor.get("/audit/", {"record": "YH-1"}).context["table"]["rows"] == []
    assert client_of(sealed, "n_auditor").get("/audit/", {"record": hazard.number}).context["table"]["rows"] == []
    for name in ("auditor", "regulator"):
        reader = client_of(sealed, name)
        entries = reader.get(f"/hazards/{hazard.pk}/").context["entries"]
        url = entries[-1]["proof"]["url"]
        assert f'<a href="{url}">' in words(reader.get(f"/hazards/{hazard.pk}/"))
        assert str(hazard.pk) in words(reader.get(url))


def test_a_changed_entry_is_seen_on_every_page(sealed: City) -> None:
    with scope.acting(SYSTEM):
        entry = Entry.objects.get(step="dispatch")
    auditor = client_of(sealed, "auditor")
    good = words(auditor.get(f"/audit/entries/{entry.pk}/"))
    assert "does not hold" not in good
    tamper(
        "UPDATE kernel_entry SET body = convert_to(replace(convert_from(body, 'UTF8'), %s, %s), 'UTF8') WHERE id = %s",
        [entry.actor_name, "somebody else", str(entry.pk)],
    )
    page = words(auditor.get(f"/audit/entries/{entry.pk}/"))
    assert page.count("is-bad") == 2
    checked = words(auditor.get("/audit/verify/"))
    assert "is-bad" in checked
    assert "These places do not hold" in checked


def test_a_changed_head_is_seen(sealed: City) -> None:
    auditor = client_of(sealed, "auditor")
    assert "does not hold" not in words(auditor.get("/audit/heads/"))
    tamper("UPDATE kernel_head SET root = sha256('x') WHERE size = (SELECT max(size) FROM kernel_head)", [])
    page = words(auditor.get("/audit/heads/"))
    assert "does not hold" in page
    assert "is not there" in page


def test_a_cut_witness_file_does_not_vouch(sealed: City) -> None:
    witness_file().path.write_bytes(b"")
    assert "is not there" in words(client_of(sealed, "auditor").get("/audit/heads/"))


def test_the_list_is_narrowed_and_walked(sealed: City) -> None:
    auditor = client_of(sealed, "auditor")
    page = words(auditor.get("/audit/?step=recheck"))
    assert page.count('class="row-link"') == 1
    assert "Hazard · Recheck" in page
    assert "/audit/entries/" not in words(auditor.get("/audit/?person=nobody"))
    assert "/audit/entries/" in words(auditor.get("/audit/?person=inspector"))
    assert "/audit/entries/" not in words(auditor.get("/audit/?until=2001-01-01"))
    assert "/audit/entries/" not in words(client_of(sealed, "n_auditor").get("/audit/"))


def test_evidence_is_taken_by_those_who_may_and_that_is_written_down(sealed: City) -> None:
    with scope.acting(SYSTEM):
        hazard = Entry.objects.filter(step="recheck").get().subject_id
    answer = client_of(sealed, "auditor").get(f"/audit/evidence/{hazard}/")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as bundle:
        assert bundle.testzip() is None
        assert len(bundle.namelist()) > 5
    with scope.acting(SYSTEM):
        assert Entry.objects.filter(step="export_evidence", region__gte=COUNTY).count() == 1
    assert client_of(sealed, "n_auditor").get(f"/audit/evidence/{hazard}/").status_code == 404
    assert client_of(sealed, "principal").get(f"/audit/evidence/{hazard}/").status_code == 403
