"""Pages of the quality audit of one plan: the auditor's, its result for those who read the plan, the writer's check."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from onroll.access.can import Can, can
from onroll.access.sections import may_read
from onroll.children.contradictions import Refused
from onroll.children.record_views.leaking import leak_in, note_leak
from onroll.design.values import Check
from onroll.design.words import count_of, day, lower_first

from .act_views import PepActPage
from .actions import offered
from .audit.rubric_files import declared
from .audit.rubrics import Criterion, Grade, Rubric, Tick
from .audit_actions import (
    Marking,
    agree_grade,
    audit_plan,
    current_audit,
    file_audits,
    mine_to_mark,
    to_file,
    why_not_agree,
)
from .audit_forms import AgreeForm, AuditForm, grades_of_scale
from .audit_printing import changed_words, made_known
from .forms.declarations import Kind, named
from .models import PepAudit
from .section_forms import in_words
from .section_views import WritingPage
from .target_actions import Checker, in_order
from .voice_models import VoiceAnswer
from .workflow import Act
from .writing import NOT_IN_A_BOX

# A tag for each colour that the scales name. The word always stands in it.
TAGS = {"blue": "blue", "gold": "blue", "green": "green", "yellow": "yellow", "amber": "yellow", "red": "red"}
# These have pages of their own in place of boxes.
LISTS = ("targets", "review")


def grade_tag(grade: Grade) -> tuple[str, str]:
    """The words and the colour of a grade's tag."""
    return grade.label, TAGS[grade.colour]


@dataclass(frozen=True)
class ShownTick:
    """A tick as it stands on a page. `by_record`: made or not by the record; `changed`: why the auditor turned it."""

    tick: Tick
    made: bool
    by_record: bool
    changed: str = ""

    @property
    def check(self) -> Check:
        rule = self.tick.rule
        if self.changed:
            return Check(self.tick.words, f"Changed by the auditor: {self.changed}", fine=self.made)
        why = f"{'Found' if self.made else 'Not found'} by rule: {lower_first(rule.words) if rule else ''}"
        return Check(self.tick.words, why, fine=self.made)


@dataclass(frozen=True)
class ShownCriterion:
    """A criterion with its ticks, those of the record and those of the person, and what a better grade still needs."""

    criterion: Criterion
    grade: Grade
    by_record: list[ShownTick]
    by_person: list[ShownTick]
    needs: str
    good: str
    feedback: Any = ""
    against: tuple[Any, ...] = ()

    @property
    def tag(self) -> tuple[str, str]:
        return grade_tag(self.grade)

    @property
    def checks(self) -> list[Check]:
        return [each.check for each in self.by_record]


def shown_criteria(
    marking: Marking,
    made: Collection[str],
    *,
    as_if_seen: bool = False,
    changed: Mapping[str, str] | None = None,
) -> list[ShownCriterion]:
    """The criteria of a plan as they stand with these ticks. `as_if_seen`: what a better grade needs is said as if an
    auditor had seen all that is theirs to see.
    """
    grades = marking.grades(made)
    found = []
    for each in marking.criteria:
        ticks = [
            ShownTick(tick, tick.key in made, tick.key in marking.from_data, (changed or {}).get(tick.key, ""))
            for tick in each.ticks
        ]
        theirs = {tick.tick.key for tick in ticks if not tick.by_record} if as_if_seen else set()
        need = marking.next_need(each, theirs.union(made))
        found.append(
            ShownCriterion(
                criterion=each,
                grade=grades[each.key],
                by_record=[tick for tick in ticks if tick.by_record],
                by_person=[tick for tick in ticks if not tick.by_record],
                needs=need.words if need else "",
                good=_good(marking.rubric, each),
            )
        )
    return found


def _good(rubric: Rubric, criterion: Criterion) -> str:
    """What the criterion looks like at the grade that is exchanged as good, or the lowest that passes."""
    level = next((each for each in criterion.levels if each.grade.national == "good"), None)
    return (level or next(each for each in criterion.levels if each.grade == rubric.passing)).looks_like


class AuditPage(WritingPage):
    """The audit of a plan: for who marks it the plan beside the criteria, for other readers of the plan its result.

    A second marker sees nothing of the first marker's until theirs is kept.
    """

    requires = Can.SEE_CHILD

    def _may_open(self) -> bool:
        return super()._may_open() and may_read(self.actor, self.section)

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        marks = can(self.actor, Can.DECIDE_ON_PEPS)
        mine = mine_to_mark(self.pep, actor=self.actor) if marks else None
        # Who has marked it may look at the result as others read it.
        looks = "result" in self.request.GET and mine is not None and mine.audited_on and not mine.second
        self.audit = None if looks else mine
        self.template_name = "peps/audit.html" if self.audit else "peps/audit_result.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.audit is None:
            return self.show(**self._result())
        marking = Marking.of(self.writing)
        return self.show(**self._marked(marking, self._form(marking)))

    def _form(self, marking: Marking, data: Any = None) -> AuditForm:
        assert self.audit is not None
        return AuditForm(marking, self.audit, in_order(self.writing.known.targets), data)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("act") == "file":
            return self._file()
        if self.audit is None:
            raise Http404
        marking = Marking.of(self.writing)
        form = self._form(marking, request.POST)
        if not form.is_valid() or request.POST.get("act") != "keep":
            return self.show(**self._marked(marking, form))
        leak = leak_in(form, self.child, self.actor)
        if not leak.is_settled:
            leak.ask()
            return self.show(**self._marked(marking, form), leak=leak)
        try:
            kept = audit_plan(
                self.writing,
                ticks=form.ticked,
                strong=form.cleaned_data["strong"],
                to_do=form.cleaned_data["to_do"],
                feedback=form.feedback(),
                pp_use_appropriate=form.cleaned_data["pp_use_appropriate"],
                changed=form.against(),
                targets=form.of_targets(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.show(**self._marked(marking, form))
        note_leak(leak, self.child, where="Audit of the PEP", actor=self.actor)
        grade = lower_first(marking.overall(kept.ticks).label)
        messages.success(request, f"The audit is kept. The grade from its ticks is {grade}.")
        return HttpResponseRedirect(self.url("peps:audit"))

    def _file(self) -> HttpResponse:
        audit = current_audit(self.pep)
        if audit is None or not can(self.actor, Can.DECIDE_ON_PEPS) or audit.audited_on is None:
            raise Http404
        file_audits([self.pep], actor=self.actor)
        messages.success(self.request, "Written down: the audit is filed on the social care record.")
        return HttpResponseRedirect(self.url("peps:audit"))

    def context(self) -> dict[str, Any]:
        return {**super().context(), "pep": self.pep, "pep_url": self.url("peps:pep"), "leak": None}

    # For the marker

    def _marked(self, marking: Marking, form: AuditForm) -> dict[str, Any]:
        assert self.audit is not None
        against = form.against()
        made = marking.made(form.ticked, against)
        criteria = _with_boxes(shown_criteria(marking, made, changed=against), form)
        asked = {tick.key for each in marking.criteria for tick in each.ticks}
        kept = self.audit.audited_on is not None
        return {
            "form": form,
            "audit": self.audit,
            "criteria": criteria,
            "grade": grade_tag(marking.overall(made)),
            "ticked": f"{len(made & asked)} of {count_of(len(asked), 'tick')}",
            "rubric": marking.rubric,
            "why_drawn": self.audit.why_drawn,
            "plan": self._plan(),
            "targets": [(*each, *form.target_fields(each[0])) for each in self._targets()],
            "reviews": in_order(self.writing.known.to_review),
            "voice": list(VoiceAnswer.shared_with(self.child, self.actor).filter(pep=self.pep)),
            "next": self._next() if kept and not self.audit.second else [],
            "to": _made_known_words(self.audit) if kept else [],
        }

    def _plan(self) -> list[tuple[str, list[tuple[str, list[str]]]]]:
        """The plan's text: each section that this reader reads, with what is answered in it."""
        found = []
        for each in self.writing.shown:
            said = [(line.words, words) for line in self.writing.lines(each) if (words := self._said(line))]
            if said and each.section.key != "audit":
                found.append((named(each.section.title, self.child.first_name), said))
        return found

    def _said(self, line: Any) -> list[str]:
        if line.question.kind is Kind.SHOWN:
            return [self.writing.shown_words(line.question)]
        if line.question.kind in NOT_IN_A_BOX:
            return []
        return in_words(line.question, line.standing.value if line.standing else None)

    def _targets(self) -> list[tuple[Any, list[str]]]:
        checker = Checker.of(self.writing)
        return [
            (target, [said.message for said in checker.check(target)])
            for target in in_order(self.writing.known.targets)
        ]

    def _next(self) -> list[tuple[str, str, str]]:
        """Where the plan goes from here: words, address, and the look of the button."""
        routes = {Act.SIGN_OFF: ("peps:sign_off", ""), Act.RETURN: ("peps:return", "warning")}
        acts = offered(self.pep, self.actor)
        found = [(act.value.button, self.url(route), look) for act, (route, look) in routes.items() if act in acts]
        return [*found, ("See the result", f"{self.url('peps:audit')}?result=1", "")]

    # For readers

    def _result(self) -> dict[str, Any]:
        audit = current_audit(self.pep)
        if audit is None or audit.audited_on is None or audit.rubric not in declared().rubrics:
            return {"audit": None}
        rubric = declared().rubrics[audit.rubric]
        decides = can(self.actor, Can.DECIDE_ON_PEPS)
        second = current_audit(self.pep, second=True)
        agreed = next((each for each in rubric.scale if each.national == audit.agreed_grade), None)
        return {
            "audit": audit,
            "rubric": rubric,
            "grade": grade_tag(agreed or _overall(rubric, audit)),
            "first": grade_tag(_overall(rubric, audit)) if agreed else None,
            "targets": self._graded_targets(rubric, audit),
            "changed": changed_words(rubric, audit),
            "agree": self.url("peps:agree") if decides and not why_not_agree(self.pep, actor=self.actor) else "",
            "criteria": [_row(rubric, each, audit) for each in rubric.criteria if each.key in audit.grades],
            "second": grade_tag(_overall(rubric, second)) if second and second.audited_on else None,
            "to": _made_known_words(audit),
            "may_file": decides and PepAudit.unscoped.filter(to_file(), pep=self.pep).exists(),
            "paper": self.url("exports:audit_paper") if can(self.actor, Can.MAKE_A_COPY) else "",
        }

    def _graded_targets(self, rubric: Rubric, audit: PepAudit) -> list[tuple[str, tuple[str, str], str]]:
        """Each graded target: its text, the tag of its grade, and the note."""
        return [
            (target.text, grade_tag(rubric.grade(said["grade"])), said["note"])
            for target in in_order(self.writing.known.targets)
            if (said := audit.target_grades.get(target.key))
        ]


def _with_boxes(shown: Sequence[ShownCriterion], form: AuditForm) -> list[ShownCriterion]:
    """The criteria with the boxes of who marks: words to the writer, and why the record is wrong. A tick that stands
    under two criteria has its box under the first.
    """
    found, seen = [], set[str]()
    for each in shown:
        keys = [tick.tick.key for tick in each.by_record if tick.tick.key not in seen]
        seen.update(keys)
        boxes = tuple(form.against_field(key) for key in keys)
        found.append(replace(each, feedback=form.feedback_field(each.criterion.key), against=boxes))
    return found


def _overall(rubric: Rubric, audit: PepAudit) -> Grade:
    """The grade of the rubric's own scale. What was graded elsewhere by none of its grades has the lowest."""
    return next((each for each in rubric.scale if each.national == audit.grade), rubric.scale[0])


def _row(rubric: Rubric, criterion: Criterion, audit: PepAudit) -> dict[str, Any]:
    grade = rubric.grade(audit.grades[criterion.key])
    level = next(each for each in criterion.levels if each.grade == grade)
    return {
        "criterion": criterion,
        "tag": grade_tag(grade),
        "looks_like": level.looks_like,
        "feedback": audit.feedback.get(criterion.key, ""),
    }


def _made_known_words(audit: PepAudit) -> list[str]:
    return [f"{who}: {since}" for who, since in made_known(audit)]


class AgreePage(PepActPage):
    """Where two grades of one plan become one, with the reason. Both that were given stay."""

    requires = Can.DECIDE_ON_PEPS
    form_class = AgreeForm
    title = "Settle the grade"
    button = "Keep this grade"
    done = "The grade is settled. Both grades that were given stay on record."
    back_to = "peps:audit"

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        audit = current_audit(self.pep)
        if audit is None or audit.audited_on is None or audit.rubric not in declared().rubrics:
            raise Http404
        self.audit, self.rubric = audit, declared().rubrics[audit.rubric]

    def child_url(self, route: str, *more: Any) -> str:
        if route == self.back_to:
            return reverse(route, args=[self.child.public_id, self.pep.public_id])
        return super().child_url(route, *more)

    def blocked(self) -> str:
        return why_not_agree(self.pep, actor=self.actor)

    def held(self) -> list[str]:
        # Who could still be a second marker is not told the first grade.
        if self.blocked():
            return []
        second = current_audit(self.pep, second=True)
        said = [_given_words(self.rubric, self.audit, "First marker")]
        said += [_given_words(self.rubric, second, "Second marker")] if second else []
        said += [f"Agreed on {day(self.audit.agreed_on)}: {self.audit.agreed_why}"] if self.audit.agreed_on else []
        return said

    def form_options(self) -> dict[str, Any]:
        return {"grades": grades_of_scale(self.rubric)}

    def act(self, form: Any) -> None:
        agree_grade(self.pep, form.cleaned_data["grade"], form.cleaned_data["why"], actor=self.actor)


def _given_words(rubric: Rubric, audit: PepAudit, who: str) -> str:
    name = f", {audit.auditor_name}" if audit.auditor_name else ""
    return f"{who}{name}: {lower_first(_overall(rubric, audit).label)}."


class SelfCheckPage(WritingPage):
    """The auditor's criteria before the plan is sent: what the record already shows, and what is still missing."""

    requires = Can.WRITE_PEPS
    template_name = "peps/self_check.html"

    def _may_open(self) -> bool:
        return super()._may_open() and may_read(self.actor, self.section)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show()

    def context(self) -> dict[str, Any]:
        marking = Marking.for_its_writer(self.writing)
        criteria = shown_criteria(marking, marking.made(()), as_if_seen=True)
        found = [tick for each in criteria for tick in each.by_record]
        return {
            **super().context(),
            "pep": self.pep,
            "pep_url": self.url("peps:pep"),
            "criteria": [(each, self._where(each.criterion)) for each in criteria],
            "there": sum(tick.made for tick in found),
            "found": len(found),
            "rubric": marking.rubric,
        }

    def _where(self, criterion: Criterion) -> list[tuple[str, str]]:
        """The sections in which what is missing is written, as far as this plan has them for this reader."""
        found = []
        for key in criterion.sections:
            section = self.writing.section(key)
            if section is not None:
                title = named(section.section.title, self.child.first_name)
                address = self.url("peps:targets") if key in LISTS else self.url("peps:section", key)
                found.append((title, address))
        return found
