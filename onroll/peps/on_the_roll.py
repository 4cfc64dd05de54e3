"""The newest plan of each child, as lists of children show it: “Good, 18 June 2026”, or “Due by 20 November 2026”."""

import calendar
from datetime import date
from typing import Any

from django.db.models import Case, CharField, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, ExtractDay, ExtractMonth, ExtractYear

from onroll.access.actors import Actor
from onroll.access.sections import Section, may_read
from onroll.children.roll_columns import Latest

from .models import Pep
from .queries import this_term
from .workflow import State

GRADES = [When(grade=str(code), then=Value(str(words))) for code, words in Pep.Grade.choices]
MONTHS = [When(month=number, then=Value(calendar.month_name[number])) for number in range(1, 13)]


def words(actor: Actor, day: date) -> Any:
    """What to say of the child of an outer query on a day: the last plan signed off, else the one that is due."""
    of_child = Pep.unscoped.filter(child=OuterRef("pk")).exclude(state=State.EXEMPT)
    signed = of_child.filter(signed_off_on__lte=day).order_by("-signed_off_on", "-pk")
    due = of_child.filter(opens_on__lte=day, closed_on__isnull=True, due_on__isnull=False).order_by("-due_on", "-pk")
    return Coalesce(
        _said(
            signed, Case(*GRADES, default=Value("Signed off"), output_field=CharField()), Value(", "), "signed_off_on"
        ),
        _said(due, Value("Due by"), Value(" "), "due_on"),
    )


def _said(rows: Any, first: Any, between: Any, on: str) -> Subquery:
    """Words and a day, as “18 June 2026”, of the first of these rows."""
    days = rows.annotate(month=ExtractMonth(F(on)))
    day = Cast(ExtractDay(on), CharField())
    month = Case(*MONTHS, default=Value(""), output_field=CharField())
    year = Cast(ExtractYear(on), CharField())
    told = Concat(first, between, day, Value(" "), month, Value(" "), year, output_field=CharField())
    return Subquery(days.annotate(told=told).values("told")[:1], output_field=CharField())


def held_this_term(actor: Actor, day: date) -> Q:
    """The children of whom a plan of the term of a day was handed in by then, for who reads plans."""
    if not may_read(actor, Section.PEP):
        return Q(pk__in=())
    year, term = this_term(actor.authority, day)
    done = Pep.unscoped.filter(authority_id=actor.authority, academic_year=year, term=term)
    return Q(pk__in=done.filter(Q(submitted_on__lte=day) | Q(signed_off_on__lte=day)).values("child"))


NEWEST = Latest(words, held_this_term)
