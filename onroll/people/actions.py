"""What is done with posts: given, confirmed, ended. And the agreements on which partner services' posts rest."""

from datetime import date

from django.db.models import Q

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.models import Account
from onroll.access.roles import PARTNERS, SCHOOL_STAFF, Role
from onroll.authorities.models import Team
from onroll.design.words import day, lower_first
from onroll.history.changes import change, verb
from onroll.schools.models import School

from .domains import allowed_domains, as_domains, why_not_domains
from .models import REVIEWED_WITHIN, Post, SchoolDomains, SharingAgreement

verb("post.given", "{actor} gave a post")
verb("post.confirmed", "{actor} confirmed a post")
verb("post.ended", "{actor} ended a post")
verb("post.address_confirmed", "{actor} confirmed the address a post was given to")
verb("post.address_refused", "{actor} refused the address a post was given to")
verb("post.address_changed", "{actor} changed to an address that a second person has to confirm")
verb("school.domains_named", "{actor} named the e-mail domains of a school")
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
    waits = must_wait(account, school=school, actor=actor)
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
                waits=waits,
                asked_by_id=actor.account if waits else None,
            )
        )


def must_wait(account: Account, *, school: School | None, actor: Actor) -> bool:
    """Whether a post given to this person opens nothing until a second person has confirmed their address (LNK-E3).

    Who holds a post here already that waits for nobody was confirmed, or came before the authority had its list.
    """
    if allowed_domains(actor.authority).allow(account.email, school.pk if school else None):
        return False
    held = Post.objects.filter(authority_id=actor.authority, account=account, waits=False)
    return not held.filter(Q(end__isnull=True) | Q(end__gt=actor.today)).exists()


def why_not_second(post: Post, *, actor: Actor) -> str:
    """Why the actor can't be the second person for the address of this post."""
    if not post.waits or (post.end is not None and post.end <= actor.today):
        return "This address waits for nobody any more."
    if post.asked_by_id == actor.account or post.account_id == actor.account:
        return "You asked for this yourself. Somebody else has to confirm it."
    return _why_not_of_the_actor(post, actor)


def confirm_address(post: Post, *, address: str, actor: Actor) -> None:
    """A second person says that this address, as they were shown it, belongs to whom the post is meant for."""
    refuse_if(why_not_second(post, actor=actor))
    refuse_if("" if post.account.email == address else "The address has changed since. Look at it again.")
    with change("post.address_confirmed", actor=actor) as this:
        post.waits = False
        this.save(post, ["waits"])


def refuse_address(post: Post, *, actor: Actor) -> None:
    """The post is over before it opened anything, and nobody was written to."""
    refuse_if(why_not_second(post, actor=actor))
    with change("post.address_refused", actor=actor) as this:
        post.end = max(post.start, actor.today)
        this.save(post, ["end"])


def wait_after_change(account: Account, address: str, *, actor: Actor) -> bool:
    """The person signs in with another address from now on: where it is of no allowed domain their posts wait again.

    In the actor's authority. Answers whether they do.
    """
    posts = waiting_after_change(account, address, actor=actor)
    if not posts:
        return False
    with change("post.address_changed", actor=actor) as this:
        for post in posts:
            post.waits, post.asked_by_id = True, account.pk
            this.save(post, ["waits", "asked_by"])
    return True


def waiting_after_change(account: Account, address: str, *, actor: Actor) -> list[Post]:
    """The posts in the actor's authority that would wait if the person signed in with this address."""
    allowed = allowed_domains(actor.authority)
    held = Post.objects.filter(authority_id=actor.authority, account=account, waits=False)
    held = held.filter(Q(end__isnull=True) | Q(end__gt=actor.today))
    return [post for post in held if not allowed.allow(address, post.school_id)]


def name_domains(school: School, typed: str, *, actor: Actor) -> None:
    """The domains of a school, in the place of those before."""
    refuse_if("" if can(actor, Can.KEEP_POSTS) else "Your role does not keep people and their posts.")
    refuse_if(why_not_domains(typed))
    with change("school.domains_named", actor=actor) as this:
        held = SchoolDomains.objects.filter(authority_id=actor.authority, school=school).first()
        if held is None:
            held = this.create(SchoolDomains(authority_id=actor.authority, school=school))
        held.domains = " ".join(as_domains(typed))
        this.save(held, ["domains"])


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
