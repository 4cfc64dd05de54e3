"""Turns a signed-in account and a chosen post into the actor of a request."""

from dataclasses import replace
from datetime import date

from onroll.access import scope
from onroll.access.actors import Actor
from onroll.access.models import Account

from .models import Post


def live_posts(account: Account, *, on: date) -> list[Post]:
    """The posts this person holds on this day, of every authority, in an order that does not change.

    A post leads to a team or to a school, which may be its authority's own: those are read in its scope.
    """
    with scope.finding_posts(account.pk):
        held = Post.objects.filter(account=account).live(on)
        authorities = sorted(set(held.values_list("authority_id", flat=True)))
    found: list[Post] = []
    for authority in authorities:
        with scope.in_authority(authority):
            found += held.filter(authority=authority).select_related("authority", "account", "school", "team")
    return sorted(found, key=lambda post: post.pk)


def actor_for(post: Post, *, today: date) -> Actor:
    """The holder of this post, acting in it today."""
    return Actor(
        authority=post.authority_id,
        role=post.role,
        today=today,
        name=post.account.name,
        account=post.account_id,
        post=post.pk,
        team=post.team_id,
        school=post.school_id,
        keeps_the_roll=post.authority.keeps_the_roll,
        advisers_see_all=post.authority.advisers_see_all,
        authority_code=post.authority.code,
        authority_name=post.authority.name,
        idle_minutes=post.authority.idle_minutes,
        sign_in_hours=post.authority.sign_in_hours,
        demonstration=post.authority.demonstration,
    )


def find_actor(account: Account, post: int | None, today: date) -> Actor | None:
    """The account's actor in the chosen post, without a choice in the first it holds. None when it holds none today."""
    if not account.is_active:
        return None
    with scope.finding_posts(account.pk):
        posts = Post.objects.filter(account_id=account.pk).live(today)
        posts = posts.select_related("authority", "account").order_by("id")
        found = (posts.filter(pk=post) if post else posts).first()
    return actor_for(found, today=today) if found else None


def actors_of(account: Account, today: date) -> list[Actor]:
    """Everyone this account can act as today, an actor for each post it holds, which also names its school."""
    if not account.is_active:
        return []
    posts = live_posts(account, on=today)
    return [
        replace(actor_for(post, today=today), school_name=post.school.name if post.school else "") for post in posts
    ]
