"""Turns a signed-in account and a chosen post, or cover for one, into the actor of a request."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.db.models import Value

from onroll.access import scope
from onroll.access.actors import COVER, Actor
from onroll.access.models import Account

from .models import Cover, Post


def live_posts(account: Account, *, on: date) -> list[Post]:
    """The posts this person holds on this day, of every authority, in an order that does not change.

    A post leads to a team, to a school or to a sharing agreement, which may be its authority's own: those are read in
    its scope.
    """
    return posts_and_cover(account, on=on)[0]


def posts_and_cover(account: Account, *, on: date) -> tuple[list[Post], list[Cover]]:
    """The posts this person holds on this day, and the cover they may choose in place of one.

    One query for where to look, and one more in each authority for its posts; cover is read where there is any.
    """
    given = Cover.objects.filter(email=account.email.lower(), start__lte=on, end__gt=on)
    with scope.finding_posts(account.pk):
        held = Post.objects.filter(account=account, start__lte=on).exclude(end__lte=on)
        places = [
            each.order_by().annotate(cover=Value(n)).values_list("cover", "authority_id")
            for n, each in enumerate((held, given))
        ]
        where = sorted(set(places[0].union(places[1])))
    posts: list[Post] = []
    cover: list[Cover] = []
    for is_cover, authority in where:
        with scope.in_authority(authority):
            if is_cover:
                found = given.live(on).filter(authority=authority).exclude(post__account_id=account.pk)
                cover += found.select_related("post__authority", "post__account", "post__school", "post__team")
            else:
                live = Post.objects.filter(account=account, authority=authority).live(on)
                posts += live.select_related("authority", "account", "school", "team", "agreement")
    posts.sort(key=lambda post: post.pk)
    cover.sort(key=lambda each: each.pk)
    return posts, [each for each in cover if _is_of_their_place(each.post, posts)]


def _is_of_their_place(post: Post, posts: Sequence[Post]) -> bool:
    """Cover never leads to another school or authority (AWK-4). Who holds no post at all may stand in anywhere."""
    return not posts or any(own.authority_id == post.authority_id and own.school_id == post.school_id for own in posts)


def actor_for(post: Post, *, today: date, posts: Sequence[Post] = (), has_cover: bool = False) -> Actor:
    """The holder of this post, acting in it today. `posts` are all the live posts of the person."""
    beside = [
        (other.authority_id, other.pk)
        for other in posts
        if post.school_id is not None and other.school_id == post.school_id and other.authority_id != post.authority_id
    ]
    return Actor(
        authority=post.authority_id,
        role=post.role,
        today=today,
        name=post.account.name,
        account=post.account_id,
        post=post.pk,
        team=post.team_id,
        school=post.school_id,
        school_name=post.school.name if post.school else "",
        keeps_the_roll=post.authority.keeps_the_roll,
        advisers_see_all=post.authority.advisers_see_all,
        authority_code=post.authority.code,
        authority_name=post.authority.name,
        idle_minutes=post.authority.idle_minutes,
        sign_in_hours=post.authority.sign_in_hours,
        demonstration=post.authority.demonstration,
        several=len(posts) > 1 or has_cover,
        beside=tuple(beside),
    )


def actor_in_cover(cover: Cover, account: Account, *, today: date) -> Actor:
    """This person, standing in for the holder of a post: their own name, the other's post and links."""
    giver = actor_for(cover.post, today=today)
    return replace(
        giver,
        name=account.name,
        account=account.pk,
        behalf_of=giver.account,
        behalf_of_name=giver.name,
        cover=cover.pk,
        only_sections=cover.only_sections,
        several=True,
    )


def find_actor(account: Account, chosen: int | str | None, today: date) -> Actor | None:
    """The account's actor in the chosen post or cover, without a choice in the first it holds.

    None when it holds none today, or no longer what was chosen.
    """
    if not account.is_active:
        return None
    posts, covers = posts_and_cover(account, on=today)
    if chosen is None and posts:
        chosen = posts[0].pk
    elif chosen is None and covers:
        chosen = f"{COVER}{covers[0].pk}"
    for post in posts:
        if post.pk == chosen:
            return actor_for(post, today=today, posts=posts, has_cover=bool(covers))
    for cover in covers:
        if f"{COVER}{cover.pk}" == chosen:
            return actor_in_cover(cover, account, today=today)
    return None


def actors_of(account: Account, today: date) -> list[Actor]:
    """Everyone this account can act as today, an actor for each post it holds, which also names its school."""
    return [actor_for(post, today=today) for post in live_posts(account, on=today)] if account.is_active else []


def works_elsewhere(account: Account, *, than: int) -> bool:
    """Whether this person holds or held a post in an authority other than this one. Never told to anybody."""
    with scope.finding_posts(account.pk):
        return Post.objects.filter(account=account).exclude(authority_id=than).exists()


def actors_beside(actor: Actor) -> list[Actor]:
    """The same person in their posts at the same school for other authorities. No query where there are none."""
    found = []
    for authority, post in actor.beside:
        with scope.in_authority(authority):
            held = Post.objects.filter(pk=post, account_id=actor.account).live(actor.today)
            found += [
                replace(actor_for(each, today=actor.today), several=True, verified_at=actor.verified_at)
                for each in held.select_related("authority", "account", "school")
            ]
    return sorted(found, key=lambda each: (each.authority_name, each.authority))
