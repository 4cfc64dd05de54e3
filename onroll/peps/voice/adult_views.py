"""Pages for the adults around a young person's voice: what was said, a pass, writing down, a concern."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from onroll.access.can import Can, can
from onroll.access.sections import Section, may_read
from onroll.children.contradictions import Refused
from onroll.children.pages import ChildPage, header_of
from onroll.children.record_views.act import ActPage
from onroll.design.words import day, listed
from onroll.documents.views import as_file

from ..models import Pep
from ..printing import one_page
from ..queries import peps_of
from ..voice_models import Concern, VoiceAnswer, VoiceOffer, VoicePass
from ..workflow import State
from ..writing import Writing
from . import concerns, passes, saying
from .adult_forms import DeclinedForm, GivePassForm, OutcomeForm, ReadersForm, ToldForm, WriteDownForm
from .pictures import file_of
from .questions import Variant, variant_for


def pep_of(page: Any, public_id: Any) -> Pep:
    """The plan in the address, found through the child of the page, or it does not exist."""
    found: Pep | None = peps_of(page.child, page.actor).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    found.child = page.child
    return found


def url_of(pep: Pep, route: str, *more: Any) -> str:
    return reverse(route, args=[pep.child.public_id, pep.public_id, *more])


def variant_of(pep: Pep, today: Any) -> Variant:
    """The questions that fit the child of a plan, by age."""
    return variant_for(pep.child.birth_date, early_years=pep.form == Pep.Form.EARLY_YEARS, on=today)


class ViewsPage(ChildPage):
    """What the young person said for one plan, as far as they let this reader see it."""

    requires = Can.SEE_VIEWS
    section = Section.VIEWS
    summary_will_do = True
    template_name = "peps/voice/views.html"

    pep: Pep

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        self.pep = pep_of(self, kwargs["pep"])

    @property
    def reads_all(self) -> bool:
        """Whether the reader is one of the people who help with the plan, who read all but what nobody may read."""
        return may_read(self.actor, Section.VIEWS)

    def context(self) -> dict[str, Any]:
        pep, actor = self.pep, self.actor
        answers = list(VoiceAnswer.shared_with(self.child, actor).filter(pep=pep))
        writes = can(actor, Can.GIVE_A_VOICE_PASS) and not saying.why_not_write_down(pep)
        return {
            **super().context(),
            "header": header_of(self.child, actor, "peps"),
            "pep": pep,
            "back": reverse("peps:pep", args=[self.child.public_id, pep.public_id]) if may_read_plan(actor) else "",
            "answers": [(each, url_of(pep, "peps:voice_share", each.public_id) if writes else "") for each in answers],
            "kept_back": self._kept_back(),
            "offers": list(VoiceOffer.of(self.child, actor).filter(pep=pep).order_by("offered_on")),
            "heard": self.reads_all and saying.declined_twice(pep),
            "reads_all": self.reads_all,
            "acts": self._acts() if writes else [],
            "telling": self._telling(),
            "concerns": [(each, concern_url(each)) for each in self._concerns()],
        }

    def _kept_back(self) -> int:
        """How many answers nobody may read yet. Told to those who would read them, so that they can ask."""
        if not self.reads_all:
            return 0
        kept = VoiceAnswer.unscoped.filter(pep=self.pep, child=self.child)
        return kept.exclude(VoiceAnswer.limited_to(self.actor)).count()

    def _acts(self) -> list[tuple[str, str]]:
        found = [("Write down what they say", url_of(self.pep, "peps:voice_write"))]
        if not passes.why_not_give(self.pep):
            found.insert(0, ("Give them a page of their own", url_of(self.pep, "peps:voice_pass")))
        return [*found, ("They do not want to say anything", url_of(self.pep, "peps:voice_declined"))]

    def _telling(self) -> str:
        """Where they are told what was decided, once it is."""
        tells = can(self.actor, Can.GIVE_A_VOICE_PASS) and self.pep.state == State.SIGNED_OFF
        return url_of(self.pep, "peps:voice_told") if tells else ""

    def _concerns(self) -> list[Concern]:
        if not can(self.actor, Can.SETTLE_CONCERNS):
            return []
        return list(Concern.of(self.child, self.actor).filter(pep=self.pep).order_by("pk"))


class PicturePage(ChildPage):
    """The drawing or photo of one answer, for those who may read the answer."""

    requires = Can.SEE_VIEWS
    section = Section.VIEWS
    summary_will_do = True
    act_shown = "preview"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        pep = pep_of(self, kwargs["pep"])
        shared = VoiceAnswer.shared_with(self.child, self.actor).filter(pep=pep, public_id=kwargs["answer"])
        row = shared.first()
        found = file_of(row) if row is not None else None
        if found is None:
            raise Http404
        version, data = found
        return as_file(data, version.kept_as.mime, name=f"picture.{version.type}")


def may_read_plan(actor: Any) -> bool:
    """Whether the page of the plan opens for this reader."""
    return may_read(actor, Section.PEP)


class _GivePage(ChildPage):
    """A pass for the young person: made here, shown once, told face to face."""

    abstract = True
    section = Section.VIEWS
    summary_will_do = True
    purpose: ClassVar[str]

    pep: Pep

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        self.pep = pep_of(self, kwargs["pep"])

    def context(self) -> dict[str, Any]:
        rows = VoicePass.unscoped.filter(pep=self.pep, child=self.child, purpose=self.purpose, ended_on__isnull=True)
        live = rows.first()
        if live is not None:
            live.pep = self.pep
        return {
            **super().context(),
            "pep": self.pep,
            "back": url_of(self.pep, "peps:voice"),
            "blocked": passes.why_not_give(self.pep, self.purpose),
            "live": live if live is not None and not live.is_over(self.actor.today) else None,
            "given": None,
        }

    def _fitting(self) -> GivePassForm:
        return GivePassForm(initial={"variant": variant_of(self.pep, self.actor.today).value})

    def withdrawn(self) -> HttpResponse:
        passes.withdraw_pass(self.pep, purpose=self.purpose, actor=self.actor)
        messages.success(self.request, "The page is closed. Nobody can open it any more.")
        return HttpResponseRedirect(url_of(self.pep, "peps:voice"))

    def given(self, form: GivePassForm, variant: Variant) -> HttpResponse:
        try:
            given = passes.give_pass(self.pep, variant, purpose=self.purpose, actor=self.actor)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.show(form=form)
        return self.show(form=self._fitting(), given=given, square=passes.square_of(given.link))


class GivePassPage(_GivePage):
    """A page on which the young person says something for the plan."""

    requires = Can.GIVE_A_VOICE_PASS
    purpose = passes.Purpose.SAY
    template_name = "peps/voice/give.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=self._fitting())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("act") == "withdraw":
            return self.withdrawn()
        form = GivePassForm(request.POST)
        return self.given(form, Variant(form.cleaned_data["variant"])) if form.is_valid() else self.show(form=form)


class GivePlanPage(_GivePage):
    """A page on which the young person reads the plan that was agreed, in their words, until the next one opens."""

    requires = Can.GIVE_A_VOICE_PASS
    purpose = passes.Purpose.READ
    template_name = "peps/voice/give_plan.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=self._fitting())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("act") == "withdraw":
            return self.withdrawn()
        return self.given(self._fitting(), variant_of(self.pep, self.actor.today))

    def context(self) -> dict[str, Any]:
        # Who reads plans is told what their page leaves out, because it tells of care, a school or a surname.
        reads = may_read_plan(self.actor) and not passes.why_not_give(self.pep, self.purpose)
        left_out = one_page(Writing(self.pep, self.actor)).left_out if reads else []
        return {**super().context(), "left_out": listed(left_out), "back": url_of(self.pep, "peps:voice_told")}


class VoiceActPage(ActPage):
    """A page of one act on a young person's voice in one plan. Schools and carers act here too."""

    abstract = True
    section = Section.VIEWS
    writes = False
    summary_will_do = True
    back_to: ClassVar[str] = "peps:voice"

    pep: Pep

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        self.pep = pep_of(self, kwargs["pep"])

    def blocked(self) -> str:
        return saying.why_not_write_down(self.pep)

    def child_url(self, route: str, *more: Any) -> str:
        return url_of(self.pep, route) if route == "peps:voice" else super().child_url(route, *more)

    @property
    def variant(self) -> Variant:
        return variant_of(self.pep, self.actor.today)


class WriteDownPage(VoiceActPage):
    """Something the young person said or showed, written down by an adult."""

    requires = Can.GIVE_A_VOICE_PASS
    form_class = WriteDownForm
    title = "Write down what they say"
    done = "Written down, with your name as who wrote it."

    def held(self) -> list[str]:
        return ["What tells you that somebody is not safe is told to the people who can help, the same day."]

    def form_options(self) -> dict[str, Any]:
        return {"variant": self.variant, "today": self.actor.today}

    def act(self, form: Any) -> None:
        typed = form.cleaned_data
        saying.write_down(
            self.pep,
            typed["question"],
            typed["words"],
            variant=self.variant,
            share=typed["share"],
            given=VoiceAnswer.Given(typed["given"]),
            said_on=typed["said_on"],
            actor=self.actor,
        )


class DeclinedPage(VoiceActPage):
    """An offer that the young person declined."""

    requires = Can.GIVE_A_VOICE_PASS
    form_class = DeclinedForm
    title = "They do not want to say anything"
    done = "Written down, in their words."

    def held(self) -> list[str]:
        return [
            "That is their right. Two real offers on two days, with their words, count as heard.",
            "Try another way first: talking, drawing, symbols, a walk, somebody else to ask.",
        ]

    def initial(self) -> dict[str, Any]:
        return {"offered_on": self.actor.today}

    def act(self, form: Any) -> None:
        saying.decline(
            self.pep, form.cleaned_data["words"], offered_on=form.cleaned_data["offered_on"], actor=self.actor
        )


class SharePage(VoiceActPage):
    """The young person wants others to read an answer, or fewer."""

    requires = Can.GIVE_A_VOICE_PASS
    form_class = ReadersForm
    title = "Change who may read an answer"
    done = "Changed. Copies made from now on follow it."

    answer: VoiceAnswer

    def blocked(self) -> str:
        """Who was only let read an answer opens it to nobody else and takes it from nobody."""
        own = self.answer.written_by_id is not None and self.answer.written_by_id == self.actor.account
        if own or may_read(self.actor, Section.VIEWS):
            return super().blocked()
        return "The young person changes this on their own page, or with the social worker or the virtual school."

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        found = VoiceAnswer.shared_with(self.child, self.actor).filter(pep=self.pep, public_id=kwargs["answer"])
        row = found.first()
        if row is None:
            raise Http404
        self.answer = row

    def held(self) -> list[str]:
        asked = self.answer.question
        return [f"{asked.question}" if asked else "", f"“{self.answer.said.text}”", f"Now: {self.answer.share_words}."]

    def form_options(self) -> dict[str, Any]:
        return {"variant": Variant(self.answer.variant), "initial": {"share": self.answer.share}}

    def act(self, form: Any) -> None:
        saying.change_share(self.answer, form.cleaned_data["share"], actor=self.actor)


class ToldPage(VoiceActPage):
    """That the young person was told what was decided, with the plan on one page to give them."""

    requires = Can.GIVE_A_VOICE_PASS
    form_class = ToldForm
    title = "Tell them what was decided"
    button = "They were told"
    done = "Written down: they were told."
    template_name = "peps/voice/told.html"

    def blocked(self) -> str:
        return saying.why_not_told(self.pep)

    def shown(self) -> str:
        return f"{Section.PEP.value},{Section.VIEWS.value}" if may_read_plan(self.actor) else super().shown()

    def initial(self) -> dict[str, Any]:
        return {"on": self.actor.today}

    def context(self) -> dict[str, Any]:
        agreed = self.pep.state == State.SIGNED_OFF
        writing = Writing(self.pep, self.actor) if agreed and may_read_plan(self.actor) else None
        effect = writing.standing.get("voice_effect") if writing else None
        page = one_page(writing) if writing else None
        return {
            **super().context(),
            "pep": self.pep,
            "on_one_page": page,
            "decided": effect.value if effect else "",
            "give": "" if passes.why_not_give(self.pep, passes.Purpose.READ) else url_of(self.pep, "peps:voice_page"),
            "paper": self._paper() if page is not None and page.parts else "",
        }

    def _paper(self) -> str:
        if not can(self.actor, Can.MAKE_A_COPY):
            return ""
        return reverse("exports:pep_copy", args=[self.child.public_id, self.pep.public_id])

    def act(self, form: Any) -> None:
        saying.note_told(self.pep, on=form.cleaned_data["on"], actor=self.actor)


def concern_url(concern: Concern) -> str:
    return reverse("peps:voice_concern", args=[concern.child.public_id, concern.public_id])


class ConcernPage(ActPage):
    """An answer that may mean that somebody is not safe, and what came of it."""

    requires = Can.SETTLE_CONCERNS
    section = Section.SAFEGUARDING
    # The virtual school reads safeguarding and writes no record of it but this one: what it did on the day.
    writes = False
    form_class = OutcomeForm
    title = "An answer needs you today"
    button = "Record the outcome"
    done = "The outcome is recorded."
    template_name = "peps/voice/concern.html"

    concern: Concern

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        self.concern = self.one_of_the_child(Concern, kwargs["concern"])

    def context(self) -> dict[str, Any]:
        row = self.concern.answer
        asked = row.question
        return {
            **super().context(),
            "concern": self.concern,
            "question": asked.question if asked else "",
            "adult_must": asked.adult_must if asked else "",
            "how": row.get_given_display(),
            "raised": day(self.concern.raised_on),
        }

    def act(self, form: Any) -> None:
        told_school = form.cleaned_data["told_school"] == "yes"
        concerns.settle(self.concern, form.cleaned_data["outcome"], told_school=told_school, actor=self.actor)
