"""Writes the invented authority into the record: model by model, never row by row."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any, TypeVar

from django.contrib.auth.hashers import make_password
from django.db import models

from onroll.access.models import Account
from onroll.access.roles import PARTNERS, Role
from onroll.access.sections import Section, may_read
from onroll.authorities.models import Authority, CalendarEntry, Postcode, Team
from onroll.children.areas import area_of, joined, look_up
from onroll.children.models import (
    Allocation,
    CareEpisode,
    CareLeaverContact,
    Characteristics,
    CharacteristicSpell,
    Child,
    Difference,
    Disclosure,
    EHCPlan,
    EpisodePlacement,
    FormerName,
    Identifiers,
    Matter,
    MissingEpisode,
    MoveNotice,
    PlacementAddress,
    PlacementArea,
    PreviousPermanence,
    Review,
    SchoolPlace,
    SDQScore,
    SENNeed,
    SENProvision,
    Status,
)
from onroll.children.searching import search_words_of
from onroll.codes.working_days import add_working_days
from onroll.history.changes import ThisChange
from onroll.history.viewing import viewed
from onroll.looks.models import Alert
from onroll.looks.rules import start_of
from onroll.people.models import Post, SharingAgreement
from onroll.people.posts import actor_for
from onroll.schools.models import AreaGrade, Inspection, School, SchoolLink

from .calendar import entries, first_year_of
from .care import Episode, weekday_by
from .cast import MIAS_NUMBER
from .chance import Chance
from .lives import Life
from .places import AUTHORITY_CODE, Country
from .round_the_child import Allocated
from .schools import CLOSED, SUCCESSOR, Register
from .staff import MARCUS, TEAMS, Staff

M = TypeVar("M", bound=models.Model)
# A weekly list brings what is true now; the yearly return brought what came before.
LIST, RETURN, SCHOOL, PERSON = "list", "ssda903", "school", "person"


class Writer:
    """Writes under one change. Ids that go into addresses come from the seed, as everything else does."""

    def __init__(self, authority: Authority, *, seed: int, today: date) -> None:
        self.authority, self.today = authority, today
        self._chance = Chance(seed, "ids")

    def of(self, model: type[M], **values: Any) -> M:
        """A new record that has an id of its own for addresses."""
        return model(public_id=self._chance.uuid(), **values)

    def about(self, model: type[M], child: Child, source: str, **values: Any) -> M:
        return self.of(model, authority_id=self.authority.pk, child=child, source=source, **values)

    def save(self, this: ThisChange, model: type[M], records: Iterable[M]) -> list[M]:
        return this.bulk_create(model, records)

    # The authority, its schools and its people

    def the_calendar(self, this: ThisChange) -> None:
        first = first_year_of(self.today)
        made = [entry for year in range(first - 3, first + 2) for entry in entries(year)]
        for entry in made:
            entry.public_id, entry.authority_id = self._chance.uuid(), self.authority.pk
        self.save(this, CalendarEntry, made)

    def the_country(self, country: Country) -> None:
        """The postcode directory. Reference data: its rows are not recorded in the history."""
        Postcode.objects.bulk_create(
            [
                Postcode(
                    postcode=joined(spot.postcode),
                    la_code=spot.area.la_code,
                    easting=spot.easting,
                    northing=spot.northing,
                )
                for spots in country.spots.values()
                for spot in spots
            ],
            batch_size=2000,
            ignore_conflicts=True,
        )

    def the_schools(self, this: ThisChange, register: Register) -> None:
        for setting in register.settings:
            if not setting.record.urn:
                setting.record.authority_id = self.authority.pk
        self.save(this, School, [setting.record for setting in register.settings])
        closed, successor = register[CLOSED].record, register[SUCCESSOR].record
        this.create(
            SchoolLink(predecessor=closed, successor=successor, on=successor.opened_on, words="Successor - academy")
        )
        seen = [(setting, inspection) for setting in register.settings for inspection in setting.seen]
        made = self.save(
            this,
            Inspection,
            [Inspection(school=setting.record, inspected_on=on, overall=overall) for setting, (on, overall, _) in seen],
        )
        self.save(
            this,
            AreaGrade,
            [
                AreaGrade(inspection=inspection, area=area, grade=grade)
                for inspection, (_, (_, _, card)) in zip(made, seen, strict=True)
                for area, grade in card.items()
            ],
        )

    def the_people(self, this: ThisChange, staff: Staff, password: str) -> None:
        """Accounts, teams and posts. Only those whose sign-in is printed can sign in."""
        digest = make_password(password)
        for person in staff.people:
            # A password that nobody can type; the random part of the usual one would differ each time.
            person.account.password = digest if person.signs_in else "!"
        self.save(this, Account, [person.account for person in staff.people])
        made = self.save(this, Team, [self.of(Team, authority=self.authority, name=name) for name in TEAMS])
        teams = {team.name: team for team in made}
        agreement = this.create(
            self.of(
                SharingAgreement,
                authority=self.authority,
                title="Education of children in care: sharing with partner services",
                parties=f"{self.authority.name} Virtual School, education services and youth justice",
                purpose="So that each service can do its part for a child in care with whom it has an open case.",
                lawful_basis="Public task: Children Act 1989, section 22(3A); Children Act 2004, section 10",
                start=self.today - timedelta(days=500),
                review_on=self.today + timedelta(days=230),
            )
        )
        self.save(
            this,
            Post,
            [
                self.of(
                    Post,
                    authority=self.authority,
                    account=person.account,
                    role=person.role,
                    team=teams.get(person.team),
                    school=person.school,
                    start=person.start,
                    end=person.end,
                    # Posts come up for review all through the year.
                    review_on=self.today + timedelta(days=20 + at * 37 % 340),
                    agreement=agreement if person.role in PARTNERS else None,
                    source=SCHOOL if Role(person.role).at_a_school else PERSON,
                )
                for at, person in enumerate(staff.people)
            ],
        )

    # The children

    def the_children(self, this: ThisChange, lives: list[Life]) -> list[Child]:
        children = [
            self.of(
                Child,
                authority=self.authority,
                given_name=life.given_name,
                family_name=life.family_name,
                known_as=life.known_as,
                birth_date=life.born_on,
                held_as=life.held_as,
                source=_source(life),
            )
            for life in lives
        ]
        for child in children:
            child.search_words = search_words_of(child)
        self.save(this, Child, children)
        pairs = list(zip(children, lives, strict=True))
        self._each(
            this,
            Identifiers,
            pairs,
            lambda child, life: [
                self.about(
                    Identifiers,
                    child,
                    RETURN if life.upn else LIST,
                    child_number=life.number,
                    upn=life.upn,
                    upn_unknown=life.upn_unknown,
                    former_upn=life.former_upn,
                    uln=life.uln,
                )
            ],
        )
        self._each(this, Characteristics, pairs, self._characteristics)
        self._each(this, CharacteristicSpell, pairs, self._dated_characteristics)
        self._each(
            this,
            FormerName,
            pairs,
            lambda child, life: [self.about(FormerName, child, PERSON, **name) for name in life.former_names],
        )
        self._each(
            this,
            Status,
            pairs,
            lambda child, life: [self.about(Status, child, PERSON, **status) for status in life.statuses],
        )
        return children

    def _each(
        self,
        this: ThisChange,
        model: type[M],
        pairs: list[tuple[Child, Life]],
        records: Callable[[Child, Life], Iterable[M]],
    ) -> list[M]:
        return self.save(this, model, [record for child, life in pairs for record in records(child, life)])

    def _characteristics(self, child: Child, life: Life) -> list[Characteristics]:
        return [
            self.about(
                Characteristics,
                child,
                _source(life),
                sex=life.sex,
                ethnicity=life.ethnicity,
                first_language=life.first_language,
                religion=life.religion,
                uasc=life.asylum if life.periods else None,
                uasc_until=life.asylum_until,
                disability=life.disabled,
                fsm=life.fsm,
            )
        ]

    def _dated_characteristics(self, child: Child, life: Life) -> list[CharacteristicSpell]:
        kinds = CharacteristicSpell.Kind
        told = [(kinds.DISABILITY, life.disabled), (kinds.FSM, bool(life.fsm))]
        start = life.main_places[0].start if life.main_places else None
        if start is None:
            return []
        values = [(kind, "yes") for kind, holds in told if holds]
        if life.first_language not in ("", "Not disclosed"):
            values.append((kinds.EAL, "yes" if life.eal else "no"))
        return [
            self.about(CharacteristicSpell, child, SCHOOL, kind=kind, value=value, start=start)
            for kind, value in values
        ]

    def the_care(self, this: ThisChange, children: list[Child], lives: list[Life]) -> None:
        """Episodes, and of each what kind of home, the encrypted address, and what follows from where it lies."""
        pairs = list(zip(children, lives, strict=True))
        told: list[tuple[Life, Episode]] = []
        records: list[CareEpisode] = []
        for child, life in pairs:
            for period in life.periods:
                for episode in period.episodes:
                    told.append((life, episode))
                    records.append(
                        self.about(
                            CareEpisode,
                            child,
                            LIST if episode.end is None else RETURN,
                            start=episode.start,
                            end=episode.end,
                            legal_status=episode.legal_status,
                            reason_new=episode.reason_new,
                            reason_ceased=episode.reason_ceased,
                            category_of_need=episode.category_of_need,
                            reason_place_change=episode.reason_place_change,
                        )
                    )
        self.save(this, CareEpisode, records)
        placements, addresses, areas = [], [], []
        directory = look_up(line.postcode for line in Postcode.objects.filter(la_code__startswith="99"))
        for record, (life, episode) in zip(records, told, strict=True):
            stay = episode.stay
            postcode = stay.address.spot.postcode if stay.address else ""
            home = life.family.spot.postcode if life.family and not life.asylum else ""
            where = area_of(AUTHORITY_CODE, postcode=postcode, home_postcode=home, directory=directory)
            facts = {"authority_id": self.authority.pk, "child": record.child, "source": record.source}
            placements.append(
                self.of(
                    EpisodePlacement,
                    **facts,
                    episode=record,
                    placement_type=stay.placement_type,
                    provider=stay.provider,
                    ofsted_urn=stay.urn,
                    area=where.area,
                )
            )
            addresses.append(
                self.of(
                    PlacementAddress,
                    **facts,
                    episode=record,
                    address=stay.address.words if stay.address else "",
                    postcode=postcode,
                    home_postcode=home,
                    disclosure=Disclosure.ORDINARY if stay.placement_type == "P1" else life.disclosure,
                )
            )
            areas.append(
                self.of(
                    PlacementArea,
                    **facts,
                    episode=record,
                    la_code=where.la_code,
                    la_stated=where.la_stated,
                    distance_miles=where.distance_miles,
                )
            )
        self.save(this, EpisodePlacement, placements)
        self.save(this, PlacementAddress, addresses)
        self.save(this, PlacementArea, areas)
        self._each(
            this,
            Review,
            pairs,
            lambda child, life: [
                self.about(Review, child, RETURN if held else LIST, on=on, participation=code, held=held)
                for on, code, held in life.reviews
            ],
        )
        self._each(
            this,
            MissingEpisode,
            pairs,
            lambda child, life: [
                self.about(MissingEpisode, child, RETURN, start=start, end=end, kind=kind)
                for start, end, kind in life.missing
            ],
        )
        self._each(
            this,
            PreviousPermanence,
            pairs,
            lambda child, life: (
                [
                    self.about(
                        PreviousPermanence,
                        child,
                        RETURN,
                        kind=life.permanence[0],
                        la_code=life.permanence[1],
                        date_as_sent=life.permanence[2],
                    )
                ]
                if life.permanence
                else []
            ),
        )
        self._each(
            this,
            CareLeaverContact,
            pairs,
            lambda child, life: [
                self.about(
                    CareLeaverContact, child, RETURN, on=on, in_touch=touch, activity=activity, accommodation=home
                )
                for on, touch, activity, home in life.contacts
            ],
        )

    def the_schooling(self, this: ThisChange, children: list[Child], lives: list[Life]) -> None:
        """School places and needs."""
        pairs = list(zip(children, lives, strict=True))
        self._each(
            this,
            SchoolPlace,
            pairs,
            lambda child, life: [
                self.about(
                    SchoolPlace,
                    child,
                    SCHOOL if place.confirmed_on else LIST,
                    school=place.setting.record if place.setting else None,
                    kind=place.kind,
                    start=place.start,
                    end=place.end,
                    hours_per_week=place.hours,
                    full_time_hours=place.full_time,
                    leaving_reason=place.leaving_reason,
                    disclosure=place.disclosure,
                    why_this_school=place.why,
                    confirmed_on=place.confirmed_on,
                    follows_closure=place.follows_closure,
                )
                for place in life.places
            ],
        )
        self._each(this, SENProvision, pairs, self._provision)
        self._each(
            this,
            SENNeed,
            pairs,
            lambda child, life: (
                [self.about(SENNeed, child, SCHOOL, value=life.need, start=life.need_from)] if life.need else []
            ),
        )
        self._each(
            this,
            EHCPlan,
            pairs,
            lambda child, life: (
                [
                    self.about(
                        EHCPlan,
                        child,
                        PERSON,
                        start=life.plan_from,
                        review_on=life.plan_review_on,
                        la_code=AUTHORITY_CODE,
                    )
                ]
                if life.plan_from
                else []
            ),
        )
        self._each(this, SDQScore, pairs, self._scores)

    def _provision(self, child: Child, life: Life) -> list[SENProvision]:
        ends: list[date | None] = [*(start for start, _ in life.sen), None][1:]
        return [
            self.about(SENProvision, child, SCHOOL, value=value, start=start, end=end)
            for (start, value), end in zip(life.sen, ends, strict=True)
        ]

    def _scores(self, child: Child, life: Life) -> list[SDQScore]:
        ends: list[date | None] = [*(start for start, _, _ in life.sdq), None][1:]
        return [
            self.about(SDQScore, child, RETURN, score=score, reason=reason, start=start, end=end)
            for (start, score, reason), end in zip(life.sdq, ends, strict=True)
        ]

    def the_people_round_them(self, this: ThisChange, children: list[Child], allocated: list[list[Allocated]]) -> None:
        self.save(
            this,
            Allocation,
            [
                self.about(Allocation, child, LIST, account=person.account, role=role, start=start, end=end)
                for child, people in zip(children, allocated, strict=True)
                for person, role, start, end in people
            ],
        )

    # What waits for a person

    def the_open_questions(
        self,
        this: ThisChange,
        children: list[Child],
        lives: list[Life],
        allocated: list[list[Allocated]],
        register: Register,
        seed: int,
    ) -> None:
        """Differences between two sources, and what social workers have told of moves."""
        chance = Chance(seed, "questions")
        in_care = [at for at, life in enumerate(lives) if life.periods and life.left_on is None]
        told_by_school = [at for at in in_care if lives[at].places]
        self._differences(this, chance, children, lives, chance.some(told_by_school, 12))
        notices = []
        for at in chance.some(in_care, 6):
            worker = next((p for p, role, _, end in allocated[at] if role == Role.SOCIAL_WORKER and end is None), None)
            about = chance.choice(MoveNotice.About.values)
            happened = chance.happens(0.3)
            school = chance.choice(register.settings).record if about != MoveNotice.About.HOME else None
            notices.append(
                self.about(
                    MoveNotice,
                    children[at],
                    PERSON,
                    about=about,
                    happens_on=(
                        weekday_by(self.today - chance.days(1, 6))
                        if happened
                        else add_working_days(self.today, chance.randint(3, 25))
                    ),
                    has_happened=happened,
                    why=chance.choice(_WHY_MOVING[about]),
                    new_home="" if about == MoveNotice.About.SCHOOL else "Foster carers in Castlebury, to be confirmed",
                    new_school=school if school and not school.is_closed else None,
                    told_by=worker.account if worker else None,
                    told_on=self.today - chance.days(0, 6),
                    seen_on=self.today if chance.happens(0.3) else None,
                )
            )
        self.save(this, MoveNotice, notices)

    def the_looks(
        self,
        this: ThisChange,
        children: list[Child],
        lives: list[Life],
        allocated: list[list[Allocated]],
        staff: Staff,
    ) -> None:
        """Who looked at Mia and at others, an open matter about her, and three alerts, one of them reviewed.

        A look is of the moment at which it is written down, here as everywhere.
        """
        posts = {
            post.account_id: actor_for(post, today=self.today)
            for post in Post.objects.filter(authority=self.authority)
            .live(self.today)
            .select_related("account", "authority")
        }
        for at, child in enumerate(children):
            if lives[at].number != MIAS_NUMBER:
                continue
            for person, _, _, end in allocated[at]:
                if end is None and person.account.pk in posts:
                    looker = posts[person.account.pk]
                    shown = (s.value for s in (Section.BASICS, Section.SCHOOL, Section.CARE) if may_read(looker, s))
                    viewed(looker, child, ",".join(shown), route="profile:story")
            ig, teacher = staff.of(Role.IG)[0].account, staff[MARCUS].account
            matter = self.about(Matter, child, PERSON, kind=Matter.Kind.REVIEW, reference="IG-014", opened_by=ig)
            matter.reason = "Mia asked at her care review who has read her record"
            matter.start, matter.end = self.today - timedelta(days=6), self.today + timedelta(days=24)
            self.save(this, Matter, [matter])
            last = viewed(posts[teacher.pk], child, Section.SCHOOL, route="profile:school")
            noon = start_of(self.today) + timedelta(hours=12)
            for rule, days, state in (("refusals", 9, "right"), ("leaving_day", 2, "new"), ("name_alike", 1, "new")):
                noticed = noon - timedelta(days=days)
                alert = self.of(Alert, authority=self.authority, rule=rule, account=teacher, state=state)
                alert.on, alert.raised_at = self.today - timedelta(days=days), noticed
                alert.log, alert.first, alert.last = self.authority.pk, last, last
                if state != Alert.State.NEW:
                    alert.reviewed_by, alert.reviewed_at = ig, noticed + timedelta(days=1)
                    alert.note = "He opened an old list of bookmarks from before the summer"
                self.save(this, Alert, [alert])

    def _differences(
        self, this: ThisChange, chance: Chance, children: list[Child], lives: list[Life], chosen: list[int]
    ) -> None:
        """A dozen facts on which the return or the weekly list does not say what the school told."""
        characteristics = Characteristics.unscoped.in_bulk([children[at].pk for at in chosen], field_name="child_id")
        made = []
        for number, at in enumerate(chosen):
            child, life = children[at], lives[at]
            row: Any = characteristics[child.pk]
            source = RETURN
            name, other = "ethnicity", "WOTH" if life.ethnicity == "WBRI" else "WBRI"
            if number % 4 == 1:
                name, other = "first_language", "Polish" if life.first_language == "English" else "English"
            elif number % 4 == 2:
                name, other = "religion", "Christian" if life.religion != "Christian" else "No religion"
            elif number % 4 == 3:
                row, name, source = child, "birth_date", LIST
                other = (life.born_on + timedelta(days=chance.choice((-30, -1, 1, 9)))).isoformat()
            kept = getattr(row, name)
            made.append(
                self.about(
                    Difference,
                    child,
                    source,
                    part=row.section().value,
                    fact=f"{row._meta.model_name}.{row.pk}.{name}",
                    kept=kept.isoformat() if isinstance(kept, date) else kept,
                    kept_source=row.source,
                    other=other,
                    other_source=source,
                    noticed_on=self.today - chance.days(1, 40),
                )
            )
        self.save(this, Difference, made)


def _source(life: Life) -> str:
    """Who said who the child is: the school, once there is one; before, the weekly list or a person."""
    return SCHOOL if life.places else LIST if life.periods else PERSON


_WHY_MOVING: dict[str, tuple[str, ...]] = {
    MoveNotice.About.HOME: (
        "The carers have given notice; a home nearer to the grandparents has been found.",
        "Planned move to long-term carers after the panel’s decision.",
    ),
    MoveNotice.About.SCHOOL: (
        "The school says it can no longer meet need; a place nearby is being asked for.",
        "The journey is too long; carers and social worker have asked for a school nearer home.",
    ),
    MoveNotice.About.BOTH: (
        "The carers have given notice; the new home is too far from this school.",
        "Planned move to long-term carers in another town after the panel’s decision.",
    ),
}
