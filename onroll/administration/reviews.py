"""The termly access review: opened with the term, answered post by post, and what nobody confirmed ends (LNK-5)."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Max, Q

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.roles import DESIGNATED_TEACHERS, LEADS, Role
from onroll.authorities.models import CalendarEntry
from onroll.codes.working_days import add_working_days
from onroll.history.changes import change, verb
from onroll.people.actions import Refused, refuse_if
from onroll.people.models import Post

from .models import AccessReview, ReviewedPost

verb("access_review.opened", "{actor} opened the access review of the term")
verb("access_review.answered", "{actor} answered in the access review")
verb("access_review.lapsed", "{actor} ended the posts that nobody had confirmed in the access review")

ANSWER_WITHIN = 20
_ASKED_ABOUT = Q(role__in=DESIGNATED_TEACHERS) | Q(team__isnull=False)


def open_review(*, actor: Actor) -> AccessReview | None:
    """Ask about every designated teacher's post and every post in a team, once in each term of the calendar.

    None outside the terms, and where this term was asked about already. The heads' own posts are not asked about:
    nobody above them could answer, and they are confirmed once a year.
    """
    term = CalendarEntry.objects.filter(
        authority_id=actor.authority, kind=CalendarEntry.Kind.TERM, start__lte=actor.today, end__gt=actor.today
    ).first()
    if term is None:
        return None
    held = AccessReview.objects.filter(authority_id=actor.authority, academic_year=term.academic_year, term=term.term)
    if held.exists():
        return None
    posts = Post.objects.filter(_ASKED_ABOUT, authority_id=actor.authority).exclude(role__in=LEADS).live(actor.today)
    with change("access_review.opened", actor=actor) as this:
        review = this.create(
            AccessReview(
                authority_id=actor.authority,
                academic_year=term.academic_year,
                term=term.term,
                opened_on=actor.today,
                due_on=add_working_days(actor.today, ANSWER_WITHIN),
            )
        )
        this.bulk_create(
            ReviewedPost,
            [ReviewedPost(authority_id=actor.authority, review=review, post=post) for post in posts],
        )
    return review


def rows_of(review: AccessReview, actor: Actor) -> list[ReviewedPost]:
    """The rows that this person may see, schools before teams. A manager sees their own team's."""
    rows = ReviewedPost.objects.filter(authority_id=actor.authority, review=review)
    rows = rows.select_related("post__account", "post__school", "post__team", "answered_by", "review")
    if actor.role == Role.TEAM_MANAGER:
        rows = rows.filter(post__team_id=actor.team).exclude(post__role__in=DESIGNATED_TEACHERS)
    return sorted(rows, key=_in_order)


def _in_order(row: ReviewedPost) -> tuple[bool, str, str, int]:
    post = row.post
    place = post.school.name if post.school else post.team.name if post.team else ""
    return post.role not in DESIGNATED_TEACHERS, place, post.account.family_name, post.pk


def why_not_answer(row: ReviewedPost, *, actor: Actor) -> str:
    """Why this person can't answer for this post. The virtual school answers for schools, a manager for the team."""
    post = row.post
    if not can(actor, Can.REVIEW_ACCESS) or row.authority_id != actor.authority:
        return "Your role does not answer in the access review."
    if row.review.closed_on is not None:
        return "This review is closed."
    if post.account_id == actor.account:
        return "Somebody else answers for your own post."
    if post.end is not None and post.end <= actor.today:
        return "This post has ended."
    if actor.role in LEADS:
        return ""
    if post.role in DESIGNATED_TEACHERS:
        return "The virtual school answers for designated teachers." if actor.role == Role.TEAM_MANAGER else ""
    if actor.role == Role.TEAM_MANAGER and actor.team is not None and post.team_id == actor.team:
        return ""
    return "The manager of the team answers for it, or the virtual school head."


def answer(answers: Iterable[tuple[ReviewedPost, str]], *, actor: Actor) -> int:
    """Keep what was answered, all or nothing. A “no” ends the post today. An answer can be changed while it is open."""
    given = list(answers)
    for row, said in given:
        refuse_if(why_not_answer(row, actor=actor))
        if said not in (ReviewedPost.Answer.YES, ReviewedPost.Answer.NO):
            raise Refused("Answer yes or no.")
    if not given:
        return 0
    with change("access_review.answered", actor=actor) as this:
        for row, said in given:
            row.answer, row.answered_on, row.answered_by_id = said, actor.today, actor.account
            this.save(row)
            if said == ReviewedPost.Answer.NO:
                row.post.end = max(actor.today, row.post.start)
                this.save(row.post, ["end"])
    return len(given)


def lapse(review: AccessReview, *, actor: Actor) -> int:
    """Close a review whose last day is over: what nobody confirmed ends. Answers how many posts ended."""
    if review.closed_on is not None or actor.today <= review.due_on:
        return 0
    rows = list(ReviewedPost.objects.filter(review=review, answer="").select_related("post"))
    with change("access_review.lapsed", actor=actor) as this:
        ended = []
        for row in rows:
            row.answer, row.answered_on = ReviewedPost.Answer.LAPSED, actor.today
            if row.post.end is None or row.post.end > actor.today:
                row.post.end = max(actor.today, row.post.start)
                ended.append(row.post)
        if rows:
            this.bulk_update(ReviewedPost, rows, ["answer", "answered_on"])
        if ended:
            this.bulk_update(Post, ended, ["end"])
        review.closed_on = actor.today
        this.save(review)
    return len(ended)


def daily(*, actor: Actor) -> None:
    """What the background job does for one authority: close what is over, open what is due."""
    for review in AccessReview.objects.filter(authority_id=actor.authority, closed_on__isnull=True):
        lapse(review, actor=actor)
    open_review(actor=actor)


def to_answer(actor: Actor) -> list[ReviewedPost]:
    """What waits for this person's answer now."""
    if not can(actor, Can.REVIEW_ACCESS):
        return []
    review = AccessReview.objects.filter(authority_id=actor.authority, closed_on__isnull=True).order_by("-pk").first()
    if review is None:
        return []
    return [row for row in rows_of(review, actor) if not row.answer and not why_not_answer(row, actor=actor)]


def last_confirmed(actor: Actor, posts: Iterable[Post]) -> dict[int, date]:
    """When each post was last confirmed in a review. One query."""
    keys = [post.pk for post in posts]
    said = ReviewedPost.objects.filter(authority_id=actor.authority, post__in=keys, answer=ReviewedPost.Answer.YES)
    return dict(said.values("post").annotate(last=Max("answered_on")).values_list("post", "last"))
