"""Each verb by each role, allowed and forbidden, and what it leaves behind."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps

from anlan.identity import actions, tokens
from anlan.identity.acting import actor_for
from anlan.identity.models import ApiToken, Person, Post
from anlan.identity.regions import load_regions
from anlan.identity.roles import ADMINISTRATORS, ROLES
from anlan.identity.rules import MAY
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound, WrongState
from anlan.kernel.ledger.read import acts
from anlan.kernel.models import Entry
from tests.identity.conftest import CITY, COUNTY, OTHER_COUNTY, City, make_post

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

SOMEBODY = {"username": "li.na", "name": "Li Na"}
INSPECTOR = {"role": "inspector", "region": COUNTY}
PLACE = {"name": "Gas bureau", "kind": "department", "region": COUNTY}
WHY = {"reason": "left the bureau"}


def _close(city: City) -> None:
    Person.objects.filter(pk=city.person("inspector").pk).update(is_active=False)


def _factor(city: City) -> None:
    Authenticator.objects.create(user=city.person("inspector"), type="totp", data={"secret": "x"})


Verb = Callable[[City, Actor], Any]
VERBS: dict[str, tuple[Verb, Callable[[City], None] | None]] = {
    "open_account": (lambda city, actor: actions.open_account(actor=actor, data=SOMEBODY), None),
    "edit_account": (
        lambda city, actor: actions.edit_account(actor=actor, person=city.person("inspector").pk, data={"name": "New"}),
        None,
    ),
    "give_post": (
        lambda city, actor: actions.give_post(actor=actor, person=city.person("leader").pk, data=INSPECTOR),
        None,
    ),
    "end_post": (lambda city, actor: actions.end_post(actor=actor, post=city.posts["inspector"].pk), None),
    "reset_password": (
        lambda city, actor: actions.reset_password(actor=actor, person=city.person("inspector").pk),
        None,
    ),
    "reset_second_factor": (
        lambda city, actor: actions.reset_second_factor(actor=actor, person=city.person("inspector").pk, data=WHY),
        _factor,
    ),
    "unlock": (lambda city, actor: actions.unlock(actor=actor, person=city.person("inspector").pk), None),
    "deactivate": (
        lambda city, actor: actions.deactivate(actor=actor, person=city.person("inspector").pk, data=WHY),
        None,
    ),
    "reactivate": (
        lambda city, actor: actions.reactivate(actor=actor, person=city.person("inspector").pk, data=WHY),
        _close,
    ),
    "end_sessions": (lambda city, actor: actions.end_sessions(actor=actor, person=city.person("inspector").pk), None),
    "revoke_tokens_of": (
        lambda city, actor: actions.revoke_tokens_of(actor=actor, person=city.person("inspector").pk),
        None,
    ),
    "create_organisation": (lambda city, actor: actions.create_organisation(actor=actor, data=PLACE), None),
    "edit_organisation": (
        lambda city, actor: actions.edit_organisation(
            actor=actor, organisation=city.committee.pk, data={"name": "Renamed", "kind": "committee", "region": CITY}
        ),
        None,
    ),
    "load_regions": (lambda city, actor: load_regions([{"code": "141022", "name": "Yicheng"}], actor=actor), None),
    "issue_token": (lambda city, actor: actions.issue_token(actor=actor, data={"name": "script"}), None),
}


def test_every_writing_verb_is_in_this_matrix() -> None:
    assert set(VERBS) | {"revoke_token"} == {verb for verb in MAY if not verb.startswith("read_")}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("verb", VERBS)
def test_who_may(city: City, verb: str, role: str) -> None:
    take, prepare = VERBS[verb]
    if prepare:
        with scope.acting(SYSTEM):
            prepare(city)
    with scope.acting(SYSTEM):
        before = Entry.objects.count()
    actor = city.actor(role)
    with scope.acting(actor):
        if role in MAY[verb]:
            take(city, actor)
        else:
            with pytest.raises(Forbidden):
                take(city, actor)
    with scope.acting(SYSTEM):
        written = Entry.objects.count() - before
    assert (written > 0) == (role in MAY[verb])


def test_an_account_opens_with_a_one_time_password(city: City) -> None:
    actor = city.actor("security_admin")
    with scope.acting(actor):
        opened = actions.open_account(
            actor=actor, data={"username": " Li.Na ", "name": "Li Na", "phone": "+86 138 1234 5678"}
        )
        with pytest.raises(Invalid) as taken:
            actions.open_account(actor=actor, data={"username": "LI.NA", "name": "Another"})
        with pytest.raises(Invalid) as outside:
            actions.open_account(actor=actor, data={"username": "wang", "name": "Wang"}, region=110000000000)
        with pytest.raises(Invalid) as wrong:
            actions.open_account(actor=actor, data={"username": "a b", "name": "", "phone": "12", "email": "x"})
        with pytest.raises(Forbidden):
            actions.open_account(actor=actor, data={"username": "wang", "name": "Wang"}, password="Chosen-by-admin-1")
        with pytest.raises(Forbidden):
            actions.open_account(actor=actor, data={"username": "wang", "name": "Wang"}, encoded="!")
        entry = acts(opened.person.pk)[0]
    assert opened.person.username == "li.na"
    assert opened.person.phone == "13812345678"
    assert opened.person.must_change_password
    assert opened.person.check_password(opened.secret)
    assert opened.secret not in str(entry)
    assert "13812345678" not in str(entry)
    assert set(taken.value.fields) == {"username"}
    assert set(outside.value.fields) == {"region"}
    assert set(wrong.value.fields) == {"username", "name", "phone", "email"}


def test_nobody_administers_themselves(city: City) -> None:
    actor = city.actor("security_admin")
    assert actor.person is not None
    own = city.posts["security_admin"].pk
    with scope.acting(actor):
        for take in (
            lambda: actions.give_post(actor=actor, person=actor.person, data=INSPECTOR),
            lambda: actions.end_post(actor=actor, post=own),
            lambda: actions.reset_password(actor=actor, person=actor.person),
            lambda: actions.unlock(actor=actor, person=actor.person),
        ):
            with pytest.raises(Conflict) as refused:
                take()
            assert refused.value.code == "check.NotYourself"


@pytest.mark.parametrize(
    ("held", "given", "fits"),
    [
        ("system_admin", "audit_admin", False),
        ("system_admin", "inspector", False),
        ("inspector", "security_admin", False),
        ("audit_admin", "auditor", False),
        ("inspector", "regulator", True),
        ("auditor", "office", True),
    ],
)
def test_separated_powers(city: City, held: str, given: str, fits: bool) -> None:
    actor = city.actor("security_admin")
    with scope.acting(actor):
        if fits:
            actions.give_post(actor=actor, person=city.person(held).pk, data={"role": given, "region": COUNTY})
            return
        with pytest.raises(Conflict) as refused:
            actions.give_post(actor=actor, person=city.person(held).pk, data={"role": given, "region": COUNTY})
        assert refused.value.code == "check.SeparatedPowers"
        actions.end_post(actor=actor, post=city.posts[held].pk)
        actions.give_post(actor=actor, person=city.person(held).pk, data={"role": given, "region": COUNTY})


def test_separated_powers_counts_posts_that_begin_later(city: City) -> None:
    actor = city.actor("security_admin")
    later = clock.today() + timedelta(days=30)
    with scope.acting(actor):
        person = actions.open_account(actor=actor, data=SOMEBODY).person.pk
        actions.give_post(actor=actor, person=person, data={"role": "audit_admin", "region": CITY, "valid_from": later})
        with pytest.raises(Conflict):
            actions.give_post(actor=actor, person=person, data=INSPECTOR)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"region": OTHER_COUNTY + 7}, "region"),
        ({"region": 110000000000}, "region"),
        ({"region": 5}, "region"),
        ({"role": "emperor"}, "role"),
        ({"industries": 0}, "industries"),
        ({"valid_from": date(2026, 2, 1), "valid_to": date(2026, 1, 1)}, "valid_to"),
        ({"role": "principal"}, "organisation"),
        ({"organisation": UUID(int=5)}, "organisation"),
        ({"extra": 1}, "extra"),
    ],
)
def test_a_wrong_post_says_what_is_wrong(city: City, wrong: dict[str, Any], field: str) -> None:
    actor = city.actor("security_admin")
    with scope.acting(actor), pytest.raises(Invalid) as refused:
        actions.give_post(actor=actor, person=city.person("leader").pk, data=INSPECTOR | wrong)
    assert field in refused.value.fields


def test_a_post_is_given_once_and_ended_at_once_or_later(city: City) -> None:
    actor, person = city.actor("security_admin"), city.person("leader").pk
    with scope.acting(actor):
        post = actions.give_post(actor=actor, person=person, data=INSPECTOR)
        with pytest.raises(Conflict):
            actions.give_post(actor=actor, person=person, data=INSPECTOR)
        tomorrow = clock.today() + timedelta(days=1)
        assert actions.end_post(actor=actor, post=post.pk, data={"last_day": tomorrow}).valid_to == tomorrow
        with pytest.raises(Invalid):
            actions.end_post(actor=actor, post=post.pk, data={"last_day": clock.today() - timedelta(days=9)})
        actions.end_post(actor=actor, post=post.pk)
        with pytest.raises(WrongState):
            actions.end_post(actor=actor, post=post.pk)
        assert [one.step for one in acts(post.pk)] == ["give_post", "end_post", "end_post"]


def test_a_county_administrator_keeps_the_county_only(city: City) -> None:
    with scope.acting(SYSTEM):
        actor = actor_for(
            Post.objects.select_related("person", "organisation").get(pk=make_post("security_admin", COUNTY).pk)
        )
        both = make_post("inspector", COUNTY)
        make_post("office", CITY, person=both.person)
    with scope.acting(actor):
        actions.reset_password(actor=actor, person=city.person("inspector").pk)
        for person in (city.person("office").pk, both.person_id, UUID(int=9)):
            with pytest.raises(NotFound):
                actions.reset_password(actor=actor, person=person)
        with pytest.raises(NotFound):
            actions.end_post(actor=actor, post=city.posts["office"].pk)
        actions.end_post(actor=actor, post=both.pk)


def test_a_closed_account_and_its_tokens_open_nothing(city: City) -> None:
    inspector, admin = city.actor("inspector"), city.actor("security_admin")
    person = city.person("inspector").pk
    with scope.acting(inspector):
        _token, secret = actions.issue_token(actor=inspector, data={"name": "script"})
    assert tokens.post_of_token(secret) == city.posts["inspector"]
    with scope.acting(admin):
        actions.deactivate(actor=admin, person=person, data=WHY)
        with pytest.raises(WrongState):
            actions.deactivate(actor=admin, person=person, data=WHY)
    assert tokens.post_of_token(secret) is None
    with scope.acting(admin):
        actions.reactivate(actor=admin, person=person, data=WHY)
        assert tokens.post_of_token(secret) is None, "what was made with the account before is not opened again"
    with scope.acting(inspector):
        _token, fresh = actions.issue_token(actor=inspector, data={"name": "script"})
    with scope.acting(admin):
        assert actions.revoke_tokens_of(actor=admin, person=person) == 1
    assert tokens.post_of_token(fresh) is None


def test_a_new_password_from_the_administrator_ends_the_tokens_too(city: City) -> None:
    inspector, admin = city.actor("inspector"), city.actor("security_admin")
    with scope.acting(inspector):
        _token, secret = actions.issue_token(actor=inspector, data={"name": "script"})
    with scope.acting(admin):
        actions.reset_password(actor=admin, person=city.person("inspector").pk)
    assert tokens.post_of_token(secret) is None


def test_tokens_are_ones_own(city: City) -> None:
    inspector, expert = city.actor("inspector"), city.actor("expert")
    with scope.acting(inspector):
        token, secret = actions.issue_token(actor=inspector, data={"name": "script", "days": 1})
        with pytest.raises(Invalid):
            actions.issue_token(actor=inspector, data={"name": "for ever", "days": 10_000})
    with scope.acting(expert), pytest.raises(NotFound):
        actions.revoke_token(actor=expert, token=token.pk)
    with clock.at(clock.now() + timedelta(days=2)):
        assert tokens.post_of_token(secret) is None
    with scope.acting(inspector):
        actions.revoke_token(actor=inspector, token=token.pk)
    assert tokens.post_of_token(secret) is None
    stored = ApiToken.objects.get(pk=token.pk)
    assert secret not in (stored.digest, stored.name)


def test_an_organisation_never_stands_below_itself(city: City) -> None:
    actor = city.actor("system_admin")
    with scope.acting(actor):
        top = actions.create_organisation(actor=actor, data=PLACE)
        below = actions.create_organisation(actor=actor, data=PLACE | {"name": "Gas station", "parent": top.pk})
        for wrong, field in (
            ({"parent": below.pk}, "parent"),
            ({"parent": top.pk}, "parent"),
            ({"kind": "enterprise"}, "kind"),
            ({"region": 110000000000}, "region"),
            ({"name": "x"}, "name"),
        ):
            with pytest.raises(Invalid) as refused:
                actions.edit_organisation(actor=actor, organisation=top.pk, data=PLACE | wrong)
            assert field in refused.value.fields
        with pytest.raises(Invalid) as twice:
            actions.create_organisation(actor=actor, data=PLACE)
        assert "name" in twice.value.fields
        actions.edit_organisation(actor=actor, organisation=top.pk, data=PLACE | {"phone": "0357-1"})
        assert [one.step for one in acts(top.pk)] == ["create_organisation", "edit_organisation"]
        assert acts(top.pk)[1].changes == {"phone": ["", "0357-1"]}


def test_administrators_see_people_and_entries_but_no_record() -> None:
    from tests.factories import make_city

    records = [
        apps.get_model(one) for one in ("hazards.Hazard", "registry.Enterprise", "registry.Site", "hazards.Tally")
    ]
    city = make_city()
    city.closed()
    with scope.acting(SYSTEM):
        loaded = Post.objects.select_related("person", "organisation")
        administrators = [actor_for(loaded.get(pk=make_post(role).pk)) for role in ADMINISTRATORS]
        people, there = Post.objects.count(), [record.objects.exists() for record in records]
        assert there[:3] == [True] * 3
    for actor in administrators:
        with scope.acting(actor):
            assert [record.objects.exists() for record in records] == [False] * 4
            assert not Entry.objects.filter(subject_type="hazard").exists()
            assert Post.objects.count() == people


def test_entries_of_accounts_are_read_by_those_who_audit(city: City) -> None:
    actor = city.actor("security_admin")
    with scope.acting(actor):
        actions.unlock(actor=actor, person=city.person("inspector").pk)
    seen = {}
    for role in ROLES:
        with scope.acting(city.actor(role)):
            seen[role] = Entry.objects.exclude(person_id=city.person(role).pk).count()
    assert {role for role, count in seen.items() if count} == {"system_admin", "audit_admin", "auditor"}
