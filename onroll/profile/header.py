"""The header of a child's pages: who, where, with whom and since when, as far as the reader's cells go."""

from django.urls import reverse

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.roles import Role
from onroll.access.sections import Section
from onroll.children.models import Child
from onroll.codes.year_groups import age_on, year_group_of
from onroll.design.values import ChildHeader, Fact, Mark
from onroll.design.words import count_of, day, length_of_time, lower_first

from .disclosure import home_instruction, school_instruction
from .panels import tabs
from .people import person_name, social_worker
from .record import Record
from .story import Gap, Story, hours_words
from .words import legal_label, living_words, ordinal


def header_of(record: Record, *, current: str, slim: bool = True, keep: str = "") -> ChildHeader:
    """What stands at the top of this child's pages for this reader: full on the story, slim on the other pages."""
    child, on = record.child, record.day
    age = age_on(child.birth_date, on=on)
    year = year_group_of(child.birth_date, on=on).label
    given = child.known_as and child.given_name and child.known_as != child.given_name
    return ChildHeader(
        name=f"{child.given_name} {child.family_name}".strip() if given else child.name,
        known_as=child.known_as if given else "",
        line=" · ".join(_slim_line(record, age, year) if slim else _line(record, age, year)),
        facts=[] if slim else [fact for fact in (f(record) for f in _FACTS) if fact is not None],
        mark=_mark(record, slim=slim),
        tabs=tabs(child, record.actor, current=current, keep=keep),
        closed=_closed(record),
        slim=slim,
        possessive=f"{child.first_name}’s",
    )


def slim_header(child: Child, actor: Actor, current: str) -> ChildHeader:
    """The header of a page of another part, which stands under one of the panels."""
    return header_of(Record(child, actor, actor.today), current=current)


def _line(record: Record, age: int, year: str) -> list[str]:
    child = record.child
    parts = [f"{count_of(age, 'year')} old, born {day(child.birth_date)}", year]
    numbers = record.facts("numbers")
    if numbers and numbers[0].words[0]:
        parts.append(f"{record.actor.authority_name} number {numbers[0].words[0]}")
    if child.held_as != Child.HeldAs.OWN:
        parts.append(lower_first(child.get_held_as_display()))
    return parts


def _slim_line(record: Record, age: int, year: str) -> list[str]:
    parts = [str(age), year]
    if record.place is not None and record.place.school is not None:
        parts.append(record.place.school.name)
    if record.care.looked_after and record.care.since and record.has_summary(Section.CARE):
        parts.append(f"looked after since {record.care.since:%B %Y}")
    return parts


def looked_after(record: Record) -> Fact | None:
    """Whether and since when the child is looked after, as far as the reader's cell goes."""
    care = record.care
    if not record.has_summary(Section.CARE):
        return None
    whole = record.may_read(Section.CARE)
    if care.episode is not None and care.since is not None:
        if not whole:
            return Fact("Looked after", f"Since {care.since:%B %Y}")
        length = length_of_time(care.since, record.day) or "From today"
        return Fact(
            "Looked after", length, f"since {day(care.since)} · {lower_first(legal_label(care.episode.legal_status))}"
        )
    if not whole or not care.episodes:
        return Fact("Looked after", "Not looked after")
    if care.provisional:
        return Fact("Looked after", "Not on the roll", "the return no longer holds this child: settle when care ended")
    if any(episode.holds_on(record.day) for episode in care.episodes):
        return Fact("Looked after", "Short breaks only", "not on the virtual school’s roll")
    return Fact("Looked after", "Not looked after", f"left care on {day(care.left_on)}" if care.left_on else "")


def _lives(record: Record) -> Fact | None:
    care = record.care
    home = record.home
    if home is None:
        return None
    living = living_words(home.latest) or "Kind of home not recorded"
    if not record.may_read(Section.PLACEMENT):
        return Fact("Lives", living[:1].upper() + living[1:])
    area = record.area_of(home)
    name = record.actor.authority_name
    where = {"in": f", in {name}", "out": f", outside {name}"}.get(area, "")
    nth = f" · {ordinal(care.homes)} home" if care.homes > 1 else " · first home"
    if record.actor.role == Role.CARER:
        nth = ""
    return Fact("Lives", f"{living[:1].upper()}{living[1:]}{where}", f"since {day(home.start)}{nth}")


def _learns(record: Record) -> Fact | None:
    if not record.may_read(Section.SCHOOL):
        return None
    place = record.place
    if place is not None and place.school is not None:
        hours = hours_words(place)
        note = f"{hours} since {day(place.start)}" if hours else f"since {day(place.start)}"
        url = reverse("schools:school", args=[place.school.public_id]) if can(record.actor, Can.SEE_SCHOOLS) else ""
        return Fact("Learns", place.school.name, note, url)
    if record.at_a_school:
        return None
    gap = _gap_today(record)
    if gap is not None:
        return Fact("Learns", "No school place", f"since {day(gap.start)} · {gap.words.replace(' with no place', '')}")
    return Fact("Learns", "No school recorded")


def _gap_today(record: Record) -> Gap | None:
    return next((gap for gap in Story(record).gaps if gap.end is None), None)


def _in_an_emergency(record: Record) -> Fact | None:
    """A school does not know the address. It knows whom to ring."""
    if not record.at_a_school:
        return None
    worker = social_worker(record)
    if worker is None:
        return None
    return Fact("In an emergency", f"Ring {person_name(worker)}", worker.words[3] or "social worker")


_FACTS = (looked_after, _lives, _learns, _in_an_emergency)


def _closed(record: Record) -> str:
    """Why the record is closed, for those who read when care ended."""
    care = record.care
    if care.looked_after or care.provisional or care.left_on is None or not record.may_read(Section.CARE):
        return ""
    return f"Left care on {day(care.left_on)}."


def _mark(record: Record, *, slim: bool) -> Mark | None:
    """What must not be told, for those who may know of it: of the home, and of the school."""
    name, sentences = record.child.first_name, []
    if record.home is not None and record.may_read(Section.ADDRESS):
        sentences.append(home_instruction(record.mark_of(record.home), name))
    if record.place is not None:
        sentences.append(school_instruction(record.place.disclosure, name))
    sentences = [sentence for sentence in sentences if sentence]
    if not sentences:
        return None
    worker = None if slim else social_worker(record)
    return Mark(" ".join(sentences), f"Ring {person_name(worker)} before you tell anyone." if worker else "")
