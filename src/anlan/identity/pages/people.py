"""People and posts."""

from functools import partial
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.identity import actions, queries
from anlan.identity.acting import post_label
from anlan.identity.asking import actor_of
from anlan.identity.industries import words_of
from anlan.identity.lockout import locked_usernames
from anlan.identity.models import ApiToken, Person, Post
from anlan.identity.pages.common import asked, attempt, list_page, secret_page, sent
from anlan.identity.pages.forms import (
    AccountForm,
    EndPostForm,
    GivePostForm,
    NewAccountForm,
    PeopleFilterForm,
    ReasonForm,
)
from anlan.identity.paging import Page
from anlan.identity.roles import ROLES
from anlan.identity.rules import may, require
from anlan.identity.wording import timeline_entry
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.codes import mask_phone
from anlan.kernel.ledger.read import acts
from anlan.kernel.pages import form_page

LIST = "identity:people"


def people(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    form = PeopleFilterForm(actor, request.GET or None)
    filters = queries.PeopleFilter(**asked(form))
    return list_page(
        request,
        title=_("People and posts"),
        form=form,
        fetch=partial(queries.people, actor, filters),
        table=partial(_people_table, actor),
    )


def _people_table(actor: Actor, page: Page[Person]) -> dict[str, Any]:
    locked = locked_usernames([person.username for person in page.rows])
    held: dict[UUID, list[Post]] = {person.pk: person.posts_now for person in page.rows}  # type: ignore[attr-defined]
    areas = queries.region_names(post.region for posts in held.values() for post in posts)
    table = {
        "id": "people",
        "label": _("People"),
        "columns": [
            {"key": "name", "label": _("Name"), "kind": "link", "lead": True, "always": True},
            {"key": "username", "label": _("Username")},
            {"key": "posts", "label": _("Posts in office"), "template": "identity/_posts_cell.html"},
            {"key": "phone", "label": _("Phone")},
            {"key": "state", "label": _("Account"), "kind": "state"},
            {"key": "last", "label": _("Last sign-in"), "kind": "datetime"},
        ],
        "rows": [
            {
                "id": person.pk,
                "url": reverse("identity:person", args=[person.pk]),
                "cells": {
                    "name": person.name,
                    "username": person.username,
                    "phone": mask_phone(person.phone),
                    "posts": [
                        {"label": post_label(post), "area": areas.get(post.region, "")} for post in held[person.pk]
                    ],
                    "state": account_state(person, locked=person.username in locked),
                    "last": person.last_login,
                },
            }
            for person in page.rows
        ],
    }
    if may(actor, "open_account"):
        table |= {"create_url": reverse("identity:new-person"), "create_label": _("Open an account")}
    return table


def account_state(person: Person, *, locked: bool) -> dict[str, str]:
    if not person.is_active:
        return {"code": "closed", "label": _("closed"), "tone": "stopped"}
    if locked:
        return {"code": "locked", "label": _("locked"), "tone": "late"}
    if person.must_change_password:
        return {"code": "new", "label": _("one-time password"), "tone": "waiting"}
    return {"code": "open", "label": _("open"), "tone": "done"}


def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = queries.person(actor, person_id)
    posts = queries.posts_ever(found.pk)
    areas = queries.region_names([found.region, *(post.region for post in posts)])
    locked = found.username in locked_usernames([found.username])
    own = found.pk == actor.person
    items: list[dict[str, Any]] = [
        {"label": _("Username"), "value": found.username},
        {"label": _("Phone"), "value": mask_phone(found.phone)},
        {"label": _("E-mail"), "value": found.email},
        {"label": _("Enforcement certificate"), "value": found.certificate},
        {"label": _("Kept in"), "value": areas.get(found.region or 0, "")},
        {"label": _("Last sign-in"), "value": found.last_login, "template": "components/cells/datetime.html"},
        {
            "label": _("Password changed"),
            "value": found.password_changed_at,
            "template": "components/cells/datetime.html",
        },
        {"label": _("Second factors"), "value": _factors(found)},
        {"label": _("Sessions"), "value": UserSession.objects.filter(user=found).count()},
        {"label": _("API tokens"), "value": ApiToken.objects.filter(person=found, revoked_at=None).count()},
    ]
    entries = [*acts(found.pk), *(act for post in posts for act in acts(post.pk))]
    entries.sort(key=lambda act: act.at, reverse=True)
    return render(
        request,
        "identity/person.html",
        {
            "person": found,
            "crumbs": [{"label": _("People and posts"), "url": reverse(LIST)}, {"label": found.name}],
            "state": account_state(found, locked=locked),
            "facts": [item for item in items if item["value"] not in ("", None)],
            "posts": [_post_row(post, areas, may_end=may(actor, "end_post") and not own) for post in posts],
            "acts": [] if own else _buttons(actor, found, locked=locked),
            "may_give": may(actor, "give_post") and not own,
            "own": own and may(actor, "give_post"),
            "entries": [timeline_entry(act) for act in entries[:100]],
        },
    )


def _factors(person: Person) -> str:
    words = {"totp": _("authenticator app"), "webauthn": _("security key"), "recovery_codes": _("recovery codes")}
    kinds = Authenticator.objects.filter(user_id=person.pk).values_list("type", flat=True)
    return _(", ").join(sorted({words[str(kind)] for kind in kinds})) or _("none")


def _post_row(post: Post, areas: dict[int, str], *, may_end: bool) -> dict[str, Any]:
    today = clock.today()
    over = post.valid_to is not None and post.valid_to < today
    if over:
        state = {"label": _("ended"), "tone": "muted"}
    elif post.valid_from > today:
        state = {"label": _("begins later"), "tone": "waiting"}
    else:
        state = {"label": _("in office"), "tone": "done"}
    return {
        "post": post,
        "label": post_label(post),
        "role": ROLES[post.role].label,
        "area": areas.get(post.region, post.region),
        "industries": words_of(post.industries) if ROLES[post.role].scope == "territory" else "",
        "state": state,
        "end_url": reverse("identity:end-post", args=[post.pk]) if may_end and not over else "",
    }


def _buttons(actor: Any, person: Person, *, locked: bool) -> list[dict[str, str]]:
    wanted = [
        ("edit_account", _("Correct"), True),
        ("reset_password", _("Reset the password"), person.is_active),
        ("unlock", _("Unlock"), locked),
        ("end_sessions", _("Sign out everywhere"), True),
        ("reset_second_factor", _("Remove second factors"), Authenticator.objects.filter(user_id=person.pk).exists()),
        ("revoke_tokens_of", _("Revoke API tokens"), ApiToken.objects.filter(person=person, revoked_at=None).exists()),
        ("deactivate", _("Close the account"), person.is_active),
        ("reactivate", _("Open the account again"), not person.is_active),
    ]
    return [
        {"label": label, "url": reverse(f"identity:person-{verb}", args=[person.pk])}
        for verb, label, fits in wanted
        if fits and may(actor, verb)
    ]


def new_person(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "open_account")
    form = NewAccountForm(sent(request))
    if request.method == "POST" and (
        opened := attempt(form, lambda typed: actions.open_account(actor=actor, data=typed))
    ):
        return _password_page(request, opened.person, opened.secret)
    return form_page(
        request,
        form,
        title=_("Open an account"),
        back_url=reverse(LIST),
        columns=2,
        submit_label=_("Open the account"),
        intro=_("The account sees nothing until you give it a post."),
    )


def _password_page(request: HttpRequest, person: Person, secret: str) -> HttpResponse:
    return secret_page(
        request,
        title=_("One-time password"),
        secret=secret,
        about=f"{person.name} · {person.username}",
        back_url=reverse("identity:person", args=[person.pk]),
        words=_(
            "Hand it over in person. It is shown this once, works for seven days and must be changed at the first sign-in."
        ),
    )


def give_post(request: HttpRequest, person_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "give_post")
    found = queries.person(actor, person_id)
    form = GivePostForm(actor, sent(request))
    back = reverse("identity:person", args=[found.pk])
    done = (
        attempt(form, lambda typed: actions.give_post(actor=actor, person=found.pk, data=form.facts(typed)))
        if request.method == "POST"
        else None
    )
    if done:
        messages.success(request, _("The post is given; it counts from its first day on."))
        return redirect(back)
    return form_page(
        request,
        form,
        title=_("Give %(name)s a post") % {"name": found.name},
        back_url=back,
        columns=2,
        submit_label=_("Give the post"),
    )


def end_post(request: HttpRequest, post_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "end_post")
    post = Post.objects.select_related("person", "organisation").filter(pk=post_id).first()
    if post is None:
        return redirect(LIST)
    form = EndPostForm(sent(request))
    back = reverse("identity:person", args=[post.person_id])
    done = (
        attempt(form, lambda typed: actions.end_post(actor=actor, post=post_id, data=typed))
        if request.method == "POST"
        else None
    )
    if done:
        messages.success(request, _("The post has an end."))
        return redirect(back)
    return form_page(
        request,
        form,
        title=_("End the post “%(post)s” of %(name)s") % {"post": post_label(post), "name": post.person.name},
        back_url=back,
        submit_label=_("End the post"),
        submit_tone="danger",
        consequences=[
            _("Without a last day it ends at once: what it showed is out of sight with the next click."),
            _("Its API tokens stop working with it."),
            _("What waits for this post stays with its office; whoever holds the same post goes on."),
        ],
    )


ACTS = (
    "edit_account",
    "reset_password",
    "unlock",
    "end_sessions",
    "reset_second_factor",
    "revoke_tokens_of",
    "deactivate",
    "reactivate",
)


def person_act(request: HttpRequest, person_id: UUID, verb: str) -> HttpResponse:
    """One act on an account: asks first, says what it does."""
    actor = actor_of(request)
    require(actor, verb)
    found = queries.person(actor, person_id)
    back = reverse("identity:person", args=[found.pk])
    title, consequences, done = _words(verb)
    form_class = {"edit_account": AccountForm}.get(verb, ReasonForm)
    form = form_class(sent(request), person=found, asks=verb in ("deactivate", "reactivate", "reset_second_factor"))
    if request.method == "POST":
        result = attempt(form, lambda typed: _take(verb, actor, found.pk, typed))
        if verb in ("reset_password", "reactivate") and isinstance(result, str):
            return _password_page(request, found, result)
        if result is not None:
            messages.success(request, done)
            return redirect(back)
    return form_page(
        request,
        form,
        title=f"{title}: {found.name}",
        back_url=back,
        consequences=consequences,
        submit_label=title,
        submit_tone="danger" if verb in ("deactivate", "reset_second_factor") else "primary",
    )


def _take(verb: str, actor: Any, person: UUID, typed: dict[str, Any]) -> Any:
    take = getattr(actions, verb)
    if verb in ("edit_account", "deactivate", "reactivate", "reset_second_factor"):
        return take(actor=actor, person=person, data=typed)
    return take(actor=actor, person=person)


def _words(verb: str) -> tuple[str, list[str], str]:
    """Title, consequences, and what is said when it is done."""
    return {
        "edit_account": (_("Correct the account"), [], _("The account is corrected.")),
        "reset_password": (
            _("Reset the password"),
            [
                _("You get a one-time password to hand over in person."),
                _("All sessions end, and a lock is lifted."),
                _("The person is told, and the ledger keeps that you did it."),
            ],
            "",
        ),
        "unlock": (
            _("Unlock"),
            [_("Failed sign-ins and wrong codes are forgotten; the password stays.")],
            _("The account is unlocked."),
        ),
        "end_sessions": (
            _("Sign out everywhere"),
            [_("All sessions end at once; API tokens stay.")],
            _("All sessions have ended."),
        ),
        "reset_second_factor": (
            _("Remove second factors"),
            [
                _("The account is protected by its password alone until a new factor is set up."),
                _("Make sure it is really this person who lost the phone or key."),
            ],
            _("The second factors are removed."),
        ),
        "revoke_tokens_of": (
            _("Revoke API tokens"),
            [_("Programs that use them are refused at once.")],
            _("The tokens no longer work."),
        ),
        "deactivate": (
            _("Close the account"),
            [_("Nobody signs in with it any more; sessions end at once."), _("Its posts and history stay.")],
            _("The account is closed."),
        ),
        "reactivate": (_("Open the account again"), [_("You get a one-time password to hand over in person.")], ""),
    }[verb]
