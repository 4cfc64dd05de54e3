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
    DESIGNATED_TEACHER = "designated_teacher", "Designated teacher"
    DEPUTY_DT = "deputy_dt", "Deputy designated teacher"
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
        return self in (Role.DESIGNATED_TEACHER, Role.DEPUTY_DT)


# Not posts: what the command line and the background jobs act as.
COMMAND_LINE = "command_line"
SYSTEM = "system"

VIRTUAL_SCHOOL = (Role.VSH, Role.DEPUTY_VSH, Role.VS_OFFICER, Role.VS_ADMIN, Role.DATA_OFFICER)
LEADS = (Role.VSH, Role.DEPUTY_VSH)
SOCIAL_CARE = (Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.IRO)
SCHOOL_STAFF = (Role.DESIGNATED_TEACHER, Role.DEPUTY_DT)
