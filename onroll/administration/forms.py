"""Forms of administration: an invitation, a post, a leaver, a team, and the settings group by group."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from onroll.access.actors import Actor
from onroll.access.roles import PARTNERS, Role
from onroll.authorities.models import Authority, Team
from onroll.design.colours import why_not_colour
from onroll.design.forms import FilterForm, GovukDateField, GovukForm, Look
from onroll.documents.refusing import NotAccepted
from onroll.exchange.reading import Upload
from onroll.people.domains import as_domains, why_not_domains
from onroll.people.models import SharingAgreement
from onroll.schools.models import School

from .leavers import LIMITS, WillEnd
from .logos import made_anew
from .people import STATES, Person, place_of, role_of
from .settings_groups import SOURCES, Group, column_of

NOBODY = "nobody"


class FindPeopleForm(FilterForm):
    """Which people the list shows. What is typed is kept on the server."""

    words = forms.CharField(label="Name or e-mail", max_length=100)
    role = forms.ChoiceField(label="Role", choices=[("", "Every role"), *Role.choices])
    state = forms.ChoiceField(label="State", choices=[("", "Every state"), *STATES.items()])


class PostForm(GovukForm):
    """A post: role, team or school, from when to when, and why."""

    role = forms.ChoiceField(label="Role", choices=[("", "Choose a role"), *Role.choices])
    team = forms.ChoiceField(label="Team", required=False, help_text="For the authority’s own staff")
    school = forms.CharField(
        label="School",
        required=False,
        max_length=200,
        help_text="For staff of a school: its URN, or its number here",
    )
    agreement = forms.ChoiceField(
        label="Sharing agreement", required=False, help_text="For partner services: what their access rests on"
    )
    start = GovukDateField(label="From", asks="the first day")
    end = GovukDateField(
        label="Until",
        asks="the last day",
        required=False,
        help_text="The last day, where it is known. Without one the post is confirmed again within a year.",
    )
    reason = forms.CharField(
        label="Why do they need it?",
        max_length=200,
        error_messages={"required": "Say why they need the post"},
        help_text="Do not name a child.",
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.teams = {str(team.public_id): team for team in Team.objects.filter(authority_id=actor.authority)}
        in_force = SharingAgreement.objects.filter(authority_id=actor.authority)
        in_force = in_force.filter(Q(end__isnull=True) | Q(end__gt=actor.today))
        self.agreements = {str(each.public_id): each for each in in_force.order_by("title")}
        named = sorted((team.name, key) for key, team in self.teams.items())
        self.fields["team"].choices = [("", "No team"), *((key, name) for name, key in named)]  # type: ignore[attr-defined]
        self.fields["agreement"].choices = [  # type: ignore[attr-defined]
            ("", "None"),
            *((key, each.title) for key, each in self.agreements.items()),
        ]

    def clean_team(self) -> Team | None:
        return self.teams.get(self.cleaned_data["team"])

    def clean_agreement(self) -> SharingAgreement | None:
        return self.agreements.get(self.cleaned_data["agreement"])

    def clean_school(self) -> School | None:
        number = self.cleaned_data["school"].strip()
        if not number:
            return None
        # The numbers of settings are each authority's own: another's may be the same.
        known = School.objects.filter(Q(authority__isnull=True) | Q(authority_id=self.actor.authority))
        found = known.filter(Q(setting_id=number) | Q(urn=number)).first()
        if found is None:
            raise ValidationError("No school has this number. Look it up on the page “Schools”")
        return found

    def clean_end(self) -> date | None:
        last: date | None = self.cleaned_data["end"]
        # The record keeps the first day after.
        return last + timedelta(days=1) if last else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        role = cleaned.get("role")
        if role and Role(role).at_a_school and "school" in cleaned and not cleaned["school"]:
            self.add_error("school", "Enter the URN of the school, or its number here")
        if role and not Role(role).at_a_school and cleaned.get("school"):
            self.add_error("school", "Leave the school empty: this role is not held at a school")
        if role in PARTNERS and not cleaned.get("agreement"):
            self.add_error("agreement", "Choose the sharing agreement that the post rests on")
        if cleaned.get("end") and cleaned.get("start") and cleaned["end"] <= cleaned["start"]:
            self.add_error("end", "The last day must be the first day or later")
        return cleaned


class InviteForm(PostForm):
    """Who is invited, and for which post."""

    given_name = forms.CharField(label="Given name", max_length=100)
    family_name = forms.CharField(label="Family name", max_length=100)
    email = forms.EmailField(label="Work e-mail address", max_length=254)

    field_order = ["given_name", "family_name", "email"]
    looks = {"email": Look(inputmode="email", spellcheck=False)}


class EndPostForm(GovukForm):
    last = GovukDateField(
        label="What is the last day of this post?",
        asks="the last day",
        help_text="Enter yesterday to end it at once.",
    )


class EndAgreementForm(GovukForm):
    last = GovukDateField(
        label="What is the last day of the agreement?",
        asks="the last day",
        help_text="Enter yesterday to end it at once.",
    )


class ContactForm(GovukForm):
    given_name = forms.CharField(label="Given name", max_length=100)
    family_name = forms.CharField(label="Family name", max_length=100)
    phone = forms.CharField(label="Work telephone", max_length=40, required=False)

    looks = {"phone": Look(width=20, inputmode="tel")}


class ResetForm(GovukForm):
    """Which reset is started. What the new password or code is, nobody here chooses."""

    what = forms.ChoiceField(
        label="What have they lost?",
        choices=[("password", "Their password"), ("step", "Their phone or security key")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what they have lost"},
    )
    reason = forms.CharField(
        label="How did you make sure that it is them?",
        max_length=200,
        required=False,
        help_text="As when they were first invited: for example you rang the number you know, or saw them.",
    )

    looks = {
        "what": Look(
            label="m",
            hints={
                "password": "They get a link by e-mail, and still need their second step",
                "step": "Password and second steps are removed, and they get a new invitation",
            },
            reveals={"step": "reason"},
        )
    }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("what") == "step" and not cleaned.get("reason", "").strip():
            self.add_error("reason", "Say how you made sure that it is them")
        return cleaned


class LeaverForm(GovukForm):
    """Who goes on with the work of somebody who leaves."""

    successor = forms.ChoiceField(
        label="Who takes over their children?",
        widget=forms.Select,
        error_messages={"required": "Choose who takes over, or that nobody does yet"},
    )

    def __init__(self, *args: Any, ends: WillEnd, people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not ends.needs_successor:
            del self.fields["successor"]
            return
        self.fields["successor"].choices = [  # type: ignore[attr-defined]
            ("", "Choose a person"),
            *((str(other.account.public_id), _named(other)) for other in people),
            (NOBODY, "Nobody yet: the children stay without one"),
        ]


def _named(person: Person) -> str:
    first = person.live[0]
    place = place_of(first)
    return f"{person.name}, {role_of(first).lower()}{f', {place}' if place else ''}"


class LeaversFileForm(GovukForm):
    file = forms.FileField(
        label="Choose the list of leavers",
        help_text="CSV or Excel (.xlsx), 2 MB at most. One person a row, with a column “E-mail”, and if you like one "
        "“Successor’s e-mail”. Nothing is changed until you have looked at it.",
        error_messages={"required": "Choose the list of leavers", "missing": "Choose the list of leavers"},
        max_length=None,
    )

    looks = {"file": Look(accept=".csv,.xlsx")}

    def clean_file(self) -> Upload:
        given = self.cleaned_data["file"]
        if given.size > LIMITS.bytes:
            raise ValidationError("The list must be 2 MB or smaller")
        return Upload("The list", given.read())


class TeamForm(GovukForm):
    name = forms.CharField(label="Name of the team", max_length=100)


class MemberForm(GovukForm):
    """Whose post moves to the team."""

    post = forms.ChoiceField(label="Who joins this team?", error_messages={"required": "Choose a person"})

    def __init__(self, *args: Any, posts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].choices = [("", "Choose a person"), *posts]  # type: ignore[attr-defined]


class SchoolDomainsForm(GovukForm):
    domains = forms.CharField(
        label="E-mail domains of the school",
        required=False,
        max_length=300,
        help_text="What stands after the @, such as hillside.sch.uk. With spaces between if there are several. What is "
        "below a domain counts too.",
    )

    looks = {"domains": Look(label="m", spellcheck=False)}

    def clean_domains(self) -> str:
        typed: str = self.cleaned_data["domains"]
        if why := why_not_domains(typed):
            raise ValidationError(why)
        return " ".join(as_domains(typed))


class LogoForm(GovukForm):
    """A picture to show. Its `cleaned_data["file"]` is the PNG that is kept of it."""

    file = forms.FileField(
        label="Choose the picture",
        help_text="PNG or JPEG, 1 MB at most. About 400 pixels wide and 100 high is enough.",
        error_messages={"required": "Choose the picture", "missing": "Choose the picture"},
        max_length=None,
    )

    looks = {"file": Look(accept=".png,.jpg,.jpeg")}

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > 1024 * 1024:
            raise ValidationError("The file is larger than 1 MB. Choose a smaller picture")
        try:
            return made_anew(file.name, file.read())
        except NotAccepted as refusal:
            raise ValidationError(str(refusal)) from refusal


class SettingsForm(GovukForm):
    """The settings of one group, each drawn after the column it stands for."""

    def __init__(self, *args: Any, group: Group, authority: Authority, **kwargs: Any) -> None:
        super().__init__(*args, initial={s.field: getattr(authority, s.field) for s in group.settings}, **kwargs)
        for setting in group.settings:
            self.fields[setting.field] = _field_of(setting.field, setting.changes)
        self.looks = {setting.field: _look_of(setting.field) for setting in group.settings}
        if "order_of_trust" in self.fields:
            held = authority.order_of_trust.split(";")
            del self.fields["order_of_trust"]
            for place, _ in enumerate(SOURCES, start=1):
                self.fields[f"source_{place}"] = forms.ChoiceField(
                    label=f"Source {place}" + (", trusted most" if place == 1 else ""),
                    choices=list(SOURCES.items()),
                    initial=held[place - 1] if place <= len(held) else None,
                )

    def clean_mail_domains(self) -> str:
        typed: str = self.cleaned_data["mail_domains"]
        if why := why_not_domains(typed):
            raise ValidationError(why)
        return " ".join(as_domains(typed))

    def clean_colour(self) -> str:
        colour: str = self.cleaned_data["colour"].strip().lower()
        if why := why_not_colour(colour):
            raise ValidationError(why)
        return colour

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        order = [cleaned.get(f"source_{place}", "") for place in range(1, len(SOURCES) + 1)]
        if "source_1" in self.fields:
            if sorted(order) != sorted(SOURCES):
                self.add_error("source_1", "Name each source once")
            cleaned["order_of_trust"] = ";".join(order)
        first, last = cleaned.get("hours_start"), cleaned.get("hours_end")
        if first is not None and last is not None and first >= last:
            self.add_error("hours_end", "The working day must end after it starts")
        return cleaned


_MOST = {
    "watch_children_an_hour": (1, 1000),
    "watch_times_the_norm": (1, 50),
    "watch_refusals": (2, 1000),
    "watch_out_of_hours": (0, 1000),
    "hours_start": (0, 23),
    "hours_end": (1, 24),
    "idle_minutes": (5, 30),
    "sign_in_hours": (1, 12),
    "export_limit": (0, 1000),
    "small_number_threshold": (5, 20),
    "near_points": (0, 50),
    "children_for_a_project": (1, 100),
    "near_share": (0, 50),
}
_YES_NO = (("True", "Yes"), ("False", "No"))


def _field_of(name: str, changes: str) -> forms.Field:
    column = column_of(name)
    label = str(column.verbose_name)
    label = label[:1].upper() + label[1:]
    help_text = f"{changes}."
    if name in _MOST:
        low, high = _MOST[name]
        help_text = f"{changes}. From {low} to {high}."
        wrong = f"Enter a whole number from {low} to {high}"
        return forms.IntegerField(
            label=label,
            help_text=help_text,
            min_value=low,
            max_value=high,
            error_messages={"invalid": wrong, "min_value": wrong, "max_value": wrong, "required": wrong},
        )
    if column.get_internal_type() == "BooleanField":
        return forms.TypedChoiceField(
            label=label,
            help_text=help_text,
            choices=_YES_NO,
            coerce=lambda said: said == "True",
            widget=forms.RadioSelect,
            error_messages={"required": "Choose yes or no"},
        )
    if column.get_internal_type() == "DateField":
        return GovukDateField(label=label, help_text=help_text, asks="the day")
    if name == "mail_address":
        return forms.EmailField(
            label=label,
            help_text=f"{changes}. {column.help_text}.",
            required=False,
            error_messages={"invalid": "Enter an e-mail address, like name@example.org"},
        )
    if name == "mail_domains":
        return forms.CharField(
            label=label,
            help_text=f"{column.help_text}, because to hold back every first invitation would protect nobody. What is "
            "below a domain counts too.",
            max_length=column.max_length,
            required=False,
            widget=forms.Textarea,
        )
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=column.max_length,
        error_messages={"required": f"Enter the {label.lower()}"},
    )


def _look_of(name: str) -> Look:
    if name in _MOST:
        return Look(width=4, inputmode="numeric")
    if name in ("keeps_the_roll", "advisers_see_all"):
        return Look(label="s", inline=True)
    if name == "mail_domains":
        return Look(rows=3, spellcheck=False)
    return Look(width=10) if name == "colour" else Look()
