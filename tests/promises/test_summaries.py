"""Where the table of need to know gives a summary, its reader sees the facts written for them and no other (SEC-2).

Each fact of a child stands in the record with words of its own. The table below says, for each section and reader with
an S, which of them they read; every page of the child is searched for all of them.
"""

import csv
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from onroll.access.models import Account
from onroll.access.roles import PARTNERS, Role
from onroll.children import models as roll
from onroll.children.tests.scene import a_child, a_person, a_place, a_school, an_allocation, an_authority, write

CELLS = Path(__file__).parents[2] / "onroll" / "access" / "sections.csv"
PAGES = ("story", "school", "home", "needs", "people", "documents", "released")
STARTED = date(2022, 6, 1)

# The facts of each section, by a name, with the words by which a page would tell them.
FACTS = {
    "a2": {
        "language": "Dari",
        "eal": "English as an additional language",
        "disability": "Disability",
        "meals": "Free school meals",
        "religion": "Jainism",
        "ethnicity": "Gypsy",
        "asylum": "asylum",
    },
    "a3": {"upn": "A802200001009", "uln": "1234567890", "former upn": "H802200001004", "number": "N-77123"},
    "b": {
        "looked after": "Looked after",
        "since": "1 June 2022",
        "legal status": "Full care order",
        "need": "Abuse or neglect",
    },
    "d2": {
        "summary": "With foster carers",
        "kind": "Foster placement",
        "provider": "Private provision",
        "area": "Outside Ashcombe",
    },
    "j": {
        "yes or no": "Special educational needs Yes",
        "need": "Speech, language",
        "plan": "8 July 2025",
    },
    "k": {
        "for the school": "Seat near the door",
        "for another school": "Larger print",
        "to whom": "Told to Mr Pugh",
        "why": "Because of the assembly",
        "sdq": " 37 ",
    },
    "n": {"address": "24 Mill Lane", "postcode": "AB12 9ZQ", "distance": "41.5"},
    "o": {"carer": "Jean Hollis", "telephone": "07700 900123"},
}


def cells():
    with CELLS.open(newline="") as file:
        return {row["section"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker):
    """What each role with a live link reads on all pages of one child, as text. Built once; nothing here writes."""
    from django.db import connection, transaction

    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        try:
            outer._from_testcase = True
            connection.atomic_blocks[-1]._from_testcase = True
            yield read_by_every_role()
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)


def read_by_every_role() -> dict[Role, str]:
    today = timezone.localdate()
    here, school, other = an_authority(), a_school("Hillside"), a_school("Riverside")
    child = a_child(here, "Mia Dawson", number="N-77123", birth_date=date(today.year - 16, 1, 5))
    keys = {"authority": here, "child": child}
    record(child, keys, school, other, today)
    texts = {}
    for role in Role:
        account, _ = a_person(here, role, f"Reader {role.value.title()}", school=school if role.at_a_school else None)
        if role in PARTNERS:
            write(roll.ServiceCase(**keys, account=account, service=role, about="Case", start=STARTED))
        elif not role.at_a_school:
            start = today if role == Role.SOCIAL_WORKER else STARTED
            an_allocation(child, account, role, start=start)
        client = Client()
        client.force_login(account)
        answers = [client.get(reverse(f"profile:{page}", args=[child.public_id])) for page in PAGES]
        texts[role] = " ".join(words_of(answer.content.decode()) for answer in answers if answer.status_code == 200)
    return texts


def words_of(page: str) -> str:
    """What a page says, without its tags: their keys are drawn by chance and may hold any number."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split()).lower()


def record(child, keys, school, other, today) -> None:
    traits = roll.Characteristics.unscoped.get(child=child)
    traits.first_language, traits.religion, traits.ethnicity, traits.uasc = "Dari", "Jainism", "WROM", True
    traits.disability, traits.fsm = True, True
    write(traits)
    write(roll.CharacteristicSpell(**keys, kind="eal", value="Yes", start=STARTED))
    numbers = roll.Identifiers.unscoped.get(child=child)
    numbers.upn, numbers.uln, numbers.former_upn = "A802200001009", "1234567890", "H802200001004"
    write(numbers)
    episode = write(roll.CareEpisode(**keys, start=STARTED, legal_status="C2", reason_new="S", category_of_need="N1"))
    home = {"placement_type": "U4", "provider": "PR4", "ofsted_urn": "SC998877", "area": "out"}
    write(roll.EpisodePlacement(**keys, episode=episode, **home))
    write(roll.PlacementAddress(**keys, episode=episode, address="24 Mill Lane", postcode="AB12 9ZQ"))
    write(roll.PlacementArea(**keys, episode=episode, la_code="336", la_stated=True, distance_miles="41.5"))
    a_place(child, school, start=STARTED)
    write(roll.SENProvision(**keys, value="E", start=STARTED))
    write(roll.SENNeed(**keys, value="SLCN", start=STARTED))
    write(roll.EHCPlan(**keys, start=date(2025, 7, 8)))
    write(roll.SDQScore(**keys, score=37, start=STARTED))
    for place, text in ((school, "Seat near the door"), (other, "Larger print")):
        words = {"to_whom": "Told to Mr Pugh", "why": "Because of the assembly", "text": text}
        write(roll.SettingTold(**keys, school=place, told_on=STARTED, about="health", **words))
    carer = write(Account(email="jean@example.org", given_name="Jean", family_name="Hollis", phone="07700 900123"))
    an_allocation(child, carer, Role.CARER, start=STARTED + timedelta(days=1))


SCHOOLS = (Role.DESIGNATED_TEACHER, Role.DEPUTY_DT, Role.HEAD_TEACHER, Role.SAFEGUARDING_LEAD)
# Of each section the facts that were written for the readers with an S in it. Any other fact is not for them.
WRITTEN_FOR = {
    "a2": dict.fromkeys(SCHOOLS, frozenset({"language", "eal", "disability", "meals"})),
    "a3": dict.fromkeys(SCHOOLS[:2], frozenset({"upn", "uln"})),
    "b": dict.fromkeys(
        (*SCHOOLS, Role.SUPERVISING_SW, Role.PERSONAL_ADVISER, Role.CARER, Role.ADMISSIONS),
        frozenset({"looked after", "since"}),
    ),
    "d2": dict.fromkeys((*SCHOOLS[:3], Role.SUPERVISING_SW), frozenset({"summary"})),
    "j": dict.fromkeys((Role.ADMISSIONS, Role.INCLUSION), frozenset({"yes or no"})),
    # To carers, their social workers and a psychologist nothing of health is told yet that was written for them.
    "k": {
        **dict.fromkeys(SCHOOLS, frozenset({"for the school"})),
        **dict.fromkeys((Role.SUPERVISING_SW, Role.CARER, Role.EP), frozenset()),
    },
    # Of an address and of a carer no field is written for schools yet: they see nothing.
    "n": dict.fromkeys(SCHOOLS, frozenset()),
    "o": dict.fromkeys((*SCHOOLS[:2], Role.SAFEGUARDING_LEAD, Role.SUPERVISING_SW), frozenset()),
}
# Parts of the record that nobody can fill in yet, and figures, which are of no one child.
NOT_YET = {"g", "h", "i", "p", "u"}
# No page of a child exists for them.
NO_PAGE = {Role.FINANCE}


def summaries() -> set[tuple[str, Role]]:
    """Every S of the table, but of parts that do not exist yet."""
    rows = [(section, role) for section, row in cells().items() for role in Role if row[role] == "S"]
    return {(section, role) for section, role in rows if section not in NOT_YET and role not in NO_PAGE}


@pytest.mark.proves("SEC-2", "ACC-1")
def test_every_summary_of_the_table_says_what_was_written_for_whom():
    assert summaries() == {(section, role) for section, readers in WRITTEN_FOR.items() for role in readers}


@pytest.mark.proves("SEC-2", "ACC-1")
def test_who_has_a_summary_sees_the_facts_written_for_them_and_no_other(told):
    wrong = []
    for section, role in sorted(summaries()):
        seen = {name for name, words in FACTS[section].items() if words.lower() in told[role]}
        if seen != WRITTEN_FOR[section][role]:
            wrong.append(f"{role} sees {sorted(seen)} of {section}")
    assert wrong == []


def test_every_fact_is_on_a_page_of_who_reads_the_whole_section(told):
    """Or the search above would find nothing anywhere. The head reads all but what stands in a summary alone."""
    text = told[Role.VSH]
    missing = {name for facts in FACTS.values() for name, words in facts.items() if words.lower() not in text}

    assert missing == {"yes or no"}
