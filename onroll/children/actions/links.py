"""What opens a record to people beyond allocations: cover, a partner service's case, a young adult's word."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.models import Account
from onroll.access.roles import MAY_GO_ON, PARTNERS, SCHOOL_STAFF, Role
from onroll.access.sections import Section, cell
from onroll.design.words import day, lower_first
from onroll.history.changes import ThisChange, change, verb
from onroll.people.models import LONGEST_COVER, Cover, Post, SharingAgreement
from onroll.schools.models import School

from ..contradictions import called, refuse_if, start_of_sentence, why_not_end, why_not_write
from ..models import Allocation, Child, CoverChild, ServiceCase, SettingTold, YoungAdultAgreement
from ..visibility import ADULT, reach, years_before
from .saving import keep

verb("agreement.ended", "{actor} recorded the end of a sharing agreement")
verb("cover.given", "{actor} gave cover for their post")
verb("cover.withdrawn", "{actor} withdrew cover for their post")
verb("case.opened", "{actor} opened a case of a partner service with the child")
verb("case.closed", "{actor} closed a case of a partner service with the child")
verb("agreement.young_adult", "{actor} recorded what the young adult agreed to")
verb("agreement.young_adult_withdrawn", "{actor} recorded that the young adult withdrew their agreement")
verb("setting.told", "{actor} told a setting of the child's needs")
verb("access.ended", "{actor} ended all access of a person who leaves")


# Cover


def why_not_cover(*, email: str, start: date, end: date, sections: Sequence[str], actor: Actor) -> str:
    """Why the actor can't have this person stand in for them from `start` up to, and not on, `end`."""
    if actor.post is None or actor.cover is not None:
        return "Cover is given by the person who holds the post."
    if start < actor.today:
        return "Cover starts today or later."
    if end <= start:
        return "The last day must be the first day or later."
    if end - start > LONGEST_COVER:
        return f"Cover lasts {LONGEST_COVER.days} days at most. Enter an earlier last day."
    if any(not cell(actor, Section(letter)) for letter in sections):
        return "Choose sections that you see yourself."
    if Account.objects.filter(pk=actor.account, email__iexact=email).exists():
        return "Enter the address of another person."
    return ""


def give_cover(
    *,
    email: str,
    start: date,
    end: date,
    children: Sequence[Child] | None = None,
    sections: Sequence[str] = (),
    reason: str = "",
    actor: Actor,
) -> Cover:
    """Somebody stands in for the actor. `children` None: every child of the post; `sections` empty: all of them.

    Whether the address is known here makes no difference to the answer. Where it is, the person may choose the cover.
    """
    refuse_if(why_not_cover(email=email, start=start, end=end, sections=sections, actor=actor))
    if children is not None:
        own = set(reach(actor).filter(pk__in=[child.pk for child in children]).values_list("pk", flat=True))
        refuse_if("Choose the children." if not children else "")
        refuse_if("" if own == {child.pk for child in children} else "Choose children whose record is open to you.")
    # A child has a name in every page, so the first section is never left out.
    letters = " ".join(dict.fromkeys([Section.BASICS.value, *sections])) if sections else ""
    with change("cover.given", actor=actor) as this:
        cover = this.create(
            Cover(
                authority_id=actor.authority,
                post_id=actor.post,
                email=email.strip().lower(),
                every_child=children is None,
                sections=letters,
                start=start,
                end=end,
                reason=reason,
            )
        )
        rows = [CoverChild(authority_id=actor.authority, child=child, cover=cover) for child in children or ()]
        this.bulk_create(CoverChild, rows)
    return cover


def withdraw_cover(cover: Cover, *, actor: Actor) -> None:
    """The cover ends now: from the next request on it opens nothing."""
    refuse_if("" if cover.post_id == actor.post and actor.cover is None else "This cover is not yours.")
    with change("cover.withdrawn", actor=actor) as this:
        cover.end = max(actor.today, cover.start)
        if cover.start >= actor.today:
            cover.end = cover.start
        this.save(cover)


# Partner services


def why_not_case(child: Child, *, account: Account, service: str, start: date, actor: Actor) -> str:
    """Why a case of this service can't be opened with the child for this person."""
    if not can(actor, Can.OPEN_A_CASE):
        return "Your role does not open cases."
    if service not in PARTNERS:
        return "Choose the service."
    posts = Post.objects.live(max(start, actor.today)).filter(
        authority_id=actor.authority, account=account, role=service
    )
    if not posts.exists():
        return f"{account.name} has no post as {lower_first(Role(service).label)} with an agreement in force."
    open_ones = ServiceCase.unscoped.filter(child=child, account=account, service=service, end__isnull=True)
    if open_ones.exists():
        return f"{account.name} has an open case with {called(child)} already."
    if start < child.birth_date:
        return "The start is before the date of birth."
    return why_not_write(child, Section.PROFESSIONALS, actor=actor)


def open_case(
    child: Child, *, account: Account, service: str, about: str, start: date, actor: Actor, source: str = "person"
) -> ServiceCase:
    """A partner service works with the child from this day: the record opens to this person of it."""
    refuse_if(why_not_case(child, account=account, service=service, start=start, actor=actor))
    keys = {"authority_id": child.authority_id, "child": child, "account": account}
    with change("case.opened", actor=actor, child=child) as this:
        return this.create(ServiceCase(**keys, service=service, about=about, start=start, source=source))


def close_case(case: ServiceCase, *, end: date, actor: Actor) -> None:
    """The case is closed. Five working days later the record is closed to the service too."""
    refuse_if("" if can(actor, Can.OPEN_A_CASE) else "Your role does not close cases.")
    refuse_if(why_not_write(case.child, Section.PROFESSIONALS, actor=actor) or why_not_end(case, end=end))
    with change("case.closed", actor=actor, child=case.child_id) as this:
        case.end = end
        keep(this, case)


# Sharing agreements


def resting_on(agreement: SharingAgreement, *, end: date) -> tuple[list[Post], list[ServiceCase]]:
    """The posts that rest on the agreement and go on to this day, and the open cases of those who hold them.

    A case goes on where its person holds another post in the same service, under another agreement.
    """
    going_on = Q(end__isnull=True) | Q(end__gt=end)
    posts = list(Post.objects.filter(going_on, agreement=agreement).select_related("account").order_by("pk"))
    ending = {(post.account_id, post.role) for post in posts}
    others = Post.objects.live(end).filter(authority_id=agreement.authority_id, role__in=PARTNERS)
    ending -= set(others.exclude(agreement=agreement).values_list("account_id", "role"))
    cases = ServiceCase.unscoped.filter(
        going_on, authority_id=agreement.authority_id, account_id__in=[account for account, _ in ending]
    )
    return posts, [case for case in cases.order_by("pk") if (case.account_id, case.service) in ending]


def why_not_end_agreement(agreement: SharingAgreement, *, end: date, actor: Actor) -> str:
    """Why this agreement can't end on this day."""
    if not can(actor, Can.KEEP_AGREEMENTS) or agreement.authority_id != actor.authority:
        return "Your role does not keep this agreement."
    if agreement.end is not None and agreement.end <= actor.today:
        return f"It ended on {day(agreement.end)}."
    if end < max(agreement.start, actor.today):
        return "The last day is yesterday at the earliest."
    return ""


def end_agreement(agreement: SharingAgreement, *, end: date, actor: Actor) -> None:
    """From this day on the agreement is in force no more: the posts that rest on it end, and their cases."""
    refuse_if(why_not_end_agreement(agreement, end=end, actor=actor))
    with change("agreement.ended", actor=actor) as this:
        posts, cases = resting_on(agreement, end=end)
        for post in posts:
            post.end = max(end, post.start)
            this.save(post)
        for case in cases:
            case.end = max(end, case.start)
            keep(this, case)
        agreement.end = end
        this.save(agreement)


# The young adult's own word


def why_not_agree(
    child: Child, *, school: School | None, account: Account | None, role: str, start: date, actor: Actor
) -> str:
    """Why this agreement can't be recorded."""
    eighteen = years_before(max(start, actor.today), ADULT)
    if child.birth_date > eighteen:
        return f"{start_of_sentence(called(child))} is not 18 yet: until then nobody needs this agreement."
    if (school is None) == (account is None):
        return "Choose a school or college, or a person."
    if account is not None and (role not in MAY_GO_ON or role in SCHOOL_STAFF):
        return "Choose a former carer, a personal adviser or a service that may go on."
    return why_not_write(child, Section.PROFESSIONALS, actor=actor)


def agree(
    child: Child,
    *,
    school: School | None = None,
    account: Account | None = None,
    role: str = "",
    told: str,
    start: date,
    actor: Actor,
) -> YoungAdultAgreement:
    """The young adult says that a school, or a person, goes on seeing the record. `told` is how they said it."""
    refuse_if(why_not_agree(child, school=school, account=account, role=role, start=start, actor=actor))
    refuse_if("" if told.strip() else "Say how the young adult told you.")
    keys = {"authority_id": child.authority_id, "child": child}
    with change("agreement.young_adult", actor=actor, child=child) as this:
        return this.create(YoungAdultAgreement(**keys, school=school, account=account, told=told, start=start))


def withdraw_agreement(agreement: YoungAdultAgreement, *, end: date, actor: Actor) -> None:
    """The young adult takes it back: from this day on the record is closed."""
    refuse_if(why_not_write(agreement.child, Section.PROFESSIONALS, actor=actor) or why_not_end(agreement, end=end))
    with change("agreement.young_adult_withdrawn", actor=actor, child=agreement.child_id) as this:
        agreement.end = end
        keep(this, agreement)


# Telling a setting


def tell_setting(
    child: Child,
    *,
    school: School,
    told_on: date,
    about: Sequence[str],
    to_whom: str,
    text: str,
    why: str,
    actor: Actor,
) -> SettingTold:
    """A setting is told of the child's health, SEN or disability. The school reads `text`, and nothing else of it."""
    refuse_if(why_not_write(child, Section.HEALTH, actor=actor))
    refuse_if("" if about else "Choose what the school is told of.")
    refuse_if("" if told_on <= actor.today else f"{day(told_on)} is still to come. Enter today or an earlier day.")
    keys = {"authority_id": child.authority_id, "child": child, "school": school}
    with change("setting.told", actor=actor, child=child) as this:
        return this.create(
            SettingTold(
                **keys,
                told_on=told_on,
                about=",".join(about),
                to_whom=to_whom,
                text=text,
                why=why,
                told_by_id=actor.account,
            )
        )


# A leaver


def end_all_access(account: Account, *, actor: Actor, successor: Account | None = None) -> dict[str, int]:
    """In one act everything that opens a record of the actor's authority to this person ends today (LNK-4).

    Posts, cover given and received, allocations, cases. Posts in other authorities are those authorities' own to end.
    The allocations go to the successor, in the same roles and for the time that was left of each, where one is named
    who has not got them already. What the person wrote remains.
    """
    refuse_if("" if can(actor, Can.KEEP_POSTS) else "Your role does not end access.")
    today, own = actor.today, {"authority_id": actor.authority}
    with change("access.ended", actor=actor) as this:
        ended = {
            "posts": _end(this, Post.objects.filter(**own, account=account), today),
            "cover": _end(this, Cover.objects.filter(**own, post__account=account), today)
            + _end(this, Cover.objects.filter(**own, email=account.email.lower()), today),
            "cases": _end(this, ServiceCase.unscoped.filter(**own, account=account), today),
        }
        links = Allocation.unscoped.filter(**own, account=account)
        handed = [
            (link.child_id, link.role, link.end)
            for link in links
            if link.start <= today and (link.end is None or link.end > today)
        ]
        ended["allocations"] = _end(this, links, today)
        if successor is not None:
            held = Allocation.unscoped.filter(**own, account=successor, start__lte=today).exclude(end__lte=today)
            has = set(held.values_list("child_id", "role"))
            this.bulk_create(
                Allocation,
                [
                    Allocation(**own, child_id=child, account=successor, role=role, start=today, end=end)
                    for child, role, end in handed
                    if (child, role) not in has
                ],
            )
    return ended


def _end(this: ThisChange, rows: QuerySet[Any], today: date) -> int:
    """End today what goes on. What was still to begin never does."""
    going_on = [row for row in rows if row.end is None or row.end > today]
    for row in going_on:
        row.end = max(today, row.start)
    if going_on:
        this.bulk_update(type(going_on[0]), going_on, ["end"])
    return len(going_on)
