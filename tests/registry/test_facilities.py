"""What an enterprise has and how it is graded: decides which items of a checklist are asked there."""

import pytest
from django.test import Client
from django.utils import translation

from anlan.identity import roles
from anlan.kernel import scope
from anlan.kernel.errors import Forbidden, Invalid
from anlan.registry.actions import edit_enterprise, imports
from anlan.registry.facilities import facilities, facility_words
from anlan.registry.models import Enterprise
from tests.registry.books import book
from tests.registry.conftest import Town
from tests.registry.test_imports import code, faults, loaded
from tests.registry.test_pages import sheet, text

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def stored(town: Town, **where: object) -> Enterprise:
    with scope.acting(town["city"]):
        return Enterprise.objects.get(**where)


def test_words_in_both_languages_become_codes_in_the_order_of_the_catalogue(town):
    made = town.enterprise(facilities="液氨制冷； Combustible dust、furnace,液氨制冷", grade="C")
    assert (made.facilities, made.grade) == (["furnace", "dust", "ammonia"], "C")
    assert town.enterprise(facilities=["hot_work", "dust"]).facilities == ["dust", "hot_work"]
    assert town.enterprise().facilities == []


def test_a_word_nobody_knows_is_named(town):
    with pytest.raises(Invalid) as wrong:
        town.enterprise(facilities="液氨制冷、魔法阵")
    assert list(wrong.value.fields) == ["facilities"]
    assert "魔法阵" in str(wrong.value.fields["facilities"][0])
    assert "液氨" not in str(wrong.value.fields["facilities"][0])
    with pytest.raises(Invalid) as wrong:
        town.enterprise(grade="E")
    assert list(wrong.value.fields) == ["grade"]


def test_keepers_change_them_and_the_enterprise_does_not(town):
    made = town.enterprise(facilities=["dust"])
    with scope.acting(town["office"]):
        edit_enterprise(actor=town["office"], enterprise=made.pk, data={"grade": "D"})
    assert (stored(town, pk=made.pk).facilities, stored(town, pk=made.pk).grade) == (["dust"], "D")
    with scope.acting(town["office"]):
        edit_enterprise(actor=town["office"], enterprise=made.pk, data={"facilities": []})
    assert (stored(town, pk=made.pk).facilities, stored(town, pk=made.pk).grade) == ([], "D")
    with scope.acting(town["city"]):
        manager = town.hold("manager", roles.SAFETY_MANAGER, made.region, enterprise=made)
    for data in ({"grade": "A"}, {"facilities": []}):
        with scope.acting(manager), pytest.raises(Invalid):
            edit_enterprise(actor=manager, enterprise=made.pk, data=data)
    with scope.acting(town["inspector"]), pytest.raises(Forbidden):
        edit_enterprise(actor=town["inspector"], enterprise=made.pk, data={"grade": "A"})


def test_several_in_one_cell_are_loaded(town, tmp_path):
    blank = [None] * 4
    rows = [
        ["甲铸造", code(1), "尧都区", "gongmao", *blank, "B", "高温熔融金属吊运、熔炼炉窑;锅炉"],
        ["乙铸造", code(2), "尧都区", "gongmao", *blank, None, None],
        ["丙铸造", code(3), "尧都区", "gongmao", *blank, "d", "BOILER"],
    ]
    outcome = loaded(town, "enterprises", book(tmp_path / "a.xlsx", "enterprises", rows))
    assert outcome.counts == {"enterprises": 3}, faults(outcome)
    first = stored(town, uscc=code(1))
    assert (first.grade, first.facilities) == ("B", ["furnace", "molten_metal", "boiler"])
    assert (stored(town, uscc=code(2)).grade, stored(town, uscc=code(2)).facilities) == ("", [])
    assert (stored(town, uscc=code(3)).grade, stored(town, uscc=code(3)).facilities) == ("D", ["boiler"])


def test_bad_cells_are_named(town, tmp_path):
    rows = [["甲铸造", code(1), "尧都区", "gongmao", *[None] * 4, "E", "锅炉、飞碟"]]
    outcome = loaded(town, "enterprises", book(tmp_path / "a.xlsx", "enterprises", rows))
    found = faults(outcome)
    assert set(found) == {"I2", "J2"}
    assert "飞碟" in found["J2"]
    assert outcome.counts == {}


def test_the_page_asks_and_shows_them(town):
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(town.posts["office"].person)
    typed = town.facts(status="active", system="wgs84", grade="B", facilities=["dust", "boiler"])
    made = client.post("/enterprises/new/", typed)
    assert made.status_code == 302
    page = text(client.get(made.url))
    for words in ("Combustible dust", "Boiler", "Grade of supervision"):
        assert words in page
    assert "Amusement ride" not in page
    assert client.post("/enterprises/new/", town.facts(status="active", facilities=["ufo"])).status_code == 422


def test_an_export_reads_back(town, tmp_path):
    town.enterprise(facilities=["dust", "boiler"], grade="A", uscc=code(70))
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(town.posts["office"].person)
    data = b"".join(client.get("/enterprises/export/").streaming_content)
    with translation.override("zh-hans"):
        assert "涉爆粉尘作业" in facilities().values()
    assert sheet(data)[1][12:14] == ["A", "Combustible dust、Boiler"]
    with scope.acting(town["office"]):
        Enterprise.objects.filter(uscc=code(70)).update(uscc=code(71))
    path = tmp_path / "again.xlsx"
    path.write_bytes(data)
    imports.import_file(actor=town["office"], kind="enterprises", path=path, write=True)
    assert stored(town, uscc=code(70)).facilities == ["dust", "boiler"]


def test_every_word_means_one_facility():
    rows = facility_words()
    assert len(rows) > 2 * 43
    assert len(set(rows.values())) == len(facilities()) >= 43
