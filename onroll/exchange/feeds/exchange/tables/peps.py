"""Personal education plans: the plans, what was answered in them, their targets, audits, requests and signatures.

Each file begins with the columns of the format; those that came later stand at the end, and an empty cell in one of
them says nothing: what is held stays. A plan whose state is not said stands where its days put it.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils import timezone

from onroll.access.models import Account
from onroll.authorities.models import CalendarEntry
from onroll.codes.years import academic_year
from onroll.exchange.plans import Changes
from onroll.exchange.problems import BadValue
from onroll.peps.forms.local import Declaration
from onroll.peps.models import (
    LocalForm,
    MeetingPerson,
    MoneyRequest,
    Pep,
    PepAction,
    PepAnswers,
    PepAudit,
    PepSection,
    PepTarget,
    PlanInReview,
    Signature,
)
from onroll.peps.workflow import State

from ..cells import Column, day, one_of, text, whole, yes_no
from .table import DoesNotFit, Held, Holdings, Table

LONGEST = 20_000
MANY = 1_000
# The forms as the format groups them, and what a form is called in files of other makers.
KINDS = {
    Pep.Form.EARLY_YEARS: "early_years",
    Pep.Form.SCHOOL_AGE: "school_age",
    Pep.Form.POST_16: "post16",
    Pep.Form.NOT_ON_ROLL: "school_age",
}
# In these the day of the meeting is the day on which it was held.
MEETING_OVER = (State.HELD, State.SUBMITTED, State.IN_AUDIT, State.RETURNED, State.SIGNED_OFF)
OF_THE_TERM = (Pep.Kind.INITIAL, Pep.Kind.TERMLY)


# Cells


def year(name: str, *, needed: bool = False) -> Column:
    """A school year or a financial year, like 2025-26."""

    def read(cell: str) -> str:
        try:
            if cell:
                academic_year(cell)
            return cell
        except ValueError:
            raise BadValue(f"“{cell[:40]}” is not a year like 2025-26") from None

    return Column(name, read, needed=needed)


def pounds(name: str, *, needed: bool = False) -> Column:
    """Money in pounds, with two decimals."""

    def read(cell: str) -> Decimal | None:
        if not cell:
            return None
        try:
            value = Decimal(cell)
        except InvalidOperation:
            value = Decimal(-1)
        if not 0 <= value < 10**7 or value != round(value, 2):
            raise BadValue(f"“{cell[:40]}” is not an amount in pounds like 450.00")
        return value

    return Column(name, read, lambda value: "" if value is None else f"{value:.2f}", needed)


def structure(name: str, kind: type) -> Column:
    """What has parts of its own, as JSON: a list, or names with values. Empty: none."""

    def read(cell: str) -> Any:
        try:
            value = json.loads(cell) if cell else kind()
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, kind):
            raise BadValue("is not JSON of the kind that belongs here")
        return value

    return Column(name, read, lambda value: json.dumps(value, ensure_ascii=False, sort_keys=True) if value else "")


def moment(name: str) -> Column:
    """A day and a time, like 2026-03-31T09:30:00+00:00."""

    def read(cell: str) -> datetime | None:
        try:
            value = datetime.fromisoformat(cell) if cell else None
        except ValueError:
            value = None
        if cell and (value is None or value.tzinfo is None):
            raise BadValue(f"“{cell[:40]}” is not a day and time like 2026-03-31T09:30:00+00:00")
        return value

    return Column(name, read, lambda value: value.isoformat() if value else "")


def time_of_day(name: str) -> Column:
    """A time of a day, like 15:30."""

    def read(cell: str) -> time | None:
        try:
            return time.fromisoformat(cell) if cell else None
        except ValueError:
            raise BadValue(f"“{cell[:40]}” is not a time like 15:30") from None

    return Column(name, read, lambda value: f"{value:%H:%M}" if value else "")


def form(name: str) -> Column:
    """A form. One named with its year is the form of that name."""
    known = one_of(name, Pep.Form.values).read
    return Column(name, lambda cell: known({"post16": "post_16"}.get(_plain(cell), _plain(cell))))


def _plain(cell: str) -> str:
    name, _, year_of_form = cell.rpartition("_")
    return name if len(year_of_form) == 4 and year_of_form.isdecimal() else cell


def _some_of(name: str, allowed: tuple[str, ...]) -> Column:
    """Several words of a short list, kept as sent."""

    def read(cell: str) -> str:
        for word in cell.split(";") if cell else ():
            if word not in allowed:
                raise BadValue(f"“{word[:40]}” is not one of {', '.join(allowed)}")
        return cell

    return Column(name, read)


def known_as(row: Any) -> str:
    """What files call a row that has a number: its own, or where it was made here, its id."""
    return row.number or str(row.public_id)


# What rows point to


def person(values: dict[str, Any], column: str, holdings: Holdings) -> Account | None:
    """The person whose address stands in a column."""
    found = holdings.accounts.get(values[column].lower())
    if values[column] and found is None:
        raise DoesNotFit(column, f"{values[column]} is in no row of people.csv and has no account")
    return found


@dataclass
class PepBook:
    """The plans and targets that are held and those that this load adds, by what files call them."""

    peps: dict[tuple[str, str], Pep] = field(default_factory=dict)
    targets: dict[tuple[str, str], PepTarget] = field(default_factory=dict)
    # The first or termly plan of a child's term, of which there is one.
    of_term: dict[tuple[str, str, str, str], Pep] = field(default_factory=dict)
    # All plans of a child's term but those that were not needed.
    in_term: dict[tuple[str, str, str], dict[UUID, Pep]] = field(default_factory=lambda: defaultdict(dict))
    targets_of: dict[UUID, list[PepTarget]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, holdings: Holdings) -> "PepBook":
        """Two queries."""
        book, own = cls(), {"authority_id": holdings.actor.authority}
        for pep in Pep.unscoped.filter(**own).select_related("school", "support_by").order_by("pk"):
            if pep.child_id in holdings.numbers:
                book.add(holdings.numbers[pep.child_id], pep)
        for target in PepTarget.unscoped.filter(**own).select_related("pep"):
            if target.child_id in holdings.numbers:
                book.add_target(holdings.numbers[target.child_id], target)
        return book

    def add_target(self, number: str, target: PepTarget) -> None:
        self.targets[number, known_as(target)] = target
        self.targets_of[target.pep.public_id].append(target)

    def add(self, number: str, pep: Pep) -> None:
        self.peps[number, known_as(pep)] = pep
        if pep.state != State.EXEMPT:
            self.in_term[number, pep.academic_year, pep.term][pep.public_id] = pep
        if _stands_for_its_term(pep.kind, pep.state):
            self.of_term[number, pep.kind, pep.academic_year, pep.term] = pep

    def pep(self, values: dict[str, Any]) -> Pep:
        found = self.peps.get((values["child_id"], values["pep_id"]))
        if found is None:
            raise DoesNotFit("pep_id", f"{values['pep_id']} is in no row of peps.csv about this child and is not held")
        return found


def _stands_for_its_term(kind: str, state: str) -> bool:
    return kind in OF_THE_TERM and state != State.EXEMPT


def book_of(holdings: Holdings) -> PepBook:
    return holdings.pep_book


# Plans

_OF_THE_FORMAT = (
    "academic_year", "term", "due_on", "meeting_on", "submitted_on", "signed_off_on", "grade",
    "young_person_attended", "voice_recorded", "vs_attended", "sent_to_iro_on",
)  # fmt: skip
_LATER = (
    "form", "state", "started_on", "support_required", "exempt_reason", "opens_on", "start_by", "why", "held_on",
    "returned_on", "return_reason", "closed_on", "closing_reason", "edition", "lead_part_on", "social_worker_part_on",
    "carer_part_on", "virtual_school_part_on", "outside_lessons", "school_right", "support_right",
    "meeting_time", "meeting_minutes", "meeting_mode", "meeting_place", "next_meeting_on", "support_asked_on",
    "local_version",
)  # fmt: skip
# Named by one who is here, or by a number of the register.
_NAMED = ("setting_id", "support_by")


def _peps(holdings: Holdings) -> Iterable[Held]:
    for (number, known), pep in book_of(holdings).peps.items():
        yield Held(
            {
                "child_id": number,
                "pep_id": known,
                "kind": KINDS[Pep.Form(pep.form)],
                "initial": pep.kind == Pep.Kind.INITIAL,
                "plan_kind": pep.kind,
                **{name: getattr(pep, name) for name in (*_OF_THE_FORMAT, *_LATER)},
                "setting_id": pep.school.setting_id if pep.school else "",
                "support_by": pep.support_by.email if pep.support_by else "",
            },
            (pep,),
        )


def _follow(rows: list[dict[str, Any]], holdings: Holdings, changes: Changes) -> None:
    """Fill what a row leaves to be understood: from what is held, else from its other cells."""
    held = {(each.values["child_id"], each.values["pep_id"]): each.values for each in _peps(holdings)}
    for values in rows:
        before = held.get((values["child_id"], values["pep_id"]))
        if before is not None:
            # A plan that has gone no further by its days stays in the state that it is held in.
            as_before = _state_by_days(before, holdings) == _state_by_days(values, holdings)
            kept = [name for name in (*_LATER, *_NAMED, "plan_kind") if name != "state" or as_before]
            keep(values, before, kept)
        values["plan_kind"] = values["plan_kind"] or (Pep.Kind.INITIAL if values["initial"] else Pep.Kind.TERMLY).value
        if values["initial"] is None:
            values["initial"] = values["plan_kind"] == Pep.Kind.INITIAL
        values["form"] = values["form"] or {"post16": "post_16"}.get(values["kind"], values["kind"])
        values["edition"] = values["edition"] or 1
        values["meeting_minutes"] = values["meeting_minutes"] or 60
        values["state"] = values["state"] or _state_by_days(values, holdings)
        if values["state"] == State.EXEMPT:
            values["exempt_reason"] = values["exempt_reason"] or Pep.Exempt.OTHER.value
        if values["state"] in MEETING_OVER:
            values["held_on"] = values["held_on"] or values["meeting_on"]


def keep(values: dict[str, Any], before: dict[str, Any], columns: Iterable[str]) -> None:
    """Leave what is held where an empty cell says nothing."""
    for name in columns:
        if values[name] is None or values[name] in ("", {}, []):
            values[name] = before[name]


def _state_by_days(values: dict[str, Any], holdings: Holdings) -> str:
    """How far a plan has come, by the furthest of its days."""
    today, met = holdings.actor.today, values["held_on"] or values["meeting_on"]
    if values["exempt_reason"]:
        return State.EXEMPT.value
    if values["signed_off_on"]:
        return State.SIGNED_OFF.value
    if values["closed_on"]:
        return State.MISSED.value
    if values["submitted_on"]:
        return State.SUBMITTED.value
    if met:
        return (State.HELD if met <= today else State.BOOKED).value
    return (State.IN_PREPARATION if values["started_on"] else State.DUE).value


def _facts_of_a_pep(values: dict[str, Any], holdings: Holdings, pep: Pep | None) -> dict[str, Any]:
    """The fields of a row. Raises where the row can't be so."""
    if values["kind"] != KINDS[Pep.Form(values["form"])]:
        raise DoesNotFit("form", f"is {values['form']}, which is no form of the kind {values['kind']}")
    if values["initial"] != (values["plan_kind"] == Pep.Kind.INITIAL):
        raise DoesNotFit("plan_kind", f"is {values['plan_kind']}, which is not what initial says")
    if values["state"] == State.SIGNED_OFF and not values["signed_off_on"]:
        raise DoesNotFit("signed_off_on", "is empty, and the state is signed_off: give the day")
    if values["exempt_reason"] and values["state"] != State.EXEMPT:
        raise DoesNotFit("exempt_reason", f"is given, and the state is {values['state']}")
    key = (values["child_id"], values["plan_kind"], values["academic_year"], values["term"])
    other = book_of(holdings).of_term.get(key)
    if other is not None and other is not pep and _stands_for_its_term(values["plan_kind"], values["state"]):
        words = f"is {values['plan_kind']}, and {known_as(other)} is the {values['plan_kind']} plan of that term"
        raise DoesNotFit("plan_kind", f"{words}: a second one is event or closing")
    named = {name: values[name] for name in (*_OF_THE_FORMAT, *_LATER)}
    return {
        **named,
        "kind": values["plan_kind"],
        "school": holdings.school(values["setting_id"]) if values["setting_id"] else None,
        "support_by": person(values, "support_by", holdings),
    }


def _new_pep(values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    child = holdings.child(values["child_id"])
    facts = _facts_of_a_pep(values, holdings, None)
    own = {"authority_id": holdings.actor.authority, "child": child, "source": holdings.source}
    pep = changes.create(Pep(**own, number=values["pep_id"], **facts))
    book_of(holdings).add(values["child_id"], pep)


def _alter_pep(held: Held, values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    (pep,) = held.records
    changes.update(pep, **_facts_of_a_pep(values, holdings, pep))
    book_of(holdings).add(values["child_id"], pep)


PEPS = Table(
    "peps",
    "PEPs",
    (
        text("child_id", 20, needed=True),
        text("pep_id", 60, needed=True),
        one_of("kind", dict.fromkeys(KINDS.values()), needed=True),
        yes_no("initial"),
        year("academic_year", needed=True),
        one_of("term", CalendarEntry.Term.values, needed=True),
        day("due_on"),
        day("meeting_on"),
        day("submitted_on"),
        day("signed_off_on"),
        one_of("grade", Pep.Grade.values),
        yes_no("young_person_attended"),
        yes_no("voice_recorded"),
        yes_no("vs_attended"),
        day("sent_to_iro_on"),
        one_of("plan_kind", Pep.Kind.values),
        form("form"),
        one_of("state", State.values),
        day("started_on"),
        # Of other makers' files it is known that somebody asked, and not who.
        one_of("support_required", (*Pep.Support.values, "yes")),
        one_of("exempt_reason", Pep.Exempt.values),
        day("opens_on"),
        day("start_by"),
        text("why", LONGEST),
        day("held_on"),
        day("returned_on"),
        text("return_reason", LONGEST),
        day("closed_on"),
        text("closing_reason", 500),
        whole("edition", 1, MANY),
        day("lead_part_on"),
        day("social_worker_part_on"),
        day("carer_part_on"),
        day("virtual_school_part_on"),
        yes_no("outside_lessons"),
        text("school_right", 8),
        text("support_right", 8),
        text("setting_id", 20),
        text("support_by", 254),
        time_of_day("meeting_time"),
        whole("meeting_minutes", 15, 240),
        one_of("meeting_mode", Pep.Mode.values),
        text("meeting_place", 200),
        day("next_meeting_on"),
        day("support_asked_on"),
        whole("local_version", 0, 10**6),
    ),
    ("child_id", "pep_id"),
    _peps,
    _new_pep,
    _alter_pep,
    prepare=_follow,
)


# What belongs to a plan

Facts = Callable[[dict[str, Any], Holdings], dict[str, Any]]


def _of_a_pep(
    name: str,
    title: str,
    model: type[Model],
    columns: tuple[Column, ...],
    key: tuple[str, ...],
    *,
    later: tuple[str, ...] = (),
    otherwise: tuple[str, ...] = (),
    has_number: str = "",
    told: Callable[[Any], dict[str, Any]] = lambda row: {},
    facts: Facts = lambda values, holdings: {},
) -> Table:
    """The table of a model whose rows belong to a plan and whose columns are its fields.

    A field that points to a person is written as their address. `has_number` is the column of the number that files
    know a row by; a row without one is given one. `told` and `facts` give the columns and fields that are called or
    kept otherwise; of those `otherwise` names the columns that are called as a field. `later` names columns of which
    an empty cell says nothing.
    """
    fields = {each.name: each for each in model._meta.get_fields()}
    plain = [column.name for column in columns if column.name in fields and column.name not in otherwise]
    people = [each for each in plain if fields[each].related_model is Account]

    def value_of(row: Any, column: str) -> Any:
        value = getattr(row, column)
        return (value.email if value else "") if column in people else value

    def held(holdings: Holdings) -> Iterable[Held]:
        names = {pep.pk: known_as(pep) for pep in book_of(holdings).peps.values()}
        rows: Any = model._default_manager.filter(authority_id=holdings.actor.authority)
        for row in rows.select_related(*people).order_by("pk").iterator():
            number = holdings.numbers.get(row.child_id)
            if number is None:
                continue
            values = {"child_id": number, "pep_id": names.get(row.pep_id, "")}
            if has_number:
                values[has_number] = known_as(row)
            yield Held({**values, **{each: value_of(row, each) for each in plain}, **told(row)}, (row,))

    def fill(rows: list[dict[str, Any]], holdings: Holdings, changes: Changes) -> None:
        """Give each row its number, and what a later column holds already."""
        known = list(held(holdings))
        if has_number:
            _number(rows, [each.values for each in known], has_number, tuple(each.name for each in columns[:4]))
        by_key = {tuple(each.values[column] for column in key): each.values for each in known}
        for values in rows:
            before = by_key.get(tuple(values[column] for column in key))
            if before is not None:
                keep(values, before, later)

    def fields_of(values: dict[str, Any], holdings: Holdings) -> dict[str, Any]:
        named = {each: values[each] for each in plain}
        pointing = {each: person(values, each, holdings) for each in people}
        return {**named, **pointing, **facts(values, holdings)}

    def make(values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
        child = holdings.child(values["child_id"])
        pep = book_of(holdings).pep(values) if values["pep_id"] else None
        own: dict[str, Any] = {"authority_id": holdings.actor.authority, "child": child, "source": holdings.source}
        if has_number:
            own["number"] = values[has_number]
        row = changes.create(model(**{**own, "pep": pep, **fields_of(values, holdings)}))
        if isinstance(row, PepTarget):
            book_of(holdings).add_target(values["child_id"], row)

    def alter(row: Held, values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
        changes.update(row.records[0], **fields_of(values, holdings))

    return Table(name, title, columns, key, held, make, alter, prepare=fill)


def _number(rows: list[dict[str, Any]], known: list[dict[str, Any]], column: str, alike: tuple[str, ...]) -> None:
    """Give a row without a number that of the held row that is alike in its first columns, else a new one."""
    used = {(values["child_id"], values[column]) for values in (*known, *rows)}
    free: dict[tuple[Any, ...], list[str]] = {}
    for values in known:
        free.setdefault(tuple(values[name] for name in alike), []).append(values[column])
    for values in rows:
        if values[column] or not values["child_id"]:
            continue
        same = free.get(tuple(values[name] for name in alike))
        if same:
            values[column] = same.pop(0)
            continue
        count = 1
        while (values["child_id"], f"{values['pep_id']}-{count}") in used:
            count += 1
        values[column] = f"{values['pep_id']}-{count}"[-60:]
        used.add((values["child_id"], values[column]))


_ADDRESS = 254


def _target_facts(values: dict[str, Any], holdings: Holdings) -> dict[str, Any]:
    return {"kind": values["kind"] or PepTarget.Span.IN_TERM.value, "place": values["place"] or 1}


PEP_TARGETS = _of_a_pep(
    "pep_targets",
    "Targets of PEPs",
    PepTarget,
    (
        text("child_id", 20, needed=True),
        text("pep_id", 60, needed=True),
        text("target_id", 60, needed=True),
        one_of("area", PepTarget.Area.values, needed=True),
        text("text", LONGEST),
        text("baseline", LONGEST),
        text("success", LONGEST),
        day("due_on"),
        one_of("outcome", PepTarget.Outcome.values),
        text("evidence", LONGEST),
        text("intervention", 300),
        one_of("kind", PepTarget.Span.values, empty=PepTarget.Span.IN_TERM.value),
        yes_no("ambitious"),
        yes_no("from_voice"),
        text("owner", 200),
        day("change_on"),
        one_of("audit_grade", Pep.Grade.values),
        whole("place", 1, MANY),
        text("need", 60),
        text("action", LONGEST),
        text("when", 200),
        text("where", 200),
        text("how_often", 200),
        text("own_words", LONGEST),
        structure("set_aside", dict),
        text("effect", LONGEST),
        one_of("next", PepTarget.Next.values),
        text("change_recorded", LONGEST),
        day("reviewed_on"),
    ),
    ("child_id", "pep_id", "target_id"),
    has_number="target_id",
    later=(
        "audit_grade", "place", "need", "action", "when", "where", "how_often", "own_words", "set_aside", "effect",
        "next", "change_recorded", "reviewed_on",
    ),
    facts=_target_facts,
)  # fmt: skip


# Their audits

COPIES = ("iro", "dt", "sw")


def _audit_told(audit: PepAudit) -> dict[str, Any]:
    days = {name: getattr(audit, f"{name}_sent_on") for name in COPIES}
    # What a file said stays as it was said; of an audit made here the days say it.
    made_here = ";".join(name for name, sent in days.items() if sent)
    return {
        "auditor": audit.auditor_name or (audit.auditor.name if audit.auditor else ""),
        "auditor_email": audit.auditor.email if audit.auditor else "",
        "agreed_by": audit.agreed_by_name,
        "copied_to": audit.copied_to if audit.source == "exchange" else audit.copied_to or made_here,
    }


def _audit_facts(values: dict[str, Any], holdings: Holdings) -> dict[str, Any]:
    if values["grade"] and not values["audited_on"]:
        raise DoesNotFit("audited_on", "is empty, and there is a grade: give the day of the audit")
    if values["agreed_grade"] and not (values["agreed_on"] and values["agreed_why"]):
        raise DoesNotFit("agreed_grade", "has no day or no reason: give both")
    return {
        "auditor": person(values, "auditor_email", holdings),
        "second": bool(values["second"]),
        "auditor_name": values["auditor"],
        "agreed_by_name": values["agreed_by"],
        "copied_to": values["copied_to"],
    }


PEP_AUDITS = _of_a_pep(
    "pep_audits",
    "Audits of PEPs",
    PepAudit,
    (
        text("child_id", 20, needed=True),
        text("pep_id", 60, needed=True),
        day("audited_on"),
        text("auditor", 150),
        one_of("grade", Pep.Grade.values),
        one_of("pp_use_appropriate", PepAudit.Money.values),
        _some_of("copied_to", COPIES),
        yes_no("filed_on_case_record"),
        day("iro_sent_on"),
        day("dt_sent_on"),
        day("sw_sent_on"),
        text("audit_id", 60),
        yes_no("second"),
        day("drawn_on"),
        text("why_drawn", 300),
        text("auditor_email", _ADDRESS),
        text("rubric", 60),
        structure("ticks", list),
        structure("grades", dict),
        text("strong", LONGEST),
        text("to_do", LONGEST),
        structure("feedback", dict),
        structure("changed_ticks", dict),
        structure("target_grades", dict),
        one_of("agreed_grade", Pep.Grade.values),
        text("agreed_why", 500),
        day("agreed_on"),
        text("agreed_by", 150),
    ),
    ("child_id", "pep_id", "audit_id"),
    has_number="audit_id",
    later=(
        "second",
        "drawn_on",
        "why_drawn",
        "auditor_email",
        "rubric",
        "ticks",
        "grades",
        "strong",
        "to_do",
        "feedback",
        "changed_ticks",
        "target_grades",
        "agreed_grade",
        "agreed_why",
        "agreed_on",
        "agreed_by",
    ),
    otherwise=("auditor", "agreed_by"),
    told=_audit_told,
    facts=_audit_facts,
)


# Pupil Premium Plus asked for


def _request_told(request: MoneyRequest) -> dict[str, Any]:
    return {"target_id": known_as(request.target) if request.target else ""}


def _request_facts(values: dict[str, Any], holdings: Holdings) -> dict[str, Any]:
    if not values["amount"]:
        raise DoesNotFit("amount", "is 0: a request asks for money")
    target = None
    if values["target_id"]:
        target = book_of(holdings).targets.get((values["child_id"], values["target_id"]))
        if target is None:
            words = f"{values['target_id']} is in no row of pep_targets.csv about this child and is not held"
            raise DoesNotFit("target_id", words)
    pep = book_of(holdings).pep(values) if values["pep_id"] else None
    return {"pep": pep, "target": target}


PP_REQUESTS = _of_a_pep(
    "pp_requests",
    "Requests for Pupil Premium Plus",
    MoneyRequest,
    (
        text("child_id", 20, needed=True),
        text("request_id", 60, needed=True),
        text("pep_id", 60),
        text("target_id", 60),
        year("academic_year"),
        one_of("term", CalendarEntry.Term.values),
        year("financial_year"),
        one_of("grant", MoneyRequest.Grant.values),
        one_of("fund", MoneyRequest.Fund.values),
        text("category", 200),
        day("requested_on", needed=True),
        pounds("amount", needed=True),
        day("decided_on"),
        one_of("decision", MoneyRequest.Decision.values),
        pounds("approved_amount"),
        day("paid_on"),
        pounds("spent"),
        one_of("impact", MoneyRequest.Impact.values),
        text("evidence", LONGEST),
        day("fed_back_on"),
        text("buys", LONGEST),
        text("effect", LONGEST),
        day("taken_back_on"),
    ),
    ("child_id", "request_id"),
    later=("buys", "effect", "taken_back_on"),
    has_number="request_id",
    told=_request_told,
    facts=_request_facts,
)


# What was answered, what is finished, who signed


def _saved_at(values: dict[str, Any], holdings: Holdings) -> dict[str, Any]:
    row = PepAnswers()
    row.answers = values["answers"]
    midnight = timezone.make_aware(datetime.combine(holdings.actor.today, time()))
    return {"words": row.words, "version": values["version"] or 0, "saved_at": values["saved_at"] or midnight}


PEP_ANSWERS = _of_a_pep(
    "pep_answers",
    "Answers of PEPs",
    PepAnswers,
    (
        text("child_id", 20, needed=True),
        text("pep_id", 60, needed=True),
        text("section_key", 40, needed=True),
        text("part", 5, needed=True),
        structure("answers", dict),
        whole("version", 0, 10**6),
        text("saved_by", _ADDRESS),
        moment("saved_at"),
    ),
    ("child_id", "pep_id", "section_key", "part"),
    later=("version", "saved_by", "saved_at"),
    told=lambda row: {"answers": row.answers},
    facts=_saved_at,
)
PEP_SECTIONS = _of_a_pep(
    "pep_sections",
    "Finished sections of PEPs",
    PepSection,
    (
        text("child_id", 20, needed=True),
        text("pep_id", 60, needed=True),
        text("section_key", 40, needed=True),
        day("finished_on", needed=True),
        text("finished_by", _ADDRESS),
    ),
    ("child_id", "pep_id", "section_key"),
)
PEP_SIGNATURES = _of_a_pep(
    "pep_signatures",
    "Signatures under PEPs",
    Signature,
    (
        text("child_id", 20, needed=True),
        text("pep_id", 60, needed=True),
        one_of("signed_as", Signature.As.values, needed=True),
        day("on", needed=True),
        text("by", _ADDRESS),
        text("by_name", 150),
        text("instead", 500),
    ),
    ("child_id", "pep_id", "signed_as"),
)


# Their meetings, and what was agreed


def _person_facts(values: dict[str, Any], holdings: Holdings) -> dict[str, Any]:
    if values["part"] == MeetingPerson.Part.CARER and values["name"]:
        raise DoesNotFit("name", "is given, and a carer is named by their account alone")
    return {"sent_views": bool(values["sent_views"])}


PEP_PEOPLE = _of_a_pep(
    "pep_people",
    "People of PEP meetings",
    MeetingPerson,
    (
        text("child_id", 20, needed=True),
        text("pep_id", 60, needed=True),
        one_of("part", MeetingPerson.Part.values, needed=True),
        text("account", _ADDRESS),
        text("name", 200),
        day("invited_on"),
        one_of("reply", MeetingPerson.Reply.values),
        day("replied_on"),
        day("reminded_on"),
        yes_no("sent_views"),
        one_of("attendance", MeetingPerson.Attendance.values),
    ),
    ("child_id", "pep_id", "part", "account", "name"),
    facts=_person_facts,
)


def _action_facts(values: dict[str, Any], holdings: Holdings) -> dict[str, Any]:
    if values["done_on"] and values["dropped_on"]:
        raise DoesNotFit("dropped_on", "is given beside done_on: an action is done or dropped")
    if values["dropped_on"] and not values["reason"]:
        raise DoesNotFit("reason", "is empty, and the action was dropped: say why")
    return {}


PEP_ACTIONS = _of_a_pep(
    "pep_actions",
    "Actions of PEPs",
    PepAction,
    (
        text("child_id", 20, needed=True),
        text("pep_id", 60, needed=True),
        text("what", LONGEST, needed=True),
        day("due_on"),
        text("owner", _ADDRESS),
        text("owner_words", 200),
        day("done_on"),
        day("dropped_on"),
        text("reason", 500),
    ),
    ("child_id", "pep_id", "what", "due_on"),
    facts=_action_facts,
)


# What the authority asks beside the national forms


def _versions(holdings: Holdings) -> Iterable[Held]:
    found = LocalForm.objects.filter(authority_id=holdings.actor.authority).select_related("made_by")
    for row in found.order_by("version"):
        by = row.made_by.email if row.made_by else ""
        values = {"version": row.version, "made_on": row.made_on, "what": row.what, "declared": row.declared}
        yield Held({**values, "made_by": by}, (row,))


def _version_of(values: dict[str, Any], holdings: Holdings) -> dict[str, Any]:
    if not values["version"]:
        raise DoesNotFit("version", "is empty: versions are numbered from 1")
    try:
        Declaration.read(values["declared"])
    except (AttributeError, KeyError, TypeError, ValueError):
        raise DoesNotFit("declared", "is not what a version of a form declares") from None
    fields = {name: values[name] for name in ("version", "made_on", "what", "declared")}
    return {**fields, "made_by": person(values, "made_by", holdings)}


def _new_version(values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    changes.create(LocalForm(authority_id=holdings.actor.authority, **_version_of(values, holdings)))


def _alter_version(held: Held, values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    if held.values["declared"] != values["declared"]:
        raise DoesNotFit("declared", f"is not what version {values['version']} says here: a version is never changed")
    changes.update(held.records[0], **_version_of(values, holdings))


PEP_FORM_VERSIONS = Table(
    "pep_form_versions",
    "Own questions in PEPs",
    (
        whole("version", 1, MANY),
        day("made_on", needed=True),
        text("what", 300),
        structure("declared", dict),
        text("made_by", _ADDRESS),
    ),
    ("version",),
    _versions,
    _new_version,
    _alter_version,
)


def _plan_in_a_review(values: dict[str, Any], holdings: Holdings) -> dict[str, Any]:
    if values["used"] is None:
        raise DoesNotFit("used", "is empty: say yes or no")
    pep = book_of(holdings).pep(values) if values["pep_id"] else None
    return {"pep": pep, "said_on": values["said_on"] or values["on"]}


PEP_REVIEWS = _of_a_pep(
    "pep_reviews",
    "PEPs in care reviews",
    PlanInReview,
    (
        text("child_id", 20, needed=True),
        day("on", needed=True),
        yes_no("used"),
        text("pep_id", 60),
        day("said_on"),
        text("said_by", _ADDRESS),
        text("by_name", 150),
    ),
    ("child_id", "on"),
    later=("said_on", "said_by", "by_name"),
    facts=_plan_in_a_review,
)
OF_PEPS = [
    PEP_FORM_VERSIONS,
    PEPS,
    PEP_TARGETS,
    PEP_AUDITS,
    PP_REQUESTS,
    PEP_ANSWERS,
    PEP_SECTIONS,
    PEP_SIGNATURES,
    PEP_PEOPLE,
    PEP_ACTIONS,
    PEP_REVIEWS,
]
