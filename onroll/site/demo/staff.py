"""The people who work with the children: the authority's staff, teachers at schools, and carers."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from onroll.access.models import Account
from onroll.access.roles import Role
from onroll.schools.models import School

from .chance import Chance, years
from .names import BRITISH, CARIBBEAN, EASTERN_EUROPEAN, INDIAN, PAKISTANI, WEST_AFRICAN, family_name, given_name
from .schools import CLOSED, FERNHILL, LARKFIELD, RIDGEWAY, ST_OSYTHS, Register

HEAD, PRIYA, TOM, MARCUS = "Helen Okafor", "Priya Raman", "Tom Adeyemi", "Marcus Bell"
CAROL, JEAN, ALICE, RAVI, JO = "Carol Swift", "Jean Harker", "Alice Beck", "Ravi Singh", "Jo Marlowe"
NADIA = "Nadia Karim"

ADVISERS_EAST, ADVISERS_WEST, VIRTUAL_SCHOOL = "Advisers, east", "Advisers, west", "Virtual school"
SOCIAL_WORK_TEAMS = (
    "Children in care 1",
    "Children in care 2",
    "Children in care 3",
    "Assessment and court",
    "Leaving care and young people who came alone",
)
REVIEWING, OTHER_SERVICES = "Reviewing service", "Education and partner services"
TEAMS = (VIRTUAL_SCHOOL, ADVISERS_EAST, ADVISERS_WEST, *SOCIAL_WORK_TEAMS, REVIEWING, OTHER_SERVICES)

# The one person of each role whose sign-in is printed. The rest of a role's people follow in _OTHERS.
_SIGN_INS: tuple[tuple[Role, str, str], ...] = (
    (Role.VSH, HEAD, VIRTUAL_SCHOOL),
    (Role.DEPUTY_VSH, "Amara Nwosu", VIRTUAL_SCHOOL),
    (Role.VS_OFFICER, PRIYA, ADVISERS_EAST),
    (Role.VS_ADMIN, "Beth Lomas", VIRTUAL_SCHOOL),
    (Role.DATA_OFFICER, "Joanne Pike", VIRTUAL_SCHOOL),
    (Role.SOCIAL_WORKER, TOM, SOCIAL_WORK_TEAMS[0]),
    (Role.TEAM_MANAGER, "Grace Fairclough", SOCIAL_WORK_TEAMS[0]),
    (Role.IRO, CAROL, REVIEWING),
    (Role.DESIGNATED_TEACHER, MARCUS, FERNHILL),
    (Role.DEPUTY_DT, "Laura Grant", FERNHILL),
    (Role.CARER, JEAN, ""),
    (Role.EP, "Simon Achebe", OTHER_SERVICES),
    (Role.SEND, "Ruth Ingham", OTHER_SERVICES),
    (Role.ADMISSIONS, "Colin Pollard", OTHER_SERVICES),
    (Role.INCLUSION, "Nasreen Aslam", OTHER_SERVICES),
    (Role.YOUTH_JUSTICE, "Leon Samuels", OTHER_SERVICES),
    (Role.EET, "Becky Thorpe", OTHER_SERVICES),
    (Role.FINANCE, "Alan Rigby", OTHER_SERVICES),
    (Role.ANALYST, "Wendy Lau", OTHER_SERVICES),
    (Role.IG, "Douglas Peel", OTHER_SERVICES),
    (Role.ADMINISTRATOR, "Kiran Mistry", OTHER_SERVICES),
)
# Those of the roles that came later: added last, so that everybody before them stays who they were.
_LATER: tuple[tuple[Role, str, str], ...] = (
    (Role.SUPERVISING_SW, "Hannah Frost", OTHER_SERVICES),
    (Role.PERSONAL_ADVISER, "Joel Amadi", SOCIAL_WORK_TEAMS[4]),
    (Role.DIRECTOR, "Margaret Stone", OTHER_SERVICES),
    (Role.HEAD_TEACHER, "Peter Aldous", FERNHILL),
    (Role.SAFEGUARDING_LEAD, "Shazia Malik", FERNHILL),
)
_OTHERS: tuple[tuple[Role, str, str], ...] = (
    (Role.VS_OFFICER, "Owen Marsh", ADVISERS_EAST),
    (Role.VS_OFFICER, "Dan Whitlock", ADVISERS_EAST),
    (Role.VS_OFFICER, "Rosie Calder", ADVISERS_EAST),
    (Role.VS_OFFICER, "Imran Yusuf", ADVISERS_EAST),
    (Role.VS_OFFICER, "Bronwen Ellis", ADVISERS_WEST),
    (Role.VS_OFFICER, "Sadia Rahim", ADVISERS_WEST),
    (Role.VS_OFFICER, "Kevin Tranter", ADVISERS_WEST),
    (Role.VS_OFFICER, "Lucy Fenn", ADVISERS_WEST),
    (Role.VS_ADMIN, "Paul Sagar", VIRTUAL_SCHOOL),
    (Role.SOCIAL_WORKER, ALICE, SOCIAL_WORK_TEAMS[1]),
    (Role.SOCIAL_WORKER, RAVI, SOCIAL_WORK_TEAMS[0]),
    (Role.SOCIAL_WORKER, JO, SOCIAL_WORK_TEAMS[1]),
    (Role.DESIGNATED_TEACHER, "Ines Cole", LARKFIELD),
    (Role.DESIGNATED_TEACHER, "Gareth Pugh", ST_OSYTHS),
    (Role.DESIGNATED_TEACHER, "Yvonne Clarke", RIDGEWAY),
    (Role.CARER, NADIA, ""),
    (Role.EET, "Marlon Gayle", OTHER_SERVICES),
)
_ORIGINS = {BRITISH: 70, WEST_AFRICAN: 7, CARIBBEAN: 6, PAKISTANI: 6, INDIAN: 6, EASTERN_EUROPEAN: 5}


@dataclass
class Person:
    """Someone with an account, and the one post they hold or held."""

    account: Account
    role: str
    start: date
    end: date | None = None
    team: str = ""
    school: School | None = None
    signs_in: bool = False
    children: int = 0

    @property
    def name(self) -> str:
        return self.account.name

    def holds(self, day: date) -> bool:
        return self.start <= day and (self.end is None or self.end > day)


@dataclass
class Staff:
    """Everyone, found by name or by role."""

    seed: int
    today: date
    people: list[Person] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._chance = Chance(self.seed, "staff")
        self._emails: set[str] = set()
        self.by_name: dict[str, Person] = {}

    def __getitem__(self, name: str) -> Person:
        return self.by_name[name]

    def of(self, role: str) -> list[Person]:
        return [person for person in self.people if person.role == role]

    def add(self, role: str, name: str = "", *, start: date | None = None, **post: object) -> Person:
        """A person in a post. Without a name they get one that nobody has yet."""
        given, family = name.rsplit(" ", 1) if name else self._fresh_name()
        person = Person(
            account=Account(
                public_id=self._chance.uuid(),
                email=self._email(given, family, role),
                given_name=given,
                family_name=family,
                phone=f"07700 900{self._chance.randint(0, 999):03}",
            ),
            role=role,
            start=start or self._chance.day(self.today - years(10), self.today - years(4.5)),
            **post,  # type: ignore[arg-type]
        )
        self.people.append(person)
        self.by_name.setdefault(person.name, person)
        return person

    def _fresh_name(self) -> tuple[str, str]:
        while True:
            origin = self._chance.one_of(_ORIGINS)
            sex = self._chance.one_of({"F": 72, "M": 28})
            given, family = given_name(origin, sex, self._chance), family_name(origin, self._chance)
            if f"{given} {family}" not in self.by_name:
                return given, family

    def _email(self, given: str, family: str, role: str) -> str:
        where = {
            Role.CARER: "carers.example",
            Role.DESIGNATED_TEACHER: "schools.example",
            Role.DEPUTY_DT: "schools.example",
            Role.HEAD_TEACHER: "schools.example",
            Role.SAFEGUARDING_LEAD: "schools.example",
        }
        local = f"{given}.{family}".lower().replace(" ", "").replace("’", "")
        count = 1
        while (
            email := f"{local}{count if count > 1 else ''}@{where.get(Role(role), 'ashcombe.example')}"
        ) in self._emails:
            count += 1
        self._emails.add(email)
        return email

    def least_busy(self, role: str, day: date, chance: Chance, team: str = "") -> Person:
        """One of those who hold a post on this day and have fewest children of a few picked at random."""
        live = [p for p in self.of(role) if p.holds(day) and (not team or p.team == team)]
        chosen = min(chance.some(live, 3), key=lambda person: person.children)
        return chosen


def appoint(register: Register, *, seed: int, today: date, children: int) -> Staff:
    """The staff that this many looked-after children need, one with a sign-in for each role."""
    staff = Staff(seed, today)
    chance = Chance(seed, "appointments")
    for role, name, place in (*_SIGN_INS, *_OTHERS):
        where: dict[str, Any] = {"school": register[place].record} if role.at_a_school else {"team": place}
        # Tom Adeyemi became Mia's social worker in May 2024 and has held his post since.
        person = staff.add(role, name, **where)
        person.signs_in = (role, name, place) in _SIGN_INS
    _fill(staff, Role.VS_OFFICER, max(9, children // 46), (ADVISERS_EAST, ADVISERS_WEST))
    _fill(staff, Role.IRO, max(2, children // 60), (REVIEWING,))
    _fill(staff, Role.SOCIAL_WORKER, max(5, children // 15), SOCIAL_WORK_TEAMS)
    for team in SOCIAL_WORK_TEAMS[1:]:
        staff.add(Role.TEAM_MANAGER, team=team)
    # Social workers come and go: those who left have children who had another one before.
    for at in range(max(2, children // 40)):
        leaver = staff.add(Role.SOCIAL_WORKER, team=SOCIAL_WORK_TEAMS[at % len(SOCIAL_WORK_TEAMS)])
        leaver.end = chance.day(today - years(2.6), today - timedelta(days=40))
    with_a_teacher = {person.school.name for person in staff.people if person.school}
    for setting in register.settings:
        if setting.name in with_a_teacher or setting.name == CLOSED or setting.kind in ("day nursery", "tuition"):
            continue
        # A few schools have not told who their designated teacher is.
        if chance.happens(0.94):
            staff.add(Role.DESIGNATED_TEACHER, school=setting.record)
    for role, name, place in _LATER:
        later: dict[str, Any] = {"school": register[place].record} if role.at_a_school else {"team": place}
        staff.add(role, name, **later).signs_in = True
    return staff


def _fill(staff: Staff, role: Role, wanted: int, teams: tuple[str, ...]) -> None:
    for at in range(wanted - len(staff.of(role))):
        staff.add(role, team=teams[at % len(teams)])
