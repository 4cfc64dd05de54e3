"""Forms of signing in: what was typed, and what is wrong with it in words."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation

from .models import Account

CODE_HINT = "6 figures from your app, or one of your codes on paper"


def _email(label: str) -> forms.EmailField:
    return forms.EmailField(
        label=label,
        max_length=254,
        error_messages={
            "required": "Enter your e-mail address",
            "invalid": "Enter an e-mail address like name@example.com",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
    )


class SignInForm(forms.Form):
    email = _email("E-mail address")
    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=128,
        error_messages={"required": "Enter your password"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class EmailForm(forms.Form):
    """Where a link should go."""

    email = _email("E-mail address")


class NewEmailForm(forms.Form):
    email = _email("New e-mail address")


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Code",
        max_length=20,
        error_messages={"required": "Enter the code", "max_length": "A code has 6 or 8 figures"},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "spellcheck": "false",
                "class": "govuk-input--width-10",
            }
        ),
    )

    def __init__(self, *args: Any, label: str = "Code", hint: str = CODE_HINT, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = label
        self.fields["code"].help_text = hint


class PasswordForm(forms.Form):
    """The password of someone who is signed in already."""

    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=128,
        error_messages={"required": "Enter your password"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PasskeyNameForm(forms.Form):
    name = forms.CharField(
        label="What do you call this device?",
        help_text="So that you know it again, such as “Work laptop” or “Blue key”",
        max_length=60,
        error_messages={"required": "Enter a name for this passkey"},
    )


class ChoosePasswordForm(forms.Form):
    password = forms.CharField(
        label="Choose a password",
        help_text=(
            "12 characters or more, of any kind. Three words you will remember make a good one. "
            "Do not use your name, your school or your council."
        ),
        strip=False,
        error_messages={"required": "Enter a password"},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        password_validation.validate_password(password, self.account)
        return password
