"""Pages of targets: those of a plan with what the checker says, one target, and how last term's went."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse

from onroll.access.can import Can
from onroll.access.sections import Section, may_read
from onroll.children.contradictions import Refused
from onroll.design.values import SummaryRow
from onroll.design.words import day, day_short

from .act_views import PepActPage
from .entry_forms import TakeUpForm
from .finishing import finish_section
from .models import MoneyRequest, PepTarget
from .section_views import WritingPage
from .target_actions import (
    Checker,
    bank_for,
    in_order,
    keep_target,
    next_deadline,
    remove_target,
    review_target,
    why_not_write,
)
from .target_forms import ReviewTargetForm, TargetForm
from .voice.reading import feeding
from .writing import Writing

# What a young person can say for their targets: which there should be, how the last ones went, what money would help.
FED = ("target_list", "target[].from_voice", "target[].own_words", "review[].evidence", "request[].what")


class TargetsPage(WritingPage):
    """The targets of a plan, each as it reads and with what is weak in it."""

    requires = Can.SEE_CHILD
    template_name = "peps/targets.html"

    def _may_open(self) -> bool:
        return super()._may_open() and may_read(self.actor, self.section)

    def context(self) -> dict[str, Any]:
        checker = Checker.of(self.writing)
        requests = {request.target_id: request for request in self._requests()}
        may = not why_not_write(self.writing)
        return {
            **super().context(),
            "pep": self.pep,
            "pep_url": self.url("peps:pep"),
            "may_write": may,
            "targets": [
                {
                    "target": target,
                    "url": self.url("peps:target", target.public_id) if may else "",
                    "rows": _rows(target, requests.get(target.pk)),
                    "found": checker.check(
                        target,
                        money=requests[target.pk].amount if target.pk in requests else 0,
                        money_for=requests[target.pk].buys if target.pk in requests else "",
                    )
                    if may
                    else [],
                }
                for target in in_order(self.writing.known.targets)
            ],
            "plan_found": checker.plan() if may else [],
            "reviews": [
                (target, self.url("peps:review_target", target.public_id) if may else "")
                for target in in_order(self.writing.known.to_review)
            ],
            "before": self.writing.known.before,
            "said": feeding(self.writing.known.said, *FED) if may else [],
        }

    def shown(self) -> str:
        found = self.found()
        said = found is not None and not why_not_write(found) and feeding(found.known.said, *FED)
        return f"{self.section.value},{Section.VIEWS.value}" if said else self.section.value

    def _requests(self) -> list[MoneyRequest]:
        return list(MoneyRequest.of(self.child, self.actor).filter(pep=self.pep, taken_back_on__isnull=True))


def _rows(target: PepTarget, request: MoneyRequest | None) -> list[SummaryRow]:
    """A target as it is read, line by line; what is empty has no line."""
    done = "; ".join(
        words.rstrip(". ") for words in (target.action, target.how_often, target.when, target.where) if words
    )
    lines = [
        ("Starts from", target.baseline),
        ("Seen by", target.success),
        ("What is done", done),
        ("Who", target.owner),
        ("By", day(target.due_on) if target.due_on else ""),
        ("In their own words", target.own_words),
        ("Where it comes from", "What the young person said" if target.from_voice else ""),
        ("Asked for", f"£{request.amount:,.2f} {request.buys}".strip() if request else ""),
    ]
    return [SummaryRow(label, words) for label, words in lines if words]


class _TargetPage(PepActPage):
    """A page on which a target is written."""

    abstract = True
    template_name = "peps/target.html"
    target: PepTarget

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        self.writing = Writing(self.pep, self.actor)
        self.target = self.find(kwargs)

    def find(self, kwargs: Any) -> PepTarget:
        raise NotImplementedError

    def of_plan(self, plan: Any, public_id: Any) -> PepTarget:
        found = PepTarget.of(self.child, self.actor).filter(pep=plan, public_id=public_id).first()
        if found is None:
            raise Http404
        return found

    def blocked(self) -> str:
        return why_not_write(self.writing)

    def show_again(self, form: Any, **context: Any) -> HttpResponse:
        """The form with what was typed. After a clash it carries the version of now, so that it can be kept."""
        now = PepTarget.unscoped.filter(pk=self.target.pk).values_list("version", flat=True).first()
        clash = now is not None and str(now) != str(form.data.get("version") or now)
        if clash:
            form.data = form.data.copy()
            form.data["version"] = str(now)
        return self.show(409 if clash else 200, form=form, **context)

    def where_next(self, form: Any) -> str:
        return reverse("peps:targets", args=[self.child.public_id, self.pep.public_id])

    def child_url(self, route: str, *more: Any) -> str:
        if route == "peps:targets":
            return reverse(route, args=[self.child.public_id, self.pep.public_id])
        return super().child_url(route, *more)

    back_to = "peps:targets"


class TargetPage(_TargetPage):
    """One target, with what the checker says of it as it is written."""

    requires = Can.WRITE_PEPS
    form_class = TargetForm
    title = "Target"
    button = "Keep this target"
    done = "The target is kept."

    def find(self, kwargs: Any) -> PepTarget:
        return self.of_plan(self.pep, kwargs["target"])

    def form_options(self) -> dict[str, Any]:
        return {"approaches": bank_for(self.pep, self.actor.today, self.target.need), "need": self.target.need}

    def initial(self) -> dict[str, Any]:
        target = self.target
        names = [name for name in TargetForm.base_fields if hasattr(target, name) and name != "set_aside"]
        asked = MoneyRequest.unscoped.filter(target=target, taken_back_on__isnull=True).first() if target.pk else None
        return {
            **{name: getattr(target, name) for name in names},
            "amount": asked.amount if asked else None,
            "buys": asked.buys if asked else "",
            "set_aside": next(iter(target.set_aside.values()), ""),
        }

    def act(self, form: TargetForm) -> None:
        keep_target(self.writing, self.target, form.cleaned_data)

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "check_url": reverse("peps:check_target", args=[self.child.public_id, self.pep.public_id]),
            "remove": reverse(
                "peps:remove_target", args=[self.child.public_id, self.pep.public_id, self.target.public_id]
            )
            if self.target.pk
            else "",
            "found": Checker.of(self.writing).check(self.target) if self.target.pk else [],
        }


class NewTargetPage(TargetPage):
    """A new target of the plan."""

    requires = Can.WRITE_PEPS
    title = "New target"

    def find(self, kwargs: Any) -> PepTarget:
        return PepTarget(due_on=next_deadline(self.pep))


class RemoveTargetPage(_TargetPage):
    """A target is taken out of the plan."""

    requires = Can.WRITE_PEPS
    form_class = TakeUpForm
    title = "Take the target out"
    button = "Take it out"
    button_kind = "warning"
    done = "The target is taken out of the plan."
    template_name = "children/act.html"

    def find(self, kwargs: Any) -> PepTarget:
        return self.of_plan(self.pep, kwargs["target"])

    def held(self) -> list[str]:
        return [self.target.text]

    def act(self, form: Any) -> None:
        remove_target(self.writing, self.target)


class ReviewTargetPage(_TargetPage):
    """How one target of the last plan went."""

    requires = Can.WRITE_PEPS
    form_class = ReviewTargetForm
    title = "How did it go?"
    done = "Written down."
    template_name = "children/act.html"

    def find(self, kwargs: Any) -> PepTarget:
        if self.writing.known.before is None:
            raise Http404
        return self.of_plan(self.writing.known.before, kwargs["target"])

    def held(self) -> list[str]:
        due = f" By {day_short(self.target.due_on)}." if self.target.due_on else ""
        start = f" From: {self.target.baseline}." if self.target.baseline else ""
        return [f"{self.target.text}.{start}{due}".replace("..", ".")]

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.target, name) for name in ReviewTargetForm.base_fields}

    def act(self, form: ReviewTargetForm) -> None:
        review_target(self.writing, self.target, form.cleaned_data)


class CheckTargetPage(WritingPage):
    """What the checker says of a target while it is typed. Nothing is kept."""

    requires = Can.WRITE_PEPS
    writes = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(self.url("peps:targets"))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if why_not_write(self.writing):
            raise Http404
        form = TargetForm(request.POST, approaches=bank_for(self.pep, self.actor.today))
        form.is_valid()
        given = {name: form.cleaned_data.get(name) for name in form.fields}
        text_fields = ("text", "baseline", "success", "action", "when", "where", "how_often", "owner", "need")
        target = PepTarget(**{name: given.get(name) or "" for name in text_fields})
        target.due_on, target.kind = given.get("due_on"), given.get("kind") or PepTarget.Span.IN_TERM
        target.area = given.get("area") or PepTarget.Area.OTHER
        found = Checker.of(self.writing).check(
            target, money=given.get("amount") or 0, money_for=given.get("buys") or ""
        )
        return JsonResponse({"found": [{"message": each.message, "severity": each.severity.value} for each in found]})


class FinishTargetsPage(WritingPage):
    """The sections of targets, review and money are said to be finished, where nothing is missing in them."""

    requires = Can.WRITE_PEPS
    writes = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(self.url("peps:targets"))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        said: list[str] = []
        for key in ("review", "targets"):
            if self.writing.section(key) is not None:
                try:
                    said += [each.words for each in finish_section(self.writing, key)]
                except Refused as refusal:
                    said.append(str(refusal))
        if said:
            messages.warning(request, "Not finished yet. " + ". ".join(said[:3]) + ".")
            return HttpResponseRedirect(self.url("peps:targets"))
        messages.success(request, "The targets are finished.")
        return HttpResponseRedirect(self.url("peps:pep"))
