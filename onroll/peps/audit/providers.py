"""What the record says of one plan, as the rubrics ask it: each fact that they declare has a provider here or is not
held.

A provider answers None where the record does not hold what is asked; a person then says. A rule of the checker that the
writer set aside with a reason is neither fired nor not: whoever reads the plan judges the reason.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from onroll.access.actors import Actor
from onroll.access.sections import Section, may_read
from onroll.peps.audit.facts import FactKind, Facts
from onroll.peps.audit.rubric_files import declared
from onroll.peps.forms.declarations import FilledBy
from onroll.peps.forms.reading import values_of
from onroll.peps.forms.values import is_nothing
from onroll.peps.models import MoneyRequest, Pep, PepTarget
from onroll.peps.target_actions import Checker, next_deadline
from onroll.peps.targets.bank import Evidence, whole_bank
from onroll.peps.targets.checker import ALL_RULES, check_target
from onroll.peps.targets.reading import measure
from onroll.peps.targets.rules import HINT
from onroll.peps.voice.questions import Variant
from onroll.peps.voice.reading import ENOUGH_OFFERS, real_offers
from onroll.peps.voice_models import VoiceAnswer, VoiceOffer
from onroll.peps.writing import LATER, Writing

ENOUGH_EVIDENCE = 4
WITHIN_A_YEAR = timedelta(days=365)
PRIME_AREAS = ("Communication and language", "Personal, social and emotional development", "Physical development")
NO_MONEY = "No target needs money"
# How the young person takes part, as the form says it.
PARTS_TAKEN = {
    "Comes for all of it": "comes_for_all",
    "Comes for part of it": "comes_for_part",
    "Runs all or part of it": "runs_all_or_part",
    "Sends views and does not come": "sends_views",
    "Chose not to take part": "chose_not_to",
    "Not right this time": "not_right_this_time",
}
# The words by which those who met are found in the list of who came.
SOCIAL_WORKERS = ("social worker",)
WHO_LEADS = ("designated teacher", "deputy designated teacher", "setting lead", "key person")
CARERS = ("carer", "foster carer", "kinship carer")
TRANSITIONS = ("transition_", "permanence")
# What a tick tells of a part that not everybody who reads plans reads.
OF_PART = dict.fromkeys(("sdq_in_date", "sdq_reason", "sdq_concern", "sdq_action"), Section.HEALTH)


def facts_of_plan(writing: Writing) -> dict[str, object]:
    """Every declared fact that is held of this plan, as the audit takes them. A few queries."""
    reader = _Reader(writing)
    held = {key: PROVIDERS[key](reader) for key in declared().facts if key in PROVIDERS}
    return {key: value for key, value in held.items() if value is not None}


def as_read_by(facts: Facts, actor: Actor) -> dict[str, object]:
    """The facts without those of parts of the record that this reader does not read."""
    return {key: value for key, value in facts.items() if may_read(actor, OF_PART.get(key, Section.PEP))}


class _Reader:
    """A plan with its answers, its targets as the checker sees them, and its young person's answers, each read once."""

    def __init__(self, writing: Writing) -> None:
        self.writing = writing
        self.pep: Pep = writing.pep
        self.known = writing.known
        self.today: date = writing.actor.today

    @cached_property
    def answers(self) -> dict[str, Any]:
        return values_of(self.writing.standing)

    def says(self, *keys: str) -> bool:
        """Whether one of these questions is answered."""
        return any(not is_nothing(self.answers.get(key)) for key in keys)

    def lines(self, key: str) -> list[dict[str, Any]]:
        """The lines of a table that say something."""
        given = self.answers.get(key)
        return [line for line in given if any(line.values())] if isinstance(given, list) else []

    def chosen(self, key: str) -> str:
        given = self.answers.get(key)
        return given if isinstance(given, str) else ""

    # What a form asks, by a name that the forms know too

    def fact(self, key: str) -> object:
        """A fact of the forms, in the kind that the rubrics declare. A word that is none of its values is not held."""
        held, asked = self.writing.facts.get(key), declared().facts[key]
        if asked.kind is FactKind.YES_NO:
            return {"yes": True, "no": False}.get(str(held))
        if asked.kind is FactKind.NUMBER:
            return held if isinstance(held, int) else None
        return held if held in asked.values else None

    # Who met

    def came(self, roles: Iterable[str]) -> bool | None:
        """Whether somebody in one of these roles came. None: nobody in such a role stands in the list."""
        of_role = [line for line in self.lines("meeting_people") if str(line.get("role", "")).strip().lower() in roles]
        return any(line.get("came") == "Yes" for line in of_role) if of_role else None

    # The young person

    @cached_property
    def voice(self) -> list[VoiceAnswer]:
        return [each for each in VoiceAnswer.unscoped.filter(pep=self.pep) if each.says_something]

    @cached_property
    def offers(self) -> list[VoiceOffer]:
        return list(VoiceOffer.unscoped.filter(pep=self.pep))

    def count_voice(self, *, watched: bool) -> int | None:
        """How many questions have an answer. None: views came from elsewhere, and nobody counted them."""
        if not self.voice:
            return None if self.pep.voice_recorded else 0
        of_kind = [each for each in self.voice if (each.given == VoiceAnswer.Given.OBSERVED) is watched]
        return len({each.question_key for each in of_kind})

    def voice_since_last_meeting(self) -> bool | None:
        if not self.voice:
            return None if self.pep.voice_recorded else False
        before = self.known.before
        met = (before.held_on or before.meeting_on) if before else None
        return met is None or max(each.said_on for each in self.voice) > met

    # Targets

    @property
    def targets(self) -> list[PepTarget]:
        return self.known.targets

    @cached_property
    def checker(self) -> Checker:
        return Checker.of(self.writing)

    @cached_property
    def found(self) -> list[tuple[PepTarget, set[str], set[str]]]:
        """Each target with the rules that fire on it, of all rules, and those that are more than a hint of those that
        the authority has on.
        """
        money = {request.target_id: request for request in self.known.requests}
        own = self.checker.settings
        rules = replace(own, on=ALL_RULES.on)
        found = []
        for target in self.targets:
            asked = money.get(target.pk)
            read = self.checker.target(
                target, money=asked.amount if asked else 0, money_for=asked.buys if asked else ""
            )
            said = check_target(read, rules)
            weak = {each.rule for each in said if each.rule in own.on and each.severity is not HINT}
            found.append((target, {each.rule for each in said}, weak))
        return found

    def fired(self, rule: str) -> int | None:
        """On how many targets a rule fires. None: on none but those where the writer set it aside."""
        on = [target for target, rules, _ in self.found if rule in rules]
        count = sum(rule not in target.set_aside for target in on)
        return None if on and not count else count

    def weak(self) -> int | None:
        """How many targets are weak. None: none but those whose weakness the writer set aside."""
        on = [(target, weak) for target, _, weak in self.found if weak]
        count = sum(bool(weak - set(target.set_aside)) for target, weak in on)
        return None if on and not count else count

    def without(self, least: int) -> int:
        """How many targets say fewer than so many of what, when, where, who and how often."""
        said = ((each.action, each.when, each.where, each.owner, each.how_often) for each in self.targets)
        return sum(sum(bool(words.strip()) for words in five) < least for five in said)

    def without_need(self) -> int:
        listed = {str(line.get("need", "")) for line in self.lines("needs_list")} - {""}
        return sum(each.need not in listed for each in self.targets)

    def missing_targets(self) -> int:
        settings = self.writing.settings
        first = self.pep.kind == Pep.Kind.INITIAL
        return max(0, (settings.target_minimum_initial if first else settings.target_minimum) - len(self.targets))

    # The last plan

    @property
    def reviewed(self) -> list[PepTarget]:
        return self.known.to_review

    def half_with_number(self) -> bool | None:
        told = [each.evidence for each in self.reviewed if each.outcome]
        if not told:
            return None
        return 2 * sum(measure(words) or any(c.isdigit() for c in words) for words in told) >= len(told)

    @cached_property
    def last_requests(self) -> list[MoneyRequest]:
        if self.known.before is None:
            return []
        asked = MoneyRequest.unscoped.filter(pep=self.known.before, taken_back_on__isnull=True)
        return list(asked.select_related("target"))

    def last_without_effect(self) -> int | None:
        """Last term's requests of which neither effect nor outcome is told. What was spent is not held."""
        silent = [
            each for each in self.last_requests if not (each.target and (each.target.effect or each.target.outcome))
        ]
        return len(silent) or (None if self.last_requests else 0)

    # Days

    def done_in_time(self) -> bool | None:
        done, due = self.pep.done_on(self.writing.settings.done_means), self.pep.due_on
        if due is None:
            return None
        if done is None:
            return None if self.today <= due else False
        return done <= due

    def started_in_time(self) -> bool | None:
        started, by = self.pep.started_on, self.pep.start_by
        return started <= by if started and by else None

    def next_meeting_in_time(self) -> bool | None:
        said = _day(self.answers.get("meeting_next_on"))
        if said is None:
            return False
        due = next_deadline(self.pep)
        return None if due is None else said <= due

    def guidance_in_year(self) -> bool:
        told = [*self.lines("asp_careers"), *self.lines("p16_guidance")]
        days = [on for line in told if (on := _day(line.get("on")))]
        return any(self.today - WITHIN_A_YEAR <= on <= self.today for on in days)

    def sdq_concern(self) -> bool | None:
        band = self.writing.facts.get("sdq_band")
        return None if band is None else band == "concern"

    # Answers that are counted

    def empty_answers(self) -> int:
        return sum(each.section.key not in LATER for each in self.writing.missing())

    def carer_answers(self) -> int:
        asked = (each for section in self.writing.shown for each in section.of(FilledBy.CARER))
        return sum(not is_nothing(each.value) for each in asked)

    def prime_areas_missing(self) -> int:
        told = {str(line.get("area")) for line in self.lines("ey_areas") if line.get("now")}
        return sum(area not in told for area in PRIME_AREAS)

    def courses_without_result(self) -> int:
        return sum(not line.get("predicted") for line in self.lines("p16_courses"))

    def transition_empty(self) -> int:
        return sum(each.section.key.startswith(TRANSITIONS) for each in self.writing.missing())

    def receiving_school_met(self) -> bool | None:
        said = self.chosen("tr_sec_came")
        return said in ("Came to this meeting", "Met another time") if said else None

    def dated_actions(self) -> int:
        return sum(bool(_day(line.get("by"))) for key in ("neet_plan", "action_list") for line in self.lines(key))


def _day(said: object) -> date | None:
    try:
        return date.fromisoformat(str(said)) if said else None
    except ValueError:
        return None


def _unless_said(said: bool) -> bool | None:
    """No where nothing is said. What is said only a person can judge."""
    return None if said else False


Provider = Callable[[_Reader], object]

# What the forms know by the same name.
_OF_FORMS = (
    "pep_kind",
    "term",
    "age",
    "year_group",
    "on_roll",
    "lives_with_carer",
    "grant_eligible",
    "sen_provision",
    "transition_shown",
    "leaves_year_11",
    "previous_pep",
    "previous_targets",
    "late",
    "sdq_in_date",
    "attendance_below_line",
    "suspensions_since_last",
)
_FIRED = ("T01", "T02", "T03", "T04", "T06", "T14", "T15", "T17")

PROVIDERS: dict[str, Provider] = {
    **{key: (lambda plan, key=key: plan.fact(key)) for key in _OF_FORMS},  # type: ignore[misc]
    **{f"fired_{rule.lower()}": (lambda plan, rule=rule: plan.fired(rule)) for rule in _FIRED},  # type: ignore[misc]
    "phase": lambda plan: plan.pep.form,
    "route": lambda plan: plan.chosen("route") or None,
    "previous_money": lambda plan: bool(plan.last_requests),
    "done_in_time": _Reader.done_in_time,
    "started_in_time": _Reader.started_in_time,
    "required_empty": _Reader.empty_answers,
    "next_meeting_in_time": _Reader.next_meeting_in_time,
    "social_worker_came": lambda plan: plan.came(SOCIAL_WORKERS),
    "lead_came": lambda plan: plan.came(WHO_LEADS),
    "carer_came": lambda plan: plan.came(CARERS),
    "carer_part_complete": lambda plan: plan.pep.carer_part_on is not None,
    "carer_answers": _Reader.carer_answers,
    "family_asked": lambda plan: plan.says("family_asked"),
    "young_person_part": lambda plan: PARTS_TAKEN.get(plan.chosen("meeting_child_part")),
    "voice_variant": lambda plan: Variant(plan.voice[-1].variant).value if plan.voice else None,
    "voice_answers": lambda plan: plan.count_voice(watched=False),
    "voice_observations": lambda plan: plan.count_voice(watched=True),
    "voice_helper": lambda plan: plan.says("voice_helper") or any(each.helper for each in plan.voice),
    "voice_form": lambda plan: plan.says("voice_form") or bool(plan.voice),
    "voice_since_last_meeting": _Reader.voice_since_last_meeting,
    "voice_effect_words": lambda plan: len(plan.chosen("voice_effect").split()),
    "voice_offers_declined": lambda plan: len({each.offered_on for each in plan.offers}),
    "voice_declined_words": lambda plan: len(real_offers(plan.offers)) >= ENOUGH_OFFERS,
    "prime_areas_without_entry": _Reader.prime_areas_missing,
    "courses": lambda plan: len(plan.lines("p16_courses")),
    "courses_without_result": _Reader.courses_without_result,
    "needs": lambda plan: len(plan.lines("needs_list")),
    "activities": lambda plan: len(plan.lines("asp_clubs")),
    "ambition": lambda plan: plan.says("asp_ambition", "p16_goal"),
    "careers_guidance_in_year": _Reader.guidance_in_year,
    "sen_support": lambda plan: plan.says("sen_support"),
    "sen_ehc_fit": lambda plan: plan.says("sen_ehc_fit"),
    "sdq_reason": lambda plan: plan.says("health_sdq_missing"),
    "sdq_concern": _Reader.sdq_concern,
    "sdq_action": lambda plan: plan.says("health_sdq_action"),
    "attendance_action": lambda plan: _unless_said(plan.says("att_plan")),
    "suspension_learning": lambda plan: plan.says("att_susp_learning"),
    "suspension_change": lambda plan: plan.says("att_susp_change"),
    "reviews_incomplete": lambda plan: sum(
        not each.outcome or len(each.evidence.split()) < ENOUGH_EVIDENCE for each in plan.reviewed
    ),
    "reviews_half_with_number": _Reader.half_with_number,
    "unmet_without_change": lambda plan: sum(
        each.outcome in (PepTarget.Outcome.PARTLY, PepTarget.Outcome.NOT_MET) and not each.change_recorded.strip()
        for each in plan.reviewed
    ),
    "targets": lambda plan: len(plan.targets),
    "targets_missing": _Reader.missing_targets,
    "targets_weak": _Reader.weak,
    "targets_ambitious": lambda plan: sum(bool(each.ambitious) for each in plan.targets),
    "targets_from_voice": lambda plan: sum(bool(each.from_voice) for each in plan.targets),
    "targets_without_need": _Reader.without_need,
    "targets_without_two": lambda plan: plan.without(2),
    "targets_without_five": lambda plan: plan.without(5),
    "interventions_with_evidence": lambda plan: sum(each.intervention in _evidenced() for each in plan.targets),
    "fired_p02": lambda plan: sum(each.rule == "P02" for each in plan.checker.plan()),
    "requests": lambda plan: len(plan.known.requests),
    "requests_unlinked": lambda plan: sum(each.target_id is None for each in plan.known.requests),
    "requests_without_amount": lambda plan: sum(each.amount <= 0 for each in plan.known.requests),
    "money_need_met": lambda plan: NO_MONEY in (plan.answers.get("money_needed") or ()),
    "last_requests_without_effect": _Reader.last_without_effect,
    "transition_empty": _Reader.transition_empty,
    "receiving_school_met": _Reader.receiving_school_met,
    "september_offer": lambda plan: plan.chosen("tr_p16_guarantee") == "Yes",
    "planned_start": lambda plan: plan.says("nor_start"),
    "dated_actions": _Reader.dated_actions,
    "seen_in_five_days": lambda plan: _unless_said(plan.says("nor_seen")),
}


def _evidenced() -> set[str]:
    return {each.key for each in whole_bank() if each.evidence_based is Evidence.YES}
