"""The sign-in library's addresses that are used here, under the names it looks for. There is no sign-up and no mailed reset."""

from allauth.account import views
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from anlan.identity.pages import account, sign_in

urlpatterns = [
    path("sign-in/", sign_in.SignInView.as_view(), name="account_login"),
    path("sign-in/closed/", login_not_required(views.account_inactive), name="account_inactive"),
    path("sign-out/", views.logout, name="account_logout"),
    path("account/password/", account.OwnPasswordView.as_view(), name="account_change_password"),
    path("account/password/", account.OwnPasswordView.as_view(), name="account_set_password"),
    path("account/confirm/", views.reauthenticate, name="account_reauthenticate"),
    path("account/second-factor/", include("allauth.mfa.urls")),
]
