"""Ashcombe's improvement plan of this school year: twelve actions, some ahead of their figures and some behind."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from onroll.access.roles import Role
from onroll.documents.examining import examine
from onroll.history.changes import ThisChange
from onroll.plans.actions import date_by_words
from onroll.plans.models import (
    Action,
    Asked,
    BoundMeasure,
    DutyAnswer,
    Evidence,
    Goal,
    Lead,
    Line,
    Meeting,
    Milestone,
    NextStep,
    Plan,
    PlanDocument,
    Published,
    Rating,
    Section,
    Serves,
    Update,
)
from onroll.plans.queries import content_of, read_plan
from onroll.plans.storing import FILES

from .calendar import first_year_of
from .staff import PRIYA, Person, Staff
from .writing import Writer

HEAD, DEPUTY, ADVISER = "head", "deputy", "adviser"
OFF, GOING, DONE = "Off Track", "In Progress", "Completed"


@dataclass(frozen=True)
class Told:
    """One action as the demonstration tells it. `said` is days ago, words, and the rating given with them."""

    section: str
    words: str
    leads: tuple[str, ...]
    by: str
    outcome: str
    judged: str
    measures: tuple[str, ...] = ()
    said: tuple[tuple[int, str, str], ...] = ()
    milestones: tuple[tuple[str, int, int | None, str], ...] = ()
    serves: tuple[tuple[str, str], ...] = ()


PEPS, SCHOOL, HOME, PEOPLE = (
    "A PEP that changes something",
    "A place in a good school, every day",
    "Fewer moves of home and school",
    "Everybody knows their part",
)
# Days of milestones count from the first of September; achieved after so many days, or not yet.
TOLD = (
    Told(
        PEPS,
        "Three in four PEPs are graded good or better",
        (HEAD,),
        "July {next}",
        "Targets that a child can tell you about",
        "PEP audits of the month, target 75%",
        ("W16", "W17", "W21"),
        (
            (40, "Criteria for the audit agreed with three schools.", GOING),
            (12, "Twenty PEPs read in October. Targets are clearer; the child’s own view is thin.", ""),
        ),
        (("Audit form agreed", 25, 22, "step"), ("Moderation with the neighbouring authority", 150, None, "step")),
        (("duty", "D07"), ("principle", "P5")),
    ),
    Told(
        PEPS,
        "Every young person in Years 12 and 13 has a PEP",
        (ADVISER, "Post-16 co-ordinator"),
        "March {next}",
        "Nobody is without a plan at sixteen",
        "PEPs in place, target 90%",
        ("W25",),
        ((33, "College contacts asked for the autumn dates.", OFF),),
        (),
        (("duty", "D07"), ("principle", "P7")),
    ),
    Told(
        PEPS,
        "Children’s own words stand first in their PEP",
        (DEPUTY,),
        "Spring term {next}",
        "Children see that what they said was heard",
        "Sample of PEPs each half-term",
        ("M98",),
        ((20, "The children in care council chose the wording of the first page.", GOING),),
        (),
        (("principle", "P2"), ("principle", "P3")),
    ),
    Told(
        SCHOOL,
        "No child waits more than twenty school days for a place",
        (ADVISER, HEAD),
        "September {this} and ongoing (weekly)",
        "Education without a gap after a move",
        "Weekly list of children without a place",
        ("W36", "W38"),
        ((9, "Two children placed this week, one still waits for a decision of another authority.", GOING),),
        (("Fair access protocol revised", 60, None, "step"),),
        (("duty", "D08"), ("principle", "P6")),
    ),
    Told(
        SCHOOL,
        "More children attend a school judged good or better",
        (DEPUTY,),
        "July {next}",
        "A good school wherever a child lives",
        "Share of children in good or outstanding schools",
        ("W40", "W41"),
        ((28, "Reasons written down for every school judged less than good.", GOING),),
        (),
        (("duty", "D01"),),
    ),
    Told(
        SCHOOL,
        "No child on a part-time timetable without an end",
        ("Attendance officer",),
        "December {this}",
        "Full time is the rule",
        "List of part-time timetables",
        ("W43",),
        (
            (55, "Six timetables found in the first week of term.", OFF),
            (15, "Four ended, two have an end before Christmas.", GOING),
        ),
        (),
        (("principle", "P6"),),
    ),
    Told(
        HOME,
        "Fewer children live in three or more homes in a year",
        (HEAD, "Head of placements"),
        "August {next}",
        "Children who can stay where they are known",
        "Children with three or more homes",
        ("W34", "M17"),
        ((18, "Placements tell us before a move, in most cases. Not yet at weekends.", GOING),),
        (),
        (("principle", "P6"), ("duty", "D13")),
    ),
    Told(
        HOME,
        "The virtual school is asked before every change of school",
        (ADVISER,),
        "October {this}",
        "No move without advice",
        "School changes with advice before",
        ("W32", "W35"),
        ((30, "Form agreed with placements.", GOING),),
        (("Form in use in every team", 45, None, "step"),),
        (("duty", "D08"),),
    ),
    Told(
        HOME,
        "Buy the attendance service again",
        ("Practice manager", DEPUTY),
        "April {next}",
        "Marks of every child, every day",
        "Contract let and in use",
        ("M80",),
        ((38, "Extension of the present contract signed.", GOING),),
        (
            ("Extension signed", 20, 18, "contract"),
            ("Tender published", 120, None, "contract"),
            ("Present contract ends", 105, None, "contract_end"),
        ),
        (),
    ),
    Told(
        PEOPLE,
        "Every setting knows which child it teaches is looked after, and what helps",
        (DEPUTY, ADVISER),
        "November {this}",
        "No teacher finds out in the corridor",
        "Settings told of needs",
        ("M08", "M09"),
        ((25, "Letters went to all settings.", ""), (6, "All but two have answered; we ring those.", DONE)),
        (),
        (("duty", "D04"), ("duty", "D05")),
    ),
    Told(
        PEOPLE,
        "Termly forum of designated teachers",
        (HEAD,),
        "Termly",
        "Teachers who know whom to ask",
        "Attendance and feedback",
        ("W67", "W68"),
        ((22, "Thirty-one teachers came to the October forum. Next: attachment in the classroom.", GOING),),
        (),
        (("duty", "D06"),),
    ),
    Told(
        PEOPLE,
        "The record holds what we need to know of every child",
        ("Data officer",),
        "December {this}",
        "Figures that can be trusted",
        "Characteristics recorded, settings of the youngest",
        ("W12", "W71", "M04", "W24"),
        ((11, "First languages are in for four in five.", GOING),),
        (),
        (("duty", "D03"), ("duty", "D02")),
    ),
)


def write_plan(writer: Writer, this: ThisChange, staff: Staff) -> None:
    """The plan with its priorities, actions, what was said of each, a meeting moved and one cancelled."""
    year = first_year_of(writer.today)
    first = date(year, 9, 1)
    people = {HEAD: staff.of(Role.VSH)[0], DEPUTY: staff.of(Role.DEPUTY_VSH)[0], ADVISER: staff[PRIYA]}
    head = people[HEAD].name
    own = {"authority_id": writer.authority.pk}

    def make(model: type, rows: Iterable[dict]) -> list:
        return writer.save(this, model, [writer.of(model, **own, **row) for row in rows])

    (plan,) = make(
        Plan,
        [
            {
                "number": f"improvement-plan-{year}",
                "title": f"Improvement plan {year}/{(year + 1) % 100:02}",
                "service": "Children and young people / Virtual school",
                "accountable": head,
                "start": first,
                "end": date(year + 1, 9, 1),
                "agreed_on": date(year, 9, 8),
                "context": "Priorities come from last year’s results, the audit of PEPs in the summer term, and what "
                "the children in care council told us. Results of other authorities are provisional until spring.",
            }
        ],
    )
    goals = [("priority", each) for each in (PEPS, SCHOOL, HOME, PEOPLE)]
    goals += [("criterion", "Three in four PEPs are good or better"), ("criterion", "No unofficial exclusions")]
    held = make(
        Goal,
        [{"plan": plan, "kind": kind, "position": at, "words": words} for at, (kind, words) in enumerate(goals, 1)],
    )
    make(
        Serves,
        [
            {"goal": held[0], "kind": "duty", "code": "D07"},
            {"goal": held[0], "kind": "analysis", "words": "PEP audit of the summer term"},
        ],
    )
    titles = list(dict.fromkeys(told.section for told in TOLD))
    sections = dict(
        zip(
            titles,
            make(Section, [{"plan": plan, "position": at, "title": each} for at, each in enumerate(titles, 1)]),
            strict=True,
        )
    )

    actions = [writer.of(Action, **own, **_facts(told, plan, at, year)) for at, told in enumerate(TOLD, 1)]
    for action in actions:
        date_by_words(action, plan)
    writer.save(this, Action, actions)
    each = list(zip(actions, TOLD, strict=True))
    make(Line, _lines(plan, sections, each))
    make(
        Lead,
        [
            {
                "action": action,
                "position": at,
                **(
                    {"words": people[lead].name, "account": people[lead].account} if lead in people else {"words": lead}
                ),
            }
            for action, told in each
            for at, lead in enumerate(told.leads, 1)
        ],
    )
    make(
        BoundMeasure,
        [
            {"action": action, "position": at, "measure": id}
            for action, told in each
            for at, id in enumerate(told.measures, 1)
        ],
    )
    make(
        Serves, [{"action": action, "kind": kind, "code": code} for action, told in each for kind, code in told.serves]
    )
    make(Milestone, _milestones(each, first, writer.today))
    said = [
        (action, max(writer.today - timedelta(days=ago), first), words, rating, _name_of(told.leads[0], people))
        for action, told in each
        for ago, words, rating in told.said
    ]
    updates = make(Update, [{"action": a, "on": on, "words": words, "by": by} for a, on, words, _, by in said])
    make(
        Evidence,
        [
            {
                "update": updates[0],
                "position": 1,
                "words": "Audit criteria",
                "address": "https://ashcombe.example/peps/audit",
            }
        ],
    )
    _document(writer, this, updates[0], people[HEAD])
    make(Rating, [{"action": a, "on": on, "rating": rating, "by": by} for a, on, _, rating, by in said if rating])
    _meetings(make, actions[0], writer.today, head)
    make(Asked, _asked(actions[-1], writer.today))
    duties = [
        ("D03", True, "The roll was checked against social care’s list."),
        ("D05", False, "Two settings have not answered yet."),
    ]
    day = max(writer.today - timedelta(days=14), first)
    make(DutyAnswer, [{"duty": code, "on": day, "met": met, "proof": proof, "by": head} for code, met, proof in duties])
    content = content_of(read_plan(plan))
    make(Published, [{"plan": plan, "on": first + timedelta(days=7), "by": head, "content": content}])


def _name_of(lead: str, people: dict) -> str:
    return people[lead].name if lead in people else people[HEAD].name


def _facts(told: Told, plan: Plan, at: int, year: int) -> dict[str, str]:
    ratings = [rating for _, _, rating in told.said if rating]
    return {
        "number": f"{plan.number}-{at:02}",
        "words": told.words,
        "outcome": told.outcome,
        "measured_by": told.judged,
        "end_printed": told.by.format(this=year, next=year + 1),
        "rating": ratings[-1] if ratings else "",
    }


def _lines(plan: Plan, sections: dict[str, Section], each: list[tuple[Action, Told]]) -> Iterable[dict]:
    titles = list(sections)
    counted = dict.fromkeys(titles, 0)
    for at, (action, told) in enumerate(each, 1):
        counted[told.section] += 1
        reference = f"{titles.index(told.section) + 1}.{counted[told.section]}"
        place = {"position": at, "reference": reference}
        yield {"plan": plan, "section": sections[told.section], "action": action, **place}


def _milestones(each: list[tuple[Action, Told]], first: date, today: date) -> Iterable[dict]:
    for action, told in each:
        for at, (words, due, achieved, kind) in enumerate(told.milestones, 1):
            done = first + timedelta(days=achieved) if achieved else None
            weeks = {"contract": 4, "contract_end": 12}.get(kind, 0)
            yield {
                "action": action,
                "position": at,
                "words": words,
                "kind": kind,
                "due_on": first + timedelta(days=due),
                "achieved_on": done if done and done <= today else None,
                "warn_weeks": weeks,
            }


_CRITERIA = """What we look for when we read a PEP

1. The child's own words stand first, and something follows from them.
2. Each target says what will be different, by when, and who helps.
3. The money is spent on a target, and it is said what came of it.
"""


def _document(writer: Writer, this: ThisChange, update: Update, by: Person) -> None:
    """The criteria of the audit, as the document that the head added to the update about them."""
    kept = examine("criteria.txt", _CRITERIA.encode())
    document = writer.of(
        PlanDocument,
        authority_id=writer.authority.pk,
        update=update,
        title="Criteria for reading a PEP",
        type=kept.type,
        size=len(kept.data),
        sha256=hashlib.sha256(kept.data).hexdigest(),
        state=PlanDocument.State.CLEAN,
        added_by=by.account,
        added_at=timezone.make_aware(datetime.combine(update.on, time(15, 10))),
    )
    FILES.keep(document, kept.data)
    this.create(document)


def _asked(action: Action, today: date) -> Iterable[dict]:
    """Two requests for data: one was answered, the other still waits."""
    of = {"action": action, "asked_of": "Business intelligence"}
    asked, came = today - timedelta(days=60), today - timedelta(days=41)
    yield {**of, "item": "First languages held by social care", "requested_on": asked, "supplied_on": came}
    yield {**of, "item": "Nurseries paid for by the council", "requested_on": today - timedelta(days=33)}


def _meetings(make, action: Action, today: date, head: str) -> None:  # type: ignore[no-untyped-def]
    """The working group on PEPs met once; one meeting was cancelled, and the next was moved by a week."""
    days = [today - timedelta(days=45), today - timedelta(days=10), today + timedelta(days=18)]
    title = "PEP working group"
    held, _, moved = make(
        Meeting,
        [
            {
                "action": action,
                "title": title,
                "working_group": True,
                "on": days[0],
                "first_on": days[0],
                "state": "held",
                "notes": "Audit criteria gone through line by line.",
            },
            {
                "action": action,
                "title": title,
                "working_group": True,
                "on": days[1],
                "first_on": days[1],
                "state": "cancelled",
                "notes": "Too few could come.",
            },
            {
                "action": action,
                "title": title,
                "working_group": True,
                "on": days[2],
                "first_on": days[2] - timedelta(days=7),
                "state": "arranged",
            },
        ],
    )
    make(
        NextStep,
        [
            {
                "meeting": held,
                "position": 1,
                "words": "Send the criteria to every school",
                "who": head,
                "due_on": days[0] + timedelta(days=7),
                "done_on": days[0] + timedelta(days=6),
            },
            {
                "meeting": moved,
                "position": 1,
                "words": "Bring three PEPs without names",
                "who": "Each adviser",
                "due_on": days[2],
            },
        ],
    )
