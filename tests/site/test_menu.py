"""The menu of a post: few pages in a row, many under headings, each page once."""

from dataclasses import replace

import pytest

from anlan.identity import roles
from anlan.kernel.actor import SYSTEM
from anlan.site.menu import ENTRIES, GROUPS, MANY, menu_for


def labels(role: str, path: str = "/") -> tuple[list[str], list[dict[str, object]]]:
    shown = menu_for(replace(SYSTEM, role=role), path, {"unread": 3})
    flat = [one for item in shown for one in item.get("children", [item])]
    return [str(one["url"]) for one in flat], shown


@pytest.mark.parametrize("role", sorted(roles.ROLES))
def test_every_page_of_a_post_is_there_once(role: str) -> None:
    urls, shown = labels(role)
    assert len(urls) == len(set(urls)) <= len([one for one in ENTRIES if role in one.roles])
    assert (len(urls) > MANY) == any("children" in one for one in shown)
    assert all(len(one["children"]) > 1 for one in shown if "children" in one)  # type: ignore[arg-type]


def test_the_group_of_the_page_one_is_on_stands_open() -> None:
    _urls, shown = labels(roles.OFFICE, "/reports/")
    groups = [one for one in shown if "children" in one]
    assert [one["open"] for one in groups].count(True) == 1
    (here,) = [one for one in groups if one["open"]]
    assert [child["url"] for child in here["children"] if child["active"]] == ["/reports/"]  # type: ignore[attr-defined]


def test_no_page_stands_in_two_groups_and_each_named_one_is_an_entry() -> None:
    named = [name for group in GROUPS for name in group.names]
    assert len(named) == len(set(named))
    assert set(named) <= {entry.name for entry in ENTRIES}


@pytest.mark.parametrize(
    ("role", "there", "not_there"),
    [
        (
            roles.AUDITOR,
            {"/campaigns/returns/all/", "/campaigns/leaders/", "/directives/tasks/"},
            {"/campaigns/returns/"},
        ),
        (
            roles.LEADER,
            {"/campaigns/leaders/", "/directives/tasks/"},
            {"/campaigns/returns/", "/campaigns/returns/all/"},
        ),
        (roles.REGULATOR, {"/campaigns/returns/", "/directives/tasks/"}, {"/campaigns/leaders/"}),
        (roles.PRINCIPAL, {"/instruments/"}, {"/campaigns/leaders/", "/directives/tasks/", "/campaigns/returns/all/"}),
    ],
)
def test_who_is_accountable_finds_the_page_without_going_by_another(
    role: str, there: set[str], not_there: set[str]
) -> None:
    urls, _shown = labels(role)
    assert there <= set(urls)
    assert not not_there & set(urls)
