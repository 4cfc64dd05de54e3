"""What administrators do with people: invite, invite again, start a reset, correct a contact; and with teams."""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.urls import reverse

from onroll.access import factors, mails
from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.models import Account
from onroll.access.sessions import end_sign_ins
from onroll.access.tokens import invitations, resets
from onroll.authorities.models import Authority, Team
from onroll.history.changes import change, verb
from onroll.people import actions as posts
from onroll.people.actions import give_post, refuse_if
from onroll.people.models import Post, SharingAgreement
from onroll.people.posts import works_elsewhere
from onroll.schools.models import School

verb("person.invited", "{actor} invited a person and gave them a post")
verb("person.invited_again", "{actor} sent an invitation again")
verb("person.switched_on", "{actor} switched an account on again")
verb("person.reset", "{actor} started a reset of a person’s sign-in")
verb("person.contact_corrected", "{actor} corrected a person’s contact details")
verb("person.address_kept", "{actor} said that an address to which messages came back is right")
verb("team.renamed", "{actor} renamed a team")
verb("post.moved", "{actor} moved a post to another team")


def _refuse_unless_keeper(actor: Actor) -> None:
    refuse_if("" if can(actor, Can.KEEP_POSTS) else "Your role does not keep people and their posts.")


def why_not_email(email: str) -> str:
    """Why this can't be an address. Empty if it can."""
    try:
        validate_email(email)
    except ValidationError:
        return "Enter an e-mail address, like name@example.org"
    return ""


def invite(
    email: str,
    *,
    role: str,
    given_name: str,
    family_name: str,
    start: date,
    end: date | None = None,
    team: Team | None = None,
    school: School | None = None,
    agreement: SharingAgreement | None = None,
    reason: str = "",
    actor: Actor,
) -> Post:
    """The person of this address holds the post and is sent a message about it. An address of no allowed domain is
    sent nothing, and its post opens nothing, until a second person has confirmed it (LNK-E3).

    It looks the same to whoever invites, whether the address was known to the installation or not (TEN-3).
    """
    _refuse_unless_keeper(actor)
    email = email.strip()
    refuse_if(why_not_email(email))
    with change("person.invited", actor=actor, reason=reason) as this:
        account = Account.objects.filter(email__iexact=email).first()
        if account is None:
            account = Account(email=email, given_name=given_name.strip(), family_name=family_name.strip())
            account.set_unusable_password()
            this.create(account)
        refuse_if(why_not_twice(account, role, team=team, school=school, start=start, end=end, actor=actor))
        switch_on(account, actor=actor)
        post = give_post(
            account,
            role,
            start=start,
            end=end,
            team=team,
            school=school,
            agreement=agreement,
            reason=reason,
            actor=actor,
        )
        if not post.waits:
            _ask_in(account, authority=actor.authority)
    return post


def confirm_address(post: Post, *, address: str, actor: Actor) -> None:
    """As the second person say that the address is right: the post counts, and its holder is asked in."""
    with change("person.invited", actor=actor):
        posts.confirm_address(post, address=address, actor=actor)
        _ask_in(post.account, authority=actor.authority)


def keep_address(account: Account, *, actor: Actor) -> None:
    """Say that an address to which messages came back is right after all: messages go there again, the first now."""
    _refuse_unless_keeper(actor)
    refuse_if(_why_not_of_here(account, actor))
    refuse_if("" if account.pk != actor.account else "Somebody else must do this for you.")
    with change("person.address_kept", actor=actor):
        mails.try_again(account.email, authority=actor.authority)
        if not account.has_usable_password():
            _ask_in(account, authority=actor.authority)


def why_not_twice(
    account: Account,
    role: str,
    *,
    team: Team | None,
    school: School | None,
    start: date,
    end: date | None,
    actor: Actor,
) -> str:
    """A person holds a post once at a time."""
    held = Post.objects.filter(authority_id=actor.authority, account=account, role=role, team=team, school=school)
    held = held.filter(Q(end__isnull=True) | Q(end__gt=start))
    if end is not None:
        held = held.filter(start__lt=end)
    return "They hold this post already." if held.exists() else ""


def switch_on(account: Account, *, actor: Actor) -> None:
    """Whose account is off comes back as they came first: by an invitation, with a new second step."""
    if account.is_active:
        return
    with change("person.switched_on", actor=actor) as this:
        account.is_active = True
        this.save(account, ["is_active"])
    _forget_proofs(account)


def _forget_proofs(account: Account) -> None:
    """The password and every second step of this person open nothing any more."""
    account.set_unusable_password()
    # The digest is not part of the recorded history, so this write names no change.
    Account.objects.filter(pk=account.pk).update(password=account.password)
    factors.remove_all(account)
    end_sign_ins(account)


def _ask_in(account: Account, *, authority: int) -> None:
    if account.has_usable_password():
        mails.send("post_given", to=account, authority=authority)
        return
    path = reverse("access:invitation", args=[account.public_id, invitations.make_token(account)])
    mails.send("invitation", to=account, authority=authority, path=path)


def invite_again(account: Account, *, actor: Actor) -> None:
    """Send the message once more: the link of the one before lapses after seven days.

    An account that was switched off because nobody used it is switched on again by it.
    """
    _refuse_unless_keeper(actor)
    if not account.is_active and _goes_on_here(account, actor):
        with change("person.invited_again", actor=actor):
            switch_on(account, actor=actor)
            _ask_in(account, authority=actor.authority)
        return
    refuse_if(_why_not_of_here(account, actor))
    refuse_if(_why_not_sent(account, actor))
    with change("person.invited_again", actor=actor):
        _ask_in(account, authority=actor.authority)


def _why_not_sent(account: Account, actor: Actor) -> str:
    if mails.refused(account.email, authority=actor.authority):
        return "Messages to this address come back. Make sure that it is right first."
    return ""


def start_password_reset(account: Account, *, actor: Actor) -> None:
    """Send the person a link to choose a new password. Nobody chooses it for them (AUT-6)."""
    _refuse_unless_keeper(actor)
    refuse_if(_why_not_of_here(account, actor))
    refuse_if(_why_not_sent(account, actor))
    with change("person.reset", actor=actor):
        if not account.has_usable_password():
            _ask_in(account, authority=actor.authority)
            return
        path = reverse("access:new_password", args=[account.public_id, resets.make_token(account)])
        mails.send("password_reset", to=account, authority=actor.authority, path=path)


def start_factor_reset(account: Account, *, reason: str, actor: Actor) -> None:
    """Remove the second steps of someone who lost theirs, and invite them anew: the proof of the first time (AUT-6).

    The person is told, all their sign-ins end, and the old password opens nothing.
    """
    _refuse_unless_keeper(actor)
    refuse_if(_why_not_of_here(account, actor))
    refuse_if(_why_not_sent(account, actor))
    refuse_if("" if account.pk != actor.account else "Somebody else must do this for you.")
    refuse_if("" if reason.strip() else "Say how you made sure that it is them.")
    with change("person.reset", actor=actor, reason=reason.strip()):
        _forget_proofs(account)
        mails.send("sign_in_reset", to=account, authority=actor.authority)
        _ask_in(account, authority=actor.authority)


def _goes_on_here(account: Account, actor: Actor) -> bool:
    posts = Post.objects.filter(authority_id=actor.authority, account=account, waits=False)
    return posts.filter(Q(end__isnull=True) | Q(end__gt=actor.today)).exists()


def _why_not_of_here(account: Account, actor: Actor) -> str:
    live = Post.objects.filter(authority_id=actor.authority, account=account, account__is_active=True)
    live = live.filter(Q(end__isnull=True) | Q(end__gt=actor.today))
    waits = set(live.values_list("waits", flat=True))
    if waits == {True}:
        return "Their address waits for a second person. Nothing is sent until it is confirmed."
    return "" if waits else "They hold no post here any more. Give them a post first."


def why_not_correct(account: Account, *, actor: Actor) -> str:
    """Why the actor can't correct the contact details. It never says that somebody works for another authority."""
    if not can(actor, Can.KEEP_POSTS):
        return "Your role does not keep people and their posts."
    if account.pk == actor.account or works_elsewhere(account, than=actor.authority):
        return "This person keeps their own contact details, on the page “Your sign-in”."
    return ""


def correct_contact(account: Account, *, given_name: str, family_name: str, phone: str, actor: Actor) -> None:
    """Correct the name or telephone of somebody who works for this authority alone.

    A wrong address is not corrected: to refuse one that has an account would tell that it has. The person changes it
    themselves, or their access ends and they are invited under the right one.
    """
    refuse_if(why_not_correct(account, actor=actor))
    with change("person.contact_corrected", actor=actor) as this:
        account.given_name, account.family_name, account.phone = given_name.strip(), family_name.strip(), phone.strip()
        this.save(account, ["given_name", "family_name", "phone"])


# Teams


def why_not_name(name: str, *, but: Team | None = None, actor: Actor) -> str:
    """Why a team can't be called so."""
    if not name.strip():
        return "Enter the name of the team"
    same = Team.objects.filter(authority_id=actor.authority, name__iexact=name.strip())
    if but is not None:
        same = same.exclude(pk=but.pk)
    return "There is a team of this name already. Choose another name" if same.exists() else ""


def add_team(name: str, *, actor: Actor) -> Team:
    _refuse_unless_keeper(actor)
    refuse_if(why_not_name(name, actor=actor))
    with change("team.added", actor=actor) as this:
        return this.create(Team(authority=Authority(pk=actor.authority), name=name.strip()))


def rename_team(team: Team, name: str, *, actor: Actor) -> None:
    _refuse_unless_keeper(actor)
    refuse_if(why_not_name(name, but=team, actor=actor))
    with change("team.renamed", actor=actor) as this:
        team.name = name.strip()
        this.save(team, ["name"])


def move_post(post: Post, team: Team, *, actor: Actor) -> None:
    """The holder of the post belongs to this team from now on."""
    _refuse_unless_keeper(actor)
    refuse_if("" if {post.authority_id, team.authority_id} == {actor.authority} else "This is not of your authority.")
    with change("post.moved", actor=actor) as this:
        post.team = team
        this.save(post, ["team"])
