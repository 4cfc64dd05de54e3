"""What the record knows for a plan: the facts that decide what is asked, the answers it gives, and what it shows.

Each fact, answer and shown line has a provider under its name in the form's files. One that is not held answers
nothing: its line is absent, its question stands as a plain one, and a condition on it does not hold. A part that comes
to hold it registers its own provider.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from onroll.access.actors import Actor
from onroll.access.roles import Role
from onroll.access.sections import Section, may_read
from onroll.attainment.models import Result
from onroll.attainment.queries import TermOfYear, of_term, termly
from onroll.children.models import (
    Allocation,
    CareEpisode,
    Characteristics,
    CharacteristicSpell,
    Child,
    EHCPlan,
    Review,
    SchoolPlace,
    SDQScore,
    SENNeed,
    SENProvision,
)
from onroll.children.queries import SHORT_BREAKS, periods_of_care
from onroll.children.records import holds_on
from onroll.codes import LEGAL_STATUS, SEN_NEED, SEN_PROVISION
from onroll.codes.year_groups import age_on, year_group_of
from onroll.design.words import count_of, day

from .activity_models import Activity, is_old
from .clock import Happened
from .facts import changes_of_school, leaves_year_11, moves_to_secondary, starts_reception
from .meeting.people import action_row, key_person_is_absent, people_of, person_row
from .meeting_models import MeetingPerson, PepAction
from .models import MoneyRequest, Pep, PepSettings, PepTarget
from .queries import days_late
from .voice import reading as voice
from .voice_models import VoiceAnswer
from .workflow import State

# A school may be told the band of a score, as the guidance on the questionnaire draws it: 14 to 16 is borderline.
BORDERLINE, CONCERN = 14, 17
SDQ_LASTS = timedelta(days=365)
# The last seven of the facts of a form are the transitions.
TRANSITIONS = (
    "starts_reception",
    "moves_to_secondary",
    "chooses_options",
    "leaves_year_11",
    "school_move",
    "returns_to_school",
    "permanence_plan",
)
LATELY = timedelta(days=60)


@dataclass
class Known:
    """The plan's child on a day, as the record has them. Each part of the record is read once, when it is asked for."""

    pep: Pep
    on: date
    settings: PepSettings
    # For whom lines are shown. What is asked follows from the whole record, whoever reads.
    reader: Actor

    @property
    def child(self) -> Child:
        return self.pep.child

    @property
    def year(self) -> int:
        return year_group_of(self.child.birth_date, on=self.on).number

    @cached_property
    def before(self) -> Pep | None:
        """The last plan before this one that was not set aside."""
        earlier = Pep.unscoped.filter(child=self.child).exclude(pk=self.pep.pk)
        earlier = earlier.exclude(state__in=[State.EXEMPT.value, State.MISSED.value])
        # Of a plan that came from elsewhere it may be known only when its meeting was.
        earlier = earlier.annotate(was_on=Coalesce("due_on", "meeting_on"))
        if self.pep.due_on:
            earlier = earlier.filter(Q(was_on__lt=self.pep.due_on) | Q(was_on__isnull=True))
        return earlier.order_by(F("was_on").desc(nulls_last=True), "-meeting_on", "-pk").first()

    @cached_property
    def to_review(self) -> list[PepTarget]:
        """The targets of the last plan whose review opens this one."""
        return list(PepTarget.unscoped.filter(pep=self.before)) if self.before else []

    @cached_property
    def targets(self) -> list[PepTarget]:
        return list(PepTarget.unscoped.filter(pep=self.pep))

    @cached_property
    def requests(self) -> list[MoneyRequest]:
        return list(MoneyRequest.unscoped.filter(pep=self.pep, taken_back_on__isnull=True).order_by("pk"))

    @cached_property
    def meeting_people(self) -> list[MeetingPerson]:
        return people_of(self.pep)

    @cached_property
    def actions(self) -> list[PepAction]:
        return list(PepAction.unscoped.filter(pep=self.pep).select_related("owner"))

    @cached_property
    def said(self) -> list[VoiceAnswer]:
        """What the young person said for this plan and lets the reader see."""
        return voice.said_to(self.pep, self.reader)

    @cached_property
    def said_to_everyone(self) -> list[VoiceAnswer]:
        """What the young person said and lets everyone at the meeting read: this alone can be an answer of the plan."""
        return voice.said_to_everyone(self.pep)

    @cached_property
    def said_at_all(self) -> list[VoiceAnswer]:
        return list(VoiceAnswer.unscoped.filter(pep=self.pep).defer("words"))

    @cached_property
    def places(self) -> list[SchoolPlace]:
        return list(SchoolPlace.unscoped.filter(child=self.child).select_related("school").order_by("start", "pk"))

    @property
    def places_now(self) -> list[SchoolPlace]:
        waiting = SchoolPlace.Kind.AWAITING
        return [place for place in self.places if place.holds_on(self.on) and place.kind != waiting]

    @cached_property
    def characteristics(self) -> Characteristics | None:
        return Characteristics.unscoped.filter(child=self.child).first()

    @cached_property
    def spells(self) -> set[str]:
        """The dated characteristics of the day."""
        held = CharacteristicSpell.unscoped.filter(holds_on(self.on), child=self.child)
        return {kind for kind, value in held.values_list("kind", "value") if value.lower() not in ("no", "n", "0", "")}

    @cached_property
    def sdq(self) -> SDQScore | None:
        scores = SDQScore.unscoped.filter(child=self.child, start__lte=self.on, score__isnull=False)
        return scores.order_by("-start", "-pk").first()

    @cached_property
    def sen(self) -> str:
        held = SENProvision.unscoped.filter(holds_on(self.on), child=self.child).order_by("-start", "-pk")
        return held.values_list("value", flat=True).first() or ""

    @cached_property
    def ehc(self) -> EHCPlan | None:
        return EHCPlan.unscoped.filter(holds_on(self.on), child=self.child).order_by("-start").first()

    @cached_property
    def episode(self) -> CareEpisode | None:
        held = CareEpisode.unscoped.filter(holds_on(self.on), child=self.child).exclude(legal_status__in=SHORT_BREAKS)
        return held.select_related("placement").order_by("-start", "-pk").first()

    @cached_property
    def activity(self) -> Activity | None:
        """What the young person was last said to do."""
        return Activity.unscoped.filter(child=self.child, on__lte=self.on).order_by("-on").first()

    @cached_property
    def results(self) -> list[Result]:
        """The teachers' assessments of every term, the newest first."""
        return termly(self.child)

    @property
    def results_of_the_term(self) -> list[Result]:
        return of_term(self.results, TermOfYear.of(self.pep.academic_year, self.pep.term))

    @cached_property
    def people(self) -> list[Allocation]:
        held = Allocation.unscoped.filter(holds_on(self.on), child=self.child).select_related("account")
        return list(held.order_by("role", "-start"))

    def person(self, role: Role) -> str:
        return next((each.account.name for each in self.people if each.role == role), "")


def _yes(held: bool | None) -> str | None:
    return None if held is None else "yes" if held else "no"


Provider = Callable[[Known], Any]


def _moves_to_secondary(known: Known) -> str | None:
    return _yes(moves_to_secondary(known.year, known.pep.term))


def _leaves_year_11(known: Known) -> str | None:
    return _yes(leaves_year_11(known.year, known.pep.term))


def _starts_reception(known: Known) -> str | None:
    return _yes(starts_reception(known.year, known.pep.term))


def _school_move(known: Known) -> str | None:
    moves = changes_of_school(known.places, known.child.birth_date)
    return _yes(any(known.on - LATELY <= moved <= known.on for moved in moves))


def _ehc_review_due(known: Known) -> str | None:
    if known.ehc is None or known.ehc.review_on is None:
        return None
    return _yes(known.on <= known.ehc.review_on <= known.on + timedelta(days=120))


def _sdq_band(known: Known) -> str | None:
    if known.sdq is None or known.sdq.score is None:
        return None
    score = known.sdq.score
    return "concern" if score >= CONCERN else "borderline" if score >= BORDERLINE else "normal"


def _sdq_in_date(known: Known) -> str:
    return "yes" if known.sdq is not None and known.sdq.start > known.on - SDQ_LASTS else "no"


def _lives_with_carer(known: Known) -> str:
    return "yes" if known.person(Role.CARER) else "no"


FACTS: dict[str, Provider] = {
    "pep_kind": lambda known: known.pep.kind,
    "term": lambda known: known.pep.term,
    "age": lambda known: age_on(known.child.birth_date, on=known.on),
    "year_group": lambda known: known.year,
    "previous_pep": lambda known: _yes(known.before is not None),
    "previous_targets": lambda known: len(known.to_review),
    "on_roll": lambda known: _yes(bool(known.places_now)),
    "sen_provision": lambda known: known.sen or None,
    "ehc_review_due": _ehc_review_due,
    "eal": lambda known: _yes("eal" in known.spells),
    "uasc": lambda known: _yes(known.characteristics.uasc) if known.characteristics else None,
    "disability": lambda known: _yes("disability" in known.spells),
    "sdq_in_date": _sdq_in_date,
    "sdq_band": _sdq_band,
    "alternative_provision": lambda known: _yes(any(p.kind == SchoolPlace.Kind.AP for p in known.places_now)),
    "assessment_returned": lambda known: _yes(bool(known.results_of_the_term)),
    "voice_recorded": lambda known: _yes(bool(known.pep.voice_recorded)),
    "grant_eligible": lambda known: _yes(0 <= known.year <= 11),
    "eypp_eligible": lambda known: _yes(known.year < 0),
    "starts_reception": _starts_reception,
    "moves_to_secondary": _moves_to_secondary,
    "leaves_year_11": _leaves_year_11,
    "school_move": _school_move,
    "lives_with_carer": _lives_with_carer,
    "returned": lambda known: _yes(known.pep.state == State.RETURNED),
    "late": lambda known: _yes(days_late(known.pep, known.settings, known.on) > 0),
    "key_person_absent": lambda known: _yes(key_person_is_absent(known.meeting_people)),
    "target_minimum": lambda known: known.settings.target_minimum,
    "target_minimum_initial": lambda known: known.settings.target_minimum_initial,
}


# Answers that the record gives


def _hours(known: Known) -> str | None:
    held = [place.hours_per_week for place in known.places_now if place.hours_per_week is not None]
    return f"{sum(held):g}" if held else None


def _review_on(known: Known) -> date | None:
    coming = Review.unscoped.filter(child=known.child, on__gte=known.on)
    return coming.order_by("on").values_list("on", flat=True).first()


def _fresh_activity(known: Known) -> Activity | None:
    """What is known of the activity, while it may stand in a plan."""
    found = known.activity
    return found if found is not None and not is_old(found.on, known.on) else None


def _activity(known: Known) -> str | None:
    found = _fresh_activity(known)
    return found.activity if found else None


def _activity_since(known: Known) -> str | None:
    found = _fresh_activity(known)
    return found.since.isoformat() if found and found.since else None


ANSWERS: dict[str, Provider] = {
    "destination.current": _activity,
    "destination.on": _activity_since,
    "pep.default_no": lambda known: "No",
    "pep.proposed_meeting_on": lambda known: known.pep.meeting_on.isoformat() if known.pep.meeting_on else None,
    "school_place.hours_per_week": _hours,
    "allocations.personal_adviser": lambda known: known.person(Role.PERSONAL_ADVISER) or None,
    "voice.hopes": lambda known: voice.words_of_theme(known.said_to_everyone, voice.HOPE) or None,
    "voice.trusted_adult": lambda known: voice.trusted_adult(known.said_to_everyone) or None,
    "voice.how_i_take_part": lambda known: voice.takes_part(known.said_to_everyone) or None,
}

# Of the young person's own section, by question: how they said what they said. Never what.
OF_THEIR_PAGES: dict[str, Provider] = {
    "voice_helper": lambda known: voice.helper_of(known.said_at_all) or None,
    "voice_form": lambda known: voice.ways_of(known.said_at_all) or None,
}


# Answers that have a place of their own, and are typed nowhere else

_SUPPORT: dict[str, str] = {
    Pep.Support.NO: "No",
    Pep.Support.SCHOOL: "Yes: school is asking",
    Pep.Support.SOCIAL_WORKER: "Yes: social worker is asking",
    Pep.Support.CARER_OR_CHILD: "Yes: carer or young person is asking",
}


def _meeting_on(known: Known) -> str:
    met = known.pep.held_on or known.pep.meeting_on
    return met.isoformat() if met else ""


def _said(value: bool | None) -> str:
    return "" if value is None else "Yes" if value else "No"


def _actions(known: Known) -> list[dict[str, Any]]:
    carers = [each.account_id for each in known.people if each.role == Role.CARER]
    return [action_row(action, carers) for action in known.actions]


KEPT_ELSEWHERE: dict[str, Provider] = {
    "meeting_on": _meeting_on,
    "meeting_time": lambda known: f"{known.pep.meeting_time:%H:%M}" if known.pep.meeting_time else "",
    "meeting_mode": lambda known: known.pep.get_meeting_mode_display(),
    "meeting_place": lambda known: known.pep.meeting_place,
    "meeting_outside_lessons": lambda known: _said(known.pep.outside_lessons),
    "meeting_people": lambda known: [person_row(each, known.child) for each in known.meeting_people],
    "meeting_vs_support": lambda known: _SUPPORT.get(known.pep.support_required or Pep.Support.NO, ""),
    "meeting_next_on": lambda known: known.pep.next_meeting_on.isoformat() if known.pep.next_meeting_on else "",
    "action_list": _actions,
}


# Lines that are shown


def _identity(known: Known) -> str:
    child = known.child
    parts = [child.name, f"born {day(child.birth_date)}", year_group_of(child.birth_date, on=known.on).label]
    facts = known.characteristics if may_read(known.reader, Section.CHARACTERISTICS) else None
    if facts and facts.first_language:
        parts.append(f"first language {facts.first_language}")
    if facts and facts.religion:
        parts.append(facts.religion)
    return ", ".join(parts)


def _care(known: Known) -> str:
    if known.episode is None:
        return ""
    episodes = CareEpisode.unscoped.filter(child=known.child).exclude(legal_status__in=SHORT_BREAKS).order_by("start")
    periods = periods_of_care(episodes)
    since = f"In care since {day(periods[-1].start)}" if periods else ""
    status = LEGAL_STATUS.get(known.episode.legal_status)
    return ", ".join(part for part in (since, status.label if status else "") if part)


def _people(known: Known) -> str:
    # Who the carers are is a section of its own.
    return "; ".join(
        f"{Role(each.role).label}: {each.account.name}" for each in known.people if each.role != Role.CARER
    )


def _school(known: Known) -> str:
    # A mark keeps a school from readers, and a school reads of its own place alone.
    seen = set(SchoolPlace.of(known.child, known.reader).values_list("pk", flat=True))
    return "; ".join(
        f"{place.school.name}, {place.get_kind_display().lower()}, since {day(place.start)}"
        for place in known.places_now
        if place.school is not None and place.pk in seen
    )


def _sdq(known: Known) -> str:
    band = {"normal": "close to average", "borderline": "borderline", "concern": "cause for concern"}
    if known.sdq is None:
        return ""
    return f"{known.sdq.score} of 40 on {day(known.sdq.start)}: {band[_sdq_band(known) or 'normal']}"


def _sen_line(known: Known) -> str:
    provision = SEN_PROVISION.get(known.sen) if known.sen else None
    needs = SENNeed.unscoped.filter(holds_on(known.on), child=known.child).values_list("value", flat=True)
    labels = [found.label for found in (SEN_NEED.get(need) for need in needs) if found]
    review = f"annual review on {day(known.ehc.review_on)}" if known.ehc and known.ehc.review_on else ""
    return ", ".join(part for part in (provision.label if provision else "", *labels, review) if part)


def _assessed(rows: list[Result]) -> str:
    """Like "Maths: Expected (on track); Reading: Working towards"."""
    track = {Result.OnTrack.YES.value: " (on track)", Result.OnTrack.NO.value: " (not on track)"}
    return "; ".join(f"{row.subject}: {row.value}{track.get(row.on_track, '')}" for row in rows)


def _assessed_last(known: Known) -> str:
    """The newest assessments, with the term that they are of."""
    if not known.results:
        return ""
    newest = TermOfYear.of(known.results[0].academic_year, known.results[0].term)
    return f"{_assessed(of_term(known.results, newest))}, {newest.words}"


def _money_last(known: Known) -> str:
    if known.before is None:
        return ""
    asked = MoneyRequest.unscoped.filter(pep=known.before, taken_back_on__isnull=True)
    return "; ".join(f"{request.buys or 'Asked'}: £{request.amount:,.2f}" for request in asked)


def _minimum(known: Known) -> str:
    return count_of(known.settings.target_minimum_initial, "target")


SHOWN: dict[str, Provider] = {
    "child.identity": _identity,
    "care_episodes": _care,
    "allocations": _people,
    "school_places;inspections": _school,
    "school_places.ap": _school,
    "school_places;child.age_months": _school,
    "needs.sdq": _sdq,
    "results.termly": lambda known: _assessed(known.results_of_the_term),
    "results": lambda known: _assessed_last(known) if may_read(known.reader, Section.ATTAINMENT) else "",
    "needs.sen": _sen_line,
    "pep.reasons": lambda known: why_for(known.pep, known.reader),
    "pep.started_on": lambda known: day(known.pep.started_on) if known.pep.started_on else "",
    "pp_requests.last_term": _money_last,
    "care_review.next_on": lambda known: day(_review_on(known)) if _review_on(known) else "",
    "setting target_minimum_initial (2)": _minimum,
    "voice.hopes": lambda known: voice.words_of_theme(known.said, voice.HOPE),
    "voice.who_at_meeting": lambda known: voice.who_at_the_meeting(known.said),
    "audit.accepted_on": lambda known: day(known.pep.signed_off_on) if known.pep.signed_off_on else "",
    "rule: rubric aggregation": lambda known: known.pep.get_grade_display(),
}


def why_for(pep: Pep, reader: Actor) -> str:
    """Why a plan is due then, for a reader. What happened to a child is told to those who read that part of the record;
    others are told that something brought the date forward.
    """
    reads = may_read(reader, Section.OTHER_STATUS) and may_read(reader, Section.CARE)
    if reads:
        return pep.why
    return " ".join(_without_what_happened(each) for each in pep.why.split(". "))


_HAPPENED = tuple(each.words for each in Happened)


def _without_what_happened(sentence: str) -> str:
    sentence = sentence.rstrip(".")
    told = any(words in sentence or words.capitalize() in sentence for words in _HAPPENED)
    return "Something that happened changed the date." if told else f"{sentence}."


def facts_of(known: Known) -> dict[str, Any]:
    """The facts that are held of this plan."""
    held = {name: provider(known) for name, provider in FACTS.items()}
    held["transition_shown"] = "yes" if any(held.get(name) == "yes" for name in TRANSITIONS) else "no"
    return {name: value for name, value in held.items() if value is not None}
