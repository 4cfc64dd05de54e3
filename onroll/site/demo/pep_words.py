"""What people wrote in the plans of the demonstration: targets and how they went, views, and what audits said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from onroll.peps.models import PepTarget

Area = PepTarget.Area
EARLY_YEARS, PRIMARY, SECONDARY, POST_16 = "early_years", "primary", "secondary", "post_16"


@dataclass(frozen=True)
class Aim:
    """A target with what belongs to it. `{now}` and `{goal}` are counts of `unit`: from `start` on, `step` a term."""

    area: str
    need: str
    approach: str
    text: str
    unit: str
    start: int
    step: int
    success: str
    action: str
    when: str
    where: str
    how_often: str
    owner: str
    own_words: str = ""
    category: str = ""

    @property
    def most(self) -> int:
        """What cannot be passed: of 20 mornings, 20."""
        first, *rest = self.unit.split()
        return int(rest[0]) if first == "of" else 1_000


AIMS: Mapping[str, Sequence[Aim]] = {
    EARLY_YEARS: (
        Aim(
            Area.ENGLISH, "Speaking and listening", "ey_small_talk",
            "{name} will join {goal} words when asking for something at snack time, from {now} now.",
            "words joined at snack time", 1, 1, "The key person counts on three mornings in the last week of term.",
            "Comment on what {name} does, wait ten seconds, and say the sentence back one word longer.",
            "Snack time and the walk to the garden", "Snack table", "10 minutes, twice a day", "The key person",
            category="speech and language",
        ),
        Aim(
            Area.SEMH, "Trust and safety", "ey_attach_settle",
            "{name} will part from the carer within {goal} minutes on most mornings, from {now} now.",
            "minutes at the door on most mornings", 14, -4, "A tally at the door for the last two weeks of term.",
            "The same greeting each day, the photograph of home on the peg, and a job to carry in.",
            "Arrival", "The side door", "Every morning", "The key person",
        ),
        Aim(
            Area.MATHS, "Maths", "ey_first_number",
            "{name} will count out {goal} objects when laying the table, from {now} now.",
            "objects counted out without help", 2, 2, "Seen by two adults on two days each.",
            "Count real things at tidy-up time and before lunch; stop at the number and say it again.",
            "Before lunch", "Kitchen corner", "5 minutes a day", "The key person",
        ),
        Aim(
            Area.ENGLISH, "Play and early learning", "ey_interactive_reading",
            "{name} will tell what happens on {goal} pages of a known book, from {now} now.",
            "pages told from a known book", 2, 2, "The book is filmed in the first and in the last week.",
            "Read one book four times in a week, ask on each page, and leave the last word to {name}.",
            "After lunch", "Book corner", "10 minutes, 4 times a week", "The key person and the carer",
            category="early years",
        ),
        Aim(
            Area.OTHER, "Physical or sensory", "ey_move",
            "{name} will stay with a chosen activity for {goal} minutes, from {now} now.",
            "minutes with one chosen activity", 3, 2, "Timed on three mornings in the last week of term.",
            "Heavy work first: push the trolley, dig, carry the crate; then the table.",
            "Mid-morning", "Garden, then the table", "Every morning", "The room leader",
        ),
    ),
    PRIMARY: (
        Aim(
            Area.ENGLISH, "Reading", "reading_fluency",
            "{name} will read {goal} words correctly in a minute on a text of the year group, from {now} now.",
            "words correctly in a minute", 48, 11, "The same kind of text, read in the first and in the last week.",
            "Listen to the passage, echo it, practise it three times, and read it to the class on Friday.",
            "Guided reading", "Class corner", "15 minutes, 4 times a week", "The teaching assistant of the class",
            own_words="I want to read the funny bits out loud.", category="literacy",
        ),
        Aim(
            Area.ENGLISH, "Writing", "writing_planning",
            "{name} will write {goal} sentences with capital letters and full stops without help, from {now} now.",
            "sentences without help", 2, 2, "Counted in three pieces of the last fortnight.",
            "Say the sentence, draw the plan, write the first line together; the rest alone, with the frame.",
            "English lesson", "Own table", "3 times a week", "The class teacher",
        ),
        Aim(
            Area.MATHS, "Maths", "tables_daily",
            "{name} will answer {goal} of 30 tables questions in three minutes, from {now} now.",
            "of 30 tables questions", 9, 5, "The same sheet in the first and in the last week.",
            "Mixed cards with a partner, two new facts a week, and a game on Friday.",
            "Start of the maths lesson", "Classroom", "5 minutes a day", "The class teacher",
            own_words="I want to be quick like Kai.",
        ),
        Aim(
            Area.SEMH, "Feelings and behaviour", "zones",
            "{name} will use the break card before leaving the room, on {goal} of 10 occasions, from {now} of 10 now.",
            "of 10 occasions", 2, 2, "The class keeps a tally on the desk.",
            "Name the feeling early, offer two ways to rest, and come back within ten minutes.",
            "All lessons", "Calm corner", "Whenever it is needed, and talked about on Fridays", "The key adult",
            category="SEMH/therapy",
        ),
        Aim(
            Area.ATTENDANCE, "Attendance", "attendance_soft_start",
            "{name} will be in class by the register on {goal} of 20 mornings, from {now} of 20 now.",
            "of 20 mornings", 12, 3, "Counted from the register in the last four weeks of term.",
            "Meet the key adult at the gate, feed the fish, and start with reading.",
            "8.40", "Front gate", "Every morning", "The key adult and the carer",
        ),
        Aim(
            Area.ASPIRATION, "Self-belief", "leadership",
            "{name} will lead {goal} rehearsals of the class assembly, from {now} now.",
            "rehearsals led", 0, 3, "The teacher notes which parts {name} led alone.",
            "A part that matters, learnt with one friend first, then with the group.",
            "Wednesday afternoon", "Hall", "Once a week", "The class teacher",
            category="enrichment/arts/music/sport",
        ),
    ),
    SECONDARY: (
        Aim(
            Area.MATHS, "Maths", "tutor_maths",
            "{name} will reach {goal} of 80 marks on the maths paper of the year group, from {now} now.",
            "of 80 marks on the maths paper", 24, 8, "The same kind of paper in the first and in the last fortnight.",
            "Ratio, algebra and graphs with one tutor, who tells the class teacher what was covered.",
            "Thursday, lesson 6", "Learning base", "One hour a week for 12 weeks", "The tutor and the maths teacher",
            own_words="I want to know what the letters are for.", category="1:1 tuition",
        ),
        Aim(
            Area.ENGLISH, "Reading", "vocabulary_first",
            "{name} will explain {goal} of 20 new words of the science and history units, from {now} of 20 now.",
            "of 20 new words", 5, 4, "A quick check of 20 words at the start and at the end of the unit.",
            "Meet the words before the lesson, use each in a sentence, and come back to them after a week.",
            "Tutor time", "Library", "15 minutes, twice a week", "The English department",
        ),
        Aim(
            Area.OTHER, "Organisation and independence", "homework_place",
            "{name} will hand in {goal} of 10 pieces of homework on time, from {now} of 10 now.",
            "of 10 pieces of homework on time", 3, 2, "Counted in the homework record over the last five weeks.",
            "A place with a laptop and an adult; the carer hears on Fridays what is due.",
            "Tuesday and Thursday after school", "Library", "45 minutes, twice a week", "The form tutor and the carer",
            own_words="Somewhere that is not my bedroom.", category="study support",
        ),
        Aim(
            Area.ATTENDANCE, "Attendance", "attendance_first_day",
            "{name} will be present for {goal} per cent of sessions this term, from {now} per cent last term.",
            "per cent of sessions", 84, 4, "The register, read every second Friday.",
            "A call on the first day of any absence, and a calm start on Mondays.",
            "Mondays, before lesson 1", "Student support", "Weekly", "The head of year",
        ),
        Aim(
            Area.SEMH, "Trust and safety", "key_adult",
            "{name} will stay in lessons with a cover teacher on {goal} of 10 days, from {now} of 10 now.",
            "of 10 lessons with a cover teacher", 3, 2, "Counted from the behaviour log of the term.",
            "A note at registration says who teaches what; an early pass if it gets too much.",
            "Registration", "Form room", "Every morning, 10 minutes", "The form tutor",
            own_words="Just tell me before.", category="TA/mentor support",
        ),
        Aim(
            Area.ASPIRATION, "Next steps", "careers_guidance",
            "{name} will have visited {goal} places of work or study after Year 11, from {now} now.",
            "places visited", 0, 2, "A page about each visit: what was good, what was not.",
            "Choose from a list with the careers adviser; somebody goes along to the first visit.",
            "Half-term and one Friday", "Away from school", "One visit each half-term", "The careers lead",
            category="careers/aspiration",
        ),
    ),
    POST_16: (
        Aim(
            Area.ENGLISH, "Exams", "tutor_english",
            "{name} will be at {goal} of 10 English resit lessons, from {now} of 10 now.",
            "of 10 English resit lessons", 5, 2, "The college register, read at half-term and at the end.",
            "Lesson moved to the morning, before the practical; one message the evening before.",
            "Tuesday morning", "College", "Every week", "The personal tutor",
        ),
        Aim(
            Area.MATHS, "Maths", "p16_resit",
            "{name} will score {goal} of 60 on a functional skills paper, from {now} now.",
            "of 60 on the paper", 26, 7, "A timed paper in the first and in the last fortnight.",
            "A group of four works through one past paper a week, and marks it together.",
            "Friday, 11.00", "Study centre", "One hour a week", "The maths tutor",
            category="small-group",
        ),
        Aim(
            Area.ASPIRATION, "Next steps", "p16_work_ready",
            "{name} will have done {goal} days of work experience by the end of term, from {now} now.",
            "days of work experience", 0, 4, "The employer signs for each day.",
            "Choose two employers, visit both, and go along on the first morning.",
            "Wednesdays", "With the employer", "One day a week", "The careers adviser",
            own_words="Outside, with my hands.", category="careers/aspiration",
        ),
        Aim(
            Area.OTHER, "Organisation and independence", "p16_coach",
            "{name} will hand in {goal} of 8 assignments by their day, from {now} of 8 now.",
            "of 8 assignments by their day", 3, 2, "The college’s record of assignments.",
            "A coach looks at the week ahead with {name}; the tutor sends the list on Mondays.",
            "Monday, 9.30", "Learning hub", "30 minutes a week", "The learning coach",
            category="mentoring",
        ),
        Aim(
            Area.SEMH, "Anxiety about school", "p16_ete_step",
            "{name} will come to {goal} of 5 sessions a week on site, from {now} of 5 now.",
            "of 5 sessions a week", 2, 1, "The attendance record of each week.",
            "One more session every three weeks, with the same adult at the door.",
            "Mornings", "College", "Looked at every Friday", "The personal tutor",
        ),
    ),
}  # fmt: skip

# What kind of help each approach is, where it can cost money.
CATEGORIES = {aim.approach: aim.category for aims in AIMS.values() for aim in aims if aim.category}

# How a target went: the outcome, what shows it, the difference it made, and what is done differently.
WENT: Mapping[str, tuple[Sequence[str], Sequence[str], Sequence[str]]] = {
    PepTarget.Outcome.MET: (
        (
            "{got} {unit} when it was looked at on {on}, from {now}. Two adults saw it.",
            "The last check gave {got} {unit}; it was {now} when the plan was written.",
        ),
        (
            "{name} now starts without being asked, and tells others how it is done.",
            "It shows in other lessons too, most of all in the mornings.",
        ),
        ("",),
    ),
    PepTarget.Outcome.PARTLY: (
        (
            "{got} {unit} on {on}; {goal} was the aim, {now} the start. It stood still for the two weeks of the move.",
            "{got} {unit} at the last check, from {now}. The help began later than planned.",
        ),
        ("It helps where the same adult gives it. With others it does not yet.",),
        (
            "The same help goes on, with a second adult trained, so that no week is missed.",
            "Shorter and more often: ten minutes a day in place of half an hour on Fridays.",
        ),
    ),
    PepTarget.Outcome.NOT_MET: (
        (
            "{got} {unit} on {on}, as at the start. The sessions ran only four times, because the adult left.",
            "Still {got} {unit}. {name} said that it felt like being picked out, and stopped coming.",
        ),
        ("No difference yet.",),
        (
            "It moves to a place that {name} chose, with an adult who is there all year.",
            "Done with the whole group from now on, so that nobody is picked out.",
        ),
    ),
}

# Answers by the keys of the questions. Where a phase has words of its own, it says so.
ANSWERS: Mapping[str, Sequence[str]] = {
    "headline": (
        "{name} has settled after a slow start and asks for help before things go wrong. Reading moves; writing is "
        "behind it. The most important thing now is a quiet start to each day.",
        "A steady term. {name} was here nearly every day and took part in the concert. Maths needs the gaps of last "
        "year closed before new work begins.",
        "Much better with people than a term ago, less so with homework. What is needed most is one adult who looks at "
        "the week ahead with {name}.",
    ),
    "strengths_list": (
        "Notices how others feel, and cheers them up. Draws with great patience. Remembers stories after one hearing.",
        "Practical and quick: takes things apart and puts them together again. Loyal to friends. Funny.",
        "Sings in tune and keeps time for everybody. Kind to younger children. Never forgets a promise.",
    ),
    "helps_list": (
        "To know who is there today. A seat by the wall. Instructions one at a time, and time to answer.",
        "A warning before things change, a job to carry somewhere when it is too loud, and no praise in front of all.",
        "The first line written together. Two choices in place of an order. Somebody who asks about the dog.",
    ),
    "friends": (
        "Two good friends in the class; lunch is easier with a club.",
        "Gets on with most, and is asked along.",
    ),
    "school_right_why": ("The journey takes an hour each way; a shorter one is being looked for.",),
    "support_right_why": ("Speech and language help has been asked for and has not begun.",),
    "voice_effect": (
        "{name} starts on Mondays in the library from next week, as was asked for, and chose two of the targets.",
        "Lunch was too loud: {name} eats with two friends in the small hall from Monday. We ask again in a month.",
        "The form tutor says each morning who teaches what. The words of the maths target are {name}’s own.",
    ),
    "voice_answer_back": ("The designated teacher, on the day after the meeting, over a hot chocolate.",),
    "carer_well": (
        "Reads in bed without being told. Talks about the day at table now, good and bad.",
        "Gets up for school by alarm, and packs the bag the evening before on most days.",
        "So proud of the certificate that it hangs on the fridge.",
    ),
    "carer_worry": ("Sunday evenings are hard, and then Monday mornings are too.", "Spelling lists end in tears."),
    "carer_want": ("A message on Fridays: one good thing, and what is due next week.",),
    "carer_hopes": (
        "That {name} keeps the friends and the choir.",
        "A course that is really wanted, not just a place.",
    ),
    "sw_change": (
        "Time with the family has moved to Saturdays, so school nights are calmer. No move of home is planned.",
        "The plan is to stay with these carers for good. {name} knows, and is relieved.",
        "There was a care review last month; education was its first point. Nothing else has changed.",
    ),
    "sw_do": (
        "I ask for the eye test this week, and the carer keeps the reading record.",
        "I write to the transport team about the later bus, and come to the options evening.",
        "I bring the passport form for the trip, and tell school before any change of family time.",
    ),
    "asp_ambition": ("To be a vet’s nurse, or to work with horses.", "To run a kitchen.", "To pass Grade 3 on drums."),
    "asp_steps": (
        "A visit in spring, the club on Wednesdays, and somebody from the trade who comes to talk.",
        "Two taster days before the summer, and the carer’s lift to the Saturday course.",
    ),
    "ey_how": ("Fills and empties, lines things up, and looks for a long time before joining in. Loves water.",),
    "ey_settling": ("Comes in with the photograph in hand, waves at the window, and then looks for the key person.",),
    "ey_home_books": (
        "Two books at bedtime, always the one with the bus.",
        "Songs in the car, and rhymes in the bath.",
    ),
    "ey_home_play": ("Anything with wheels. Cooking with lids and spoons.",),
    "p16_goal": (
        "To have finished the course and to have a flat and a job.",
        "At university, or in a trade with a van of my own.",
    ),
    "p16_steps": ("Pass the resit, two employers visited, and the application written by the end of January.",),
    "sen_support": (
        "Small steps with pictures, a quiet place to work, and the teacher comes first to this table.",
        "Speech and language work three times a week; the class teacher plans it with the coordinator.",
    ),
    "sen_ehc_fit": ("Yes: the outcomes of the plan and these targets are one list.",),
    "care_travel": (
        "Twenty minutes on foot with a friend.",
        "By taxi, 35 minutes each way, always with the same driver.",
        "The carer drives; the bus on Fridays.",
    ),
    "school_tutor": ("Ms Adair", "Mr Lowry", "Mrs Pemberton"),
    "school_adult": ("Mrs Finch in the learning base", "Mr Lowry", "Miss Okoro, the pastoral lead"),
    "ey_key_person": ("Miss Bunting; Mrs Vale stands in",),
    "ey_hv": ("Yes: songs and short books every day, and a hearing check in spring.",),
    "p16_who": ("The personal tutor",),
    "p16_adviser": ("Joel Amadi",),
    "nor_seen": ("The tutor, on Tuesday and on Thursday, at the library.",),
    "health_for_school": ("Nothing beyond the usual.", "An inhaler in the office, before sport in cold weather."),
}

# What schools assess each term, and the words in which they do.
SUBJECTS = ("English", "Maths", "Science")
SCALE = ("Well below", "Below", "Working towards", "Expected", "Above")

CHOICES: Mapping[str, Mapping[str, float]] = {
    "assess_progress": {"As expected": 55, "More than expected": 22, "Less than expected": 23},
    "ey_progress": {"As expected": 55, "More than expected": 25, "Less than expected": 20},
    "school_right": {"Yes": 88, "Partly": 12},
    "support_right": {"Yes": 74, "Partly": 26},
    "voice_helper": {"Teacher or teaching assistant": 46, "Carer": 26, "Nobody": 16, "Social worker": 12},
    "carer_sent_home": {"No": 95, "Not sure": 5},
    "carer_agree": {"Yes": 86, "Yes, with a comment": 14},
    "sw_fit": {"Yes": 82, "Partly": 18},
    "copy_child_asked": {"Yes": 90, "No": 10},
    "about_confirm": {"Yes": 1},
    "assess_confirm": {"Yes": 1},
    "carried_confirm": {"Yes": 1},
    "care_aim": {"Long-term fostering": 60, "Return home": 10, "Not yet decided": 15, "Towards independence": 15},
    "care_move_expected": {"No": 1},
    "family_asked": {"Yes, views below": 30, "Yes, nothing said": 40, "No: could not be reached": 30},
    "health_senses": {"Both up to date": 70, "Eye test due": 20, "Not known": 10},
    "asp_device": {"Both": 86, "Device only": 6, "Internet only": 8},
    "asp_money_known": {"Yes": 55, "Planned for": 30, "Not yet": 15},
    "ey_two_check": {"Done: not seen yet": 40, "Child was older when in care": 60},
    "ey_checks": {"Yes": 80, "Not known": 20},
    "route": {"sixth_form_or_college": 1},
    "p16_confirm": {"Yes": 1},
    "p16_risk": {"No": 1},
    "p16_level": {"1": 45, "Entry": 20, "2": 35},
    "p16_progress": {"As expected": 60, "More than expected": 20, "Less than expected": 20},
    "p16_bursary": {"Getting it": 70, "Applied": 30},
    "p16_pathway": {"Yes": 80, "To be changed": 20},
    "nor_why": {"Moved home: place being sought": 70, "School place ended": 30},
    "nor_full_time": {"No: being built up": 1},
    "nor_registered": {"No": 1},
    "nor_records": {"Yes": 60, "Asked for": 40},
    "p16_right": {"Yes": 60, "For now": 30, "No": 10},
    "p16_after": {"Apprenticeship": 30, "Job": 25, "Higher level course": 25, "Not decided": 15, "University": 5},
}
TICKED: Mapping[str, Sequence[Sequence[str]]] = {
    "asp_study": (("Homework club",), ("Reading scheme", "Carer helps"), ("Tutor",), ("None",)),
    "p16_kit": (("All there",), ("Laptop", "Travel pass"), ("Something missing",)),
    "voice_form": (("Said and written down",), ("Typed",), ("Said and written down", "Drawing")),
    "carer_home": (
        ("Reading together", "Talking about the day"),
        ("Quiet place to work", "A routine for sleep and screens"),
        ("Help with homework", "Clubs and hobbies"),
    ),
}
# Answers that are tables, line by line.
TABLES: Mapping[str, Sequence[Mapping[str, str]]] = {
    "copy_list": (
        {"reader": "Young person: one page", "send": "Yes"},
        {"reader": "Carer", "send": "Yes"},
        {"reader": "Reviewing officer", "send": "Yes"},
    ),
    "care_decisions": (
        {"decision": "Day trips", "who": "Carer", "note": ""},
        {"decision": "Trips overnight", "who": "Carer", "note": "Up to three nights; tell the social worker"},
        {"decision": "Photographs", "who": "Social worker", "note": "Asked for each time"},
    ),
    "ey_areas": (
        {
            "area": "Communication and language",
            "now": "Below what is usual for the age",
            "example": "Points and says one word; joins two when playing with water.",
        },
        {
            "area": "Personal, social and emotional development",
            "now": "Within what is usual",
            "example": "Takes turns at the slide, and comforts a friend with a pat.",
        },
        {
            "area": "Physical development",
            "now": "Ahead of what is usual",
            "example": "Balances along the wall and rides the big tricycle.",
        },
    ),
    "p16_courses": (
        {"course": "Catering", "level": "1", "qualification": "Diploma", "hours": "14", "predicted": "Pass",
         "target": "Merit"},
    ),
    "p16_hours": ({"offered": "150", "attended": "128", "note": "Mornings are harder than afternoons"},),
    "p16_english_maths": (
        {"subject": "English", "held": "3", "studying": "GCSE resit"},
        {"subject": "Maths", "held": "2", "studying": "Functional skills"},
    ),
    "nor_hours": ({"what": "English and maths", "where": "Library or community", "who": "The tutor", "hours": "8"},),
    "nor_baseline": (
        {"subject": "Reading", "can_do": "Reads a page aloud and tells the story", "seen_by": "The tutor"},
        {"subject": "Maths", "can_do": "Adds and takes away to 100, and knows the 2, 5 and 10 times tables",
         "seen_by": "The tutor"},
    ),
}  # fmt: skip
# What gets in the way, by the need of a target: how it looks.
NEEDS_LOOK: Mapping[str, str] = {
    "Reading": "Reads the words and loses the story; tires after a page.",
    "Writing": "Says it well, then writes one line. Spelling stops the flow.",
    "Maths": "Gaps from the terms between two schools; loses the place in columns.",
    "Speaking and listening": "Few words of their own so far; points and pulls.",
    "Trust and safety": "Needs to know who is there; a change without warning means leaving the room.",
    "Feelings and behaviour": "Small things grow fast before lunch and after family time.",
    "Attendance": "Mondays, and the first day after a holiday.",
    "Organisation and independence": "Starts late because the bag, the page or the pen is missing.",
    "Exams": "Knows more than a timed paper shows.",
}
OTHER_LOOK = "It comes and goes, and is most seen in the first lesson."

RETURNED = (
    "Target 2 has no starting point, and the targets of last term are not reviewed. Please add both.",
    "What {name} said is missing, or what was tried to hear it. The first target does not say who does it.",
)
MISSED = (
    "The meeting was put off twice and the term ended. The next plan takes its targets up.",
    "The school changed its designated teacher, and nobody took the plan over in time.",
)
STRONG: Mapping[str, Sequence[str]] = {
    "outstanding": ("Every target has its numbers, and two came from what the young person said.",),
    "good": (
        "The targets say from where to where, and the review is honest about what did not work.",
        "The voice is the young person’s own, and something changes because of it.",
    ),
    "requires_improvement": ("The meeting was in time and everybody who matters was there.",),
    "inadequate": ("The strengths are well described.",),
}
NEXT: Mapping[str, Sequence[str]] = {
    "outstanding": ("Share this plan with other schools as an example, with the names taken out.",),
    "good": ("Say for each approach what shows that it works: two numbers, then and now.",),
    "requires_improvement": (
        "Two of the targets can’t be measured: give a starting point and a day for each.",
        "Write down what the young person said in their own words, and what changes because of it.",
    ),
    "inadequate": ("The targets of last term are not reviewed and the new ones have no starting point.",),
}
BUYS: Mapping[str, str] = {
    "1:1 tuition": "12 hours with a tutor, one hour a week",
    "small-group": "10 sessions in a group of four",
    "literacy": "A set of books at the right level, to keep, and the training of the assistant",
    "TA/mentor support": "Half an hour a day of the key adult’s time for a term",
    "study support": "A place in the homework club and the loan of a laptop",
    "SEMH/therapy": "Six sessions of art therapy in school",
    "mentoring": "A mentor for an hour a week over a term",
    "careers/aspiration": "Travel and work clothes for the visits",
    "enrichment/arts/music/sport": "Drum lessons for a term and the fee of the band",
    "speech and language": "Training of the key person by a therapist",
    "early years": "Story bags for home and nursery",
}

# Meetings
MEETING_MODES = {"in_person": 70, "mixed": 22, "online": 8}
# What people take on at a meeting that is part of no target.
ACTIONS = (
    "Tell supply staff how {name} likes to start the day",
    "Book the options talk for {name} and the carer",
    "Ask for the reading assessment of the last school",
    "Send {name} the dates of the half-term club",
    "Find out which bus {name} can take after band practice",
    "Ask health for the date of the next hearing test",
    "Give {name} a pass for the library at lunch",
    "Arrange a visit to the sixth form open evening",
    "Order a laptop that {name} can take home",
    "Ring home on the first day back after the holiday",
)
