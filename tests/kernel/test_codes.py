import random

import pytest
from django.utils import translation
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from anlan.kernel import codes

regions = st.integers(11 * 10**10, 10**12 - 1)
LINFEN, YAODU = 141000000000, 141002000000


@pytest.fixture(autouse=True)
def english():
    """Messages are compared in their source language, whatever the catalogues hold."""
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("text", "code", "level"),
    [
        ("14", 140000000000, "province"),
        ("1410", LINFEN, "city"),
        ("141000", LINFEN, "city"),
        ("141002", YAODU, "county"),
        (" １４１００２ ", YAODU, "county"),
        ("141002001", 141002001000, "township"),
        ("141002001001", 141002001001, "village"),
        ("441900003", 441900003000, "township"),
    ],
)
def test_region_codes_are_read(text, code, level):
    assert codes.parse_region(text) == code
    assert codes.level(code) == level


@pytest.mark.parametrize(
    "text",
    ["", "1", "14100", "1410020", "14100200100", "1410020010011", "14100A", "０", "00", "000000", "-14", "14.0", "٣٤"],
)
def test_other_texts_are_refused_with_a_reason(text):
    with pytest.raises(codes.CodeError) as caught:
        codes.parse_region(text)
    assert len(str(caught.value)) > 10


def test_parents_by_arithmetic():
    assert codes.ancestors(141002001001) == [141002001000, YAODU, LINFEN, 140000000000]
    assert codes.parent(441900003000) == 441900000000  # a city without counties
    assert codes.parent(140000000000) is None
    assert [codes.format_region(c) for c in (LINFEN, 141002001000, 141002001001)] == [
        "141000",
        "141002001",
        "141002001001",
    ]


@given(regions)
def test_a_region_lies_in_the_range_of_each_ancestor(code):
    lo, hi = codes.subtree(code)
    assert lo == code < hi
    for above in codes.ancestors(code):
        low, high = codes.subtree(above)
        assert low <= lo < hi <= high
    assert codes.parse_region(codes.format_region(code)) == code


@given(regions, regions)
def test_two_ranges_nest_or_are_apart(a, b):
    (alo, ahi), (blo, bhi) = codes.subtree(a), codes.subtree(b)
    nested = alo <= blo < bhi <= ahi or blo <= alo < ahi <= bhi
    assert nested or ahi <= blo or bhi <= alo


def test_a_known_credit_code():
    assert codes.uscc_fault("91110000600037341L") is None
    assert codes.uscc_warning("91110000600037341L") is None
    assert codes.is_uscc(codes.tidy("９１１１００００６０００３７３４１l "))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "18 characters"),
        ("91110000600037341", "18 characters"),
        ("91110000600037341I", "no I"),
        ("91110000600037341l", "no l"),
        ("911A0000600037341L", "digits"),
        ("91110000600037342L", "mistyped"),
        ("91110000600037341\x00", "no \x00"),
    ],
)
def test_a_wrong_credit_code_says_why(text, word):
    assert word in codes.uscc_fault(text)


@given(st.integers(0, 31**8 - 1), regions, st.sampled_from(["91", "92", "11", "12", "51", "N1", "Y1", "A1", "9A"]))
def test_made_up_credit_codes_are_valid(number, region, kind):
    code = codes.make_uscc(number, region=region, kind=kind)
    assert codes.uscc_fault(code) is None
    assert codes.uscc_warning(code) is None
    if kind.isdigit():
        assert uscc.is_valid(code)
    assert codes.make_uscc(number, region=region, kind=kind) == code


@given(st.integers(0, 31**8 - 1), st.integers(0, 17), st.sampled_from(codes.USCC_ALPHABET))
def test_one_changed_character_is_noticed(number, place, letter):
    code = codes.make_uscc(number, region=YAODU)
    assume(code[place] != letter)
    assert codes.uscc_fault(code[:place] + letter + code[place + 1 :])


def test_the_library_agrees_on_digit_prefixed_codes():
    rng = random.Random(7)
    for _ in range(5_000):
        first17 = f"{rng.choice('159')}{rng.randint(1, 9)}{rng.randrange(110000, 659000)}" + "".join(
            rng.choices(codes.USCC_ALPHABET, k=9)
        )
        code = first17 + rng.choice([codes.uscc_check(first17), rng.choice(codes.USCC_ALPHABET)])
        try:
            theirs = bool(uscc.validate(code))
        except ValidationError:
            theirs = False
        assert codes.is_uscc(code) == theirs, code


def test_an_inner_code_that_does_not_fit_only_warns():
    first17 = "91141002ABCDEFGH"
    first17 += next(c for c in "0123456789X" if c != codes.organisation_check("ABCDEFGH"))
    code = first17 + codes.uscc_check(first17)
    assert codes.uscc_fault(code) is None
    assert "licence" in codes.uscc_warning(code)


def test_made_up_codes_run_out():
    with pytest.raises(ValueError, match="no more"):
        codes.make_uscc(31**8, region=YAODU)


@given(st.dates(), st.integers(0, 999), st.integers(110000, 659000))
def test_identity_numbers(born, serial, region):
    first17 = f"{region}{born:%Y%m%d}{serial:03d}".replace(f"{born:%Y}", f"{born.year:04d}", 1)
    assume(len(first17) == 17 and born.year >= 1850)
    text = first17 + codes.id_card_check(first17)
    assert codes.id_card_fault(text) is None
    assert ric.calc_check_digit(text) == text[17]
    wrong = text[:16] + str((int(text[16]) + 1) % 10) + text[17]
    assert "mistyped" in codes.id_card_fault(wrong)
    assert codes.mask_id_card(text) == text[:6] + "*" * 10 + text[-2:]


@pytest.mark.parametrize(
    "text", ["", "1" * 17, "X" * 18, "141002199013011234", "141002000001011234", "141002199001011234\n"]
)
def test_wrong_identity_numbers(text):
    assert codes.id_card_fault(text)


def test_phones():
    assert codes.parse_mobile("+86 138-1234-5678") == "13812345678"
    assert codes.mask_phone("13812345678") == "138****5678"
    assert codes.mask_phone("0357-2012345") == "**********45"
    assert codes.mask_phone("110") == "***"
    for text in ["", "12812345678", "1381234567", "138123456789", "1381234567x"]:
        with pytest.raises(codes.CodeError):
            codes.parse_mobile(text)


@given(regions, st.integers(1, 9999), st.integers(1, 10**8))
def test_record_numbers(region, year, sequence):
    text = codes.record_number("YH", region=region, year=year, sequence=sequence)
    assert codes.parse_record_number(text.lower()) == ("YH", region // 10**6, year, sequence)


def test_record_number_form():
    assert codes.record_number("YH", region=LINFEN, year=2026, sequence=123) == "YH-141000-2026-000123"
    with pytest.raises(codes.CodeError):
        codes.parse_record_number("YH-141000-2026-123")
    with pytest.raises(ValueError, match="not a record number"):
        codes.record_number("yh", region=LINFEN, year=2026, sequence=1)
    with pytest.raises(ValueError, match="not a record number"):
        codes.record_number("YH", region=141000, year=2026, sequence=1)
