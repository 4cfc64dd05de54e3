"""What is asked of a sharing agreement, and in which post somebody acts."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms

from onroll.design.forms import GovukDateField, GovukForm, Look
from onroll.design.words import day

from .models import Cover, Post


class AgreementForm(GovukForm):
    title = forms.CharField(label="Title", max_length=200, error_messages={"required": "Enter the title"})
    parties = forms.CharField(
        label="Between whom?", max_length=400, error_messages={"required": "Say who made the agreement"}
    )
    purpose = forms.CharField(
        label="What is shared, and what for?",
        max_length=1000,
        widget=forms.Textarea,
        error_messages={"required": "Say what is shared and what for"},
    )
    lawful_basis = forms.CharField(
        label="Lawful basis",
        max_length=400,
        help_text="For example: public task, Children Act 2004, section 10",
        error_messages={"required": "Enter the lawful basis"},
    )
    start = GovukDateField(label="From", asks="the first day of the agreement")
    end = GovukDateField(
        label="Until, if it ends by itself",
        asks="the day the agreement ends",
        required=False,
        help_text="From this day on no post that rests on it opens a record",
    )
    review_on = GovukDateField(label="To be reviewed by", asks="the day of the review")

    looks = {"purpose": Look(rows=3)}


class ChoosePostForm(GovukForm):
    """In which of their posts, or in whose, a person acts."""

    post = forms.ChoiceField(
        label="What are you here to do?",
        widget=forms.RadioSelect,
        help_text="You see what the post you choose lets you see. You can change it at any time, at the top of every "
        "page.",
        error_messages={"required": "Choose what you are here to do"},
    )

    def __init__(self, *args: Any, posts: Sequence[Post], cover: Sequence[Cover], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [(str(post.public_id), _at(post)) for post in posts]
        others = [(str(each.public_id), f"Stand in for {each.post.account.name}: {_at(each.post)}") for each in cover]
        self.fields["post"].choices = [*own, *others]  # type: ignore[attr-defined]
        hints = {str(post.public_id): _of(post, post.end) for post in posts}
        for each in cover:
            words = f"Everything you do is on record as yours, for {each.post.account.name}."
            hints[str(each.public_id)] = f"{_of(each.post, each.end)}. {words}"
        self.looks = {"post": Look(label="xl", heading=True, hints=hints)}


def _at(post: Post) -> str:
    place = post.school.name if post.school else post.team.name if post.team else ""
    return f"{post.get_role_display()}, {place}" if place else str(post.get_role_display())


def _of(post: Post, end: date | None) -> str:
    """Whose post it is, and its last day where it has one."""
    until = f", until {day(end - timedelta(days=1))}" if end else ""
    return f"{post.authority.service_name}{until}"
