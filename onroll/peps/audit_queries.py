"""Questions about audits: those of a month, how far two markers agree, what is often not good, a team's own grades.

Each is answered in a number of queries that does not grow with the audits. Of persons nothing is said but to the
manager of their team, and of a person's share only from so many audits on.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from onroll.access.actors import Actor
from onroll.access.roles import Role
from onroll.children.models import Allocation
from onroll.people.models import Post

from .audit.rubric_files import declared
from .audit.rubrics import Grade, National
from .audit.sampling import Agreement, agreement
from .candidates import A_YEAR, month_after
from .models import PepAudit

PASSES = (National.GOOD, National.OUTSTANDING)
# A person's share says nothing of fewer.
SHARE_FROM = 5


def sample_of(actor: Actor, month: date) -> list[PepAudit]:
    """The first markers' audits of the plans that were handed in in a month, in the order in which they were drawn."""
    found = PepAudit.visible_to(actor).filter(
        second=False, pep__submitted_on__gte=month, pep__submitted_on__lt=month_after(month)
    )
    return list(found.select_related("pep", "child", "pep__school").order_by("drawn_on", "pk"))


def marked_twice(audits: Sequence[PepAudit]) -> dict[int, str]:
    """Of these audits' plans those that a second person marks, with the grade that they gave; "" while they have not.
    One query.
    """
    rows = PepAudit.unscoped.filter(pep__in=[audit.pep_id for audit in audits], second=True)
    return dict(rows.order_by("pk").values_list("pep_id", "grade"))


def _grade(audit: PepAudit) -> Grade | None:
    rubric = declared().rubrics.get(audit.rubric)
    return next((each for each in rubric.scale if each.national == audit.grade), None) if rubric else None


def agreement_until(actor: Actor, until: date) -> Agreement:
    """How far two markers agreed on the plans that both marked in the twelve months before a day. One query.

    A plan whose markers used two rubrics says nothing.
    """
    done = PepAudit.visible_to(actor).filter(audited_on__gte=until - A_YEAR, audited_on__lt=until).exclude(grade="")
    firsts: dict[int, PepAudit] = {}
    seconds: dict[int, PepAudit] = {}
    for audit in done.order_by("pk"):
        (seconds if audit.second else firsts)[audit.pep_id] = audit
    pairs = []
    for pep, second in seconds.items():
        first = firsts.get(pep)
        if first is not None and first.rubric == second.rubric:
            grades = _grade(first), _grade(second)
            if grades[0] and grades[1]:
                pairs.append((grades[0], grades[1]))
    return agreement(pairs)


@dataclass(frozen=True)
class Theme:
    """A side of the rubric: in how many audits of how many it was below good."""

    title: str
    below: int
    of: int


def themes_of(audits: Sequence[PepAudit]) -> list[Theme]:
    """The sides that were below good, the most often first. Audits that are not done say nothing."""
    below, of = Counter[str](), Counter[str]()
    for audit in audits:
        rubric = declared().rubrics.get(audit.rubric) if audit.audited_on else None
        if rubric is None:
            continue
        grades = {each.key: each for each in rubric.scale}
        for criterion in rubric.criteria:
            grade = grades.get(audit.grades.get(criterion.key, ""))
            if grade is not None:
                of[criterion.title] += 1
                below[criterion.title] += grade.national not in PASSES
    found = [Theme(title, below[title], of[title]) for title in of if below[title]]
    return sorted(found, key=lambda theme: (-theme.below, theme.of, theme.title))


@dataclass(frozen=True)
class OfAWorker:
    """One social worker's audited plans: how many, and how many were good or better. None: too few to say."""

    name: str
    audits: int
    good: int | None


def own_team(actor: Actor) -> list[OfAWorker]:
    """For a team manager: the audits of the last twelve months, by social worker of their own team, by name.

    Nobody else gets anything. Whose a plan is, is who was allocated on the day it was audited. Three queries.
    """
    if actor.role != Role.TEAM_MANAGER or actor.team is None:
        return []
    done = PepAudit.visible_to(actor).filter(second=False, audited_on__gt=actor.today - A_YEAR).exclude(grade="")
    audits = list(done)
    posts = Post.objects.live(actor.today).filter(
        authority_id=actor.authority, team_id=actor.team, role=Role.SOCIAL_WORKER
    )
    names = {post.account_id: post.account.name for post in posts.select_related("account")}
    held = defaultdict(list)
    for each in Allocation.unscoped.filter(
        child__in={audit.child_id for audit in audits}, account__in=names, role=Role.SOCIAL_WORKER
    ):
        held[each.child_id].append(each)
    grades: dict[int, list[str]] = defaultdict(list)
    for audit in audits:
        worker = next((each.account_id for each in held[audit.child_id] if _held(each, audit.audited_on)), None)
        if worker is not None:
            grades[worker].append(audit.grade)
    found = []
    for worker, given in grades.items():
        good = sum(grade in PASSES for grade in given)
        found.append(OfAWorker(names[worker], len(given), good if len(given) >= SHARE_FROM else None))
    return sorted(found, key=lambda each: each.name)


def _held(allocation: Allocation, on: date | None) -> bool:
    return on is not None and allocation.start <= on and (allocation.end is None or allocation.end > on)
