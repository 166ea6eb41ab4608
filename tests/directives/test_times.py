"""By when and how often: every kind of expression, with the year that the document's day tells."""

from datetime import date

import pytest

from anlan.directives.reading.times import number, rhythms, whens

DATED = date(2026, 8, 28)


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("9月15日前完成", date(2026, 9, 15)),
        ("于2027年3月31日前公布", date(2027, 3, 31)),
        ("不晚于10月8日上报", date(2026, 10, 8)),
        ("即日起至11月30日", date(2026, 11, 30)),
        ("（2026年11月21日至2027年3月15日）", date(2027, 3, 15)),
        ("10月底前全部完成", date(2026, 10, 31)),
        ("11月上旬完成", date(2026, 11, 10)),
        ("到2月底", date(2027, 2, 28)),
        ("明年2月底前", date(2027, 2, 28)),
        ("四季度组织", date(2026, 12, 31)),
        ("明年一季度末前", date(2027, 3, 31)),
        ("抓紧完成下半年重点工作", date(2026, 12, 31)),
        ("年底前", date(2026, 12, 31)),
        ("2027年底前", date(2027, 12, 31)),
        ("年内全部改造到位", date(2026, 12, 31)),
        ("完成今年66项任务", date(2026, 12, 31)),
        ("本月底前", date(2026, 8, 31)),
        ("月底前", date(2026, 8, 31)),
        ("下月5日前", date(2026, 9, 5)),
        ("本周五下班前", date(2026, 8, 28)),
        ("下周一前", date(2026, 8, 31)),
        ("国庆节前", date(2026, 9, 30)),
        ("“五一”前", date(2027, 4, 30)),
        ("元旦前", date(2026, 12, 31)),
        ("中秋节前", date(2026, 9, 24)),
        ("春节前", date(2027, 2, 5)),
    ],
)
def test_a_day(words, due):
    found = [one for one in whens(words, DATED) if one.limits]
    assert [one.due for one in found] == [due]
    assert words[found[0].start : found[0].end] == found[0].text


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("于收到本通知之日起5个工作日内", {"working_days": 5, "after": "received"}),
        ("3日内移送", {"days": 3, "after": "received"}),
        ("十五日内", {"days": 15, "after": "received"}),
        ("在1小时内推送", {"hours": 1, "after": "received"}),
        ("两周内", {"weeks": 2, "after": "received"}),
        ("三个月内", {"months": 3, "after": "received"}),
        ("提前1个工作日报备", {"working_days": 1, "ahead": True}),
        ("汛期前完成", {"before": "汛期"}),
    ],
)
def test_a_rule_that_only_the_calendar_can_end(words, rule):
    (one,) = whens(words, DATED)
    assert (one.due, one.rule) == (None, rule)


@pytest.mark.parametrize(
    "words",
    [
        "24小时值班",
        "3284家企业",
        "2026年汛期安全生产工作",
        "每月25日前报送",
        "今年以来",
        "今年入春以来",
        "第3次会议",
        "（2024-2026年）",
    ],
)
def test_what_is_no_limit(words):
    assert not [one for one in whens(words, DATED) if one.limits]


def test_a_start_is_no_limit_and_the_document_without_day_gives_none():
    (one,) = whens("自9月起", DATED)
    assert not one.limits
    (one,) = whens("9月15日前", None)
    assert one.due is None
    assert one.rule == {"month": 9, "day": 15}


def test_a_day_just_past_is_of_this_year_and_one_long_past_of_the_next():
    assert whens("7月15日前", DATED)[0].due == date(2026, 7, 15)
    assert whens("3月15日前", DATED)[0].due == date(2027, 3, 15)


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("九月三十日前完成", date(2026, 9, 30)),
        ("十二月底前", date(2026, 12, 31)),
        ("今年十二月二十一日前", date(2026, 12, 21)),
        ("二〇二七年三月三十一日前", date(2027, 3, 31)),
        ("明年二月底前", date(2027, 2, 28)),
        ("十一月上旬", date(2026, 11, 10)),
        ("九月份前", date(2026, 9, 30)),
        ("不晚于十月八日上报", date(2026, 10, 8)),
        ("即日起至九月三十日", date(2026, 9, 30)),
        ("九月一日至三十日", date(2026, 9, 30)),
        ("9月1日至15日", date(2026, 9, 15)),
        ("本月三十日前", date(2026, 8, 30)),
        ("9月30号前", date(2026, 9, 30)),
        ("2028年2月29日前", date(2028, 2, 29)),
    ],
)
def test_a_day_in_words_is_read_and_shown_as_it_stands(words, due):
    (one,) = (one for one in whens("各县" + words + "报送", DATED) if one.limits)
    assert one.due == due
    assert one.text in words
    assert ("各县" + words + "报送")[one.start : one.end] == one.text


@pytest.mark.parametrize("words", ["农历八月十五日前", "九月初九前", "第十二月", "12月5号楼前", "二月四日召开会议"])
def test_what_only_looks_like_a_day_in_words(words):
    assert not [one for one in whens(words, DATED) if one.limits]


def test_three_months_are_no_march():
    assert [one.rule for one in whens("三个月内", DATED)] == [{"months": 3, "after": "received"}]


@pytest.mark.parametrize(
    "words",
    [
        "9月31日前",
        "2月30日前",
        "二月三十日前",
        "2027年2月29日前",
        "13月1日前",
        "11月1日至11月31日",
        "本月45日前",
        "8月0日前",
    ],
)
def test_a_day_that_does_not_exist_is_left_to_a_person(words):
    (one,) = whens(words, DATED)
    assert (one.due, one.unreal) == (None, True)


def test_without_a_year_a_leap_day_may_be_meant():
    (one,) = whens("2月29日前", None)
    assert (one.due, one.unreal) == (None, False)


def test_a_day_that_no_month_has_is_not_taken_for_its_rhythm():
    (one,) = rhythms("每月45日前报送")
    assert (one.every, one.day, one.unreal) == ("month", 0, True)
    (one,) = rhythms("每月31日前报送")
    assert (one.day, one.unreal) == (31, False)


@pytest.mark.parametrize("words", ["立即整改", "即日起开展检查", "马上停产", "从现在起严格执行"])
def test_at_once_is_urgent_and_no_day(words):
    (one,) = whens(words, DATED)
    assert (one.kind, one.due, one.limits, one.unreal) == ("at_once", None, False, False)


@pytest.mark.parametrize(
    ("words", "every", "interval", "times", "least"),
    [
        ("每半年至少听取一次汇报", "halfyear", 1, 1, True),
        ("每季度至少研究一次", "quarter", 1, 1, True),
        ("每月检查不少于两次", "month", 1, 2, True),
        ("每两个月开展一次", "month", 2, 1, False),
        ("每半个月报送一次", "halfmonth", 1, 1, False),
        ("一周一梳理", "week", 1, 1, False),
        ("每天抽查监控记录", "day", 1, 0, False),
        ("每个工作日调度", "workday", 1, 0, False),
        ("按季度向市政府报告", "quarter", 1, 0, False),
        ("逐月通报", "month", 1, 0, False),
        ("年度进行总结考核", "year", 1, 0, False),
        ("每月二十五日前报送一次", "month", 1, 1, False),
        ("每年带队检查不少于4次", "year", 1, 4, True),
        ("每周三次", "week", 1, 3, False),
    ],
)
def test_how_often(words, every, interval, times, least):
    (one,) = rhythms(words)
    assert (one.every, one.interval, one.times, one.at_least) == (every, interval, times, least)


def test_the_day_of_a_month_or_week_by_which_it_recurs():
    assert rhythms("每月25日前报送工作进展")[0].day == 25
    assert rhythms("每月二十五日前报送工作进展")[0].day == 25
    assert rhythms("每周五前报送整改进展")[0].weekday == 5
    assert rhythms("每周一次调度")[0].weekday == 0


@pytest.mark.parametrize("words", ["每个企业", "每名职工", "落实“日管控、周排查、月调度”", "按月饼标准"])
def test_what_is_no_rhythm(words):
    assert not rhythms(words)


@pytest.mark.parametrize(
    ("words", "value"), [("3", 3), ("两", 2), ("十", 10), ("十五", 15), ("二十", 20), ("三十一", 31)]
)
def test_numbers(words, value):
    assert number(words) == value


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("3月份组织一次演练", date(2027, 3, 31)),
        ("11月召开推进会", date(2026, 11, 30)),
        ("十月份开展互查", date(2026, 10, 31)),
    ],
)
def test_the_month_in_which_something_is_held(words, due):
    assert [one.due for one in whens(words, DATED)] == [due]


def test_a_month_of_which_something_is_told_is_no_limit():
    assert not whens("6月份组织了演练", DATED)
