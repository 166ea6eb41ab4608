"""One's own account: password, second factor, sessions, tokens."""

from typing import Any
from uuid import UUID

from allauth.account.views import PasswordChangeView
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from anlan.identity import actions
from anlan.identity.actions.accounts import close_sessions
from anlan.identity.asking import actor_of
from anlan.identity.models import ApiToken, Person
from anlan.identity.pages.audit import browser
from anlan.identity.pages.common import attempt, secret_page, sent
from anlan.identity.passwords import change_due
from anlan.identity.queries import names_of
from anlan.identity.sessions import my_posts
from anlan.kernel import clock
from anlan.kernel.errors import NotFound
from anlan.kernel.pages import form_page


def account(request: HttpRequest) -> HttpResponse:
    """Everything about one's own access on one page."""
    person: Any = request.user
    posts = getattr(request, "my_posts", [])
    factors = Authenticator.objects.filter(user_id=person.pk).exclude(type=Authenticator.Type.RECOVERY_CODES)
    days = settings.ANLAN_PASSWORD_DAYS
    items = [
        {"label": _("Name"), "value": person.name},
        {"label": _("Username"), "value": person.username},
        {"label": _("Phone"), "value": person.phone},
        {"label": _("Enforcement certificate"), "value": person.certificate},
        {"label": _("Password changed"), "value": person.password_changed_at, "template": "components/cells/date.html"},
    ]
    return render(
        request,
        "identity/account.html",
        {
            "crumbs": [{"label": _("My account")}],
            "facts": [item for item in items if item["value"]],
            "posts": posts,
            "factors": factors.count(),
            "sessions": len(UserSession.objects.purge_and_list(person)),
            "tokens": ApiToken.objects.filter(person=person, revoked_at=None).count(),
            "password_days": days,
        },
    )


class OwnPasswordView(PasswordChangeView):
    """A refused form answers 200: an answer of 400 or more would roll back the count of wrong passwords."""

    template_name = "identity/password.html"

    def get_default_success_url(self) -> str:
        return "/" if self.due else reverse("identity:me")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.due = change_due(request.user) if isinstance(request.user, Person) else ""
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "due": self.due}


def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in, newest first."""
    person: Any = request.user
    found = sorted(UserSession.objects.purge_and_list(person), key=lambda one: one.last_seen_at, reverse=True)
    rows = [
        {
            "id": one.pk,
            "current": one.session_key == request.session.session_key,
            "ip": one.ip,
            "agent": browser(one.user_agent),
            "began": one.created_at,
            "seen": one.last_seen_at,
        }
        for one in found
    ]
    crumbs = [{"label": _("My account"), "url": reverse("identity:me")}, {"label": _("Sessions")}]
    return render(request, "identity/sessions.html", {"rows": rows, "crumbs": crumbs})


@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """End one other session of one's own (`session`), or all others."""
    person: Any = request.user
    own = request.session.session_key
    if number := request.POST.get("session", ""):
        mine = UserSession.objects.filter(user=person).exclude(session_key=own or "")
        found = mine.filter(pk=number).first() if number.isascii() and number.isdigit() and len(number) < 18 else None
        if found is None:
            raise NotFound
        found.end()
        messages.success(request, _("That session has ended."))
    else:
        ended = close_sessions(person, keep=own)
        messages.success(request, _("%(count)s other sessions have ended.") % {"count": ended})
    return redirect("identity:own-sessions")


class TokenForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("What for"), max_length=60, help_text=gettext_lazy("For example: the statistics script.")
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("Valid for"),
        coerce=int,
        initial=90,
        choices=[(30, gettext_lazy("30 days")), (90, gettext_lazy("90 days")), (365, gettext_lazy("a year"))],
    )


def tokens(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    found = list(ApiToken.objects.filter(person=person).order_by("-created_at")[:100])
    labels = {post.pk: post for post in my_posts(person)}
    names = names_of({token.post_id for token in found} & set(labels))
    rows = [
        {
            "token": token,
            "post": names[token.post_id].label if token.post_id in names else _("ended post"),
            "works": token.revoked_at is None
            and token.post_id in labels
            and (token.expires_at is None or token.expires_at > clock.now()),
        }
        for token in found
    ]
    crumbs = [{"label": _("My account"), "url": reverse("identity:me")}, {"label": _("API tokens")}]
    return render(request, "identity/tokens.html", {"rows": rows, "crumbs": crumbs})


def new_token(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    form = TokenForm(sent(request))
    back = reverse("identity:own-tokens")
    if request.method == "POST" and (made := attempt(form, lambda typed: actions.issue_token(actor=actor, data=typed))):
        token, secret = made
        return secret_page(
            request,
            title=_("Your new token"),
            secret=secret,
            back_url=back,
            about=token.name,
            words=_(
                "Copy it now: it is shown this once. Whoever has it acts as your post until it ends or you revoke it."
            ),
        )
    return form_page(
        request,
        form,
        title=_("New API token"),
        back_url=back,
        submit_label=_("Make the token"),
        intro=_("The token acts as the post “%(post)s”.") % {"post": actor.post_label},
    )


@require_POST
def revoke_token(request: HttpRequest, token: UUID) -> HttpResponse:
    actions.revoke_token(actor=actor_of(request), token=token)
    messages.success(request, _("The token no longer works."))
    return redirect("identity:own-tokens")
