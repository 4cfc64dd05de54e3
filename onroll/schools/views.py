"""Pages about schools and other settings."""

from typing import Any, ClassVar

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from onroll.access.can import Can, can
from onroll.access.pages import Page
from onroll.access.typed import keep, kept
from onroll.design.tables import Cell, Column, GroupRow, Table
from onroll.design.words import count_of, number

from .actions import NotNow, add_setting, change_setting, record_inspection, why_not_keep
from .forms import ChangeSettingForm, FindSchoolForm, InspectionForm, SettingForm
from .models import School
from .queries import in_reach, inspections_of, links_of, number_held, own_settings, succession_of
from .registry import children_at, panels_of
from .searching import Found, find
from .showing import STATUS_COLOURS, authority_words, facts_of, shown_inspections, type_words

ON_A_PAGE = 50


class SchoolsPage(Page):
    """Where people look up a school. What they type is kept on the server: no address holds it."""

    requires = Can.SEE_SCHOOLS
    template_name = "schools/schools.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        search = kept(request, "schools", request.GET.get("found", ""))
        if not search:
            return self.show(form=FindSchoolForm(), **self.start())
        form = FindSchoolForm(initial=search)
        found = find(self.actor, search["words"], open_only=search["open_only"])
        page = Paginator([*found.exact, *found.alike], ON_A_PAGE).get_page(request.GET.get("page"))
        near = {school.pk for school in found.alike}
        return self.show(
            form=form,
            words=search["words"],
            found=found,
            says=self.says(found),
            table=self.table(list(page.object_list), near, caption=self.says(found)) if len(found) else None,
            page_of=page,
            key=request.GET["found"],
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        form = FindSchoolForm(request.POST)
        if not form.is_valid() or not form.cleaned_data["words"]:
            return HttpResponseRedirect(reverse("schools:schools"))
        key = keep(request, "schools", form.cleaned_data)
        return HttpResponseRedirect(f"{reverse('schools:schools')}?found={key}")

    def context(self) -> dict[str, Any]:
        return {"may_add": can(self.actor, Can.ADD_A_SETTING)}

    def start(self) -> dict[str, Any]:
        """Before anyone has searched: where the children learn, and the authority's own settings."""
        counts = children_at(self.actor)
        schools = in_reach(self.actor).filter(pk__in=counts)
        first = sorted(schools, key=lambda school: (-counts[school.pk], school.search_words, school.pk))
        return {
            "held": number_held(),
            "with_children": self.table(first[:ON_A_PAGE], set(), counts, caption="Where the children learn")
            if first
            else None,
            "with_children_more": max(len(first) - ON_A_PAGE, 0),
            "own": list(own_settings(self.actor).order_by("status", "name", "pk")[:200]),
        }

    @staticmethod
    def says(found: Found) -> str:
        if found.more:
            return f"More than {number(len(found.exact))} schools fit. Add the town or the postcode to see fewer."
        exact = count_of(len(found.exact), "school fits", "schools fit")
        alike = count_of(len(found.alike), "comes near", "come near")
        if not found.alike:
            return f"{exact}."
        return f"{exact}, {alike}." if found.exact else f"No school fits exactly; {alike}."

    def table(
        self, schools: list[School], near: set[int], counts: dict[int, int] | None = None, *, caption: str
    ) -> Table:
        """Schools in order, those that only come near under a heading of their own."""
        if counts is None:
            counts = children_at(self.actor, [school.pk for school in schools])
        rows: list[Any] = []
        for school in schools:
            if school.pk in near and not any(isinstance(row, GroupRow) for row in rows):
                rows.append(GroupRow("Spelled nearly like it"))
            rows.append(
                [
                    Cell(school.name, href=reverse("schools:school", args=[school.public_id]), sub=type_words(school)),
                    Cell(school.town or "–", sub=school.postcode),
                    authority_words(school, self.actor),
                    Cell(school.get_status_display(), tag=STATUS_COLOURS[School.Status(school.status)])
                    if school.status != School.Status.OPEN
                    else "Open",
                    school.urn or school.setting_id,
                    number(counts[school.pk]) if counts.get(school.pk) else "–",
                ]
            )
        columns = [
            Column("School", stacked_label=False),
            Column("Town", stacked_label=False),
            Column("Local authority"),
            Column("Status"),
            Column("URN"),
            Column("Children here", number=True),
        ]
        return Table(caption=caption, columns=columns, rows=rows, stacked="brief")


class OneSchoolPage(Page):
    """A page about one school: of the national register, or a setting of the actor's own authority."""

    abstract = True
    school: School

    def open(self, *args: Any, **kwargs: Any) -> None:
        found = in_reach(self.actor).filter(public_id=kwargs["school"]).first()
        if found is None:
            raise Http404
        self.school = found

    def context(self) -> dict[str, Any]:
        return {"school": self.school}

    def to_the_school(self, notice: str) -> HttpResponse:
        messages.success(self.request, notice)
        return HttpResponseRedirect(reverse("schools:school", args=[self.school.public_id]))


class SchoolPage(OneSchoolPage):
    """All that is known of one school, and what the parts above know of the children there."""

    requires = Can.SEE_SCHOOLS
    template_name = "schools/school.html"

    def context(self) -> dict[str, Any]:
        before, after = links_of(self.school)
        steps = succession_of(self.school, self.actor.today) if after else []
        return {
            **super().context(),
            "sub": f"{self.school.get_phase_display()}, {authority_words(self.school, self.actor)}"
            if self.school.la_code
            else self.school.get_phase_display(),
            "status_colour": STATUS_COLOURS[School.Status(self.school.status)],
            "facts": facts_of(self.school, actor=self.actor),
            "inspections": shown_inspections(inspections_of(self.school)),
            "before": before,
            "after": after,
            "stands_for_it": steps[-1] if steps else None,
            "main_panels": panels_of(self.school, self.actor, "main"),
            "side_panels": panels_of(self.school, self.actor, "side"),
            "may_change": not why_not_keep(self.school, actor=self.actor),
            "may_record_inspection": can(self.actor, Can.ADD_A_SETTING),
        }


class AddSettingPage(Page):
    """Where staff add a setting that the national register does not hold, unless it turns out to be there."""

    requires = Can.ADD_A_SETTING
    template_name = "schools/add_setting.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=SettingForm(today=self.actor.today))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SettingForm(request.POST, today=self.actor.today)
        if not form.is_valid():
            return self.show(form=form)
        found = find(self.actor, f"{form.cleaned_data['name']} {form.cleaned_data['town']}", limit=5)
        perhaps = [*found.exact, *found.alike][:5]
        if perhaps and "add_anyway" not in request.POST:
            return self.show(form=form, perhaps=perhaps)
        setting = add_setting(actor=self.actor, **form.cleaned_data)
        messages.success(request, f"{setting.name} is added.")
        return HttpResponseRedirect(reverse("schools:school", args=[setting.public_id]))


class ChangeSettingPage(OneSchoolPage):
    """Where staff mend what is known of their own setting, or say that it has closed."""

    requires = Can.ADD_A_SETTING
    template_name: ClassVar[str] = "schools/change_setting.html"

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        if why_not_keep(self.school, actor=self.actor):
            raise Http404

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        starting = ChangeSettingForm.starting_values(self.school)
        return self.show(form=ChangeSettingForm(initial=starting, today=self.actor.today))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ChangeSettingForm(request.POST, today=self.actor.today)
        if not form.is_valid():
            return self.show(form=form)
        change_setting(self.school, actor=self.actor, **form.cleaned_data)
        return self.to_the_school(f"{self.school.name} is changed.")


class RecordInspectionPage(OneSchoolPage):
    """Where staff write down what an inspection found."""

    requires = Can.ADD_A_SETTING
    template_name = "schools/record_inspection.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=InspectionForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = InspectionForm(request.POST)
        if form.is_valid():
            try:
                record_inspection(
                    self.school,
                    actor=self.actor,
                    inspected_on=form.cleaned_data["inspected_on"],
                    overall=form.overall_grade,
                    areas=form.areas,
                    report=form.cleaned_data["report"],
                )
            except NotNow as reason:
                form.add_error("inspected_on", str(reason))
            else:
                return self.to_the_school("The inspection is recorded.")
        return self.show(form=form)
