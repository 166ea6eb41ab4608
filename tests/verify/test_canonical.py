import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan_verify import canonical
from anlan_verify.canonical import MAX_INTEGER, NotCanonicalError

TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_what_is_written_is_read_back_and_plain_json(value):
    data = canonical.dumps(value)
    assert canonical.loads(data) == value
    assert json.loads(data) == value


@given(VALUES)
def test_another_spelling_of_the_same_value_is_refused(value):
    spaced = json.dumps({"b": value, "a": 1}, indent=1).encode()
    with pytest.raises(NotCanonicalError):
        canonical.loads(spaced)


def test_form():
    value = {"步骤": ["a\n\u001f/\x7f", True, None, -1], "a": {}, "\ufb33": 1, "\U0001f600": 2}
    expected = '{"a":{},"步骤":["a\\n\\u001f/\x7f",true,null,-1],"\U0001f600":2,"\ufb33":1}'
    assert canonical.dumps(value).decode() == expected  # RFC 8785 sorts by UTF-16 units: 😀 before דּ


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        2**53,
        -(2**53),
        "a\x00b",
        "\ud800",
        {"\udfff": 1},
        {1: 2},
        b"x",
        {1},
        (1,),
        datetime(2026, 1, 2, tzinfo=UTC),
    ],
    ids=repr,
)
def test_values_without_one_form_are_refused(value):
    with pytest.raises(NotCanonicalError):
        canonical.dumps({"deep": [value]})


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b'{"a":1} ',
        b'{"a":1}\n',
        b'\xef\xbb\xbf{"a":1}',
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a":1.0}',
        b'{"a":1e3}',
        b"[NaN]",
        b"[-0]",
        b"[-Infinity]",
        b'["\\u0041"]',
        b'["\\ud800"]',
        b'["\\u0000"]',
        b'["\xff"]',
        b"[9007199254740992]",
        b"[" + b"9" * 5000 + b"]",
        b"[" * 33 + b"]" * 33,
        b"[" * 200_000,
        b'{"a":' * 200_000,
    ],
    ids=lambda data: repr(data[:20]),
)
def test_bytes_in_another_form_are_refused(data):
    with pytest.raises(NotCanonicalError):
        canonical.loads(data)


def test_depth_limit_is_reached_exactly():
    data = b"[" * 32 + b"]" * 32
    assert canonical.dumps(canonical.loads(data)) == data


ZONES = [timezone(timedelta(hours=hours)) for hours in (-5, 0, 8)]


@given(st.datetimes(timezones=st.sampled_from(ZONES)).filter(lambda moment: 1900 < moment.year < 2200))
def test_times_return_and_sort_as_text(moment):
    text = canonical.timestamp(moment)
    assert canonical.parse_timestamp(text) == moment
    assert len(text) == len("2025-06-01T08:00:00.000000+00:00")
    later = canonical.timestamp(moment + timedelta(microseconds=1))
    assert later > text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2025-06-01",
        "2025-06-01T08:00:00+00:00",
        "2025-06-01T08:00:00.000000Z",
        "2025-06-01T08:00:00.000000+08:00",
        "2025-6-1T8:0:0.0+00:00",
        None,
        5,
    ],
)
def test_other_spellings_of_time_are_refused(text):
    with pytest.raises(NotCanonicalError):
        canonical.parse_timestamp(text)


def test_a_naive_time_is_refused():
    with pytest.raises(NotCanonicalError):
        canonical.timestamp(datetime(2025, 6, 1))  # noqa: DTZ001 - that is the point
