"""Auditing plans: the sample of a month, the ticks of who reads a plan, the grade that follows, and where it goes.

A grade is never typed. What the record decides, the auditor changes only with a reason, which is kept; the rest is
theirs to tick. A second marker's audit is a row of its own and leaves the plan's grade as the first marker set it.
Where the two differ they agree a grade, and both that they gave stay; the head may set a grade aside with a reason.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Q

from onroll.access.actors import Actor
from onroll.access.roles import DESIGNATED_TEACHERS, LEADS, Role
from onroll.access.sections import Section
from onroll.children.contradictions import Refused, refuse_if, why_not_write
from onroll.children.models import Allocation, SchoolPlace
from onroll.children.records import holds_on
from onroll.history.changes import change, verb
from onroll.people.models import Post

from .actions import LEAST_REASON
from .audit import sampling
from .audit.facts import Facts
from .audit.providers import as_read_by, facts_of_plan
from .audit.rubric_files import declared
from .audit.rubrics import (
    Criterion,
    Grade,
    Need,
    Rubric,
    criteria_of,
    grades_of,
    overall,
    still_needs,
    ticks_from_data,
)
from .candidates import Candidates, audited_before, candidates_of, counts_of, settings_of_sample
from .clock import Form
from .holding import at_once
from .models import Pep, PepAudit, PepSettings, PepTarget
from .workflow import THE_VIRTUAL_SCHOOL, Act, State
from .writing import Writing

verb("pep.audited", "{actor} audited a PEP")
verb("pep.grade_agreed", "{actor} settled the grade of an audited PEP")
verb("pep.audit_filed", "{actor} filed the audit of a PEP on the social care record")

LONGEST = 2000
BY_HAND = "Taken into the audit by hand."


# Marking


@dataclass(frozen=True)
class Marking:
    """A plan beside its rubric: the criteria that apply to it, and what the record says of their ticks."""

    rubric: Rubric
    phase: Form
    facts: Facts

    @classmethod
    def of(cls, writing: Writing) -> "Marking":
        """The plan as its auditor marks it."""
        return cls(declared().rubrics[writing.settings.rubric], Form(writing.pep.form), facts_of_plan(writing))

    @classmethod
    def for_its_writer(cls, writing: Writing) -> "Marking":
        """The plan as who writes it checks it: with no fact of a part of the record that they do not read."""
        own = cls.of(writing)
        return cls(own.rubric, own.phase, as_read_by(own.facts, writing.actor))

    @cached_property
    def criteria(self) -> tuple[Criterion, ...]:
        return criteria_of(self.rubric, self.phase, self.facts)

    @cached_property
    def from_data(self) -> dict[str, bool]:
        """The ticks that the record decides, made or not."""
        said = ticks_from_data(self.criteria, self.phase, self.facts)
        return {key: made for key, made in said.items() if made is not None}

    def made(self, ticked: Collection[str], changed: Collection[str] = ()) -> frozenset[str]:
        """The ticks that are made: what the record says, and of the others what a person ticked.

        `changed`: those that the auditor made or took away against the record, for which there is a reason.
        """
        asked = {tick.key for each in self.criteria for tick in each.ticks}
        by_person = {key for key in ticked if key in asked and key not in self.from_data}
        return frozenset(by_person | {key for key, made in self.from_data.items() if made != (key in changed)})

    def grades(self, made: Collection[str]) -> dict[str, Grade]:
        return grades_of(self.criteria, made)

    def overall(self, made: Collection[str]) -> Grade:
        found = overall(self.rubric, self.grades(made), self.criteria)
        # Every criterion that applies has a grade, and a rubric has some that every plan has.
        assert found is not None
        return found

    def next_need(self, criterion: Criterion, made: Collection[str]) -> Need | None:
        """What the next better grade of a criterion still needs. None: it has the best."""
        return next(iter(still_needs(criterion, made)), None)


def current_audit(pep: Pep, *, second: bool = False) -> PepAudit | None:
    """The audit of the plan as it now stands: one that ended before the plan was last returned was of an older text."""
    found = PepAudit.unscoped.filter(pep=pep, second=second).order_by("-pk").first()
    if found is not None and found.audited_on and pep.returned_on and found.audited_on <= pep.returned_on:
        return None
    return found


def mine_to_mark(pep: Pep, *, actor: Actor) -> PepAudit | None:
    """The audit that this person marks: the first where nobody else has, else the second marker's, else none.

    An audit stays its marker's to change until the plan leaves the audit. Not saved yet, where the plan was taken in by
    hand.
    """
    if why_not_audit(pep, actor=actor):
        return None
    first, second = current_audit(pep), current_audit(pep, second=True)
    if first is not None and first.agreed_grade:
        # What was agreed rests on both audits as they were.
        return None
    if pep.state == State.IN_AUDIT:
        if first is None:
            keys = {"authority_id": pep.authority_id, "child_id": pep.child_id, "pep": pep}
            return PepAudit(**keys, drawn_on=actor.today, why_drawn=BY_HAND)
        if _is_free_for(first, actor):
            return first
    by_another = first is not None and first.audited_on is not None and not _is_free_for(first, actor)
    return second if second is not None and by_another and _is_free_for(second, actor) else None


def _is_free_for(audit: PepAudit, actor: Actor) -> bool:
    return audit.audited_on is None or audit.auditor_id == actor.account


def why_not_audit(pep: Pep, *, actor: Actor) -> str:
    """Why this actor can't audit the plan as it stands."""
    if reason := why_not_write(pep.child, Section.PEP, actor=actor):
        return reason
    if actor.role not in THE_VIRTUAL_SCHOOL:
        return "Plans are audited by the virtual school."
    # The second marker may come after the plan was signed off.
    if pep.state not in (State.IN_AUDIT, State.SIGNED_OFF):
        return f"The plan is {pep.get_state_display().lower()} now. It is audited once it is drawn."
    return ""


def audit_plan(
    writing: Writing,
    *,
    ticks: Collection[str],
    strong: str = "",
    to_do: str = "",
    feedback: Mapping[str, str] | None = None,
    pp_use_appropriate: str = "",
    changed: Mapping[str, str] | None = None,
    targets: Mapping[str, tuple[str, str]] | None = None,
) -> PepAudit:
    """Keep the ticks of an audit with the grades that follow from them. `feedback`: words to the writer by criterion;
    `changed`: ticks against what the record says, each with the reason; `targets`: for each target, by its key, the
    grade of the rubric's scale and a note.

    A first marker's grades become the plan's and its targets'. The result is from then on before those who work with
    the child: for each of reviewing officer, designated teacher and social worker that the child has, the day is kept.
    Raises Refused at a tick against the record without a reason.
    """
    pep, actor = writing.pep, writing.actor
    refuse_if(why_not_audit(pep, actor=actor))
    audit = mine_to_mark(pep, actor=actor)
    if audit is None:
        raise Refused("The plan is audited already. It is marked twice only where it was drawn for that.")
    marking = Marking.of(writing)
    against = {key: why.strip() for key, why in (changed or {}).items() if key in marking.from_data}
    refuse_if(next((why_not_against(why) for why in against.values() if why_not_against(why)), ""))
    made = marking.made(ticks, against)
    said = {key: words.strip() for key, words in (feedback or {}).items() if words.strip()}
    audit.auditor_id, audit.auditor_name, audit.audited_on = actor.account, actor.name, actor.today
    audit.rubric, audit.rubric_version = marking.rubric.key, declared().version
    audit.ticks, audit.changed_ticks = sorted(made), against
    graded = _graded_targets(marking.rubric, writing.known.targets, targets or {})
    audit.target_grades = {target.key: {"grade": grade.key, "note": note} for target, grade, note in graded}
    audit.grades = {key: grade.key for key, grade in marking.grades(made).items()}
    audit.grade = marking.overall(made).national.value
    audit.strong, audit.to_do = strong.strip(), to_do.strip()
    audit.feedback = {each.key: said[each.key] for each in marking.criteria if each.key in said}
    audit.pp_use_appropriate = pp_use_appropriate
    _made_known(audit, actor.today)
    if not audit.second:
        pep.grade = audit.grade
    with change("pep.audited", actor=actor, child=pep.child) as this:
        this.save(audit)
        if not audit.second:
            this.save(pep, ["grade"])
            for target, grade, _ in graded:
                target.audit_grade = grade.national.value
                this.save(target, ["audit_grade"])
    return audit


def why_not_against(why: str) -> str:
    """Why a tick can't stand against the record: nobody says why."""
    if len(why) >= LEAST_REASON:
        return ""
    return f"Say in {LEAST_REASON} characters or more why it is not as the record has it."


def _graded_targets(
    rubric: Rubric, targets: Iterable[PepTarget], given: Mapping[str, tuple[str, str]]
) -> list[tuple[PepTarget, Grade, str]]:
    """The targets of the plan that were graded, with the grade of the scale and the note."""
    grades = {grade.key: grade for grade in rubric.scale}
    return [
        (target, grades[given[target.key][0]], given[target.key][1].strip())
        for target in targets
        if target.key in given and given[target.key][0] in grades
    ]


def _made_known(audit: PepAudit, today: date) -> None:
    """Keep the day for each of those who are there to read the result in the product."""
    held = Allocation.unscoped.filter(holds_on(today), child=audit.child_id, account__is_active=True)
    roles = set(held.filter(role__in=(Role.IRO, Role.SOCIAL_WORKER)).values_list("role", flat=True))
    place = SchoolPlace.unscoped.filter(holds_on(today), child=audit.child_id, kind=SchoolPlace.Kind.MAIN)
    teachers = Post.objects.live(today).filter(
        authority=audit.authority_id, role__in=DESIGNATED_TEACHERS, school__in=place.values("school")
    )
    audit.iro_sent_on = today if Role.IRO in roles else None
    audit.sw_sent_on = today if Role.SOCIAL_WORKER in roles else None
    audit.dt_sent_on = today if teachers.exists() else None


# Agreeing a grade


def why_not_agree(pep: Pep, *, actor: Actor) -> str:
    """Why this actor can't settle the plan's grade. Where no two differ, it is a head's to set it aside."""
    if reason := why_not_audit(pep, actor=actor):
        return reason
    first, second = current_audit(pep), current_audit(pep, second=True)
    if first is None or first.audited_on is None:
        return "The plan is not audited yet."
    if second is not None and second.audited_on is None:
        return "The second marker has not marked it yet."
    differ = second is not None and second.grade != first.grade
    if not differ and actor.role not in LEADS:
        return "There are no two grades to settle. A grade alone is set aside by the virtual school head."
    return ""


def agree_grade(pep: Pep, grade: str, why: str, *, actor: Actor) -> PepAudit:
    """Settle the plan's grade, with the reason. `grade`: of the scale by which it was audited. What the markers gave
    stays, so how far two markers agree stays what it was. A result that was filed with another grade is filed again.
    """
    refuse_if(why_not_agree(pep, actor=actor))
    audit = current_audit(pep)
    assert audit is not None
    rubric = declared().rubrics.get(audit.rubric)
    found = next((each for each in rubric.scale if each.key == grade), None) if rubric else None
    if found is None:
        raise Refused("Choose a grade of the scale by which the plan was audited.")
    words = why.strip()
    refuse_if("" if len(words) >= LEAST_REASON else f"Give the reason in {LEAST_REASON} characters or more.")
    with at_once("pep.grade_agreed", pep, actor=actor, reason=words) as this:
        refuse_if(why_not_agree(pep, actor=actor))
        if found.national.value != pep.grade:
            audit.filed_on_case_record = None
        audit.agreed_grade, audit.agreed_why, audit.agreed_on = found.national.value, words, actor.today
        audit.agreed_by_id, audit.agreed_by_name = actor.account, actor.name
        pep.grade = audit.agreed_grade
        this.save(audit)
        this.save(pep, ["grade"])
    return audit


# Filing

FILERS = (*THE_VIRTUAL_SCHOOL, Role.VS_ADMIN)


def why_not_file(pep: Pep, *, actor: Actor) -> str:
    """Why this actor can't say that the plan's audit is filed. Practice support files what they do not read."""
    if actor.role not in FILERS:
        return "The virtual school files an audit once it is done."
    if pep.child.authority_id != actor.authority or pep.child.merged_into_id is not None:
        return "This record belongs to another authority, or was joined to another."
    return ""


def file_audits(peps: Iterable[Pep], *, actor: Actor) -> int:
    """Say that the results of these plans were filed on the children's social care records: of both markers, where
    there were two. Returns of how many plans; of one whose audit is filed or not done nothing is said.
    """
    filed = 0
    for pep in peps:
        refuse_if(why_not_file(pep, actor=actor))
        with change("pep.audit_filed", actor=actor, child=pep.child) as this:
            rows = PepAudit.unscoped.select_for_update().filter(to_file(), pep=pep)
            done = list(rows.order_by("pk"))
            for audit in done:
                audit.filed_on_case_record = True
            this.bulk_update(PepAudit, done, ["filed_on_case_record"])
            filed += bool(done)
    return filed


def to_file() -> Q:
    """Audits that are done and not on the social care record."""
    return Q(audited_on__isnull=False) & (Q(filed_on_case_record__isnull=True) | Q(filed_on_case_record=False))


# The sample


def draw_sample(authority: int, month: date, *, actor: Actor) -> int:
    """Draw the plans to audit of those handed in in a month, given by its first day. Returns how many.

    Who draws again within the month gets what is missing to its size by then. Raises Refused where nothing is left to
    draw.
    """
    if actor.role not in THE_VIRTUAL_SCHOOL or actor.authority != authority:
        raise Refused("The sample is drawn by the virtual school.")
    held, settings = candidates_of(actor, month), PepSettings.of(authority)
    refuse_if(why_not_draw(held, settings))
    rules = settings_of_sample(settings)
    size = _missing(held, settings)
    # So many are drawn as are still missing, by the same rules.
    rest = rules if sampling.Strategy.ALL in rules.strategies else sampling.of_size(rules, size)
    seed = seed_of(authority, month)
    picks = sampling.sample(held.waiting, rest, seed=seed, audited=audited_before(actor, month))
    twice = sampling.marked_twice(
        [pick.candidate.key for pick in picks], seed=seed, share=sampling.per_cent(settings.second_share)
    )
    return sum(_draw(held.peps[p.candidate.key], p.reason, p.candidate.key in twice, actor=actor) for p in picks)


def why_not_draw(held: Candidates, settings: PepSettings) -> str:
    """Why there is nothing to draw of these."""
    if not held.waiting:
        return "No plan that was handed in in this month waits to be drawn."
    if _missing(held, settings) <= 0:
        return "The sample of this month is drawn. It grows when more plans are handed in."
    return ""


def _missing(held: Candidates, settings: PepSettings) -> int:
    """How many plans the sample lacks to its size, which is that of all handed in, whatever became of them since."""
    size = sampling.size_of(held.handed_in, settings_of_sample(settings))
    return min(size - held.drawn, len(held.waiting))


def sample_is_full(actor: Actor, month: date, settings: PepSettings) -> bool:
    """Whether as many plans of a month are drawn as the settings ask of those handed in in it. Two queries."""
    handed_in, drawn = counts_of(actor, month)
    return drawn >= sampling.size_of(handed_in, settings_of_sample(settings))


def seed_of(authority: int, month: date) -> str:
    """What the draw of a month can be repeated with."""
    return f"{authority} {month:%Y-%m}"


def _draw(pep: Pep, why: str, twice: bool, *, actor: Actor) -> bool:
    """Take one plan into the audit. Not where somebody else did something with it since it was looked at."""
    with change(Act.DRAW.verb, actor=actor, child=pep.child) as this:
        held = Pep.unscoped.select_for_update().filter(pk=pep.pk, state=State.SUBMITTED).first()
        if held is None:
            return False
        held.state = State.IN_AUDIT
        this.save(held, ["state"])
        keys = {"authority_id": pep.authority_id, "child_id": pep.child_id, "pep": held}
        for second in _marks(twice):
            this.create(PepAudit(**keys, second=second, drawn_on=actor.today, why_drawn=why))
    return True


def _marks(twice: bool) -> Iterable[bool]:
    return (False, True) if twice else (False,)
