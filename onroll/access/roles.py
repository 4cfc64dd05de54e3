"""The roles a post can have: the one list, as the exchange format writes it."""

from django.db import models


class Role(models.TextChoices):
    VSH = "vsh", "Virtual school head"
    DEPUTY_VSH = "deputy_vsh", "Deputy virtual school head"
    VS_OFFICER = "vs_officer", "Education adviser"
    VS_ADMIN = "vs_admin", "Practice support"
    DATA_OFFICER = "data_officer", "Data officer"
    SOCIAL_WORKER = "social_worker", "Social worker"
    TEAM_MANAGER = "team_manager", "Team manager"
    IRO = "iro", "Independent reviewing officer"
    SUPERVISING_SW = "supervising_sw", "Supervising social worker"
    PERSONAL_ADVISER = "personal_adviser", "Personal adviser"
    DIRECTOR = "director", "Director of children’s services"
    DESIGNATED_TEACHER = "designated_teacher", "Designated teacher"
    DEPUTY_DT = "deputy_dt", "Deputy designated teacher"
    HEAD_TEACHER = "head_teacher", "Head teacher"
    SAFEGUARDING_LEAD = "safeguarding_lead", "Designated safeguarding lead"
    CARER = "carer", "Carer"
    EP = "ep", "Educational psychologist"
    SEND = "send", "SEND caseworker"
    ADMISSIONS = "admissions", "Admissions officer"
    INCLUSION = "inclusion", "Inclusion officer"
    YOUTH_JUSTICE = "youth_justice", "Youth justice worker"
    EET = "eet", "Education, employment and training adviser"
    FINANCE = "finance", "Finance officer"
    ANALYST = "analyst", "Analyst"
    IG = "ig", "Information governance officer"
    ADMINISTRATOR = "administrator", "Administrator"

    @property
    def at_a_school(self) -> bool:
        return self in SCHOOL_STAFF


# Not posts: what the command line and the background jobs act as.
COMMAND_LINE = "command_line"
SYSTEM = "system"

VIRTUAL_SCHOOL = (Role.VSH, Role.DEPUTY_VSH, Role.VS_OFFICER, Role.VS_ADMIN, Role.DATA_OFFICER)
LEADS = (Role.VSH, Role.DEPUTY_VSH)
SOCIAL_CARE = (Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.IRO)
# Those who do the designated teacher's work, and all who hold a post at one school.
DESIGNATED_TEACHERS = (Role.DESIGNATED_TEACHER, Role.DEPUTY_DT)
SCHOOL_STAFF = (*DESIGNATED_TEACHERS, Role.HEAD_TEACHER, Role.SAFEGUARDING_LEAD)
# Services that see a child while they have an open case, under an agreement with the authority (2.6).
PARTNERS = (Role.EP, Role.SEND, Role.ADMISSIONS, Role.INCLUSION, Role.YOUTH_JUSTICE)
# Whose work with the child ends when the home does.
AT_THE_HOME = (Role.CARER, Role.SUPERVISING_SW)
# What follows the child while the child is looked after, and ends on the 18th birthday.
REST_ON_CARE = (
    Role.SOCIAL_WORKER,
    Role.TEAM_MANAGER,
    Role.IRO,
    Role.SUPERVISING_SW,
    Role.PERSONAL_ADVISER,
    Role.DIRECTOR,
    *SCHOOL_STAFF,
    Role.CARER,
    Role.EET,
    *PARTNERS,
)
# Of these, whom a young adult may ask to go on. Social care has a record of its own for adults.
MAY_GO_ON = (Role.PERSONAL_ADVISER, Role.CARER, Role.EET, *SCHOOL_STAFF, *PARTNERS)
