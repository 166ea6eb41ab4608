"""The swift way over a whole column and the slow way over single cells must never differ."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel import codes
from anlan.kernel.exchange import Column
from anlan.kernel.exchange.convert import Converter

CHOICES = {"list": {"是的": 1, "不 是": 2, "Yes": 3}}
COLUMNS = [
    Column(key="t", title="t", max_length=5),
    Column(key="m", title="m", multiline=True),
    Column(key="c", title="c", kind="code", exact_length=4),
    Column(key="u", title="u", kind="code", validate=codes.uscc_fault, required=True),
    Column(key="i", title="i", kind="int", minimum=-5, maximum=10**16),
    Column(key="d", title="d", kind="decimal", places=2, minimum=0),
    Column(key="y", title="y", kind="date"),
    Column(key="z", title="z", kind="datetime"),
    Column(key="l", title="l", kind="choice", choices_from="list"),
    Column(key="b", title="b", kind="bool"),
]
strings = st.text(
    st.sampled_from("是不yes Yａ１2'=+-\n\t\u3000\u00a0\u200be\u0301\u202e.:/年月"), min_size=1, max_size=8
) | st.sampled_from(
    [
        "1234",
        "12ab",
        "2026-01-31",
        "2026-01-31 08:30",
        "20260131",
        "12.0",
        "1e3",
        "是",
        "no",
        "不是",
        "91110000600037341L",
        "_1",
        "1_0",
        "٣",
    ]
)
numbers = (
    st.floats(allow_nan=False, allow_infinity=False)
    | st.integers(-20, 20_000).map(float)
    | st.sampled_from([1e15, 2.675, 0.125, -0.0])
)
cells = st.one_of(
    st.lists(strings, min_size=1, max_size=6),
    st.lists(strings | st.none(), min_size=1, max_size=6),
    st.lists(numbers, min_size=1, max_size=6),
    st.lists(numbers | st.none(), min_size=1, max_size=6),
    st.lists(st.dates() | st.none(), min_size=1, max_size=6),
    st.lists(strings | numbers | st.booleans() | st.dates() | st.datetimes() | st.none(), min_size=1, max_size=6),
)


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.kind + column.key)
@given(cells=cells)
def test_together_as_one_by_one(column, cells):
    values, bad = Converter(column, CHOICES).convert(cells)
    singly = [Converter(column, CHOICES) for _cell in cells]
    alone = []
    wrong = []
    for index, (converter, cell) in enumerate(zip(singly, cells, strict=True)):
        # Beside a cell of another type nothing passes in one sweep.
        (value, _other), faults = converter.convert([cell, True if not isinstance(cell, bool) else 1.5])
        alone.append(value)
        wrong += [(index, fault.code, fault.params) for fault in faults if fault.index == 0]
    assert values == alone
    assert list(map(type, values)) == list(map(type, alone))
    assert sorted((fault.index, fault.code, str(fault.params)) for fault in bad) == sorted(
        (i, c, str(p)) for i, c, p in wrong
    )


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.kind + column.key)
@given(cells=cells)
def test_each_cell_is_a_value_or_empty_or_a_fault_and_of_one_type(column, cells):
    values, bad = Converter(column, CHOICES).convert(cells)
    kind = {
        "text": str,
        "code": str,
        "int": int,
        "decimal": Decimal,
        "date": date,
        "datetime": datetime,
        "choice": int,
        "bool": bool,
    }[column.kind]
    assert len(values) == len(cells)
    assert {type(value) for value in values} <= {kind, type(None)}
    assert all(values[fault.index] is None for fault in bad)
    assert len({fault.index for fault in bad}) == len(bad)


def test_what_was_seen_is_forgotten_in_time(monkeypatch):
    monkeypatch.setattr("anlan.kernel.exchange.convert.CACHED", 3)
    converter = Converter(Column(key="u", title="u", kind="code", validate=lambda value: None), {})
    for n in range(10):
        assert converter.convert([f" a{n}", "b", None])[0] == [f"A{n}", "B", None]
    assert len(converter.judged) <= 5
    assert sum(map(len, converter.seen.values())) <= 5
