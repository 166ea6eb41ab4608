"""The forms of identity's pages. Validation of meaning is the verbs'; a form shows their reasons at its fields."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter as mfa_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from anlan.identity.factors import TooManyTries, accept_code


def plain(field: forms.Field, label: Any, **attributes: Any) -> None:
    """Our label instead of the library's label, help and placeholder."""
    field.label, field.help_text = label, ""
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attributes)


class SignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self.fields["login"], _("Username"), autofocus=True, autocapitalize="none", spellcheck="false")
        plain(self.fields["password"], _("Password"))
        if settings.DEMO:
            self.fields["password"].widget.render_value = True  # a demo account's password is public


class ConfirmPasswordForm(ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self.fields["password"], _("Your password"), autofocus=True)


class NewPasswordForm(ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self.fields["oldpassword"], _("Present password"))
        plain(self.fields["password1"], _("New password"))
        plain(self.fields["password2"], _("New password once more"))
        self.fields["password1"].help_text = " ".join(password_validators_help_texts())

    def clean_oldpassword(self) -> str:
        """Through the sign-in's own door, so that wrong tries count towards the lock."""
        from allauth.account.adapter import get_adapter

        if not get_adapter().reauthenticate(self.user, self.cleaned_data["oldpassword"]):
            raise get_adapter().validation_error("enter_current_password")
        return str(self.cleaned_data["oldpassword"])

    def clean_password1(self) -> str:
        word = str(self.cleaned_data["password1"])
        if self.user.check_password(word):
            raise ValidationError(_("Choose a password that differs from the present one."))
        return word


class _Code(mfa.BaseAuthenticateForm):
    """A code of the authenticator app or a recovery code, accepted once."""

    again = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self.fields["code"], _("Code"), inputmode="numeric", autofocus=True)

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        try:
            found = accept_code(self.user.pk, code)
        except TooManyTries as tired:
            raise ValidationError(tired.detail, code=tired.code) from None
        if found is None:
            authentication_failed.send(
                sender=Authenticator,
                request=context.request,
                user=self.user,
                authenticator=None,
                reauthentication=self.again,
            )
            raise mfa_adapter().validation_error("incorrect_code")
        self.authenticator = found
        return code


class CodeForm(_Code, mfa.AuthenticateForm):
    pass


class ConfirmCodeForm(_Code, mfa.ReauthenticateForm):
    again = True
