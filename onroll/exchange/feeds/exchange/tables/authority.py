"""The authority, its calendar, the schools it names and the people who work for it."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from onroll.access.models import Account
from onroll.access.roles import DESIGNATED_TEACHERS, SCHOOL_STAFF, Role
from onroll.authorities.models import CalendarEntry, Team
from onroll.children.models import SchoolPlace
from onroll.exchange.models import NamedSchool
from onroll.exchange.plans import Changes
from onroll.people.models import Post, SharingAgreement
from onroll.people.posts import works_elsewhere
from onroll.schools.models import Inspection, School
from onroll.schools.searching import search_words_of

from ..cells import day, one_of, text, whole, yes_no
from .table import DoesNotFit, Held, Holdings, Table

# The authority itself


def _authority(holdings: Holdings) -> Iterable[Held]:
    held = holdings.authority
    yield Held({"code": held.code, "name": held.name, "region": held.region}, (held,))


def _other_authority(values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    raise DoesNotFit("code", f"is {values['code']}; these files are loaded for authority {holdings.authority.code}")


def _rename(held: Held, values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    changes.update(held.records[0], name=values["name"], region=values["region"])


AUTHORITY = Table(
    "authority",
    "The authority",
    (text("code", 3, needed=True), text("name", 100, needed=True), text("region", 60)),
    ("code",),
    _authority,
    _other_authority,
    _rename,
)


# Its calendar


def _calendar(holdings: Holdings) -> Iterable[Held]:
    for entry in CalendarEntry.objects.filter(authority_id=holdings.actor.authority):
        yield Held({column.name: getattr(entry, column.name) for column in CALENDAR.columns}, (entry,))


def _new_entry(values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    changes.create(CalendarEntry(authority_id=holdings.actor.authority, **values))


def _alter_entry(held: Held, values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    changes.update(held.records[0], **values)


CALENDAR = Table(
    "calendar",
    "Calendar entries",
    (
        one_of("kind", CalendarEntry.Kind.values, needed=True),
        text("academic_year", 7, needed=True),
        one_of("term", CalendarEntry.Term.values),
        day("start", needed=True),
        day("end", needed=True),
    ),
    ("kind", "academic_year", "term", "start"),
    _calendar,
    _new_entry,
    _alter_entry,
)


# Schools


def _schools(holdings: Holdings) -> Iterable[Held]:
    """The schools that the authority's files named, its own settings, and those that its rows point to."""
    named = {row.school_id: row for row in NamedSchool.objects.filter(authority_id=holdings.actor.authority)}
    used = set(SchoolPlace.unscoped.filter(authority_id=holdings.actor.authority).values_list("school_id", flat=True))
    used |= set(Post.objects.filter(authority_id=holdings.actor.authority).values_list("school_id", flat=True))
    own = set(School.objects.filter(authority_id=holdings.actor.authority).values_list("pk", flat=True))
    for school in School.objects.filter(pk__in=(used | own | set(named)) - {None}):
        sent = named.get(school.pk)
        yield Held(
            {
                "setting_id": school.setting_id,
                "urn": school.urn,
                "name": school.name,
                "la_code": school.la_code,
                "phase": school.phase,
                "type": sent.type_as_sent if sent else school.type_words,
                "status": sent.status_as_sent if sent else school.get_status_display(),
                "postcode": school.postcode,
                "high_cost": school.high_cost,
            },
            (school, sent),
        )


_STATUS = {words.lower(): value for value, words in School.Status.choices} | {v: v for v in School.Status.values}


def _fields(values: dict[str, Any]) -> dict[str, Any]:
    return {
        "urn": values["urn"],
        "name": values["name"],
        "la_code": values["la_code"],
        "phase": values["phase"] or School.Phase.OTHER,
        "type_words": values["type"],
        "status": _STATUS.get(values["status"].lower(), School.Status.OPEN),
        "postcode": values["postcode"],
        "high_cost": values["high_cost"],
    }


def _as_sent(values: dict[str, Any]) -> dict[str, str]:
    return {"type_as_sent": values["type"], "status_as_sent": values["status"]}


def _new_school(values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    school = holdings.schools.get(values["setting_id"])
    if school is None:
        # One with a URN belongs to the national register and is shared; one without is the authority's own.
        own = None if values["urn"] else holdings.actor.authority
        school = School(setting_id=values["setting_id"], authority_id=own, **_fields(values))
        school.search_words = search_words_of(school)
        changes.create(school)
        holdings.schools[school.setting_id] = school
    changes.create(NamedSchool(authority_id=holdings.actor.authority, school=school, **_as_sent(values)))


def _alter_school(held: Held, values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    school, sent = held.records
    if changes.update(school, **_fields(values)):
        changes.update(school, search_words=search_words_of(school))
    if sent is None:
        changes.create(NamedSchool(authority_id=holdings.actor.authority, school=school, **_as_sent(values)))
    else:
        changes.update(sent, **_as_sent(values))


SCHOOLS = Table(
    "schools",
    "Schools and settings",
    (
        text("setting_id", 20, needed=True),
        text("urn", 6),
        text("name", 200, needed=True),
        text("la_code", 3),
        one_of("phase", School.Phase.values),
        text("type", 100),
        text("status", 60),
        text("postcode", 8),
        yes_no("high_cost"),
    ),
    ("setting_id",),
    _schools,
    _new_school,
    _alter_school,
)


def _inspections(holdings: Holdings) -> Iterable[Held]:
    ids = {school.pk: setting_id for setting_id, school in holdings.schools.items() if school.pk}
    for row in Inspection.objects.filter(school_id__in=[held.records[0].pk for held in _schools(holdings)]):
        values = {"inspected_on": row.inspected_on, "overall": row.overall, "report": row.report}
        yield Held({"setting_id": ids[row.school_id], **values}, (row,))


def _new_inspection(values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    school = holdings.school(values["setting_id"])
    changes.create(Inspection(school=school, **{name: values[name] for name in ("inspected_on", "overall", "report")}))


def _alter_inspection(held: Held, values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    changes.update(held.records[0], overall=values["overall"], report=values["report"])


INSPECTIONS = Table(
    "inspections",
    "Inspections",
    (
        text("setting_id", 20, needed=True),
        day("inspected_on", needed=True),
        whole("overall", 1, 4),
        text("report", 200),
    ),
    ("setting_id", "inspected_on"),
    _inspections,
    _new_inspection,
    _alter_inspection,
)


# People

_OF_A_POST = ("email", "role", "team", "setting_id", "start")


def _of_a_post(post: Post) -> dict[str, Any]:
    return {
        "email": post.account.email,
        "role": post.role,
        "team": post.team.name if post.team else "",
        "setting_id": post.school.setting_id if post.school else "",
        "start": post.start,
    }


def _people(holdings: Holdings) -> Iterable[Held]:
    posts = Post.objects.filter(authority_id=holdings.actor.authority).select_related("account", "team", "school")
    for post in posts:
        names = {"given_name": post.account.given_name, "family_name": post.account.family_name}
        yield Held({**_of_a_post(post), **names, "end": post.end}, (post,))


def _refuse_a_person(role: str, holdings: Holdings) -> None:
    """A post gives access. Who could load any on a page could give themselves any role: a school's alone is free."""
    if holdings.actor.is_person and role not in DESIGNATED_TEACHERS:
        raise DoesNotFit("role", "gives access to the record, so posts are loaded from the command line alone")


def _new_post(values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    _refuse_a_person(values["role"], holdings)
    school = holdings.school(values["setting_id"]) if values["setting_id"] else None
    if school is None and values["role"] in SCHOOL_STAFF:
        raise DoesNotFit("setting_id", "is empty: a designated teacher has a school")
    account = holdings.everyone.get(values["email"].lower())
    if account is None:
        account = Account(
            email=values["email"],
            given_name=values["given_name"],
            family_name=values["family_name"],
            # Nobody can sign in with it until an invitation is taken up.
            password=UNUSABLE_PASSWORD_PREFIX,
        )
        holdings.everyone[values["email"].lower()] = changes.create(account)
    holdings.accounts[values["email"].lower()] = account
    waits = holdings.must_wait(account, school)
    post = Post(
        authority_id=holdings.actor.authority,
        account=account,
        role=values["role"],
        team=holdings.teams.get(values["team"]),
        school=school,
        start=values["start"],
        end=values["end"],
        source=holdings.source,
        waits=waits,
        asked_by_id=holdings.actor.account if waits else None,
    )
    holdings.posts[tuple(values[name] for name in _OF_A_POST)] = changes.create(post)


def _alter_post(held: Held, values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    (post,) = held.records
    _refuse_a_person(post.role, holdings)
    names = {name: values[name] for name in ("given_name", "family_name")}
    renames = any(getattr(post.account, name) != value for name, value in names.items())
    # Who works for other authorities too keeps the name they are known by there (TEN-3).
    if renames and not works_elsewhere(post.account, than=holdings.actor.authority):
        changes.update(post.account, **names)
    changes.update(post, end=values["end"])


def _teams_first(rows: list[dict[str, Any]], holdings: Holdings, changes: Changes) -> None:
    """A team is written before the posts in it, whichever row names it first."""
    names = {row["team"] for row in rows} - {"", None}
    held = {team.name: team for team in Team.objects.filter(authority_id=holdings.actor.authority)}
    for name in sorted(names):
        holdings.teams[name] = held.get(name) or changes.create(Team(authority_id=holdings.actor.authority, name=name))


PEOPLE = Table(
    "people",
    "Posts",
    (
        text("email", 254, needed=True),
        text("given_name", 100),
        text("family_name", 100),
        one_of("role", Role.values, needed=True),
        text("team", 100),
        text("setting_id", 20),
        day("start", needed=True),
        day("end"),
    ),
    _OF_A_POST,
    _people,
    _new_post,
    _alter_post,
    prepare=_teams_first,
)


# The agreements with partner services, and until when each post was confirmed


def _command_line_alone(holdings: Holdings, column: str) -> None:
    if holdings.actor.is_person:
        raise DoesNotFit(column, "decides what opens the record, so these rows are loaded from the command line alone")


def _agreements(holdings: Holdings) -> Iterable[Held]:
    for row in SharingAgreement.objects.filter(authority_id=holdings.actor.authority):
        holdings.agreements[row.title] = row
        yield Held({column.name: getattr(row, column.name) for column in _OF_AN_AGREEMENT}, (row,))


def _new_agreement(values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    _command_line_alone(holdings, "title")
    row = SharingAgreement(authority_id=holdings.actor.authority, **values)
    holdings.agreements[row.title] = changes.create(row)


def _alter_agreement(held: Held, values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    _command_line_alone(holdings, "title")
    changes.update(held.records[0], **values)


_OF_AN_AGREEMENT = (
    text("title", 200, needed=True),
    text("parties", 400),
    text("purpose", 1000),
    text("lawful_basis", 400),
    day("start", needed=True),
    day("end"),
    day("review_on", needed=True),
)
SHARING_AGREEMENTS = Table(
    "sharing_agreements",
    "Sharing agreements",
    _OF_AN_AGREEMENT,
    ("title", "start"),
    _agreements,
    _new_agreement,
    _alter_agreement,
)


def _reviews(holdings: Holdings) -> Iterable[Held]:
    posts = Post.objects.filter(authority_id=holdings.actor.authority)
    for post in posts.select_related("account", "team", "school", "agreement"):
        agreement = post.agreement.title if post.agreement else ""
        yield Held({**_of_a_post(post), "review_on": post.review_on, "agreement": agreement}, (post,))


def _agreement(title: str, holdings: Holdings) -> SharingAgreement | None:
    if title and title not in holdings.agreements:
        held = SharingAgreement.objects.filter(authority_id=holdings.actor.authority)
        holdings.agreements.update({row.title: row for row in held})
    if title and title not in holdings.agreements:
        raise DoesNotFit("agreement", "is in no row of sharing_agreements.csv and is not held")
    return holdings.agreements[title] if title else None


def _new_review(values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    """The post is one that people.csv has just brought: it is not written yet."""
    _command_line_alone(holdings, "review_on")
    post = holdings.posts.get(tuple(values[name] for name in _OF_A_POST))
    if post is None:
        raise DoesNotFit("email", "has no such post in people.csv, and none is held")
    post.review_on, post.agreement = values["review_on"], _agreement(values["agreement"], holdings)


def _alter_review(held: Held, values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    _command_line_alone(holdings, "review_on")
    agreement = _agreement(values["agreement"], holdings)
    changes.update(held.records[0], review_on=values["review_on"], agreement=agreement)


POST_REVIEWS = Table(
    "post_reviews",
    "When each post is looked at again",
    (
        text("email", 254, needed=True),
        one_of("role", Role.values, needed=True),
        text("team", 100),
        text("setting_id", 20),
        day("start", needed=True),
        day("review_on", needed=True),
        text("agreement", 200),
    ),
    _OF_A_POST,
    _reviews,
    _new_review,
    _alter_review,
)
