"""A place and an address that begins with its end make one line."""

import pytest

from anlan.kernel.text import whole_address


@pytest.mark.parametrize(
    ("place", "address", "whole"),
    [
        ("尧都区吴村镇", "吴村镇省道旁150米处", "尧都区吴村镇省道旁150米处"),
        ("尧都区吴村镇", "省道旁150米处", "尧都区吴村镇省道旁150米处"),
        ("尧都区", "尧都区屯里镇1号", "尧都区屯里镇1号"),
        ("", "屯里镇1号", "屯里镇1号"),
        ("尧都区", "", "尧都区"),
    ],
)
def test_what_the_address_repeats_is_said_once(place: str, address: str, whole: str) -> None:
    assert whole_address(place, address) == whole
