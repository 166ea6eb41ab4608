"""Normalised text: what is taken out, what is put right, and that every character still knows its place."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.directives.reading import read
from anlan.directives.reading.normal import LONGEST, normalise
from anlan.directives.reading.traced import Traced

BROKEN = """关于做好检查的通知
各单位：
国庆假期将至，旅游出行、商贸活动、施工赶工
叠加，安全风险上升，要求各单位立即组织力量
开展排查，并于九月底前上报。
一、迅速开展一次安全隐患大排查。各县区和各
有关单位要在假期之前完成一轮检查，检查情况
逐条登记。
二、严格值守。"""


def kinds(text: str) -> set[str]:
    return {one.kind for one in normalise(text).changes}


def test_readings_in_brackets_go_and_traditional_characters_are_simplified():
    normal = normalise("各縣(xiàn)區(qū)要開(kāi)展(zhǎn)安全生產(chǎn)檢查,,並於6月底前報(bào)送總結,。")
    assert normal.text == "各县区要开展安全生产检查，并于6月底前报送总结。"
    assert {"annotation", "traditional"} <= {one.kind for one in normal.changes}


def test_brackets_that_are_no_reading_stay():
    assert (
        normalise("重量（kg）和专(兼)职人员、县(市、区)政府。").text == "重量（kg）和专（兼）职人员、县（市、区）政府。"
    )


def test_a_traditional_name_in_simplified_text_stays():
    text = "市应急管理局要组织学习，由钱鍾书同志负责，各单位按时参加，不得缺席。" * 3
    assert normalise(text).text == text


@pytest.mark.parametrize(
    ("noisy", "clean"),
    [
        ("查隐患,、堵漏洞,,补短板,。", "查隐患、堵漏洞，补短板。"),
        ("安办〔2026]12号", "安办〔2026〕12号"),
        ("安办[2026]12号", "安办〔2026〕12号"),
        ("安办（2026）第12号", "安办〔2026〕第12号"),
        ("１２月３１日前", "12月31日前"),
        ('做好"五一"期间工作', "做好“五一”期间工作"),
        ("检查3,284家;发现40处.", "检查3,284家；发现40处。"),
        ("“咨询日&rdquo;活动&nbsp;开展", "“咨询日”活动开展"),
        ("<p>各单位：</p><p>请报送。</p>", "各单位：\n请报送。"),
        ("各 单 位　请 报 送", "各单位请报送"),
        ("存在著問題,要著力解決,開會討論.", "存在着问题，要着力解决，开会讨论。"),
    ],
)
def test_marks_and_widths(noisy, clean):
    assert normalise(noisy).text == clean


def test_lines_of_a_page_around_the_text_are_left_out_and_said():
    normal = normalise(
        "admin 分享 时间: 加入收藏 共计2882个字\n关于开展检查的通知\n2024-09-03 09:54:07 来源:某网\n各单位要报送总结。\n"
        "责任编辑:李四\n微信扫码分享\n221381"
    )
    assert normal.text == "关于开展检查的通知\n各单位要报送总结。"
    assert {one.kind for one in normal.changes} == {"share", "site", "reader"}
    assert normal.dates_seen == ("2024-09-03",)


def test_a_long_sentence_that_speaks_of_scanning_codes_is_no_noise():
    text = "各单位要在检查前通过微信扫码登记检查人员、检查事项和检查时间，" * 4 + "检查结果当日录入。"
    assert normalise(text).text == text


def test_a_title_said_twice_is_read_once():
    assert normalise("关于开展安全检查的通知\n关于开展安全检查的通知\n各单位：").text.count("通知") == 1
    assert "repeat" in kinds("关于开展安全检查的通知\n关于开展安全检查的通知\n各单位：")


def test_what_no_converter_can_bring_back_is_marked_and_not_guessed():
    normal = normalise("逐一明确化工、消防等?4个领域，创?xīn)新手段。")
    assert normal.text == "逐一明确化工、消防等□4个领域，创□新手段。"
    assert [normal.text[low:high] for low, high in normal.damaged] == ["□", "□"]
    assert [one.kind for one in normal.changes] == ["lost", "lost"]


def test_a_question_stays_a_question():
    assert normalise("隐患整改了吗？谁来负责?").text == "隐患整改了吗？谁来负责?"


def test_known_damage_is_repaired_and_reported():
    normal = normalise("對煤礦、?;袠I(yè)按標準劃分。")
    assert normal.text == "对煤矿、危化行业按标准划分。"
    assert "repair" in {one.kind for one in normal.changes}


def test_broken_lines_are_joined_but_headings_and_short_lines_begin_anew():
    text = BROKEN
    lines = normalise(text).text.split("\n")
    assert (
        lines[2]
        == "国庆假期将至，旅游出行、商贸活动、施工赶工叠加，安全风险上升，要求各单位立即组织力量开展排查，并于九月底前上报。"
    )
    assert lines[3].startswith("一、")
    assert lines[3].endswith("逐条登记。")
    assert lines[:2] == ["关于做好检查的通知", "各单位："]


def test_too_long_a_text_is_refused():
    with pytest.raises(ValueError):
        normalise("安" * (LONGEST + 1))


def test_places_lead_back_to_the_original():
    source = "責任編輯：李四\n各縣(xiàn)區(qū)要於6月底前,,報(bào)送總結。"
    normal = normalise(source)
    start = normal.text.index("报送")
    low, high = normal.traced.original(start, start + 2)
    assert source[low:high].startswith("報")
    assert source[low:high].endswith("送")


@settings(deadline=None)
@given(st.text(alphabet='安全县縣(xiàn)?,,。.、\n \u3000"“”12日&;<p>\u200b\ufffd（）〔2026〕号', max_size=120))
def test_whatever_comes_places_stay_in_bounds_and_in_order(text):
    traced = normalise(text).traced
    assert len(traced.starts) == len(traced.ends) == len(traced.text)
    assert all(0 <= low <= high <= len(text) for low, high in zip(traced.starts, traced.ends, strict=True))
    assert list(traced.starts) == sorted(traced.starts)


@settings(deadline=None)
@given(st.text(max_size=60), st.sampled_from(["a", "ab", ""]))
def test_a_rewriting_keeps_what_it_does_not_touch(text, new):
    traced = Traced.of(text).rewrite(re.compile("[xyz]+"), new)
    assert traced.text == re.sub("[xyz]+", new, text)
    untouched = [place for place, char in enumerate(traced.text) if char not in new]
    assert all(text[traced.starts[place]] == traced.text[place] for place in untouched)


def asked(body: str) -> tuple[str, list]:
    source = f"关于检查的通知\n各县安委会：\n一、要求\n{body}\n某市安委办\n2026年8月28日\n"
    return source, list(read(source).proposals)


@pytest.mark.parametrize(
    "words",
    [
        "9月\n30日前",
        "九月\n三十日前",
        "9月3\n0日前",
        "9月30\n日前",
        "9月30日\n前",
        "2026年\n9月30日前",
        "2026\n年9月30日前",
        "9月\n\n30日前",
        "9月 \r\n 30 日前",
        "九月三\n十日前",
        "九月三十\n日前",
        "9月底\n前",
    ],
)
def test_a_line_that_breaks_within_a_day_does_not_end_there(words):
    source, (one,) = asked(f"县应急局要在{words}完成检查。")
    assert one.when.due.isoformat() == "2026-09-30"
    assert source[slice(*one.original)] == f"县应急局要在{words}完成检查"


def test_lines_that_begin_with_a_number_stay_apart():
    _, found = asked("一要检查九月\n二要报送结果")
    assert "\n二要" in normalise("一要检查九月\n二要报送结果").text
    assert "\n3.日" in normalise("检查2026年\n3.日常巡查").text
    assert found


def test_a_day_in_a_paragraph_that_tells_what_was_is_no_limit_of_what_is_asked():
    source = "关于检查的通报\n各县安委会：\n4月下旬，市安委办进行了专项检查，现将情况通报如下：\n一、工作要求\n各县要完善值守制度。\n"
    (one,) = read(source).proposals
    assert one.when is None


def test_at_once_before_the_demand_belongs_to_it():
    _, (one,) = asked("即日起，县应急局要对加油站开展检查。")
    assert (one.urgent, one.when) == ("即日起", None)
