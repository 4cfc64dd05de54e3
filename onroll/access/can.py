"""What each role may do: one table, read by pages and by the people who set access up."""

from enum import Enum

from .actors import Actor
from .roles import (
    COMMAND_LINE,
    DESIGNATED_TEACHERS,
    LEADS,
    PARTNERS,
    SCHOOL_STAFF,
    SOCIAL_CARE,
    SYSTEM,
    VIRTUAL_SCHOOL,
    Role,
)
from .sections import Section, letter_of

_EVERYONE = tuple(Role)
_ROUND_THE_CHILD = (
    *VIRTUAL_SCHOOL,
    *SOCIAL_CARE,
    *SCHOOL_STAFF,
    Role.CARER,
    Role.SUPERVISING_SW,
    Role.PERSONAL_ADVISER,
    Role.EET,
)
# A carer's link is the child's home with them, which nobody stands in for.
_MAY_BE_COVERED = tuple(role for role in (*_ROUND_THE_CHILD, *PARTNERS) if role != Role.CARER)
# Who has a cell in row u of the need-to-know table: figures about groups of children.
_FIGURES = tuple(role for role in Role if letter_of(Section.FIGURES, role))
_ROLL_KEEPERS = (*VIRTUAL_SCHOOL, Role.SOCIAL_WORKER, Role.TEAM_MANAGER)


class Can(Enum):
    """An act: its words and the roles that have it. Which children and which sections is decided elsewhere."""

    def __init__(self, words: str, roles: tuple[str, ...]) -> None:
        self.words = words
        self.roles = frozenset(roles)

    ANYONE = ("Open a page that needs no sign-in", ())
    USE_ONROLL = ("Sign in and see their own home page", _EVERYONE)
    SEE_CHILDREN = (
        "See a list of the children they work with",
        _ROUND_THE_CHILD,
    )
    SEE_CHILD = (
        "Open the record of a child they work with",
        (*_ROUND_THE_CHILD, Role.DIRECTOR, *PARTNERS),
    )
    SEE_CHILD_HISTORY = ("See what changed in a child's record, and who acted", (*VIRTUAL_SCHOOL, *SOCIAL_CARE))
    SEE_LOOKS = ("See who has looked at a child's record", (*LEADS, Role.IG))
    REVIEW_ALERTS = ("Look into alerts about who looked at what", (*LEADS, Role.IG))
    OPEN_MATTERS = ("Open a request, an incident or a review about a child", (Role.IG,))
    ADD_CHILD = ("Add a child", _ROLL_KEEPERS)
    OPEN_IN_EMERGENCY = (
        "Open one child's record in an emergency: read only, for two hours, with a reason that is reviewed",
        (*VIRTUAL_SCHOOL, Role.TEAM_MANAGER),
    )
    REVIEW_OPENINGS = ("Review the records that were opened in an emergency", (*LEADS, Role.IG))
    DECLARE_A_TIE = (
        "Say that they are too close to a child to see the record",
        (*_ROUND_THE_CHILD, Role.DIRECTOR, *PARTNERS),
    )
    KEEP_APART = ("Say that a person must not see a child's record", (*LEADS, Role.ADMINISTRATOR))
    SET_MARKS = (
        "Say who must not know where a child lives or learns",
        (*LEADS, Role.VS_OFFICER, Role.DATA_OFFICER, Role.SOCIAL_WORKER, Role.TEAM_MANAGER),
    )
    AGREE_TO_LOOSEN = (
        "Agree, as a second person, that more people may know where a child lives or learns",
        (*LEADS, Role.TEAM_MANAGER),
    )
    KEEP_SEALED = (
        "Keep the sealed register with another custodian: which closed record and which new one are of one person",
        (*LEADS, Role.IG),
    )
    REPLACE_CUSTODIANS = ("Have somebody follow a custodian of the sealed register", (Role.VSH,))
    RECORD_CHANGES = ("Record changes to a child's record, section by section", (*_ROLL_KEEPERS, *DESIGNATED_TEACHERS))
    TELL_OF_A_MOVE = ("Tell the virtual school that a child is moving home or school", _ROLL_KEEPERS)
    ACT_ON_MANY = ("Change many children at once from a list", VIRTUAL_SCHOOL)
    MERGE_CHILDREN = ("Join two records of one child, and split them again", (*LEADS, Role.DATA_OFFICER))
    REMOVE_AN_ENTRY = ("Remove an entry made by mistake", (*LEADS, Role.VS_OFFICER, Role.DATA_OFFICER))
    SEE_PEPS = (
        "See the personal education plans of a term, by school, social worker and state",
        (*LEADS, Role.VS_OFFICER, Role.SOCIAL_WORKER, Role.TEAM_MANAGER, *DESIGNATED_TEACHERS),
    )
    WRITE_PEPS = (
        "Write their part of a personal education plan, book its meeting and hand it in",
        (*LEADS, Role.VS_OFFICER, Role.SOCIAL_WORKER, Role.TEAM_MANAGER, *DESIGNATED_TEACHERS),
    )
    DECIDE_ON_PEPS = (
        "Return or sign off a personal education plan, or say that none is needed",
        (*LEADS, Role.VS_OFFICER),
    )
    SEE_ACTIVITIES = (
        "See of whom it is not known what they do at 16 and over",
        (*LEADS, Role.VS_OFFICER, Role.EET),
    )
    SAY_PLAN_WAS_USED = (
        "Say whether the plan was looked at in a care review",
        (*LEADS, Role.VS_OFFICER, *SOCIAL_CARE),
    )
    SEE_AUDITS = (
        "See which personal education plans were drawn for audit in a month; team managers the grades of their team",
        (*LEADS, Role.VS_OFFICER, Role.TEAM_MANAGER),
    )
    FILE_AUDITS = (
        "Say that the audit of a personal education plan was filed on the social care record",
        (*LEADS, Role.VS_OFFICER, Role.VS_ADMIN),
    )
    HOLD_PEPS = ("Put a personal education plan on hold while a child is missing, and take it up again", LEADS)
    GIVE_A_VOICE_PASS = (
        "Give a young person a pass to their own page of a plan, and write down what they say",
        (*LEADS, Role.VS_OFFICER, Role.SOCIAL_WORKER, Role.TEAM_MANAGER, *DESIGNATED_TEACHERS, Role.CARER),
    )
    SEE_VIEWS = (
        "See what a young person said for a plan, as far as they let this reader see it",
        (*LEADS, Role.VS_OFFICER, *SOCIAL_CARE, *DESIGNATED_TEACHERS, Role.CARER),
    )
    SETTLE_CONCERNS = (
        "Read an answer that may mean that a young person is not safe, and record what came of it",
        (*LEADS, Role.VS_OFFICER, Role.SOCIAL_WORKER, Role.TEAM_MANAGER),
    )
    EXPORT_A_LIST = ("Take a list of children out as a spreadsheet", VIRTUAL_SCHOOL)
    GIVE_COVER = ("Have somebody stand in for them for up to four weeks", _MAY_BE_COVERED)
    OPEN_A_CASE = ("Open and close the case of a partner service with a child", VIRTUAL_SCHOOL)
    RELEASE_TO_A_CASE = (
        "Let an address or SDQ totals out to the open case of a partner service that needs them",
        (*LEADS, Role.VS_OFFICER, Role.SOCIAL_WORKER, Role.TEAM_MANAGER),
    )
    SEE_RELEASED = ("See what was let out to their own case with a child", (Role.EP, Role.ADMISSIONS))
    RECORD_AGREEMENT = (
        "Record that a young adult lets somebody go on seeing their record",
        (*VIRTUAL_SCHOOL, Role.SOCIAL_WORKER, Role.TEAM_MANAGER),
    )
    TELL_A_SETTING = (
        "Tell a setting that a child is on its roll, and of their mental health, SEN or disability",
        (*LEADS, Role.VS_OFFICER, Role.SOCIAL_WORKER, Role.TEAM_MANAGER),
    )
    SEE_WHO_CAN_SEE = ("See who can see a child, section by section", (*LEADS, Role.VS_OFFICER))
    KEEP_POSTS = ("Give, confirm and end posts", (*LEADS, Role.ADMINISTRATOR))
    SEE_SCHOOL_CONTACTS = (
        "See who the designated teachers are, school by school",
        (*VIRTUAL_SCHOOL, Role.ADMINISTRATOR),
    )
    REVIEW_ACCESS = (
        "Say in the termly review whether people still need their access",
        (*LEADS, Role.VS_OFFICER, Role.VS_ADMIN, Role.TEAM_MANAGER),
    )
    SEE_REVIEWS = (
        "See the termly access reviews, and take them out as evidence",
        (*LEADS, Role.VS_OFFICER, Role.VS_ADMIN, Role.TEAM_MANAGER, Role.IG, Role.ADMINISTRATOR),
    )
    CHANGE_SETTINGS = ("Change how Onroll is set for the authority", (*LEADS, Role.ADMINISTRATOR))
    KEEP_AGREEMENTS = (
        "Keep the agreements on which partner services’ posts rest",
        (*LEADS, Role.IG, Role.ADMINISTRATOR),
    )
    SEE_THE_TABLE = ("See what each role can see of a child, and why no more", (*LEADS, Role.IG, Role.ADMINISTRATOR))
    MAKE_A_COPY = (
        "Make a copy of a child's record for a named reader",
        (*VIRTUAL_SCHOOL, Role.SOCIAL_WORKER, Role.TEAM_MANAGER),
    )
    EXPORT_THE_RECORD = ("Take the whole record out as exchange files", (Role.DATA_OFFICER,))
    CHECK_THE_RECORD = ("Agree, as a second person, that the whole record is taken out", (*LEADS, Role.DATA_OFFICER))
    SEE_EXPORTS = (
        "See what they took out, and what waits for them to check",
        (*VIRTUAL_SCHOOL, Role.SOCIAL_WORKER, Role.TEAM_MANAGER),
    )
    SEE_SCHOOLS = ("Look up schools and settings", tuple(r for r in Role if r != Role.CARER))
    ADD_A_SETTING = ("Add a setting that is not in the national register", VIRTUAL_SCHOOL)
    SEE_DATA = ("See when each feed last came", VIRTUAL_SCHOOL)
    RUN_FEEDS = ("Load files, and undo a load", (*LEADS, Role.DATA_OFFICER))
    SETTLE_DIFFERENCES = ("Decide which source is right where two disagree", (*LEADS, Role.DATA_OFFICER))
    CHOOSE_SENSITIVE_FACTS = ("Choose which sensitive facts of the return the authority keeps", LEADS)
    SEE_CALENDAR = ("See term dates and deadlines", (*VIRTUAL_SCHOOL, *SOCIAL_CARE, Role.ADMINISTRATOR))
    SEE_FIGURES = (
        "See figures about groups of children: those of their own reach, with small numbers hidden outside it",
        _FIGURES,
    )
    KEEP_FINDINGS = ("Keep what a breakdown of a figure shows, in words", VIRTUAL_SCHOOL)
    CHOOSE_MEASURES = ("Choose which measures stand on whose scorecard", LEADS)
    SEE_PLAN = ("See the improvement plans and what the records say of each action", VIRTUAL_SCHOOL)
    UPDATE_PLAN = ("Write updates to the actions of a plan and rate them", VIRTUAL_SCHOOL)
    KEEP_PLAN = ("Make a plan, and change its actions, targets and milestones", LEADS)
    CHANGE_CALENDAR = (
        "Change term dates and deadlines",
        (*LEADS, Role.VS_ADMIN, Role.DATA_OFFICER, Role.ADMINISTRATOR),
    )


# An emergency opening is for reading one record, and for a note on it.
_IN_AN_OPENING = frozenset({Can.USE_ONROLL, Can.SEE_CHILD, Can.SEE_SCHOOLS, Can.OPEN_IN_EMERGENCY})


# Who stands in for somebody does that person's daily work, and opens nothing to themselves or to others.
_NEVER_IN_COVER = frozenset(
    {
        Can.OPEN_IN_EMERGENCY,
        Can.REVIEW_OPENINGS,
        Can.KEEP_APART,
        Can.AGREE_TO_LOOSEN,
        Can.KEEP_SEALED,
        Can.REPLACE_CUSTODIANS,
        Can.RELEASE_TO_A_CASE,
        Can.SEE_RELEASED,
        Can.GIVE_COVER,
        Can.KEEP_POSTS,
        Can.KEEP_AGREEMENTS,
        Can.REVIEW_ACCESS,
        Can.CHANGE_SETTINGS,
        Can.KEEP_PLAN,
        Can.CHOOSE_MEASURES,
    }
)


def can(actor: Actor, act: Can) -> bool:
    """Whether the actor's role has this act at all. In an emergency opening only what reads the one record."""
    if actor.opening is not None and act not in _IN_AN_OPENING:
        return False
    if actor.role == SYSTEM:
        return True
    if actor.cover is not None and act in _NEVER_IN_COVER:
        return False
    role = Role.DATA_OFFICER if actor.role == COMMAND_LINE else actor.role
    return role in act.roles
