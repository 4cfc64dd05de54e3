"""The settings of an authority, in groups: for each what it changes in words, and how many people that touches."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models

from onroll.access.actors import Actor
from onroll.access.can import Can
from onroll.access.roles import LEADS, VIRTUAL_SCHOOL, Role
from onroll.authorities.models import Authority
from onroll.design.words import count_of
from onroll.history.changes import change, verb
from onroll.people.actions import Refused
from onroll.people.models import Post

verb("authority.settings_changed", "{actor} changed the settings of the authority")

SOURCES = {
    "person": "A person who types it in",
    "school": "A school",
    "list": "A list or spreadsheet that was loaded",
    "ssda903": "The SSDA903 return",
    "exchange": "The exchange format",
}


def column_of(name: str) -> models.Field:
    """The column of the authority that a setting stands for."""
    column = Authority._meta.get_field(name)
    assert isinstance(column, models.Field)
    return column


@dataclass(frozen=True)
class Setting:
    """One column of the authority: what it changes, whom it touches, and how its value is said."""

    field: str
    changes: str
    touches: Callable[[Actor], str]
    words: Callable[[Any], str] = str

    @property
    def label(self) -> str:
        return str(column_of(self.field).verbose_name)


@dataclass(frozen=True)
class Group:
    key: str
    title: str
    about: str
    settings: tuple[Setting, ...]


def _people(actor: Actor, *roles: str) -> int:
    """How many people hold a live post in one of these roles, or in any."""
    posts = Post.objects.filter(authority_id=actor.authority).live(actor.today)
    if roles:
        posts = posts.filter(role__in=roles)
    return posts.values("account").distinct().count()


def everyone(actor: Actor) -> str:
    return f"Everyone who signs in here: {count_of(_people(actor), 'person', 'people')}."


def keepers(actor: Actor) -> str:
    count = _people(actor, *LEADS, Role.VS_OFFICER)
    return f"{count_of(count, 'head or adviser', 'heads and advisers')} of the virtual school."


def keepers_of_people(actor: Actor) -> str:
    count = _people(actor, *Can.KEEP_POSTS.roles)
    return f"{count_of(count, 'person invites', 'people invite')} others here."


def advisers(actor: Actor) -> str:
    return f"{count_of(_people(actor, Role.VS_OFFICER), 'adviser')} of the virtual school."


def reviewers(actor: Actor) -> str:
    count = _people(actor, *LEADS, Role.IG)
    return f"Looks of everyone are watched. {count_of(count, 'person', 'people')} review the alerts."


def loaders(actor: Actor) -> str:
    count = _people(actor, *LEADS, Role.DATA_OFFICER)
    return f"{count_of(count, 'person loads', 'people load')} files. What was settled by hand stays as it is."


def exporters(actor: Actor) -> str:
    count = _people(actor, *VIRTUAL_SCHOOL)
    return f"{count_of(count, 'person', 'people')} of the virtual school. What left already stays as it was."


def yes_no(value: bool) -> str:
    return "Yes" if value else "No"


def in_order(value: str) -> str:
    return ", then ".join(SOURCES.get(source, source).lower() for source in value.split(";"))


def or_any(value: str) -> str:
    return ", ".join(value.split()) or "Any domain: no invitation waits"


def or_none(value: str) -> str:
    return value or "The installation’s own address"


GROUPS: dict[str, Group] = {
    group.key: group
    for group in (
        Group(
            "name",
            "Name and colour",
            "How the virtual school is called, at the top of every page and in every message.",
            (
                Setting(
                    "name", "The name before “Virtual School” on pages, and who messages say they are from", everyone
                ),
                Setting("colour", "The bar at the top of every page. White words must be readable on it", everyone),
            ),
        ),
        Group(
            "messages",
            "Messages",
            "From which address the messages of Onroll come, and to which they go without a second person. They never "
            "say anything about a child.",
            (
                Setting(
                    "mail_address",
                    "The sender of invitations, password links and alerts that are sent from now on",
                    everyone,
                    or_none,
                ),
                Setting(
                    "mail_domains",
                    "Whether an invitation goes at once or waits for a second person, from now on. Posts that people "
                    "hold already stay",
                    keepers_of_people,
                    or_any,
                ),
            ),
        ),
        Group(
            "signing-in",
            "Signing in",
            "How long a sign-in lasts. Words that are being typed when it ends are kept.",
            (
                Setting("idle_minutes", "People who ask for no page for so long sign in again", everyone),
                Setting("sign_in_hours", "People sign in again after so long, also in the middle of work", everyone),
            ),
        ),
        Group(
            "roll",
            "Who sees and writes",
            "What the virtual school’s own people may see and write. The table of roles says the rest.",
            (
                Setting(
                    "keeps_the_roll",
                    "If yes, the head and advisers may write addresses, carers and SDQ scores",
                    keepers,
                    yes_no,
                ),
                Setting(
                    "advisers_see_all",
                    "If yes, an adviser sees every child of the authority. If no, their own and their team’s",
                    advisers,
                    yes_no,
                ),
            ),
        ),
        Group(
            "sources",
            "Sources",
            "Where two sources disagree on a fact, the record keeps the one that is trusted more.",
            (
                Setting("order_of_trust", "Which source wins in loads from now on, first to last", loaders, in_order),
                Setting("live_from", "Clocks and alerts look only at days from this one on", loaders, str),
            ),
        ),
        Group(
            "schools",
            "Telling schools",
            "How the head teacher and the designated teacher learn that a looked-after child is on their roll.",
            (
                Setting("tell_schools_within", "A school told later than this counts as told late", keepers),
                Setting(
                    "mail_to_schools",
                    "If yes, both get a message when a child comes into care or to the school, from now on",
                    keepers,
                    yes_no,
                ),
            ),
        ),
        Group(
            "watch",
            "Watching the access log",
            "From when on a look at records is unusual enough for an alert. Alerts found already stay.",
            (
                Setting("watch_children_an_hour", "More children than this in an hour raise an alert", reviewers),
                Setting(
                    "watch_times_the_norm", "More than this many times a person’s own norm raise an alert", reviewers
                ),
                Setting("watch_refusals", "So many refused pages in ten minutes raise an alert", reviewers),
                Setting("watch_out_of_hours", "More children than this out of hours raise an alert", reviewers),
                Setting("hours_start", "Looks before this hour are out of hours", reviewers),
                Setting("hours_end", "Looks from this hour on are out of hours", reviewers),
            ),
        ),
        Group(
            "figures",
            "Figures",
            "What is hidden in figures that leave the virtual school, when a figure is near its target, and which "
            "schools are marked.",
            (
                Setting(
                    "small_number_threshold",
                    "Numbers up to this one, and what would give them away, are hidden from readers who may not see "
                    "the children",
                    everyone,
                ),
                Setting("near_points", "Percentages this close below their target are near, not off track", keepers),
                Setting("near_share", "Other figures that miss by no more than this are near, not off track", keepers),
                Setting("children_for_a_project", "Schools with this many children are marked for a project", keepers),
            ),
        ),
        Group(
            "leaving",
            "Lists that leave",
            "From how many children on more is asked of the person who takes a list out.",
            (
                Setting(
                    "export_limit",
                    "With more children than this, sensitive facts take a fresh second step, and restricted ones "
                    "a second person",
                    exporters,
                ),
            ),
        ),
    )
}

# Columns that nobody sets on a page, and why.
NOT_SET_HERE = {
    "id": "the database’s own",
    "public_id": "the database’s own",
    "code": "the national list’s",
    "region": "the national list’s",
    "demonstration": "a real authority never becomes a demonstration, nor the other way round",
}


@dataclass(frozen=True)
class Changed:
    """One setting that would be saved with another value."""

    setting: Setting
    before: str
    after: str
    touches: str


def changes(authority: Authority, group: Group, values: dict[str, Any], actor: Actor) -> list[Changed]:
    """What saving these values would change, in words."""
    found = []
    for setting in group.settings:
        before, after = getattr(authority, setting.field), values[setting.field]
        if before != after:
            found.append(Changed(setting, setting.words(before), setting.words(after), setting.touches(actor)))
    return found


def save_settings(authority: Authority, group: Group, values: dict[str, Any], *, actor: Actor) -> None:
    """Save the values of one group."""
    if authority.pk != actor.authority:
        raise Refused("This authority is not yours.")
    fields = [setting.field for setting in group.settings]
    with change("authority.settings_changed", actor=actor) as this:
        for field in fields:
            setattr(authority, field, values[field])
        this.save(authority, fields)
