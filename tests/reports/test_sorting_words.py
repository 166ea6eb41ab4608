"""Urgent and doubtful words: what is found whatever stands between its signs, and what must not be."""

import tomllib

import pytest

from anlan.reports.sorting.words import DATA, doubtful, doubtful_word, urgent, urgent_word


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("楼道里一股燃气味", "gas"),
        ("樓道裡有煤氣味", "gas"),
        ("燃 气，味 很大", "gas"),
        ("燃气管子好像在泄漏", "gas"),
        ("闻到一股很浓的煤气", "gas"),
        ("There is a strong GAS  SMELL here", "gas"),
        ("Ｇａｓ　ｌｅａｋ", "gas"),
        ("脚手架快倒了", "collapse"),
        ("墙体开裂，要倒", "collapse"),
        ("路面塌陷一个大坑", "collapse"),
        ("三楼有人被困电梯里", "trapped"),
        ("工人触电了", "trapped"),
        ("旁边店着火了", "fire"),
        ("冷库液氨往外泄漏", "chemical"),
    ],
)
def test_urgent_words_are_found_however_they_are_written(text: str, group: str) -> None:
    found = urgent(text)
    assert found is not None
    assert found.group.code == group
    assert found.group.numbers
    assert urgent_word(text) == found.word


@pytest.mark.parametrize(
    "text",
    [
        "", "！！！", "消防通道堵塞", "长期被困扰，噪音大", "车胎漏气停在路边", "雨落水管松动", "没有装燃气报警器", "防止着火的标语掉了",
        "燃气公司今天上门检查，大家都配合，没有任何不正常的味儿，就是台阶坏了",
    ],
)  # fmt: skip
def test_what_only_looks_urgent_is_not(text: str) -> None:
    assert urgent_word(text) == ""


def test_a_negated_alarm_stays_urgent_on_purpose() -> None:
    assert urgent_word("没有人被困，但是电梯停了") == "被困"


@pytest.mark.parametrize(
    "text",
    [
        "你们就是一群王 八 蛋", "再不管我就放火烧了你们", "加微信 abc123 低价办证", "举报某局长收受贿赂行贿", "电话 138 1234 5678 找老王",
        "电话138-1234-5678", "我的号一三八一二三四五六七八", "身份证110101199003074514", "晋L12345 天天乱停", "卡号6222021234567890123",
    ],
)  # fmt: skip
def test_doubtful_words_and_personal_data_are_held(text: str) -> None:
    assert doubtful_word(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "三号楼2单元1201室", "操作工没戴手套", "过去死过人的路口", "编号20260722000123", "智障人士通道被占",
        "电梯编号30110105002019000123456", "限重1380公斤1234箱",
    ],
)  # fmt: skip
def test_ordinary_reports_are_not_held(text: str) -> None:
    assert doubtful_word(text) == "", text


def test_what_names_a_person_is_called_by_its_kind_and_not_repeated() -> None:
    found = doubtful("电话13812345678")
    assert found is not None
    assert found.group.code == "person"
    assert "138" not in found.word


@pytest.mark.parametrize("name", ["urgent_words.toml", "doubtful_words.toml"])
def test_the_lists_say_how_sure_they_are_and_find_each_of_their_words(name: str) -> None:
    data = tomllib.loads((DATA / name).read_text(encoding="utf-8"))
    assert data["evidence"] == "K"
    look = urgent if name.startswith("urgent") else doubtful
    for group in data["group"]:
        for word in group.get("words", ()):
            text = word.replace("~", "又在") if "~" in word else word
            assert look(text) is not None, word
        assert group.get("words") or group.get("pattern")
