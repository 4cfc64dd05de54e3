"""Making an account for a person, with a post, and the link by which they choose a password."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.urls import reverse

from onroll.access.actors import Actor
from onroll.access.models import Account
from onroll.access.roles import PARTNERS, Role
from onroll.administration.actions import switch_on
from onroll.authorities.models import Authority
from onroll.design.words import lower_first
from onroll.history.changes import change, verb
from onroll.people.actions import must_wait
from onroll.people.models import Post
from onroll.schools.models import School

from .installation import Refused

verb("account.invited", "{actor} made an account and gave it a post")


def invite(
    email: str,
    *,
    role: str,
    authority: Authority,
    actor: Actor,
    setting: str | None = None,
    given_name: str = "",
    family_name: str = "",
) -> tuple[Post, str]:
    """The post of the person, from today, and the path of their one-time link. No path where they have a password, nor
    while their address waits for a second person.
    """
    if role not in Role:
        raise Refused(f"There is no role {role}. The roles are: {', '.join(Role.values)}.")
    try:
        validate_email(email)
    except ValidationError:
        raise Refused(f"{email} is not an e-mail address.") from None
    # The numbers of settings are each authority's own: another's may be the same.
    schools = School.objects.filter(Q(authority__isnull=True) | Q(authority=authority))
    school = schools.filter(setting_id=setting).first() if setting else None
    if setting and school is None:
        raise Refused(f"There is no setting {setting} here.")
    if Role(role).at_a_school and school is None:
        raise Refused(f"Name the school of a {Role(role).label.lower()}: --setting ID")
    if role in PARTNERS:
        raise Refused(
            f"The post of the {lower_first(Role(role).label)} rests on a sharing agreement. "
            "Invite an administrator, who signs in, adds the agreement under “Sharing agreements” and invites them."
        )

    account = Account.objects.filter(email__iexact=email).first()
    with change("account.invited", actor=actor) as this:
        if account is None:
            account = Account(email=email.strip(), given_name=given_name, family_name=family_name)
            account.set_unusable_password()
            this.create(account)
        if not account.is_active:
            switch_on(account, actor=actor)
        held = Post.objects.filter(authority=authority, account=account, role=role, school=school)
        post = held.live(actor.today).first() or held.waiting(actor.today).first()
        if post is None:
            post = Post(authority=authority, account=account, role=role, school=school, start=actor.today)
            post.waits = must_wait(account, school=school, actor=actor)
            post.asked_by_id = actor.account if post.waits else None
            this.create(post)
    if post.waits or account.has_usable_password():
        return post, ""
    from onroll.access.views import invitations

    return post, reverse("access:invitation", args=[account.public_id, invitations.make_token(account)])
