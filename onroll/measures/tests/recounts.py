"""Each measure counted again, slowly and straight from the words of the plans' list, on the drawn world itself.

Nothing of the product's own counting is used here: a child, a day, and what the words ask. Each answer is the sorted
list of what every child adds: (child, part, whole).
"""

from datetime import date, timedelta

from .worlds import Pupil, World

DAY = timedelta(days=1)
SHORT_BREAKS = ("V3", "V4")


def holds(start: date, end: date | None, day: date) -> bool:
    return start <= day and (end is None or day < end)


def looked_after(pupil: Pupil, day: date) -> bool:
    return any(holds(care.start, care.end, day) and care.status not in SHORT_BREAKS for care in pupil.care)


def year_group(pupil: Pupil, day: date) -> int:
    september = day.year if day.month >= 9 else day.year - 1
    age = september - pupil.born.year - ((pupil.born.month, pupil.born.day) > (8, 31))
    return age - 4


def on_roll(world: World, day: date) -> list[Pupil]:
    return [pupil for pupil in world.pupils if looked_after(pupil, day) and year_group(pupil, day) <= 13]


def school_age(pupil: Pupil, day: date) -> bool:
    return 0 <= year_group(pupil, day) <= 11


def area_of_home(pupil: Pupil, day: date) -> str:
    open_now = [care for care in pupil.care if holds(care.start, care.end, day) and care.status not in SHORT_BREAKS]
    return open_now[-1].area


def main_seat(pupil: Pupil, day: date):
    return next((s for s in pupil.seats if s.kind == "main" and holds(s.start, s.end, day)), None)


def year_before(day: date) -> date:
    return date(day.year - 1, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)


def homes_on_each_day(pupil: Pupil, day: date) -> list[tuple[date, int]]:
    """For every day on which the child lived in a home that counts, the number of that home."""
    number, home, before = 0, {}, None
    for care in pupil.care:
        if care.start > day or care.kind == "T2" or care.status in SHORT_BREAKS:
            continue
        moves = care.reason in "SPTBU"
        back = (
            before is not None
            and before.end is not None
            and before.end < care.start
            and care.reason == "P"
            and before.kind == care.kind
        )
        if before is None or (moves and not back):
            number += 1
        home[care.start] = (care, number)
        before = care
    lived = []
    today = FIRST_DAY
    while today <= day:
        lived += [(today, number) for care, number in home.values() if holds(care.start, care.end, today)]
        today += DAY
    return lived


FIRST_DAY = date(2023, 1, 1)


def homes_in_a_year(pupil: Pupil, day: date) -> int:
    first = year_before(day) + DAY
    return len({number for lived, number in homes_on_each_day(pupil, day) if lived >= first})


def school_changes(pupil: Pupil, first: date, last: date) -> bool:
    return any(
        s.kind == "main" and s.end is not None and first <= s.end <= last and s.leaving != "normal_transfer"
        for s in pupil.seats
    )


def grade(world: World, school: int, day: date) -> int | None:
    graded = sorted((on, given) for on, given in world.schools[school].grades if given and on <= day)
    return graded[-1][1] if graded else None


def children_on_roll(world, start, day):
    return [(pupil.key, 1, 1) for pupil in on_roll(world, day)]


def living_out(world, start, day):
    return [(pupil.key, int(area_of_home(pupil, day) == "out"), 1) for pupil in on_roll(world, day)]


def learning_out(world, start, day):
    seats = [(pupil, main_seat(pupil, day)) for pupil in on_roll(world, day)]
    return [(p.key, int(world.schools[s.school].la_code not in ("999", "")), 1) for p, s in seats if s]


def three_or_more_homes(world, start, day):
    return [(pupil.key, int(homes_in_a_year(pupil, day) >= 3), 1) for pupil in on_roll(world, day)]


def moves(pupil: Pupil) -> list[date]:
    """The days on which the child moved from one home to another, in the same time in care."""
    found, before = [], None
    for care in pupil.care:
        if care.kind == "T2" or care.status in SHORT_BREAKS:
            continue
        back = (
            before is not None
            and before.end is not None
            and before.end < care.start
            and care.reason == "P"
            and before.kind == care.kind
        )
        if before is not None and care.reason in "PTBU" and not back:
            found.append(care.start)
        before = care
    return found


def moved_in_a_year(pupil: Pupil, day: date) -> bool:
    return any(year_before(day) < move <= day for move in moves(pupil))


def same_home(world, start, day):
    return [(pupil.key, int(not moved_in_a_year(pupil, day)), 1) for pupil in on_roll(world, day)]


def changed_school(world, start, day):
    found = []
    for pupil in world.pupils:
        each = start
        while each <= day:
            if looked_after(pupil, each) and school_age(pupil, each):
                found.append((pupil.key, int(school_changes(pupil, start, day)), 1))
                break
            each += DAY
    return found


def is_school_day(world: World, day: date) -> bool:
    from onroll.codes.working_days import is_working_day

    return is_working_day(day) and any(start <= day < end for start, end in world.terms)


def moves_without_school(world, start, day):
    found = []
    for pupil in world.pupils:
        for move in moves(pupil):
            if not start <= move <= day or not school_age(pupil, move):
                continue
            school_days = (move + DAY * n for n in range(1, 93))
            next_day = next((each for each in school_days if is_school_day(world, each)), None)
            if next_day is not None:
                seated = any(s.kind != "awaiting" and holds(s.start, s.end, next_day) for s in pupil.seats)
                found.append((pupil.key, int(not seated), 1))
    return found


KINDS = {"primary", "secondary", "all_through", "special", "pru"}


def good_schools(world, start, day, *, everywhere=False):
    found = []
    for pupil in on_roll(world, day):
        seat = main_seat(pupil, day)
        if seat is None or not school_age(pupil, day):
            continue
        school = world.schools[seat.school]
        if school.phase in KINDS and (everywhere or school.la_code == "999"):
            found.append((pupil.key, int(grade(world, seat.school, day) in (1, 2)), 1))
    return found


def less_than_good(world, start, day):
    seats = [(pupil, main_seat(pupil, day)) for pupil in on_roll(world, day)]
    return [(p.key, int(s.why == ""), 1) for p, s in seats if s and grade(world, s.school, day) in (3, 4)]


def early_years_provider(world, start, day):
    found = []
    for pupil in on_roll(world, day):
        if year_group(pupil, day) >= 0:
            continue
        open_now = [s for s in pupil.seats if holds(s.start, s.end, day)]
        third = date(pupil.born.year + 3, pupil.born.month, pupil.born.day) + DAY
        while (third.month, third.day) not in ((1, 1), (4, 1), (9, 1)):
            third += DAY
        if open_now or third <= day:
            found.append((pupil.key, int(any(s.kind != "awaiting" for s in open_now)), 1))
    return found


def roll_up_to_date(world, start, day):
    begun = [first for first, _ in world.terms if first <= day]
    since = sorted(begun)[-2]
    return [
        (pupil.key, int(any(
            s.confirmed is not None and since <= s.confirmed <= day
            for s in pupil.seats if holds(s.start, s.end, day)
        )), 1)
        for pupil in on_roll(world, day)
    ]  # fmt: skip


def characteristics(world, start, day):
    found = []
    for pupil in on_roll(world, day):
        seat = main_seat(pupil, day)
        area = world.schools[seat.school].la_code if seat else area_of_home(pupil, day).replace("not_known", "")
        sen = any(holds(first, end, day) for first, end, _ in pupil.sen)
        answers = [area, pupil.sex, pupil.ethnicity, pupil.religion, sen, pupil.disability is not None]
        found.append((pupil.key, int(all(answers)), 1))
    return found


def settings_told(world, start, day):
    found = []
    for pupil in on_roll(world, day):
        open_now = [s for s in pupil.seats if s.kind != "awaiting" and holds(s.start, s.end, day)]
        if not open_now:
            continue
        seat = main_seat(pupil, day) or open_now[0]
        needs = [("sen", first) for first, end, value in pupil.sen if value != "N" and holds(first, end, day)]
        needs += [("sen", first) for first, end in pupil.plans if holds(first, end, day)]
        if pupil.disability:
            needs.append(("disability", date.min))
        scores = sorted((on, score) for on, score in pupil.sdq if score is not None and on <= day)
        if scores and scores[-1][1] >= 17:
            needs.append(("health", scores[-1][0]))
        if needs:
            told = all(
                any(
                    at == seat.school and on <= day and on >= since and on >= seat.start and kind in about.split(",")
                    for on, at, about in pupil.told
                )
                for kind, since in needs
            )
            found.append((pupil.key, int(told), 1))
    return found


def schools_told(world, start, day):
    """Both people of the child's main school were told on a day since the child came there and into care."""
    found = []
    for pupil in on_roll(world, day):
        seat, first = main_seat(pupil, day), day
        if seat is None:
            continue
        while looked_after(pupil, first - DAY) and not starts_anew(pupil, first):
            first -= DAY
        since = max(first, seat.start)
        told = {to for on, at, to in pupil.notices if at == seat.school and since <= on <= day}
        found.append((pupil.key, int(len(told) == 2), 1))
    return found


def starts_anew(pupil: Pupil, day: date) -> bool:
    return any(care.start == day and care.reason == "S" and care.status not in SHORT_BREAKS for care in pupil.care)


def looked_after_for_a_year(pupil: Pupil, day: date) -> bool:
    each = year_before(day) + DAY
    while each <= day:
        if not looked_after(pupil, each):
            return False
        each += DAY
    return True


def stable(world, start, day):
    first = year_before(day) + DAY
    return [
        (pupil.key, int(not moved_in_a_year(pupil, day) and not school_changes(pupil, first, day)), 1)
        for pupil in on_roll(world, day)
        if looked_after_for_a_year(pupil, day)
    ]


def children_per_school(world, start, day):
    return [(pupil.key, 1, 1) for pupil in on_roll(world, day) if main_seat(pupil, day)]


RECOUNTS = {
    "children-on-roll": children_on_roll,
    "living-out-of-authority": living_out,
    "learning-out-of-authority": learning_out,
    "three-or-more-homes": three_or_more_homes,
    "same-home-all-year": same_home,
    "school-changes": changed_school,
    "moves-without-a-school": moves_without_school,
    "good-schools": good_schools,
    "good-schools-everywhere": lambda world, start, day: good_schools(world, start, day, everywhere=True),
    "less-than-good-without-reason": less_than_good,
    "early-years-provider": early_years_provider,
    "roll-up-to-date": roll_up_to_date,
    "cohort-characteristics": characteristics,
    "settings-told": settings_told,
    "schools-told-of-children": schools_told,
    "stable-home-and-education": stable,
    "children-per-school": children_per_school,
}
