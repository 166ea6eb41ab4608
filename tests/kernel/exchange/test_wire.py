from datetime import date, time
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel.exchange.wire import pack, unpack

texts = st.text(max_size=8) | st.sampled_from(["", "\x1f", "消防"])
days = st.dates(min_value=date(1, 1, 1))
numbers = st.floats(allow_nan=False, allow_infinity=False)
moments = st.datetimes()
kinds = [
    st.just(""),
    texts,
    numbers,
    numbers | st.just(""),
    days,
    days | st.just(""),
    texts | numbers | st.booleans() | days | moments | st.just(""),
]


@given(
    st.integers(1, 12).flatmap(
        lambda n: st.lists(st.sampled_from(kinds).flatmap(lambda k: st.lists(k, min_size=n, max_size=n)), max_size=4)
    )
)
def test_cells_come_through_with_value_and_type(columns):
    count = len(columns[0]) if columns else 0
    header, back = unpack(pack({"count": count}, columns))
    assert header["count"] == count
    expected = [[None if cell == "" else cell for cell in column] for column in columns]
    assert back == expected
    assert [[type(c) for c in column] for column in back] == [[type(c) for c in column] for column in expected]


@pytest.mark.parametrize(("cell", "text"), [(inf, "inf"), (nan, "nan"), (time(3, 4), "03:04:00")])
def test_what_is_no_value_comes_as_text(cell, text):
    assert unpack(pack({"count": 1}, [[cell]]))[1] == [[text]]
    assert unpack(pack({"count": 2}, [[cell, ""]]))[1] == [[text, None]]
    assert unpack(pack({"count": 2}, [[cell, 1.0]]))[1] == [[text, 1.0]]
