"""What is done with posts: given, confirmed, ended. And the agreements on which partner services' posts rest."""

from datetime import date

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.models import Account
from onroll.access.roles import PARTNERS, SCHOOL_STAFF, Role
from onroll.authorities.models import Team
from onroll.design.words import day, lower_first
from onroll.history.changes import change, verb
from onroll.schools.models import School

from .models import REVIEWED_WITHIN, Post, SharingAgreement

verb("post.given", "{actor} gave a post")
verb("post.confirmed", "{actor} confirmed a post")
verb("post.ended", "{actor} ended a post")
verb("agreement.made", "{actor} recorded a sharing agreement")


class Refused(ValueError):
    """An act that can't be done, with the reason in words to show."""


def refuse_if(reason: str) -> None:
    if reason:
        raise Refused(reason)


def why_not_post(
    role: str, *, school: School | None, agreement: SharingAgreement | None, start: date, review_on: date, actor: Actor
) -> str:
    """Why this post can't be given from this day."""
    if role not in Role:
        return "Choose the role."
    if role in SCHOOL_STAFF and school is None:
        return "Choose the school."
    if role in PARTNERS and (agreement is None or agreement.authority_id != actor.authority):
        return f"Name the sharing agreement on which the post of a {lower_first(Role(role).label)} rests."
    if role in PARTNERS and agreement is not None and not agreement.is_in_force(max(start, actor.today)):
        return f"“{agreement.title}” is not in force on {day(max(start, actor.today))}."
    if review_on > max(start, actor.today) + REVIEWED_WITHIN:
        return "A post is looked at again within twelve months. Enter an earlier day."
    return ""


def give_post(
    account: Account,
    role: str,
    *,
    start: date,
    end: date | None = None,
    review_on: date | None = None,
    team: Team | None = None,
    school: School | None = None,
    agreement: SharingAgreement | None = None,
    reason: str = "",
    source: str = "person",
    actor: Actor,
) -> Post:
    """The person holds this post from the day on, in the actor's authority."""
    review_on = review_on or max(start, actor.today) + REVIEWED_WITHIN
    why = why_not_post(role, school=school, agreement=agreement, start=start, review_on=review_on, actor=actor)
    refuse_if(why or ("" if end is None or end >= start else "The end is before the start."))
    with change("post.given", actor=actor, reason=reason) as this:
        return this.create(
            Post(
                authority_id=actor.authority,
                account=account,
                role=role,
                team=team,
                school=school,
                agreement=agreement,
                start=start,
                end=end,
                review_on=review_on,
                reason=reason,
                source=source,
            )
        )


def confirm_post(post: Post, *, actor: Actor) -> None:
    """Whoever answers for the post says that it is still right: for a year, from today."""
    refuse_if(_why_not_of_the_actor(post, actor) or ("" if post.end is None else "This post has an end already."))
    with change("post.confirmed", actor=actor) as this:
        post.review_on = actor.today + REVIEWED_WITHIN
        this.save(post)


def end_post(post: Post, *, end: date, actor: Actor) -> None:
    """The post ends: from this day on it opens nothing."""
    refuse_if(_why_not_of_the_actor(post, actor) or ("" if end >= post.start else "The end is before the start."))
    with change("post.ended", actor=actor) as this:
        post.end = end
        this.save(post)


def _why_not_of_the_actor(post: Post, actor: Actor) -> str:
    if post.authority_id != actor.authority or not can(actor, Can.KEEP_POSTS):
        return "Your role does not keep this post."
    return ""


def make_agreement(
    *,
    title: str,
    parties: str,
    purpose: str,
    lawful_basis: str,
    start: date,
    end: date | None,
    review_on: date,
    actor: Actor,
) -> SharingAgreement:
    """Record what the authority and a service agreed on sharing."""
    refuse_if("" if can(actor, Can.KEEP_AGREEMENTS) else "Your role does not keep agreements.")
    refuse_if("" if end is None or end > start else "The end must be after the start.")
    with change("agreement.made", actor=actor) as this:
        return this.create(
            SharingAgreement(
                authority_id=actor.authority,
                title=title,
                parties=parties,
                purpose=purpose,
                lawful_basis=lawful_basis,
                start=start,
                end=end,
                review_on=review_on,
            )
        )
