"""The pages about one child."""

from dataclasses import replace
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse

from onroll.access.can import Can
from onroll.access.roles import DESIGNATED_TEACHERS
from onroll.access.sections import Section
from onroll.children.models import Release, ReturnedHealthFacts, ReturnedSafeguardingFacts, SchoolPlace
from onroll.children.releases import SECTION_OF, released_to
from onroll.design.story import Story as Picture
from onroll.design.values import Chip, Entry, SummaryRow, Timeline
from onroll.design.words import day, day_short

from . import care, documents, needs, peps, school
from .forms import HistoryFilterForm
from .history import History
from .looks import WhoLooked
from .notes import notes_of
from .pages import ProfilePage
from .people import opened_table, people_before, people_now, people_table
from .record import Record
from .returned import returned_facts, returned_tables
from .story import KIND_LABELS, Story
from .work import open_work

SHOWN_AT_FIRST = 10


class StoryPage(ProfilePage):
    """Who the child is, their story in one picture, and what happened, newest first."""

    requires = Can.SEE_CHILD
    section = Section.BASICS
    also_shows = (
        Section.CARE,
        Section.OTHER_STATUS,
        Section.SCHOOL,
        Section.PLACEMENT,
        Section.SEN,
        Section.HEALTH,
        Section.SAFEGUARDING,
    )
    key = "story"
    full_header = True
    template_name: ClassVar[str] = "profile/story.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        story = Story(self.record)
        kind = request.GET.get("kind", "")
        kind = kind if kind in KIND_LABELS else ""
        fitting = [each for each in story.happenings if not kind or each.kind == kind]
        everything = request.GET.get("all") == "1"
        shown = fitting if everything else fitting[:SHOWN_AT_FIRST]
        return self.show(
            story=story,
            picture=Picture(
                name=self.child.first_name,
                born_on=self.child.birth_date,
                today=self.day,
                lanes=story.lanes,
                events=story.marks,
                description=story.description,
                until=day_short(self.day) if self.record.is_past else "Today",
            ),
            table=story.table,
            chips=self._chips(story, kind),
            timeline=Timeline([Entry(on=each.on, text=each.words, by=each.by) for each in shown]),
            begins=story.happenings[-1].on if story.happenings else None,
            earlier=len(fitting) - len(shown),
            people=people_now(self.record, carers=False),
            open_work=open_work(self.record),
            notes=notes_of(self.record),
            show_all=self.address(**({"kind": kind} if kind else {}), all="1"),
        )

    def _chips(self, story: Story, kind: str) -> list[Chip]:
        """The kinds that the story has, each a link that shows no other."""
        held = {each.kind for each in story.happenings}
        chips = [Chip("Everything", self.address(), current=not kind)]
        return chips + [
            Chip(label, self.address(kind=each), current=each == kind)
            for each, label in KIND_LABELS.items()
            if each in held
        ]


class SchoolPage(ProfilePage):
    """Where the child learns, and every place before."""

    requires = Can.SEE_CHILD
    section = Section.SCHOOL
    also_shows = (Section.NUMBERS,)
    key = "school"
    template_name: ClassVar[str] = "profile/school.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        record = self.record

        def cards(places: list[SchoolPlace]) -> list[dict[str, Any]]:
            return [
                {
                    "kind": place.get_kind_display(),
                    "name": place.school.name if place.school else "No place yet",
                    "url": school.school_url(record, place),
                    "rows": school.place_rows(record, place),
                    "acts": school.place_acts(record, place),
                }
                for place in places
            ]

        gap = next((gap for gap in Story(record).gaps if gap.end is None), None)
        return self.show(
            now=cards(school.places_now(record)),
            to_come=cards(school.places_to_come(record)),
            no_place=gap,
            before=school.places_before(record),
            numbers=school.number_rows(record),
            contacts=people_now(record, carers=False, contacts=True, only=DESIGNATED_TEACHERS),
        )


class HomePage(ProfilePage):
    """Why the child is looked after, where they live and with whom, and every home before."""

    requires = Can.SEE_CHILD
    section = Section.CARE
    also_shows = (Section.OTHER_STATUS, Section.PLACEMENT, Section.ADDRESS, Section.CARER)
    key = "home"
    template_name: ClassVar[str] = "profile/home.html"

    def shown(self) -> str:
        # Most authorities keep no safeguarding fact of a return, and then nobody looked at that section here.
        self.returned = returned_facts(ReturnedSafeguardingFacts, self.child, self.actor)
        return f"{super().shown()},{Section.SAFEGUARDING.value}" if self.returned else super().shown()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        record = self.record
        tables = (care.homes_table, care.short_stays_table, care.legal_table, care.missing_table)
        return self.show(
            reads_care=record.has_summary(Section.CARE),
            care=care.care_rows(record),
            home=[*care.home_rows(record), *care.school_rows(record)],
            address=care.address_rows(record),
            carers=care.carer_rows(record),
            tables=[table for table in (make(record) for make in (*tables, care.status_table)) if table is not None],
            reviews=care.review_rows(record),
            review_table=care.review_table(record),
            permanence=care.permanence_rows(record),
            earlier_addresses=care.earlier_addresses(record),
            returned=returned_tables(record, self.returned),
        )


class NeedsPage(ProfilePage):
    """Special educational needs, the SDQ, and what the child is."""

    requires = Can.SEE_CHILD
    section = Section.CHARACTERISTICS
    also_shows = (Section.SEN, Section.HEALTH)
    key = "needs"
    template_name: ClassVar[str] = "profile/needs.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        record = self.record
        found = needs.characteristics(record)
        return self.show(
            told=needs.told_settings(record),
            shows_sen=record.may_read(Section.SEN),
            sen=needs.sen_rows(record),
            sen_summary=needs.sen_yes_or_no(record),
            sen_before=needs.sen_table(record),
            shows_sdq=record.may_read(Section.HEALTH),
            sdq=needs.sdq_table(record),
            returned=returned_tables(record, returned_facts(ReturnedHealthFacts, self.child, self.actor)),
            characteristics=[SummaryRow(each.label, each.value) for each in found],
            completeness=needs.completeness(found),
            characteristics_before=needs.characteristic_table(record),
        )


class PeoplePage(ProfilePage):
    """Who works with the child, and who did before."""

    requires = Can.SEE_CHILD
    section = Section.PROFESSIONALS
    also_shows = (Section.CARER,)
    key = "people"
    template_name: ClassVar[str] = "profile/people.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(
            now=people_table(self.record),
            before=people_before(self.record),
            opened=opened_table(self.record),
        )


class PepsPage(ProfilePage):
    """The child's personal education plans, newest first, and when the next one is due."""

    requires = Can.SEE_CHILD
    section = Section.PEP
    key = "peps"
    template_name: ClassVar[str] = "profile/peps.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(peps=peps.table(self.record), next=peps.next_words(self.record))


class DocumentsPage(ProfilePage):
    """The documents about the child that the reader may see."""

    requires = Can.SEE_CHILD
    section = Section.BASICS
    key = "documents"
    template_name: ClassVar[str] = "profile/documents.html"

    def shown(self) -> str:
        # Titles are content: each section that the list tells of is a section that was shown.
        self.documents = documents.listed(Record(self.child, self.actor, self._read_day()[0]))
        return ",".join(documents.sections_shown(self.documents))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(
            documents=documents.table(self.record, self.documents),
            traces=documents.traces(self.record),
            add=documents.add_url(self.record),
        )


class HistoryPage(ProfilePage):
    """What changed in the record, who changed it and when: newest first, by person or by part."""

    requires = Can.SEE_CHILD_HISTORY
    section = Section.BASICS
    key = "history"
    template_name: ClassVar[str] = "profile/history.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        narrowed = {name: request.GET[name] for name in ("by", "part") if request.GET.get(name)}
        page = request.GET.get("page", "")
        history = History(self.record, **narrowed, page=int(page) if page.isdecimal() else 1)
        return self.show(
            timeline=Timeline(history.entries),
            pages=history.pages,
            form=HistoryFilterForm(narrowed, choices=history.choices),
            narrowed=bool(narrowed),
            everything=self.address(),
        )


class LooksPage(ProfilePage):
    """Who has looked at the record: by person, part and day. May be printed: it holds nothing of the record itself."""

    requires = Can.SEE_LOOKS
    section = Section.LOOKS
    also_shows = (Section.BASICS,)
    key = "looks"
    template_name: ClassVar[str] = "profile/looks.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        looks = WhoLooked(self.child, self.actor, request.GET)
        return self.show(looks=looks, everything=self.address())

    def context(self) -> dict[str, Any]:
        # A page that may be printed tells no reader of paper where the child may not be known to live.
        common = super().context()
        return {**common, "header": replace(common["header"], mark=None)}


class ReleasedPage(ProfilePage):
    """What was let out to the reader's own case with the child, read only."""

    requires = Can.SEE_RELEASED
    section = Section.BASICS
    key = "released"
    template_name: ClassVar[str] = "profile/released.html"

    def shown(self) -> str:
        self.released = released_to(self.child, self.actor)
        held = self.released.release
        return f"{super().shown()},{SECTION_OF[Release.What(held.what)].value}" if held else super().shown()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        held = self.released
        where = ", ".join(part for part in (held.address, held.postcode) if part)
        rows = [SummaryRow("Address", where)] if where else []
        rows += [SummaryRow(f"SDQ total on {day(on)}", str(total)) for on, total in held.totals]
        if held.release is not None:
            by = held.release.released_by.name if held.release.released_by else "Onroll"
            rows += [SummaryRow("Let out", f"{day(held.release.start)}, by {by}"), SummaryRow("Why", held.release.why)]
        return self.show(rows=rows, withheld=held.withheld)
