"""Every row of a return checked by itself and against the others. The record is not looked at here.

Three grades. *Stops*: a header or episode row without a readable number, date of birth or first day, with an unknown
legal status, placement or reason for being new, or a child with two dates of birth. *Left out*: a row of a side file
that cannot be placed. *Noted*: everything else; the fact is kept as sent, or left empty where it can't be read.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any

from onroll.authorities.sensitive_facts import ALL
from onroll.codes import (
    CATEGORY_OF_NEED,
    ETHNICITY,
    LEGAL_STATUS,
    LOCAL_AUTHORITY,
    MISSING_TYPE,
    OC3_ACCOMMODATION,
    OC3_ACTIVITY,
    OC3_IN_TOUCH,
    OUTSIDE_ENGLAND,
    PLACEMENT_PROVIDER,
    PLACEMENT_TYPE,
    PREVIOUS_PERMANENCE,
    REASON_CEASED,
    REASON_NEW,
    REASON_PLACEMENT_CHANGE,
    REVIEW_PARTICIPATION,
    SDQ_REASON,
    CodeSet,
    sex_of,
)
from onroll.codes.postcodes import has_form, tidy_postcode
from onroll.codes.years import collection_year, collection_year_of
from onroll.design.words import day as in_words
from onroll.exchange.plans import Checked, Options
from onroll.exchange.problems import BadValue, Grade, Problem, Unreadable
from onroll.exchange.reading import Upload

from . import cells, tables
from .facts import SDQ, AsylumSeeking, Contact, Episode, Header, Missing, Permanence, Return, Review, Sensitive
from .reading import TableRows, read
from .tables import Table

_EMPTY = "Left it empty; everything else of this row goes in"
_KEPT = "Kept it as sent"
_STOPPED = "Nothing is applied unless you choose to leave this child out"
_ROW_OUT = "Left this row out; everything else of this child goes in"
_DATE_WITH_UNKNOWN_PARTS = re.compile(r"(\d{2}|zz)/(\d{2}|zz)/(\d{4}|zzzz)", re.IGNORECASE)


def check(uploads: list[Upload], options: Options) -> Checked:
    """What a set of files says as a return, with everything that is wrong in it."""
    found = read(uploads)
    checking = _Checking()
    for part in found.tables:
        reader = _READERS.get(part.table.name)
        if reader:
            checking.table, checking.file = part.table, part.file
            reader(checking, part)
        _sensitive(checking, part)
    facts = checking.finished()
    words = _say_the_year(facts, options)
    checking.note_episodes_outside_the_year()
    return Checked(
        facts=facts,
        files=found.files,
        problems=found.problems + checking.problems,
        speaks_from=facts.year_start if words else None,
        speaks_to=facts.year_end if words else None,
        speaks_words=words,
    )


def _say_the_year(facts: Return, options: Options) -> str:
    """Set the collection year, and say how it was found. No words: nothing in the set needs a year."""
    if options.as_at:
        day, how = options.as_at, f"the collection year that holds {in_words(options.as_at)}, as you asked"
    elif facts.episodes:
        # Not the latest last day, which can be 1 April, nor reviews, which are planned years ahead.
        day = max(episode.start for episode in facts.episodes)
        how = f"the collection year of the latest first day of an episode, {in_words(day)}"
    elif facts.sdq or facts.contacts:
        raise Unreadable("These files name no year. Give the last day they speak for, and load them again.")
    else:
        return ""
    year = collection_year(collection_year_of(day))
    facts.year_start, facts.year_end = year.start, year.last_day
    return f"{in_words(year.start)} to {in_words(year.last_day)}: {how}"


class _Checking:
    """The facts found so far, and what was wrong on the way."""

    def __init__(self) -> None:
        self.facts = Return()
        self.problems: list[Problem] = []
        self.table: Table = tables.HEADER
        self.file = ""
        self.birth_dates: dict[str, dict[date, int]] = defaultdict(dict)
        self.said_once: set[tuple[str, str]] = set()
        self.seen: dict[tuple[Any, ...], Any] = {}

    # How a problem is told

    def tell(self, grade: Grade, kind: str, line: int, child: str, field: str, wrong: str, done: str) -> None:
        self.problems.append(Problem(grade, kind, self.file, line, child, field, wrong.removesuffix("."), done))

    def stop(self, kind: str, line: int, child: str, field: str, wrong: str) -> None:
        self.tell(Grade.STOPS, kind, line, child, field, wrong, _STOPPED if child else "This row stops the load")
        if child:
            self.facts.stopped.add(child)

    def leave_out(self, kind: str, line: int, child: str, field: str, wrong: str) -> None:
        self.tell(Grade.LEFT_OUT, kind, line, child, field, wrong, _ROW_OUT)

    def note(self, kind: str, line: int, child: str, field: str, wrong: str, done: str = _KEPT) -> None:
        self.tell(Grade.NOTED, kind, line, child, field, wrong, done)

    # How a cell is read, where it may be empty

    def code(self, codes: CodeSet, text: str, line: int, child: str, field: str) -> str:
        if not text or text in codes:
            return text
        try:
            return cells.code(codes, text)
        except BadValue as wrong:
            self.note("unknown_code", line, child, field, str(wrong), _EMPTY)
            return ""

    def day(self, text: str, line: int, child: str, field: str, done: str = _EMPTY) -> date | None:
        if not text:
            return None
        try:
            return cells.day(text)
        except BadValue as wrong:
            self.note("unreadable_day", line, child, field, str(wrong), done)
            return None

    def postcode(self, text: str, line: int, child: str, field: str, whose: str) -> str:
        if not text:
            return ""
        tidy = tidy_postcode(text)
        if not has_form(tidy):
            # The postcode itself is not shown: the list of problems travels further than an address may.
            self.note("postcode", line, child, field, f"The postcode of {whose} does not have the form of a postcode")
        return tidy[:40]

    # What is known only when all rows were read

    def finished(self) -> Return:
        facts = self.facts
        self._note_shared_upns()
        self._note_overlaps()
        if facts.stopped:
            gone = facts.stopped
            facts.headers = {child: header for child, header in facts.headers.items() if child not in gone}
            for name in ("episodes", "reviews", "sdq", "asylum_seeking", "contacts", "permanence", "missing"):
                setattr(facts, name, [fact for fact in getattr(facts, name) if fact.child not in gone])
            facts.sensitive = {key: fact for key, fact in facts.sensitive.items() if fact.child not in gone}
        return facts

    def _note_shared_upns(self) -> None:
        held = Counter(header.upn for header in self.facts.headers.values() if header.upn)
        for header in self.facts.headers.values():
            if header.upn and held[header.upn] > 1:
                self.file = header.file
                self.note(
                    "shared_upn",
                    header.line,
                    header.child,
                    "UPN",
                    f"UPN {header.upn} is given to {held[header.upn]} children",
                )

    def _note_overlaps(self) -> None:
        by_child: dict[str, list[Episode]] = defaultdict(list)
        for episode in self.facts.episodes:
            by_child[episode.child].append(episode)
        for episodes in by_child.values():
            episodes.sort(key=lambda episode: (episode.start, episode.end or date.max))
            for before, after in pairwise(episodes):
                if before.end is not None and before.end <= after.start:
                    continue
                self.file = after.file
                until = f"to {in_words(before.end)}" if before.end else "and is still open"
                self.note(
                    "overlap",
                    after.line,
                    after.child,
                    "DECOM",
                    f"The episode from {in_words(after.start)} overlaps the one from {in_words(before.start)} {until}",
                    "Kept both as sent: the roll counts the child once",
                )

    def note_episodes_outside_the_year(self) -> None:
        for episode in self.facts.episodes:
            if episode.start > self.facts.year_end:
                self.file = episode.file
                self.note(
                    "after_the_year",
                    episode.line,
                    episode.child,
                    "DECOM",
                    f"The episode begins on {in_words(episode.start)}, after the year this return speaks for",
                )

    # One row of a side file: whose it is

    def side_row(self, line: int, number: str, born: str) -> str | None:
        """The child of a row of a side file. None, and left out, where the number can't be read."""
        try:
            child = cells.child_number(number)
        except BadValue as wrong:
            self.leave_out("no_child", line, number, "CHILD", str(wrong))
            return None
        header = self.facts.headers.get(child)
        if born and header is not None:
            try:
                same = cells.day(born) == header.birth_date
            except BadValue:
                same = False
            if not same and (self.file, child) not in self.said_once:
                self.said_once.add((self.file, child))
                self.note(
                    "birth_date_differs",
                    line,
                    child,
                    "DOB",
                    f"The date of birth {cells.quoted(born)} is not the one of the header",
                    "Kept the header's",
                )
        return child

    def is_repeated(self, line: int, child: str, key: tuple[Any, ...], fact: Any, same: bool, what: str) -> bool:
        """Whether this row says again what an earlier one said. One that says something else takes its place."""
        full_key = (self.table.name, child, *key)
        if full_key not in self.seen:
            self.seen[full_key] = fact
            return False
        if same:
            self.leave_out("duplicate", line, child, "", f"{what} is in the file twice, word for word")
        else:
            self.note(
                "said_twice",
                line,
                child,
                "",
                f"{what} is in the file twice, with different values",
                "Kept the later row",
            )
        return True


def _headers(checking: _Checking, part: TableRows) -> None:
    held = checking.facts.headers
    for line, (number, sex, born, ethnic, upn_cell, _mother, _mothers_child) in part.rows:
        try:
            child = cells.child_number(number)
        except BadValue as wrong:
            checking.stop("no_child", line, "", "CHILD", str(wrong))
            continue
        if not born:
            checking.stop("no_birth_date", line, child, "DOB", "There is no date of birth")
            continue
        try:
            birth_date = cells.day(born)
        except BadValue as wrong:
            checking.stop("no_birth_date", line, child, "DOB", str(wrong))
            continue
        checking.birth_dates[child].setdefault(birth_date, line)
        if len(checking.birth_dates[child]) > 1:
            first_day, first_line = next(iter(checking.birth_dates[child].items()))
            checking.stop(
                "two_birth_dates",
                line,
                child,
                "DOB",
                f"This child was born on {in_words(birth_date)} here and on {in_words(first_day)} in line {first_line}",
            )
            continue
        header = Header(
            child=child,
            birth_date=birth_date,
            sex=_sex(checking, sex, line, child),
            ethnicity=checking.code(ETHNICITY, ethnic, line, child, "ETHNIC"),
            upn="",
            upn_unknown="",
            file=part.file,
            line=line,
        )
        try:
            header.upn, header.upn_unknown, doubt = cells.upn(upn_cell)
            if doubt:
                checking.note("upn_check_letter", line, child, "UPN", doubt, "Kept the number as it was sent")
        except BadValue as wrong:
            checking.note("upn_form", line, child, "UPN", str(wrong), _EMPTY)
        earlier = held.get(child)
        if earlier is None:
            held[child] = header
            continue
        _join_headers(checking, earlier, header)


def _join_headers(checking: _Checking, earlier: Header, later: Header) -> None:
    """Two rows of one child: the later row's filled cells stand, and the rest of the earlier row."""
    values = ("sex", "ethnicity", "upn", "upn_unknown")
    if all(getattr(earlier, name) == getattr(later, name) for name in values):
        checking.leave_out(
            "duplicate", later.line, later.child, "", "This child's row is in the file twice, word for word"
        )
        return
    checking.note(
        "said_twice",
        later.line,
        later.child,
        "",
        f"This child has a row in line {earlier.line} too, with different values",
        "Kept what the later row has, and the rest of the earlier one",
    )
    for name in values:
        setattr(earlier, name, getattr(later, name) or getattr(earlier, name))
    if earlier.upn:
        earlier.upn_unknown = ""


def _sex(checking: _Checking, text: str, line: int, child: str) -> str:
    if not text:
        return ""
    sex = sex_of(text.upper())
    if sex is None:
        checking.note("unknown_code", line, child, "SEX", f"{cells.quoted(text)} is not a code for sex.", _EMPTY)
        return ""
    return sex.code


# What must be one of the codes of some year, or the row stops: column, code set, what it is called where it is blank.
_MUST_HAVE: tuple[tuple[str, CodeSet, str], ...] = (
    ("RNE", REASON_NEW, "reason why the episode began"),
    ("LS", LEGAL_STATUS, "legal status"),
    ("PLACE", PLACEMENT_TYPE, "type of placement"),
)


def _episodes(checking: _Checking, part: TableRows) -> None:
    dated = {code.code: code for code in PLACEMENT_TYPE if code.valid_from or code.valid_to}
    held: dict[tuple[str, date], Episode] = {}
    for line, row in part.rows:
        number, decom, rne, ls, cin, place, provider, dec, rec, why_moved, home_post, pl_post, urn = row
        try:
            child = cells.child_number(number)
        except BadValue as wrong:
            checking.stop("no_child", line, "", "CHILD", str(wrong))
            continue
        start = _first_day(checking, decom, line, child)
        good = start is not None
        for text, (field, codes, words) in zip((rne, ls, place), _MUST_HAVE, strict=True):
            if text not in codes and text.upper() not in codes:
                wrong_words = f"{cells.quoted(text)} is not a code for {codes.name}" if text else f"There is no {words}"
                checking.stop("unknown_code", line, child, field, wrong_words)
                good = False
        if not good or start is None:
            continue
        place = place.upper()
        if place in dated and not dated[place].is_valid(start):
            checking.note("code_of_another_year", line, child, "PLACE", f"{place} was not in use on {in_words(start)}")
        end = checking.day(dec, line, child, "DEC", "Left it empty, so the episode stands as open")
        rec = checking.code(REASON_CEASED, rec, line, child, "REC")
        if end is None and rec:
            checking.note(
                "reason_of_an_open_episode",
                line,
                child,
                "REC",
                f"The episode is still open and gives a reason for ceasing ({rec})",
                "Read past the reason: an episode without a last day is open",
            )
            rec = ""
        elif end is not None and not rec:
            checking.note("no_reason_ceased", line, child, "REC", "The episode ended and gives no reason")
        if end is not None and end <= start:
            checking.note(
                "ends_before_it_begins",
                line,
                child,
                "DEC",
                f"The episode ends on {in_words(end)} and begins on {in_words(start)}, so it holds on no day",
            )
        episode = Episode(
            child=child,
            start=start,
            reason_new=rne.upper(),
            legal_status=ls.upper(),
            category_of_need=checking.code(CATEGORY_OF_NEED, cin, line, child, "CIN"),
            placement_type=place,
            provider=checking.code(PLACEMENT_PROVIDER, provider, line, child, "PLACE_PROVIDER"),
            end=end,
            reason_ceased=rec,
            reason_place_change=checking.code(REASON_PLACEMENT_CHANGE, why_moved, line, child, "REASON_PLACE_CHANGE"),
            home_postcode=checking.postcode(home_post, line, child, "HOME_POST", "the family home"),
            postcode=checking.postcode(pl_post, line, child, "PL_POST", "the placement"),
            ofsted_urn=_ofsted_urn(checking, urn, line, child),
            file=part.file,
            line=line,
        )
        earlier = held.get((child, start))
        held[child, start] = episode if earlier is None else _one_of_two(checking, earlier, episode)
    checking.facts.episodes = list(held.values())


def _first_day(checking: _Checking, text: str, line: int, child: str) -> date | None:
    try:
        if not text:
            raise BadValue("There is no first day of the episode")
        return cells.day(text)
    except BadValue as wrong:
        checking.stop("no_first_day", line, child, "DECOM", str(wrong))
        return None


def _ofsted_urn(checking: _Checking, text: str, line: int, child: str) -> str:
    if len(text) > 10:
        checking.note("ofsted_urn", line, child, "URN", f"{cells.quoted(text)} is longer than any URN", _EMPTY)
        return ""
    return text


def _one_of_two(checking: _Checking, earlier: Episode, later: Episode) -> Episode:
    """Of two episodes of a child that begin on one day, the one that lasts longer; of two alike, the later row."""
    differ = any(
        getattr(earlier, name) != getattr(later, name) for name in Episode.__slots__ if name not in ("file", "line")
    )
    if not differ:
        checking.leave_out("duplicate", later.line, later.child, "", "This episode is in the file twice, word for word")
        return earlier
    kept = later if (later.end or date.max) >= (earlier.end or date.max) else earlier
    left = earlier if kept is later else later
    checking.tell(
        Grade.LEFT_OUT,
        "two_on_one_day",
        left.line,
        left.child,
        "DECOM",
        f"Two episodes of this child begin on {in_words(left.start)}, in lines {earlier.line} and {later.line}",
        f"Kept the one in line {kept.line}, which lasts longer",
    )
    return kept


def _reviews(checking: _Checking, part: TableRows) -> None:
    facts = checking.facts.reviews
    for line, (number, born, review, code) in part.rows:
        child = checking.side_row(line, number, born)
        if child is None:
            continue
        on = _needed_day(checking, review, line, child, "REVIEW", "the review")
        if on is None:
            continue
        fact = Review(child, on, checking.code(REVIEW_PARTICIPATION, code, line, child, "REVIEW_CODE"), part.file, line)
        earlier = checking.seen.get((checking.table.name, child, on))
        same = earlier is not None and earlier.participation == fact.participation
        if not checking.is_repeated(line, child, (on,), fact, same, f"The review of {in_words(on)}"):
            facts.append(fact)
        elif earlier is not None and not same:
            earlier.participation = fact.participation


def _needed_day(checking: _Checking, text: str, line: int, child: str, field: str, what: str) -> date | None:
    try:
        if not text:
            raise BadValue(f"There is no day of {what}")
        return cells.day(text)
    except BadValue as wrong:
        checking.leave_out("unreadable_day", line, child, field, str(wrong))
        return None


def _sdq(checking: _Checking, part: TableRows) -> None:
    for line, (number, born, score_cell, reason_cell, *_read_past) in part.rows:
        child = checking.side_row(line, number, born)
        if child is None:
            continue
        score = _score(checking, score_cell, line, child)
        reason = checking.code(SDQ_REASON, reason_cell, line, child, "SDQ_REASON")
        if score is not None or reason:
            _one_a_child(checking, checking.facts.sdq, SDQ(child, score, reason, part.file, line), "The SDQ")


def _score(checking: _Checking, text: str, line: int, child: str) -> int | None:
    if not text:
        return None
    whole = text.removesuffix(".0")
    if whole.isascii() and whole.isdecimal() and int(whole[:4]) <= 40:
        return int(whole[:4])
    # The score itself is not shown: the list of problems travels further than health facts may.
    checking.note("sdq_score", line, child, "SDQ_SCORE", "The SDQ score is not a whole number from 0 to 40", _EMPTY)
    return None


def _asylum_seeking(checking: _Checking, part: TableRows) -> None:
    for line, (number, _sex_cell, born, duc) in part.rows:
        child = checking.side_row(line, number, born)
        if child is None:
            continue
        until = checking.day(duc, line, child, "DUC")
        _one_a_child(
            checking,
            checking.facts.asylum_seeking,
            AsylumSeeking(child, until, part.file, line),
            "The status of unaccompanied asylum-seeking child",
        )


def _contacts(checking: _Checking, part: TableRows) -> None:
    for line, (number, born, in_touch, activity, accommodation) in part.rows:
        child = checking.side_row(line, number, born)
        if child is None:
            continue
        fact = Contact(
            child,
            checking.code(OC3_IN_TOUCH, in_touch, line, child, "IN_TOUCH"),
            checking.code(OC3_ACTIVITY, activity, line, child, "ACTIV"),
            checking.code(OC3_ACCOMMODATION, accommodation, line, child, "ACCOM"),
            part.file,
            line,
        )
        if fact.in_touch or fact.activity or fact.accommodation:
            _one_a_child(checking, checking.facts.contacts, fact, "The contact with this care leaver")


def _permanence(checking: _Checking, part: TableRows) -> None:
    for line, (number, born, kind, la, when) in part.rows:
        child = checking.side_row(line, number, born)
        if child is None:
            continue
        fact = Permanence(
            child,
            checking.code(PREVIOUS_PERMANENCE, kind, line, child, "PREV_PERM"),
            _authority(checking, la, line, child),
            _day_with_unknown_parts(checking, when, line, child),
            part.file,
            line,
        )
        if fact.kind or fact.la_code or fact.date_as_sent:
            _one_a_child(checking, checking.facts.permanence, fact, "The earlier permanence")


def _authority(checking: _Checking, text: str, line: int, child: str) -> str:
    found = text.upper()
    if not found or found in LOCAL_AUTHORITY or found in OUTSIDE_ENGLAND:
        return found
    wrong = f"{cells.quoted(text)} is not the code of an authority"
    checking.note("unknown_code", line, child, "LA_PERM", wrong, _EMPTY)
    return ""


def _day_with_unknown_parts(checking: _Checking, text: str, line: int, child: str) -> str:
    """A day of which parts may be unknown (zz/zz/2009), as the guide allows here alone."""
    if not text or _DATE_WITH_UNKNOWN_PARTS.fullmatch(text):
        return text.lower()
    found = checking.day(text, line, child, "DATE_PERM")
    return found.strftime("%d/%m/%Y") if found else ""


def _missing(checking: _Checking, part: TableRows) -> None:
    for line, (number, born, kind, start_cell, end_cell) in part.rows:
        child = checking.side_row(line, number, born)
        if child is None:
            continue
        start = _needed_day(checking, start_cell, line, child, "MIS_START", "going missing")
        if start is None:
            continue
        fact = Missing(
            child,
            checking.code(MISSING_TYPE, kind, line, child, "MISSING"),
            start,
            checking.day(end_cell, line, child, "MIS_END"),
            part.file,
            line,
        )
        _one_a_child(checking, checking.facts.missing, fact, f"The time missing from {in_words(start)}", (start,))


def _one_a_child(checking: _Checking, facts: list[Any], fact: Any, what: str, key: tuple[Any, ...] = ()) -> None:
    """Add a fact of which a child has one (or one for each `key`): the later of two different rows stands."""
    earlier = checking.seen.get((checking.table.name, fact.child, *key))
    names = [name for name in fact.__slots__ if name not in ("file", "line")]
    same = earlier is not None and all(getattr(earlier, name) == getattr(fact, name) for name in names)
    if not checking.is_repeated(fact.line, fact.child, key, fact, same, what):
        facts.append(fact)
    elif not same:
        for name in fact.__slots__:
            setattr(earlier, name, getattr(fact, name))


def _sensitive(checking: _Checking, part: TableRows) -> None:
    """Lay aside what the table says of sensitive kinds. Of two rows of a child the later's filled cells stand."""
    held = checking.facts.sensitive
    child_at = part.table.columns.index("CHILD")
    for each in ALL:
        if each.table != part.table.name:
            continue
        places = [(name, part.table.columns.index(name)) for name in each.columns]
        for line, row in part.rows:
            filled = {name: row[at] for name, at in places if row[at]}
            if not filled:
                continue
            key = (each.kind.value, row[child_at])
            earlier = held.get(key)
            filled = {**earlier.cells, **filled} if earlier else filled
            held[key] = Sensitive(row[child_at], each.kind.value, filled, part.file, line)


_READERS: dict[str, Callable[[_Checking, TableRows], None]] = {
    tables.HEADER.name: _headers,
    tables.EPISODES.name: _episodes,
    tables.UASC.name: _asylum_seeking,
    tables.OC2.name: _sdq,
    tables.OC3.name: _contacts,
    tables.REVIEWS.name: _reviews,
    tables.MISSING.name: _missing,
    tables.PREVIOUS_PERMANENCE.name: _permanence,
}
