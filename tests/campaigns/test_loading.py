"""What is refused when a template or a check is loaded, and that the refusal tells the place."""

from typing import Any

import pytest
from django.utils.translation import override

from anlan.campaigns.returns.checking import Checker, CheckError
from anlan.campaigns.returns.expressions import LONGEST, MOST_TOKENS
from anlan.campaigns.returns.rulebook import Check
from anlan.campaigns.returns.shipped import checker_of, parse_checks, texts
from anlan.campaigns.returns.template import TemplateError, parse

TEMPLATE, CHECKS = texts("2024-campaign")
WORDS = {"zh": "错", "en": "wrong", "instead_zh": "改", "instead_en": "mend", "source": "test", "shows": ["checks"]}


def _load(expression: str = "checks.units <= checks.visits", **given: Any) -> Checker:
    data = {"id": "tried", "level": "panel", "expression": expression, **WORDS, **given}
    return Checker(parse(TEMPLATE), [Check.model_validate(data)])


@pytest.mark.parametrize(
    ("expression", "place", "reason"),
    [
        ("checks.units <= checks.vists", "line 1, sign 17", "nothing is called “checks.vists” here"),
        ("checks.units <=\n  nowhere", "line 2, sign 3", "nothing is called “nowhere” here"),
        ("checks.units + contact.phone == 3", "line 1, sign 14", "“+” does not go with a whole number, words"),
        ("checks.units < 1.5", "line 1, sign 14", "“<” does not go with a whole number, a decimal number"),
        ("checks.units.startsWith('3')", "line 1, sign 24", "“startsWith” does not go with a whole number, words"),
        ("checks.units <= ", "line 1, sign 17", "Syntax error"),
        ("[1, 2].all(x, x > 0) && checks.units > 0", "sign 8", "loops are not allowed"),
        ("'abc'.contains('a') && [1].exists (x, x > checks.units)", "sign 28", "loops are not allowed"),
        (" + ".join(["1"] * MOST_TOKENS) + " > checks.units", "", f"at most {MOST_TOKENS} words"),
        ("checks.units > 0 //" + "x" * LONGEST, "", f"at most {LONGEST} signs"),
        ("unknown_function(contact.phone)", "sign 1:", "nothing is called “unknown_function” here"),
        ("last.checks.units > counted.hazards.open", "sign 21", "nothing is called"),
    ],
)  # fmt: skip
def test_an_expression_is_refused_with_its_place(expression: str, place: str, reason: str) -> None:
    with pytest.raises(CheckError) as refused:
        _load(expression)
    assert str(refused.value).startswith("tried: expression, line ")
    assert place in str(refused.value)
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"expression": "checks.units + 1"}, "gives a whole number"),
        ({"shows": ["checks.nothing"]}, "shows at checks.nothing"),
        ({"zh": "{checks.unitz}"}, "words name checks.unitz"),
        ({"each": "checks"}, "no panel with rows"),
        ({"each": "nothing"}, "no panel with rows"),
        ({"level": "cross_month"}, "reads as “one box / one panel”"),
        ({"expression": "checks.units < last.checks.units"}, "reads as “across months”"),
        ({"expression": "checks.units < below.checks.units"}, "reads as “across units”"),
        ({"expression": "checks.units < hazards.found"}, "reads as “across panels”"),
    ],
)
def test_a_check_that_cannot_be_is_refused(given: dict[str, Any], reason: str) -> None:
    with pytest.raises(CheckError, match=reason):
        _load(**given)


def test_a_row_has_names_only_for_checks_of_rows() -> None:
    with pytest.raises(CheckError, match=r"nothing is called “major\.state” here"):
        _load("major.state == 'open'")
    assert _load("major.state == 'open' || row.number > 1", each="major").checks


def test_an_id_stands_once() -> None:
    check = _load().checks[0]
    with pytest.raises(CheckError, match="tried stands twice"):
        Checker(parse(TEMPLATE), [check, check])


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ('code = "visits", type = "count", unit = "家次", zh = "检查', 'code = "units", type = "count", unit = "家次", zh = "检查', "units stands twice"),
        ('by = "industry"', 'by = "colour"', "there is no dimension “colour”"),
        ('person = "principal"', 'person = "boss"', "panels"),
        ('unit = "公里"', 'unit = ""', "say what it is counted in"),
        ('code = "checks"\nzh', 'code = "last"\nzh', "has a meaning in checks"),
        ('code = "lifts"', 'code = "in"', "is a word of the language of checks"),
        ('from_month = "2024-01"', 'from_month = "2024-13"', "from_month"),
        ("version = 1", "version = 1\nextra = 2", "extra"),
        ("version = 1", "version = ", "Invalid value"),
    ],
)  # fmt: skip
def test_a_template_that_contradicts_itself_is_refused(one: str, other: str, reason: str) -> None:
    assert one in TEMPLATE
    with pytest.raises(TemplateError, match=reason):
        parse(TEMPLATE.replace(one, other, 1))


def test_checks_of_bad_shape_are_refused() -> None:
    with pytest.raises(CheckError, match="either an expression, or left, operator and right"):
        parse_checks(CHECKS.replace('operator = "compulsory_pair"\n', ""))
    with pytest.raises(CheckError, match="severity"):
        parse_checks(CHECKS.replace('severity = "warning"', 'severity = "loud"', 1))


def test_a_check_of_an_element_that_a_new_template_dropped_is_refused() -> None:
    with pytest.raises(CheckError, match=r"contact\.phone"):
        checker_of(TEMPLATE.replace('code = "phone"', 'code = "telephone"'), CHECKS)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"expression": "checks.units <= checks.vists"},
            "tried: 表达式第1行第17个字符：这里没有名为“checks.vists”的指标",
        ),
        ({"expression": "checks.units < 1.5"}, "“<”不能用于整数、小数"),
        ({"expression": "checks.units + 1"}, "应当是“是”或“否”"),
        ({"level": "cross_month"}, "填的是“跨月”，实际读取的范围是"),
    ],
)
def test_an_office_reads_it_in_chinese(given: dict[str, Any], said: str) -> None:
    with override("zh-hans"), pytest.raises(CheckError) as refused:
        _load(**given)
    assert said in str(refused.value)


def test_a_template_is_refused_in_chinese_with_the_codes_of_its_places() -> None:
    with override("zh-hans"), pytest.raises(TemplateError) as refused:
        parse(TEMPLATE.replace('unit = "公里"', 'unit = ""').replace("due = ", "duration = "))
    assert "请写明计量单位。" in str(refused.value)
    assert "due: " in str(refused.value)
    assert "Value error" not in str(refused.value)
