"""The demonstration: Ashcombe, an authority that does not exist, with three years of believable records.

All of it follows from the seed and the day, so the same seed makes the same people on the same day. What differs is
what must: the key ring, the ciphertexts (each has a fresh nonce) and the digest of the password.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from onroll.access.actors import Actor
from onroll.access.encryption import make_key_ring
from onroll.access.roles import Role
from onroll.authorities.models import Authority
from onroll.history.changes import change
from onroll.site.installation import NO_AUTHORITY, Refused

from .access import write_access
from .cast import MIAS_NUMBER, Cast, neighbours_children
from .chance import Chance, same_day
from .documents import write_documents
from .exports import write_exports
from .figures import write_figures
from .guarded import guard
from .homes import Housing
from .links import write_links
from .lives import Births, Life
from .peps import write_peps
from .places import AUTHORITY_CODE, AUTHORITY_NAME, REGION, Country
from .plans import write_plan
from .round_the_child import Allocated, allocate
from .schools import Register
from .staff import Staff, appoint
from .stories import others, unsettle
from .writing import Writer

# How many children are looked after today.
SIZES = {"small": 420, "large": 2000}
# The authority's numbers for children begin here, oldest first.
FIRST_NUMBER = 18_001
_PASSWORD_WORDS = ("amber", "birch", "cedar", "delta", "ember", "fern", "garnet", "heron", "indigo", "juniper", "lark")


class SignIn(TypedDict):
    role: str
    email: str
    password: str


def build(
    *,
    size: str = "small",
    seed: int = 1,
    today: date,
    progress: Callable[[float, str], None] | None = None,
) -> list[SignIn]:
    """Make the demonstration authority in an empty installation. Answers with one sign-in for each role.

    `progress` is told the share that is done, from 0 to 1, and what comes next in words.
    """
    if size not in SIZES:
        raise Refused(f"A demonstration of the size “{size}” can't be made yet. Choose small or large.")
    if Authority.objects.exists():
        raise Refused("There is an authority here already. A demonstration needs an installation of its own.")
    tell = progress or (lambda share, words: None)
    tell(0.0, "Inventing schools, people and children")
    sign_ins = write(invent(SIZES[size], seed=seed, today=today), tell)
    tell(1.0, "Done")
    return sign_ins


@dataclass
class Invented:
    """The whole demonstration, before any of it is written."""

    seed: int
    today: date
    country: Country
    register: Register
    staff: Staff
    lives: list[Life]
    # For each life the people round the child.
    allocated: list[list[Allocated]]


def invent(children: int, *, seed: int, today: date) -> Invented:
    """The demonstration with this many children in care today, among them the cast."""
    country = Country(seed)
    register = Register(country, seed=seed, today=today, children=children)
    staff = appoint(register, seed=seed, today=today, children=children)
    housing = Housing(country, staff, seed=seed, today=today, children=children)
    births = Births(register, housing, seed=seed, today=today)
    told = Cast(births, register, housing, today=today).lives
    drawn = births.until_in_care(max(children - sum(life.left_on is None for life in told), 0))
    unsettle(drawn, register, seed=seed, today=today)
    extra = others(register, housing, births, seed=seed, today=today, count=children / 100)
    lives = [*told, *drawn, *neighbours_children(register, today=today), *extra]
    number(lives)
    return Invented(seed, today, country, register, staff, lives, allocate(lives, staff, seed=seed, today=today))


def write(invented: Invented, tell: Callable[[float, str], None]) -> list[SignIn]:
    """Write what was invented, as one act: a demonstration is there whole or not at all."""
    seed, today, lives = invented.seed, invented.today, invented.lives
    password = _password(seed)
    with change("demo.made", actor=Actor.system(NO_AUTHORITY, today=today)) as this:
        authority = this.create(
            Authority(
                public_id=Chance(seed, "authority").uuid(),
                code=AUTHORITY_CODE,
                name=AUTHORITY_NAME,
                region=REGION,
                live_from=same_day(today, today.year - 3),
                demonstration=True,
                advisers_see_all=True,
                mail_domains="ashcombe.example schools.example",
            )
        )
        make_key_ring(authority.pk)
        writer = Writer(authority, seed=seed, today=today)
        actor = Actor.system(authority.pk, today=today)
        tell(0.2, "Writing schools and people")
        with change("demo.made", actor=actor) as this:
            writer.the_calendar(this)
            writer.the_country(invented.country)
            writer.the_schools(this, invented.register)
            writer.the_people(this, invented.staff, password)
        tell(0.3, "Writing children")
        with change("demo.made", actor=actor) as this:
            records = writer.the_children(this, lives)
        tell(0.45, "Writing time in care")
        with change("demo.made", actor=actor) as this:
            writer.the_care(this, records, lives)
        tell(0.75, "Writing schools and needs")
        with change("demo.made", actor=actor) as this:
            writer.the_schooling(this, records, lives)
        tell(0.9, "Writing who works with whom")
        with change("demo.made", actor=actor) as this:
            writer.the_people_round_them(this, records, invented.allocated)
            write_links(writer, this, records, lives, invented.staff, seed=seed)
            writer.the_open_questions(this, records, lives, invented.allocated, invented.register, seed)
            guard(writer, this, records, lives, invented.allocated, invented.staff, seed)
            head = invented.staff.of(Role.VSH)[0].account
            write_documents(writer, this, records, lives, head, seed=seed)
            writer.the_looks(this, records, lives, invented.allocated, invented.staff)
            write_access(writer, this, invented.staff, invented.register, seed=seed)
            write_exports(writer, this, records, lives, invented.staff, seed=seed)
            write_figures(writer, this, invented.staff)
            write_plan(writer, this, invented.staff)
        tell(0.93, "Writing personal education plans")
        with change("demo.made", actor=actor) as this:
            write_peps(writer, this, records, lives, invented.allocated, invented.staff, seed=seed)
        tell(0.95, "Sealing the history")
    return [
        SignIn(role=person.role, email=person.account.email, password=password)
        for role in Role
        for person in invented.staff.of(role)
        if person.signs_in
    ]


def number(lives: list[Life]) -> None:
    """Give each child the authority's number, in the order in which the authority came to know them."""
    at = FIRST_NUMBER
    for life in sorted(lives, key=_first_known):
        if life.number:
            continue
        at += 1 + (at + 1 == int(MIAS_NUMBER))
        life.number = str(at)


def _first_known(life: Life) -> date:
    if life.periods:
        return life.periods[0].start
    start = life.statuses[0]["start"] if life.statuses else life.born_on
    assert isinstance(start, date)
    return start


def _password(seed: int) -> str:
    """One password for every sign-in of a demonstration: four words and a number, easy to type from the screen."""
    chance = Chance(seed, "password")
    return "-".join([*chance.some(_PASSWORD_WORDS, 4), str(chance.randint(10, 99))])
