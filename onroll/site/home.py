"""What a home page shows: what needs this person, their children at a glance, and what changed this week.

A few queries whatever the number of children: the children on the roll come in one, and all that happened in another.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import CharField, DateField, Exists, F, Max, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.roles import LEADS, PARTNERS, SCHOOL_STAFF, VIRTUAL_SCHOOL, Role
from onroll.access.sections import Section, may_read
from onroll.administration.contacts import without_a_contact
from onroll.administration.reviews import to_answer
from onroll.children.acting import finishing
from onroll.children.disclosure import area_as_marked
from onroll.children.models import CareEpisode, Child, EpisodePlacement, MoveNotice, Review, SchoolPlace
from onroll.children.queries import SHORT_BREAKS, on_the_roll
from onroll.children.records import holds_on
from onroll.children.reviewing import is_late, review_due, to_decide, waiting
from onroll.children.visibility import ADULT, years_before
from onroll.codes import REASON_CEASED, REASON_NEW
from onroll.codes.working_days import add_working_days
from onroll.codes.year_groups import Phase, SchoolYear, year_group_of
from onroll.design.tables import Cell, Column, Table
from onroll.design.values import Tile
from onroll.design.words import count_of, weekday
from onroll.exchange.engine import FEEDS
from onroll.exchange.models import Import
from onroll.exchange.queries import to_settle
from onroll.exports.actions import to_check
from onroll.looks.watching import alerts_waiting
from onroll.peps.activities import unknown
from onroll.peps.care_reviews import reviews_to_answer, without_a_plan
from onroll.peps.filing_views import audits_to_file
from onroll.peps.queries import Work, WorkItem
from onroll.peps.voice import concerns
from onroll.reports.tiles import tiles_for

WEEK = timedelta(days=7)
REVIEWS_AHEAD = 20
LISTED = 30

MOVES = [code.code for code in REASON_NEW if code.is_placement_change]
STARTS = [code.code for code in REASON_NEW if code.starts_care]
LEAVES = [code.code for code in REASON_CEASED if code.leaves_care]

# Whose home page lists their children by name; the others open them from the counts.
_ONE_BY_ONE = (Role.PERSONAL_ADVISER, Role.EET, Role.DIRECTOR, *PARTNERS)
NAMED = (
    Role.SOCIAL_WORKER,
    Role.TEAM_MANAGER,
    Role.IRO,
    Role.SUPERVISING_SW,
    *SCHOOL_STAFF,
    Role.CARER,
    *_ONE_BY_ONE,
)


@dataclass(frozen=True)
class HomeChild:
    """A child on the roll today, as far as a home page needs."""

    key: int
    public_id: UUID
    given_name: str
    family_name: str
    known_as: str
    birth_date: date
    school: str | None = None
    area: str | None = None
    # Also where a mark keeps from the reader which school it is.
    has_a_place: bool = False

    @property
    def name(self) -> str:
        return f"{self.known_as or self.given_name} {self.family_name}".strip() or "Name not yet known"

    @property
    def url(self) -> str:
        return reverse("profile:story", args=[self.public_id])


@dataclass(frozen=True)
class News:
    """One dated thing about a child: something that happened, is to come, or waits."""

    kind: str
    child: HomeChild
    on: date
    words: str

    @property
    def sentence(self) -> str:
        """What happened, after the child's name."""
        return {
            "came": "came into care",
            "left": "left care",
            "moved": "moved home",
            "started": f"started at {self.words}",
            "ended": f"left {self.words}",
        }[self.kind]


@dataclass(frozen=True)
class Attention:
    """One line of what needs this person: the words are the link."""

    words: str
    why: str
    url: str


class Home:
    """The home page of one person today."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.today = actor.today

    @property
    def sees_children(self) -> bool:
        return can(self.actor, Can.SEE_CHILD)

    @cached_property
    def children(self) -> list[HomeChild]:
        """The children of the actor's reach who are on the roll today, by name. One query."""
        if not self.sees_children:
            return []
        episodes = CareEpisode.unscoped.filter(holds_on(self.today), child=OuterRef("pk"))
        every_place = SchoolPlace.unscoped.filter(
            SchoolPlace.of_own_school(self.actor),
            holds_on(self.today),
            child=OuterRef("pk"),
            kind=SchoolPlace.Kind.MAIN,
        )
        places = every_place.filter(SchoolPlace.limited_to(self.actor))
        found = Child.visible_to(self.actor).filter(self._listed())
        found = found.annotate(
            school_now=Subquery(places.values("school__name")[:1]),
            area_now=Subquery(
                episodes.exclude(legal_status__in=SHORT_BREAKS)
                .order_by("-start")
                .annotate(shown=area_as_marked(self.actor))
                .values("shown")[:1],
                output_field=CharField(),
            ),
            has_a_place=Exists(every_place),
        ).order_by("family_name", "given_name", "pk")
        person = ("pk", "public_id", "given_name", "family_name", "known_as", "birth_date")
        columns = (*person, "school_now", "area_now", "has_a_place")
        return [HomeChild(*row) for row in found.values_list(*columns)]

    def _listed(self) -> Q:
        """Whom a home page lists of those in reach: children on the roll. Who works with a few, one by one, has all."""
        if self.actor.role in _ONE_BY_ONE:
            return Q()
        adults = Q(birth_date__lte=years_before(self.today, ADULT)) if self.names_children else Q(pk__in=())
        return on_the_roll(self.today) | adults

    @cached_property
    def to_finish(self) -> list[Child]:
        """Children whose reviewing officer this person was until a few days ago, for the review's paperwork."""
        if self.actor.role != Role.IRO:
            return []
        found = Child.visible_to(finishing(self.actor)).exclude(pk__in=Child.visible_to(self.actor).values("pk"))
        return list(found.order_by("family_name", "given_name", "pk"))

    @property
    def list_title(self) -> str:
        return "Your cases" if self.actor.role in PARTNERS else "My children"

    @property
    def names_children(self) -> bool:
        return self.actor.role in NAMED

    @property
    def my_children(self) -> Table | None:
        """The children by name, for those who work with few."""
        if not self.names_children or not self.children:
            return None
        reads_school = may_read(self.actor, Section.SCHOOL)
        tells = can(self.actor, Can.TELL_OF_A_MOVE)
        columns = [
            Column("Name", stacked_label=False),
            Column("Year", stacked_label=False),
            *([Column("School", stacked_label=False)] if reads_school else []),
            *([Column("Tell of a move", hidden=True)] if tells else []),
        ]
        rows = [
            [
                Cell(child.name, href=child.url),
                year_group_of(child.birth_date, on=self.today).label,
                *([child.school or self._no_place(child)] if reads_school else []),
                *([Cell(_moving(child), href=reverse("children:move", args=[child.public_id]))] if tells else []),
            ]
            for child in self.children[:LISTED]
        ]
        return Table(f"My {count_of(len(self.children), 'child', 'children')}", columns, rows, stacked="brief")

    def _no_place(self, child: HomeChild) -> str:
        return "No school place" if self._is_of_school_age(child) and not child.has_a_place else ""

    def _is_of_school_age(self, child: HomeChild) -> bool:
        return SchoolYear(0) <= year_group_of(child.birth_date, on=self.today) <= SchoolYear(11)

    @property
    def at_a_glance(self) -> list[tuple[str, str, str]]:
        """The roll in counts: the words, the address of those children, part and whole."""
        children = self.children
        whole = len(children)
        if not whole or self.names_children:
            return []
        phases = [year_group_of(child.birth_date, on=self.today).phase for child in children]
        rows = [("On the roll", _roll(), f"{whole:,}")]
        rows += [(phase.label, _roll(phase=phase.value), f"{phases.count(phase):,}") for phase in Phase]
        if may_read(self.actor, Section.ADDRESS):
            out = sum(child.area == EpisodePlacement.Area.OUT for child in children)
            unknown = sum(child.area not in (EpisodePlacement.Area.IN, EpisodePlacement.Area.OUT) for child in children)
            rows.append((f"Living outside {self.actor.authority_name}", _roll(live="out"), f"{out:,} of {whole:,}"))
            if unknown:
                rows.append(("Not known where", _roll(live="not_known"), f"{unknown:,} of {whole:,}"))
        return rows

    @cached_property
    def peps(self) -> Work:
        """What waits for this person with personal education plans. For who has none to write: nothing."""
        return Work(self.actor)

    @property
    def pep_lists(self) -> list[tuple[str, list[tuple[Child, list[WorkItem]]]]]:
        """What is late or for today, and what is soon: each with its children, the first to be done first."""
        headings = (("Late or today", ("late", "today")), ("Soon", ("soon",)))
        lists = [(words, self.peps.of(*when)) for words, when in headings]
        return [(words, children) for words, children in lists if children]

    @property
    def tiles(self) -> list[Tile]:
        """The figures that the heads chose for their home page. For who does the head's work alone."""
        return tiles_for(self.actor)

    # What happened and what waits

    @cached_property
    def _news(self) -> list[News]:
        """Everything dated that a home page tells of, in one query."""
        actor, since = self.actor, self.today - WEEK
        if not self.sees_children:
            return []
        week = {"start__gt": since, "start__lte": self.today}
        episodes = CareEpisode.visible_to(actor).exclude(legal_status__in=SHORT_BREAKS)
        ended = {"end__gt": since, "end__lte": self.today}
        places = SchoolPlace.visible_to(actor).filter(kind=SchoolPlace.Kind.MAIN)
        queries = [
            _dated("came", episodes.filter(reason_new__in=STARTS, **week), "start"),
            _dated("moved", episodes.filter(reason_new__in=MOVES, **week), "start"),
            _dated("left", episodes.filter(reason_ceased__in=LEAVES, provisional_end=False, **ended), "end"),
            _dated("started", places.filter(**week), "start", "school__name"),
            _dated("ended", places.filter(**ended), "end", "school__name"),
        ]
        if actor.role in VIRTUAL_SCHOOL:
            notices = MoveNotice.visible_to(actor).filter(seen_on__isnull=True)
            queries.append(_dated("notice", notices, "happens_on", "about"))
            queries.append(_dated("provisional", CareEpisode.visible_to(actor).filter(provisional_end=True), "end"))
        if actor.role in (Role.IRO, Role.SOCIAL_WORKER):
            until = add_working_days(self.today, REVIEWS_AHEAD)
            reviews = Review.visible_to(actor).filter(held=False, on__gte=self.today, on__lte=until)
            queries.append(_dated("review", reviews, "on"))
        rows = queries[0].union(*queries[1:], all=True)
        return [
            News(kind, HomeChild(pk, public_id, given, family, known_as, born), on, words or "")
            for kind, on, words, pk, public_id, given, family, known_as, born in rows
        ]

    def _of(self, *kinds: str) -> list[News]:
        return [news for news in self._news if news.kind in kinds]

    @cached_property
    def this_week(self) -> list[News]:
        """What changed in the last seven days, newest first. A change of school is told once, and
        a school that ended with care is not told beside it."""
        moved_on = {(news.child.key, news.on) for news in self._of("started", "left")}
        came = {(news.child.key, news.on) for news in self._of("came")}
        found = [
            news
            for news in self._of("came", "left", "moved", "started", "ended")
            if not (news.kind == "ended" and (news.child.key, news.on) in moved_on)
            and not (news.kind == "moved" and (news.child.key, news.on) in came)
        ]
        return sorted(found, key=lambda news: (-news.on.toordinal(), news.child.name))

    @property
    def notices(self) -> list[News]:
        """Moves that the virtual school was told of and nobody has looked at, the soonest first."""
        return sorted(self._of("notice"), key=lambda news: news.on)

    @property
    def takes_up_moves(self) -> bool:
        return can(self.actor, Can.ACT_ON_MANY)

    @property
    def reviews(self) -> list[News]:
        """Care reviews in the next twenty working days."""
        return sorted(self._of("review"), key=lambda news: news.on)

    @cached_property
    def attention(self) -> list[Attention]:
        """What needs this person, beyond single children."""
        found = list(self._concerns()) if can(self.actor, Can.SETTLE_CONCERNS) else []
        found += self._care_reviews() if self.actor.role in (Role.IRO, Role.SOCIAL_WORKER) else []
        found += self._activities() if self.actor.role == Role.EET else []
        found += self._openings() if can(self.actor, Can.REVIEW_OPENINGS) else []
        if can(self.actor, Can.AGREE_TO_LOOSEN):
            found += self._requests()
        found += self._alerts()
        found += self._exports()
        found += self._access()
        found += self._audits_to_file() if self.actor.role == Role.VS_ADMIN else []
        return [*found, *self._attention()] if self.actor.role in VIRTUAL_SCHOOL else found

    def _audits_to_file(self) -> Iterator[Attention]:
        """Audits of plans that practice support puts on the social care record."""
        if found := audits_to_file(self.actor):
            words = f"{count_of(len(found), 'audit')} of PEPs to file"
            yield Attention(words, "On the social care record of each child", reverse("peps:to_file"))

    def _concerns(self) -> Iterator[Attention]:
        """Answers of young people that may mean that somebody is not safe, until what came of them is recorded. No
        child is named before the record is opened."""
        for concern in concerns.waiting(self.actor):
            url = reverse("peps:voice_concern", args=[concern.child.public_id, concern.public_id])
            since = "" if concern.raised_on == self.today else f" It waits since {weekday(concern.raised_on)}."
            yield Attention("An answer needs you today", f"Read it and record what came of it.{since}", url)

    def _care_reviews(self) -> Iterator[Attention]:
        """Reviews to come without a current plan, and those of which it is not said whether they looked at it. No child
        is named before the record is opened."""
        for review in without_a_plan(self.actor):
            url = reverse("profile:peps", args=[review.child.public_id])
            yield Attention("A care review lacks a current plan", f"The review is on {weekday(review.on)}", url)
        if self.actor.role == Role.IRO:
            for each in reviews_to_answer(self.actor):
                url = reverse("peps:plan_in_review", args=[each.review.child.public_id, each.review.public_id])
                why = f"Say whether it looked at the plan, by {weekday(each.by)}"
                yield Attention(f"A care review of {weekday(each.review.on)}", why, url)

    def _activities(self) -> Iterator[Attention]:
        """Young people of whom it is not known what they do, for who finds out."""
        found = unknown(self.actor)
        if found:
            missing = sum(each.activity is None for each in found)
            words = f"{count_of(len(found), 'activity', 'activities')} to find out"
            yield Attention(
                words, f"{missing:,} missing, the others older than three months", reverse("peps:activities")
            )

    def _openings(self) -> Iterator[Attention]:
        """Records that someone opened in an emergency, for those who review it: late ones are said to be late."""
        found = waiting(self.actor)
        if found:
            late = sum(is_late(each, on=self.today) for each in found)
            words = f"{count_of(len(found), 'emergency opening')} to review"
            why = f"{late} late" if late else f"By {weekday(review_due(found[0]))}"
            yield Attention(words, why, reverse("children:openings"))

    def _alerts(self) -> Iterator[Attention]:
        """Looks that someone has to look into."""
        if not can(self.actor, Can.REVIEW_ALERTS):
            return
        now, all_ = alerts_waiting(self.actor)
        if all_:
            why = f"{now:,} to look at now" if now else "For this week’s review"
            yield Attention(f"{count_of(all_, 'alert')} about looks to review", why, reverse("looks:alerts"))

    def _exports(self) -> Iterator[Attention]:
        """What others made to leave, for the second person to read."""
        if can(self.actor, Can.SEE_EXPORTS) and (found := to_check(self.actor, now=timezone.now())):
            one, many = ("copy", "copies") if all(each.is_of_one_child for each in found) else ("file", "files")
            words = f"{count_of(len(found), one, many)} {'waits' if len(found) == 1 else 'wait'} for your check"
            why = f"Made by {found[0].made_by.name}. Nothing leaves before a second person has read it"
            yield Attention(words, why, reverse("exports:exports"))

    def _access(self) -> Iterator[Attention]:
        """Posts that this person is asked about in the access review of the term."""
        if asked := to_answer(self.actor):
            review = asked[0].review
            words = f"{count_of(len(asked), 'person', 'people')} to confirm in the access review"
            why = f"By {weekday(review.due_on)}. What nobody confirms ends"
            yield Attention(words, why, reverse("administration:review", args=[review.public_id]))

    def _requests(self) -> Iterator[Attention]:
        """Marks that someone asks to loosen, for the second person. No child is named before the record is opened."""
        for request in to_decide(self.actor):
            url = reverse("children:mark_request", args=[request.child.public_id, request.public_id])
            why = f"{request.asked_by.name} asks: a second person has to agree"
            yield Attention("May more people know where a child lives or learns?", why, url)

    def _attention(self) -> Iterator[Attention]:
        actor = self.actor
        without = [
            child
            for child in self.children
            if not child.has_a_place
            and SchoolYear(0) <= year_group_of(child.birth_date, on=self.today) <= SchoolYear(11)
        ]
        if without:
            words = f"{count_of(len(without), 'child has', 'children have')} no school place"
            yield Attention(words, "Reception to Year 11", _roll(view="no-place"))
        if late := self.peps.late_for_the_heads:
            days = count_of(self.peps.settings.late_to_the_heads or 0, "working day")
            words = f"{count_of(late, 'PEP')} late by {days} or more"
            yield Attention(words, "Others were asked before you", f"{reverse('peps:tracker')}?state=late")
        if actor.role in (*LEADS, Role.VS_ADMIN) and (alone := without_a_contact(actor)):
            words = f"{count_of(alone, 'school')} with a child of ours and no designated teacher here"
            yield Attention(words, "Nobody there can be told or can write a plan", reverse("administration:contacts"))
        provisional = len({news.child.key for news in self._of("provisional")})
        if provisional:
            words = f"{count_of(provisional, 'child', 'children')} may have left care"
            why = "A return no longer holds them. Someone has to give the day"
            yield Attention(words, why, _roll(kind="awaiting_end"))
        if can(actor, Can.SETTLE_DIFFERENCES) and (unsettled := to_settle(actor)):
            words = f"{count_of(unsettled, 'difference')} between sources to settle"
            yield Attention(words, "Two sources say two things", reverse("exchange:differences"))
        for title, age in self.stale_feeds:
            yield Attention(
                f"{title} last came {count_of(age, 'day')} ago", "Ask for it, or load it", reverse("exchange:data")
            )

    @cached_property
    def _last_loads(self) -> dict[str, Any]:
        applied = Import.objects.filter(authority_id=self.actor.authority, state=Import.State.APPLIED)
        return dict(applied.order_by().values_list("feed").annotate(Max("applied_at")))

    @property
    def stale_feeds(self) -> list[tuple[str, int]]:
        """Feeds that have come before and are longer away than they should be, with the days since."""
        found = []
        for feed in sorted(FEEDS.values(), key=lambda feed: (feed.order, feed.title)):
            last = self._last_loads.get(feed.name)
            if last is None or feed.stale_after_days is None:
                continue
            age = (self.today - timezone.localdate(last)).days
            if age > feed.stale_after_days:
                found.append((feed.title, age))
        return found

    @property
    def is_empty(self) -> bool:
        """Nobody is on the roll, and nothing was ever loaded: the first use."""
        return self.sees_children and not self.children and self.actor.role in VIRTUAL_SCHOOL and not self._news

    @property
    def title(self) -> str:
        if self.actor.role == Role.CARER:
            return "Home"
        return "Today" if self.actor.role in LEADS else "Your work"

    @property
    def line(self) -> str:
        """Tuesday 17 November 2026 · 46 children."""
        words = f"{weekday(self.today)} {self.today.year}"
        return f"{words} · {count_of(len(self.children), 'child', 'children')}" if self.sees_children else words

    def shown(self, news: list[News]) -> list[int]:
        """The children whom the page names, for the access log."""
        keys = [child.key for child in self.children[:LISTED]] if self.names_children else []
        keys += [child.pk for child in self.to_finish]
        keys += [child.pk for _, children in self.pep_lists for child, _ in children[:LISTED]]
        return list(dict.fromkeys([*keys, *(each.child.key for each in [*self.notices, *self.reviews, *news])]))


class AtOneSchool:
    """The home page of somebody who works at a school for several authorities: their children side by side.

    Every part was read in its own authority; here it is only put in one order, for this person's eyes.
    """

    def __init__(self, homes: list[Home]) -> None:
        self.homes = homes

    @property
    def line(self) -> str:
        """Tuesday 17 November 2026 · At Fernhill Academy: 4 children from Ashcombe, 2 from Castlebury."""
        first = self.homes[0]
        whole = [f"{len(home.children)} from {home.actor.authority_name}" for home in self.homes]
        whole[0] = f"{count_of(len(first.children), 'child', 'children')} from {first.actor.authority_name}"
        return f"{weekday(first.today)} {first.today.year} · At {first.actor.school_name}: {', '.join(whole)}"

    @property
    def table(self) -> Table | None:
        """The children by name, each with the authority for which a page about them speaks."""
        found = [(child, home) for home in self.homes for child in home.children]
        rows = [
            [
                Cell(child.name, href=child.url),
                year_group_of(child.birth_date, on=home.today).label,
                home.actor.authority_name,
            ]
            for child, home in sorted(found, key=lambda pair: (pair[0].family_name, pair[0].given_name, pair[0].key))
        ]
        columns = [Column("Name", stacked_label=False), Column("Year", stacked_label=False), Column("Authority")]
        return Table("My children", columns, rows, stacked="brief") if rows else None

    @property
    def this_week(self) -> list[News]:
        news = [each for home in self.homes for each in home.this_week]
        return sorted(news, key=lambda each: (-each.on.toordinal(), each.child.name))


def _moving(child: HomeChild) -> SafeString:
    return format_html('Moving home or school<span class="govuk-visually-hidden">: {}</span>', child.name)


def _dated(kind: str, rows: Any, on: str, words: str = "") -> Any:
    """Rows about children as the columns of the news: kind, day, words, then the child."""
    columns = {
        "n_kind": Value(kind, output_field=CharField()),
        "n_on": Cast(on, DateField()),
        "n_words": Cast(F(words) if words else Value(""), CharField()),
    }
    child = ("pk", "public_id", "given_name", "family_name", "known_as", "birth_date")
    return rows.order_by().annotate(**columns).values_list(*columns, *(f"child__{name}" for name in child))


def _roll(**narrowed: str) -> str:
    """The address of the roll, narrowed."""
    query = urlencode(narrowed)
    return reverse("children:roll") + (f"?{query}" if query else "")
